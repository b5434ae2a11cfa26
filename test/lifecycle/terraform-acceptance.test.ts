import { Duration } from 'aws-cdk-lib';
import { app, HELLO_WORLD, REDIS, type AppOptions } from './apps';
import { CloudFormation } from './cloudformation';
import { ContainerProtocol, type ContainerProps } from '../../lib';

/*
 * The acceptance tests of Terraform's aws_lightsail_container_service_deployment_version: the same
 * inputs, through synthesized apps, the bundled handler and the emulator.
 */
let cloud: CloudFormation;

beforeEach(async () => {
  cloud = await CloudFormation.start();
});

afterEach(() => cloud.stop());

/** Deploys and gives the version that is active then, after checking that the stack tells the same. */
async function deploy(options: AppOptions) {
  const { events } = await cloud.deploy(app(options));
  expect(events).toHaveLength(1);
  expect(events[0]).toMatchObject({ status: 'SUCCESS', physicalResourceId: 'web' });

  const current = cloud.emulator.service('web')!.currentDeployment!;
  expect(current.state).toBe('ACTIVE');
  expect(events[0].data).toMatchObject({ DeploymentVersion: String(current.version), DeploymentState: 'ACTIVE', DeploymentId: `web/${current.version}` });
  return current;
}

test('one container, no command, environment or ports: version 1', async () => {
  expect(await deploy({ containers: { test1: { image: HELLO_WORLD } } })).toMatchObject({
    version: 1,
    containers: { test1: { image: 'amazon/amazon-lightsail:hello-world', command: [], environment: {} } },
  });
});

test('two containers: version 1', async () => {
  const { version, containers } = await deploy({ containers: { test1: { image: HELLO_WORLD }, test2: { image: REDIS } } });
  expect(version).toBe(1);
  expect(Object.keys(containers!).sort()).toEqual(['test1', 'test2']);
});

test('environment: set, changed, both, cleared: versions 1 to 4', async () => {
  const chain: ContainerProps['environment'][] = [{ A: 'a' }, { B: 'b' }, { A: 'a', B: 'b' }, undefined];
  for (const [index, environment] of chain.entries()) {
    const { version, containers } = await deploy({ containers: { test1: { image: HELLO_WORLD, environment } } });
    expect(version).toBe(index + 1);
    expect(containers!.test1.environment).toEqual(environment ?? {});
  }
});

test('ports: HTTP, TCP, both, none: versions 1 to 4', async () => {
  const { HTTP, TCP } = ContainerProtocol;
  const chain: ContainerProps['ports'][] = [{ 80: HTTP }, { 90: TCP }, { 80: HTTP, 90: TCP }, undefined];
  for (const [index, ports] of chain.entries()) {
    const { version, containers } = await deploy({ containers: { test1: { image: HELLO_WORLD, ports } } });
    expect(version).toBe(index + 1);
    expect(containers!.test1.ports ?? {}).toEqual(ports ?? {});
  }
});

test('public endpoint: defaults, everything set, one set, defaults again, removed: versions 1 to 5', async () => {
  const container = { image: HELLO_WORLD, ports: { 80: ContainerProtocol.HTTP } };
  const defaults = { healthyThreshold: 2, unhealthyThreshold: 2, timeoutSeconds: 2, intervalSeconds: 5, path: '/', successCodes: '200-499' };

  expect(await deploy({ containers: { test1: container }, publicEndpoint: { containerName: 'test1', containerPort: 80, healthCheck: {} } }))
    .toMatchObject({ version: 1, publicEndpoint: { containerName: 'test1', containerPort: 80, healthCheck: defaults } });

  expect(await deploy({
    containers: { test2: container },
    publicEndpoint: {
      containerName: 'test2',
      containerPort: 80,
      healthCheck: {
        healthyThreshold: 3, unhealthyThreshold: 6, timeout: Duration.seconds(3), interval: Duration.seconds(6), path: '.', successCodes: '200',
      },
    },
  })).toMatchObject({
    version: 2,
    publicEndpoint: {
      containerName: 'test2',
      healthCheck: { healthyThreshold: 3, unhealthyThreshold: 6, timeoutSeconds: 3, intervalSeconds: 6, path: '.', successCodes: '200' },
    },
  });

  const third = { containers: { test2: container }, publicEndpoint: { containerName: 'test2', containerPort: 80, healthCheck: { healthyThreshold: 4 } } };
  expect(await deploy(third)).toMatchObject({ version: 3, publicEndpoint: { healthCheck: { ...defaults, healthyThreshold: 4 } } });

  expect(await deploy({ ...third, publicEndpoint: { ...third.publicEndpoint, healthCheck: {} } }))
    .toMatchObject({ version: 4, publicEndpoint: { healthCheck: defaults } });

  const last = await deploy({ containers: { test2: container } });
  expect(last.version).toBe(5);
  expect(last.publicEndpoint).toBeUndefined();
});

test('a disabled service: fails naming the state; enabled again: version 1', async () => {
  cloud.emulator.createService({ serviceName: 'web' });
  cloud.emulator.invoke('UpdateContainerService', { serviceName: 'web', isDisabled: true });
  cloud.emulator.clock.advance(3_600_000);

  const failed = await cloud.deploy(app());
  expect(failed.status).toBe('ROLLBACK_COMPLETE');
  expect(failed.reason).toContain('container service "web" is DISABLED');
  expect(failed.reason).toContain('--no-is-disabled');
  expect(cloud.emulator.deployments('web')).toEqual([]);

  cloud.emulator.invoke('UpdateContainerService', { serviceName: 'web', isDisabled: false });
  cloud.emulator.clock.advance(3_600_000);
  expect((await deploy({})).version).toBe(1);
});
