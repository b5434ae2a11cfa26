import { Duration } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import { app, HELLO_WORLD, REDIS, type AppOptions } from './apps/apps';
import { CloudFormation } from './cloudformation/cloudformation';
import { ContainerImage, ContainerProtocol, ContainerSecret, type ContainerProps } from '../../lib';
import { Outcome } from '../emulator';

/*
 * The acceptance tests of Terraform's aws_lightsail_container_service_deployment_version: the same
 * inputs, through synthesized apps, the bundled handler and the emulator. Then what they leave out.
 */
let cloud: CloudFormation;

beforeEach(async () => {
  cloud = await CloudFormation.start();
});

afterEach(() => cloud.stop());

/** Deploys and returns the active version, after checking that the stack has the same. */
async function deploy(options: AppOptions) {
  const { events } = await cloud.deploy(app(options));
  expect(events).toHaveLength(1);
  expect(events[0]).toMatchObject({ status: 'SUCCESS', physicalResourceId: 'web' });

  const current = cloud.emulator.service('web')!.currentDeployment!;
  expect(current.state).toBe('ACTIVE');
  expect(events[0].data).toMatchObject({ DeploymentVersion: String(current.version), DeploymentState: 'ACTIVE', DeploymentId: `web/${current.version}` });
  return current;
}

test('one container without command, environment or ports becomes version 1', async () => {
  expect(await deploy({ containers: { test1: { image: HELLO_WORLD } } })).toMatchObject({
    version: 1,
    containers: { test1: { image: 'amazon/amazon-lightsail:hello-world', command: [], environment: {} } },
  });
});

test('two containers become version 1', async () => {
  const { version, containers } = await deploy({ containers: { test1: { image: HELLO_WORLD }, test2: { image: REDIS } } });
  expect(version).toBe(1);
  expect(Object.keys(containers!).sort()).toEqual(['test1', 'test2']);
});

test('an environment that is set, changed, extended and cleared becomes versions 1 to 4', async () => {
  const chain: ContainerProps['environment'][] = [{ A: 'a' }, { B: 'b' }, { A: 'a', B: 'b' }, undefined];
  for (const [index, environment] of chain.entries()) {
    const { version, containers } = await deploy({ containers: { test1: { image: HELLO_WORLD, environment } } });
    expect(version).toBe(index + 1);
    expect(containers!.test1.environment).toEqual(environment ?? {});
  }
});

test('ports that are HTTP, TCP, both and none become versions 1 to 4', async () => {
  const { HTTP, TCP } = ContainerProtocol;
  const chain: ContainerProps['ports'][] = [{ 80: HTTP }, { 90: TCP }, { 80: HTTP, 90: TCP }, undefined];
  for (const [index, ports] of chain.entries()) {
    const { version, containers } = await deploy({ containers: { test1: { image: HELLO_WORLD, ports } } });
    expect(version).toBe(index + 1);
    expect(containers!.test1.ports ?? {}).toEqual(ports ?? {});
  }
});

