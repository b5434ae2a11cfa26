import { deployRequest } from './deploy-request';
import type { DescribedDeployment } from '../../../lambda/clients/lightsail';
import { LastSeen } from '../../../lambda/deployment/last-seen';
import { OWNER_TAG, ownerId } from '../../../lambda/deployment/ownership';
import { parseProgress, renderProgress, type ProgressFields, type Waiting } from '../../../lambda/deployment/progress';
import type { DeployRequest } from '../../../lambda/deployment/request/request';
import { VersionResolver } from '../../../lambda/deployment/version-resolver';
import { RetryPolicy } from '../../../lambda/shared/polling/retry-policy';
import { failing, FakeWorld, START, times } from '../fake-world';

const DESIRED = { containers: { app: { image: 'nginx:2' } } };
const OTHER = { containers: { app: { image: 'nginx:1' } } };
const REQUEST = deployRequest({ desired: DESIRED, isNewToService: false });
const STARTED: ProgressFields = { StartedAt: START };
const LOOKED: ProgressFields = { StartedAt: START, BaselineVersion: 3, Forced: false };
const OWNER = ownerId(REQUEST);
const ANOTHER = ownerId({ stackId: 'another', logicalResourceId: 'Deployment' });
const BEGAN_AT = `beganAt ${REQUEST.stackId} Deployment`;

let world: FakeWorld;
let seen: LastSeen;
let retry: RetryPolicy;

beforeEach(() => {
  world = new FakeWorld();
  seen = new LastSeen();
  retry = new RetryPolicy(START);
});

async function resolve(
  request: Partial<DeployRequest> = {}, fields = STARTED, isRetry = false, createDeadline = Infinity,
): Promise<ProgressFields> {
  const known = parseProgress({ RequestType: 'Create', ...fields }) as Waiting;
  const progress = await new VersionResolver(world).resolve({ ...REQUEST, ...request }, known, { isRetry, createDeadline, retry, seen });
  return renderProgress(progress);
}

/** A call is denied, and IAM has had the time that a policy may take. */
function denied(call: string, operation?: string) {
  retry = new RetryPolicy(START - 90_000);
  world.fail(call, failing('denied', operation));
}

function deployment(version: number, state: DescribedDeployment['state'], holds = DESIRED, createdAt?: number): DescribedDeployment {
  return { version, state, ...holds, ...(createdAt === undefined ? {} : { createdAt: new Date(createdAt) }) };
}

function service(change: Partial<NonNullable<FakeWorld['lightsail']['service']>>) {
  world.lightsail.service = { ...world.lightsail.service!, ...change };
  const { currentDeployment, nextDeployment } = world.lightsail.service;
  if (world.lightsail.deployments.length > 0) return;
  world.lightsail.deployments = [nextDeployment, currentDeployment].filter((each) => each !== undefined);
}

function taggedBy(owner: string, version: number) {
  return [{ key: OWNER_TAG, value: `${owner}.${version}` }];
}

