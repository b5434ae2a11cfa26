import { deployRequest } from './deploy-request';
import type { CallFailureKind } from '../../../lambda/clients/call-failure';
import type { DescribedDeployment } from '../../../lambda/clients/lightsail';
import { DeploymentLifecycle } from '../../../lambda/deployment/deployment-lifecycle';
import { parseProgress, renderProgress, type ProgressFields } from '../../../lambda/deployment/progress';
import type { DeployRequest } from '../../../lambda/deployment/request/request';
import { backoffMs } from '../../../lambda/shared/polling/backoff';
import { failing, FakeWorld, START, times, waitedFor } from '../fake-world';

const DESIRED = {
  containers: { app: { image: 'nginx:2' } },
  publicEndpoint: { containerName: 'app', containerPort: 80, healthCheck: { path: '/healthz', successCodes: '200-299' } },
};
const OTHER = { containers: { app: { image: 'nginx:1' } } };
const REQUEST = deployRequest({ desired: DESIRED });

/** The version was created when the request came. */
const CREATED: ProgressFields = { StartedAt: START, BaselineVersion: 0, Forced: false, Version: 1, CreatedAt: START };
const FOUND: ProgressFields = { StartedAt: START, BaselineVersion: 1, Forced: false, Version: 1 };
const WAITING: ProgressFields = { StartedAt: START, BaselineVersion: 0, Forced: false };

let world: FakeWorld;
let lifecycle: DeploymentLifecycle;

beforeEach(() => {
  world = new FakeWorld();
  lifecycle = new DeploymentLifecycle(world);
});

async function begin(request: Partial<DeployRequest> = {}) {
  return renderProgress(await lifecycle.begin({ ...REQUEST, ...request }));
}

/** Calls as Step Functions does, until the end or the time that is given in seconds. */
function follow(fields: ProgressFields, request: Partial<DeployRequest> = {}, untilSeconds?: number) {
  return waitedFor(world, () => followOnce(fields, request), untilSeconds);
}

function followOnce(fields: ProgressFields, request: Partial<DeployRequest> = {}, windowSeconds = 300) {
  return lifecycle.waitUntilActive(
    { ...REQUEST, ...request }, parseProgress({ RequestType: 'Create', ...fields }), world.clock.now() + windowSeconds * 1000);
}

async function reasonOf(outcome: Promise<unknown>): Promise<string> {
  const error: Error = await outcome.then((value) => { throw new Error(`It came to ${JSON.stringify(value)}`); }, (thrown: Error) => thrown);
  expect(error.name).toBe('ResourceFailure');
  return error.message;
}

/** Version 1 as it goes up, in the state that Lightsail tells of. */
function activating(code?: 'ACTIVATING_DEPLOYMENT' | 'EVALUATING_HEALTH_CHECK' | 'CREATING_DEPLOYMENT') {
  const nextDeployment: DescribedDeployment = { version: 1, state: 'ACTIVATING', ...DESIRED };
  world.lightsail.deployments = [nextDeployment];
  world.lightsail.service = {
    ...world.lightsail.service!, state: 'DEPLOYING', nextDeployment, ...(code === undefined ? {} : { stateDetail: { code } }),
  };
}

function ends(version: number, state: DescribedDeployment['state'], current?: DescribedDeployment) {
  world.lightsail.deployments = [{ version, state, ...DESIRED }];
  world.lightsail.service = { containerServiceName: 'web', state: current ? 'RUNNING' : 'READY', currentDeployment: current };
}

function active(change: Partial<NonNullable<FakeWorld['lightsail']['service']>> = {}) {
  world.lightsail.deployments = [{ version: 1, state: 'ACTIVE', ...DESIRED }];
  world.lightsail.service = { containerServiceName: 'web', state: 'RUNNING', currentDeployment: world.lightsail.deployments[0], url: 'https://web.example.com/', ...change };
}

/** The seconds at which a method is called if each call fails in this way. */
function secondsOfTries(kind: CallFailureKind, until: number, count = Infinity): number[] {
  const seconds = [0];
  for (let failures = 1; seconds[seconds.length - 1] < until && failures < count; failures++) {
    const pause = backoffMs(failures, failing(kind), REQUEST.requestId) / 1000;
    seconds.push(Math.min(until, Number((seconds[seconds.length - 1] + pause).toFixed(3))));
  }
  return seconds;
}

