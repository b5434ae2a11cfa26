import { RemovalPolicy } from 'aws-cdk-lib';
import { OWNER_TAG } from '../../lambda/deployment/ownership';
import { Outcome, Fault } from '../emulator';
import { webApp, type AppOptions } from './apps/apps';
import { CloudFormation } from './cloudformation/cloudformation';

/*
 * What becomes of what runs when a deployment is deleted. All services are imported, so that they outlive the stack.
 */
const MINUTE = 60_000;

let cloud: CloudFormation;

beforeEach(async () => {
  cloud = await CloudFormation.start();
  cloud.emulator.createService({ serviceName: 'web' });
});

afterEach(() => cloud.stop());

function owning(image = 'nginx:1.27', options: AppOptions = {}) {
  return webApp(image, { isImported: true, removalPolicy: RemovalPolicy.DESTROY, ...options });
}

function retaining(image = 'nginx:1.27', options: AppOptions = {}) {
  return webApp(image, { isImported: true, ...options });
}

function state(serviceName = 'web') {
  return cloud.emulator.service(serviceName)!.state;
}

function deployByHand(image: string) {
  cloud.emulator.invoke('CreateContainerServiceDeployment', {
    serviceName: 'web', containers: { app: { image, ports: { 80: 'HTTP' } } }, publicEndpoint: { containerName: 'app', containerPort: 80 },
  });
  cloud.emulator.clock.advance(10 * MINUTE);
}

describe('RETAIN', () => {
  test('a delete under RETAIN leaves the service running, writes no tag and calls nothing', async () => {
    await cloud.deploy(retaining());
    const before = cloud.emulator.requests.length;

    expect((await cloud.delete(retaining())).status).toBe('DELETE_COMPLETE');

    expect(state()).toBe('RUNNING');
    expect(cloud.emulator.requests).toHaveLength(before);
    expect(cloud.calls('TagResource')).toHaveLength(0);
  });
});

describe('DESTROY', () => {
  test('a delete under DESTROY disables the service, and ends when it is disabled', async () => {
    await cloud.deploy(owning());
    expect(cloud.emulator.service('web')!.tags).toEqual([{ key: OWNER_TAG, value: expect.stringMatching(/^[0-9a-f]{32}\.1$/) }]);

    const { status, events } = await cloud.delete(owning());

    expect(status).toBe('DELETE_COMPLETE');
    expect(events).toMatchObject([{ requestType: 'Delete', status: 'SUCCESS', physicalResourceId: 'web' }]);
    expect(state()).toBe('DISABLED');
    expect(cloud.calls('UpdateContainerService')).toHaveLength(1);
  });

  test('the tag is written before the deployment', async () => {
    await cloud.deploy(owning());

    const order = cloud.emulator.requests.map(({ operation }) => operation).filter((operation) => !operation.startsWith('Get'));
    expect(order).toEqual(['TagResource', 'CreateContainerServiceDeployment']);
  });

  test('a delete disables the service after updates and a rollback', async () => {
    await cloud.deploy(owning('nginx:1.26'));
    await cloud.deploy(owning('nginx:1.27'));
    cloud.emulator.outcomes.forImage('nginx:broken', Outcome.processExits());
    expect((await cloud.deploy(owning('nginx:broken'))).status).toBe('UPDATE_ROLLBACK_COMPLETE');

    await cloud.delete(owning('nginx:1.27'));

    expect(state()).toBe('DISABLED');
  });

  test('a delete is done at once with a service that is gone, disabled or being disabled', async () => {
    await cloud.deploy(owning());
    cloud.emulator.invoke('UpdateContainerService', { serviceName: 'web', isDisabled: true });
    cloud.emulator.clock.advance(10 * MINUTE);
    expect((await cloud.delete(owning())).status).toBe('DELETE_COMPLETE');

    await cloud.deploy(owning());
    cloud.emulator.invoke('DeleteContainerService', { serviceName: 'web' });
    expect((await cloud.delete(owning())).status).toBe('DELETE_COMPLETE');
    expect(cloud.calls('UpdateContainerService').filter(({ input }) => (input as { isDisabled?: boolean }).isDisabled)).toHaveLength(0);
  });

  test('a delete waits while someone else changes the service', async () => {
    await cloud.deploy(owning());
    cloud.emulator.setServiceState('web', 'UPDATING', 10 * MINUTE);

    expect((await cloud.delete(owning())).status).toBe('DELETE_COMPLETE');
    expect(state()).toBe('DISABLED');
  });

  test('a delete fails in time if the service stays busy, and says what to do', async () => {
    await cloud.deploy(owning());
    cloud.emulator.setServiceState('web', 'UPDATING');

    const { status, reason, events } = await cloud.delete(owning());

    expect(status).toBe('DELETE_FAILED');
    expect(reason).toContain('Container service "web" was not disabled within 1800 seconds (service state UPDATING).');
    expect(reason).toContain('set removalPolicy to RETAIN first');
    expect(events[0].durationSeconds).toBeLessThan(1800);
  });

  test.each([
    ['throttled', Fault.throttled()],
    ['reset after the effect', Fault.connectionReset({ when: 'after' })],
    ['answered with a server error', Fault.serverError()],
  ])('a delete continues when the call that disables is %s', async (_, fault) => {
    await cloud.deploy(owning());
    cloud.emulator.faults.add({ operation: 'UpdateContainerService', fault, times: 2 });

    expect((await cloud.delete(owning())).status).toBe('DELETE_COMPLETE');
    expect(state()).toBe('DISABLED');
  });

  test('a delete quotes Lightsail where the handler is not allowed to disable the service', async () => {
    await cloud.deploy(owning());
    cloud.emulator.faults.add({ operation: 'UpdateContainerService', fault: Fault.accessDenied() });

    const { status, reason } = await cloud.delete(owning());

    expect(status).toBe('DELETE_FAILED');
    expect(reason).toContain('UpdateContainerService failed: AccessDeniedException: ');
    expect(state()).toBe('RUNNING');
  });
});

