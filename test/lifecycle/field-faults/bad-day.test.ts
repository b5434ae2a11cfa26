import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { fetchedPublicUrl } from '../../../lambda/clients/public-url';
import { sdkLightsail } from '../../../lambda/clients/sdk/lightsail';
import { ContainerImage } from '../../../lib';
import { Fault, Outcome, ThrottlePattern } from '../../emulator';
import { webApp } from '../apps/apps';
import { PreparedApps, putSources, type AppVariant } from '../apps/prepared-apps';
import { CloudFormation } from '../cloudformation/cloudformation';

/*
 * Days on which AWS is slow, throttles, has lost a service, or was changed by someone else.
 */
const SECOND = 1000;
const MINUTE = 60 * SECOND;

let cloud: CloudFormation;

beforeEach(async () => {
  cloud = await CloudFormation.start({ transport: 'direct' });
});

afterEach(() => cloud.stop());

const imported = (image: string, removalPolicy = RemovalPolicy.RETAIN) => webApp(image, { isImported: true, removalPolicy });

function disableByHand() {
  cloud.emulator.invoke('UpdateContainerService', { serviceName: 'web', isDisabled: true });
  cloud.emulator.clock.advance(10 * MINUTE);
}

describe('a service that is disabled or gone when an update comes', () => {
  beforeEach(async () => {
    cloud.emulator.createService({ serviceName: 'web' });
    await cloud.deploy(imported('nginx:1.26'));
  });

  test.each<[string, () => void]>([
    ['disabled', disableByHand],
    ['gone', () => cloud.emulator.deleteService('web')],
  ])('an update to a service that is %s fails, and its rollback succeeds, because the update deployed nothing', async (_, change) => {
    change();

    const { status, reason, events } = await cloud.deploy(imported('nginx:1.27'));

    expect(reason).toContain('container service "web"');
    expect({ status, events: events.map((event) => `${event.requestType} ${event.status}`) })
      .toEqual({ status: 'UPDATE_ROLLBACK_COMPLETE', events: ['Update FAILED', 'Update SUCCESS'] });
  });

  test('a rollback that cannot succeed, because the update deployed and the service was disabled then, says how to continue it', async () => {
    cloud.emulator.outcomes.forImage('nginx:1.27', Outcome.succeeds());
    const update = await cloud.begin(imported('nginx:1.27'));
    cloud.emulator.clock.advance(10 * MINUTE);
    disableByHand();

    const { status, events } = await update.cancel().rollBack();

    if (status !== 'UPDATE_ROLLBACK_COMPLETE') expect(events.at(-1)!.reason).toMatch(/cdk rollback|continue-update-rollback/);
  });

  test.each([RemovalPolicy.RETAIN, RemovalPolicy.DESTROY])('a delete under %s succeeds where the service is gone or disabled', async (removalPolicy) => {
    await cloud.deploy(imported('nginx:1.26', removalPolicy));
    disableByHand();
    expect((await cloud.delete(imported('nginx:1.26', removalPolicy))).status).toBe('DELETE_COMPLETE');

    await cloud.anotherStack('Other').deploy(imported('nginx:1.26', RemovalPolicy.DESTROY));
    cloud.emulator.deleteService('web');
    expect((await cloud.delete(imported('nginx:1.26', removalPolicy))).status).toBe('DELETE_COMPLETE');
  });
});

