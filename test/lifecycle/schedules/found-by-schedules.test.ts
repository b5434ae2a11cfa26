import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import { OWNER_TAG } from '../../../lambda/deployment/ownership';
import { ContainerImage, ContainerSecret } from '../../../lib';
import { Outcome, Fault } from '../../emulator';
import { webApp, type WebAppOptions } from '../apps/apps';
import type { CloudFormation } from '../cloudformation/cloudformation';
import { staleStackState, violations } from '../invariants/invariants';
import { Recorder, type RecordedCloud } from '../invariants/recorder';

/*
 * What schedules at random, or a look for where they might lead, found wrong once.
 */
const SECOND = 1_000;
const MINUTE = 60 * SECOND;

let recorded: RecordedCloud;
let cloud: CloudFormation;

beforeEach(async () => {
  recorded = await Recorder.start();
  ({ cloud } = recorded);
  cloud.emulator.createService({ serviceName: 'web' });
});

afterEach(() => recorded.stop());

function owning(image = 'nginx:1.27', options: WebAppOptions = {}) {
  return webApp(image, { isImported: true, removalPolicy: RemovalPolicy.DESTROY, ...options });
}

function retaining(image = 'nginx:1.27', options: WebAppOptions = {}) {
  return webApp(image, { isImported: true, ...options });
}

/** Deploys the same as `webApp`, as someone else. */
function deployByHand(serviceName = 'web') {
  cloud.emulator.invoke('CreateContainerServiceDeployment', {
    serviceName, containers: { app: { image: 'nginx:1.27', ports: { 80: 'HTTP' } } }, publicEndpoint: { containerName: 'app', containerPort: 80 },
  });
}

/** Lets everything end, and then checks the promises. */
function expectTheTruth() {
  cloud.emulator.clock.advance(60 * MINUTE);
  expect(violations(recorded.recorder)).toEqual([]);
  expect(staleStackState(cloud)).toEqual([]);
}

/** Cancels a deployment so long after its event was sent, and carries everything to its end. */
async function cancelling(source: Parameters<CloudFormation['prepare']>[0], afterMs: number, stack = cloud) {
  const prepared = stack.prepare(source);
  const [orphan] = await cloud.emulator.clock.concurrently<unknown>([
    () => prepared.answer(),
    async () => {
      await cloud.emulator.clock.sleep(afterMs);
      await prepared.cancel().rollBack();
    },
  ]);
  return orphan;
}

