import type { Stack } from 'aws-cdk-lib';
import type { CfnContainer } from 'aws-cdk-lib/aws-lightsail';
import { appOf, Guide, resourcesOf } from './guide';
import { Watch } from './watch';
import { ContainerImage, ContainerService, ContainerServiceDeployment } from '../../../lib';
import { Outcome } from '../../emulator';
import { CloudFormation } from '../cloudformation/cloudformation';

/*
 * docs/migrating-from-cfn-container.md, played: its code blocks, AWS's own handler after its published source, and the bundled handler.
 */
const guide = new Guide('migrating-from-cfn-container.md');
const BEFORE = guide.app('Before');
const AFTER = guide.app('After');

let cloud: CloudFormation;
let watch: Watch;

beforeEach(async () => {
  cloud = await CloudFormation.start();
  await cloud.createServicesOnly(resourcesOf(BEFORE));
  watch = new Watch(cloud.emulator, 'web');
});

afterEach(() => cloud.stop());

/** Plays the old template again, with something changed. */
function changed(define: (stack: Stack) => void, change: (container: any) => void) {
  return (stack: Stack) => {
    define(stack);
    change(stack.node.findChild('Service'));
  };
}

test('the old state is one version, as the inline deployment has it', () => {
  expect(cloud.versions()).toEqual({ 1: 'ACTIVE' });
  expect(cloud.emulator.service('web')!.currentDeployment).toMatchObject({
    containers: { app: { image: 'nginx:1.27', command: ['nginx', '-g', 'daemon off;'], environment: { LOG_LEVEL: 'info' }, ports: { 8080: 'HTTP' } } },
    publicEndpoint: { containerName: 'app', containerPort: 8080, healthCheck: { path: '/healthz', intervalSeconds: 10, successCodes: '200-299' } },
  });
});

test('the migration makes no version and has no gap', async () => {
  const { status, events } = await cloud.deploy(AFTER);

  expect(status).toBe('UPDATE_COMPLETE');
  expect(events).toMatchObject([{ requestType: 'Create', status: 'SUCCESS', data: { DeploymentVersion: '1' } }]);
  expect(cloud.calls('CreateContainerServiceDeployment')).toEqual([]);
  expect(cloud.versions()).toEqual({ 1: 'ACTIVE' });
  expect(watch.gaps).toEqual([]);
});

test('the next change makes version 2 and has no gap', async () => {
  await cloud.deploy(AFTER);

  await cloud.deploy((stack) => {
    AFTER(stack);
    (stack.node.findChild('Deployment') as ContainerServiceDeployment).addContainer('more', { image: ContainerImage.fromRegistry('redis:7') });
  });

  expect(cloud.versions()).toEqual({ 1: 'INACTIVE', 2: 'ACTIVE' });
  expect(watch.seconds()).toBeGreaterThan(30);
  expect(watch.looks).toBeGreaterThanOrEqual(watch.seconds());
  expect(watch.gaps).toEqual([]);
});

test('the service of ContainerService has the logical id and the properties of the old one', () => {
  const before = resourcesOf(BEFORE).Service;
  const { Service: after } = resourcesOf(guide.app('Use ContainerService instead'));

  const { ContainerServiceDeployment: _, ...kept } = before.Properties;
  expect(after).toMatchObject({ Type: before.Type, Properties: kept });
  expect(Object.keys(after.Properties)).toEqual(Object.keys(kept));
});

test('the migration to ContainerService makes no version and has no gap', async () => {
  const [first, ...rest] = guide.block('After', 'ts').split('\n\n');
  expect(first).toMatch(/^const service = new cdk\.aws_lightsail\.CfnContainer/);

  const { status } = await cloud.deploy(appOf([guide.block('Use ContainerService instead', 'ts'), ...rest].join('\n')));

  expect(status).toBe('UPDATE_COMPLETE');
  expect(cloud.versions()).toEqual({ 1: 'ACTIVE' });
  expect(watch.gaps).toEqual([]);
});

