import { deployRequest } from './deploy-request';
import type { CallFailureKind } from '../../../lambda/clients/call-failure';
import type { DescribedDeployment } from '../../../lambda/clients/lightsail';
import { DeploymentLifecycle } from '../../../lambda/deployment/deployment-lifecycle';
import { msUntilNextLook } from '../../../lambda/deployment/poll-interval';
import type { DeployRequest, Progress } from '../../../lambda/deployment/request/request';
import { failing, FakeWorld, START, times } from '../fake-world';

const DESIRED = {
  containers: { app: { image: 'nginx:2' } },
  publicEndpoint: { containerName: 'app', containerPort: 80, healthCheck: { path: '/healthz', successCodes: '200-299' } },
};
const OTHER = { containers: { app: { image: 'nginx:1' } } };
const REQUEST = deployRequest({ desired: DESIRED });
const EVER = Number.MAX_SAFE_INTEGER;

/** The version was created when the request came. */
const CREATED: Progress = { StartedAt: START, BaselineVersion: 0, Forced: false, Version: 1, CreatedAt: START };
const FOUND: Progress = { StartedAt: START, BaselineVersion: 1, Forced: false, Version: 1 };
const WAITING: Progress = { StartedAt: START, BaselineVersion: 0, Forced: false };

let world: FakeWorld;
let lifecycle: DeploymentLifecycle;

beforeEach(() => {
  world = new FakeWorld();
  lifecycle = new DeploymentLifecycle(world);
});

function begin(request: Partial<DeployRequest> = {}) {
  return lifecycle.begin({ ...REQUEST, ...request });
}

