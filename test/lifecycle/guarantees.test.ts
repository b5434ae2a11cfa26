import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Duration, RemovalPolicy, SecretValue, Stack } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import {
  ContainerImage, ContainerProtocol, ContainerSecret, ContainerService, ContainerServiceDeployment, ContainerServicePower, type IContainerService,
} from '../../lib';
import { DEFAULT_TIMINGS, Fate, Fault } from '../emulator';
import { app, webApp } from './apps';
import { appAsStack, repositoryName } from './cloud-assembly';
import { CloudFormation } from './cloudformation';
import type { Resource } from './template';

/*
 * What a deployment of this library promises where other ways to deploy to Lightsail promise less: each promise once, by its name,
 * through a synthesized app, the bundled handler and the emulator. The tests beside this one go into the details.
 */
const MINUTE = 60_000;
const { creating, evaluating, activating } = DEFAULT_TIMINGS.deployment;

let cloud: CloudFormation;

beforeEach(async () => {
  cloud = await CloudFormation.start();
});

afterEach(() => cloud.stop());

function versions() {
  return Object.fromEntries(cloud.emulator.deployments('web').map(({ version, state }) => [version, state]));
}

function calls(operation: string) {
  return cloud.emulator.requests.filter((request) => request.operation === operation);
}

function deployByHand(image: string) {
  cloud.emulator.invoke('CreateContainerServiceDeployment', { serviceName: 'web', containers: { app: { image } } });
}

test('waits for its own deployment version', async () => {
  await cloud.deploy(webApp('nginx:1.26'));
  const { events } = await cloud.deploy(webApp('nginx:1.27'));

  expect(events).toMatchObject([{ status: 'SUCCESS', data: { DeploymentVersion: '2', DeploymentState: 'ACTIVE' } }]);
  expect(events[0].durationSeconds * 1000).toBeGreaterThanOrEqual(creating + evaluating + activating);

  // The service runs again in the end, on a version of somebody else.
  cloud.emulator.fates.forImage('nginx:1.28', Fate.processExits({ failsAfter: MINUTE }));
  const update = await cloud.begin(webApp('nginx:1.28'));
  cloud.emulator.clock.advance(2 * MINUTE);
  deployByHand('redis:7');
  cloud.emulator.clock.advance(10 * MINUTE);
  expect(cloud.emulator.service('web')).toMatchObject({ state: 'RUNNING', currentDeployment: { version: 4 } });

  expect(await update.wait()).toMatchObject({ status: 'FAILED', reason: expect.stringMatching(/^Deployment version 3 of container service "web" FAILED/) });
});

test('a FAILED deployment fails the run', async () => {
  cloud.emulator.fates.forImage('nginx:broken', Fate.imageCannotBePulled());

  const { status, reason } = await cloud.deploy(webApp('nginx:broken'));

  expect(status).toBe('ROLLBACK_COMPLETE');
  expect(reason).toMatch(/^Deployment version 1 of container service "web" FAILED: container "app" .* could not be pulled/);
});

test('container log tail and stateDetail in the error', async () => {
  const lines = ['reading the configuration', 'FATAL: no database at db.example:5432'];
  cloud.emulator.fates.forImage('nginx:broken', Fate.processExits({ logLines: lines }));

  const { reason } = await cloud.deploy(webApp('nginx:broken'));

  expect(reason).toMatch(/last state detail [A-Z_]+\.$/m);
  expect(reason).toContain(lines[1]);
  expect(reason!.length).toBeLessThan(2500);
});

describe('how long it waits', () => {
  test.each<[string, Duration | undefined, number]>([
    ['30 minutes by default', undefined, 30],
    ['as long as is asked for', Duration.minutes(5), 5],
    ['up to an hour', Duration.minutes(60), 60],
  ])('%s', async (_, timeout, minutes) => {
    cloud.emulator.fates.byDefault(Fate.neverEnds());

    const { status, reason, events } = await cloud.deploy(webApp('nginx:1.27', { timeout }));

    expect(status).toBe('ROLLBACK_COMPLETE');
    expect(reason).toContain(`did not become ACTIVE within ${minutes * 60} seconds`);
    expect(events[0].durationSeconds).toBeGreaterThan(minutes * 60 - 150);
    expect(events[0].durationSeconds).toBeLessThan(minutes * 60);
  });

  test('a deployment that takes less succeeds', async () => {
    cloud.emulator.fates.byDefault(Fate.succeeds({ phases: { evaluating: 50 * MINUTE } }));

    expect((await cloud.deploy(webApp('nginx:1.27', { timeout: Duration.minutes(60) }))).status).toBe('CREATE_COMPLETE');
  });

  test('more than an hour is refused: CloudFormation does not wait longer', () => {
    expect(() => cloud.synthesize(webApp('nginx:1.27', { timeout: Duration.minutes(61) }))).toThrow('Use 60 to 3600 seconds');
  });
});