describe('creates', () => {
  test('the first version, after it looked, and asks nothing else', async () => {
    expect(await resolve()).toEqual({ StartedAt: START, BaselineVersion: 0, Forced: false, Version: 1, CreatedAt: START });

    expect(world.calls).toEqual(['0 getService web', '0 getDeployments web', '0 createDeployment web']);
    expect(world.lightsail.created).toEqual([DESIRED]);
    expect(world.logged).toEqual([{ message: 'created', requestId: 'r-1', serviceName: 'web', version: 1 }]);
    expect(seen.service).toMatchObject({ state: 'READY' });
  });

  test('a version after the newest of all, also of those that the list does not hold yet', async () => {
    service({ state: 'RUNNING', currentDeployment: deployment(3, 'ACTIVE', OTHER), nextDeployment: deployment(4, 'FAILED', OTHER) });
    world.lightsail.deployments = [deployment(2, 'INACTIVE', OTHER)];

    expect(await resolve({ disablesOnDelete: true })).toMatchObject({ BaselineVersion: 4 });
    expect(world.callsOf('tagService')[0]).toBe(`0 tagService web ${OWNER_TAG}=${OWNER}.5/unowned`);
  });

  test('finds what the list does not hold yet', async () => {
    service({ state: 'RUNNING', currentDeployment: deployment(4, 'ACTIVE') });
    world.lightsail.deployments = [deployment(2, 'INACTIVE', OTHER)];

    expect(await resolve({}, LOOKED)).toEqual({ ...LOOKED, Version: 4 });
  });

  test('at the time that it is when the answer came', async () => {
    world.callMs = 300;

    expect(await resolve()).toMatchObject({ StartedAt: START, CreatedAt: START + 900 });
  });

  test('after it asked CloudFormation once more, if that took a while', async () => {
    world.callMs = 600;

    await resolve();
    expect(world.calls.map((call) => call.split(' ')[1])).toEqual(['getService', 'getDeployments', 'beganAt', 'createDeployment']);
  });

  test.each(['getService', 'getDeployments', 'tagService'])('nothing if the operation is over after a slow %s', async (slow) => {
    world.slow(slow, 1_000);
    world.began = [undefined];

    await expect(resolve({ disablesOnDelete: true })).rejects.toThrow('the stack operation was cancelled or has ended in the meantime');
    expect(world.lightsail.created).toEqual([]);
    expect(world.callsOf('tagService')).toHaveLength(slow === 'tagService' ? 1 : 0);
  });

  test('nor enables a service that it found disabled', async () => {
    service({ state: 'DISABLED' });
    world.slow('tagService', 1_000);
    world.began = [undefined];

    await expect(resolve({ disablesOnDelete: true, isNewToService: true })).rejects.toThrow('the stack operation was cancelled or has ended in the meantime');
    expect(world.callsOf('setDisabled')).toEqual([]);
  });

  test.each([
    ['no version in it', () => ({ containerServiceName: 'web' })],
    ['nothing in it', () => undefined],
  ])('and leaves it to the next look to find the version, if the answer came with %s', async (_, answer) => {
    world.lightsail.answer = answer;

    expect(await resolve()).toEqual({ StartedAt: START, BaselineVersion: 0, Forced: false });
    expect(world.logged).toEqual([{ message: 'created', requestId: 'r-1', serviceName: 'web', version: undefined }]);
    expect(await resolve({}, { ...STARTED, BaselineVersion: 0, Forced: false })).toMatchObject({ Version: 1 });
    expect(world.lightsail.created).toHaveLength(1);
  });
});

describe('takes what is there', () => {
  test('a version that is newer than the first look, the newest of several, and creates none', async () => {
    world.lightsail.deployments = [deployment(4, 'FAILED'), deployment(6, 'FAILED'), deployment(5, 'FAILED'), deployment(7, 'FAILED', OTHER)];

    expect(await resolve({}, LOOKED)).toEqual({ ...LOOKED, Version: 6 });
    expect(world.calls).toEqual(['0 getService web', '0 getDeployments web']);
  });

  test('not one that was there at the first look and is over', async () => {
    world.lightsail.deployments = [deployment(3, 'INACTIVE')];

    expect(await resolve({}, LOOKED)).toMatchObject({ Version: 4, CreatedAt: START });
    expect(world.callsOf('beganAt')).toEqual([]);
  });

  test('what is ACTIVE already', async () => {
    service({ state: 'RUNNING', currentDeployment: deployment(3, 'ACTIVE') });

    expect(await resolve()).toEqual({ StartedAt: START, BaselineVersion: 3, Forced: false, Version: 3 });
    expect(world.calls).toEqual(['0 getService web', '0 getDeployments web']);
  });

  test('what is ACTIVE already, at a later look as well', async () => {
    service({ state: 'RUNNING', currentDeployment: deployment(3, 'ACTIVE') });

    expect(await resolve({}, LOOKED)).toEqual({ ...LOOKED, Version: 3 });
  });

  test('not what is ACTIVE and holds something else', async () => {
    service({ state: 'RUNNING', currentDeployment: deployment(3, 'ACTIVE', OTHER) });

    expect(await resolve()).toMatchObject({ Version: 4, CreatedAt: START });
    expect(world.callsOf('beganAt')).toEqual([]);
  });

  test('not a current one that FAILED', async () => {
    service({ currentDeployment: deployment(3, 'FAILED') });

    expect(await resolve({}, LOOKED)).toMatchObject({ Version: 4, CreatedAt: START });
  });

  test.each([
    ['at the first look', STARTED, { BaselineVersion: 3 }],
    ['at a later look', LOOKED, LOOKED],
  ])('what Lightsail gets up, %s', async (_, progress, expected) => {
    service({ state: 'DEPLOYING', nextDeployment: deployment(3, 'ACTIVATING') });

    expect(await resolve({}, progress)).toMatchObject({ ...expected, Version: 3 });
    expect(world.callsOf('createDeployment')).toEqual([]);
  });

  test('not what is ACTIVE while another version is about to take its place', async () => {
    service({ state: 'DEPLOYING', currentDeployment: deployment(3, 'ACTIVE'), nextDeployment: deployment(4, 'ACTIVATING', OTHER) });
    world.began = [START];

    expect(await resolve()).toEqual({ StartedAt: START, BaselineVersion: 4, Forced: false, OperationBeganAt: START });
  });
});

