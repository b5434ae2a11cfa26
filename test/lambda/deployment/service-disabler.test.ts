import type { CallFailureKind } from '../../../lambda/clients/call-failure';
import type { DescribedDeployment, DescribedService } from '../../../lambda/clients/lightsail';
import { OWNER_TAG, ownerId } from '../../../lambda/deployment/ownership';
import type { DeleteRequest } from '../../../lambda/deployment/request/request';
import { ServiceDisabler } from '../../../lambda/deployment/service-disabler';
import { backoffMs } from '../../../lambda/shared/polling/backoff';
import { ResourceFailure } from '../../../lambda/shared/reasons/resource-failure';
import { failing, FakeWorld, START, times, waitedFor } from '../fake-world';

const REQUEST: DeleteRequest = {
  requestId: 'r-1',
  stackId: 'stack-1',
  logicalResourceId: 'Deployment',
  serviceName: 'web',
  timeoutSeconds: 1800,
  desired: { containers: {} },
  secrets: {},
};
const OWNER = ownerId(REQUEST);
const ANOTHER = ownerId({ stackId: 'another', logicalResourceId: 'Deployment' });
const NOT_OURS = 'deleted: left running: the active deployment belongs to another owner';
const RAN_BEFORE = 'deleted: left running: another deployment ran on the service before this resource was created';

let world: FakeWorld;

beforeEach(() => {
  world = new FakeWorld();
});

/** Calls as Step Functions does, until the end or the time that is given in seconds. */
async function remove(request: Partial<DeleteRequest> = {}, untilSeconds?: number): Promise<boolean> {
  return await waitedFor(world, async () => await removeOnce(request) || undefined, untilSeconds) ?? false;
}

function removeOnce(request: Partial<DeleteRequest> = {}): Promise<boolean> {
  return new ServiceDisabler(world).run({ ...REQUEST, ...request }, START, world.clock.now() + 300_000);
}

function service(change: Partial<DescribedService>) {
  world.lightsail.service = { containerServiceName: 'web', state: 'RUNNING', currentDeployment: { version: 3, state: 'ACTIVE' }, ...change };
}

function tag(value: string) {
  return [{ key: OWNER_TAG, value }];
}

function lastMessage() {
  return world.logged.at(-1)?.message;
}

test('disables what it owns, and is done when it is disabled', async () => {
  service({ tags: tag(`${OWNER}.3`) });
  world.after(15, () => service({ state: 'DISABLED' }));

  expect(await remove()).toBe(true);

  expect(world.calls).toEqual([0, 7, 14].flatMap((second) => [`${second} getService web`, `${second} setDisabled web true`]).concat('21 getService web'));
  expect(world.logged).toEqual([{ message: 'deleted: the service is disabled', requestId: 'r-1', serviceName: 'web' }]);
});

test('voids its claim on a service that it had enabled, once that is disabled again', async () => {
  service({ state: 'DISABLED', tags: tag(`${OWNER}.4/disabled`) });
  world.fail('tagService', failing('throttled'));

  expect(await remove()).toBe(true);

  expect(world.callsOf('tagService')).toEqual(times(2, expect.stringContaining(` tagService web ${OWNER_TAG}=${OWNER}.0`)));
});

test('tells that it was not the service that could not be disabled', async () => {
  service({ state: 'DISABLED', tags: tag(`${OWNER}.4/disabled`) });
  world.fail('tagService', ...times(99, failing('denied', 'TagResource')));

  await expect(remove()).rejects.toThrow(/^The tag "cdk-lightsail-containers:owner" of container service "web" was not written: TagResource failed: it was denied/);
});

test('tells that the tag was not written in time, and that the service is disabled', async () => {
  service({ state: 'DISABLED', tags: tag(`${OWNER}.4/disabled`) });
  world.fail('tagService', ...times(900, failing('throttled', 'TagResource')));

  await expect(remove()).rejects.toThrow(new ResourceFailure('The tag "cdk-lightsail-containers:owner" of container service "web" was not written within '
    + '1800 seconds (service state DISABLED). Last call: TagResource failed: it was throttled\nDelete the stack again, or set removalPolicy to RETAIN first.'));
});