test.each(['UPDATING', 'DEPLOYING'] as const)('waits out %s before it deploys', async (state) => {
  cloud.emulator.createService({ serviceName: 'web' });
  const readyAt = cloud.emulator.clock.now() + 10 * MINUTE;
  cloud.emulator.setServiceState('web', state, 10 * MINUTE);

  expect((await cloud.deploy(webApp())).status).toBe('CREATE_COMPLETE');

  expect(calls('CreateContainerServiceDeployment')).toHaveLength(1);
  expect(calls('CreateContainerServiceDeployment')[0].at).toBeGreaterThanOrEqual(readyAt);
});

test('says at once that the service is DISABLED', async () => {
  cloud.emulator.createService({ serviceName: 'web' });
  cloud.emulator.invoke('UpdateContainerService', { serviceName: 'web', isDisabled: true });
  cloud.emulator.clock.advance(10 * MINUTE);

  const { reason, events } = await cloud.deploy(webApp());

  expect(reason).toContain('container service "web" is DISABLED. Enable it and deploy again');
  expect(events[0].durationSeconds).toBe(0);
  expect(versions()).toEqual({});
});

describe('ECR pull access: role → repository policy → wait → deploy', () => {
  let assembly: string;

  beforeEach(() => {
    assembly = mkdtempSync(join(tmpdir(), 'guarantees-'));
  });

  afterEach(() => rmSync(assembly, { recursive: true, force: true }));

  /** What a resource waits for, over any number of steps. */
  function prerequisites(resources: Record<string, Resource>, logicalId: string, seen = new Set<string>()): Set<string> {
    const references = (value: unknown): string[] => {
      if (typeof value !== 'object' || value === null) return [];
      return Object.entries(value).flatMap(([key, item]) => (key === 'Ref' ? [item as string] : key === 'Fn::GetAtt' ? [item[0] as string] : references(item)));
    };
    const { DependsOn = [], Properties } = resources[logicalId] ?? {};
    for (const id of [...DependsOn, ...references(Properties)]) {
      if (seen.has(id)) continue;
      seen.add(id);
      prerequisites(resources, id, seen);
    }
    return seen;
  }

  test.each<[string, string, (stack: Stack) => IContainerService]>([
    ['a service of the stack', 'AWS::Lightsail::Container',
      (stack) => new ContainerService(stack, 'Service', { containerServiceName: 'web', power: ContainerServicePower.NANO })],
    ['a service that exists already', 'Custom::LightsailPrivateRegistryAccess',
      (stack) => ContainerService.fromContainerServiceName(stack, 'Service', 'web')],
  ])('%s', async (_, owner, serviceIn) => {
    cloud.emulator.createService({ serviceName: 'web' });
    const cdkApp = new App({ outdir: assembly, analyticsReporting: false });
    const stack = new Stack(cdkApp, 'Stack', { env: { account: '123456789012', region: 'us-east-1' } });
    new ContainerServiceDeployment(stack, 'Deployment', {
      service: serviceIn(stack),
      containers: { app: { image: ContainerImage.fromEcrRepository(new ecr.Repository(stack, 'Repository'), '1') } },
    });
    cdkApp.synth();
    const { resources, ...handler } = appAsStack(assembly);
    const idOf = (type: string) => Object.keys(resources).find((id) => resources[id].Type === type)!;
    const [role, repository, deployment] = [owner, 'AWS::ECR::Repository', 'Custom::LightsailContainerServiceDeployment'].map(idOf);

    // The order in which CloudFormation makes them, for it goes by nothing else.
    expect(prerequisites(resources, repository)).toContain(role);
    expect(prerequisites(resources, deployment)).toContain(repository);
    expect((resources[repository].Properties!.RepositoryPolicyText as { Statement: object[] }).Statement).toEqual([{
      Effect: 'Allow',
      Principal: { AWS: { 'Fn::GetAtt': [role, expect.stringMatching(/EcrImagePuller.*PrincipalArn$/)] } },
      Action: ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
    }]);

    cloud.sources.repositories.set(repositoryName(repository), ['1']);
    const activeAt = cloud.emulator.clock.now() + DEFAULT_TIMINGS.ecrRoleActivation;
    expect(await cloud.deploy({ resources, ...handler })).toMatchObject({ status: 'CREATE_COMPLETE' });

    expect(calls('CreateContainerServiceDeployment')[0].at).toBeGreaterThanOrEqual(activeAt + 30_000);
    expect(versions()).toEqual({ 1: 'ACTIVE' });
  });
});

