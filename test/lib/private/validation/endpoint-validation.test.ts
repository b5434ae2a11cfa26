import { Duration, Lazy } from 'aws-cdk-lib';
import { validateEndpointTarget, validatePublicEndpoint } from '../../../../lib/private/validation/endpoint-validation';
import type { PublicEndpoint } from '../../../../lib/public-endpoint';

const TOKEN = Lazy.string({ produce: () => 'later' });
const NUMBER_TOKEN = Lazy.number({ produce: () => 80 });
const RESOLVABLE = Lazy.any({ produce: () => ({}) });

function errors(endpoint: unknown): string[] {
  return validatePublicEndpoint(endpoint as PublicEndpoint);
}

function validateCheck(healthCheck: unknown): string[] {
  return errors({ containerName: 'web', containerPort: 80, healthCheck });
}

describe('validatePublicEndpoint()', () => {
  test.each<[string, unknown]>([
    ['none', undefined],
    ['the first port', { containerName: 'web', containerPort: 1 }],
    ['the last port', { containerName: 'web', containerPort: 65535 }],
    ['tokens', { containerName: TOKEN, containerPort: NUMBER_TOKEN }],
  ])('accepts %s', (_, endpoint) => {
    expect(errors(endpoint)).toEqual([]);
  });

  test.each<[unknown, string]>([
    ['web:80', 'publicEndpoint: "web:80" is not a public endpoint. Use one, for example { containerName: \'web\', containerPort: 80 }.'],
    [{ containerPort: 80 }, 'publicEndpoint.containerName: missing. Use the name of a container of this deployment.'],
    [{ containerName: 'web' }, 'publicEndpoint.containerPort: missing. Use a port that the container opens as HTTP or HTTPS, for example 80.'],
    [{ containerName: 'web', containerPort: 0 }, 'publicEndpoint.containerPort: 0 given. Use a whole number from 1 to 65535.'],
    [{ containerName: 'web', containerPort: 65536 }, 'publicEndpoint.containerPort: 65536 given. Use a whole number from 1 to 65535.'],
    [{ containerName: 'web', containerPort: 80, healthCheck: '/' },
      'publicEndpoint.healthCheck: "/" is not a health check. Use one, for example { path: \'/healthz\' }.'],
  ])('refuses %j', (endpoint, error) => {
    expect(errors(endpoint)).toEqual([error]);
  });
});

describe('validatePublicEndpoint() of a health check', () => {
  test.each<[string, unknown]>([
    ['none', undefined],
    ['nothing of it', {}],
    ['the least of all', { healthyThreshold: 1, unhealthyThreshold: 1, interval: Duration.seconds(5), timeout: Duration.seconds(2), path: '/', successCodes: '200' }],
    ['the most of all', { interval: Duration.seconds(300), timeout: Duration.seconds(60), path: '/x', successCodes: '499' }],
    ['tokens', { path: TOKEN, successCodes: TOKEN }],
    ['a path that begins with a token', { path: `${TOKEN}/x` }],
    ...['200,202', '200,204,302,499', '200-499', '204-204', '200,301-302', '200-202,204'].map((successCodes): [string, unknown] => [successCodes, { successCodes }]),
  ])('accepts %s', (_, healthCheck) => {
    expect(validateCheck(healthCheck)).toEqual([]);
  });

  const codes = "Use codes from 200 to 499: one ('200'), several ('200,202'), a range ('200-299') or both ('200,301-302').";

  test.each<[object, string]>([
    [{ healthyThreshold: 0 }, 'healthyThreshold: 0 given. Use a whole number of at least 1.'],
    [{ unhealthyThreshold: 0 }, 'unhealthyThreshold: 0 given. Use a whole number of at least 1.'],
    [{ interval: Duration.seconds(4) }, 'interval: 4 seconds given. Use 5 to 300 seconds, in whole seconds.'],
    [{ interval: Duration.seconds(301) }, 'interval: 301 seconds given. Use 5 to 300 seconds, in whole seconds.'],
    [{ timeout: Duration.seconds(1) }, 'timeout: 1 seconds given. Use 2 to 60 seconds, in whole seconds.'],
    [{ timeout: Duration.seconds(61) }, 'timeout: 61 seconds given. Use 2 to 60 seconds, in whole seconds.'],
    [{ path: '' }, "path: \"\" is empty. Use a path, for example '/healthz', or leave it out for '/'."],
    [{ path: 'x' }, 'path: "x" does not begin with a slash. Write the path on the container, for example "/x".'],
    [{ path: 'http://localhost:80/x' }, 'path: "http://localhost:80/x" does not begin with a slash. Write the path on the container, for example "/x".'],
    [{ path: `x/${TOKEN}` }, 'path: "x/<token>" does not begin with a slash. Write the path on the container, for example "/x/<token>".'],
    [{ path: 7 }, "path: 7 is not a string. Use a path, for example '/healthz', or leave it out for '/'."],
    [{ successCodes: 200 }, `successCodes: 200 is not a string. ${codes}`],
    ...['', '199', '500', '20', '2000', '200,', ',200', '200,500', '200,199', '200-500', '199-299', '299-200', '200-', 'x200-299', '200-299x', '200 202', '200-202,500', '203-202,204', '0200', '200, 201', '200,0201']
      .map((given): [object, string] => [{ successCodes: given }, `successCodes: "${given}" are no success codes. ${codes}`]),
  ])('refuses %j', (healthCheck, error) => {
    expect(validateCheck(healthCheck)).toEqual([`publicEndpoint.healthCheck.${error}`]);
  });
});