test('leaves the claim of another on a disabled service', async () => {
  service({ state: 'DISABLED', tags: tag(`${ANOTHER}.4/disabled`) });

  expect(await remove()).toBe(true);
  expect(world.calls).toEqual(['0 getService web']);
});

test.each([
  ['the service is gone', undefined],
  ['the service is gone', 'DELETING'],
  ['the service is disabled', 'DISABLED'],
] as const)('is done at once: %s (%s)', async (outcome, state) => {
  if (state === undefined) world.lightsail.service = undefined;
  else service({ state, tags: tag(`${OWNER}.3`) });

  expect(await remove()).toBe(true);
  expect(world.calls).toEqual(['0 getService web']);
  expect(lastMessage()).toBe(`deleted: ${outcome}`);
});

test.each<[string, Partial<DescribedService>]>([
  ['another claimed', { tags: tag(`${ANOTHER}.3`) }],
  ['runs another version', { tags: tag(`${OWNER}.2`) }],
  ['runs nothing', { tags: tag(`${OWNER}.3`), currentDeployment: undefined }],
  ['runs nothing, as the version failed', { tags: tag(`${OWNER}.3`), currentDeployment: { version: 3, state: 'FAILED' } }],
  ['it enabled, and somebody deployed to', { tags: tag(`${OWNER}.2/disabled`) }],
])('leaves a service that %s', async (_, change) => {
  service(change);

  expect(await remove()).toBe(true);
  expect(world.calls).toEqual(['0 getService web']);
  expect(lastMessage()).toBe(NOT_OURS);
});

describe('a service without the owner tag, which CloudFormation removes at an update of the service', () => {
  const CREATED = START - 600_000;
  const running = (change: Partial<DescribedDeployment> = {}) => service({ currentDeployment: { version: 3, state: 'ACTIVE', createdAt: new Date(CREATED), ...change } });

  test.each([[0, 60_000], [-60_000, 60_000], [5_000, 60_000], [-60_000, 5_001]])('is disabled if the version was created in an operation of the resource (%i to %i ms)', async (from, until) => {
    running();
    world.operations = [{ from: 0, until: 1 }, { from: CREATED + from, until: CREATED + until }];

    expect(await removeOnce()).toBe(false);
    expect(world.callsOf('setDisabled')).toEqual(['0 setDisabled web true']);
  });

  test.each<[string, () => void]>([
    ['no operation of the resource made the version', () => { running(); world.operations = [{ from: CREATED + 5_001, until: CREATED + 60_000 }]; }],
    ['someone made the version at the end of an operation', () => { running(); world.operations = [{ from: CREATED - 60_000, until: CREATED + 5_000 }]; }],
    ['CloudFormation has no events of the resource', () => running()],
    ['CloudFormation refuses to answer', () => { running(); world.fail('operationTimes', failing('denied', 'DescribeStackEvents')); }],
    ['Lightsail reports no time', () => { running({ createdAt: undefined }); world.operations = [{ from: 0, until: START }]; }],
    ['the stack is rolling back', () => { running(); world.operations = [{ from: 0, until: START }]; world.rollingBack = true; }],
  ])('is left running if %s, and the log says why and what to do', async (_, arrange) => {
    arrange();

    expect(await remove()).toBe(true);
    expect(world.callsOf('setDisabled')).toEqual([]);
    expect(lastMessage()).toMatch(/^deleted: left running: the owner tag is gone, .* Disable the service by hand if it is no longer needed$/);
  });

  test.each<[string, Partial<DescribedService>]>([
    ['something else', { currentDeployment: { version: 3, state: 'ACTIVE', containers: { other: { image: 'other' } } } }],
    ['nothing', { currentDeployment: undefined }],
  ])('is left running without a question if it runs %s', async (_, change) => {
    service(change);

    expect(await remove({ desired: { containers: { app: { image: 'nginx' } } } })).toBe(true);
    expect(world.calls).toEqual(['0 getService web']);
    expect(lastMessage()).toBe(NOT_OURS);
  });

  test('is waited for while it is busy', async () => {
    service({ state: 'UPDATING' });

    expect(await removeOnce()).toBe(false);
    expect(world.calls).toEqual(['0 getService web']);
  });
});