test('a new command order makes one version and has no gap', async () => {
  cloud.emulator.deleteService('web');
  const withDuplicate = changed(BEFORE, (container) => { container.containerServiceDeployment.containers[0].command = ['run', '-v', '-v']; });
  const another = cloud.anotherStack('Another');
  await another.createServicesOnly(resourcesOf(withDuplicate));
  watch = new Watch(cloud.emulator, 'web');

  expect(cloud.emulator.service('web')!.currentDeployment!.containers!.app.command).toEqual(['run', '-v']);
  await another.deploy(AFTER);

  expect(another.versions()).toEqual({ 1: 'INACTIVE', 2: 'ACTIVE' });
  expect(watch.gaps).toEqual([]);
});

describe('in the wrong order', () => {
  test('removing the inline deployment first changes nothing', async () => {
    const withoutDeployment = changed(BEFORE, (container) => { container.containerServiceDeployment = undefined; });
    await cloud.updateServicesOnly(resourcesOf(withoutDeployment));
    expect(cloud.versions()).toEqual({ 1: 'ACTIVE' });

    await cloud.deploy(AFTER);

    expect(cloud.versions()).toEqual({ 1: 'ACTIVE' });
    expect(watch.gaps).toEqual([]);
  });

  test('both in one app: synthesis refuses it', async () => {
    await expect(cloud.deploy((stack) => {
      BEFORE(stack);
      const service = stack.node.findChild('Service') as CfnContainer;
      new ContainerServiceDeployment(stack, 'Deployment', { service, containers: { app: { image: ContainerImage.fromRegistry('nginx:1.28') } } });
    })).rejects.toThrow('has a containerServiceDeployment of its own');
    expect(watch.gaps).toEqual([]);
  });

  test('both in two apps: an update of the service puts the old containers back', async () => {
    const image = () => cloud.emulator.service('web')!.currentDeployment!.containers!.app.image;
    await cloud.anotherStack('Another').deploy((stack) => {
      ContainerService.fromContainerServiceName(stack, 'Imported', 'web')
        .addDeployment('Deployment', { containers: { app: { image: ContainerImage.fromRegistry('nginx:1.28') } } });
    });
    expect(image()).toBe('nginx:1.28');

    await cloud.updateServicesOnly(resourcesOf(changed(BEFORE, (container) => { container.scale = 2; })));

    expect(image()).toBe('nginx:1.27');
  });

  test('another logical id with the same name is refused', async () => {
    await expect(cloud.anotherStack('Another').createServicesOnly(resourcesOf(BEFORE))).rejects.toThrow("'web' already exists");
    expect(watch.gaps).toEqual([]);
  });

  test('a missing privateRegistryAccess turns the role off', async () => {
    const isActive = () => cloud.emulator.service('web')!.privateRegistryAccess.ecrImagePullerRole.isActive;
    const withAccess = changed(BEFORE, (container) => { container.privateRegistryAccess = { ecrImagePullerRole: { isActive: true } }; });
    await cloud.updateServicesOnly(resourcesOf(withAccess));
    expect(isActive()).toBe(true);

    await cloud.deploy(AFTER);

    expect(isActive()).toBe(false);
  });

  test('a migration that fails rolls back to the old containers without a gap', async () => {
    cloud.emulator.outcomes.forImage('nginx:broken', Outcome.processExits());

    const { status, reason } = await cloud.deploy((stack) => {
      AFTER(stack);
      (stack.node.findChild('Deployment') as ContainerServiceDeployment).addContainer('more', { image: ContainerImage.fromRegistry('nginx:broken') });
    });

    expect(status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(reason).toContain('Version 1 is still serving');
    expect(cloud.emulator.service('web')!.currentDeployment).toMatchObject({ state: 'ACTIVE', containers: { app: { image: 'nginx:1.27' } } });
    expect(watch.gaps).toEqual([]);
  });
});
