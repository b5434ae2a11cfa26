import { Duration, RemovalPolicy, type Stack } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as lightsail from 'aws-cdk-lib/aws-lightsail';
import { ContainerImage, ContainerService, ContainerServiceDeployment, type ContainerServiceDeploymentOptions } from '../../lib';
import { DEFAULT_TIMINGS, Outcome, Fault } from '../emulator';
import { CloudFormation } from './cloudformation/cloudformation';

const SECOND = 1000;
const HOST = '123456789012.dkr.ecr.us-east-1.amazonaws.com';

let cloud: CloudFormation;

beforeEach(async () => {
  cloud = await CloudFormation.start();
  cloud.sources.repositories.set('repo', ['1', '2', 'broken']);
});

afterEach(() => cloud.stop());

interface PrivateAppOptions extends Partial<ContainerServiceDeploymentOptions> {
  readonly account?: string;
  /** Whether the service is not of this stack. */
  readonly isImported?: boolean;
}

/** An app with one container of a private image, and its service. */
function privateApp(tag: string, { isImported, account = '123456789012', ...options }: PrivateAppOptions = {}) {
  return (stack: Stack): void => {
    const service = isImported ? ContainerService.fromContainerServiceName(stack, 'Service', 'web')
      : new lightsail.CfnContainer(stack, 'Service', { serviceName: 'web', power: 'nano', scale: 1 });
    const repository = ecr.Repository.fromRepositoryArn(stack, 'Repository', `arn:aws:ecr:us-east-1:${account}:repository/repo`);
    new ContainerServiceDeployment(stack, 'Deployment', {
      service, containers: { app: { image: ContainerImage.fromEcrRepository(repository, tag) } }, ...options,
    });
  };
}

function publicApp(stack: Stack): void {
  privateApp('', { containers: { app: { image: ContainerImage.fromRegistry('nginx:1.27') } } })(stack);
}

/** When the newest deployment was created, in whole seconds after a time. */
function createdAfter(start: number): number {
  return Math.floor((cloud.calls('CreateContainerServiceDeployment').at(-1)!.at - start) / SECOND);
}

/** Step Functions pauses for 7 seconds between two calls. */
function expectCreatedAtTheNextCall(start: number, seconds: number): void {
  expect(createdAfter(start)).toBeGreaterThanOrEqual(seconds);
  expect(createdAfter(start)).toBeLessThan(seconds + 8);
}

/** The clock when the driver has the service as the template wants it, so that the deployment is next. */
function now() {
  return cloud.emulator.clock.now();
}

