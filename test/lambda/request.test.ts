import { parseDeployRequest, parseProgress, type ProviderEvent } from '../../lambda/request';

function event(properties: object, requestType = 'Create'): ProviderEvent {
  return { RequestType: requestType, RequestId: 'r-1', ResourceProperties: properties };
}

const MINIMAL = { ServiceName: 'web', Containers: { app: { Image: 'nginx' } }, Timeout: '1800' };

test('reads every property, numbers as the strings that CloudFormation sends', () => {
  expect(parseDeployRequest(event({
    ServiceToken: 'arn',
    ServiceTimeout: '1800',
    ServiceName: 'web',
    Containers: { app: { Image: 'nginx', Command: ['a', 'b', 'a'], Environment: { A: '1', B: '' }, Ports: { 80: 'HTTP', 53: 'UDP' } } },
    PublicEndpoint: {
      ContainerName: 'app',
      ContainerPort: '80',
      HealthCheck: { HealthyThreshold: '3', UnhealthyThreshold: '4', TimeoutSeconds: '5', IntervalSeconds: '6', Path: '/x', SuccessCodes: '200' },
    },
    Timeout: '1800',
  }))).toEqual({
    requestType: 'Create',
    requestId: 'r-1',
    serviceName: 'web',
    timeoutSeconds: 1800,
    desired: {
      containers: { app: { image: 'nginx', command: ['a', 'b', 'a'], environment: { A: '1', B: '' }, ports: { 80: 'HTTP', 53: 'UDP' } } },
      publicEndpoint: {
        containerName: 'app',
        containerPort: 80,
        healthCheck: { healthyThreshold: 3, unhealthyThreshold: 4, timeoutSeconds: 5, intervalSeconds: 6, path: '/x', successCodes: '200' },
      },
    },
  });
});

test('fills in what may be left out, and passes over what it does not know', () => {
  expect(parseDeployRequest(event({ ...MINIMAL, Future: { a: 1 } })).desired)
    .toEqual({ containers: { app: { image: 'nginx', command: [], environment: {}, ports: {} } } });
});

test('a timeout beyond the hour that CloudFormation gives is that hour', () => {
  expect(parseDeployRequest(event({ ...MINIMAL, Timeout: '86400' })).timeoutSeconds).toBe(3600);
});

test.each([
  ['no properties', undefined, 'ResourceProperties must be a map, and it is missing'],
  ['no name', { ...MINIMAL, ServiceName: undefined }, 'ServiceName must be a string, and it is missing'],
  ['no containers', { ...MINIMAL, Containers: undefined }, 'Containers must be a map, and it is missing'],
  ['a list of containers', { ...MINIMAL, Containers: [] }, 'Containers must be a map, and it is of type list'],
  ['no image', { ...MINIMAL, Containers: { app: {} } }, 'Containers.app.Image must be a string, and it is missing'],
  ['a command of one string', { ...MINIMAL, Containers: { app: { Image: 'a', Command: 'x' } } }, 'Containers.app.Command must be a list, and it is of type string'],
  ['an unknown protocol', { ...MINIMAL, Containers: { app: { Image: 'a', Ports: { 80: 'http' } } } }, 'Containers.app.Ports.80 must be one of HTTP, HTTPS, TCP, UDP'],
  ['a port that is no number', { ...MINIMAL, PublicEndpoint: { ContainerName: 'app', ContainerPort: '80a' } }, 'PublicEndpoint.ContainerPort must be a whole number'],
  ['a timeout that is no number', { ...MINIMAL, Timeout: 'soon' }, 'Timeout must be a whole number'],
])('fails on %s', (_, properties, message) => {
  expect(() => parseDeployRequest({ RequestType: 'Update', ResourceProperties: properties })).toThrow(message);
});

test('fails without telling a value, which may be secret', () => {
  expect(() => parseDeployRequest(event({ ...MINIMAL, Containers: { app: { Image: 'a', Environment: { PASSWORD: ['hunter2'] } } } })))
    .toThrow(expect.objectContaining({ message: expect.not.stringContaining('hunter2') }));
});

test('fails on a request type that there is not', () => {
  expect(() => parseDeployRequest(event(MINIMAL, 'Import'))).toThrow("RequestType must be 'Create', 'Update' or 'Delete'");
});

test('reads what onEvent handed on, with and without a version', () => {
  expect(parseProgress({ RequestType: 'Create', StartedAt: 5, BaselineVersion: 0 })).toEqual({ StartedAt: 5, BaselineVersion: 0 });
  expect(parseProgress({ RequestType: 'Create', StartedAt: 5, BaselineVersion: 3, Version: 4 })).toEqual({ StartedAt: 5, BaselineVersion: 3, Version: 4 });
  expect(() => parseProgress({ RequestType: 'Create' })).toThrow('StartedAt must be a whole number, and it is missing');
});