describe('begin', () => {
  test('deploys at once, and tells so', async () => {
    expect(await begin()).toEqual(CREATED);

    expect(world.calls).toEqual(['0 getService web', '0 getDeployments web', '0 createDeployment web']);
    expect(world.logged[1]).toEqual({ message: 'started', requestId: 'r-1', serviceName: 'web', baselineVersion: 0, version: 1 });
  });

  test('leaves a busy service to isComplete', async () => {
    world.lightsail.service = { containerServiceName: 'web', state: 'UPDATING' };

    expect(await begin()).toEqual({ ...WAITING, OperationBeganAt: START });
    expect(world.clock.now()).toBe(START);
  });

  test.each([
    ['throttled', 1800, 60],
    ['transient', 1800, 60],
    ['throttled', 240, 60],
    ['throttled', 239, 59.75],
    ['throttled', 60, 15],
  ] as const)('tries a call that is %s again, under a timeout of %i seconds for %f', async (kind, timeoutSeconds, patience) => {
    world.fail('getService', ...times(99, failing(kind)));

    expect(await begin({ timeoutSeconds })).toEqual({ StartedAt: START });
    // The patience of onEvent, or half a minute: the rest is left to isComplete.
    const tries = secondsOfTries(kind, Infinity, 6).filter((second) => second <= Math.min(patience, 30));
    expect(world.calls).toEqual(tries.map((second) => `${second} getService web`));
  });

  test('deploys when the call succeeds', async () => {
    world.fail('getService', failing('throttled', 'GetContainerServices'));

    expect(await begin()).toMatchObject({ StartedAt: START, Version: 1 });
    expect(world.logged[0]).toEqual({
      message: 'call failed, trying again', requestId: 'r-1', operation: 'GetContainerServices', error: 'GetContainerServices failed: it was throttled',
    });
  });

  test('retries a call that is denied for up to a minute and a half, as the policy may be new', async () => {
    world.fail('getService', failing('denied'));
    world.callMs = 20_000;
    await begin();
    expect(world.lightsail.created).toHaveLength(1);

    world = new FakeWorld();
    world.fail('getService', failing('denied', 'GetContainerServices'));
    world.callMs = 90_000;
    expect(await reasonOf(new DeploymentLifecycle(world).begin(REQUEST)))
      .toBe('Nothing was deployed to container service "web": GetContainerServices failed: it was denied.');
    expect(world.callsOf('getService')).toEqual(['0 getService web']);
  });

  test('fails at once on what Lightsail refuses, with its words and what serves', async () => {
    world.lightsail.service = { containerServiceName: 'web', state: 'RUNNING', currentDeployment: { version: 7, state: 'ACTIVE', ...OTHER } };
    world.fail('createDeployment', failing('refused', 'CreateContainerServiceDeployment'));

    expect(await reasonOf(begin())).toMatch(new RegExp('^Nothing was deployed to container service "web": CreateContainerServiceDeployment failed: '
      + 'it was refused\\. Version 7 is still serving\\.$', 'm'));
    expect(world.callsOf('createDeployment')).toHaveLength(1);
  });

  test('fails at once where there is no service', async () => {
    world.lightsail.service = undefined;

    expect(await reasonOf(begin())).toContain('there is no container service "web"');
    expect(world.calls).toHaveLength(1);
  });

  test('after a call that failed, deploys only if CloudFormation still waits', async () => {
    world.fail('getService', failing('transient'));
    await begin();
    expect(world.callsOf('beganAt')).toHaveLength(1);

    world.fail('getService', failing('transient'));
    world.began = [undefined];
    world.lightsail.deployments = [];
    world.lightsail.service = { containerServiceName: 'web', state: 'READY' };
    expect(await reasonOf(begin())).toContain('the stack operation was cancelled or has ended');
  });

  test('hands on a fault of the handler', async () => {
    world.fail('getService', new TypeError('a fault'));

    await expect(begin()).rejects.toThrow(TypeError);
  });
});