describe('a private image on a service of the stack', () => {
  test('a private image is deployed 30 seconds after pull access is active, at the next call of the handler', async () => {
    const start = now() + DEFAULT_TIMINGS.ecrRoleActivation;
    const { status, events } = await cloud.deploy(privateApp('1'));

    expect(status).toBe('CREATE_COMPLETE');
    expectCreatedAtTheNextCall(start, 30);
    expect(cloud.emulator.service('web')!.currentDeployment!.containers!.app.image).toBe(`${HOST}/repo:1`);
    expect(events).toMatchObject([{ requestType: 'Create', data: { EcrImagePullerPrincipalArn: expect.stringMatching(/^arn:aws:iam::/) } }]);
    expect(cloud.calls('UpdateContainerService')).toEqual([]);
  });

  test('a second private image is deployed at once', async () => {
    await cloud.deploy(privateApp('1'));
    const start = now();
    await cloud.deploy(privateApp('2'));

    expect(createdAfter(start)).toBe(0);
    expect(cloud.versions()).toEqual({ 1: 'INACTIVE', 2: 'ACTIVE' });
  });

  test('an update that is the first to need pull access waits for it', async () => {
    await cloud.deploy(publicApp);
    const start = now() + DEFAULT_TIMINGS.ecrRoleActivation;
    await cloud.deploy(privateApp('1'));

    expectCreatedAtTheNextCall(start, 30);
    expect(cloud.versions()).toEqual({ 1: 'INACTIVE', 2: 'ACTIVE' });
  });

  test('a service that was busy after its activation is not waited for again', async () => {
    const event = cloud.createEvent(privateApp('1'));
    cloud.emulator.setServiceState('web', 'UPDATING', 120 * SECOND);
    const start = now();

    expect(await cloud.provider.handle(event)).toMatchObject({ status: 'SUCCESS' });
    expect(createdAfter(start)).toBeLessThan(132);
  });

  test('a service that gets busy during the wait is polled as usual', async () => {
    const event = cloud.createEvent(privateApp('1'));
    cloud.emulator.after(20 * SECOND, () => cloud.emulator.setServiceState('web', 'UPDATING', 15 * SECOND));
    const start = now();

    expect(await cloud.provider.handle(event)).toMatchObject({ status: 'SUCCESS' });
    expectCreatedAtTheNextCall(start, 35);
  });

  test('the wait for pull access happens once, over any number of isComplete calls', async () => {
    const event = cloud.createEvent(privateApp('1'));
    const start = now();
    const begun = await cloud.provider.begin(event);
    cloud.emulator.clock.advance(29 * SECOND);

    expect(await cloud.provider.finish(event, begun)).toMatchObject({ status: 'SUCCESS' });
    expectCreatedAtTheNextCall(start, 30);
  });

  test('an event that is delivered twice during the wait makes one version', async () => {
    const event = cloud.createEvent(privateApp('1'));

    const answers = [await cloud.provider.handle(event), await cloud.provider.handle(event)];
    expect(answers).toMatchObject([{ status: 'SUCCESS', data: { DeploymentVersion: '1' } }, { status: 'SUCCESS', data: { DeploymentVersion: '1' } }]);
  });

  test('a failed update keeps the old version, and its rollback waits for nothing', async () => {
    await cloud.deploy(privateApp('1'));
    cloud.emulator.outcomes.forImage(`${HOST}/repo:broken`, Outcome.processExits());
    const { status, events } = await cloud.deploy(privateApp('broken'));

    expect(status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(cloud.versions()).toEqual({ 1: 'ACTIVE', 2: 'FAILED' });
    expect(events[1]).toMatchObject({ requestType: 'Update', status: 'SUCCESS', durationSeconds: 0 });
  });

  test('a deployment fails and says what to do after pull access was turned off', async () => {
    await cloud.deploy(privateApp('1'));
    const event = updateEvent();
    cloud.emulator.invoke('UpdateContainerService', { serviceName: 'web', privateRegistryAccess: { ecrImagePullerRole: { isActive: false } } });
    cloud.emulator.clock.advance(DEFAULT_TIMINGS.ecrRoleActivation);

    const { status, reason } = await cloud.provider.handle(event);

    expect(status).toBe('FAILED');
    expect(reason).toContain('Nothing was deployed to container service "web": its ECR image puller role is inactive, '
      + 'although this stack enabled it. Version 1 is still serving.\n'
      + 'Enable it with: aws lightsail update-container-service --service-name web --private-registry-access ecrImagePullerRole={isActive=true}\n');
    expect(cloud.versions()).toEqual({ 1: 'ACTIVE' });
  });

  test('a role that is not visible yet has one minute to appear', async () => {
    const event = cloud.createEvent(privateApp('1'));
    cloud.emulator.invoke('UpdateContainerService', { serviceName: 'web', privateRegistryAccess: { ecrImagePullerRole: { isActive: false } } });
    cloud.emulator.clock.advance(DEFAULT_TIMINGS.ecrRoleActivation);
    cloud.emulator.after(40 * SECOND, () => cloud.emulator.invoke('UpdateContainerService', {
      serviceName: 'web', privateRegistryAccess: { ecrImagePullerRole: { isActive: true } },
    }));
    const start = now() + 40 * SECOND + DEFAULT_TIMINGS.ecrRoleActivation;

    expect(await cloud.provider.handle(event)).toMatchObject({ status: 'SUCCESS' });
    expect(createdAfter(start)).toBeGreaterThanOrEqual(30);
    expect(createdAfter(start)).toBeLessThanOrEqual(40);
  });

  /** The Update to the second image. */
  function updateEvent() {
    const template = cloud.synthesize(privateApp('2'));
    const [logicalId] = Object.entries(template.resources).find(([, { Type }]) => Type === 'Custom::LightsailContainerServiceDeployment')!;
    const properties = (tag: string) => ({
      ServiceName: 'web', Containers: { app: { Image: `${HOST}/repo:${tag}` } }, Timeout: 1800, PrivateRegistryAccess: true, EcrImages: [`${HOST}/repo:${tag}`],
    });
    return cloud.event(template, 'Update', logicalId, properties('2'), { physicalId: 'web', properties: properties('1') });
  }
});

describe('an image that is missing in its repository', () => {
  const REMEDY = 'Push it to the repository, built for linux/amd64, or pass an existing tag or digest to ContainerImage.fromEcrRepository(). Then deploy again.';

  test('a create with a missing image fails, and deploys nothing', async () => {
    const { status, reason } = await cloud.deploy(privateApp('missing'));

    expect(status).toBe('ROLLBACK_COMPLETE');
    expect(reason).toContain(`Nothing was deployed to container service "web": there is no image ${HOST}/repo:missing. No deployment is active.\n${REMEDY}`);
    expect(cloud.calls('CreateContainerServiceDeployment')).toEqual([]);
  });

  test('an update to a missing image fails at once, and the old version keeps serving', async () => {
    await cloud.deploy(privateApp('1'));
    const { status, reason, events } = await cloud.deploy(privateApp('missing'));

    expect(status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(reason).toContain(`there is no image ${HOST}/repo:missing. Version 1 is still serving.\n${REMEDY}`);
    expect(events[0].durationSeconds).toBe(0);
    expect(cloud.versions()).toEqual({ 1: 'ACTIVE' });
  });

  test('a deployment fails where one of several images is missing', async () => {
    const { reason } = await cloud.deploy((stack) => {
      const repository = ecr.Repository.fromRepositoryArn(stack, 'Other', 'arn:aws:ecr:us-east-1:123456789012:repository/repo');
      const containers = ['1', '2', 'missing'].map((tag) => [`c-${tag}`, { image: ContainerImage.fromEcrRepository(repository, tag) }]);
      privateApp('1', { containers: Object.fromEntries(containers) })(stack);
    });

    expect(reason).toContain(`there is no image ${HOST}/repo:missing.`);
  });

  test('a missing image fails before a service is enabled for it', async () => {
    cloud.emulator.createService({ serviceName: 'web' });
    cloud.emulator.invoke('UpdateContainerService', { serviceName: 'web', isDisabled: true, privateRegistryAccess: { ecrImagePullerRole: { isActive: true } } });
    cloud.emulator.clock.advance(10 * 60 * SECOND);
    await cloud.deploy(privateApp('missing', { removalPolicy: RemovalPolicy.DESTROY }));

    expect(cloud.emulator.service('web')!.state).toBe('DISABLED');
    expect(cloud.calls('UpdateContainerService')).toEqual([]);
  });

  test("an image in another account's repository is left to Lightsail to check", async () => {
    expect((await cloud.deploy(privateApp('missing', { account: '999999999999' }))).status).toBe('CREATE_COMPLETE');
    expect(cloud.sources.requests).toEqual([]);
  });

  test.each([
    ['has no permission', Fault.accessDenied()],
    ['is not understood', Fault.error('InvalidParameterException', 400, 'Invalid parameter')],
  ])('an image is left to Lightsail to check where the handler %s', async (_, fault) => {
    cloud.sources.faults.add({ operation: 'DescribeImages', fault });

    expect((await cloud.deploy(privateApp('missing'))).status).toBe('CREATE_COMPLETE');
  });

  test('a repository is asked again until it answers', async () => {
    const trouble = cloud.sources.faults.add({ operation: 'DescribeImages', fault: Fault.serverError() });
    cloud.emulator.after(DEFAULT_TIMINGS.ecrRoleActivation + 5 * 60 * SECOND, () => trouble.remove());
    const { reason } = await cloud.deploy(privateApp('missing'));

    expect(reason).toContain(`there is no image ${HOST}/repo:missing.`);
    expect(cloud.calls('CreateContainerServiceDeployment')).toEqual([]);
  });

  test('an image is not deployed where its repository never answers', async () => {
    cloud.sources.faults.add({ operation: 'DescribeImages', fault: Fault.serverError() });
    const { reason } = await cloud.deploy(privateApp('missing', { timeout: Duration.minutes(5) }));

    expect(reason).toContain('DescribeImages failed: ServerException: An internal error occurred');
    expect(cloud.calls('CreateContainerServiceDeployment')).toEqual([]);
  });
});

describe('an image of another Region', () => {
  const elsewhere = '123456789012.dkr.ecr.eu-west-1.amazonaws.com/repo:1';
  const named = privateApp('', { containers: { app: { image: ContainerImage.fromRegistry(elsewhere) } } });

  test('an image of another Region fails at once, and the old version keeps serving', async () => {
    await cloud.deploy(privateApp('1'));
    const { status, reason, events } = await cloud.deploy(named);

    expect(status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(reason).toContain(`Nothing was deployed to container service "web": image ${elsewhere} of container "app" is in a private Amazon ECR repository `
      + 'in eu-west-1, and the service in us-east-1. Version 1 is still serving.\nLightsail pulls from private repositories of its own Region only.');
    expect(events[0].durationSeconds).toBe(0);
    expect(cloud.versions()).toEqual({ 1: 'ACTIVE' });
  });
});

describe('pull access for a service that exists already', () => {
  const IMPORTED = { isImported: true };

  beforeEach(() => {
    cloud.emulator.createService({ serviceName: 'web' });
  });

  function role() {
    return cloud.emulator.service('web')!.privateRegistryAccess.ecrImagePullerRole;
  }

  test('an imported service gets the role, returns its ARN, and then runs a private image', async () => {
    const { status, events } = await cloud.deploy(privateApp('1', IMPORTED));

    expect(status).toBe('CREATE_COMPLETE');
    expect(events).toMatchObject([
      { requestType: 'Create', physicalResourceId: 'web', data: { EcrImagePullerPrincipalArn: role().principalArn } },
      { requestType: 'Create', physicalResourceId: 'web', data: { DeploymentVersion: '1' } },
    ]);
    expect(role()).toEqual({ isActive: true, principalArn: expect.stringMatching(/^arn:aws:iam::/) });
    expect(cloud.calls('UpdateContainerService').map(({ input }) => input)).toEqual([
      { serviceName: 'web', privateRegistryAccess: { ecrImagePullerRole: { isActive: true } } },
    ]);
  });

  test('an imported service runs a second private image at once', async () => {
    await cloud.deploy(privateApp('1', IMPORTED));
    const start = now();
    const { events } = await cloud.deploy(privateApp('2', IMPORTED));

    expect(events).toHaveLength(1);
    expect(createdAfter(start)).toBe(0);
    expect(cloud.calls('UpdateContainerService')).toHaveLength(1);
  });

  test('an imported service that has the role is not changed', async () => {
    cloud.emulator.invoke('UpdateContainerService', { serviceName: 'web', privateRegistryAccess: { ecrImagePullerRole: { isActive: true } } });
    cloud.emulator.clock.advance(DEFAULT_TIMINGS.ecrRoleActivation);

    expect((await cloud.deploy(privateApp('1', IMPORTED))).status).toBe('CREATE_COMPLETE');
    expect(cloud.calls('UpdateContainerService')).toEqual([]);
  });

  test('pull access waits for an imported service that is busy', async () => {
    cloud.emulator.setServiceState('web', 'UPDATING', 60 * SECOND);

    expect((await cloud.deploy(privateApp('1', IMPORTED))).status).toBe('CREATE_COMPLETE');
  });

  test('pull access is tried again where a call fails', async () => {
    cloud.emulator.faults.add({ operation: 'UpdateContainerService', fault: Fault.serverError(), times: 2 });

    expect((await cloud.deploy(privateApp('1', IMPORTED))).status).toBe('CREATE_COMPLETE');
  });

  test('an imported service keeps the role when the deployment is deleted', async () => {
    await cloud.deploy(privateApp('1', IMPORTED));
    const { events } = await cloud.delete(privateApp('1', IMPORTED));

    expect(events).toMatchObject([{ requestType: 'Delete', status: 'SUCCESS' }, { requestType: 'Delete', status: 'SUCCESS' }]);
    expect(role().isActive).toBe(true);
    expect(cloud.versions()).toEqual({ 1: 'ACTIVE' });
  });

  test('pull access fails in time where the service stays busy', async () => {
    cloud.emulator.setServiceState('web', 'UPDATING');
    const { reason, events } = await cloud.deploy(privateApp('1', { ...IMPORTED, timeout: Duration.minutes(5) }));

    expect(reason).toContain('Container service "web" has no role that pulls images from private Amazon ECR repositories after 300 seconds (service state UPDATING).\n'
      + 'Find out what keeps the service busy, or increase `timeout` on the ContainerServiceDeployment.');
    expect(events[0].durationSeconds).toBeLessThanOrEqual(300);
  });

  test('pull access fails with the last call where that never succeeds', async () => {
    cloud.emulator.faults.add({ operation: 'UpdateContainerService', fault: Fault.throttled() });
    const { reason } = await cloud.deploy(privateApp('1', { ...IMPORTED, timeout: Duration.minutes(5) }));

    expect(reason).toContain('(service state READY). Last call: UpdateContainerService failed: ThrottlingException');
  });

  test('pull access fails at once where the service is being deleted', async () => {
    cloud.emulator.setServiceState('web', 'DELETING', 600 * SECOND);
    const { reason, events } = await cloud.deploy(privateApp('1', IMPORTED));

    expect(reason).toContain('Access to private Amazon ECR repositories was not enabled: container service "web" is DELETING.');
    expect(events[0].durationSeconds).toBe(0);
  });

  test("pull access fails with Lightsail's message where that refuses", async () => {
    cloud.emulator.faults.add({ operation: 'UpdateContainerService', fault: Fault.error('InvalidInputException', 400, 'This Region has none') });
    const { reason } = await cloud.deploy(privateApp('1', IMPORTED));

    expect(reason).toContain('Access to private Amazon ECR repositories was not enabled for container service "web": '
      + 'UpdateContainerService failed: InvalidInputException: This Region has none');
  });

  test('under DESTROY a disabled service gets the role, and is enabled only to deploy', async () => {
    cloud.emulator.invoke('UpdateContainerService', { serviceName: 'web', isDisabled: true });
    cloud.emulator.clock.advance(10 * 60 * SECOND);

    expect((await cloud.deploy(privateApp('1', { ...IMPORTED, removalPolicy: RemovalPolicy.DESTROY }))).status).toBe('CREATE_COMPLETE');
    expect(cloud.versions()).toEqual({ 1: 'ACTIVE' });
  });
});

test('pull access for a missing service fails', async () => {
  const { reason } = await cloud.deploy(privateApp('1', { isImported: true }));

  expect(reason).toContain('Access to private Amazon ECR repositories was not enabled: there is no container service "web" in this account and Region.');
});
