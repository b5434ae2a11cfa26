import { AwsCli } from './aws-cli';
import { appOf, Guide, resourcesOf } from './guide';
import { Watch } from './watch';
import { ContainerService, ContainerServicePower, type IContainerService } from '../../../lib';
import { CloudFormation } from '../cloudformation/cloudformation';

/*
 * docs/migrating-from-aws-cli.md, played: its commands and files over HTTP, its code block, and the bundled handler.
 */
const guide = new Guide('migrating-from-aws-cli.md');
const FILES = guide.files('Before');
const COMMANDS = guide.commands('Before', 'aws lightsail ');
const CODE = guide.block('After', 'ts');
const AFTER = appOf(CODE);

let cloud: CloudFormation;
let cli: AwsCli;
let watch: Watch;

beforeEach(() => start());

afterEach(async () => {
  cli.stop();
  await cloud.stop();
});

/** Plays the script in a cloud of its own, up to the state in which it leaves the service. */
async function start(options?: Parameters<typeof CloudFormation.start>[0], files = FILES) {
  cloud = await CloudFormation.start(options);
  cloud.sources.put('/web/password', 'correct horse');
  cli = new AwsCli(cloud.emulator);
  for (const command of COMMANDS) {
    await cli.run(command, files);
    await cli.wait('web');
  }
  watch = new Watch(cloud.emulator, 'web');
}

async function restart(...args: Parameters<typeof start>) {
  cli.stop();
  await cloud.stop();
  await start(...args);
}

/** The files with another image of the cache. */
const withRedis8 = { ...FILES, 'containers.json': { ...FILES['containers.json'], cache: { ...FILES['containers.json'].cache, image: 'redis:8' } } };
const deployCommand = COMMANDS.at(-1)!;
const cacheImage = () => cloud.emulator.service('web')!.currentDeployment!.containers!.cache.image;
/** What the CDK and its handler did, without the script. */
const createdByHandler = () => cloud.calls('CreateContainerServiceDeployment').length - 1;

test('the old state is one version, as the files have it', () => {
  expect(COMMANDS).toHaveLength(3);
  expect(cloud.versions()).toEqual({ 1: 'ACTIVE' });
  expect(cloud.emulator.service('web')!.currentDeployment).toMatchObject({
    containers: FILES['containers.json'], publicEndpoint: FILES['public-endpoint.json'],
  });
});

test('the migration makes no version and has no gap, and a variable becomes a secret', async () => {
  const { status, events } = await cloud.deploy(AFTER);

  expect(status).toBe('CREATE_COMPLETE');
  expect(events).toMatchObject([{ status: 'SUCCESS', data: { DeploymentVersion: '1' } }]);
  expect(createdByHandler()).toBe(0);
  expect(cloud.versions()).toEqual({ 1: 'ACTIVE' });
  expect(JSON.stringify(cloud.synthesize(AFTER).resources)).not.toContain('correct horse');
  expect(watch.gaps).toEqual([]);
});

test('the next change makes version 2 and has no gap', async () => {
  await cloud.deploy(AFTER);

  await cloud.deploy(appOf(CODE.replace('redis:7', 'redis:8')));

  expect(cloud.versions()).toEqual({ 1: 'INACTIVE', 2: 'ACTIVE' });
  expect(watch.seconds()).toBeGreaterThan(30);
  expect(watch.looks).toBeGreaterThanOrEqual(watch.seconds());
  expect(watch.gaps).toEqual([]);
});

test('an image that the file calls latest is written with its number', async () => {
  const latest = { ...FILES, 'containers.json': { ...FILES['containers.json'], app: { ...FILES['containers.json'].app, image: ':web.app.latest' } } };
  await restart({ normalization: { latestImages: true } }, latest);
  expect(cloud.emulator.service('web')!.currentDeployment!.containers!.app.image).toBe(':web.app.1');

  await cloud.deploy(AFTER);

  expect(cloud.versions()).toEqual({ 1: 'ACTIVE' });
  expect(watch.gaps).toEqual([]);
});