describe('follow', () => {
  test('looks once in each call, and stays only while Lightsail activates the deployment', async () => {
    activating();
    world.after(40, () => activating('CREATING_DEPLOYMENT'));
    world.after(52, () => activating('EVALUATING_HEALTH_CHECK'));
    world.after(65, () => activating('ACTIVATING_DEPLOYMENT'));
    world.after(73, () => active());

    expect(await follow(CREATED)).toMatchObject({ DeploymentId: 'web/1', DeploymentState: 'ACTIVE', ContainerServiceState: 'RUNNING' });

    expect(world.calls).toEqual([49, 56, 63, 70, 72, 74].map((second) => `${second} getService web`));
    expect(world.logged[0]).toEqual({
      message: 'activating', requestId: 'r-1', serviceName: 'web', serviceState: 'DEPLOYING', stateDetail: 'CREATING_DEPLOYMENT', version: 1,
    });
    expect(world.logged.at(-1)).toEqual({ message: 'checked deployment', requestId: 'r-1', serviceName: 'web', serviceState: 'RUNNING', version: 1, deploymentState: 'ACTIVE' });
  });

  test.each([[44, []], [45, ['45 getService web']]])('%i seconds after its creation a version is looked at: %j', async (seconds, calls) => {
    activating();
    world.clock.advance(seconds * 1000);

    expect(await followOnce(CREATED)).toBeUndefined();
    expect(world.calls).toEqual(calls);
    expect(world.clock.now()).toBe(START + seconds * 1000);
  });

  test('counts from when the version was created, not from when the request came', async () => {
    activating();
    world.after(230, () => active());

    await follow({ ...CREATED, CreatedAt: START + 200_000 });

    expect(world.calls[0]).toBe('245 getService web');
  });

  test('looks at once at what was found, and answers', async () => {
    active();

    expect(await follow(FOUND)).toMatchObject({ DeploymentVersion: '1' });
    expect(world.calls).toEqual(['0 getService web']);
  });

  test('leaves a call after its window, even while Lightsail activates the deployment', async () => {
    activating('ACTIVATING_DEPLOYMENT');

    expect(await followOnce(FOUND, {}, 5)).toBeUndefined();
    expect(world.calls).toEqual([0, 2, 4].map((second) => `${second} getService web`));
  });

  test('finds in the list of versions what is not the current one any more', async () => {
    active({ currentDeployment: { version: 2, state: 'ACTIVE', ...OTHER } });

    expect(await follow(CREATED)).toMatchObject({ DeploymentVersion: '1', DeploymentState: 'ACTIVE' });
    expect(world.calls).toEqual(['49 getService web', '49 getDeployments web']);
  });

  test('takes the current version for active only if it is', async () => {
    active({ currentDeployment: { version: 1, state: 'INACTIVE', ...DESIRED } });
    world.lightsail.deployments = [{ version: 2, state: 'FAILED' }, { version: 1, state: 'INACTIVE', ...DESIRED }];

    expect(await reasonOf(follow(CREATED))).toContain('is INACTIVE');
  });

  test('goes by the list of versions while the service tells of the version in another state', async () => {
    active({ currentDeployment: { version: 1, state: 'ACTIVATING', ...DESIRED } });

    expect(await follow(CREATED)).toMatchObject({ DeploymentState: 'ACTIVE' });
    expect(world.calls).toEqual(['49 getService web', '49 getDeployments web']);
  });

  test('waits while Lightsail does not list the version yet', async () => {
    world.after(52, () => active());

    expect(await follow(CREATED)).toMatchObject({ DeploymentVersion: '1' });
    expect(world.calls).toEqual(['49 getService web', '49 getDeployments web', '54 getService web']);
    expect(world.logged[0]).toEqual({
      message: 'checked deployment', requestId: 'r-1', serviceName: 'web', serviceState: 'READY', version: 1, deploymentState: undefined,
    });
  });

  test('waits while another version goes up, and does not take it for its own', async () => {
    active({ state: 'DEPLOYING', nextDeployment: { version: 2, state: 'ACTIVATING', ...OTHER } });

    expect(await follow(CREATED)).toMatchObject({ DeploymentVersion: '1' });
  });

  test('fails if the version FAILED, with its logs, and looks no further', async () => {
    activating('EVALUATING_HEALTH_CHECK');
    world.after(52, () => ends(1, 'FAILED', { version: 7, state: 'ACTIVE', ...OTHER }));

    const reason = await reasonOf(follow(CREATED));

    expect(reason).toMatch(/^Deployment version 1 of container service "web" FAILED.* Version 7 is still serving\.$/m);
    expect(reason).toMatch(/^Service state RUNNING, last state detail EVALUATING_HEALTH_CHECK\.$/m);
    expect(world.callsOf('getService')).toEqual(['49 getService web', '56 getService web']);
    expect(world.callsOf('getContainerLog')[0]).toBe('56 getContainerLog web app');
  });

  test('fails if something else took its place', async () => {
    ends(1, 'INACTIVE', { version: 2, state: 'ACTIVE', ...OTHER });

    expect(await reasonOf(follow(CREATED))).toBe('Deployment version 1 of container service "web" is INACTIVE: another deployment took its place before it was '
      + 'confirmed. Version 2 is still serving.\nLet only one stack or tool deploy to a container service at a time, then deploy again.');
  });

  test('does not tell that the version serves which did not', async () => {
    ends(1, 'INACTIVE', { version: 1, state: 'ACTIVE', ...OTHER });
    world.lightsail.service = { ...world.lightsail.service!, currentDeployment: { version: 1, state: 'INACTIVE' } };

    expect(await reasonOf(follow(CREATED))).toContain('confirmed. No deployment is active.\n');
  });

  test.each([
    ['DELETING', 'Deployment version 1 of container service "web" cannot become active: container service "web" is DELETING.'],
    ['DISABLED', 'Deployment version 1 of container service "web" cannot become active: container service "web" is DISABLED.'],
    [undefined, 'Deployment version 1 of container service "web" cannot become active: there is no container service "web"'],
  ] as const)('fails at once if the service is %s', async (state, message) => {
    world.lightsail.service = state && { containerServiceName: 'web', state };

    expect(await reasonOf(follow(CREATED))).toContain(message);
    expect(world.calls).toEqual(['49 getService web']);
  });
});

