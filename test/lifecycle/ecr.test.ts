import { Duration, RemovalPolicy, type Stack } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as lightsail from 'aws-cdk-lib/aws-lightsail';
import { ContainerImage, ContainerService, ContainerServiceDeployment, type ContainerServiceDeploymentOptions } from '../../lib';
import { DEFAULT_TIMINGS, Fate, Fault } from '../emulator';
import { CloudFormation } from './cloudformation';

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
  /** Whether another stack, or nobody, created the service. */
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

function calls(operation: string) {
  return cloud.emulator.requests.filter((request) => request.operation === operation);
}

/** When the newest deployment was created, in whole seconds after a time. */
function createdAfter(start: number): number {
  return Math.floor((calls('CreateContainerServiceDeployment').at(-1)!.at - start) / SECOND);
}

function versions() {
  return Object.fromEntries(cloud.emulator.deployments('web').map(({ version, state }) => [version, state]));
}

/** The clock when the driver has the service as the template wants it, so that the deployment is next. */
function now() {
  return cloud.emulator.clock.now();
}

describe('a service of the stack', () => {
  test('runs a private image: the deployment comes 30 seconds after the access, and not later', async () => {
    const start = now() + DEFAULT_TIMINGS.ecrRoleActivation;
    const { status, events } = await cloud.deploy(privateApp('1'));

    expect(status).toBe('CREATE_COMPLETE');
    expect(createdAfter(start)).toBe(30);
    expect(cloud.emulator.service('web')!.currentDeployment!.containers!.app.image).toBe(`${HOST}/repo:1`);
    expect(events).toMatchObject([{ requestType: 'Create', data: { EcrImagePullerPrincipalArn: expect.stringMatching(/^arn:aws:iam::/) } }]);
    expect(calls('UpdateContainerService')).toEqual([]);
  });

  test('runs another private image at once', async () => {
    await cloud.deploy(privateApp('1'));
    const start = now();
    await cloud.deploy(privateApp('2'));

    expect(createdAfter(start)).toBe(0);
    expect(versions()).toEqual({ 1: 'INACTIVE', 2: 'ACTIVE' });
  });

  test('waits for the access where an update is the first to need it', async () => {
    await cloud.deploy(publicApp);
    const start = now() + DEFAULT_TIMINGS.ecrRoleActivation;
    await cloud.deploy(privateApp('1'));

    expect(createdAfter(start)).toBe(30);
    expect(versions()).toEqual({ 1: 'INACTIVE', 2: 'ACTIVE' });
  });

  test('that is busy meanwhile is not waited for again', async () => {
    const event = cloud.createEvent(privateApp('1'));
    cloud.emulator.setServiceState('web', 'UPDATING', 120 * SECOND);
    const start = now();

    expect(await cloud.provider.handle(event)).toMatchObject({ status: 'SUCCESS' });
    expect(createdAfter(start)).toBeLessThan(132);
  });

  test('that gets busy during the wait is asked as often as any that is busy', async () => {
    const event = cloud.createEvent(privateApp('1'));
    cloud.emulator.after(20 * SECOND, () => cloud.emulator.setServiceState('web', 'UPDATING', 15 * SECOND));
    const start = now();

    expect(await cloud.provider.handle(event)).toMatchObject({ status: 'SUCCESS' });
    expect(createdAfter(start)).toBe(40);
  });

  test('is waited for once, however many calls of isComplete that takes', async () => {
    const event = cloud.createEvent(privateApp('1'));
    const start = now();
    const begun = await cloud.provider.begin(event);
    cloud.emulator.clock.advance(29 * SECOND);

    expect(await cloud.provider.finish(event, begun)).toMatchObject({ status: 'SUCCESS' });
    expect(createdAfter(start)).toBe(30);
  });

  test('gets one version from an event that is delivered twice', async () => {
    const event = cloud.createEvent(privateApp('1'));

    const answers = [await cloud.provider.handle(event), await cloud.provider.handle(event)];
    expect(answers).toMatchObject([{ status: 'SUCCESS', data: { DeploymentVersion: '1' } }, { status: 'SUCCESS', data: { DeploymentVersion: '1' } }]);
  });

  test('goes on with what ran when an update fails, and the roll back waits for nothing', async () => {
    await cloud.deploy(privateApp('1'));
    cloud.emulator.fates.forImage(`${HOST}/repo:broken`, Fate.processExits());
    const { status, events } = await cloud.deploy(privateApp('broken'));

    expect(status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(versions()).toEqual({ 1: 'ACTIVE', 2: 'FAILED' });
    expect(events[1]).toMatchObject({ requestType: 'Update', status: 'SUCCESS', durationSeconds: 0 });
  });

  test('fails and says what to do where the access was turned off since', async () => {
    await cloud.deploy(privateApp('1'));
    const event = updateEvent();
    cloud.emulator.invoke('UpdateContainerService', { serviceName: 'web', privateRegistryAccess: { ecrImagePullerRole: { isActive: false } } });
    cloud.emulator.clock.advance(DEFAULT_TIMINGS.ecrRoleActivation);

    const { status, reason } = await cloud.provider.handle(event);

    expect(status).toBe('FAILED');
    expect(reason).toContain('Nothing was deployed to container service "web": its role that pulls images from private Amazon ECR repositories is not active, '
      + 'and the stack had turned it on. Version 1 is still serving.\n'
      + 'Turn it on with: aws lightsail update-container-service --service-name web --private-registry-access ecrImagePullerRole={isActive=true}\n');
    expect(versions()).toEqual({ 1: 'ACTIVE' });
  });

  test('gets a minute for the role to show', async () => {
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

describe('an image that is not in its repository', () => {
  const REMEDY = 'Push it to the repository, built for linux/amd64, or give ContainerImage.fromEcrRepository() a tag or digest that is there. Then deploy again.';

  test('fails the create, and nothing is deployed', async () => {
    const { status, reason } = await cloud.deploy(privateApp('missing'));

    expect(status).toBe('ROLLBACK_COMPLETE');
    expect(reason).toContain(`Nothing was deployed to container service "web": there is no image ${HOST}/repo:missing. No deployment is active.\n${REMEDY}`);
    expect(calls('CreateContainerServiceDeployment')).toEqual([]);
  });

  test('fails the update at once, and what ran goes on', async () => {
    await cloud.deploy(privateApp('1'));
    const { status, reason, events } = await cloud.deploy(privateApp('missing'));

    expect(status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(reason).toContain(`there is no image ${HOST}/repo:missing. Version 1 is still serving.\n${REMEDY}`);
    expect(events[0].durationSeconds).toBe(0);
    expect(versions()).toEqual({ 1: 'ACTIVE' });
  });

  test('fails where one of several is not there', async () => {
    const { reason } = await cloud.deploy((stack) => {
      const repository = ecr.Repository.fromRepositoryArn(stack, 'Other', 'arn:aws:ecr:us-east-1:123456789012:repository/repo');
      const containers = ['1', '2', 'missing'].map((tag) => [`c-${tag}`, { image: ContainerImage.fromEcrRepository(repository, tag) }]);
      privateApp('1', { containers: Object.fromEntries(containers) })(stack);
    });

    expect(reason).toContain(`there is no image ${HOST}/repo:missing.`);
  });

  test('fails before a service is enabled for it', async () => {
    cloud.emulator.createService({ serviceName: 'web' });
    cloud.emulator.invoke('UpdateContainerService', { serviceName: 'web', isDisabled: true, privateRegistryAccess: { ecrImagePullerRole: { isActive: true } } });
    cloud.emulator.clock.advance(10 * 60 * SECOND);
    await cloud.deploy(privateApp('missing', { removalPolicy: RemovalPolicy.DESTROY }));

    expect(cloud.emulator.service('web')!.state).toBe('DISABLED');
    expect(calls('UpdateContainerService')).toEqual([]);
  });

  test('is left to Lightsail in a repository of another account', async () => {
    expect((await cloud.deploy(privateApp('missing', { account: '999999999999' }))).status).toBe('CREATE_COMPLETE');
    expect(cloud.sources.requests).toEqual([]);
  });

  test.each([
    ['may not look', Fault.accessDenied()],
    ['is not understood', Fault.error('InvalidParameterException', 400, 'Invalid parameter')],
  ])('is left to Lightsail where the handler %s', async (_, fault) => {
    cloud.sources.faults.add({ operation: 'DescribeImages', fault });

    expect((await cloud.deploy(privateApp('missing'))).status).toBe('CREATE_COMPLETE');
  });

  test('is looked for until there is an answer', async () => {
    const trouble = cloud.sources.faults.add({ operation: 'DescribeImages', fault: Fault.serverError() });
    cloud.emulator.after(DEFAULT_TIMINGS.ecrRoleActivation + 5 * 60 * SECOND, () => trouble.remove());
    const { reason } = await cloud.deploy(privateApp('missing'));

    expect(reason).toContain(`there is no image ${HOST}/repo:missing.`);
    expect(calls('CreateContainerServiceDeployment')).toEqual([]);
  });

  test('is not deployed if there never is one', async () => {
    cloud.sources.faults.add({ operation: 'DescribeImages', fault: Fault.serverError() });
    const { reason } = await cloud.deploy(privateApp('missing', { timeout: Duration.minutes(5) }));

    expect(reason).toContain('DescribeImages failed: ServerException: An internal error occurred');
    expect(calls('CreateContainerServiceDeployment')).toEqual([]);
  });
});

describe('an image of another Region, which its name tells', () => {
  const elsewhere = '123456789012.dkr.ecr.eu-west-1.amazonaws.com/repo:1';
  const named = privateApp('', { containers: { app: { image: ContainerImage.fromRegistry(elsewhere) } } });

  test('fails at once, and what ran goes on', async () => {
    await cloud.deploy(privateApp('1'));
    const { status, reason, events } = await cloud.deploy(named);

    expect(status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(reason).toContain(`Nothing was deployed to container service "web": image ${elsewhere} of container "app" is in a private Amazon ECR repository `
      + 'in eu-west-1, and the service in us-east-1. Version 1 is still serving.\nLightsail pulls from private repositories of its own Region only.');
    expect(events[0].durationSeconds).toBe(0);
    expect(versions()).toEqual({ 1: 'ACTIVE' });
  });
});

describe('a service that exists already', () => {
  const IMPORTED = { isImported: true };

  beforeEach(() => {
    cloud.emulator.createService({ serviceName: 'web' });
  });

  function role() {
    return cloud.emulator.service('web')!.privateRegistryAccess.ecrImagePullerRole;
  }

  test('is given the role, tells its ARN, and then runs a private image', async () => {
    const { status, events } = await cloud.deploy(privateApp('1', IMPORTED));

    expect(status).toBe('CREATE_COMPLETE');
    expect(events).toMatchObject([
      { requestType: 'Create', physicalResourceId: 'web', data: { EcrImagePullerPrincipalArn: role().principalArn } },
      { requestType: 'Create', physicalResourceId: 'web', data: { DeploymentVersion: '1' } },
    ]);
    expect(role()).toEqual({ isActive: true, principalArn: expect.stringMatching(/^arn:aws:iam::/) });
    expect(calls('UpdateContainerService').map(({ input }) => input)).toEqual([
      { serviceName: 'web', privateRegistryAccess: { ecrImagePullerRole: { isActive: true } } },
    ]);
  });

  test('runs another one at once', async () => {
    await cloud.deploy(privateApp('1', IMPORTED));
    const start = now();
    const { events } = await cloud.deploy(privateApp('2', IMPORTED));

    expect(events).toHaveLength(1);
    expect(createdAfter(start)).toBe(0);
    expect(calls('UpdateContainerService')).toHaveLength(1);
  });

  test('that has the role is not touched for it', async () => {
    cloud.emulator.invoke('UpdateContainerService', { serviceName: 'web', privateRegistryAccess: { ecrImagePullerRole: { isActive: true } } });
    cloud.emulator.clock.advance(DEFAULT_TIMINGS.ecrRoleActivation);

    expect((await cloud.deploy(privateApp('1', IMPORTED))).status).toBe('CREATE_COMPLETE');
    expect(calls('UpdateContainerService')).toEqual([]);
  });

  test('that is busy is waited for', async () => {
    cloud.emulator.setServiceState('web', 'UPDATING', 60 * SECOND);

    expect((await cloud.deploy(privateApp('1', IMPORTED))).status).toBe('CREATE_COMPLETE');
  });

  test('is asked again where a call fails on the way', async () => {
    cloud.emulator.faults.add({ operation: 'UpdateContainerService', fault: Fault.serverError(), times: 2 });

    expect((await cloud.deploy(privateApp('1', IMPORTED))).status).toBe('CREATE_COMPLETE');
  });

  test('keeps the role when the deployment goes', async () => {
    await cloud.deploy(privateApp('1', IMPORTED));
    const { events } = await cloud.delete(privateApp('1', IMPORTED));

    expect(events).toMatchObject([{ requestType: 'Delete', status: 'SUCCESS' }, { requestType: 'Delete', status: 'SUCCESS' }]);
    expect(role().isActive).toBe(true);
    expect(versions()).toEqual({ 1: 'ACTIVE' });
  });

  test('fails in time where it stays busy', async () => {
    cloud.emulator.setServiceState('web', 'UPDATING');
    const { reason, events } = await cloud.deploy(privateApp('1', { ...IMPORTED, timeout: Duration.minutes(5) }));

    expect(reason).toContain('Container service "web" has no role that pulls images from private Amazon ECR repositories after 300 seconds (service state UPDATING).\n'
      + 'Find out what keeps the service busy, or raise the timeout of the ContainerServiceDeployment.');
    expect(events[0].durationSeconds).toBeLessThanOrEqual(300);
  });

  test('fails with the last call where that does not get through', async () => {
    cloud.emulator.faults.add({ operation: 'UpdateContainerService', fault: Fault.throttled() });
    const { reason } = await cloud.deploy(privateApp('1', { ...IMPORTED, timeout: Duration.minutes(5) }));

    expect(reason).toContain('(service state READY). The last call: UpdateContainerService failed: ThrottlingException');
  });

  test('fails at once where it is on its way out', async () => {
    cloud.emulator.setServiceState('web', 'DELETING', 600 * SECOND);
    const { reason, events } = await cloud.deploy(privateApp('1', IMPORTED));

    expect(reason).toContain('The access to private Amazon ECR repositories was not turned on: container service "web" is DELETING.');
    expect(events[0].durationSeconds).toBe(0);
  });

  test('fails with the word of Lightsail where that refuses', async () => {
    cloud.emulator.faults.add({ operation: 'UpdateContainerService', fault: Fault.error('InvalidInputException', 400, 'This Region has none') });
    const { reason } = await cloud.deploy(privateApp('1', IMPORTED));

    expect(reason).toContain('The access to private Amazon ECR repositories was not turned on for container service "web": '
      + 'UpdateContainerService failed: InvalidInputException: This Region has none');
  });

  test('is given the role also while it is disabled, under DESTROY, and is enabled only to deploy', async () => {
    cloud.emulator.invoke('UpdateContainerService', { serviceName: 'web', isDisabled: true });
    cloud.emulator.clock.advance(10 * 60 * SECOND);

    expect((await cloud.deploy(privateApp('1', { ...IMPORTED, removalPolicy: RemovalPolicy.DESTROY }))).status).toBe('CREATE_COMPLETE');
    expect(versions()).toEqual({ 1: 'ACTIVE' });
  });
});

test('a service that does not exist cannot be given the role', async () => {
  const { reason } = await cloud.deploy(privateApp('1', { isImported: true }));

  expect(reason).toContain('The access to private Amazon ECR repositories was not turned on: there is no container service "web" in this account and Region.');
});