describe('validateEndpointTarget()', () => {
  function target(endpoint: Partial<PublicEndpoint>, ports: unknown, names = ['web']): string[] {
    const containers = new Map(names.map((name) => [name, { Ports: ports as Record<string, string> }]));
    return validateEndpointTarget(containers, { containerName: 'web', containerPort: 80, ...endpoint });
  }

  test.each<[string, ...Parameters<typeof target>]>([
    ['an HTTP port', {}, { 80: 'HTTP' }],
    ['an HTTPS port', {}, { 80: 'HTTPS' }],
    ['a protocol that is a token', {}, { 80: TOKEN }],
    ['a container that is a token', { containerName: TOKEN }, {}],
    ['a container beside one whose name is a token', { containerName: 'other' }, {}, ['web', TOKEN]],
    ['a port that is a token', { containerPort: NUMBER_TOKEN }, {}],
    ['ports that are a token', {}, RESOLVABLE],
    ['ports of which one is a token', {}, { 81: 'TCP', [TOKEN]: 'HTTP' }],
  ])('accepts %s', (_, ...given) => {
    expect(target(...given)).toEqual([]);
  });

  test.each<[string, string[], string]>([
    ['other', ['web', 'db'], 'web, db'],
    ['other', [], 'none'],
  ])('refuses the container %j of %j', (containerName, names, known) => {
    expect(target({ containerName }, {}, names)).toEqual([
      `publicEndpoint.containerName: "other" is not a container of this deployment (containers: ${known}). Use one of these, or add it.`,
    ]);
  });

  const add = "Add '80': ContainerProtocol.HTTP to its ports, or use a port that it opens as HTTP or HTTPS.";

  test.each<[unknown, string]>([
    [undefined, `does not open port 80. ${add}`],
    [{}, `does not open port 80. ${add}`],
    [{ 53: 'UDP' }, `does not open port 80. ${add}`],
    [{ 53: 'UDP', 81: 'HTTP', 443: 'HTTPS', 90: TOKEN }, `does not open port 80 (it opens 81, 90, 443). ${add}`],
    [{ 80: 'TCP' }, 'opens port 80 as TCP, but a public endpoint needs HTTP or HTTPS. Change the protocol of the port, or use another port.'],
    [{ 80: 'UDP', 81: 'HTTP' }, 'opens port 80 as UDP, but a public endpoint needs HTTP or HTTPS. Change the protocol of the port, or use another port.'],
  ])('refuses port 80 of the ports %j', (ports, error) => {
    expect(target({}, ports)).toEqual([`publicEndpoint.containerPort: container "web" ${error}`]);
  });
});