describe('DESTROY', () => {
  test('a claim that a failed create left does not count as a running deployment: the next cancelled create is disabled', async () => {
    cloud.emulator.outcomes.forNextDeployment('web', Outcome.processExits());
    expect((await cloud.deploy(owning())).status).toBe('ROLLBACK_COMPLETE');
    expect(cloud.emulator.service('web')!.tags).toMatchObject([{ key: OWNER_TAG }]);

    cloud = cloud.anotherStack('Next');
    await cancelling(owning(), 1 * MINUTE);

    expect(cloud.emulator.service('web')!.state).toBe('DISABLED');
    expectTheTruth();
  });

  test.each([
    ['before the next try', 15 * SECOND, { 1: 'ACTIVE', 2: 'FAILED' }],
    ['while there is none', 15 * MINUTE, { 1: 'ACTIVE' }],
  ])('a deployment of someone else under the claimed number is not disabled: %s', async (_, creating, expected) => {
    cloud.emulator.faults.add({ operation: 'CreateContainerServiceDeployment', fault: Fault.throttled(), times: 2 });
    cloud.emulator.outcomes.forNextDeployment('web', Outcome.succeeds({ phases: { creating, evaluating: SECOND, activating: SECOND } }));
    cloud.emulator.outcomes.forNextDeployment('web', Outcome.processExits({ failsAfter: MINUTE }));
    cloud.emulator.after(100, () => cloud.emulator.invoke('CreateContainerServiceDeployment', {
      serviceName: 'web', containers: { app: { image: 'nginx:1.27', environment: { LEVEL: 'mine' }, ports: { 80: 'HTTP' } } }, publicEndpoint: { containerName: 'app', containerPort: 80 },
    }));

    const app = owning('nginx:1.27', { timeout: Duration.minutes(10), environment: { LEVEL: 'info' } });
    expect((await cloud.deploy(app)).status).toBe('ROLLBACK_COMPLETE');

    cloud.emulator.clock.advance(60 * MINUTE);
    expect(cloud.emulator.service('web')).toMatchObject({ state: 'RUNNING', currentDeployment: { version: 1, state: 'ACTIVE' } });
    expect(cloud.versions()).toEqual(expected);
    expectTheTruth();
  });

  test('a deployment of someone else with all requested settings but the secrets is not disabled', async () => {
    cloud.sources.put('/web/token', 't0ken');
    cloud.emulator.faults.add({ operation: 'CreateContainerServiceDeployment', fault: Fault.throttled(), times: 2 });
    cloud.emulator.outcomes.forNextDeployment('web', Outcome.succeeds({ phases: { creating: 15 * MINUTE } }));
    cloud.emulator.after(100, () => cloud.emulator.invoke('CreateContainerServiceDeployment', {
      serviceName: 'web', containers: { app: { image: 'nginx:1.27', environment: { LEVEL: 'info' } } },
    }));

    const { status } = await cloud.deploy((stack) => {
      const parameter = ssm.StringParameter.fromSecureStringParameterAttributes(stack, 'Token', { parameterName: '/web/token' });
      const secrets = { TOKEN: ContainerSecret.fromSsmParameter(parameter) };
      const containers = { app: { image: ContainerImage.fromRegistry('nginx:1.27'), environment: { LEVEL: 'info' }, secrets } };
      owning('', { timeout: Duration.minutes(10), containers, publicEndpoint: undefined })(stack);
    });

    expect(status).toBe('ROLLBACK_COMPLETE');
    cloud.emulator.clock.advance(60 * MINUTE);
    expect(cloud.emulator.service('web')).toMatchObject({ state: 'RUNNING', currentDeployment: { version: 1, state: 'ACTIVE' } });
    expectTheTruth();
  });

  test('a deployment that ran before a create claimed it, and failed, is not disabled', async () => {
    deployByHand();
    cloud.emulator.clock.advance(10 * MINUTE);
    cloud.emulator.faults.add({ operation: 'TagResource', fault: Fault.noAnswer({ when: 'after' }), times: 1 });
    cloud.emulator.outcomes.forNextDeployment('web', Outcome.processExits({ failsAfter: 30 * SECOND }));
    cloud.emulator.after(100, deployByHand);

    expect((await cloud.deploy(owning())).status).toBe('ROLLBACK_COMPLETE');

    cloud.emulator.clock.advance(60 * MINUTE);
    expect(cloud.versions()).toEqual({ 1: 'ACTIVE', 2: 'FAILED' });
    expectTheTruth();
  });

  test('a deployment that ran before a failed update and a failed rollback is disabled', async () => {
    await cloud.deploy(owning('nginx:1.26'));
    cloud.emulator.outcomes.forImage('nginx:1.27', Outcome.neverEnds());
    expect((await cloud.deploy(owning('nginx:1.27'))).status).toBe('UPDATE_ROLLBACK_FAILED');
    cloud.emulator.setServiceState('web', 'RUNNING');

    await cloud.delete(owning('nginx:1.26'));

    expect(cloud.emulator.service('web')!.state).toBe('DISABLED');
    expectTheTruth();
  });

  test('a resource that comes back to a service that it left, and is rolled back, leaves it disabled', async () => {
    cloud.emulator.createService({ serviceName: 'web-2' });
    await cloud.deploy(owning());
    await cloud.deploy(owning('nginx:1.27', { serviceName: 'web-2' }));
    expect(cloud.emulator.service('web')!.state).toBe('DISABLED');
    cloud.emulator.outcomes.forImage('nginx:1.28', Outcome.processExits());

    expect((await cloud.deploy(owning('nginx:1.28'))).status).toBe('UPDATE_ROLLBACK_COMPLETE');

    expect(cloud.emulator.service('web')!.state).toBe('DISABLED');
    expect(cloud.emulator.service('web-2')!.state).toBe('RUNNING');
    expectTheTruth();
  });

  test("another stack's deployment in progress is not disabled by a cancelled create that found it sufficient", async () => {
    const first = await cloud.begin(owning());
    const other = cloud.anotherStack('Other');
    const create = await other.begin(owning());

    await create.cancel().rollBack();

    expect(await first.finish()).toMatchObject({ status: 'CREATE_COMPLETE', events: [{ data: { DeploymentVersion: '1' } }] });
    expect(await create.wait()).toMatchObject({ data: { DeploymentVersion: '1' } });
    expectTheTruth();
    await cloud.delete(owning());
    expect(cloud.emulator.service('web')!.state).toBe('DISABLED');
  });

  /* A limit, see decisions/0008. */
  test('a service that someone else enables just before a create does is disabled again by the rollback', async () => {
    await cloud.deploy(owning('nginx:1.26'));
    await cloud.delete(owning('nginx:1.26'));
    cloud = cloud.anotherStack('Next');
    cloud.emulator.faults.add({ operation: 'CreateContainerServiceDeployment', fault: Fault.throttled() });
    cloud.emulator.faults.add({ operation: 'TagResource', fault: Fault.slow(2 * SECOND), times: 1 });
    cloud.emulator.after(1 * SECOND, () => cloud.emulator.invoke('UpdateContainerService', { serviceName: 'web', isDisabled: false }));

    const { status, reason } = await cloud.deploy(owning());

    expect({ status, reason }).toMatchObject({ status: 'ROLLBACK_COMPLETE', reason: expect.stringContaining('CreateContainerServiceDeployment failed: ThrottlingException') });
    expect(cloud.emulator.service('web')!.state).toBe('DISABLED');
    expect(cloud.versions()).toEqual({ 1: 'INACTIVE' });
    expectTheTruth();
  });

  /* A limit, see decisions/0008. */
  test('an equal deployment of someone else on the new service of an update counts as its own, and the rollback disables it', async () => {
    cloud.emulator.createService({ serviceName: 'web-2' });
    await cloud.deploy(retaining('nginx:1.27'));
    cloud.emulator.faults.add({ operation: 'CreateContainerServiceDeployment', fault: Fault.throttled(), times: 3 });
    cloud.emulator.outcomes.forNextDeployment('web-2', Outcome.succeeds({ phases: { creating: 4.3 * MINUTE, evaluating: SECOND, activating: SECOND } }));
    cloud.emulator.after(5 * SECOND, () => deployByHand('web-2'));

    const { status, reason } = await cloud.deploy(owning('nginx:1.27', { serviceName: 'web-2', timeout: Duration.minutes(5) }));

    expect({ status, reason }).toMatchObject({
      status: 'UPDATE_ROLLBACK_COMPLETE', reason: expect.stringContaining('Deployment version 1 of container service "web-2" did not become ACTIVE within 300 seconds'),
    });
    expect(cloud.emulator.service('web-2')!.state).toBe('DISABLED');
    expect(cloud.emulator.deployments('web-2').map(({ version }) => version)).toEqual([1]);
    expectTheTruth();
  });

  test('a deployment that ran before a create took it over is not disabled, even after a third create took it over and handed it back', async () => {
    await cloud.deploy(owning());
    const other = cloud.anotherStack('Other');
    const create = await other.begin(owning());
    expect(await create.wait()).toMatchObject({ data: { DeploymentVersion: '1' } });
    await cancelling(owning(), 1.5 * SECOND, cloud.anotherStack('Third'));

    await create.cancel().rollBack();

    expect(cloud.emulator.service('web')!.state).toBe('RUNNING');
    expectTheTruth();
  });

  test('a service that someone else enabled after a failed create is not disabled by the next try', async () => {
    deployByHand();
    cloud.emulator.clock.advance(10 * MINUTE);
    cloud.emulator.invoke('UpdateContainerService', { serviceName: 'web', isDisabled: true });
    cloud.emulator.createService({ serviceName: 'web-2' });
    await cloud.deploy(owning('nginx:1.26', { serviceName: 'web-2' }));
    cloud.emulator.faults.add({ operation: 'CreateContainerServiceDeployment', fault: Fault.accessDenied() });
    expect((await cloud.deploy(owning('nginx:1.28'))).status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(cloud.emulator.service('web')!.state).toBe('DISABLED');
    cloud.emulator.invoke('UpdateContainerService', { serviceName: 'web', isDisabled: false });
    cloud.emulator.clock.advance(10 * MINUTE);

    expect((await cloud.deploy(owning('nginx:1.28'))).status).toBe('UPDATE_ROLLBACK_COMPLETE');

    expect(cloud.emulator.service('web')).toMatchObject({ state: 'RUNNING', currentDeployment: { version: 1, state: 'ACTIVE' } });
    expectTheTruth();
  });

  test('a version that its owner could not replace is its own again after another create was rolled back', async () => {
    const short = { timeout: Duration.minutes(5) };
    await cloud.deploy(owning('nginx:1.26', short));
    cloud.emulator.outcomes.forImage('nginx:1.27', Outcome.neverEnds());
    expect((await cloud.deploy(owning('nginx:1.27', short))).status).toBe('UPDATE_ROLLBACK_FAILED');
    cloud.emulator.setServiceState('web', 'RUNNING');
    cloud.emulator.outcomes.forImage('nginx:1.28', Outcome.processExits());
    expect((await cloud.anotherStack('Other').deploy(owning('nginx:1.28'))).status).toBe('ROLLBACK_COMPLETE');

    await cloud.delete(owning('nginx:1.26', short));

    expect(cloud.emulator.service('web')!.state).toBe('DISABLED');
    expectTheTruth();
  });

  test('a create that is cancelled before it finds its containers running does not claim them', async () => {
    await cloud.deploy(owning());
    cloud.emulator.faults.add({ operation: 'GetContainerServices', fault: Fault.throttled(), times: 3 });

    const orphan = await cancelling(owning(), 1.5 * SECOND, cloud.anotherStack('Other'));

    expect(orphan).toMatchObject({ status: 'FAILED', reason: expect.stringContaining('the stack operation was cancelled or has ended') });
    await cloud.delete(owning());
    expect(cloud.emulator.service('web')!.state).toBe('DISABLED');
    expectTheTruth();
  });
});

describe('a cancelled update deploys nothing afterwards', () => {
  test.each([1.5, 10])('a cancelled update deploys nothing even while onEvent still runs: cancelled after %d seconds', async (seconds) => {
    await cloud.deploy(retaining('nginx:1.26'));
    cloud.emulator.faults.add({ operation: 'GetContainerServices', fault: Fault.throttled(), times: seconds > 5 ? 6 : 3 });

    const orphan = await cancelling(retaining('nginx:1.27'), seconds * SECOND);

    expect(orphan).toMatchObject({ status: 'FAILED', reason: expect.stringContaining('the stack operation was cancelled or has ended') });
    expect(cloud.versions()).toEqual({ 1: 'ACTIVE' });
    expectTheTruth();
  });

  test.each(['GetContainerServices', 'GetContainerServiceDeployments', 'TagResource'])('a cancelled update deploys nothing even if its first %s is slow', async (operation) => {
    await cloud.deploy(owning('nginx:1.26'));
    cloud.emulator.faults.add({ operation, fault: Fault.slow(4 * SECOND), times: 1 });

    const orphan = await cancelling(owning('nginx:1.27'), 1.5 * SECOND);

    expect(orphan).toMatchObject({ status: 'FAILED', reason: expect.stringContaining('the stack operation was cancelled or has ended') });
    expect(cloud.versions()).toEqual({ 1: 'ACTIVE' });
    expectTheTruth();
  });

  test.each([0, 2, 4, 6, 8])('a cancelled update deploys nothing even if CloudFormation answers late, and the service is ready %d seconds later', async (seconds) => {
    await cloud.deploy(retaining('nginx:1.26'));
    cloud.emulator.invoke('CreateContainerServiceDeployment', { serviceName: 'web', containers: { other: { image: 'redis:latest' } } });
    cloud.emulator.clock.advance(20 * MINUTE);
    cloud.emulator.setServiceState('web', 'UPDATING', 20 * MINUTE + seconds * SECOND);
    const unanswered = cloud.emulator.faults.add({ operation: 'GetContainerServices', fault: Fault.throttled() });
    const update = cloud.prepare(retaining('nginx:1.27'));

    const [orphan] = await cloud.emulator.clock.concurrently<unknown>([
      () => update.answer(),
      async () => {
        await cloud.emulator.clock.sleep(2 * MINUTE);
        const rollBack = await update.cancel().beginRollBack();
        unanswered.remove();
        await rollBack.finish();
      },
    ]);

    expect(orphan).toMatchObject({ status: 'FAILED', reason: expect.stringContaining('the stack operation was cancelled or has ended') });
    expect(cloud.versions()).toEqual({ 1: 'INACTIVE', 2: 'INACTIVE', 3: 'ACTIVE' });
    expectTheTruth();
  });
});

describe('a call that takes effect after its event was cancelled: a limit, see decisions/0009', () => {
  test.each([
    ['given up', Fault.lateEffect(20 * SECOND)],
    ['slow', Fault.slow(20 * SECOND)],
  ])('a late effect replaces the rolled back version until the next update: the call was %s', async (_, fault) => {
    await cloud.deploy(retaining('nginx:1.26'));
    cloud.emulator.faults.add({ operation: 'CreateContainerServiceDeployment', fault, times: 1 });

    const orphan = await cancelling(retaining('nginx:1.27'), 1.5 * SECOND);

    expect(orphan).toMatchObject({ data: { DeploymentVersion: '2' } });
    expect(cloud.versions()).toEqual({ 1: 'INACTIVE', 2: 'ACTIVE' });
    expect(violations(recorded.recorder)).toEqual([]);
    expect(staleStackState(cloud)).toEqual([expect.stringContaining('nginx:1.27')]);

    await cloud.deploy(retaining('nginx:1.26', { timeout: Duration.minutes(20) }));
    expect(cloud.emulator.service('web')!.currentDeployment).toMatchObject({ version: 3, containers: { app: { image: 'nginx:1.26' } } });
    expectTheTruth();
  });

  test('a late effect of a create keeps running, and is owned by no one', async () => {
    cloud.emulator.faults.add({ operation: 'CreateContainerServiceDeployment', fault: Fault.lateEffect(20 * SECOND), times: 1 });

    await cancelling(owning(), 1.5 * SECOND);

    expect(cloud.versions()).toEqual({ 1: 'ACTIVE' });
    expect(cloud.emulator.service('web')!.state).toBe('RUNNING');
    expectTheTruth();
  });

  test('a late effect of a create under DESTROY is not disabled, if someone else took the claimed number', async () => {
    const app = owning('nginx:1.27', { timeout: Duration.minutes(5) });
    cloud.emulator.faults.add({ operation: 'CreateContainerServiceDeployment', fault: Fault.lateEffect(20 * SECOND), times: 1 });
    cloud.emulator.outcomes.forNextDeployment('web', Outcome.succeeds({ phases: { creating: 5 * SECOND, evaluating: 5 * SECOND, activating: 5 * SECOND } }));
    cloud.emulator.outcomes.forNextDeployment('web', Outcome.succeeds({ phases: { creating: 5 * MINUTE } }));
    cloud.emulator.after(100, () => cloud.emulator.invoke('CreateContainerServiceDeployment', { serviceName: 'web', containers: { other: { image: 'redis:latest' } } }));

    const orphan = await cancelling(app, 1.5 * SECOND);

    expect(orphan).toMatchObject({ status: 'FAILED', reason: expect.stringContaining('the stack operation was cancelled or has ended') });
    cloud.emulator.clock.advance(10 * MINUTE);
    expect(cloud.versions()).toEqual({ 1: 'INACTIVE', 2: 'ACTIVE' });

    expect(await cloud.delete(app)).toMatchObject({ status: 'DELETE_COMPLETE' });

    expect(cloud.emulator.service('web')!.state).toBe('RUNNING');
    expectTheTruth();
  });
});

test('an event that arrives again after someone else deployed is late, even if CloudFormation denies a call for a moment', async () => {
  const create = await cloud.begin(retaining());
  await create.finish();
  cloud.emulator.invoke('CreateContainerServiceDeployment', { serviceName: 'web', containers: { other: { image: 'redis:latest' } } });
  cloud.emulator.clock.advance(10 * MINUTE);
  cloud.api.faults.add({ operation: 'DescribeStackResource', fault: Fault.accessDenied(), times: 1 });

  expect(await cloud.redeliver(create.event)).toMatchObject({ status: 'FAILED', reason: expect.stringContaining('which was delivered late') });
  expect(cloud.versions()).toEqual({ 1: 'INACTIVE', 2: 'ACTIVE' });
});

test('a waiter without access to CloudFormation that starts again after its deployment failed does not deploy again', async () => {
  cloud.api.faults.add({ operation: '*', fault: Fault.accessDenied() });
  const unanswered = cloud.emulator.faults.add({ operation: 'GetContainerServices', fault: Fault.serverError() });
  cloud.emulator.outcomes.byDefault(Outcome.processExits());
  const create = await cloud.begin(retaining());
  expect(create.begun).toMatchObject({ BaselineVersion: undefined });
  unanswered.remove();

  const answers = [await create.wait(), await create.wait()];

  expect(answers.map(({ reason }) => reason)).toEqual(Array(2).fill(expect.stringContaining('Deployment version 1 of container service "web" FAILED')));
  expect(cloud.versions()).toEqual({ 1: 'FAILED' });
});

/* A limit, see decisions/0010: it looks like the event's own version from before the rotation. */
test('a deployment of someone else before the first check counts as the requested one, even with values from before a rotation', async () => {
  const reading = (options: WebAppOptions) => (stack: Parameters<ReturnType<typeof webApp>>[0]) => {
    const parameter = ssm.StringParameter.fromSecureStringParameterAttributes(stack, 'Token', { parameterName: '/web/token' });
    const containers = { app: { image: ContainerImage.fromRegistry('nginx:1.27'), secrets: { TOKEN: ContainerSecret.fromSsmParameter(parameter) } } };
    retaining('', { ...options, containers, publicEndpoint: undefined })(stack);
  };
  cloud.sources.put('/web/token', 'before');
  await cloud.deploy(reading({}));
  cloud.sources.put('/web/token', 'after');
  cloud.emulator.after(0, () => cloud.emulator.invoke('CreateContainerServiceDeployment', {
    serviceName: 'web', containers: { app: { image: 'nginx:1.27', environment: { TOKEN: 'before' } } },
  }));
  cloud.planCrash({ function: 'onEvent', call: 'getService', when: 'before', victim: 'framework' });

  const { status, events } = await cloud.deploy(reading({ timeout: Duration.minutes(20) }));

  expect({ status, events }).toMatchObject({ status: 'UPDATE_COMPLETE', events: [{ data: { DeploymentVersion: '2' } }] });
  expect(cloud.versions()).toEqual({ 1: 'INACTIVE', 2: 'ACTIVE' });
  expect(cloud.emulator.service('web')!.currentDeployment!.containers.app.environment).toEqual({ TOKEN: 'before' });
  expectTheTruth();

  await cloud.deploy(reading({ timeout: Duration.minutes(25) }));
  expect(cloud.emulator.service('web')!.currentDeployment).toMatchObject({ version: 3, containers: { app: { environment: { TOKEN: 'after' } } } });
  expectTheTruth();
});

describe('a service that is ready only shortly before the timeout', () => {
  test.each([28, 28.5, 29])('a service that is busy for %d of 30 minutes is not deployed to', async (minutes) => {
    cloud.emulator.setServiceState('web', 'UPDATING', minutes * MINUTE);

    const { status, reason } = await cloud.deploy(retaining());

    expect(status).toBe('ROLLBACK_COMPLETE');
    expect(reason).toContain('Nothing was deployed to container service "web": it was not ready for a deployment within 1800 seconds');
    expect(cloud.versions()).toEqual({});
    expectTheTruth();
  });

  test('a service that is busy until shortly before the timeout is not disabled', async () => {
    await cloud.deploy(owning());
    cloud.emulator.setServiceState('web', 'UPDATING', 29.5 * MINUTE);

    const { status, reason } = await cloud.delete(owning());
    cloud.emulator.clock.advance(MINUTE);

    expect(status).toBe('DELETE_FAILED');
    expect(reason).toContain('was not disabled within 1800 seconds');
    expect(cloud.emulator.service('web')!.state).toBe('RUNNING');
  });
});