describe('follow, where no version is known', () => {
  beforeEach(() => {
    world.lightsail.service = { containerServiceName: 'web', state: 'UPDATING' };
  });

  test('looks at the busy service in each call, creates, and looks at that when there is something to see', async () => {
    world.after(25, () => { world.lightsail.service = { containerServiceName: 'web', state: 'READY' }; });
    world.after(40, () => world.lightsail.activate(1));

    expect(await follow(WAITING)).toMatchObject({ DeploymentVersion: '1' });
    expect(world.callsOf('getService')).toEqual([0, 7, 14, 21, 28, 35, 42].map((second) => `${second} getService web`));
    expect(world.callsOf('createDeployment')).toEqual(['28 createDeployment web']);
  });

  test('looks at once at what it finds', async () => {
    active();

    expect(await follow(WAITING)).toMatchObject({ DeploymentVersion: '1' });
    expect(world.calls).toEqual(['0 getService web', '0 getDeployments web']);
  });

  test('asks whether the operation still waits before it creates', async () => {
    world.lightsail.service = { containerServiceName: 'web', state: 'READY' };
    world.began = [undefined];

    expect(await reasonOf(follow(WAITING))).toContain('the stack operation was cancelled or has ended');
  });

  test('makes a creation that is throttled again where it is, and leaves the rest to a later call', async () => {
    world.lightsail.service = { containerServiceName: 'web', state: 'READY' };
    world.fail('createDeployment', ...times(99, failing('throttled')));

    expect(await followOnce(WAITING)).toBeUndefined();
    const attempts = world.callsOf('createDeployment').map((call) => Number(call.split(' ')[0]));
    expect(attempts.length).toBeGreaterThanOrEqual(8);
    expect(attempts[3]).toBeLessThan(6);
    expect(attempts.at(-1)).toBeLessThan(40);
  });

  test('fails in time, with what the service is at', async () => {
    expect(await reasonOf(follow(WAITING, { timeoutSeconds: 300 })))
      .toMatch(/^Nothing was deployed to container service "web": it was not ready for a deployment within 300 seconds \(service state UPDATING\)\./);
    expect(world.calls.at(-1)).toBe('245 getService web');
  });

  test('fails in time, with the call that failed last', async () => {
    world.fail('getService', ...times(999, failing('throttled', 'GetContainerServices')));

    expect(await reasonOf(follow(WAITING, { timeoutSeconds: 300 })))
      .toMatch(/^Nothing .*: no deployment could be created within 300 seconds: GetContainerServices failed: it was throttled\.$/m);
    // It backs off as in one long call: five times in four minutes.
    expect(world.calls).toHaveLength(secondsOfTries('throttled', 240).length);
  });

  test('fails if Lightsail refuses the deployment', async () => {
    world.lightsail.service = { containerServiceName: 'web', state: 'READY' };
    world.fail('createDeployment', failing('refused', 'CreateContainerServiceDeployment'));

    expect(await reasonOf(follow(WAITING))).toContain('Nothing was deployed to container service "web": CreateContainerServiceDeployment failed: it was refused.');
    expect(world.callsOf('getContainerLog')).toEqual([]);
  });
});

