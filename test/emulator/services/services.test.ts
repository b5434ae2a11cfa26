import {
  CreateContainerServiceCommand, DeleteContainerServiceCommand, GetContainerServicesCommand, UpdateContainerServiceCommand,
} from '@aws-sdk/client-lightsail';
import { DEFAULT_TIMINGS, LightsailEmulator } from '..';
import { errorOf, Fixture, LONG, MINUTE, useFixture, webDeployment } from '../fixture';

const fixture = useFixture();

const create = async (input: Partial<ConstructorParameters<typeof CreateContainerServiceCommand>[0]> = {}) =>
  (await fixture.client.send(new CreateContainerServiceCommand({ serviceName: 'web', power: 'nano', scale: 1, ...input }))).containerService!;
const update = async (input: Partial<ConstructorParameters<typeof UpdateContainerServiceCommand>[0]>) =>
  (await fixture.client.send(new UpdateContainerServiceCommand({ serviceName: 'web', ...input }))).containerService!;
const running = async () => {
  fixture.emulator.createService({ serviceName: 'web' });
  await fixture.deploy();
  fixture.advance(LONG);
};

describe('a new service', () => {
  test('a new service is PENDING, with everything that the real service fills in', async () => {
    const service = await create({ tags: [{ key: 'team', value: 'a' }] });
    expect(service).toEqual({
      containerServiceName: 'web',
      arn: expect.stringMatching(/^arn:aws:lightsail:us-east-1:123456789012:ContainerService\/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
      createdAt: new Date(fixture.emulator.clock.now()),
      location: { availabilityZone: 'all', regionName: 'us-east-1' },
      resourceType: 'ContainerService',
      tags: [{ key: 'team', value: 'a' }],
      power: 'nano',
      powerId: 'nano-1',
      state: 'PENDING',
      stateDetail: { code: 'CREATING_SYSTEM_RESOURCES' },
      scale: 1,
      isDisabled: false,
      principalArn: '',
      privateDomainName: 'web.service.local',
      url: expect.stringMatching(/^https:\/\/web\.[a-z0-9]{13}\.us-east-1\.cs\.amazonlightsail\.com\/$/),
      privateRegistryAccess: { ecrImagePullerRole: { isActive: false, principalArn: '' } },
    });
  });

  test('a new service goes through the documented details until it is READY', async () => {
    await create();
    const { service } = DEFAULT_TIMINGS;
    const seen: Array<[string?, string?]> = [];
    for (const ms of [0, service.creatingSystemResources, service.creatingNetworkInfrastructure, service.provisioningCertificate]) {
      fixture.advance(ms);
      const { state, stateDetail } = await fixture.service();
      seen.push([state, stateDetail?.code]);
    }
    expect(seen).toEqual([
      ['PENDING', 'CREATING_SYSTEM_RESOURCES'],
      ['PENDING', 'CREATING_NETWORK_INFRASTRUCTURE'],
      ['PENDING', 'PROVISIONING_CERTIFICATE'],
      ['PENDING', 'PROVISIONING_SERVICE'],
    ]);

    fixture.advance(service.provisioningService);
    const ready = await fixture.service();
    expect(ready.state).toBe('READY');
    expect(ready).not.toHaveProperty('stateDetail');
    expect(ready).not.toHaveProperty('currentDeployment');
    expect(ready).not.toHaveProperty('nextDeployment');
    expect(ready.principalArn).toMatch(/^arn:aws:iam::\d{12}:role\/amazon\/lightsail\/us-east-1\/containers\/web\/[0-9a-v]{52}$/);
  });

  test('a new service deploys its inline deployment, and is then RUNNING', async () => {
    fixture.emulator.createCertificate('cert', 'example.com');
    const { serviceName, ...deployment } = webDeployment();
    const created = await create({ deployment, publicDomainNames: { cert: ['example.com'] } });
    expect(created.nextDeployment).toMatchObject({ version: 1, state: 'ACTIVATING' });
    expect(created.publicDomainNames).toEqual({ cert: ['example.com'] });
    fixture.advance(3 * MINUTE);
    expect(await fixture.service()).toMatchObject({ state: 'DEPLOYING' });
    fixture.advance(LONG);
    expect(await fixture.service()).toMatchObject({ state: 'RUNNING', currentDeployment: { version: 1, state: 'ACTIVE' } });
  });

  test('a new service has the requested ECR role once it is READY', async () => {
    const created = await create({ privateRegistryAccess: { ecrImagePullerRole: { isActive: true } } });
    expect(created.privateRegistryAccess).toEqual({ ecrImagePullerRole: { isActive: true, principalArn: '' } });
    fixture.advance(LONG);
    expect((await fixture.service()).privateRegistryAccess?.ecrImagePullerRole?.principalArn).toMatch(/^arn:aws:iam::/);
  });

  test('a service has the same ids in each run, and others when it is created again', async () => {
    const first = await create();
    fixture.advance(LONG);
    await fixture.client.send(new DeleteContainerServiceCommand({ serviceName: 'web' }));
    fixture.advance(LONG);
    const second = await create();
    expect(second.arn).not.toBe(first.arn);
    expect(second.url).not.toBe(first.url);

    const other = await Fixture.start();
    expect(other.emulator.createService({ serviceName: 'web' }).arn).toBe(first.arn);
    await other.stop();
  });

  test('a second service of the same name is refused', async () => {
    await create();
    expect(await errorOf(create())).toMatchObject({ name: 'InvalidInputException' });
  });
});

test('services are in the configured Region and account', async () => {
  const other = await Fixture.start({ region: 'eu-central-1', accountId: '111122223333' });
  const service = other.emulator.createService({ serviceName: 'web', power: 'micro', scale: 3, tags: { team: 'a' } });
  expect(service).toMatchObject({
    location: { regionName: 'eu-central-1' }, power: 'micro', scale: 3, state: 'READY', tags: [{ key: 'team', value: 'a' }],
  });
  expect(service.arn).toMatch(/^arn:aws:lightsail:eu-central-1:111122223333:/);
  await other.stop();
});

test('the emulator does not start in a Region without Lightsail', async () => {
  await expect(LightsailEmulator.start({ region: 'us-moon-1' })).rejects.toThrow('Lightsail has no region "us-moon-1"');
});

test('GetContainerServices lists all services', async () => {
  fixture.emulator.createService({ serviceName: 'one' });
  fixture.emulator.createService({ serviceName: 'two' });
  const { containerServices } = await fixture.client.send(new GetContainerServicesCommand({}));
  expect(containerServices!.map(({ containerServiceName }) => containerServiceName)).toEqual(['one', 'two']);
});

describe('updates', () => {
  test('an update of the capacity redeploys the active version', async () => {
    await running();
    const updated = await update({ power: 'micro', scale: 2 });
    expect(updated).toMatchObject({ state: 'UPDATING', power: 'micro', powerId: 'micro-1', scale: 2, currentDeployment: { state: 'ACTIVE' } });
    const codes = new Set<string | undefined>();
    for (let elapsed = 0; elapsed < DEFAULT_TIMINGS.capacityChange; elapsed += 10_000) {
      codes.add((await fixture.service()).stateDetail?.code);
      fixture.advance(10_000);
    }
    expect([...codes]).toEqual(['CREATING_DEPLOYMENT', 'EVALUATING_HEALTH_CHECK', 'ACTIVATING_DEPLOYMENT']);
    expect(await fixture.service()).toMatchObject({ state: 'RUNNING', currentDeployment: { version: 1, state: 'ACTIVE' } });
  });

  test('an update of a service without a deployment ends READY', async () => {
    fixture.emulator.createService({ serviceName: 'web' });
    expect(await update({ scale: 2 })).toMatchObject({ state: 'UPDATING' });
    fixture.advance(LONG);
    expect(await fixture.service()).toMatchObject({ state: 'READY', scale: 2 });
  });

  test('an update without a change leaves the service in its state', async () => {
    await running();
    const updated = await update({
      power: 'nano', scale: 1, isDisabled: false, publicDomainNames: {}, privateRegistryAccess: { ecrImagePullerRole: { isActive: false } },
    });
    expect(updated).toMatchObject({ state: 'RUNNING' });
    expect(await update({})).toMatchObject({ state: 'RUNNING' });
  });

  test('an update disables the service, and enables it with the same deployment', async () => {
    await running();
    expect(await update({ isDisabled: true })).toMatchObject({ state: 'UPDATING', isDisabled: true });
    fixture.advance(LONG);
    expect(await fixture.service()).toMatchObject({ state: 'DISABLED', isDisabled: true, currentDeployment: { version: 1, state: 'INACTIVE' } });
    expect(await update({ isDisabled: false })).toMatchObject({ state: 'UPDATING', isDisabled: false });
    fixture.advance(LONG);
    expect(await fixture.service()).toMatchObject({ state: 'RUNNING', isDisabled: false, currentDeployment: { version: 1, state: 'ACTIVE' } });
  });

  test('an update gives the ECR role its principal only at its end', async () => {
    fixture.emulator.createService({ serviceName: 'web' });
    const role = async () => (await fixture.service()).privateRegistryAccess!.ecrImagePullerRole!;
    await update({ privateRegistryAccess: { ecrImagePullerRole: { isActive: true } } });
    fixture.advance(DEFAULT_TIMINGS.ecrRoleActivation - 1);
    expect(await fixture.service()).toMatchObject({ state: 'UPDATING' });
    expect(await role()).toEqual({ isActive: true, principalArn: '' });
    fixture.advance(1);
    expect(await fixture.service()).toMatchObject({ state: 'READY' });
    expect((await role()).principalArn).toMatch(/^arn:aws:iam::\d{12}:role\/amazon\/lightsail\/us-east-1\/containers\/web\/[0-9a-v]{52}$/);

    await update({ privateRegistryAccess: { ecrImagePullerRole: { isActive: false } } });
    fixture.advance(LONG);
    expect(await role()).toEqual({ isActive: false, principalArn: '' });
  });

  test('an update of several settings takes the time of all of them', async () => {
    fixture.emulator.createService({ serviceName: 'web' });
    fixture.emulator.createCertificate('cert', 'a.example.com');
    await update({ scale: 2, publicDomainNames: { cert: ['a.example.com'] } });
    fixture.advance(DEFAULT_TIMINGS.capacityChange + DEFAULT_TIMINGS.domainChange - 1);
    expect(await fixture.service()).toMatchObject({ state: 'UPDATING', stateDetail: { code: 'PROVISIONING_CERTIFICATE' } });
    fixture.advance(1);
    expect(await fixture.service()).toMatchObject({ state: 'READY', publicDomainNames: { cert: ['a.example.com'] } });
    await update({ publicDomainNames: { cert: [] } });
    expect(await fixture.service()).not.toHaveProperty('publicDomainNames');
  });
});

test('a deleted service is DELETING, and then gone', async () => {
  await running();
  await fixture.client.send(new DeleteContainerServiceCommand({ serviceName: 'web' }));
  expect(await fixture.service()).toMatchObject({ state: 'DELETING' });
  expect(await errorOf(fixture.deploy())).toMatchObject({ name: 'InvalidInputException', message: expect.stringContaining('"DELETING"') });
  fixture.advance(LONG);
  expect(await errorOf(fixture.service())).toMatchObject({ name: 'NotFoundException' });
  expect(fixture.emulator.service('web')).toBeUndefined();
});

describe('states that a test sets', () => {
  test.each(['PENDING', 'UPDATING'] as const)('the state %s ends after its time', async (state) => {
    await running();
    fixture.emulator.setServiceState('web', state, 5 * MINUTE);
    fixture.advance(5 * MINUTE - 1);
    expect(await fixture.service()).toMatchObject({ state });
    fixture.advance(1);
    expect(await fixture.service()).toMatchObject({ state: 'RUNNING' });
  });

  test('a state without a time lasts until another is set', async () => {
    fixture.emulator.createService({ serviceName: 'web' });
    fixture.emulator.setServiceState('web', 'UPDATING');
    fixture.advance(24 * LONG);
    expect(await fixture.service()).toMatchObject({ state: 'UPDATING' });
    fixture.emulator.setServiceState('web', 'READY');
    expect(await fixture.service()).toMatchObject({ state: 'READY' });
  });

  test("DEPLOYING is someone else's deployment, and gets a version", async () => {
    await running();
    fixture.emulator.setServiceState('web', 'DEPLOYING', MINUTE);
    expect(await fixture.service()).toMatchObject({ state: 'DEPLOYING', currentDeployment: { version: 1 }, nextDeployment: { version: 2 } });
    fixture.advance(MINUTE);
    expect(await fixture.service()).toMatchObject({ state: 'RUNNING', currentDeployment: { version: 2, state: 'ACTIVE' } });
  });

  test('DEPLOYING without a time ends as a failure when another state is set', async () => {
    fixture.emulator.createService({ serviceName: 'web' });
    fixture.emulator.setServiceState('web', 'DEPLOYING');
    fixture.advance(24 * LONG);
    expect(await fixture.service()).toMatchObject({ state: 'DEPLOYING' });
    fixture.emulator.setServiceState('web', 'READY');
    expect(fixture.emulator.deployments('web')).toMatchObject([{ version: 1, state: 'FAILED' }]);
  });

  test('DISABLED looks like a service that was disabled', async () => {
    await running();
    fixture.emulator.setServiceState('web', 'DISABLED', MINUTE);
    expect(await fixture.service()).toMatchObject({ state: 'DISABLED', isDisabled: true });
    fixture.advance(MINUTE);
    expect(await fixture.service()).toMatchObject({ state: 'RUNNING', isDisabled: false, currentDeployment: { state: 'ACTIVE' } });
  });

  test('DELETING ends with the service gone', async () => {
    await running();
    fixture.emulator.setServiceState('web', 'DELETING', MINUTE);
    fixture.advance(MINUTE);
    expect(fixture.emulator.service('web')).toBeUndefined();
  });
});

test('an action of a test happens at its time', async () => {
  await running();
  fixture.emulator.after(MINUTE, () => fixture.emulator.invoke('CreateContainerServiceDeployment', { ...webDeployment('redis') }));
  expect(await fixture.service()).toMatchObject({ state: 'RUNNING' });
  fixture.advance(MINUTE);
  expect(await fixture.service()).toMatchObject({ state: 'DEPLOYING', nextDeployment: { version: 2 } });
  expect(fixture.emulator.requests.map(({ operation }) => operation)).not.toContain('invoke');
});

test('a service that is created again begins with version 1', async () => {
  await running();
  expect(fixture.emulator.service('web')!.currentDeployment!.version).toBe(1);
  await fixture.deploy();
  fixture.advance(1000);

  fixture.emulator.recreateService({ serviceName: 'web' });
  fixture.advance(LONG);

  expect(fixture.emulator.service('web')).toMatchObject({ state: 'READY' });
  expect(fixture.emulator.deployments('web')).toEqual([]);
  await fixture.deploy();
  expect(fixture.emulator.deployments('web')).toMatchObject([{ version: 1, state: 'ACTIVATING' }]);
});

test('the state detail can be absent', async () => {
  const other = await Fixture.start({ showsStateDetail: false, services: ['web'] });
  await other.deploy();
  other.advance(1000);

  expect(await other.service()).toMatchObject({ state: 'DEPLOYING' });
  expect(await other.service()).not.toHaveProperty('stateDetail');
  await other.stop();
});
