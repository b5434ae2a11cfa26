import * as fc from 'fast-check';
import { OWNER_TAG } from '../../lambda/deployment/ownership';
import { Fault } from '../emulator';
import { PreparedApps } from './apps/prepared-apps';
import type { SynthesizedStack } from './apps/template';
import { CloudFormation } from './cloudformation/cloudformation';
import type { Answer, Event } from './cloudformation/provider-framework';
import { violations } from './invariants/invariants';
import { Recorder, type RecordedCloud } from './invariants/recorder';
import type { OnEventResponse } from '../../lambda/shared/events/event';

/*
 * Events that no version of the library writes, or only an older one did, and answers that lack what they must hold: each ends in a failure that
 * people can read, or in nothing where that is what the documentation says.
 */
const OLDEST = { ServiceName: 'web', Containers: { app: { Image: 'nginx:1.27' } }, Timeout: '1800' };
const FULL = {
  ...OLDEST,
  Containers: { app: { Image: 'nginx:1.27', Command: ['nginx'], Environment: { A: '1' }, Ports: { 80: 'HTTP' } } },
  PublicEndpoint: {
    ContainerName: 'app',
    ContainerPort: '80',
    HealthCheck: { HealthyThreshold: '2', UnhealthyThreshold: '2', TimeoutSeconds: '2', IntervalSeconds: '5', Path: '/', SuccessCodes: '200' },
  },
  Triggers: { digest: 'a' },
  RemovalPolicy: 'Destroy',
  WaitForUrl: 'false',
};
const REQUEST_TYPES = ['Create', 'Update', 'Delete'] as const;

let apps: PreparedApps;
let template: SynthesizedStack;
let recorded: RecordedCloud;

beforeAll(() => {
  apps = new PreparedApps();
  template = apps.of({ id: 'Deployment', serviceName: 'web', content: 'nginx:1.27', timeoutMinutes: 30, removalPolicy: 'retain' });
});
afterAll(() => apps.remove());

beforeEach(async () => {
  recorded = await Recorder.start();
  recorded.cloud.emulator.createService({ serviceName: 'web' });
});
afterEach(() => recorded.stop());

function event(requestType: Event['RequestType'], properties: unknown, oldProperties: unknown = properties, cloud: CloudFormation = recorded.cloud): Event {
  const old = { physicalId: 'web', properties: {} };
  return {
    ...cloud.event(template, requestType, 'Deployment', {}, requestType === 'Create' ? undefined : old),
    ResourceProperties: properties as Event['ResourceProperties'],
    ...(requestType === 'Update' && { OldResourceProperties: oldProperties as Event['ResourceProperties'] }),
  };
}

async function answerTo(sent: Event): Promise<Answer> {
  return recorded.cloud.provider.handle(sent);
}