describe('what an earlier delivery of the event created', () => {
  beforeEach(() => {
    world.began = [START - 60_000];
  });

  test.each([
    ['five seconds before the operation, as Lightsail tells it', START - 65_000, 3],
    ['at any time after', START - 1, 3],
    ['earlier', START - 65_001, undefined],
    ['nobody knows when', undefined, undefined],
  ])('is one that was made %s', async (_, createdAt, found) => {
    world.lightsail.deployments = [deployment(3, 'FAILED', DESIRED, createdAt), deployment(5, 'FAILED', OTHER, createdAt)];

    const progress = await resolve();

    expect(world.callsOf('beganAt')).toEqual([`0 ${BEGAN_AT}`]);
    expect(progress).toMatchObject(found === undefined ? { Version: 6, CreatedAt: START } : { Version: found });
    expect(world.lightsail.created).toHaveLength(found === undefined ? 1 : 0);
  });

  test('is asked for at the first look only', async () => {
    world.lightsail.deployments = [deployment(3, 'FAILED', DESIRED, START)];

    expect(await resolve({}, LOOKED)).toMatchObject({ Version: 4 });
    expect(world.callsOf('beganAt')).toEqual([]);
  });

  test('is one that was made since the event came, if CloudFormation may not be asked', async () => {
    world.lightsail.deployments = [deployment(3, 'FAILED', DESIRED, START - 5_000)];
    denied('beganAt', 'DescribeStackResource');

    expect(await resolve()).toMatchObject({ Version: 3 });
  });

  test('is none if CloudFormation may not be asked', async () => {
    world.lightsail.deployments = [deployment(3, 'FAILED', DESIRED, START - 5_001)];
    denied('beganAt', 'DescribeStackEvents');

    expect(await resolve()).toMatchObject({ Version: 4, CreatedAt: START });
  });

  test('fails if CloudFormation is not at work on the resource any more', async () => {
    world.lightsail.deployments = [deployment(3, 'INACTIVE')];
    world.began = [undefined];

    await expect(resolve()).rejects.toThrow(expect.objectContaining({
      name: 'ResourceFailure',
      message: 'Nothing was deployed to container service "web": CloudFormation no longer waits for this event, which was delivered late.',
    }));
    expect(world.lightsail.created).toEqual([]);
  });

});