describe('follow, while the role that pulls private images is new', () => {
  const NEW_ACCESS = { pullAccess: { isNew: true, ecrImages: [] }, secrets: { app: { TOKEN: { secretId: 'token' } } } };
  const SEEN: ProgressFields = { ...WAITING, RoleSeenAt: START };

  beforeEach(() => {
    world.secrets.secrets.token = 'hunter2';
    world.lightsail.service = {
      ...world.lightsail.service!, privateRegistryAccess: { ecrImagePullerRole: { isActive: true, principalArn: 'arn:aws:iam::1:role/puller' } },
    };
  });

  test('asks AWS for nothing, and reads no secret, until the role has effect', async () => {
    for (const second of [0, 7, 14, 21, 28]) {
      world.clock.advance(START + second * 1000 - world.clock.now());
      expect(await followOnce(SEEN, NEW_ACCESS)).toBeUndefined();
      expect(world.clock.now()).toBe(START + second * 1000);
    }
    expect(world.calls).toEqual([]);
    expect(world.secrets.calls).toEqual([]);

    world.clock.advance(2_000);
    await followOnce(SEEN, NEW_ACCESS);
    expect(world.callsOf('createDeployment')).toEqual(['30 createDeployment web']);
  });

  test('creates one version, however often the event is repeated', async () => {
    for (const second of [0, 0, 5, 30, 30, 31, 50]) {
      world.clock.advance(Math.max(0, START + second * 1000 - world.clock.now()));
      await followOnce(SEEN, NEW_ACCESS);
    }
    expect(world.callsOf('createDeployment')).toHaveLength(1);
  });

  test('creates at once where the event comes late', async () => {
    world.clock.advance(200_000);
    await followOnce(SEEN, NEW_ACCESS);

    expect(world.callsOf('createDeployment')).toEqual(['200 createDeployment web']);
  });

  test('finds what a later event made, where an earlier one comes after it', async () => {
    world.clock.advance(40_000);
    await followOnce({ ...SEEN, RoleSeenAt: START }, NEW_ACCESS);
    await followOnce({ ...SEEN, RoleSeenAt: START + 5_000 }, NEW_ACCESS);

    expect(world.callsOf('createDeployment')).toHaveLength(1);
  });

  test('looks again once there is no time left for a deployment, though the clock that saw the role was wrong', async () => {
    const wrong = { ...SEEN, RoleSeenAt: START + 3_600_000 };
    const reason = await reasonOf(follow(wrong, { ...NEW_ACCESS, timeoutSeconds: 240 }));

    expect(reason).toContain('Nothing was deployed');
    expect(world.callsOf('getService')[0]).toMatch(/^12\d getService web$/);
    expect(world.callsOf('createDeployment')).toEqual([]);
  });

  test('looks at once where the role is not new', async () => {
    await followOnce(SEEN, { ...NEW_ACCESS, pullAccess: { isNew: false, ecrImages: [] } });

    expect(world.callsOf('createDeployment')).toEqual(['0 createDeployment web']);
  });
});

