import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Duration, RemovalPolicy, SecretValue, Stack } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import {
  ContainerImage, ContainerProtocol, ContainerSecret, ContainerService, ContainerServiceDeployment, ContainerServicePower, type IContainerService,
} from '../../lib';
import { DEFAULT_TIMINGS, Outcome, Fault } from '../emulator';
import { app, webApp } from './apps/apps';
import { appAsStack, repositoryName } from './apps/cloud-assembly';
import type { Resource } from './apps/template';
import { CloudFormation } from './cloudformation/cloudformation';

/*
 * The specification: each promise of the library once, by its name, through a synthesized app, the bundled handler and the emulator.
 * The tests beside this one go into the details.
 */
const MINUTE = 60_000;
const { creating, evaluating, activating } = DEFAULT_TIMINGS.deployment;

let cloud: CloudFormation;

beforeEach(async () => {
  cloud = await CloudFormation.start();
});

afterEach(() => cloud.stop());

function deployByHand(image: string) {
  cloud.emulator.invoke('CreateContainerServiceDeployment', { serviceName: 'web', containers: { app: { image } } });
}

test('a deployment waits for its own version', async () => {
  await cloud.deploy(webApp('nginx:1.26'));
  const { events } = await cloud.deploy(webApp('nginx:1.27'));

  expect(events).toMatchObject([
    { requestType: 'Update', status: 'SUCCESS', physicalResourceId: 'web', data: { DeploymentVersion: '2', DeploymentState: 'ACTIVE' } },
  ]);
  expect(cloud.versions()).toEqual({ 1: 'INACTIVE', 2: 'ACTIVE' });
  expect(events[0].durationSeconds * 1000).toBeGreaterThanOrEqual(creating + evaluating + activating);

  // At the end the service runs again, on someone else's version.
  cloud.emulator.outcomes.forImage('nginx:1.28', Outcome.processExits({ failsAfter: MINUTE }));
  const update = await cloud.begin(webApp('nginx:1.28'));
  cloud.emulator.clock.advance(2 * MINUTE);
  deployByHand('redis:7');
  cloud.emulator.clock.advance(10 * MINUTE);
  expect(cloud.emulator.service('web')).toMatchObject({ state: 'RUNNING', currentDeployment: { version: 4 } });

  expect(await update.wait()).toMatchObject({ status: 'FAILED', reason: expect.stringMatching(/^Deployment version 3 of container service "web" FAILED/) });
});

test('a FAILED deployment fails the stack operation, and its Delete changes nothing', async () => {
  cloud.emulator.outcomes.forImage('nginx:broken', Outcome.imageCannotBePulled());

  const { status, reason, events } = await cloud.deploy(webApp('nginx:broken'));

  expect(status).toBe('ROLLBACK_COMPLETE');
  expect(reason).toMatch(/^Deployment version 1 of container service "web" FAILED: container "app" .* could not be pulled.* No deployment is active\./);
  expect(reason).toMatch(/^Service state READY, last state detail [A-Z_]+\.$/m);
  expect(events.map(({ requestType, status: answer }) => `${requestType} ${answer}`)).toEqual(['Create FAILED', 'Delete SUCCESS']);
  expect(cloud.versions()).toEqual({ 1: 'FAILED' });
});

test('a deployment that another one replaced is no success', async () => {
  const create = await cloud.begin(webApp());
  cloud.emulator.clock.advance(60 * MINUTE);
  deployByHand('redis:latest');
  cloud.emulator.clock.advance(60 * MINUTE);

  const { reason } = await create.wait();

  expect(reason).toContain('Deployment version 1 of container service "web" is INACTIVE: another deployment took its place');
  expect(reason).toContain('Version 2 is still serving.');
});

test('a failure quotes the end of the container log and the state detail', async () => {
  const lines = ['reading the configuration', 'FATAL: no database at db.example:5432'];
  cloud.emulator.outcomes.forImage('nginx:broken', Outcome.processExits({ logLines: lines }));

  const { reason } = await cloud.deploy(webApp('nginx:broken'));

  expect(reason).toMatch(/last state detail [A-Z_]+\.$/m);
  expect(reason).toContain(lines[1]);
  expect(reason!.length).toBeLessThan(2500);
});

