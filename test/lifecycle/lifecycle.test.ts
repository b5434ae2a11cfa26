import { Duration } from 'aws-cdk-lib';
import { ContainerImage } from '../../lib';
import { Fate, Fault } from '../emulator';
import { app, webApp } from './apps';
import { CloudFormation } from './cloudformation';

const MINUTE = 60_000;

let cloud: CloudFormation;

beforeEach(async () => {
  cloud = await CloudFormation.start();
});

afterEach(() => cloud.stop());

function versions(serviceName = 'web') {
  return Object.fromEntries(cloud.emulator.deployments(serviceName).map(({ version, state }) => [version, state]));
}

function calls(operation: string) {
  return cloud.emulator.requests.filter((request) => request.operation === operation);
}

describe('create', () => {
  test('deploys, waits until that version is ACTIVE and answers what the API answers', async () => {
    const { status, events } = await cloud.deploy(webApp());

    expect(status).toBe('CREATE_COMPLETE');
    const service = cloud.emulator.service('web')!;
    expect(events).toEqual([expect.objectContaining({
      requestType: 'Create',
      physicalResourceId: 'web',
      data: {
        DeploymentId: 'web/1',
        DeploymentVersion: '1',
        DeploymentState: 'ACTIVE',
        DeploymentCreatedAt: new Date(service.currentDeployment!.createdAt! * 1000).toISOString(),
        ContainerServiceName: 'web',
        ContainerServiceArn: service.arn,
        ContainerServiceState: 'RUNNING',
        ContainerServiceCreatedAt: new Date(service.createdAt! * 1000).toISOString(),
        Url: service.url,
        PrincipalArn: service.principalArn,
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
  });

  test('fails with version, state and state detail, and CloudFormation deletes what failed: nothing happens', async () => {
    cloud.emulator.fates.forNextDeployment('web', Fate.imageCannotBePulled());

    const { status, reason, events } = await cloud.deploy(webApp());

    expect(status).toBe('ROLLBACK_COMPLETE');
    expect(reason).toMatch(/^Deployment version 1 of container service "web" FAILED: container "app" .* could not be pulled.* No deployment is active\./);
    expect(reason).toMatch(/^Service state READY, last state detail [A-Z_]+\.$/m);
    expect(events.map(({ requestType, status: answer }) => `${requestType} ${answer}`)).toEqual(['Create FAILED', 'Delete SUCCESS']);
    expect(versions()).toEqual({ 1: 'FAILED' });
  });

  test('cancelled: the Delete with an invented physical id does nothing', async () => {
    const event = cloud.createEvent(webApp());
    await cloud.provider.begin(event);

    const answer = await cloud.provider.handle({ ...event, RequestType: 'Delete', RequestId: 'delete', PhysicalResourceId: 'Stack-Deployment-1ABCDEF' });

    expect(answer).toMatchObject({ status: 'SUCCESS', physicalResourceId: 'Stack-Deployment-1ABCDEF' });
    expect(cloud.emulator.service('web')!.nextDeployment).toMatchObject({ version: 1, state: 'ACTIVATING' });
  });
});

describe('update', () => {
  beforeEach(async () => {
    await cloud.deploy(webApp('nginx:1.26'));
  });

  test('makes the next version and keeps the physical id', async () => {
    const { status, events } = await cloud.deploy(webApp('nginx:1.27'));

    expect(status).toBe('UPDATE_COMPLETE');
    expect(events).toMatchObject([{ requestType: 'Update', physicalResourceId: 'web', data: { DeploymentVersion: '2' } }]);
    expect(versions()).toEqual({ 1: 'INACTIVE', 2: 'ACTIVE' });
  });

  test('fails, and the roll back redeploys nothing while the old version serves', async () => {
    cloud.emulator.fates.forImage('nginx:broken', Fate.processExits());

    const { status, reason, events } = await cloud.deploy(webApp('nginx:broken'));

    expect(status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(reason).toMatch(/^Deployment version 2 of container service "web" FAILED: container "app" exits with status 1\. Version 1 is still serving\.$/m);
    expect(reason).toMatch(/^Service state RUNNING, last state detail [A-Z_]+\.$/m);
    expect(events).toMatchObject([
      { requestType: 'Update', status: 'FAILED' },
      { requestType: 'Update', status: 'SUCCESS', physicalResourceId: 'web', data: { DeploymentVersion: '1' } },
    ]);
    expect(versions()).toEqual({ 1: 'ACTIVE', 2: 'FAILED' });
    expect((await cloud.deploy(webApp('nginx:1.27'))).status).toBe('UPDATE_COMPLETE');
    expect(versions()).toEqual({ 1: 'INACTIVE', 2: 'FAILED', 3: 'ACTIVE' });
  });

  test('of the timeout alone makes no version', async () => {
    const { events } = await cloud.deploy(webApp('nginx:1.26', { timeout: Duration.minutes(10) }));

    expect(events).toMatchObject([{ requestType: 'Update', status: 'SUCCESS', data: { DeploymentVersion: '1' } }]);
    expect(versions()).toEqual({ 1: 'ACTIVE' });
  });

  test('cancelled while its deployment activates: the roll back waits for its end and restores the old one', async () => {
    const template = cloud.synthesize(webApp('nginx:1.27'));
    const [logicalId] = Object.entries(template.resources).find(([, { Type }]) => Type.startsWith('Custom::'))!;
    const properties = (image: string) => ({
      ServiceName: 'web',
      Containers: { app: { Image: image, Ports: { 80: 'HTTP' } } },
      PublicEndpoint: { ContainerName: 'app', ContainerPort: 80 },
      Timeout: 1800,
    });
    const old = { physicalId: 'web', properties: properties('nginx:1.26'), data: {} };
    await cloud.provider.begin(cloud.event(template, 'Update', logicalId, properties('nginx:1.27'), old));
    expect(versions()).toEqual({ 1: 'ACTIVE', 2: 'ACTIVATING' });

    const answer = await cloud.provider.handle(cloud.event(template, 'Update', logicalId, properties('nginx:1.26'), { ...old, properties: properties('nginx:1.27') }));

    expect(answer).toMatchObject({ status: 'SUCCESS', data: { DeploymentVersion: '3' } });
    expect(versions()).toEqual({ 1: 'INACTIVE', 2: 'INACTIVE', 3: 'ACTIVE' });
  });

  test('to another service is a replacement, and deleting the old one leaves what runs', async () => {
    const { status, events } = await cloud.deploy(webApp('nginx:1.26', { serviceName: 'web-2' }));

    expect(status).toBe('UPDATE_COMPLETE');
    expect(events).toMatchObject([
      { requestType: 'Update', physicalResourceId: 'web-2', data: { DeploymentVersion: '1', ContainerServiceName: 'web-2' } },
      { requestType: 'Delete', status: 'SUCCESS', physicalResourceId: 'web' },
    ]);
    expect(versions('web')).toEqual({ 1: 'ACTIVE' });
    expect(versions('web-2')).toEqual({ 1: 'ACTIVE' });
  });
});

test('delete leaves what runs, and asks nothing of Lightsail', async () => {
  await cloud.deploy(webApp());
  const before = cloud.emulator.requests.length;

  const { events } = await cloud.delete(webApp());

  expect(events).toMatchObject([{ requestType: 'Delete', status: 'SUCCESS', physicalResourceId: 'web' }]);
  expect(cloud.emulator.requests).toHaveLength(before);
  expect(versions()).toEqual({ 1: 'ACTIVE' });
});

test('a time-out fails before CloudFormation gives up, with version, state and state detail', async () => {
  cloud.emulator.fates.byDefault(Fate.neverEnds({ stuckIn: 'evaluating' }));

  const { events, reason } = await cloud.deploy(webApp('nginx:1.27', { timeout: Duration.minutes(20) }));

  expect(reason).toMatch(/^Deployment version 1 of container service "web" did not become ACTIVE within 1200 seconds \(service state DEPLOYING, last state detail EVALUATING_HEALTH_CHECK\)/);
  expect(events[0].durationSeconds).toBeGreaterThan(1100);
  expect(events[0].durationSeconds).toBeLessThan(1200);
});

describe('a busy service', () => {
  test.each(['PENDING', 'UPDATING', 'DEPLOYING'] as const)('%s is waited out', async (state) => {
    cloud.emulator.createService({ serviceName: 'web' });
    cloud.emulator.setServiceState('web', state, 10 * MINUTE);

    const { status } = await cloud.deploy(webApp());

    expect(status).toBe('CREATE_COMPLETE');
    expect(cloud.emulator.service('web')!.currentDeployment).toMatchObject({ state: 'ACTIVE', containers: { app: { image: 'nginx:1.27' } } });
    expect(calls('CreateContainerServiceDeployment')).toHaveLength(1);
  });

  test('fails in time if it stays busy, and deploys nothing', async () => {
    cloud.emulator.createService({ serviceName: 'web' });
    cloud.emulator.setServiceState('web', 'UPDATING');

    const { reason } = await cloud.deploy(webApp('nginx:1.27', { timeout: Duration.minutes(5) }));

    expect(reason).toMatch(/^Nothing was deployed to container service "web": it was not ready for a deployment within 300 seconds \(service state UPDATING/);
    expect(calls('CreateContainerServiceDeployment')).toHaveLength(0);
  });

  test('fails at once if it is DELETING', async () => {
    cloud.emulator.createService({ serviceName: 'web' });
    cloud.emulator.setServiceState('web', 'DELETING');

    const { reason, events } = await cloud.deploy(webApp());

    expect(reason).toContain('container service "web" is DELETING. Wait until it is gone');
    expect(events[0].durationSeconds).toBe(0);
  });
});

describe('what only the service can know', () => {
  test.each(['NotFoundException', 'InvalidInputException'] as const)('fails at once for a missing service (%s)', async (missingServiceError) => {
    const event = cloud.createEvent(webApp());
    cloud.emulator.faults.add({ operation: '*', fault: Fault.error(missingServiceError, 400, 'The container service "web" does not exist.') });

    const answer = await cloud.provider.handle(event);

    expect(answer.reason).toContain('there is no container service "web" in this account and Region. Create it first');
  });

  test('fails with the words of the service for an input that it refuses', async () => {
    const { reason } = await cloud.deploy(app({ containers: { app: { image: imageNamed(':web.missing.LATEST') } } }));

    expect(reason).toContain('CreateContainerServiceDeployment failed: InvalidInputException: Container "app" has invalid image ":web.missing.LATEST".');
    expect(reason).toMatch(/^Nothing was deployed to container service "web": .* No deployment is active\.$/m);
  });

  test('fails with the operation if access is denied, after giving a new policy half a minute', async () => {
    cloud.emulator.faults.add({ operation: 'CreateContainerServiceDeployment', fault: Fault.accessDenied() });

    const { reason, events } = await cloud.deploy(webApp());

    expect(reason).toContain('CreateContainerServiceDeployment failed: AccessDeniedException: ');
    expect(events[0].durationSeconds).toBeGreaterThanOrEqual(30);
    expect(events[0].durationSeconds).toBeLessThan(40);
  });

  test('goes on if access is denied for a moment only', async () => {
    cloud.emulator.faults.add({ operation: 'CreateContainerServiceDeployment', fault: Fault.accessDenied(), times: 2 });

    expect((await cloud.deploy(webApp())).status).toBe('CREATE_COMPLETE');
  });
});

describe('one version for one intent', () => {
  test.each([
    ['reset before the effect', Fault.connectionReset({ when: 'before' })],
    ['reset after the effect', Fault.connectionReset({ when: 'after' })],
    ['a server error after the effect', Fault.serverError({ when: 'after' })],
    ['throttled', Fault.throttled()],
    ['a malformed answer', Fault.malformedAnswer()],
  ])('%s', async (_, fault) => {
    cloud.emulator.faults.add({ operation: 'CreateContainerServiceDeployment', fault, times: 1 });

    expect((await cloud.deploy(webApp())).status).toBe('CREATE_COMPLETE');
    expect(versions()).toEqual({ 1: 'ACTIVE' });
  });

  test('an event that arrives twice at once', async () => {
    const event = cloud.createEvent(webApp());

    const begun = await Promise.all([cloud.provider.begin(event), cloud.provider.begin(event)]);
    const answers = [await cloud.provider.finish(event, begun[0]), await cloud.provider.finish(event, begun[1])];

    expect(answers).toMatchObject([{ data: { DeploymentVersion: '1' } }, { data: { DeploymentVersion: '1' } }]);
    expect(versions()).toEqual({ 1: 'ACTIVE' });
  });

  test.each([0, 1, 60])('an event that arrives again %i minutes later', async (minutes) => {
    const event = cloud.createEvent(webApp());
    await cloud.provider.begin(event);
    cloud.emulator.clock.advance(minutes * MINUTE);

    expect(await cloud.provider.handle(event)).toMatchObject({ data: { DeploymentVersion: '1' } });
    expect(versions()).toEqual({ 1: 'ACTIVE' });
  });

  test('a waiter that starts again after its first try deployed', async () => {
    cloud.emulator.createService({ serviceName: 'web' });
    cloud.emulator.setServiceState('web', 'UPDATING', MINUTE);
    const event = cloud.createEvent(webApp());
    const begun = await cloud.provider.begin(event);
    expect(begun.Version).toBeUndefined();

    const first = await cloud.provider.finish(event, begun);
    const again = await cloud.provider.finish(event, begun);

    expect([first, again]).toMatchObject([{ data: { DeploymentVersion: '1' } }, { data: { DeploymentVersion: '1' } }]);
    expect(versions()).toEqual({ 1: 'ACTIVE' });
  });

  test('a waiter that starts again after its deployment failed tells so, and does not deploy again', async () => {
    cloud.emulator.createService({ serviceName: 'web' });
    cloud.emulator.setServiceState('web', 'UPDATING', MINUTE);
    cloud.emulator.fates.byDefault(Fate.healthCheckFails());
    const event = cloud.createEvent(webApp());
    const begun = await cloud.provider.begin(event);

    const answers = [await cloud.provider.finish(event, begun), await cloud.provider.finish(event, begun)];

    expect(answers.map(({ reason }) => reason)).toEqual(Array(2).fill(expect.stringContaining('Deployment version 1 of container service "web" FAILED')));
    expect(versions()).toEqual({ 1: 'FAILED' });
  });
});

test('fails if something else was deployed over it', async () => {
  const event = cloud.createEvent(webApp());
  const begun = await cloud.provider.begin(event);
  cloud.emulator.clock.advance(60 * MINUTE);
  cloud.emulator.invoke('CreateContainerServiceDeployment', { serviceName: 'web', containers: { other: { image: 'redis:latest' } } });
  cloud.emulator.clock.advance(60 * MINUTE);

  const { reason } = await cloud.provider.finish(event, begun);

  expect(reason).toContain('Deployment version 1 of container service "web" is INACTIVE: another deployment took its place');
  expect(reason).toContain('Version 2 is still serving.');
});

test.each([
  ['throttled', Fault.throttled()],
  ['broken', Fault.malformedAnswer()],
  ['failing', Fault.serverError()],
])('reads that are %s for a while do not fail a healthy deployment', async (_, fault) => {
  const event = cloud.createEvent(webApp());
  const begun = await cloud.provider.begin(event);
  cloud.emulator.faults.add({ operation: 'GetContainerServices', fault, times: 2 });

  expect(await cloud.provider.finish(event, begun)).toMatchObject({ status: 'SUCCESS', data: { DeploymentVersion: '1' } });
});

/** An image of a kind that nobody checks, so that only the service can refuse it. */
function imageNamed(imageName: string): ContainerImage {
  return new class extends ContainerImage {
    public bind() {
      return { imageName };
    }
  }();
}

test.each([
  ['throttled', Fault.throttled()],
  ['denied', Fault.accessDenied()],
  ['failing', Fault.serverError()],
])('a first look that is %s for a moment does not fail the stack', async (_, fault) => {
  cloud.emulator.faults.add({ operation: 'GetContainerServices', fault, times: 2 });
  cloud.emulator.faults.add({ operation: 'GetContainerServiceDeployments', fault, times: 2 });

  expect((await cloud.deploy(webApp())).status).toBe('CREATE_COMPLETE');
  expect(versions()).toEqual({ 1: 'ACTIVE' });
});

test('fails with the words of the service if it cannot be asked at all', async () => {
  cloud.emulator.faults.add({ operation: 'GetContainerServices', fault: Fault.throttled() });

  const { reason, events } = await cloud.deploy(webApp());

  expect(reason).toContain('no deployment could be created within 1800 seconds: GetContainerServices failed: ThrottlingException: ');
  expect(events[0].durationSeconds).toBeLessThan(1800);
});