describe('the deadline', () => {
  const busy = () => { world.lightsail.service = { containerServiceName: 'web', state: 'UPDATING' }; };

  test.each([[1_669, 1], [1_679, 0], [1_681, 0]])('leaves a deployment the time that it needs: ready after %d seconds of 1800, %d are created', async (seconds, created) => {
    busy();
    world.after(seconds, () => { world.lightsail.service = { containerServiceName: 'web', state: 'READY' }; });

    await reasonOf(follow(WAITING));
    expect(world.lightsail.created).toHaveLength(created);
  });

  test('tells what kept the deployment from being made, though it was too late then to try once more', async () => {
    world.fail('createDeployment', ...times(500, failing('busy', 'CreateContainerServiceDeployment')));

    expect(await reasonOf(follow(WAITING))).toContain('could be created within 1800 seconds: CreateContainerServiceDeployment failed: it was busy.');
  });

  test('does not tell of a call that failed when the others after it did not', async () => {
    busy();
    world.fail('getService', failing('transient'));
    expect(await reasonOf(follow(WAITING))).toContain('it was not ready for a deployment within 1800 seconds');
  });

  test('does not tell of a call that failed late when the others after it did not', async () => {
    activating('ACTIVATING_DEPLOYMENT');
    world.after(1_700, () => world.fail('getService', failing('transient')));
    expect(await reasonOf(follow(CREATED))).not.toContain('The last call');
  });

  test.each([
    [3600, 3542],
    [1800, 1743],
    [240, 182],
    [239, 182],
    [60, 49],
  ])('of a timeout of %i seconds lets it look for the last time after %f', async (timeoutSeconds, last) => {
    activating('CREATING_DEPLOYMENT');

    const reason = await reasonOf(follow(CREATED, { timeoutSeconds }));

    expect(reason).toContain(`Deployment version 1 of container service "web" did not become ACTIVE within ${timeoutSeconds} seconds `
      + '(service state DEPLOYING, last state detail CREATING_DEPLOYMENT)');
    expect(reason).toContain(`If startup is just slow, increase \`timeout\` (${timeoutSeconds} s)`);
    const looks = world.callsOf('getService');
    expect(looks[0]).toBe('49 getService web');
    expect(looks.at(-1)).toBe(`${last} getService web`);
    expect(looks).toHaveLength((last - 49) / 7 + 1);
  });

  test.each([
    [1800, [1743, 1748, 1753, 1758, 1763]],
    [120, [91, 96, 101]],
    [60, [49]],
  ])('of a timeout of %i seconds leaves time for the logs', async (timeoutSeconds, seconds) => {
    activating();

    await reasonOf(follow(CREATED, { timeoutSeconds }));

    expect(world.callsOf('getContainerLog')).toEqual(seconds.map((second) => `${second} getContainerLog web app`));
    expect(world.clock.now()).toBeLessThan(START + timeoutSeconds * 1000);
  });

  test('finds what became active at the last look', async () => {
    activating();
    world.after(1740, () => active());

    expect(await follow(CREATED)).toMatchObject({ DeploymentVersion: '1' });
  });
});