describe('a new version although what runs equals what is asked', () => {
  beforeEach(() => service({ state: 'RUNNING', currentDeployment: deployment(3, 'ACTIVE', DESIRED, START - 3_600_000) }));

  test.each([
    ['is made', false, { Forced: true, Version: 4 }],
    ['is not made when they are rolled back, for the old version goes on serving', true, { Forced: false, Version: 3 }],
  ])('for changed triggers %s', async (_, rollingBack, expected) => {
    world.rollingBack = rollingBack;

    expect(await resolve({ triggersChanged: true })).toMatchObject(expected);
    expect(world.callsOf('isRollingBack')).toEqual([`0 isRollingBack ${REQUEST.stackId}`]);
  });

  test('for changed triggers is made if CloudFormation may not be asked', async () => {
    denied('isRollingBack');

    expect(await resolve({ triggersChanged: true })).toMatchObject({ Forced: true, Version: 4 });
  });

  test('is decided once', async () => {
    expect(await resolve({ triggersChanged: true }, LOOKED)).toMatchObject({ Forced: false, Version: 3 });
    expect(await resolve({}, { ...LOOKED, Forced: true })).toMatchObject({ Forced: true, Version: 4 });
    expect(world.callsOf('isRollingBack')).toEqual([]);
  });

  test.each([
    [true, false, true, true],
    [true, true, true, false],
    [false, false, true, false],
    [true, false, false, false],
  ])('so that its owner sees it: new to the service %p, under DESTROY %p, claimed %p: %p', async (isNewToService, disablesOnDelete, claimed, forced) => {
    service({ tags: claimed ? taggedBy(ANOTHER, 3) : [] });

    expect(await resolve({ isNewToService, disablesOnDelete })).toMatchObject({ Forced: forced, Version: forced ? 4 : 3 });
  });

  test('does not keep from what was made for this request', async () => {
    service({ state: 'DEPLOYING', nextDeployment: deployment(4, 'ACTIVATING') });
    world.lightsail.deployments = [deployment(4, 'ACTIVATING'), deployment(3, 'ACTIVE')];

    expect(await resolve({}, { ...LOOKED, Forced: true })).toMatchObject({ Version: 4 });
  });
});

describe('a roll back whose secrets cannot be read', () => {
  const SECRETIVE = { secrets: { app: { PASSWORD: { secretId: 'db' } } } };
  const WITH_PASSWORD = { containers: { app: { image: 'nginx:2', environment: { PASSWORD: 'old' } } } };

  beforeEach(() => {
    world.rollingBack = true;
    service({ state: 'RUNNING', currentDeployment: deployment(3, 'ACTIVE', WITH_PASSWORD) });
  });

  test('ends on what serves, if that is what it asks for but for the secrets, and the log tells', async () => {
    expect(await resolve(SECRETIVE)).toEqual({ ...STARTED, Version: 3 });
    expect(world.callsOf('isRollingBack')).toEqual([`0 isRollingBack ${REQUEST.stackId}`]);
    expect(world.callsOf('createDeployment')).toEqual([]);
    expect(world.callsOf('tagService')).toEqual([]);
    expect(world.logged).toEqual([{
      message: 'rolled back to the serving version, without a comparison of secrets',
      requestId: 'r-1',
      serviceName: 'web',
      version: 3,
      error: expect.stringContaining('some secrets could not be read'),
    }]);
  });

  test('claims it under DESTROY', async () => {
    await resolve({ ...SECRETIVE, disablesOnDelete: true });
    expect(world.callsOf('tagService')).toEqual([expect.stringContaining(`${OWNER_TAG}=${OWNER}.3`)]);
  });

  test('waits while something else is under way', async () => {
    service({ state: 'DEPLOYING' });
    expect(await resolve(SECRETIVE)).toEqual(STARTED);
  });

  test.each([
    ['what serves is something else', () => service({ currentDeployment: deployment(3, 'ACTIVE', OTHER) })],
    ['what it asks for does not serve', () => service({ currentDeployment: deployment(3, 'INACTIVE', WITH_PASSWORD) })],
    ['nothing serves', () => service({ currentDeployment: undefined })],
    ['the stack goes forward', () => { world.rollingBack = false; }],
    ['CloudFormation may not be asked', () => denied('isRollingBack')],
  ])('fails where %s', async (_, arrange) => {
    arrange();
    await expect(resolve(SECRETIVE)).rejects.toThrow('some secrets could not be read');
  });

  test('is no matter where the call may pass', async () => {
    const failure = failing('throttled');
    world.secrets.secrets.db = failure;
    await expect(resolve(SECRETIVE)).rejects.toMatchObject({ kind: 'throttled' });
    expect(world.callsOf('isRollingBack')).toEqual([]);
  });

  test('ends on what serves also where the call might pass, from the moment on in which there is no time left', async () => {
    world.secrets.secrets.db = failing('throttled');
    const resolveBefore = (createBefore: number) =>
      resolve(SECRETIVE, STARTED, true, createBefore);

    await expect(resolveBefore(START + 1)).rejects.toMatchObject({ kind: 'throttled' });
    expect(await resolveBefore(START)).toEqual({ ...STARTED, Version: 3 });
  });
});

