import { RemovalPolicy, type Stack } from 'aws-cdk-lib';
import * as lightsail from 'aws-cdk-lib/aws-lightsail';
import { ContainerImage, ContainerService, ContainerServiceDeployment } from '../../../lib';
import { Fault, Outcome, type Normalization } from '../../emulator';
import { webApp, type WebAppOptions } from '../apps/apps';
import { CloudFormation } from '../cloudformation/cloudformation';

/*
 * Ownership under DESTROY, and the equality of deployments, where AWS changes what the handler wrote.
 */
const MINUTE = 60_000;

let cloud: CloudFormation;

afterEach(() => cloud.stop());

const state = () => cloud.emulator.service('web')!.state;

describe('an owner tag that CloudFormation removes at an update of the service', () => {
  beforeEach(async () => {
    cloud = await CloudFormation.start({ transport: 'direct' });
    cloud.emulator.createService({ serviceName: 'other' });
  });

  /** A service, and a deployment that disables it when it is deleted; beside them a deployment that stays. */
  const stackOf = (scale: number, image?: string) => (stack: Stack) => {
    const service = new lightsail.CfnContainer(stack, 'Service', { serviceName: 'web', power: 'nano', scale });
    new ContainerServiceDeployment(stack, 'Other', {
      service: ContainerService.fromContainerServiceName(stack, 'OtherService', 'other'), containers: { app: { image: ContainerImage.fromRegistry('redis:7') } },
    });
    if (!image) return;
    new ContainerServiceDeployment(stack, 'Deployment', {
      service, containers: { app: { image: ContainerImage.fromRegistry(image) } }, removalPolicy: RemovalPolicy.DESTROY,
    });
  };

  test('a delete under DESTROY disables a service that CloudFormation has scaled before', async () => {
    await cloud.deploy(stackOf(1, 'nginx:1.27'));
    await cloud.deploy(stackOf(2, 'nginx:1.27'));

    const { status, events } = await cloud.deploy(stackOf(2));

    expect({ status, events: events.map(({ requestType }) => requestType) }).toEqual({ status: 'UPDATE_COMPLETE', events: ['Delete'] });
    expect(state()).toBe('DISABLED');
  });

  test('a delete under DESTROY disables a service that CloudFormation scales in the same update', async () => {
    await cloud.deploy(stackOf(1, 'nginx:1.27'));

    await cloud.deploy(stackOf(2));

    expect(state()).toBe('DISABLED');
  });

  test('a delete under DESTROY disables a service whose scale and deployment were rolled back before', async () => {
    await cloud.deploy(stackOf(1, 'nginx:1.26'));
    cloud.emulator.outcomes.forImage('nginx:broken', Outcome.processExits());
    expect((await cloud.deploy(stackOf(2, 'nginx:broken'))).status).toBe('UPDATE_ROLLBACK_COMPLETE');

    await cloud.deploy(stackOf(1));

    expect(state()).toBe('DISABLED');
  });

  test('a delete under DESTROY leaves a service that was scaled, and then taken over by another stack', async () => {
    await cloud.deploy(stackOf(1, 'nginx:1.26'));
    await cloud.deploy(stackOf(2, 'nginx:1.26'));
    await cloud.anotherStack('Other').deploy(webApp('nginx:1.27', { isImported: true }));

    await cloud.deploy(stackOf(2));

    expect(state()).toBe('RUNNING');
  });

  test('a delete under DESTROY leaves a service that was scaled, and then deployed to by hand', async () => {
    await cloud.deploy(stackOf(1, 'nginx:1.26'));
    await cloud.deploy(stackOf(2, 'nginx:1.26'));
    cloud.emulator.invoke('CreateContainerServiceDeployment', { serviceName: 'web', containers: { app: { image: 'redis:7' } } });
    cloud.emulator.clock.advance(10 * MINUTE);

    await cloud.deploy(stackOf(2));

    expect(state()).toBe('RUNNING');
  });
});

describe.each<[string, Normalization, () => WebAppOptions & { image: string | ContainerImage }]>([
  ['the number of a latest image', { latestImages: true }, () => ({ image: ContainerImage.fromContainerService('app') })],
  ['values without line breaks at the end', { trailingLineBreaks: true }, () => ({ image: 'nginx:1.27', environment: { MOTD: 'hello\n', LEVEL: 'info' } })],
  ['only variables that have a value', { emptyVariables: true }, () => ({ image: 'nginx:1.27', environment: { EMPTY: '', LEVEL: 'info' } })],
])('Lightsail that keeps %s', (_, normalization, optionsOf) => {
  const source = (options: WebAppOptions = {}) => {
    const { image, ...others } = optionsOf();
    return webApp(image, { isImported: true, removalPolicy: RemovalPolicy.DESTROY, ...others, ...options });
  };

  beforeEach(async () => {
    cloud = await CloudFormation.start({ transport: 'direct', normalization });
    cloud.emulator.createService({ serviceName: 'web' });
    cloud.emulator.invoke('RegisterContainerImage', { serviceName: 'web', label: 'app', digest: `sha256:${'a'.repeat(64)}` });
  });

  test('a create whose answer is lost makes one version', async () => {
    cloud.emulator.faults.add({ operation: 'CreateContainerServiceDeployment', fault: Fault.connectionReset({ when: 'after' }), times: 1 });

    expect((await cloud.deploy(source())).status).toBe('CREATE_COMPLETE');
    expect(cloud.versions()).toEqual({ 1: 'ACTIVE' });
  });

  test.each([0, 1, 60])('an event that arrives again after %i minutes makes one version', async (minutes) => {
    const create = await cloud.begin(source());
    cloud.emulator.clock.advance(minutes * MINUTE);

    expect(await cloud.redeliver(create.event)).toMatchObject({ status: 'SUCCESS', data: { DeploymentVersion: '1' } });
    expect((await create.finish()).status).toBe('CREATE_COMPLETE');
    expect(cloud.versions()).toEqual({ 1: 'ACTIVE' });
  });

  test('a delete under DESTROY disables the service', async () => {
    await cloud.deploy(source());

    expect((await cloud.delete(source())).status).toBe('DELETE_COMPLETE');
    expect(state()).toBe('DISABLED');
  });

  test('the rollback of a failed update redeploys nothing', async () => {
    await cloud.deploy(source());
    cloud.emulator.outcomes.forNextDeployment('web', Outcome.processExits());

    expect((await cloud.deploy(source({ port: 8080 }))).status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(cloud.versions()).toEqual({ 1: 'ACTIVE', 2: 'FAILED' });
  });
});