describe('how long a deployment waits', () => {
  test.each<[string, Duration | undefined, number]>([
    ['by default', undefined, 30],
    ['as requested', Duration.minutes(5), 5],
    ['at most', Duration.minutes(60), 60],
  ])('a deployment that never ends fails %s after %i minutes, before CloudFormation gives up', async (_, timeout, minutes) => {
    cloud.emulator.outcomes.byDefault(Outcome.neverEnds({ stuckIn: 'evaluating' }));

    const { status, reason, events } = await cloud.deploy(webApp('nginx:1.27', { timeout }));

    expect(status).toBe('ROLLBACK_COMPLETE');
    expect(reason).toContain(`did not become ACTIVE within ${minutes * 60} seconds (service state DEPLOYING, last state detail EVALUATING_HEALTH_CHECK)`);
    expect(events[0].durationSeconds).toBeGreaterThan(minutes * 60 - 150);
    expect(events[0].durationSeconds).toBeLessThan(minutes * 60);
  });

  test('a deployment that ends within its timeout succeeds', async () => {
    cloud.emulator.outcomes.byDefault(Outcome.succeeds({ phases: { evaluating: 50 * MINUTE } }));

    expect((await cloud.deploy(webApp('nginx:1.27', { timeout: Duration.minutes(60) }))).status).toBe('CREATE_COMPLETE');
  });

  test('a timeout of more than an hour is refused, because CloudFormation does not wait longer', () => {
    expect(() => cloud.synthesize(webApp('nginx:1.27', { timeout: Duration.minutes(61) }))).toThrow('Use 60 to 3600 seconds');
  });
});

test.each(['PENDING', 'UPDATING', 'DEPLOYING'] as const)('a deployment waits while the service is %s', async (state) => {
  cloud.emulator.createService({ serviceName: 'web' });
  const readyAt = cloud.emulator.clock.now() + 10 * MINUTE;
  cloud.emulator.setServiceState('web', state, 10 * MINUTE);

  expect((await cloud.deploy(webApp())).status).toBe('CREATE_COMPLETE');

  expect(cloud.calls('CreateContainerServiceDeployment')).toHaveLength(1);
  expect(cloud.calls('CreateContainerServiceDeployment')[0].at).toBeGreaterThanOrEqual(readyAt);
});

test('a deployment to a DISABLED service fails at once and says what to do', async () => {
  cloud.emulator.createService({ serviceName: 'web' });
  cloud.emulator.invoke('UpdateContainerService', { serviceName: 'web', isDisabled: true });
  cloud.emulator.clock.advance(10 * MINUTE);

  const { reason, events } = await cloud.deploy(webApp());

  expect(reason).toContain('container service "web" is DISABLED. Enable it and deploy again');
  expect(events[0].durationSeconds).toBe(0);
  expect(cloud.versions()).toEqual({});
});

describe('a private image is deployed after the role, the repository policy and 30 seconds', () => {
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
    ['of the stack', 'AWS::Lightsail::Container',
      (stack) => new ContainerService(stack, 'Service', { containerServiceName: 'web', power: ContainerServicePower.NANO })],
    ['that exists already', 'Custom::LightsailPrivateRegistryAccess',
      (stack) => ContainerService.fromContainerServiceName(stack, 'Service', 'web')],
  ])('on a service %s', async (_, owner, serviceIn) => {
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

    // CloudFormation creates resources in this order.
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

    expect(cloud.calls('CreateContainerServiceDeployment')[0].at).toBeGreaterThanOrEqual(activeAt + 30_000);
    expect(cloud.versions()).toEqual({ 1: 'ACTIVE' });
  });
});