test('a claim of an earlier life on a service that is new to the resource is not handed on', async () => {
  service({ state: 'RUNNING', currentDeployment: deployment(3, 'ACTIVE', OTHER), tags: [{ key: OWNER_TAG, value: `${OWNER}.2/${ANOTHER}.1` }] });

  await resolve({ disablesOnDelete: true, isNewToService: true });
  expect(world.callsOf('tagService')).toEqual([`0 tagService web ${OWNER_TAG}=${OWNER}.4/unowned`]);
});

describe('the role that pulls private images', () => {
  const ACCESS = { pullAccess: { isNew: true, ecrImages: [] } };
  const withRole = () => service({ privateRegistryAccess: { ecrImagePullerRole: { isActive: true, principalArn: 'arn:aws:iam::1:role/puller' } } });

  test('is waited for, and when it was first seen is noted', async () => {
    expect(await resolve(ACCESS)).toEqual({ ...STARTED, BaselineVersion: 0, Forced: false, OperationBeganAt: START });

    withRole();
    world.clock.advance(1_000);
    const progress = await resolve(ACCESS);
    expect(progress).toMatchObject({ RoleSeenAt: world.clock.now() });
    expect(world.callsOf('createDeployment')).toEqual([]);

    world.clock.advance(30_000);
    expect(await resolve(ACCESS, progress)).toMatchObject({ RoleSeenAt: progress.RoleSeenAt, Version: 1 });
  });

  test('is no matter where all images are public', async () => {
    withRole();
    expect((await resolve()).RoleSeenAt).toBeUndefined();
  });
});

describe('a busy service', () => {
  beforeEach(() => service({ state: 'UPDATING', currentDeployment: deployment(3, 'ACTIVE', OTHER) }));

  test('is noted at the first look, with the operation that waits', async () => {
    world.began = [START - 2_000];

    expect(await resolve()).toEqual({ StartedAt: START, BaselineVersion: 3, Forced: false, OperationBeganAt: START - 2_000 });
    expect(world.calls).toEqual(['0 getService web', '0 getDeployments web', `0 ${BEGAN_AT}`]);
  });

  test('costs one call at every later look', async () => {
    expect(await resolve({}, LOOKED, true)).toEqual(LOOKED);
    expect(world.calls).toEqual(['0 getService web']);
    expect(seen.service).toMatchObject({ state: 'UPDATING' });
  });

  test('is looked into when what it gets up holds what is asked', async () => {
    service({ nextDeployment: deployment(4, 'ACTIVATING') });

    expect(await resolve({}, LOOKED, true)).toEqual({ ...LOOKED, Version: 4 });
  });

  test('is left alone while it gets up something else', async () => {
    service({ nextDeployment: deployment(4, 'ACTIVATING', OTHER) });

    expect(await resolve({}, LOOKED, true)).toEqual(LOOKED);
  });

  test('runs what is asked already: not taken, for what it is at work on is not known', async () => {
    service({ currentDeployment: deployment(3, 'ACTIVE', DESIRED, START - 3_600_000) });
    world.lightsail.deployments = [];

    expect((await resolve()).Version).toBeUndefined();
  });
});