function follow(progress: Progress, request: Partial<DeployRequest> = {}, waitUntil = EVER) {
  return lifecycle.follow({ ...REQUEST, ...request }, progress, waitUntil);
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
function secondsOfTries(kind: CallFailureKind, until: number): number[] {
  const seconds = [0];
  for (let troubles = 1; seconds[seconds.length - 1] < until; troubles++) {
    const pause = msUntilNextLook({ troubles, lastTrouble: failing(kind) }, REQUEST.requestId) / 1000;
    seconds.push(Math.min(until, Number((seconds[seconds.length - 1] + pause).toFixed(3))));
  }
  return seconds;
}

describe('begin', () => {
  test('deploys at once, and tells so', async () => {
    expect(await begin()).toEqual(CREATED);

    expect(world.calls).toEqual(['0 getService web', '0 getDeployments web', '0 createDeployment web']);
    expect(world.logged[1]).toEqual({ message: 'begun', requestId: 'r-1', serviceName: 'web', baselineVersion: 0, version: 1 });
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
    expect(world.calls).toEqual(secondsOfTries(kind, patience).map((second) => `${second} getService web`));
  });

  test('deploys when the call succeeds', async () => {
    world.fail('getService', failing('throttled', 'GetContainerServices'));

    expect(await begin()).toMatchObject({ StartedAt: START, Version: 1 });
    expect(world.logged[0]).toEqual({
      message: 'call failed, trying again', requestId: 'r-1', operation: 'GetContainerServices', error: 'GetContainerServices failed: it was throttled',
    });
  });

  test('takes a policy for new that denies a call for up to half a minute', async () => {
    world.fail('getService', failing('denied'));
    world.callMs = 29_999;
    await begin();
    expect(world.lightsail.created).toHaveLength(1);

    world = new FakeWorld();
    world.fail('getService', failing('denied', 'GetContainerServices'));
    world.callMs = 30_000;
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
  test('looks first after ten seconds, then as often as the state detail asks for, and answers the attributes', async () => {
    activating();
    world.after(11, () => activating('CREATING_DEPLOYMENT'));
    world.after(80, () => activating('EVALUATING_HEALTH_CHECK'));
    world.after(130, () => activating('ACTIVATING_DEPLOYMENT'));
    world.after(145, () => active());

    expect(await follow(CREATED)).toMatchObject({ DeploymentId: 'web/1', DeploymentState: 'ACTIVE', ContainerServiceState: 'RUNNING' });

    // 22.5 = 90 / 4, and 25 at most; 3.8 while Lightsail activates.
    expect(world.calls).toEqual([10, 50, 90, 112.5, 137.5, 141.3, 145.1].map((second) => `${second} getService web`));
    expect(world.logged[1]).toEqual({
      message: 'activating', requestId: 'r-1', serviceName: 'web', serviceState: 'DEPLOYING', stateDetail: 'CREATING_DEPLOYMENT', version: 1,
    });
    expect(world.logged.at(-1)).toEqual({ message: 'looked', requestId: 'r-1', serviceName: 'web', serviceState: 'RUNNING', version: 1, deploymentState: 'ACTIVE' });
  });

  test('counts from when the version was created, not from when the request came', async () => {
    activating('EVALUATING_HEALTH_CHECK');
    world.after(300, () => active());

    await follow({ ...CREATED, CreatedAt: START + 200_000 });

    expect(world.calls.slice(0, 2)).toEqual(['210 getService web', '222 getService web']);
  });

  test('counts from when the request came where the version was found', async () => {
    activating('EVALUATING_HEALTH_CHECK');
    world.clock.advance(60_000);
    world.after(70, () => active());

    await follow(FOUND);

    expect(world.calls).toEqual(['60 getService web', '75 getService web']);
  });

  test('looks at once at what was found, and answers', async () => {
    active();

    expect(await follow(FOUND)).toMatchObject({ DeploymentVersion: '1' });
    expect(world.calls).toEqual(['0 getService web']);
  });

  test.each([
    [719, ['10 getService web', '50 getService web', '90 getService web']],
    [91, ['10 getService web', '50 getService web', '90 getService web', '130 getService web']],
    [90, ['10 getService web', '50 getService web', '90 getService web']],
    [89.999, ['10 getService web', '50 getService web', '90 getService web']],
    [10, ['10 getService web']],
    [0, ['10 getService web']],
  ])('looks no further than until %f seconds', async (until, calls) => {
    activating();

    expect(await follow(CREATED, {}, START + until * 1000)).toBeUndefined();
    expect(world.calls.slice(0, calls.length)).toEqual(calls);
    if (until < 719) expect(world.calls).toEqual(calls);
  });

  test('finds in the list of versions what is not the current one any more', async () => {
    active({ currentDeployment: { version: 2, state: 'ACTIVE', ...OTHER } });

    expect(await follow(CREATED)).toMatchObject({ DeploymentVersion: '1', DeploymentState: 'ACTIVE' });
    expect(world.calls).toEqual(['10 getService web', '10 getDeployments web']);
  });

  test('takes the current version for active only if it is', async () => {
    active({ currentDeployment: { version: 1, state: 'INACTIVE', ...DESIRED } });
    world.lightsail.deployments = [{ version: 2, state: 'FAILED' }, { version: 1, state: 'INACTIVE', ...DESIRED }];

    expect(await reasonOf(follow(CREATED))).toContain('is INACTIVE');
  });

  test('goes by the list of versions while the service tells of the version in another state', async () => {
    active({ currentDeployment: { version: 1, state: 'ACTIVATING', ...DESIRED } });

    expect(await follow(CREATED)).toMatchObject({ DeploymentState: 'ACTIVE' });
    expect(world.calls).toEqual(['10 getService web', '10 getDeployments web']);
  });

  test('waits while Lightsail does not list the version yet', async () => {
    world.after(40, () => active());

    expect(await follow(CREATED)).toMatchObject({ DeploymentVersion: '1' });
    expect(world.calls).toEqual(['10 getService web', '10 getDeployments web', '50 getService web']);
    expect(world.logged[0]).toEqual({
      message: 'looked', requestId: 'r-1', serviceName: 'web', serviceState: 'READY', version: 1, deploymentState: undefined,
    });
  });

  test('waits while another version goes up, and does not take it for its own', async () => {
    active({ state: 'DEPLOYING', nextDeployment: { version: 2, state: 'ACTIVATING', ...OTHER } });

    expect(await follow(CREATED)).toMatchObject({ DeploymentVersion: '1' });
  });

  test('fails if the version FAILED, with its logs, and looks no further', async () => {
    activating('EVALUATING_HEALTH_CHECK');
    world.after(15, () => ends(1, 'FAILED', { version: 7, state: 'ACTIVE', ...OTHER }));

    const reason = await reasonOf(follow(CREATED));

    expect(reason).toMatch(/^Deployment version 1 of container service "web" FAILED.* Version 7 is still serving\.$/m);
    expect(reason).toMatch(/^Service state RUNNING, last state detail EVALUATING_HEALTH_CHECK\.$/m);
    expect(world.callsOf('getService')).toEqual(['10 getService web', '22 getService web']);
    expect(world.callsOf('getContainerLog')[0]).toBe('22 getContainerLog web app');
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
    expect(world.calls).toEqual(['10 getService web']);
  });
});

describe('follow, where no version is known', () => {
  beforeEach(() => {
    world.lightsail.service = { containerServiceName: 'web', state: 'UPDATING' };
  });

  test('asks every ten seconds, creates, and looks at that when there is something to see', async () => {
    world.after(25, () => { world.lightsail.service = { containerServiceName: 'web', state: 'READY' }; });
    world.after(40, () => world.lightsail.activate(1));

    expect(await follow(WAITING)).toMatchObject({ DeploymentVersion: '1' });
    expect(world.callsOf('getService')).toEqual([0, 10, 20, 30, 70].map((second) => `${second} getService web`));
    expect(world.callsOf('createDeployment')).toEqual(['30 createDeployment web']);
  });

  test('counts from when it created the version', async () => {
    world.after(100, () => { world.lightsail.service = { containerServiceName: 'web', state: 'READY' }; });
    world.after(139, () => { world.lightsail.service = { ...world.lightsail.service!, stateDetail: { code: 'EVALUATING_HEALTH_CHECK' } }; });
    world.after(153, () => world.lightsail.activate(1));

    await follow(WAITING);

    expect(world.callsOf('getService').slice(-4)).toEqual([100, 140, 152, 165].map((second) => `${second} getService web`));
  });

  test('looks at once at what it finds', async () => {
    active();

    expect(await follow(WAITING)).toMatchObject({ DeploymentVersion: '1' });
    expect(world.calls).toEqual(['0 getService web', '0 getDeployments web', '0 getService web']);
  });

  test('asks whether the operation still waits before it creates', async () => {
    world.lightsail.service = { containerServiceName: 'web', state: 'READY' };
    world.began = [undefined];

    expect(await reasonOf(follow(WAITING))).toContain('the stack operation was cancelled or has ended');
  });

  test('backs off further each time that a creation is refused for now', async () => {
    world.lightsail.service = { containerServiceName: 'web', state: 'READY' };
    world.fail('createDeployment', ...times(3, failing('throttled')));

    expect(await follow(WAITING, {}, START + 40_000)).toBeUndefined();
    expect(world.callsOf('createDeployment')).toEqual(secondsOfTries('throttled', 999).slice(0, 4).map((second) => `${second} createDeployment web`));
  });

  test('fails in time, with what the service is at', async () => {
    expect(await reasonOf(follow(WAITING, { timeoutSeconds: 300 })))
      .toMatch(/^Nothing was deployed to container service "web": it was not ready for a deployment within 300 seconds \(service state UPDATING\)\./);
    expect(world.calls.at(-1)).toBe('240 getService web');
  });

  test('fails in time, with the call that failed last', async () => {
    world.fail('getService', ...times(999, failing('throttled', 'GetContainerServices')));

    expect(await reasonOf(follow(WAITING, { timeoutSeconds: 300 })))
      .toMatch(/^Nothing .*: no deployment could be created within 300 seconds: GetContainerServices failed: it was throttled\.$/m);
    expect(world.calls).toEqual(secondsOfTries('throttled', 240).map((second) => `${second} getService web`));
  });

  test('fails if Lightsail refuses the deployment', async () => {
    world.lightsail.service = { containerServiceName: 'web', state: 'READY' };
    world.fail('createDeployment', failing('refused', 'CreateContainerServiceDeployment'));

    expect(await reasonOf(follow(WAITING))).toContain('Nothing was deployed to container service "web": CreateContainerServiceDeployment failed: it was refused.');
    expect(world.callsOf('getContainerLog')).toEqual([]);
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
    [3600, 3540],
    [1800, 1740],
    [240, 180],
    [239, 179.25],
    [60, 45],
  ])('of a timeout of %i seconds lets it look for the last time after %f', async (timeoutSeconds, last) => {
    activating('CREATING_DEPLOYMENT');

    const reason = await reasonOf(follow(CREATED, { timeoutSeconds }));

    expect(reason).toContain(`Deployment version 1 of container service "web" did not become ACTIVE within ${timeoutSeconds} seconds `
      + '(service state DEPLOYING, last state detail CREATING_DEPLOYMENT)');
    expect(reason).toContain(`If startup is just slow, increase \`timeout\` (${timeoutSeconds} s)`);
    const looks = world.callsOf('getService');
    expect(looks[0]).toBe('10 getService web');
    expect(looks.at(-1)).toBe(`${last} getService web`);
    expect(looks).toHaveLength(Math.ceil((last - 10) / 40) + 1);
  });

  test.each([
    [1800, [1740, 1750, 1760, 1770, 1780]],
    [120, [90, 100]],
    [60, [45]],
  ])('of a timeout of %i seconds leaves time for the logs', async (timeoutSeconds, seconds) => {
    activating();

    await reasonOf(follow(CREATED, { timeoutSeconds }));

    expect(world.callsOf('getContainerLog')).toEqual(seconds.map((second) => `${second} getContainerLog web app`));
    expect(world.clock.now()).toBeLessThan(START + timeoutSeconds * 1000);
  });

  test('is not passed by the wait for the first look', async () => {
    activating();

    await reasonOf(follow({ ...CREATED, CreatedAt: START + 1_739_000 }));

    expect(world.callsOf('getService')).toEqual(['1740 getService web']);
  });

  test('that is over lets it look once, without a wait', async () => {
    activating();
    world.clock.advance(1_741_000);

    await reasonOf(follow({ ...CREATED, CreatedAt: START + 1_739_000 }));

    expect(world.callsOf('getService')).toEqual(['1741 getService web']);
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

    expect(await follow(FOUND, {}, START + 60_000)).toBeUndefined();
    expect(world.calls.slice(0, 5)).toEqual([0, second, third, third + 40, third + 80].map((at) => `${Number(at.toFixed(3))} getService web`).slice(0, world.calls.length));
    expect(world.logged[0]).toEqual({
      message: 'call failed, trying again', requestId: 'r-1', operation: 'GetContainerServices', error: `GetContainerServices failed: it was ${kind}`,
    });
  });

  test.each(['refused', 'missing'] as const)('%s: fails, and tells that the deployment goes on', async (kind) => {
    world.fail('getService', failing(kind, 'GetContainerServices'));

    expect(await reasonOf(follow(CREATED))).toBe(`Deployment version 1 of container service "web" cannot be followed: GetContainerServices failed: it was ${kind}\n`
      + 'It goes its way on Lightsail. Let the handler make the call, then deploy again.');
  });

  test.each([
    [29.999, true],
    [30, false],
  ])('denied %f seconds after the request came: borne %p', async (seconds, borne) => {
    activating();
    world.after(35, () => active());
    world.clock.advance(seconds * 1000);
    world.fail('getService', failing('denied'));

    if (borne) expect(await follow(FOUND)).toMatchObject({ DeploymentVersion: '1' });
    else expect(await reasonOf(follow(FOUND))).toContain('cannot be followed: Operation failed: it was denied');
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

describe('waitForUrl', () => {
  const WAIT = { waitForUrl: true };

  test('asks the URL with the path of the health check, every five seconds until it answers with a success code', async () => {
    active();
    world.urlAnswers = [{ status: 404 }, { trouble: 'ECONNRESET' }, { status: 300 }, { status: 299 }];

    expect(await follow(FOUND, WAIT)).toMatchObject({ DeploymentVersion: '1' });
    expect(world.callsOf('get')).toEqual([0, 5, 10, 15].map((second) => `${second} get https://web.example.com/healthz`));
    expect(world.logged.filter(({ message }) => message === 'asked the public URL').map(({ answer }) => answer)).toEqual(['404', 'ECONNRESET', '300', '299']);
    expect(world.logged).toContainEqual({ message: 'asked the public URL', serviceName: 'web', url: 'https://web.example.com/healthz', answer: '404' });
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
    [{ status: 404 }, 'GET https://web.example.com/healthz answers 404, and 200-299 is asked for'],
    [{ trouble: 'ECONNRESET' }, 'GET https://web.example.com/healthz is not answered (ECONNRESET)'],
  ])('fails in time, with what the URL answers: %j', async (answer, words) => {
    active();
    world.urlAnswers = [answer];

    expect(await reasonOf(follow(FOUND, { ...WAIT, timeoutSeconds: 60 }))).toBe('Deployment version 1 of container service "web" is ACTIVE, but its public URL did '
      + `not answer within 60 seconds: ${words}.\nMend what answers there, or raise the timeout of the ContainerServiceDeployment.`);
    expect(world.calls.at(-1)).toBe('45 get https://web.example.com/healthz');
  });

  test.each<[string, object]>([
    ['an environment variable that says so', { desired: { containers: { app: { image: 'nginx', environment: { HEALTH_TOKEN: 'xyzzy-7f3a' } } } } }],
    ['a secret', { secrets: { app: { GREETING: { parameterName: '/greeting' } } } }],
  ])('tells nobody what %s holds, where the path of the health check has it', async (_, request) => {
    const path = '/healthz?token=xyzzy-7f3a';
    const containers = { app: { environment: { GREETING: 'xyzzy-7f3a' } } };
    active({ currentDeployment: { version: 1, state: 'ACTIVE', containers, publicEndpoint: { healthCheck: { path } } } });
    world.urlAnswers = [{ trouble: `Failed to parse ${path}` }];

    const reason = await reasonOf(follow(FOUND, { ...WAIT, ...request, timeoutSeconds: 60 }));

    expect(world.callsOf('get')[0]).toContain(path);
    expect(reason).toContain('GET https://web.example.com/healthz?token=*** is not answered (Failed to parse /healthz?token=***)');
    expect(JSON.stringify([reason, world.logged])).not.toContain('xyzzy-7f3a');
  });
});
