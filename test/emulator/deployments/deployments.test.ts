import { CreateContainerServiceDeploymentCommand, GetContainerServiceDeploymentsCommand } from '@aws-sdk/client-lightsail';
import { DEFAULT_TIMINGS, Outcome, phasesOf } from '..';
import { Fixture, LONG, useFixture, webDeployment } from '../fixture';

const fixture = useFixture({ services: ['web'] });

const history = async () => {
  const { deployments } = await fixture.client.send(new GetContainerServiceDeploymentsCommand({ serviceName: 'web' }));
  return deployments!.map(({ version, state }) => `${version} ${state}`);
};

test('the answer to a deployment shows the next deployment without a state detail', async () => {
  const service = await fixture.deploy();
  expect(service).toMatchObject({ state: 'DEPLOYING', nextDeployment: { version: 1, state: 'ACTIVATING' } });
  expect(service).not.toHaveProperty('stateDetail');
  expect(service).not.toHaveProperty('currentDeployment');
});

test('defaults of a deployment are filled in', async () => {
  const { nextDeployment } = await fixture.deploy({ publicEndpoint: { containerName: 'app', containerPort: 80, healthCheck: { path: '/health' } } });
  expect(nextDeployment).toEqual({
    version: 1,
    state: 'ACTIVATING',
    createdAt: new Date(fixture.emulator.clock.now()),
    containers: { app: { image: 'nginx:1.27', ports: { 80: 'HTTP' }, command: [], environment: {} } },
    publicEndpoint: {
      containerName: 'app',
      containerPort: 80,
      healthCheck: { healthyThreshold: 2, unhealthyThreshold: 2, timeoutSeconds: 2, intervalSeconds: 5, path: '/health', successCodes: '200-499' },
    },
  });
});

test('commands, environments and ports are kept as given, in their order and with repetitions', async () => {
  const app = {
    image: 'nginx',
    command: ['b', 'a', 'b'],
    environment: { ['Z']: '1', ['A']: '' },
    ports: { 443: 'HTTPS', 90: 'TCP', 53: 'UDP', 65535: 'HTTP' },
  } as const;
  const { nextDeployment } = await fixture.deploy({ containers: { app: { ...app, command: [...app.command] } }, publicEndpoint: undefined });
  expect(nextDeployment!.containers!.app).toEqual(app);
  expect(nextDeployment).not.toHaveProperty('publicEndpoint');
});

test('the state details come in the documented order, and then the service is RUNNING', async () => {
  await fixture.deploy();
  const { creating, evaluating, activating } = DEFAULT_TIMINGS.deployment;
  const seen: Array<string | undefined> = [];
  for (const ms of [0, creating - 1, 1, evaluating - 1, 1, activating - 1]) {
    fixture.advance(ms);
    const service = await fixture.service();
    expect(service).toMatchObject({ state: 'DEPLOYING', nextDeployment: { version: 1, state: 'ACTIVATING' } });
    seen.push(service.stateDetail?.code);
  }
  expect(seen).toEqual([
    'CREATING_DEPLOYMENT', 'CREATING_DEPLOYMENT',
    'EVALUATING_HEALTH_CHECK', 'EVALUATING_HEALTH_CHECK',
    'ACTIVATING_DEPLOYMENT', 'ACTIVATING_DEPLOYMENT',
  ]);

  fixture.advance(1);
  const service = await fixture.service();
  expect(service).toMatchObject({ state: 'RUNNING', currentDeployment: { version: 1, state: 'ACTIVE' } });
  expect(service).not.toHaveProperty('nextDeployment');
  expect(service).not.toHaveProperty('stateDetail');
});

test('a test sets the phases of one deployment', async () => {
  fixture.emulator.outcomes.forNextDeployment('web', Outcome.succeeds({ phases: { creating: 1000, evaluating: 200, activating: 30 } }));
  await fixture.deploy();
  fixture.advance(1000);
  expect(await fixture.service()).toMatchObject({ stateDetail: { code: 'EVALUATING_HEALTH_CHECK' } });
  fixture.advance(200);
  expect(await fixture.service()).toMatchObject({ stateDetail: { code: 'ACTIVATING_DEPLOYMENT' } });
  fixture.advance(30);
  expect(await fixture.service()).toMatchObject({ state: 'RUNNING' });
});

test('the old version keeps serving while a new one deploys', async () => {
  await fixture.deploy();
  fixture.advance(LONG);
  await fixture.deploy();
  expect(await fixture.service()).toMatchObject({
    state: 'DEPLOYING', currentDeployment: { version: 1, state: 'ACTIVE' }, nextDeployment: { version: 2, state: 'ACTIVATING' },
  });
  fixture.advance(LONG);
  expect(await fixture.service()).toMatchObject({ state: 'RUNNING', currentDeployment: { version: 2, state: 'ACTIVE' } });
  expect(await history()).toEqual(['2 ACTIVE', '1 INACTIVE']);
});