test.each<[string, string, DescribedDeployment]>([
  ['its version', `${OWNER}.3`, { version: 3, state: 'ACTIVE' }],
  ['its version, which took the place of another', `${OWNER}.3/unowned`, { version: 3, state: 'ACTIVE' }],
  ['an earlier version, which it enabled', `${OWNER}.4/disabled`, { version: 3, state: 'ACTIVE' }],
])('disables a service that runs %s', async (_, value, currentDeployment) => {
  service({ tags: tag(value), currentDeployment });

  expect(await removeOnce()).toBe(false);
  expect(world.callsOf('setDisabled')).toEqual(['0 setDisabled web true']);
});

describe('what ran before the resource was created', () => {
  test('is left when the stack is rolled back', async () => {
    service({ tags: tag(`${OWNER}.3/unowned`) });
    world.rollingBack = true;

    expect(await remove()).toBe(true);
    expect(world.calls).toEqual(['0 getService web', '0 isRollingBack stack-1']);
    expect(lastMessage()).toBe(RAN_BEFORE);
  });

  test('is handed back to who had claimed it', async () => {
    service({ tags: tag(`${OWNER}.3/${ANOTHER}.2`) });
    world.rollingBack = true;

    expect(await remove()).toBe(true);
    expect(world.calls).toEqual(['0 getService web', '0 isRollingBack stack-1', `0 tagService web ${OWNER_TAG}=${ANOTHER}.2`]);
    expect(lastMessage()).toBe(RAN_BEFORE);
  });

  test('is nothing where the service was disabled: it is disabled again', async () => {
    service({ tags: tag(`${OWNER}.3/disabled`) });
    world.rollingBack = true;

    expect(await removeOnce()).toBe(false);
    expect(world.calls).toEqual(['0 getService web', '0 setDisabled web true']);
  });

  test('is not disabled before CloudFormation could be asked', async () => {
    service({ tags: tag(`${OWNER}.3/unowned`) });
    world.fail('isRollingBack', ...times(99, failing('throttled')));

    expect(await removeOnce()).toBe(false);
    expect(world.callsOf('setDisabled')).toEqual([]);
  });
});

describe('a busy service', () => {
  test.each<[string, Partial<DescribedService>]>([
    ['UPDATING', { state: 'UPDATING' }],
    ['getting a version up', { nextDeployment: { version: 4, state: 'ACTIVATING' } }],
  ])('%s is looked at once in each call, and Step Functions waits in between', async (_, change) => {
    service({ tags: tag(`${OWNER}.3`), ...change });
    world.after(25, () => service({ state: 'DISABLED' }));

    expect(await remove()).toBe(true);
    expect(world.calls).toEqual([0, 7, 14, 21, 28].map((second) => `${second} getService web`));
  });

  test.each([
    [3600, 3542],
    [1800, 1743],
    [120, 91],
    [119, 91],
    [60, 49],
  ])('fails in time, at the first look after the deadline: of %i seconds after %f', async (timeoutSeconds, last) => {
    service({ tags: tag(`${OWNER}.3`), state: 'UPDATING' });

    await expect(remove({ timeoutSeconds })).rejects.toThrow(expect.objectContaining({
      name: 'ResourceFailure',
      message: `Container service "web" was not disabled within ${timeoutSeconds} seconds (service state UPDATING).\n`
        + 'Delete the stack again when the service is READY or RUNNING, or set removalPolicy to RETAIN first.',
    }));
    expect(world.calls.at(-1)).toBe(`${last} getService web`);
    expect(world.calls).toHaveLength(last / 7 + 1);
  });
});