describe('a late try', () => {
  test('creates while the operation is the one that was noted', async () => {
    world.began = [START - 9_000];

    expect(await resolve({}, { ...LOOKED, OperationBeganAt: START - 9_000 }, true)).toMatchObject({ Version: 1 });
    expect(world.calls).toEqual(['0 getService web', '0 getDeployments web', `0 ${BEGAN_AT}`, '0 createDeployment web']);
  });

  test('fails, and creates nothing, if the operation is another one', async () => {
    world.began = [START - 8_999];

    await expect(resolve({}, { ...LOOKED, OperationBeganAt: START - 9_000 }, true)).rejects.toThrow('the stack operation was cancelled');
    expect(world.lightsail.created).toEqual([]);
  });

  test('creates if CloudFormation may not be asked', async () => {
    denied('beganAt');

    expect(await resolve({}, LOOKED, true)).toMatchObject({ Version: 1 });
  });

  test('is the only one that asks: the first creates at once', async () => {
    world.began = [undefined];

    expect(await resolve({}, LOOKED, false)).toMatchObject({ Version: 1 });
    expect(world.callsOf('beganAt')).toEqual([]);
  });
});

describe('a deployment that could not be created', () => {
  test.each(['busy', 'throttled', 'transient', 'denied'] as const)('is tried again if the call was %s', async (kind) => {
    // A call that was throttled is made four times before it counts.
    world.fail('createDeployment', ...times(kind === 'throttled' ? 4 : 1, failing(kind, 'CreateContainerServiceDeployment')));

    expect(await resolve()).toEqual({ StartedAt: START, BaselineVersion: 0, Forced: false, OperationBeganAt: START });
    expect(world.logged).toEqual([{
      message: 'not created yet',
      requestId: 'r-1',
      serviceName: 'web',
      operation: 'CreateContainerServiceDeployment',
      error: `CreateContainerServiceDeployment failed: it was ${kind}`,
    }]);
    expect(retry.failures).toBe(1);
  });

  test.each(['refused', 'missing'] as const)('is given up if the call was %s', async (kind) => {
    const failure = failing(kind);
    world.fail('createDeployment', failure);

    await expect(resolve()).rejects.toStrictEqual(failure);
    expect(world.logged).toEqual([]);
  });

  test('is given up on a fault of the handler', async () => {
    world.fail('createDeployment', new TypeError('a fault'));

    await expect(resolve()).rejects.toThrow(TypeError);
    expect(retry.failures).toBe(0);
  });

  test('is not created without the claim that it needs', async () => {
    world.fail('tagService', ...times(4, failing('throttled')));

    expect((await resolve({ disablesOnDelete: true })).Version).toBeUndefined();
    expect(world.lightsail.created).toEqual([]);
  });
});

test.each(['createDeployment', 'tagService'] as const)('%s that is throttled is made again where it is, if CloudFormation still waits', async (method) => {
  world.fail(method, ...times(3, failing('throttled')));

  expect(await resolve({ disablesOnDelete: true })).toMatchObject({ Version: 1 });
  expect(world.callsOf(method)).toHaveLength(4);
  expect(world.callsOf('getService')).toHaveLength(1);
});

test('a throttled call is not made again after the stack operation was cancelled', async () => {
  world.fail('createDeployment', ...times(3, failing('throttled')));
  world.began = [undefined];
  world.callMs = 400;

  await expect(resolve()).rejects.toThrow('the stack operation was cancelled or has ended');
  expect(world.callsOf('createDeployment').length).toBeLessThan(4);
});