test('a first deployment that fails leaves the service READY', async () => {
  fixture.emulator.outcomes.forNextDeployment('web', Outcome.processExits());
  await fixture.deploy();
  fixture.advance(LONG);
  const service = await fixture.service();
  expect(service).toMatchObject({ state: 'READY' });
  expect(service).not.toHaveProperty('currentDeployment');
  expect(service).not.toHaveProperty('nextDeployment');
  expect(await history()).toEqual(['1 FAILED']);
});

test('a later deployment that fails leaves the old version serving, and uses up its number', async () => {
  await fixture.deploy();
  fixture.advance(LONG);
  fixture.emulator.outcomes.forNextDeployment('web', Outcome.healthCheckFails());
  await fixture.deploy();
  fixture.advance(LONG);
  const service = await fixture.service();
  expect(service).toMatchObject({ state: 'RUNNING', currentDeployment: { version: 1, state: 'ACTIVE' } });
  expect(service).not.toHaveProperty('nextDeployment');
  expect((await fixture.deploy()).nextDeployment).toMatchObject({ version: 3 });
  expect(await history()).toEqual(['3 ACTIVATING', '2 FAILED', '1 ACTIVE']);
});

test('50 versions are kept, and always the one that serves', async () => {
  await fixture.deploy();
  fixture.advance(LONG);
  fixture.emulator.outcomes.byDefault(Outcome.processExits());
  for (let version = 2; version <= 60; version++) {
    expect((await fixture.deploy()).nextDeployment!.version).toBe(version);
    fixture.advance(LONG);
  }
  const kept = await history();
  expect(kept).toHaveLength(50);
  expect(kept[0]).toBe('60 FAILED');
  expect(kept[49]).toBe('1 ACTIVE');
});

test('a private ECR image needs the role, the same Region, and some time after the activation', async () => {
  const image = '123456789012.dkr.ecr.us-east-1.amazonaws.com/repo:1';
  const deployed = async (of: string) => {
    await fixture.client.send(new CreateContainerServiceDeploymentCommand(webDeployment(of)));
    fixture.advance(LONG);
    return fixture.emulator.deployments('web')[0].state;
  };
  expect(await deployed(image)).toBe('FAILED');

  fixture.emulator.invoke('UpdateContainerService', { serviceName: 'web', privateRegistryAccess: { ecrImagePullerRole: { isActive: true } } });
  fixture.advance(DEFAULT_TIMINGS.ecrRoleActivation);
  expect(await deployed(image)).toBe('FAILED');
  expect(await deployed(image)).toBe('ACTIVE');
  expect(await deployed(image.replace('us-east-1', 'eu-west-1'))).toBe('FAILED');
});

test('an answer does not change after later events', async () => {
  await fixture.deploy();
  const before = fixture.emulator.service('web')!;
  fixture.advance(LONG);
  expect(fixture.emulator.service('web')!.state).toBe('RUNNING');
  expect(before.state).toBe('DEPLOYING');
  expect(before.nextDeployment!.state).toBe('ACTIVATING');
});

test('a version can be forgotten', async () => {
  await fixture.deploy();
  fixture.emulator.forgetVersion('web', 1);

  expect(await history()).toEqual([]);
});

test('a deployment can be normalized: latest images, line breaks at the end, empty variables', async () => {
  const other = await Fixture.start({ normalization: { latestImages: true, trailingLineBreaks: true, emptyVariables: true }, services: ['web'] });
  other.emulator.invoke('RegisterContainerImage', { serviceName: 'web', label: 'app', digest: `sha256:${'a'.repeat(64)}` });
  await other.deploy({ containers: { app: { image: ':web.app.latest', environment: { A: 'a\n', B: '', C: 'c' }, ports: { 80: 'HTTP' } } } });

  expect(other.emulator.deployments('web')[0].containers!.app).toMatchObject({ image: ':web.app.1', environment: { A: 'a', C: 'c' } });
  expect(other.emulator.deployments('web')[0].containers!.app.environment).not.toHaveProperty('B');
  await other.stop();
});

test.each([
  [[50, 22, 28], { creating: 50_000, evaluating: 22_000, activating: 28_000 }],
  [[94, 3, 3], { creating: 94_000, evaluating: 3_000, activating: 3_000 }],
] as const)('the shares %j of 100 seconds are phases', (shares, phases) => {
  expect(phasesOf(100_000, shares)).toEqual(phases);
});