describe('calls that are throttled again and again', () => {
  const variant: AppVariant = {
    id: 'Deployment', serviceName: 'web', content: 'nginx:1.26', trigger: 'a', timeoutMinutes: 30, removalPolicy: 'destroy', reads: 'secrets and a private image',
  };
  let apps: PreparedApps;
  beforeAll(() => {
    apps = new PreparedApps();
  });
  afterAll(() => apps.remove());

  const patterns: Array<[string, () => ThrottlePattern]> = [
    ['every second call, from the second one', () => ThrottlePattern.everyNth(2)],
    ['every second call, from the first one', () => {
      const second = ThrottlePattern.everyNth(2);
      second();
      return second;
    }],
    ...[1, 2, 3, 4, 5].map((seed): [string, () => ThrottlePattern] => [`half of all calls, at random (seed ${seed})`, () => ThrottlePattern.share(0.5, { seed })]),
    ...[1, 2, 3].map((seed): [string, () => ThrottlePattern] => [`90 % of all calls for two minutes (seed ${seed})`, () => {
      const endsAt = cloud.emulator.clock.now() + 2 * MINUTE;
      return ThrottlePattern.share(0.9, { seed, during: () => cloud.emulator.clock.now() < endsAt });
    }]),
  ];

  test.each(patterns)('throttling of %s costs time, and no create, update or delete fails', async (_, patternOf) => {
    cloud.emulator.createService({ serviceName: 'web' });
    putSources(cloud);
    const throttle = () => [cloud.emulator, cloud.api, cloud.sources].forEach(({ faults }) => faults.throttle(patternOf()));

    throttle();
    const create = await cloud.deploy(apps.of(variant));
    throttle();
    const update = await cloud.deploy(apps.of({ ...variant, content: 'nginx:1.27', trigger: 'b' }));
    throttle();
    const removal = await cloud.delete(apps.of({ ...variant, content: 'nginx:1.27', trigger: 'b' }));

    expect([create, update, removal].map(({ status, reason }) => reason ?? status)).toEqual(['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'DELETE_COMPLETE']);
    expect(cloud.versions()).toEqual({ 1: 'INACTIVE', 2: 'INACTIVE' });
    for (const { durationSeconds } of create.events) expect(durationSeconds).toBeLessThan(15 * 60);
  });
});

describe('a call whose answer never ends', () => {
  test.each([
    ['stalls', Fault.stalledBody()],
    ['drips', Fault.drippingBody(500)],
  ])('a read whose body %s ends within 20 seconds', async (_, fault) => {
    cloud.emulator.createService({ serviceName: 'web' });
    cloud.emulator.faults.add({ operation: 'GetContainerServices', fault });
    const lightsail = sdkLightsail({ endpoint: cloud.emulator.url, region: 'us-east-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } });
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise((resolve) => {
      timer = setTimeout(() => resolve('it still hangs'), 20 * SECOND);
    });

    const outcome = await Promise.race([lightsail.getService('web').then(() => 'an answer', ({ kind }) => kind), late]);

    clearTimeout(timer);
    expect(outcome).toBe('transient');
  }, 40_000);

  test('a check of the public URL ends although the body drips', async () => {
    const server = createServer((_, response) => {
      response.writeHead(200);
      const drip = setInterval(() => response.write('.'), 200);
      response.once('close', () => clearInterval(drip));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

    const answer = await fetchedPublicUrl().get(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);

    server.closeAllConnections();
    server.close();
    expect(answer).toBeDefined();
  }, 40_000);

  test.each(['GetContainerServices', 'GetContainerServiceDeployments', 'CreateContainerServiceDeployment'])('a %s that stalls for a moment does not fail the deployment', async (operation) => {
    cloud.emulator.faults.add({ operation, fault: Fault.stalledBody(), times: 1 });

    expect(await cloud.deploy(webApp())).toMatchObject({ status: 'CREATE_COMPLETE' });
    expect(cloud.versions()).toEqual({ 1: 'ACTIVE' });
  });
});

describe('a version that will never come', () => {
  const WITHIN = 120 * SECOND;

  beforeEach(async () => {
    cloud.emulator.createService({ serviceName: 'web' });
    await cloud.deploy(imported('nginx:1.25'));
    await cloud.deploy(imported('nginx:1.26'));
  });

  async function answerOf(change: () => void) {
    const update = await cloud.begin(imported('nginx:1.27'));
    cloud.emulator.clock.advance(30 * SECOND);
    change();
    const changedAt = cloud.emulator.clock.now();
    const answer = await update.wait();
    return { ...answer, ms: cloud.emulator.clock.now() - changedAt };
  }

  test('a service that is deleted and created again meanwhile fails the deployment within two minutes, and the reason says what was found', async () => {
    const { status, reason, ms } = await answerOf(() => cloud.emulator.recreateService({ serviceName: 'web' }));

    expect(status).toBe('FAILED');
    expect(reason).toMatch(/version 3/);
    expect(reason).not.toMatch(/only need longer|increase|raise the timeout/);
    expect(ms).toBeLessThanOrEqual(WITHIN);
  });

  test('a service that is created again and deployed to meanwhile fails the deployment within two minutes', async () => {
    const { status, reason, ms } = await answerOf(() => {
      cloud.emulator.recreateService({ serviceName: 'web' });
      cloud.emulator.invoke('CreateContainerServiceDeployment', { serviceName: 'web', containers: { app: { image: 'redis:7' } } });
      cloud.emulator.clock.advance(5 * MINUTE);
    });

    expect(status).toBe('FAILED');
    expect(reason).toMatch(/version 3/);
    expect(ms).toBeLessThanOrEqual(WITHIN);
  });

  test('a version that Lightsail no longer lists fails the deployment within two minutes', async () => {
    const { status, reason, ms } = await answerOf(() => {
      cloud.emulator.setServiceState('web', 'RUNNING');
      cloud.emulator.forgetVersion('web', 3);
    });

    expect(status).toBe('FAILED');
    expect(reason).toMatch(/version 3/);
    expect(ms).toBeLessThanOrEqual(WITHIN);
  });

  test('a service that is gone meanwhile fails the deployment within two minutes', async () => {
    const { status, ms } = await answerOf(() => cloud.emulator.deleteService('web'));

    expect(status).toBe('FAILED');
    expect(ms).toBeLessThanOrEqual(WITHIN);
  });

  test('an unknown end state fails the deployment within two minutes, and the reason names it', async () => {
    const suspended = (deployment?: { state: string; version: number }) => deployment && (deployment.version === 3 ? { ...deployment, state: 'SUSPENDED' } : deployment);
    const { status, reason, ms } = await answerOf(() => {
      cloud.emulator.setServiceState('web', 'RUNNING');
      const list = ({ deployments }: { deployments: never[] }) => ({ deployments: deployments.map(suspended) });
      cloud.emulator.faults.add({ operation: 'GetContainerServiceDeployments', fault: Fault.alteredAnswer(list) });
    });

    expect(status).toBe('FAILED');
    expect(reason).toContain('SUSPENDED');
    expect(ms).toBeLessThanOrEqual(WITHIN);
  });
});

test('a Region without Lightsail fails the deployment within a minute, and the reason says so', async () => {
  cloud.emulator.createService({ serviceName: 'web' });
  cloud.emulator.faults.add({ operation: '*', fault: Fault.unknownHost() });

  const { status, reason, events } = await cloud.deploy(imported('nginx:1.27'));

  expect(status).toBe('ROLLBACK_COMPLETE');
  expect(reason).toMatch(/ENOTFOUND/);
  expect(reason).toMatch(/Region/);
  expect(events[0].durationSeconds).toBeLessThanOrEqual(60);
});

test.each([
  ['every call', '*', 45],
  ['every call', '*', 85],
  ['the create call', 'CreateContainerServiceDeployment', 85],
  ['the reads', 'GetContainerServices', 85],
])('IAM that denies %s (%s) for %i seconds does not fail the deployment', async (_, operation, seconds) => {
  const endsAt = cloud.emulator.clock.now() + seconds * SECOND;
  cloud.emulator.faults.add({ operation, fault: Fault.accessDenied(), while: () => cloud.emulator.clock.now() < endsAt });

  expect(await cloud.deploy(webApp())).toMatchObject({ status: 'CREATE_COMPLETE' });
});

test('an image of the service in the stack that creates the service fails, and the reason says what to do first', async () => {
  const { status, reason } = await cloud.deploy(webApp(ContainerImage.fromContainerService('app'), { timeout: Duration.minutes(10) }));

  expect(status).toBe('ROLLBACK_COMPLETE');
  expect(reason).toContain('Next step: ":web.app.latest" is an image that is stored on the service. A stack that creates the service cannot deploy it. Create the service first');
});