describe('a rollback on a service that takes no deployment', () => {
  const BEFORE = { isNewToService: false };
  beforeEach(() => {
    world.rollingBack = true;
  });

  test.each([
    ['gone', () => { world.lightsail.service = undefined; }],
    ['being deleted', () => service({ state: 'DELETING' })],
    ['disabled, and the last version is what the rollback wants', () => service({ state: 'DISABLED', currentDeployment: deployment(3, 'ACTIVE') })],
    ['disabled, and the update FAILED', () => {
      service({ state: 'DISABLED', currentDeployment: deployment(3, 'ACTIVE') });
      world.lightsail.deployments = [deployment(4, 'FAILED', OTHER), deployment(3, 'ACTIVE')];
    }],
    ['disabled, and never deployed to', () => service({ state: 'DISABLED' })],
  ])('succeeds if the service is %s', async (_, arrange) => {
    arrange();

    expect(await resolve(BEFORE)).toMatchObject({ Restored: true });
    expect(world.callsOf('createDeployment')).toEqual([]);
    expect(world.logged.at(-1)).toMatchObject({ message: 'rolled back: the update had deployed nothing' });
  });

  test('fails if the update had deployed, and says how to continue the rollback', async () => {
    service({ state: 'DISABLED', currentDeployment: deployment(4, 'ACTIVE', OTHER) });

    await expect(resolve(BEFORE)).rejects.toThrow(/is DISABLED\. Enable it.*\nThen continue the rollback of the stack: cdk rollback, or aws cloudformation continue-update-rollback\.$/s);
  });

  test.each([['an update', false, {}], ['a create', true, { isNewToService: true }]])('fails for %s', async (_, rollingBack, change) => {
    world.rollingBack = rollingBack;
    world.lightsail.service = undefined;

    await expect(resolve({ ...BEFORE, ...change })).rejects.toThrow('there is no container service "web"');
  });
});

describe('a reference to a secret that CloudFormation does not resolve', () => {
  const SECRET = '{{resolve:secretsmanager:db:SecretString:password}}';

  test.each([
    ['the environment variable A of container "app"', { environment: { A: SECRET } }],
    ['the environment variable A of container "app"', { environment: { A: 'postgres://u:{{resolve:ssm-secure:/db/password:1}}@db' } }],
    ['the name of an environment variable of container "app"', { environment: { [SECRET]: 'x' } }],
    ['the command of container "app"', { command: ['run', `--password=${SECRET}`] }],
    ['the image of container "app"', { image: SECRET }],
  ])('fails before anything is changed: %s', async (place, container) => {
    const desired = { containers: { app: { image: 'nginx:2', ...container } } };

    await expect(resolve({ desired, disablesOnDelete: true })).rejects.toThrow(`Nothing was deployed to container service "web": ${place} is a reference to a secret`);
    expect(world.callsOf('createDeployment').concat(world.callsOf('tagService'))).toEqual([]);
  });

  test.each(['{{resolve:ssm:/plain}}', '{{ resolve }}', 'secretsmanager'])('is not what %s is', async (value) => {
    expect(await resolve({ desired: { containers: { app: { image: 'nginx:2', environment: { A: value } } } } })).toMatchObject({ Version: 1 });
  });

  test('does not keep a rollback from the version that runs with it', async () => {
    const desired = { containers: { app: { image: 'nginx:2', environment: { A: SECRET } } } };
    service({ state: 'RUNNING', currentDeployment: deployment(3, 'ACTIVE', desired) });

    expect(await resolve({ desired })).toMatchObject({ Version: 3 });
  });
});