/** What a person can do something with: it names what is wrong, and is no message of a programming language. */
const CLEAR = /^(?=[A-Z])(?!.*(TypeError|ReferenceError|undefined|Cannot read|not a function|not iterable|\[object))/;

/** All that a Delete can fail of here. */
const NOT_IN_TIME = /^Container service "web" was not disabled within \d+ seconds/;

function made(): unknown[] {
  return recorded.cloud.emulator.deployments('web');
}

describe('properties of an older version of the library', () => {
  test('properties of an older version are created, updated and deleted', async () => {
    expect(await answerTo(event('Create', OLDEST))).toMatchObject({ status: 'SUCCESS', data: { DeploymentVersion: '1' } });
    expect(await answerTo(event('Update', FULL, OLDEST))).toMatchObject({ status: 'SUCCESS', data: { DeploymentVersion: '2' } });
    expect(await answerTo(event('Update', OLDEST, FULL))).toMatchObject({ status: 'SUCCESS', data: { DeploymentVersion: '3' } });
    expect(await answerTo(event('Delete', OLDEST))).toMatchObject({ status: 'SUCCESS', physicalResourceId: 'web' });
    expect(recorded.cloud.emulator.service('web')!.state).toBe('RUNNING');
  });

  test('properties of an older version that do not change make no new version', async () => {
    await answerTo(event('Create', OLDEST));

    expect(await answerTo(event('Update', { ...OLDEST, RemovalPolicy: 'Retain', WaitForUrl: 'false' }, OLDEST))).toMatchObject({ data: { DeploymentVersion: '1' } });
  });
});

test('unknown properties of a later version are ignored', async () => {
  const later = { ...OLDEST, Canary: { Steps: ['10', '100'] }, Containers: { app: { ...OLDEST.Containers.app, Memory: '512' } } };

  expect(await answerTo(event('Create', later))).toMatchObject({ status: 'SUCCESS' });
});

/** Every path of the properties with something else in its place. */
function misfits(value: unknown, path: readonly string[] = []): Array<[path: string, properties: unknown]> {
  const replaced = (other: unknown) => structuredClone(replaceAt(FULL, path, other));
  const here = [null, 17, true, 'x', [], ['x'], {}, { x: {} }, [null], { x: null }].map((other): [string, unknown] => [`${path.join('.') || 'all'}: ${JSON.stringify(other)}`, replaced(other)]);
  const missing: Array<[string, unknown]> = path.length === 0 ? [] : [[`${path.join('.')}: none`, replaced(undefined)]];
  const below = typeof value === 'object' && value !== null ? Object.entries(value).flatMap(([key, item]) => misfits(item, [...path, key])) : [];
  return [...here, ...missing, ...below];
}

function replaceAt(value: unknown, [key, ...rest]: readonly string[], other: unknown): unknown {
  if (key === undefined) return other;
  if (Array.isArray(value)) return value.map((item, index) => (String(index) === key ? replaceAt(item, rest, other) : item));
  const record = value as Record<string, unknown>;
  return { ...record, [key]: replaceAt(record[key], rest, other) };
}

describe('invalid properties', () => {
  test.each(misfits(FULL))('an invalid property ends in an answer or a clear failure: %s', async (_, properties) => {
    for (const requestType of REQUEST_TYPES) {
      const answer = await answerTo(event(requestType, properties, FULL));

      if (answer.status === 'FAILED') expect(answer.reason).toMatch(requestType === 'Delete' ? NOT_IN_TIME : CLEAR);
    }
    const old = await answerTo(event('Update', FULL, properties));
    if (old.status === 'FAILED') expect(old.reason).toMatch(CLEAR);
    expect(recorded.recorder.unhandled).toEqual([]);
  });

  test.each([
    ['ServiceName', { ...FULL, ServiceName: undefined }, 'ServiceName must be a string, but it is missing'],
    ['Timeout', { ...FULL, Timeout: 'soon' }, 'Timeout must be a whole number, but it is of type string'],
    ['Containers', { ...FULL, Containers: [] }, 'Containers must be a map, but it is of type list'],
    ['Image', { ...FULL, Containers: { app: {} } }, 'Containers.app.Image must be a string, but it is missing'],
    ['all of them', undefined, 'ResourceProperties must be a map, but it is missing'],
  ])('%s: the reason says what is expected and what to do, and nothing is deployed', async (_, properties, expected) => {
    const { status, reason } = await answerTo(event('Create', properties));

    expect(status).toBe('FAILED');
    expect(reason).toContain(`The resource property ${expected}`);
    expect(reason).toContain('synthesize and deploy the app again');
    expect(made()).toEqual([]);
  });

  test('random properties end in an answer or a clear failure', async () => {
    const value = fc.oneof(fc.constant(FULL), fc.jsonValue());
    const properties = fc.oneof(fc.jsonValue(), fc.record({ ServiceName: fc.constant('web'), Containers: value, PublicEndpoint: value, Timeout: value, Triggers: value, RemovalPolicy: value },
      { requiredKeys: [] }));
    await fc.assert(fc.asyncProperty(fc.constantFrom(...REQUEST_TYPES), properties, properties, async (requestType, now, old) => {
      const answer = await answerTo(event(requestType, now, old));
      if (answer.status === 'FAILED') expect(answer.reason).toMatch(requestType === 'Delete' ? NOT_IN_TIME : CLEAR);
    }), { numRuns: 300, seed: 1 });
    expect(recorded.recorder.unhandled).toEqual([]);
  });
});

describe('invalid events', () => {
  test.each(['Frobnicate', '', undefined, null, 7])('an event of the type %j fails, and the reason lists the valid types', async (requestType) => {
    const answer = await answerTo({ ...event('Create', FULL), RequestType: requestType as Event['RequestType'] });

    expect(answer).toMatchObject({ status: 'FAILED', reason: expect.stringContaining("RequestType must be 'Create', 'Update' or 'Delete'") });
  });

  test('an empty event fails clearly', async () => {
    event('Create', FULL);

    await expect(recorded.cloud.provider.begin({} as Event)).rejects.toThrow(CLEAR);
  });

  test.each([
    ['Create', 'Stack-Deployment-1ABCDEF2GHIJK', 'web'],
    ['Update', 'Stack-Deployment-1ABCDEF2GHIJK', 'web'],
    ['Update', 'another-service', 'web'],
    ['Delete', 'Stack-Deployment-1ABCDEF2GHIJK', 'Stack-Deployment-1ABCDEF2GHIJK'],
    ['Delete', 'another-service', 'another-service'],
  ] as const)('a %s under the physical id %s follows its properties, and is answered under %s', async (requestType, physicalId, expected) => {
    recorded.cloud.emulator.createService({ serviceName: 'another-service' });

    expect(await answerTo({ ...event(requestType, FULL), PhysicalResourceId: physicalId })).toMatchObject({ status: 'SUCCESS', physicalResourceId: expected });
    expect(recorded.cloud.emulator.deployments('another-service')).toEqual([]);
    expect(violations(recorded.recorder)).toEqual([]);
  });

  test.each([
    ['a service that runs nothing', () => undefined],
    ['a service that runs the same containers for someone else', () => {
      recorded.cloud.emulator.invoke('CreateContainerServiceDeployment', { serviceName: 'web', containers: { app: { image: 'nginx:1.27' } } });
      recorded.cloud.emulator.clock.advance(600_000);
    }],
    ['a service that is gone', () => recorded.cloud.emulator.setServiceState('web', 'DELETING', 0)],
    ['a service whose tag is none that this library wrote', () => {
      recorded.cloud.emulator.invoke('TagResource', { resourceName: 'web', tags: [{ key: OWNER_TAG, value: 'me' }] });
    }],
  ])('the Delete of a deployment that was never created does nothing to %s', async (_, prepare) => {
    prepare();
    const before = recorded.cloud.emulator.service('web');

    for (const properties of [FULL, OLDEST]) expect(await answerTo(event('Delete', properties))).toMatchObject({ status: 'SUCCESS' });

    expect(recorded.cloud.emulator.service('web')).toEqual(before);
  });

  test('an event without ids is answered', async () => {
    const { StackId: _, LogicalResourceId: __, RequestId: ___, ...anonymous } = event('Create', FULL);

    expect(await recorded.cloud.provider.begin(anonymous as Event)).toMatchObject({ PhysicalResourceId: 'web', Version: 1 });
  });
});

describe('progress that onEvent returned', () => {
  async function finishedWith(progress: object, requestType: Event['RequestType'] = 'Create', properties: unknown = FULL): Promise<Answer> {
    const sent = event(requestType, properties);
    return recorded.cloud.provider.finish(sent, { PhysicalResourceId: 'web', ...progress } as OnEventResponse);
  }

  const now = Date.UTC(2025, 0, 1);

  test.each([
    ['StartedAt', {}, 'StartedAt must be a whole number, but it is missing'],
    ['StartedAt', { StartedAt: 'yesterday' }, 'StartedAt must be a whole number'],
    ['StartedAt', { StartedAt: null }, 'StartedAt must be a whole number'],
    ['StartedAt', { StartedAt: -1 }, 'StartedAt must be a whole number'],
    ['Version', { StartedAt: now, Version: 'two' }, 'Version must be a whole number'],
    ['Version', { StartedAt: now, Version: {} }, 'Version must be a whole number'],
    ['BaselineVersion', { StartedAt: now, BaselineVersion: 1.5 }, 'BaselineVersion must be a whole number'],
    ['CreatedAt', { StartedAt: now, CreatedAt: [] }, 'CreatedAt must be a whole number'],
    ['OperationBeganAt', { StartedAt: now, OperationBeganAt: true }, 'OperationBeganAt must be a whole number'],
    ['Forced', { StartedAt: now, Forced: 'perhaps' }, 'Forced must be true or false'],
  ])('a garbled %s (%j) in the progress fails clearly', async (_, progress, expected) => {
    const answer = await finishedWith(progress);

    expect(answer).toMatchObject({ status: 'FAILED', reason: expect.stringContaining(expected) });
    expect(made()).toEqual([]);
  });

  test.each([{}, { StartedAt: 'yesterday' }])('progress is not read where a Delete has nothing to do: %j', async (progress) => {
    expect(await finishedWith(progress, 'Delete', OLDEST)).toMatchObject({ status: 'SUCCESS' });
  });

  test('missing progress fails clearly where a Delete has something to do', async () => {
    expect(await finishedWith({}, 'Delete')).toMatchObject({ status: 'FAILED', reason: expect.stringContaining('StartedAt must be a whole number') });
  });

  test('progress that names a missing version ends in time', async () => {
    const answer = await finishedWith({ StartedAt: now, Version: 17 });

    expect(answer).toMatchObject({ status: 'FAILED', reason: expect.stringContaining('Deployment version 17 of container service "web"') });
    expect(recorded.cloud.emulator.clock.now()).toBeLessThanOrEqual(now + 1_800_000);
  });

  test('progress that is older than the timeout ends at once', async () => {
    expect(await finishedWith({ StartedAt: 0 })).toMatchObject({ status: 'FAILED', reason: expect.stringMatching(CLEAR) });
    expect(recorded.cloud.emulator.clock.now()).toBe(now);
    expect(made()).toEqual([]);
  });
});

describe('incomplete answers of Lightsail, through the SDK', () => {
  let cloud: CloudFormation;

  beforeEach(async () => {
    cloud = await CloudFormation.start();
    cloud.emulator.createService({ serviceName: 'web' });
  });
  afterEach(() => cloud.stop());

  const READS: Array<[operation: string, body: object]> = [
    ['GetContainerServices', {}],
    ['GetContainerServices', { containerServices: null }],
    ['GetContainerServices', { containerServices: [{}] }],
    ['GetContainerServices', { containerServices: [{ containerServiceName: 'web' }] }],
    ['GetContainerServices', { containerServices: [{ containerServiceName: 'web', state: 'RUNNING', currentDeployment: {} }] }],
    ['GetContainerServices', { containerServices: [{ containerServiceName: 'web', state: 'RUNNING', nextDeployment: { version: 7 } }] }],
    ['GetContainerServiceDeployments', {}],
    ['GetContainerServiceDeployments', { deployments: [{}] }],
    ['GetContainerServiceDeployments', { deployments: [{ version: 7 }] }],
  ];
  const WRITES: Array<[operation: string, body: object]> = [
    ['CreateContainerServiceDeployment', {}],
    ['CreateContainerServiceDeployment', { containerService: {} }],
    ['CreateContainerServiceDeployment', { containerService: null }],
    ['CreateContainerServiceDeployment', { containerService: { nextDeployment: {} } }],
    ['TagResource', { operations: null }],
    ['UpdateContainerService', {}],
  ];

  async function answered(): Promise<Answer> {
    const sent = event('Create', FULL, FULL, cloud);
    return cloud.provider.handle(sent);
  }

  test.each([...READS, ...WRITES])('an answer of %s that is %j once changes nothing', async (operation, body) => {
    cloud.emulator.faults.add({ operation, fault: Fault.otherAnswer(body), times: 1 });

    expect(await answered()).toMatchObject({ status: 'SUCCESS', data: { DeploymentVersion: '1' } });
    expect(cloud.emulator.deployments('web')).toHaveLength(1);
  });

  test.each(READS)('an answer of %s that is always %j fails clearly', async (operation, body) => {
    cloud.emulator.faults.add({ operation, fault: Fault.otherAnswer(body) });

    const { status, reason } = await answered();

    expect(status).toBe('FAILED');
    expect(reason).toContain(`${operation} failed: the response lacks`);
    expect(reason).toMatch(CLEAR);
  });

  test.each(WRITES)('an answer of %s that is always %j changes nothing', async (operation, body) => {
    cloud.emulator.faults.add({ operation, fault: Fault.otherAnswer(body) });

    expect(await answered()).toMatchObject({ status: 'SUCCESS', data: { DeploymentVersion: '1' } });
    expect(cloud.emulator.deployments('web')).toHaveLength(1);
  });
});