describe('secrets by reference', () => {
  const SECRET = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:greetings';
  const VALUE = 'xyzzy-plover-91';

  /** An app whose container greets with what a secret of the stack holds. */
  function greetingApp(image = 'nginx:1.27', rotation = '1') {
    return (stack: Stack): void => {
      const secret = secretsmanager.Secret.fromSecretNameV2(stack, 'Secret', 'greetings');
      webApp(image, {
        containers: {
          app: {
            image: ContainerImage.fromRegistry(image),
            ports: { 80: ContainerProtocol.HTTP },
            secrets: { GREETING: ContainerSecret.fromSecretsManager(secret, 'morning') },
          },
        },
        triggers: { rotation },
      })(stack);
    };
  }

  const put = (value: string) => cloud.sources.put(SECRET, JSON.stringify({ morning: value }));

  const greetings = () => cloud.emulator.deployments('web').map(({ containers }) => containers!.app.environment!.GREETING);

  test('the value is in what is deployed, and not in the template, in an event or in an answer', async () => {
    put(VALUE);
    const template = cloud.synthesize(greetingApp());
    const create = await cloud.begin(template);
    const outcome = await create.finish();

    expect(outcome.status).toBe('CREATE_COMPLETE');
    expect(greetings()).toEqual([VALUE]);
    expect(cloud.sources.requests).toEqual([{ operation: 'GetSecretValue', functionTag: 'onEvent' }]);
    expect(JSON.stringify([template.resources, create.event, create.begun, outcome])).not.toContain(VALUE);
    expect(JSON.stringify(template.resources)).not.toContain('{{resolve:');
  });

  test('after a rotation, a changed trigger deploys the new value', async () => {
    put(VALUE);
    await cloud.deploy(greetingApp());
    put('plugh-92');
    expect((await cloud.deploy(greetingApp())).events).toEqual([]);

    expect((await cloud.deploy(greetingApp('nginx:1.27', '2'))).status).toBe('UPDATE_COMPLETE');
    expect(greetings()).toEqual(['plugh-92', VALUE]);
  });

  test.each([
    ['secret that is missing', Fault.error('ResourceNotFoundException', 400, "Secrets Manager can't find the specified secret."),
      'ResourceNotFoundException', 'Create the secret with a value in the account and Region of the stack'],
    ['permission that is missing', Fault.accessDenied(), 'AccessDeniedException', 'permissions boundary'],
    ['field that is missing', Fault.otherAnswer({ SecretString: JSON.stringify({ evening: VALUE }) }), '"morning"', ''],
    ['secret that holds no JSON', Fault.otherAnswer({ SecretString: VALUE }), 'is not a JSON object', ''],
  ])('a %s fails before anything is deployed', async (_, fault, words, remedy) => {
    put(VALUE);
    await cloud.deploy(greetingApp('nginx:1.26'));
    cloud.sources.faults.add({ operation: 'GetSecretValue', fault });

    const { status, reason } = await cloud.deploy(greetingApp('nginx:1.27'));

    expect(status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(reason).toContain('Nothing was deployed to container service "web": some secrets could not be read. Version 1 is still serving.');
    expect(reason).toMatch(/GREETING of container "app": .*greetings/);
    expect(reason).toContain(words);
    expect(reason).toContain(remedy);
    expect(reason).not.toContain(VALUE);
    expect(versions()).toEqual({ 1: 'ACTIVE' });
  });

  test('a value in place of a reference is refused', () => {
    const value = SecretValue.unsafePlainText(VALUE);

    let message = '';
    try {
      cloud.synthesize(webApp('nginx:1.27', {
        containers: { app: { image: ContainerImage.fromRegistry('nginx:1.27'), secrets: { GREETING: value as unknown as ContainerSecret } } },
      }));
    } catch (error) {
      ({ message } = error as Error);
    }
    expect(message).toContain('containers.app.secrets.GREETING: ');
    expect(message).not.toContain(VALUE);
  });
});

describe('checks across fields (endpoint container exists, port open as HTTP/HTTPS)', () => {
  const containers = {
    web: { image: ContainerImage.fromRegistry('nginx:1.27'), ports: { 80: ContainerProtocol.HTTP, 443: ContainerProtocol.HTTPS, 6379: ContainerProtocol.TCP } },
    worker: { image: ContainerImage.fromRegistry('worker:1') },
  };

  test.each([
    ['wep', 80, '"wep" is none of the deployment\'s containers (web, worker)'],
    ['worker', 80, 'container "worker" does not open port 80'],
    ['web', 8080, 'container "web" does not open port 8080 (it opens 80, 443)'],
    ['web', 6379, 'container "web" opens port 6379 as TCP, and a public endpoint needs HTTP or HTTPS'],
  ])('%s, port %i: fails at synthesis', (containerName, containerPort, words) => {
    expect(() => cloud.synthesize(app({ containers, publicEndpoint: { containerName, containerPort } }))).toThrow(words);
    expect(cloud.emulator.requests).toEqual([]);
  });

  test.each([80, 443])('port %i passes, and is deployed', async (containerPort) => {
    await cloud.deploy(app({ containers, publicEndpoint: { containerName: 'web', containerPort } }));

    expect(cloud.emulator.service('web')!.currentDeployment!.publicEndpoint).toMatchObject({ containerName: 'web', containerPort });
  });
});

describe('no needless version on rollback, retry or no-op', () => {
  beforeEach(() => cloud.deploy(webApp('nginx:1.26')));

  test('rollback', async () => {
    cloud.emulator.fates.forImage('nginx:broken', Fate.processExits());

    expect((await cloud.deploy(webApp('nginx:broken'))).status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(versions()).toEqual({ 1: 'ACTIVE', 2: 'FAILED' });
  });

  test('retry', async () => {
    const update = await cloud.begin(webApp('nginx:1.27'));
    expect(await cloud.redeliver(update.event)).toMatchObject({ status: 'SUCCESS', data: { DeploymentVersion: '2' } });
    await update.finish();
    await cloud.redeliver(update.event);

    expect(versions()).toEqual({ 1: 'INACTIVE', 2: 'ACTIVE' });
  });

  test('no-op', async () => {
    expect((await cloud.deploy(webApp('nginx:1.26'))).events).toEqual([]);
    const { events } = await cloud.deploy(webApp('nginx:1.26', { timeout: Duration.minutes(10) }));

    expect(events).toMatchObject([{ requestType: 'Update', status: 'SUCCESS', data: { DeploymentVersion: '1' } }]);
    expect(versions()).toEqual({ 1: 'ACTIVE' });
  });
});

test('redeploy a moved tag', async () => {
  await cloud.deploy(webApp('nginx:latest', { triggers: { build: '41' } }));
  expect((await cloud.deploy(webApp('nginx:latest', { triggers: { build: '41' } }))).events).toEqual([]);

  await cloud.deploy(webApp('nginx:latest', { triggers: { build: '42' } }));

  expect(versions()).toEqual({ 1: 'INACTIVE', 2: 'ACTIVE' });
});

describe('on delete', () => {
  test.each<[string, RemovalPolicy | undefined, string]>([
    ['keep, unless something else is said', undefined, 'RUNNING'],
    ['keep', RemovalPolicy.RETAIN, 'RUNNING'],
    ['shut down', RemovalPolicy.DESTROY, 'DISABLED'],
  ])('%s', async (_, removalPolicy, state) => {
    cloud.emulator.createService({ serviceName: 'web' });
    const deployed = webApp('nginx:1.27', { isImported: true, removalPolicy });
    await cloud.deploy(deployed);

    expect((await cloud.delete(deployed)).status).toBe('DELETE_COMPLETE');
    expect(cloud.emulator.service('web')!.state).toBe(state);
  });
});

test('URL answers before success is reported', async () => {
  cloud.edge.answers({ status: 404 }, 12 * MINUTE);

  const { status, events } = await cloud.deploy(webApp('nginx:1.27', {
    waitForUrl: true,
    publicEndpoint: { containerName: 'app', containerPort: 80, healthCheck: { successCodes: '200-299' } },
  }));

  expect(status).toBe('CREATE_COMPLETE');
  expect(events[0].durationSeconds).toBeGreaterThanOrEqual(12 * 60);
});

test('version, state, URL as attributes', async () => {
  let attributes: Record<string, { readonly 'Fn::GetAtt': [string, string] }> = {};
  const { events } = await cloud.deploy((stack) => {
    const service = new ContainerService(stack, 'Service', { containerServiceName: 'web', power: ContainerServicePower.NANO });
    const deployment = service.addDeployment('Deployment', { containers: { app: { image: ContainerImage.fromRegistry('nginx:1.27') } } });
    attributes = stack.resolve({
      version: deployment.deploymentVersion,
      state: deployment.deploymentState,
      id: deployment.deploymentId,
      url: deployment.url,
      serviceArn: deployment.containerServiceArn,
      serviceState: deployment.containerServiceState,
      principalArn: deployment.principalArn,
      privateDomainName: deployment.privateDomainName,
      power: deployment.power,
      scale: deployment.scale,
    });
  });

  const { url, arn, principalArn } = cloud.emulator.service('web')!;
  expect(Object.fromEntries(Object.entries(attributes).map(([name, { 'Fn::GetAtt': [, attribute] }]) => [name, events[0].data![attribute]]))).toEqual({
    version: '1',
    state: 'ACTIVE',
    id: 'web/1',
    url,
    serviceArn: arn,
    serviceState: 'RUNNING',
    principalArn,
    privateDomainName: 'web.service.local',
    power: 'nano',
    scale: '1',
  });
});