test('the import of the service changes nothing, and a deployment on it makes no version', async () => {
  const before = cloud.emulator.service('web');
  const service = `const service = new ContainerService(stack, 'Service', {
    containerServiceName: 'web', power: ContainerServicePower.NANO, scale: 1, removalPolicy: cdk.RemovalPolicy.RETAIN,
  });`;
  cloud.importServices(resourcesOf(appOf(service)));
  expect(cloud.emulator.service('web')).toEqual(before);

  const { status } = await cloud.deploy(appOf(CODE.replace(/^const service = .*$/m, service)));

  expect(status).toBe('UPDATE_COMPLETE');
  expect(cloud.versions()).toEqual({ 1: 'ACTIVE' });
  expect(watch.gaps).toEqual([]);
});

test('a file that is passed as it is fails at synthesis and is told the names', () => {
  const pass = (containers: unknown, publicEndpoint: unknown) => () => resourcesOf((stack) => {
    const service: IContainerService = ContainerService.fromContainerServiceName(stack, 'Service', 'web');
    service.addDeployment('Deployment', { containers, publicEndpoint } as any);
  });

  expect(pass(FILES['containers.json'], FILES['public-endpoint.json'])).toThrow(/intervalSeconds[^]*interval/);
  expect(pass(FILES['containers.json'], undefined)).toThrow('ContainerImage');
});

describe('in the wrong order', () => {
  test('the script after the CDK replaces what runs, until the deployment changes', async () => {
    await cloud.deploy(AFTER);
    await cli.run(deployCommand, withRedis8);
    await cli.wait('web');
    expect(cacheImage()).toBe('redis:8');

    expect((await cloud.deploy(AFTER)).events).toEqual([]);
    expect(cacheImage()).toBe('redis:8');

    await cloud.deploy(appOf(CODE.replace("addDeployment('Deployment', {", "addDeployment('Deployment', { triggers: { again: '1' },")));
    expect(cacheImage()).toBe('redis:7');
    expect(watch.gaps).toEqual([]);
  });

  test('the CDK while the script deploys the same waits for its version', async () => {
    await cli.run(deployCommand, withRedis8);

    const { status } = await cloud.deploy(appOf(CODE.replace('redis:7', 'redis:8')));

    expect(status).toBe('CREATE_COMPLETE');
    expect(cloud.versions()).toEqual({ 1: 'INACTIVE', 2: 'ACTIVE' });
    expect(watch.gaps).toEqual([]);
  });

  test('"cdk deploy" of the service instead of "cdk import" is refused', async () => {
    await expect(cloud.createServicesOnly(resourcesOf((stack) => {
      new ContainerService(stack, 'Service', { containerServiceName: 'web', power: ContainerServicePower.NANO });
    }))).rejects.toThrow("'web' already exists");
    expect(watch.gaps).toEqual([]);
  });

  test('another value of the secret makes one version, with that value and without a gap', async () => {
    cloud.sources.put('/web/password', 'another');

    await cloud.deploy(AFTER);

    expect(cloud.versions()).toEqual({ 1: 'INACTIVE', 2: 'ACTIVE' });
    expect(cloud.emulator.service('web')!.currentDeployment!.containers!.app.environment).toMatchObject({ DB_PASSWORD: 'another' });
    expect(watch.gaps).toEqual([]);
  });

  test('deleting the service to create it anew leaves a gap, and another URL', async () => {
    const { url } = cloud.emulator.service('web')!;
    await cli.run('aws lightsail delete-container-service --service-name web', {});
    cloud.emulator.clock.advance(600_000);
    watch.seconds();
    await cli.run(COMMANDS[0], FILES);
    await cli.wait('web');
    await cli.run(COMMANDS[1], FILES);
    await cloud.deploy(AFTER);

    expect(watch.gaps).toEqual(['the service is DELETING', 'there is no service', 'no deployment is ACTIVE']);
    expect(cloud.emulator.service('web')!.url).not.toBe(url);
  });
});