describe('a secret is passed by reference', () => {
  const SECRET = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:greetings';
  const VALUE = 'xyzzy-plover-91';

  /** An app whose container reads a field of a secret. */
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

  test('its value is in the deployment, and not in the template, an event or an answer', async () => {
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

  test('its new value is deployed by a changed trigger after a rotation', async () => {
    put(VALUE);
    await cloud.deploy(greetingApp());
    put('plugh-92');
    expect((await cloud.deploy(greetingApp())).events).toEqual([]);

    expect((await cloud.deploy(greetingApp('nginx:1.27', '2'))).status).toBe('UPDATE_COMPLETE');
    expect(greetings()).toEqual(['plugh-92', VALUE]);
  });

  test.each([
    ['missing secret', Fault.error('ResourceNotFoundException', 400, "Secrets Manager can't find the specified secret."),
      'ResourceNotFoundException', 'Create the secret with a value in the account and Region of the stack'],
    ['missing permission', Fault.accessDenied(), 'AccessDeniedException', 'permissions boundary'],
    ['missing field', Fault.otherAnswer({ SecretString: JSON.stringify({ evening: VALUE }) }), '"morning"', ''],
    ['secret that is not JSON', Fault.otherAnswer({ SecretString: VALUE }), 'is not a JSON object', ''],
  ])('a %s fails the update before anything is deployed', async (_, fault, words, remedy) => {
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
    expect(cloud.versions()).toEqual({ 1: 'ACTIVE' });
  });

  test('a value instead of a reference is refused at synthesis, and not quoted', () => {
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

describe('synthesis checks that the endpoint uses an open HTTP or HTTPS port of a container', () => {
  const containers = {
    web: { image: ContainerImage.fromRegistry('nginx:1.27'), ports: { 80: ContainerProtocol.HTTP, 443: ContainerProtocol.HTTPS, 6379: ContainerProtocol.TCP } },
    worker: { image: ContainerImage.fromRegistry('worker:1') },
  };

  test.each([
    ['wep', 80, '"wep" is not a container of this deployment (containers: web, worker)'],
    ['worker', 80, 'container "worker" does not open port 80'],
    ['web', 8080, 'container "web" does not open port 8080 (it opens 80, 443)'],
    ['web', 6379, 'container "web" opens port 6379 as TCP, but a public endpoint needs HTTP or HTTPS'],
  ])('an endpoint on container %s, port %i fails at synthesis', (containerName, containerPort, words) => {
    expect(() => cloud.synthesize(app({ containers, publicEndpoint: { containerName, containerPort } }))).toThrow(words);
    expect(cloud.emulator.requests).toEqual([]);
  });

  test.each([80, 443])('an endpoint on the open port %i is deployed', async (containerPort) => {
    await cloud.deploy(app({ containers, publicEndpoint: { containerName: 'web', containerPort } }));

    expect(cloud.emulator.service('web')!.currentDeployment!.publicEndpoint).toMatchObject({ containerName: 'web', containerPort });
  });
});

describe('no version is made without need', () => {
  beforeEach(() => cloud.deploy(webApp('nginx:1.26')));

  test('a rollback redeploys nothing while the old version is serving', async () => {
    cloud.emulator.outcomes.forImage('nginx:broken', Outcome.processExits());

    const { status, reason, events } = await cloud.deploy(webApp('nginx:broken'));

    expect(status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(reason).toMatch(/^Deployment version 2 of container service "web" FAILED: container "app" exits with status 1\. Version 1 is still serving\.$/m);
    expect(reason).toMatch(/^Service state RUNNING, last state detail [A-Z_]+\.$/m);
    expect(events).toMatchObject([
      { requestType: 'Update', status: 'FAILED' },
      { requestType: 'Update', status: 'SUCCESS', physicalResourceId: 'web', data: { DeploymentVersion: '1' } },
    ]);
    expect(cloud.versions()).toEqual({ 1: 'ACTIVE', 2: 'FAILED' });
    expect((await cloud.deploy(webApp('nginx:1.27'))).status).toBe('UPDATE_COMPLETE');
    expect(cloud.versions()).toEqual({ 1: 'INACTIVE', 2: 'FAILED', 3: 'ACTIVE' });
  });

  test('an update that is cancelled ends on the old containers', async () => {
    const update = await cloud.begin(webApp('nginx:1.27'));
    expect(cloud.versions()).toEqual({ 1: 'ACTIVE', 2: 'ACTIVATING' });

    const { status, events } = await update.cancel().rollBack();

    expect(status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(events).toMatchObject([{ status: 'SUCCESS', data: { DeploymentVersion: '3' } }]);
    expect(cloud.versions()).toEqual({ 1: 'INACTIVE', 2: 'INACTIVE', 3: 'ACTIVE' });
  });

  test.each([
    ['reset before the effect', Fault.connectionReset({ when: 'before' })],
    ['reset after the effect', Fault.connectionReset({ when: 'after' })],
    ['answered with a server error after the effect', Fault.serverError({ when: 'after' })],
    ['throttled', Fault.throttled()],
    ['answered with broken JSON', Fault.malformedAnswer()],
  ])('a create call that is %s makes one version', async (_, fault) => {
    cloud.emulator.faults.add({ operation: 'CreateContainerServiceDeployment', fault, times: 1 });

    expect((await cloud.deploy(webApp('nginx:1.27'))).status).toBe('UPDATE_COMPLETE');
    expect(cloud.versions()).toEqual({ 1: 'INACTIVE', 2: 'ACTIVE' });
  });

  test('an event that is delivered again, during and after its deployment, makes one version', async () => {
    const update = await cloud.begin(webApp('nginx:1.27'));
    expect(await cloud.redeliver(update.event)).toMatchObject({ status: 'SUCCESS', data: { DeploymentVersion: '2' } });
    await update.finish();
    await cloud.redeliver(update.event);

    expect(cloud.versions()).toEqual({ 1: 'INACTIVE', 2: 'ACTIVE' });
  });

  test('an update that changes no container makes no version', async () => {
    expect((await cloud.deploy(webApp('nginx:1.26'))).events).toEqual([]);
    const { events } = await cloud.deploy(webApp('nginx:1.26', { timeout: Duration.minutes(10) }));

    expect(events).toMatchObject([{ requestType: 'Update', status: 'SUCCESS', data: { DeploymentVersion: '1' } }]);
    expect(cloud.versions()).toEqual({ 1: 'ACTIVE' });
  });
});

test('only a changed trigger redeploys the same tag', async () => {
  await cloud.deploy(webApp('nginx:latest', { triggers: { build: '41' } }));
  expect((await cloud.deploy(webApp('nginx:latest', { triggers: { build: '41' } }))).events).toEqual([]);
  await cloud.deploy(webApp('nginx:latest', { triggers: { build: '41' }, timeout: Duration.minutes(20) }));
  expect(cloud.versions()).toEqual({ 1: 'ACTIVE' });

  await cloud.deploy(webApp('nginx:latest', { triggers: { build: '42' } }));

  expect(cloud.versions()).toEqual({ 1: 'INACTIVE', 2: 'ACTIVE' });
});

test.each<[string, RemovalPolicy | undefined, string, boolean]>([
  ['by default', undefined, 'RUNNING', false],
  ['under RETAIN', RemovalPolicy.RETAIN, 'RUNNING', false],
  ['under DESTROY', RemovalPolicy.DESTROY, 'DISABLED', true],
])('a delete %s (removalPolicy %s) leaves the service %s', async (_, removalPolicy, state, callsLightsail) => {
  cloud.emulator.createService({ serviceName: 'web' });
  const deployed = webApp('nginx:1.27', { isImported: true, removalPolicy });
  await cloud.deploy(deployed);
  const before = cloud.emulator.requests.length;

  const { status, events } = await cloud.delete(deployed);

  expect(status).toBe('DELETE_COMPLETE');
  expect(events).toMatchObject([{ requestType: 'Delete', status: 'SUCCESS', physicalResourceId: 'web' }]);
  expect(cloud.emulator.requests.length > before).toBe(callsLightsail);
  expect(cloud.emulator.service('web')!.state).toBe(state);
});

test('the Delete after a cancelled create, with an invented physical id, changes nothing', async () => {
  const event = cloud.createEvent(webApp());
  await cloud.provider.begin(event);

  const answer = await cloud.provider.handle({ ...event, RequestType: 'Delete', RequestId: 'delete', PhysicalResourceId: 'Stack-Deployment-1ABCDEF' });

  expect(answer).toMatchObject({ status: 'SUCCESS', physicalResourceId: 'Stack-Deployment-1ABCDEF' });
  expect(cloud.emulator.service('web')!.nextDeployment).toMatchObject({ version: 1, state: 'ACTIVATING' });
});

test('an update to another service is a replacement, and the old service keeps running', async () => {
  await cloud.deploy(webApp('nginx:1.26'));
  const { status, events } = await cloud.deploy(webApp('nginx:1.26', { serviceName: 'web-2' }));

  expect(status).toBe('UPDATE_COMPLETE');
  expect(events).toMatchObject([
    { requestType: 'Update', physicalResourceId: 'web-2', data: { DeploymentVersion: '1', ContainerServiceName: 'web-2' } },
    { requestType: 'Delete', status: 'SUCCESS', physicalResourceId: 'web' },
  ]);
  expect(cloud.versions('web')).toEqual({ 1: 'ACTIVE' });
  expect(cloud.versions('web-2')).toEqual({ 1: 'ACTIVE' });
});

test('with waitForUrl, success is reported only after the URL answers', async () => {
  cloud.publicUrl.answers({ status: 404 }, 12 * MINUTE);

  const { status, events } = await cloud.deploy(webApp('nginx:1.27', {
    waitForUrl: true,
    publicEndpoint: { containerName: 'app', containerPort: 80, healthCheck: { successCodes: '200-299' } },
  }));

  expect(status).toBe('CREATE_COMPLETE');
  expect(events[0].durationSeconds).toBeGreaterThanOrEqual(12 * 60);
  expect(events[0].durationSeconds).toBeLessThan(12 * 60 + 10);
});

test('every attribute has the value of the API', async () => {
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

  const service = cloud.emulator.service('web')!;
  const { url, arn, principalArn } = service;
  expect(events).toEqual([expect.objectContaining({
    requestType: 'Create',
    physicalResourceId: 'web',
    data: {
      DeploymentId: 'web/1',
      DeploymentVersion: '1',
      DeploymentState: 'ACTIVE',
      DeploymentCreatedAt: new Date(service.currentDeployment!.createdAt! * 1000).toISOString(),
      ContainerServiceName: 'web',
      ContainerServiceArn: arn,
      ContainerServiceState: 'RUNNING',
      ContainerServiceCreatedAt: new Date(service.createdAt! * 1000).toISOString(),
      Url: url,
      PrincipalArn: principalArn,
      PrivateDomainName: 'web.service.local',
      PublicDomainNames: [],
      Power: 'nano',
      PowerId: 'nano-1',
      Scale: '1',
      IsDisabled: 'false',
      ResourceType: 'ContainerService',
      AvailabilityZone: 'all',
      RegionName: 'us-east-1',
      EcrImagePullerPrincipalArn: '',
    },
  })]);
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