describe('DESTROY disables only what the resource owns', () => {
  test('a renamed construct leaves the service running for the new one', async () => {
    await cloud.deploy(owning('nginx:1.27', { id: 'Old' }));

    const { status, events } = await cloud.deploy(owning('nginx:1.27', { id: 'New' }));

    expect(status).toBe('UPDATE_COMPLETE');
    expect(events.map(({ requestType }) => requestType)).toEqual(['Create', 'Delete']);
    expect(state()).toBe('RUNNING');
    expect(cloud.emulator.deployments('web')).toHaveLength(1);

    await cloud.delete(owning('nginx:1.27', { id: 'New' }));
    expect(state()).toBe('DISABLED');
  });

  test.each(['nginx:1.27', 'nginx:1.28'])('a rename to %s that is rolled back leaves the old deployment as it was', async (image) => {
    await cloud.deploy(owning('nginx:1.27', { id: 'Old' }));
    if (image === 'nginx:1.28') cloud.emulator.outcomes.forImage(image, Outcome.healthCheckFails());
    const rename = await cloud.begin(owning(image, { id: 'New' }));

    await rename.cancel().rollBack();
    await rename.wait();

    expect(state()).toBe('RUNNING');
    expect(cloud.emulator.service('web')!.currentDeployment).toMatchObject({ version: 1, state: 'ACTIVE' });
    await cloud.delete(owning('nginx:1.27', { id: 'Old' }));
    expect(state()).toBe('DISABLED');
  });

  test.each([
    ['nginx:1.28', RemovalPolicy.DESTROY],
    ['nginx:1.27', RemovalPolicy.DESTROY],
    ['nginx:1.28', RemovalPolicy.RETAIN],
    ['nginx:1.27', RemovalPolicy.RETAIN],
  ])('a delete leaves a service that another stack took over with %s and %s', async (image, removalPolicy) => {
    await cloud.deploy(owning('nginx:1.27'));
    const other = cloud.anotherStack('Other');
    expect((await other.deploy(owning(image, { removalPolicy }))).status).toBe('CREATE_COMPLETE');

    expect((await cloud.delete(owning('nginx:1.27'))).status).toBe('DELETE_COMPLETE');

    expect(state()).toBe('RUNNING');
    await other.delete(owning(image, { removalPolicy }));
    expect(state()).toBe(removalPolicy === RemovalPolicy.DESTROY ? 'DISABLED' : 'RUNNING');
  });

  test.each(['nginx:1.27', 'nginx:1.28'])('a delete leaves a deployment of %s that was made by hand', async (image) => {
    await cloud.deploy(owning('nginx:1.27'));
    deployByHand(image);

    expect((await cloud.delete(owning('nginx:1.27'))).status).toBe('DELETE_COMPLETE');

    expect(state()).toBe('RUNNING');
  });

  test('a delete disables its own version even if the tag is gone, because CloudFormation made the version', async () => {
    await cloud.deploy(owning());
    cloud.emulator.invoke('UntagResource', { resourceName: 'web', tagKeys: [OWNER_TAG] });

    await cloud.delete(owning());

    expect(state()).toBe('DISABLED');
  });

  test.each(['nginx:1.27', 'nginx:1.28'])('without the tag, a delete leaves a deployment of %s that was made by hand', async (image) => {
    await cloud.deploy(owning('nginx:1.27'));
    deployByHand(image);
    cloud.emulator.invoke('UntagResource', { resourceName: 'web', tagKeys: [OWNER_TAG] });

    expect((await cloud.delete(owning('nginx:1.27'))).status).toBe('DELETE_COMPLETE');

    expect(state()).toBe('RUNNING');
  });

  test('a create that failed leaves a service that was running', async () => {
    deployByHand('nginx:1.26');
    cloud.emulator.outcomes.byDefault(Outcome.imageCannotBePulled());

    expect((await cloud.deploy(owning())).status).toBe('ROLLBACK_COMPLETE');

    expect(state()).toBe('RUNNING');
    expect(cloud.emulator.service('web')!.currentDeployment).toMatchObject({ version: 1, state: 'ACTIVE' });
  });

  test('a create that found its containers running leaves them when it is rolled back', async () => {
    deployByHand('nginx:1.27');
    const create = await cloud.begin(owning('nginx:1.27'));

    await create.cancel().rollBack();

    expect(state()).toBe('RUNNING');
    expect(cloud.emulator.deployments('web')).toHaveLength(1);
  });

  test('a cancelled create is disabled by its Delete with an invented physical id', async () => {
    const create = await cloud.begin(owning());

    const { events } = await create.cancel().rollBack();

    expect(events).toMatchObject([{ requestType: 'Delete', status: 'SUCCESS', physicalResourceId: expect.not.stringMatching(/^web$/) }]);
    expect(state()).toBe('DISABLED');
  });

  test('a replacement disables the old service, and the new one runs', async () => {
    cloud.emulator.createService({ serviceName: 'web-2' });
    await cloud.deploy(owning());

    const { events } = await cloud.deploy(owning('nginx:1.27', { serviceName: 'web-2' }));

    expect(events.map(({ requestType, physicalResourceId }) => `${requestType} ${physicalResourceId}`)).toEqual(['Update web-2', 'Delete web']);
    expect([state('web'), state('web-2')]).toEqual(['DISABLED', 'RUNNING']);
  });

  test('a replacement that fails leaves the old service running, and the new one never ran', async () => {
    cloud.emulator.createService({ serviceName: 'web-2' });
    await cloud.deploy(owning());
    cloud.emulator.outcomes.forNextDeployment('web-2', Outcome.processExits());

    const { status } = await cloud.deploy(owning('nginx:1.27', { serviceName: 'web-2' }));

    expect(status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect([state('web'), state('web-2')]).toEqual(['RUNNING', 'READY']);
  });
});

describe('a service that is DISABLED', () => {
  beforeEach(() => {
    deployByHand('nginx:1.26');
    cloud.emulator.invoke('UpdateContainerService', { serviceName: 'web', isDisabled: true });
    cloud.emulator.clock.advance(10 * MINUTE);
    expect(state()).toBe('DISABLED');
  });

  test('a create under RETAIN fails at once on a disabled service, and says what to do', async () => {
    const { reason, events } = await cloud.deploy(retaining());

    expect(reason).toContain('container service "web" is DISABLED. Enable it and deploy again');
    expect(reason).toContain('aws lightsail update-container-service --service-name web --no-is-disabled');
    expect(events[0].durationSeconds).toBe(0);
  });

  test('a create under DESTROY enables a disabled service, and then deploys', async () => {
    expect((await cloud.deploy(owning())).status).toBe('CREATE_COMPLETE');

    expect(cloud.emulator.service('web')).toMatchObject({ state: 'RUNNING', currentDeployment: { version: 2, state: 'ACTIVE' } });
    expect(cloud.calls('UpdateContainerService')).toHaveLength(1);
  });

  test('a create under DESTROY only enables a disabled service that has the requested containers', async () => {
    expect((await cloud.deploy(owning('nginx:1.26'))).status).toBe('CREATE_COMPLETE');

    expect(cloud.emulator.deployments('web')).toHaveLength(1);
    await cloud.delete(owning('nginx:1.26'));
    expect(state()).toBe('DISABLED');
  });

  test('a create under DESTROY that fails disables the service again', async () => {
    cloud.emulator.outcomes.byDefault(Outcome.processExits());

    expect((await cloud.deploy(owning())).status).toBe('ROLLBACK_COMPLETE');

    expect(state()).toBe('DISABLED');
  });

  test('an update under DESTROY fails on a service that was disabled on purpose', async () => {
    cloud.emulator.invoke('UpdateContainerService', { serviceName: 'web', isDisabled: false });
    cloud.emulator.clock.advance(10 * MINUTE);
    await cloud.deploy(owning('nginx:1.27'));
    cloud.emulator.invoke('UpdateContainerService', { serviceName: 'web', isDisabled: true });
    cloud.emulator.clock.advance(10 * MINUTE);

    const { reason } = await cloud.deploy(owning('nginx:1.28'));

    expect(reason).toContain('container service "web" is DISABLED. Enable it and deploy again');
    expect(state()).toBe('DISABLED');
  });
});