describe('calls that fail while it follows', () => {
  test.each(['throttled', 'transient', 'busy'] as const)('%s: it tries again, and goes back to its pace when one succeeds', async (kind) => {
    activating();
    world.fail('getService', failing(kind, 'GetContainerServices'), failing(kind, 'GetContainerServices'));
    const [, second, third] = secondsOfTries(kind, 999);

    expect(await follow(FOUND, {}, 60)).toBeUndefined();
    expect(world.calls.slice(0, 5)).toEqual([0, second, third, third + 7, third + 14].map((at) => `${Number(at.toFixed(3))} getService web`).slice(0, world.calls.length));
    expect(world.logged[0]).toEqual({
      message: 'call failed, trying again', requestId: 'r-1', operation: 'GetContainerServices', error: `GetContainerServices failed: it was ${kind}`,
    });
  });

  test.each(['refused', 'missing'] as const)('%s: fails, and tells that the deployment goes on', async (kind) => {
    world.fail('getService', failing(kind, 'GetContainerServices'));

    expect(await reasonOf(follow(CREATED))).toBe(`Cannot check deployment version 1 of container service "web": GetContainerServices failed: it was ${kind}\n`
      + 'Lightsail is still deploying it. If the message names a permission, grant it to the role of the handler. Then deploy again.');
  });

  test.each([
    [89.999, true],
    [90, false],
  ])('denied %f seconds after the request came: borne %p', async (seconds, borne) => {
    activating();
    world.after(95, () => active());
    world.clock.advance(seconds * 1000);
    world.fail('getService', failing('denied'));

    if (borne) expect(await follow(FOUND)).toMatchObject({ DeploymentVersion: '1' });
    else expect(await reasonOf(follow(FOUND))).toContain('Cannot check deployment version 1 of container service "web": Operation failed: it was denied');
  });

  test('hands on a fault of the handler', async () => {
    world.fail('getService', new TypeError('a fault'));

    await expect(follow(CREATED)).rejects.toThrow(TypeError);
  });

  test('tells of the last one if the time runs out', async () => {
    world.fail('getService', ...times(999, failing('transient', 'GetContainerServices')));

    const reason = await reasonOf(follow(CREATED, { timeoutSeconds: 60 }));

    expect(reason).toContain('Deployment version 1 of container service "web" did not become ACTIVE within 60 seconds');
    expect(reason).toContain('Last error: GetContainerServices failed: it was transient');
  });
});

describe('a version that will not come', () => {
  const MINUTES = (count: number) => START + count * 60_000;

  test('fails within two minutes if Lightsail does not list it: the service was probably created again', async () => {
    world.lightsail.service = { containerServiceName: 'web', state: 'READY' };
    world.lightsail.deployments = [];

    expect(await reasonOf(follow({ ...CREATED, Version: 7 }))).toMatch(
      /^Deployment version 7 of container service "web" will not become active: Lightsail does not list it\. The service was probably deleted and created again/);
    expect(world.clock.now()).toBeLessThan(MINUTES(2));
  });

  test('fails within two minutes if its state is unknown, and names the state', async () => {
    ends(1, 'CANCELLED' as DescribedDeployment['state']);

    expect(await reasonOf(follow(CREATED))).toContain('its state is "CANCELLED", which this handler does not know');
    expect(world.clock.now()).toBeLessThan(MINUTES(2));
  });

  test.each([30, 60])('is waited for if it is listed %i seconds late', async (seconds) => {
    world.after(21 + seconds, () => active());

    expect(await follow(CREATED)).toMatchObject({ DeploymentVersion: '1' });
  });

  test('is not given up while the service is busy', async () => {
    world.lightsail.service = { containerServiceName: 'web', state: 'UPDATING' };
    world.after(400, () => active());

    expect(await follow(CREATED)).toMatchObject({ DeploymentVersion: '1' });
  });

  test('is given up only for looks in a row', async () => {
    world.lightsail.deployments = [];
    world.after(60, () => activating());
    world.after(100, () => { world.lightsail.service = { containerServiceName: 'web', state: 'READY' }; world.lightsail.deployments = []; });
    world.after(150, () => active());

    expect(await follow(CREATED)).toMatchObject({ DeploymentVersion: '1' });
  });
});

describe('a Region without Lightsail', () => {
  test('fails within a minute, with the name that does not exist', async () => {
    world.fail('getService', ...times(99, failing('unreachable', 'GetContainerServices')));
    const begun = await begin().catch((error: Error) => error.message);
    const reason = typeof begun === 'string' ? begun : await reasonOf(follow(begun));

    expect(reason).toContain('Nothing was deployed to container service "web": GetContainerServices failed: it was unreachable');
    expect(world.clock.now()).toBeLessThan(START + 60_000);
  });

  test('is not what a moment of trouble with DNS looks like, once Lightsail has answered', async () => {
    world.after(50, () => active());
    world.fail('getService', ...times(3, failing('unreachable')));

    expect(await follow(CREATED)).toMatchObject({ DeploymentVersion: '1' });
  });
});