test('an endpoint with defaults, all settings, one setting, defaults and none becomes versions 1 to 5', async () => {
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

test('a disabled service fails with its state, and becomes version 1 once enabled', async () => {
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

describe('what Terraform does not test', () => {
  const endpoint = (containerName: string) => ({ containers: { [containerName]: WEB }, publicEndpoint: { containerName, containerPort: 80 } });
  const WEB = { image: HELLO_WORLD, ports: { 80: ContainerProtocol.HTTP } };

  test('a FAILED update fails, and version 1 keeps serving', async () => {
    await deploy({ containers: { test1: { image: HELLO_WORLD } } });
    cloud.emulator.outcomes.forNextDeployment('web', Outcome.processExits());

    const { status, reason } = await cloud.deploy(app({ containers: { test1: { image: REDIS } } }));

    expect(status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(reason).toMatch(/^Deployment version 2 of container service "web" FAILED: container "test1" exits with status 1\. Version 1 is still serving\.$/m);
    expect(cloud.emulator.service('web')!.currentDeployment).toMatchObject({ version: 1, state: 'ACTIVE' });
  });

  test('a deployment that times out fails in time, with its last state', async () => {
    cloud.emulator.outcomes.byDefault(Outcome.neverEnds({ stuckIn: 'creating' }));

    const { status, reason, events } = await cloud.deploy(app({ timeout: Duration.minutes(10) }));

    expect(status).toBe('ROLLBACK_COMPLETE');
    expect(reason).toContain('Deployment version 1 of container service "web" did not become ACTIVE within 600 seconds: ');
    expect(reason).toContain('Service state DEPLOYING, last state detail CREATING_DEPLOYMENT.');
    expect(events[0].durationSeconds).toBeLessThan(600);
  });

  test('the order and duplicates of a command are kept, and another order is another version', async () => {
    const command = ['run', '-v', '-v', '--', 'b', 'a', 'b', ''];
    for (const [index, words] of [command, [...command].reverse()].entries()) {
      expect(await deploy({ containers: { test1: { image: HELLO_WORLD, command: words } } }))
        .toMatchObject({ version: index + 1, containers: { test1: { command: words } } });
    }
  });

  test('a deployment to an UPDATING service becomes version 1 when the service is ready', async () => {
    cloud.emulator.createService({ serviceName: 'web' });
    cloud.emulator.setServiceState('web', 'UPDATING', 300_000);

    expect((await deploy({})).version).toBe(1);
    expect(cloud.emulator.requests.filter(({ operation }) => operation === 'CreateContainerServiceDeployment')).toHaveLength(1);
  });

  test('eleven containers are refused before any call, and ten become version 1', async () => {
    const containers = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`c${index}`, { image: HELLO_WORLD }]));

    await expect(cloud.deploy(app({ containers: containers(11) }))).rejects.toThrow('containers: 11 given');
    expect(cloud.emulator.requests).toEqual([]);
    expect(Object.keys((await deploy({ containers: containers(10) })).containers!)).toHaveLength(10);
  });

  test('an endpoint container that is renamed becomes version 2, without the old name', async () => {
    await deploy(endpoint('test1'));

    const { version, containers, publicEndpoint } = await deploy(endpoint('test2'));

    expect(version).toBe(2);
    expect(Object.keys(containers!)).toEqual(['test2']);
    expect(publicEndpoint).toMatchObject({ containerName: 'test2', containerPort: 80 });
  });

  describe('what other services hold', () => {
    test('a secret becomes version 1 with its value', async () => {
      cloud.sources.put('/web/token', 't0ken');
      await cloud.deploy((stack) => {
        const parameter = ssm.StringParameter.fromSecureStringParameterAttributes(stack, 'Parameter', { parameterName: '/web/token' });
        app({ containers: { test1: { image: HELLO_WORLD, environment: { A: 'a' }, secrets: { TOKEN: ContainerSecret.fromSsmParameter(parameter) } } } })(stack);
      });

      expect(cloud.emulator.service('web')!.currentDeployment).toMatchObject({
        version: 1, state: 'ACTIVE', containers: { test1: { environment: { A: 'a', TOKEN: 't0ken' } } },
      });
    });

    test('a private image becomes version 1, pulled with the role of the service', async () => {
      cloud.sources.repositories.set('repo', ['1']);
      await cloud.deploy((stack) => {
        const repository = ecr.Repository.fromRepositoryName(stack, 'Repository', 'repo');
        app({ containers: { test1: { image: ContainerImage.fromEcrRepository(repository, '1') } } })(stack);
      });

      expect(cloud.emulator.service('web')).toMatchObject({
        privateRegistryAccess: { ecrImagePullerRole: { isActive: true } },
        currentDeployment: { version: 1, state: 'ACTIVE', containers: { test1: { image: '123456789012.dkr.ecr.us-east-1.amazonaws.com/repo:1' } } },
      });
    });
  });
});