describe('when the time is over', () => {
  test('nothing is begun any more', async () => {
    service({ state: 'UPDATING', tags: tag(`${OWNER}.3`) });
    world.after(25, () => service({ tags: tag(`${OWNER}.3`) }));

    await expect(remove({ timeoutSeconds: 40 })).rejects.toThrow('was not disabled within 40 seconds (service state RUNNING).\nDelete the stack again');
    expect(world.calls.at(-1)).toBe('35 getService web');
  });

  test('what kept the service from being disabled is told', async () => {
    service({ tags: tag(`${OWNER}.3`) });
    world.fail('setDisabled', ...times(500, failing('busy', 'UpdateContainerService')));

    await expect(remove({ timeoutSeconds: 40 })).rejects.toThrow('Last call: UpdateContainerService failed: it was busy\n');
  });
});

test('leaves what runs under the number that it claimed, and is nothing like what it asked for', async () => {
  service({ tags: tag(`${OWNER}.3`), currentDeployment: { version: 3, state: 'ACTIVE', containers: { other: { image: 'other' } } } });

  expect(await remove({ desired: { containers: { app: { image: 'nginx' } } } })).toBe(true);
  expect(lastMessage()).toBe(NOT_OURS);
});

describe('calls that fail', () => {
  function seconds(kind: CallFailureKind, count: number): number[] {
    let at = 0;
    return Array.from({ length: count }, (_, index) => {
      const now = at;
      at += backoffMs(index + 1, failing(kind), 'r-1') / 1000;
      return Number(now.toFixed(3));
    });
  }

  test.each(['throttled', 'transient', 'busy'] as const)('%s: are made again, less and less often', async (kind) => {
    world.fail('getService', ...times(3, failing(kind, 'GetContainerServices')));
    service({ state: 'DISABLED' });

    expect(await remove()).toBe(true);
    expect(world.calls).toEqual(seconds(kind, 4).map((second) => `${second} getService web`));
    expect(world.logged[0]).toEqual({
      message: 'call failed, trying again', requestId: 'r-1', operation: 'GetContainerServices', error: `GetContainerServices failed: it was ${kind}`,
    });
  });

  test('are forgotten when one succeeds', async () => {
    world.fail('getService', failing('throttled'));
    service({ tags: tag(`${OWNER}.3`), state: 'UPDATING' });

    await remove({}, 20);

    const [, second] = seconds('throttled', 2);
    expect(world.calls.slice(0, 3)).toEqual([0, second, second + 7].map((at) => `${Number(at.toFixed(3))} getService web`));
  });

  test.each(['refused', 'missing'] as const)('%s: fail, with the words of the service', async (kind) => {
    service({ tags: tag(`${OWNER}.3`) });
    world.fail('setDisabled', failing(kind, 'UpdateContainerService'));

    await expect(remove()).rejects.toThrow(expect.objectContaining({
      name: 'ResourceFailure', message: `Container service "web" was not disabled: UpdateContainerService failed: it was ${kind}`,
    }));
  });

  test.each([
    [89.999, true],
    [90, false],
  ])('denied %f seconds after the Delete came: borne %p', async (after, borne) => {
    service({ state: 'DISABLED' });
    world.clock.advance(after * 1000);
    world.fail('getService', failing('denied'));

    if (borne) expect(await remove()).toBe(true);
    else await expect(remove()).rejects.toThrow('Container service "web" was not disabled: Operation failed: it was denied');
  });

  test('are told of if the time runs out', async () => {
    world.fail('getService', ...times(99, failing('throttled', 'GetContainerServices')));

    await expect(remove({ timeoutSeconds: 60 })).rejects.toThrow('Container service "web" was not disabled within 60 seconds (service state unknown). '
      + 'Last call: GetContainerServices failed: it was throttled\nDelete the stack again');
  });

  test('by a fault of the handler are not made again', async () => {
    world.fail('getService', new TypeError('a fault'));

    await expect(remove()).rejects.toThrow(TypeError);
  });
});
