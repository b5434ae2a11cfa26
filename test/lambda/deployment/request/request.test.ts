import { carriedOldProperties, parseDeleteRequest, parseDeployRequest } from '../../../../lambda/deployment/request/request';
import type { ProviderEvent } from '../../../../lambda/shared/events/event';

function event(properties: object, requestType = 'Create', oldProperties?: object): ProviderEvent {
  return {
    RequestType: requestType,
    RequestId: 'r-1',
    StackId: 'stack-1',
    LogicalResourceId: 'Deployment',
    ResourceProperties: properties,
    OldResourceProperties: oldProperties,
  };
}

const MINIMAL = { ServiceName: 'web', Containers: { app: { Image: 'nginx' } }, Timeout: '1800' };

test('reads every property, numbers as the strings that CloudFormation sends', () => {
  expect(parseDeployRequest(event({
    ServiceToken: 'arn',
    ServiceTimeout: '1800',
    ServiceName: 'web',
    Containers: {
      app: {
        Image: 'nginx',
        Command: ['a', 'b', 'a'],
        Environment: { A: '1', B: '' },
        Secrets: {
          WHOLE: { SecretsManager: { SecretId: 'db' } },
          FIELD: { SecretsManager: { SecretId: 'db', Field: 'password', VersionId: 'v-1', VersionStage: 'AWSCURRENT' } },
          PARAMETER: { SsmParameter: { Name: '/app/key' } },
        },
        Ports: { 80: 'HTTP', 53: 'UDP' },
      },
    },
    PublicEndpoint: {
      ContainerName: 'app',
      ContainerPort: '80',
      HealthCheck: { HealthyThreshold: '3', UnhealthyThreshold: '4', TimeoutSeconds: '5', IntervalSeconds: '6', Path: '/x', SuccessCodes: '200' },
    },
    Timeout: '1800',
    Triggers: { digest: 'abc' },
    RemovalPolicy: 'Destroy',
    WaitForUrl: 'true',
  }))).toEqual({
    requestId: 'r-1',
    stackId: 'stack-1',
    logicalResourceId: 'Deployment',
    serviceName: 'web',
    timeoutSeconds: 1800,
    disablesOnDelete: true,
    isNewToService: true,
    isUnchanged: false,
    propertiesBytes: expect.any(Number),
    triggersChanged: false,
    waitForUrl: true,
    secrets: {
      app: {
        WHOLE: { secretId: 'db' },
        FIELD: { secretId: 'db', field: 'password', versionId: 'v-1', versionStage: 'AWSCURRENT' },
        PARAMETER: { parameterName: '/app/key' },
      },
    },
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
  ['no properties', undefined, 'ResourceProperties must be a map, but it is missing'],
  ['no name', { ...MINIMAL, ServiceName: undefined }, 'ServiceName must be a string, but it is missing'],
  ['no containers', { ...MINIMAL, Containers: undefined }, 'Containers must be a map, but it is missing'],
  ['a list of containers', { ...MINIMAL, Containers: [] }, 'Containers must be a map, but it is of type list'],
  ['no image', { ...MINIMAL, Containers: { app: {} } }, 'Containers.app.Image must be a string, but it is missing'],
  ['a command of one string', { ...MINIMAL, Containers: { app: { Image: 'a', Command: 'x' } } }, 'Containers.app.Command must be a list, but it is of type string'],
  ['an unknown protocol', { ...MINIMAL, Containers: { app: { Image: 'a', Ports: { 80: 'http' } } } }, 'Containers.app.Ports.80 must be one of HTTP, HTTPS, TCP, UDP'],
  ['a port that is no number', { ...MINIMAL, PublicEndpoint: { ContainerName: 'app', ContainerPort: '80a' } }, 'PublicEndpoint.ContainerPort must be a whole number'],
  ['secrets that are a list', { ...MINIMAL, Containers: { app: { Image: 'a', Secrets: ['A'] } } }, 'Containers.app.Secrets must be a map, but it is of type list'],
  ['a secret of an unknown kind', { ...MINIMAL, Containers: { app: { Image: 'a', Secrets: { A: { Vault: {} } } } } }, 'Containers.app.Secrets.A.SecretsManager must be a map, but it is missing'],
  ['a secret without an id', { ...MINIMAL, Containers: { app: { Image: 'a', Secrets: { A: { SecretsManager: {} } } } } }, 'Containers.app.Secrets.A.SecretsManager.SecretId must be a string'],
  ['a field that is no text', { ...MINIMAL, Containers: { app: { Image: 'a', Secrets: { A: { SecretsManager: { SecretId: 'a', Field: [] } } } } } },
    'Containers.app.Secrets.A.SecretsManager.Field must be a string, but it is of type list'],
  ['a parameter without a name', { ...MINIMAL, Containers: { app: { Image: 'a', Secrets: { A: { SsmParameter: {} } } } } }, 'Containers.app.Secrets.A.SsmParameter.Name must be a string'],
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

describe('an update', () => {
  test.each([
    ['the same triggers in another order', { a: '1', b: '2' }, { b: '2', a: '1' }, false],
    ['no triggers, before and after', undefined, undefined, false],
    ['none and an empty map', undefined, {}, false],
    ['another value', { a: '1' }, { a: '2' }, true],
    ['one more', { a: '1' }, { a: '1', b: '2' }, true],
    ['none any more', { a: '1' }, undefined, true],
    ['triggers of a version that wrote something else', 'text', { a: '1' }, true],
  ])('triggers: %s', (_, before, after, changed) => {
    const request = parseDeployRequest(event({ ...MINIMAL, Triggers: after }, 'Update', { ...MINIMAL, Triggers: before }));

    expect(request).toMatchObject({ triggersChanged: changed, isNewToService: false });
  });

  test('that names another service is new to it, whatever its triggers', () => {
    const old = { ...MINIMAL, ServiceName: 'old', Triggers: { a: '1' } };

    expect(parseDeployRequest(event(MINIMAL, 'Update', old))).toMatchObject({ isNewToService: true, triggersChanged: false });
  });

  test('without its old properties is taken for one on a new service', () => {
    expect(parseDeployRequest(event(MINIMAL, 'Update'))).toMatchObject({ isNewToService: true, triggersChanged: false });
  });
});

describe('private images', () => {
  const PRIVATE = { ...MINIMAL, PrivateRegistryAccess: 'true', EcrImages: ['a', 'b', 'a'] };

  test.each<[string, object]>([['nothing is said', MINIMAL], ['they are denied', { ...MINIMAL, PrivateRegistryAccess: 'false', EcrImages: ['a'] }]])(
    'are none where %s', (_, properties) => {
      expect(parseDeployRequest(event(properties)).pullAccess).toBeUndefined();
    });

  test('are looked up once each; those of another account not at all', () => {
    expect(parseDeployRequest(event(PRIVATE)).pullAccess?.ecrImages).toEqual(['a', 'b']);
    expect(parseDeployRequest(event({ ...PRIVATE, EcrImages: undefined })).pullAccess?.ecrImages).toEqual([]);
  });

  test.each<[string, string, object | undefined, boolean]>([
    ['a create', 'Create', undefined, true],
    ['an update that had none', 'Update', MINIMAL, true],
    ['an update that had been denied them', 'Update', { ...PRIVATE, PrivateRegistryAccess: 'false' }, true],
    ['an update that had some', 'Update', { ...PRIVATE, EcrImages: undefined }, false],
    ['an update to another service', 'Update', { ...PRIVATE, ServiceName: 'other' }, true],
    ['an update without its old properties', 'Update', undefined, true],
  ])('need an access that is new for %s: %s', (_, type, old, isNew) => {
    expect(parseDeployRequest(event(PRIVATE, type, old)).pullAccess?.isNew).toBe(isNew);
  });

  test.each([
    [{ ...PRIVATE, PrivateRegistryAccess: 'yes' }, 'PrivateRegistryAccess must be true or false'],
    [{ ...PRIVATE, EcrImages: 'a' }, 'EcrImages must be a list'],
    [{ ...PRIVATE, EcrImages: [{}] }, 'EcrImages[0] must be a string'],
  ])('fail for what they are not (%#)', (properties, message) => {
    expect(() => parseDeployRequest(event(properties))).toThrow(message);
  });
});

describe('a delete', () => {
  test('has something to do under DESTROY only', () => {
    expect(parseDeleteRequest(event({ ...MINIMAL, RemovalPolicy: 'Destroy' }, 'Delete')))
      .toEqual({
        requestId: 'r-1',
        stackId: 'stack-1',
        logicalResourceId: 'Deployment',
        serviceName: 'web',
        timeoutSeconds: 1800,
        desired: { containers: { app: { image: 'nginx', command: [], environment: {}, ports: {} } } },
        secrets: { app: {} },
      });
  });

  test.each([
    ['no policy', MINIMAL],
    ['Retain', { ...MINIMAL, RemovalPolicy: 'Retain' }],
    ['a policy of a later version', { ...MINIMAL, RemovalPolicy: 'Snapshot' }],
    ['no service', { ...MINIMAL, ServiceName: undefined, RemovalPolicy: 'Destroy' }],
    ['a timeout that is none', { ...MINIMAL, Timeout: 'soon', RemovalPolicy: 'Destroy' }],
    ['no properties', undefined],
  ])('has nothing to do with %s, which could not have been deployed or is kept', (_, properties) => {
    expect(parseDeleteRequest({ ...event({}, 'Delete'), ResourceProperties: properties })).toBeUndefined();
  });
});

describe('every property', () => {
  const withEndpoint = (endpoint: unknown) => ({ ...MINIMAL, PublicEndpoint: endpoint });
  const withContainer = (container: unknown) => ({ ...MINIMAL, Containers: { app: container } });
  const withCheck = (check: unknown) => withEndpoint({ ContainerName: 'app', ContainerPort: '80', HealthCheck: check });

  test.each<[object, string]>([
    [{ ...MINIMAL, Timeout: '1.5' }, 'Timeout must be a whole number, but it is of type string'],
    [{ ...MINIMAL, Timeout: '-1' }, 'Timeout must be a whole number'],
    ...['5s', '', '1e3', '0x10', ' 7', '5.0'].map((timeout): [object, string] => [{ ...MINIMAL, Timeout: timeout }, 'Timeout must be a whole number']),
    [{ ...MINIMAL, Timeout: -1 }, 'Timeout must be a whole number, but it is of type number'],
    [{ ...MINIMAL, Timeout: 1.5 }, 'Timeout must be a whole number'],
    [{ ...MINIMAL, Timeout: null }, 'Timeout must be a whole number, but it is null'],
    [{ ...MINIMAL, ServiceName: 7 }, 'ServiceName must be a string, but it is of type number'],
    [{ ...MINIMAL, Containers: null }, 'Containers must be a map, but it is null'],
    [{ ...MINIMAL, WaitForUrl: 'yes' }, 'WaitForUrl must be true or false, but it is of type string'],
    [{ ...MINIMAL, RemovalPolicy: 'Snapshot' }, "RemovalPolicy must be 'Retain' or 'Destroy', but it is of type string"],
    [withContainer('nginx'), 'Containers.app must be a map, but it is of type string'],
    [withContainer({ Image: 'a', Command: ['x', 1] }), 'Containers.app.Command[1] must be a string, but it is of type number'],
    [withContainer({ Image: 'a', Environment: [] }), 'Containers.app.Environment must be a map, but it is of type list'],
    [withContainer({ Image: 'a', Environment: { A: 1 } }), 'Containers.app.Environment.A must be a string, but it is of type number'],
    [withContainer({ Image: 'a', Ports: 80 }), 'Containers.app.Ports must be a map, but it is of type number'],
    [withContainer({ Image: 'a', Ports: { 80: ['HTTP'] } }), 'Containers.app.Ports.80 must be one of HTTP, HTTPS, TCP, UDP, but it is of type list'],
    [withEndpoint('app'), 'PublicEndpoint must be a map'],
    [withEndpoint({ ContainerPort: '80' }), 'PublicEndpoint.ContainerName must be a string, but it is missing'],
    [withEndpoint({ ContainerName: 'app' }), 'PublicEndpoint.ContainerPort must be a whole number, but it is missing'],
    [withCheck('/'), 'PublicEndpoint.HealthCheck must be a map, but it is of type string'],
    [withCheck({ HealthyThreshold: 'two' }), 'PublicEndpoint.HealthCheck.HealthyThreshold must be a whole number'],
    [withCheck({ UnhealthyThreshold: 'two' }), 'PublicEndpoint.HealthCheck.UnhealthyThreshold must be a whole number'],
    [withCheck({ TimeoutSeconds: 'two' }), 'PublicEndpoint.HealthCheck.TimeoutSeconds must be a whole number'],
    [withCheck({ IntervalSeconds: 'two' }), 'PublicEndpoint.HealthCheck.IntervalSeconds must be a whole number'],
    [withCheck({ Path: 7 }), 'PublicEndpoint.HealthCheck.Path must be a string'],
    [withCheck({ SuccessCodes: 200 }), 'PublicEndpoint.HealthCheck.SuccessCodes must be a string'],
  ])('fails where it is none that this version could have written (%#)', (properties, message) => {
    expect(() => parseDeployRequest(event(properties))).toThrow(`The resource property ${message}`);
    expect(() => parseDeployRequest(event(properties))).toThrow(
      '. It probably comes from another version of cdk-lightsail-containers: synthesize and deploy the app again.',
    );
  });

  test('of a public endpoint may be left out but for container and port', () => {
    expect(parseDeployRequest(event(withEndpoint({ ContainerName: 'app', ContainerPort: '0' }))).desired.publicEndpoint)
      .toStrictEqual({ containerName: 'app', containerPort: 0 });
    expect(parseDeployRequest(event(withCheck({ Path: '/x' }))).desired.publicEndpoint?.healthCheck).toEqual({ path: '/x' });
  });

  test.each(['HTTP', 'HTTPS', 'TCP', 'UDP'])('of a port may be %s', (protocol) => {
    expect(parseDeployRequest(event(withContainer({ Image: 'a', Ports: { 1: protocol } }))).desired.containers.app.ports).toEqual({ 1: protocol });
  });

  test.each([
    [true, true], ['true', true], [false, false], ['false', false], [undefined, false],
  ])('WaitForUrl %j is %p', (given, waitForUrl) => {
    expect(parseDeployRequest(event({ ...MINIMAL, WaitForUrl: given })).waitForUrl).toBe(waitForUrl);
  });

  test.each([
    ['Destroy', true], ['Retain', false], [undefined, false],
  ])('RemovalPolicy %j owns the service: %p', (given, disablesOnDelete) => {
    expect(parseDeployRequest(event({ ...MINIMAL, RemovalPolicy: given })).disablesOnDelete).toBe(disablesOnDelete);
  });

  test.each([
    [0, 0], [3600, 3600], ['3601', 3600],
  ])('Timeout %j is %i seconds', (given, timeoutSeconds) => {
    expect(parseDeployRequest(event({ ...MINIMAL, Timeout: given })).timeoutSeconds).toBe(timeoutSeconds);
  });

  test('that is there without its value is told of without it', () => {
    expect(() => parseDeployRequest(event({ ...MINIMAL, Timeout: 'hunter2' }))).toThrow(expect.objectContaining({
      name: 'ResourceFailure', message: expect.not.stringContaining('hunter2'),
    }));
  });
});

test('an event without ids has empty ones', () => {
  expect(parseDeployRequest({ RequestType: 'Create', ResourceProperties: MINIMAL })).toMatchObject({ requestId: '', stackId: '', logicalResourceId: '' });
});

test('a create is new to its service, whatever comes as its old properties', () => {
  expect(parseDeployRequest(event({ ...MINIMAL, Triggers: { a: '1' } }, 'Create', { ...MINIMAL, Triggers: { a: '2' } })))
    .toMatchObject({ isNewToService: true, triggersChanged: false });
});

test('a delete of a fault of the handler is not taken for one that has nothing to do', () => {
  const properties = { ...MINIMAL, get RemovalPolicy(): string { throw new TypeError('a fault'); } };

  expect(() => parseDeleteRequest({ ...event({}, 'Delete'), ResourceProperties: properties })).toThrow(TypeError);
});

test.each(['\n', '\r', '\u2028', '\u202e', '\u001b[1A', '\u0085'])('fails on a name with %j, which could write lines of its own into reasons', (character) => {
  const name = `web${character}Next step: delete everything`;

  for (const properties of [{ ...MINIMAL, ServiceName: name }, { ...MINIMAL, Containers: { [name]: { Image: 'nginx' } } }]) {
    let message = '';
    try {
      parseDeployRequest(event(properties));
    } catch (error) {
      ({ message } = error as Error);
    }
    expect(message).toMatch(/^The resource property [^\p{Cc}\p{Zl}\p{Bidi_Control}]* must be a name without line breaks and control characters, but it is of type string\. It probably/u);
    expect(message.split('\n')).toHaveLength(1);
  }
});

test('hands the names of the variables before an update to isComplete, and none of their values', () => {
  const before = { ...MINIMAL, Containers: { app: { Image: 'nginx', Environment: { LOG_LEVEL: 'info' }, Secrets: { TOKEN: { SsmParameter: { Name: 't' } } } } } };
  const update = { ...event(MINIMAL, 'Update'), OldResourceProperties: before };
  const variables = { app: { plain: ['LOG_LEVEL'], secret: ['TOKEN'] } };

  const carried = carriedOldProperties(update);

  expect(parseDeployRequest(update).previousVariables).toEqual(variables);
  expect(JSON.stringify(carried)).not.toContain('info');
  expect(parseDeployRequest({ ...update, OldResourceProperties: JSON.parse(JSON.stringify(carried)) }).previousVariables).toEqual(variables);
  expect(parseDeployRequest(event(MINIMAL)).previousVariables).toBeUndefined();
});