describe('waitForUrl', () => {
  const WAIT = { waitForUrl: true };

  test('asks the URL with the path of the health check, in each call until it answers with a success code', async () => {
    active();
    world.urlAnswers = [{ status: 404 }, { error: 'ECONNRESET' }, { status: 300 }, { status: 299 }];

    expect(await follow(FOUND, WAIT)).toMatchObject({ DeploymentVersion: '1' });
    expect(world.callsOf('get')).toEqual([0, 7, 14, 21].map((second) => `${second} get https://web.example.com/healthz`));
    expect(world.logged.filter(({ message }) => message === 'requested the public URL').map(({ answer }) => answer)).toEqual(['404', 'ECONNRESET', '300', '299']);
    expect(world.logged).toContainEqual({ message: 'requested the public URL', serviceName: 'web', url: 'https://web.example.com/healthz', answer: '404' });
  });

  test.each([
    [undefined, 200, true],
    [undefined, 399, true],
    [undefined, 404, false],
    ['200-499', 404, true],
    ['404', 404, true],
    ['200', 204, false],
  ])('with the success codes %s, the answer %i is enough: %p', async (successCodes, status, enough) => {
    active();
    world.urlAnswers = [{ status }];
    const desired = { ...DESIRED, publicEndpoint: { ...DESIRED.publicEndpoint, healthCheck: { path: '/healthz', successCodes } } };

    expect(await followOnce(FOUND, { ...WAIT, desired })).toEqual(enough ? expect.objectContaining({ DeploymentVersion: '1' }) : undefined);
  });

  test.each([
    ['https://web.example.com', '/x', 'https://web.example.com/x'],
    ['https://web.example.com/', 'x', 'https://web.example.com/x'],
    ['https://web.example.com/', undefined, 'https://web.example.com/'],
    [undefined, '/x', '/x'],
  ])('asks %s with the path %s as %s', async (url, path, asked) => {
    active({ url, currentDeployment: { version: 1, state: 'ACTIVE', publicEndpoint: { healthCheck: { path } } } });

    await follow(FOUND, WAIT);

    expect(world.callsOf('get')).toEqual([`0 get ${asked}`]);
  });

  test('is not asked unless it is to be', async () => {
    active();
    world.urlAnswers = [{ status: 404 }];

    expect(await follow(FOUND)).toMatchObject({ DeploymentVersion: '1' });
    expect(world.callsOf('get')).toEqual([]);
  });

  test.each([
    [{ status: 404 }, 'GET https://web.example.com/healthz answers 404, expected 200-299'],
    [{ error: 'ECONNRESET' }, 'GET https://web.example.com/healthz gets no answer (ECONNRESET)'],
  ])('fails in time, with what the URL answers: %j', async (answer, words) => {
    active();
    world.urlAnswers = [answer];

    expect(await reasonOf(follow(FOUND, { ...WAIT, timeoutSeconds: 60 }))).toBe('Deployment version 1 of container service "web" is ACTIVE, but its public URL did '
      + `not answer within 60 seconds: ${words}.\nFix the response at that URL, or increase \`timeout\` on the ContainerServiceDeployment.`);
    expect(world.calls.at(-1)).toBe('49 get https://web.example.com/healthz');
  });

  test.each<[string, object]>([
    ['an environment variable that says so', { desired: { containers: { app: { image: 'nginx', environment: { HEALTH_TOKEN: 'xyzzy-7f3a' } } } } }],
    ['a secret', { secrets: { app: { GREETING: { parameterName: '/greeting' } } } }],
  ])('tells nobody what %s holds, where the path of the health check has it', async (_, request) => {
    const path = '/healthz?token=xyzzy-7f3a';
    const containers = { app: { environment: { GREETING: 'xyzzy-7f3a' } } };
    active({ currentDeployment: { version: 1, state: 'ACTIVE', containers, publicEndpoint: { healthCheck: { path } } } });
    world.urlAnswers = [{ error: `Failed to parse ${path}` }];

    const reason = await reasonOf(follow(FOUND, { ...WAIT, ...request, timeoutSeconds: 60 }));

    expect(world.callsOf('get')[0]).toContain(path);
    expect(reason).toContain('GET https://web.example.com/healthz?token=*** gets no answer (Failed to parse /healthz?token=***)');
    expect(JSON.stringify([reason, world.logged])).not.toContain('xyzzy-7f3a');
  });
});
