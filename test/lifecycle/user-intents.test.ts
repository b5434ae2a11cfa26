import { Outcome, Fault } from '../emulator';
import { webApp } from './apps/apps';
import { CloudFormation } from './cloudformation/cloudformation';

/*
 * Exactly one version for one intent, and none for an intent that is no more.
 */
const MINUTE = 60_000;

let cloud: CloudFormation;

beforeEach(async () => {
  cloud = await CloudFormation.start();
});

afterEach(() => cloud.stop());

describe('triggers', () => {
  test('the rollback of a changed trigger redeploys nothing while the old version serves', async () => {
    await cloud.deploy(webApp('nginx:latest', { triggers: { digest: 'a' } }));
    cloud.emulator.outcomes.forNextDeployment('web', Outcome.processExits());

    const { status, events } = await cloud.deploy(webApp('nginx:latest', { triggers: { digest: 'b' } }));

    expect(status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(events[1]).toMatchObject({ requestType: 'Update', status: 'SUCCESS', data: { DeploymentVersion: '1' } });
    expect(cloud.versions()).toEqual({ 1: 'ACTIVE', 2: 'FAILED' });
  });

  test('a changed trigger that failed is tried again by the next update', async () => {
    await cloud.deploy(webApp('nginx:latest', { triggers: { digest: 'a' } }));
    cloud.emulator.outcomes.forNextDeployment('web', Outcome.processExits());
    await cloud.deploy(webApp('nginx:latest', { triggers: { digest: 'b' } }));
    cloud.emulator.clock.advance(MINUTE);

    expect((await cloud.deploy(webApp('nginx:latest', { triggers: { digest: 'b' } }))).status).toBe('UPDATE_COMPLETE');

    expect(cloud.versions()).toEqual({ 1: 'INACTIVE', 2: 'FAILED', 3: 'ACTIVE' });
  });

  test.each([0, 1, 3, 20])('a changed trigger whose event arrives again after %i minutes makes one version', async (minutes) => {
    await cloud.deploy(webApp('nginx:latest', { triggers: { digest: 'a' } }));
    cloud.emulator.clock.advance(MINUTE);
    const update = await cloud.begin(webApp('nginx:latest', { triggers: { digest: 'b' } }));
    cloud.emulator.clock.advance(minutes * MINUTE);

    const again = await cloud.redeliver(update.event);
    const { status } = await update.finish();

    expect(again).toMatchObject({ status: 'SUCCESS', data: { DeploymentVersion: '2' } });
    expect(status).toBe('UPDATE_COMPLETE');
    expect(cloud.versions()).toEqual({ 1: 'INACTIVE', 2: 'ACTIVE' });
  });

  test('a changed trigger waits for a busy service', async () => {
    await cloud.deploy(webApp('nginx:latest', { triggers: { digest: 'a' } }));
    cloud.emulator.setServiceState('web', 'UPDATING', 20 * MINUTE);

    expect((await cloud.deploy(webApp('nginx:latest', { triggers: { digest: 'b' } }))).status).toBe('UPDATE_COMPLETE');
    expect(cloud.versions()).toEqual({ 1: 'INACTIVE', 2: 'ACTIVE' });
  });

  test('a changed trigger makes a new version where CloudFormation must not be called', async () => {
    await cloud.deploy(webApp('nginx:latest', { triggers: { digest: 'a' } }));
    cloud.api.faults.add({ operation: '*', fault: Fault.accessDenied() });

    expect((await cloud.deploy(webApp('nginx:latest', { triggers: { digest: 'b' } }))).status).toBe('UPDATE_COMPLETE');
    expect(cloud.versions()).toEqual({ 1: 'INACTIVE', 2: 'ACTIVE' });
  });
});

describe('an event that arrives again', () => {
  test.each([1, 10, 59])('an event that arrives again %i minutes later, after its deployment failed, reports that failure and does not deploy again', async (minutes) => {
    cloud.emulator.outcomes.byDefault(Outcome.processExits({ failsAfter: 30_000 }));
    const create = await cloud.begin(webApp());
    cloud.emulator.clock.advance(minutes * MINUTE);

    const again = await cloud.redeliver(create.event);

    expect(again.reason).toContain('Deployment version 1 of container service "web" FAILED');
    expect(cloud.versions()).toEqual({ 1: 'FAILED' });
  });

  test('a waiter that starts again after its deployment failed reports that failure and does not deploy again', async () => {
    cloud.emulator.createService({ serviceName: 'web' });
    cloud.emulator.setServiceState('web', 'UPDATING', MINUTE);
    cloud.emulator.outcomes.byDefault(Outcome.healthCheckFails());
    const event = cloud.createEvent(webApp());
    const begun = await cloud.provider.begin(event);

    const answers = [await cloud.provider.finish(event, begun), await cloud.provider.finish(event, begun)];

    expect(answers.map(({ reason }) => reason)).toEqual(Array(2).fill(expect.stringContaining('Deployment version 1 of container service "web" FAILED')));
    expect(cloud.versions()).toEqual({ 1: 'FAILED' });
  });

  test('an event that arrives after its operation ended deploys nothing', async () => {
    const first = await cloud.begin(webApp('nginx:1.26'));
    await first.finish();
    await cloud.deploy(webApp('nginx:1.27'));
    cloud.emulator.clock.advance(MINUTE);

    const late = await cloud.redeliver(first.event);

    expect(late.reason).toContain('CloudFormation no longer waits for this event, which was delivered late');
    expect(cloud.versions()).toEqual({ 1: 'INACTIVE', 2: 'ACTIVE' });
  });

  test('a second try of a failed deployment makes a new version', async () => {
    cloud.emulator.outcomes.forNextDeployment('web', Outcome.processExits());
    await cloud.deploy(webApp());
    cloud.emulator.clock.advance(MINUTE);

    expect((await cloud.deploy(webApp())).status).toBe('CREATE_COMPLETE');
    expect(cloud.versions()).toEqual({ 1: 'FAILED', 2: 'ACTIVE' });
  });

  test('an earlier version is deployed again when it is requested again', async () => {
    await cloud.deploy(webApp('nginx:1.26'));
    await cloud.deploy(webApp('nginx:1.27'));
    cloud.emulator.clock.advance(MINUTE);

    expect((await cloud.deploy(webApp('nginx:1.26'))).status).toBe('UPDATE_COMPLETE');
    expect(cloud.versions()).toEqual({ 1: 'INACTIVE', 2: 'INACTIVE', 3: 'ACTIVE' });
  });

  test.each(['throttled', 'serverError'] as const)('CloudFormation that is %s for a moment is asked again', async (kind) => {
    await cloud.deploy(webApp('nginx:1.26'));
    await cloud.deploy(webApp('nginx:1.27'));
    cloud.api.faults.add({ operation: 'DescribeStackResource', fault: Fault[kind](), times: 3 });
    cloud.emulator.clock.advance(MINUTE);

    expect((await cloud.deploy(webApp('nginx:1.26'))).status).toBe('UPDATE_COMPLETE');
    expect(cloud.versions()).toEqual({ 1: 'INACTIVE', 2: 'INACTIVE', 3: 'ACTIVE' });
  });

  test('an ordinary create and update do not call CloudFormation', async () => {
    await cloud.deploy(webApp('nginx:1.26'));
    await cloud.deploy(webApp('nginx:1.27'));

    expect(cloud.api.requests).toEqual([]);
  });
});

describe('a waiter that outlives its operation', () => {
  test.each(['orphan first', 'rollback first', 'at the same time'])('an orphaned waiter deploys nothing when the service becomes ready: %s', async (order) => {
    await cloud.deploy(webApp('nginx:1.26'));
    cloud.emulator.setServiceState('web', 'UPDATING', 20 * MINUTE);
    const update = await cloud.begin(webApp('nginx:1.27'));
    cloud.emulator.clock.advance(MINUTE);
    const cancelled = update.cancel();
    const rollBack = await cancelled.beginRollBack();

    let orphan;
    if (order === 'at the same time') {
      [orphan] = await cloud.emulator.clock.concurrently<unknown>([() => update.wait(), () => rollBack.finish()]);
    } else if (order === 'orphan first') {
      orphan = await update.wait();
      await rollBack.finish();
    } else {
      await rollBack.finish();
      orphan = await update.wait();
    }

    expect(orphan).toMatchObject({ status: 'FAILED', reason: expect.stringContaining('the stack operation was cancelled or has ended in the meantime') });
    expect(cloud.versions()).toEqual({ 1: 'ACTIVE' });
  });

  test('the waiter of a cancelled create deploys nothing', async () => {
    cloud.emulator.createService({ serviceName: 'web' });
    cloud.emulator.setServiceState('web', 'UPDATING', 20 * MINUTE);
    const create = await cloud.begin(webApp());
    await create.cancel().rollBack();

    expect(await create.wait()).toMatchObject({ status: 'FAILED' });
    expect(cloud.versions()).toEqual({});
  });
});

test('two operations on one service at once both end, each with the correct version', async () => {
  const other = cloud.anotherStack('Other');
  const [first, second] = [await cloud.begin(webApp('nginx:1.26')), await other.begin(webApp('nginx:1.27'))];

  const [one, two] = await cloud.emulator.clock.concurrently([() => first.finish(), () => second.finish()]);

  expect(one).toMatchObject({ status: 'CREATE_COMPLETE', events: [{ data: { DeploymentVersion: '1' } }] });
  expect(two).toMatchObject({ status: 'CREATE_COMPLETE', events: [{ data: { DeploymentVersion: '2' } }] });
  expect(cloud.versions()).toEqual({ 1: 'INACTIVE', 2: 'ACTIVE' });
});
