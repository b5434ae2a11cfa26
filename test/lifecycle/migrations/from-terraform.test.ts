import { RemovalPolicy, type Stack } from 'aws-cdk-lib';
import type { CfnContainer } from 'aws-cdk-lib/aws-lightsail';
import { appOf, Guide, resourcesOf } from './guide';
import { Terraform } from './terraform';
import { Watch } from './watch';
import { ContainerService, ContainerServicePower } from '../../../lib';
import { CloudFormation } from '../cloudformation/cloudformation';

/*
 * docs/migrating-from-terraform.md, played: its code blocks, the calls of Terraform's provider after its source, and the bundled handler.
 */
const guide = new Guide('migrating-from-terraform.md');
const CONFIGURATION = guide.block('Before', 'terraform');
const [SERVICE_BLOCK] = CONFIGURATION.split(/^(?=resource "aws_lightsail_container_service_deployment_version")/m);
const DEPLOYMENT = guide.app('The deployment');
const SERVICE = guide.app('The service');

let cloud: CloudFormation;
let terraform: Terraform;
let watch: Watch;

beforeEach(async () => {
  cloud = await CloudFormation.start();
  terraform = new Terraform(cloud.emulator);
  await terraform.apply(CONFIGURATION);
  watch = new Watch(cloud.emulator, 'web');
});

afterEach(() => cloud.stop());

/** Runs the command `terraform state rm` that the guide gives under a heading. */
function forget(heading: string): void {
  const [command] = guide.commands(heading, 'terraform state rm ');
  terraform.forget(command.split(' ')[3]);
}

test('the old state is one version on a service with a role and a tag', () => {
  expect(cloud.versions()).toEqual({ 1: 'ACTIVE' });
  expect(cloud.emulator.service('web')).toMatchObject({
    tags: [{ key: 'team', value: 'shop' }],
    privateRegistryAccess: { ecrImagePullerRole: { isActive: true } },
    currentDeployment: {
      containers: { app: { image: 'nginx:1.27', command: ['nginx', '-g', 'daemon off;'], environment: { LOG_LEVEL: 'info' }, ports: { 80: 'HTTP' } } },
      publicEndpoint: { containerName: 'app', healthCheck: { path: '/healthz', intervalSeconds: 10, timeoutSeconds: 3, unhealthyThreshold: 3 } },
    },
  });
});

test('the deployment moves without a version, a gap or a change of the service', async () => {
  const before = cloud.emulator.service('web');
  forget('The deployment');

  const { status, events } = await cloud.deploy(DEPLOYMENT);
  await terraform.apply(SERVICE_BLOCK);

  expect(status).toBe('CREATE_COMPLETE');
  expect(events).toMatchObject([{ status: 'SUCCESS', data: { DeploymentVersion: '1', DeploymentId: 'web/1' } }]);
  expect(cloud.versions()).toEqual({ 1: 'ACTIVE' });
  expect(cloud.emulator.service('web')).toEqual(before);
  expect(watch.gaps).toEqual([]);
});

test('then the service moves without a version, a gap or a change of the service', async () => {
  const before = cloud.emulator.service('web');
  forget('The deployment');
  await cloud.deploy(DEPLOYMENT);

  forget('The service');
  const stack = cloud.anotherStack('Services');
  const imported = resourcesOf(SERVICE);
  stack.importServices(imported);
  await terraform.apply('');

  expect(cloud.emulator.service('web')).toEqual(before);
  expect(cloud.versions()).toEqual({ 1: 'ACTIVE' });

  // The template says what Terraform said: an update of the service takes nothing away.
  await stack.updateServicesOnly(resourcesOf((scope) => {
    SERVICE(scope);
    ((scope.node.findChild('Service').node.defaultChild) as CfnContainer).scale = 2;
  }));
  expect(cloud.emulator.service('web')).toMatchObject({ scale: 2, tags: before!.tags, privateRegistryAccess: before!.privateRegistryAccess });
  expect(cloud.versions()).toEqual({ 1: 'ACTIVE' });
  expect(watch.seconds()).toBeGreaterThan(10);
  expect(watch.looks).toBeGreaterThanOrEqual(watch.seconds());
  expect(watch.gaps).toEqual([]);
});

test('a deployment that is passed the imported service makes no version', async () => {
  forget('The deployment');
  await cloud.deploy(DEPLOYMENT);
  forget('The service');
  const another = cloud.anotherStack('Services');
  another.importServices(resourcesOf(SERVICE));

  const onImported = [guide.block('The service', 'ts'), ...guide.block('The deployment', 'ts').split('\n\n').slice(1)].join('\n');
  const { status } = await another.deploy(appOf(onImported));

  expect(status).toBe('UPDATE_COMPLETE');
  expect(cloud.versions()).toEqual({ 1: 'ACTIVE' });
  expect(watch.gaps).toEqual([]);
});