describe('under DESTROY', () => {
  test('the claim stands before the deployment does', async () => {
    await resolve({ disablesOnDelete: true });

    expect(world.calls).toEqual(['0 getService web', '0 getDeployments web', `0 tagService web ${OWNER_TAG}=${OWNER}.1`, '0 createDeployment web']);
  });

  test('the claim is written again where Lightsail gave another number', async () => {
    world.lightsail.answer = () => ({ nextDeployment: { version: 9 } });

    expect(await resolve({ disablesOnDelete: true })).toMatchObject({ Version: 9 });
    expect(world.callsOf('tagService')).toEqual([`0 tagService web ${OWNER_TAG}=${OWNER}.1`, `0 tagService web ${OWNER_TAG}=${OWNER}.9`]);
  });

  test.each([
    ['nobody claimed', [], [`0 tagService web ${OWNER_TAG}=${OWNER}.3/unowned`]],
    ['it had claimed by another version', taggedBy(OWNER, 2), [`0 tagService web ${OWNER_TAG}=${OWNER}.3`]],
    ['another had claimed', taggedBy(ANOTHER, 3), [`0 tagService web ${OWNER_TAG}=${OWNER}.3/${ANOTHER}.3`]],
    ['it has claimed', taggedBy(OWNER, 3), []],
  ])('a version that it finds on a service which %s is claimed', async (_, tags, expected) => {
    service({ state: 'RUNNING', currentDeployment: deployment(3, 'ACTIVE'), tags });

    expect(await resolve({ disablesOnDelete: true })).toMatchObject({ Version: 3 });
    expect(world.callsOf('tagService')).toEqual(expected);
  });

  test.each([
    ['goes on', START, [], 1],
    ['is over', undefined, [], 0],
    ['is over, and it has claimed', undefined, taggedBy(OWNER, 3), 0],
  ])('a version that a late try finds is claimed only if the operation goes on: it %s', async (_, began, tags, claims) => {
    world.began = [began];
    service({ state: 'RUNNING', currentDeployment: deployment(3, 'ACTIVE'), tags });
    const resolved = resolve({ disablesOnDelete: true }, LOOKED, true);

    if (claims === 0 && tags.length === 0) await expect(resolved).rejects.toThrow('the stack operation was cancelled or has ended');
    else await expect(resolved).resolves.toMatchObject({ Version: 3 });
    expect(world.callsOf('tagService')).toHaveLength(claims);
    expect(world.callsOf('beganAt').length > 0).toBe(tags.length === 0);
  });

  test('a version that a late try finds without a claim to make is taken without a question to CloudFormation', async () => {
    world.began = [undefined];
    service({ state: 'RUNNING', currentDeployment: deployment(3, 'ACTIVE') });

    expect(await resolve({}, LOOKED, true)).toMatchObject({ Version: 3 });
    expect(world.callsOf('beganAt')).toEqual([]);
  });
});

describe('a service that is DISABLED', () => {
  beforeEach(() => service({ state: 'DISABLED' }));

  test('is claimed and enabled by what is new to it, under DESTROY, and deployed to when it is ready', async () => {
    expect(await resolve({ disablesOnDelete: true, isNewToService: true }))
      .toEqual({ StartedAt: START, BaselineVersion: 0, Forced: false, OperationBeganAt: START });

    expect(world.calls).toEqual([
      '0 getService web', '0 getDeployments web', `0 tagService web ${OWNER_TAG}=${OWNER}.1/disabled`, '0 setDisabled web false', `0 ${BEGAN_AT}`,
    ]);
    expect(world.logged).toEqual([{ message: 'enabling the service', requestId: 'r-1', serviceName: 'web' }]);
  });

  test.each([
    ['under RETAIN', false, true],
    ['by an update', true, false],
    ['by an update under RETAIN', false, false],
  ])('is not enabled %s', async (_, disablesOnDelete, isNewToService) => {
    await expect(resolve({ disablesOnDelete, isNewToService })).rejects.toThrow('Nothing was deployed: container service "web" is DISABLED. Enable it and deploy again');
    expect(world.callsOf('setDisabled')).toEqual([]);
  });
});

test.each([
  ['there is none', undefined, 'Nothing was deployed: there is no container service "web" in this account and Region.'],
  ['it is DELETING', 'DELETING', 'Nothing was deployed: container service "web" is DELETING.'],
] as const)('fails at once if %s, also under DESTROY', async (_, state, message) => {
  world.lightsail.service = state && { containerServiceName: 'web', state };

  await expect(resolve({ disablesOnDelete: true, isNewToService: true })).rejects.toThrow(message);
  expect(world.calls).toEqual(['0 getService web']);
});

test('one version, however often the request arrives', async () => {
  const first = await resolve();

  expect(await Promise.all(times(3, first).map((progress) => resolve({}, { ...progress, Version: undefined }, true))))
    .toEqual(times(3, expect.objectContaining({ Version: 1 })));
  expect(world.lightsail.created).toHaveLength(1);
});