test('removing the stack of the deployment leaves what runs', async () => {
  forget('The deployment');
  await cloud.deploy(DEPLOYMENT);

  await cloud.delete(DEPLOYMENT);

  expect(cloud.versions()).toEqual({ 1: 'ACTIVE' });
  expect(watch.gaps).toEqual([]);
});

test('only DESTROY writes a tag to the service that Terraform keeps', async () => {
  const tags = () => cloud.emulator.service('web')!.tags.map(({ key }) => key);
  await cloud.deploy(DEPLOYMENT);
  expect(tags()).toEqual(['team']);

  await cloud.deploy(appOf(guide.block('The deployment', 'ts').replace("('Deployment', {", "('Deployment', { removalPolicy: cdk.RemovalPolicy.DESTROY,")));

  expect(tags()).toEqual(['team', 'cdk-lightsail-containers:owner']);
  expect(cloud.versions()).toEqual({ 1: 'ACTIVE' });
  expect(watch.gaps).toEqual([]);
});

test('the service with a certificate is named as Terraform named it', () => {
  expect(Object.values(resourcesOf(guide.app('The certificate')))).toMatchObject([{
    DeletionPolicy: 'Retain',
    Properties: { PublicDomainNames: [{ CertificateName: 'example-certificate', DomainNames: ['www.example.com'] }] },
  }]);
});

describe('in the wrong order', () => {
  test('without "state rm", removing the block of the service deletes the service', async () => {
    await cloud.deploy(DEPLOYMENT);

    await terraform.apply('');
    cloud.emulator.clock.advance(600_000);
    watch.seconds();

    expect(cloud.emulator.service('web')).toBeUndefined();
    expect(watch.gaps).toEqual(['the service is DELETING', 'there is no service']);
  });

  test('without "state rm", removing the block of the deployment changes nothing', async () => {
    await terraform.apply(SERVICE_BLOCK);
    await cloud.deploy(DEPLOYMENT);

    expect(cloud.versions()).toEqual({ 1: 'ACTIVE' });
    expect(watch.gaps).toEqual([]);
  });

  test('a deployment that stays in Terraform replaces the other once its block changes, and not before', async () => {
    await cloud.deploy(DEPLOYMENT);
    await terraform.apply(CONFIGURATION);
    expect(cloud.versions()).toEqual({ 1: 'ACTIVE' });

    await terraform.apply(CONFIGURATION.replace('nginx:1.27', 'nginx:1.28'));

    expect(cloud.versions()).toEqual({ 1: 'INACTIVE', 2: 'ACTIVE' });
    expect(watch.gaps).toEqual([]);
  });

  test('"cdk deploy" instead of "cdk import" is refused', async () => {
    await expect(cloud.createServicesOnly(resourcesOf(SERVICE))).rejects.toThrow("'web' already exists");
    expect(watch.gaps).toEqual([]);
  });

  test('an import with a deployment, or without RETAIN, is refused', () => {
    const withDeployment = appOf([guide.block('The service', 'ts'), ...guide.block('The deployment', 'ts').split('\n\n').slice(1)].join('\n'));
    expect(() => cloud.importServices(resourcesOf(withDeployment))).toThrow('An import creates nothing');

    const withoutPolicy = appOf(guide.block('The service', 'ts').replace('removalPolicy: cdk.RemovalPolicy.RETAIN,', ''));
    expect(() => cloud.importServices(resourcesOf(withoutPolicy))).toThrow('needs a DeletionPolicy');
  });

  test('what the import leaves out is taken away by the next update of the service', async () => {
    const forgetful = (power: ContainerServicePower) => (stack: Stack) => {
      new ContainerService(stack, 'Service', { containerServiceName: 'web', power, removalPolicy: RemovalPolicy.RETAIN });
    };
    cloud.importServices(resourcesOf(forgetful(ContainerServicePower.NANO)));
    expect(cloud.emulator.service('web')).toMatchObject({ tags: [{ key: 'team' }], privateRegistryAccess: { ecrImagePullerRole: { isActive: true } } });

    await cloud.updateServicesOnly(resourcesOf(forgetful(ContainerServicePower.MICRO)));

    expect(cloud.emulator.service('web')).toMatchObject({ tags: [], privateRegistryAccess: { ecrImagePullerRole: { isActive: false } } });
  });
});
