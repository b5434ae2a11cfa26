import { CreateContainerServiceDeploymentCommand, GetContainerServicesCommand, LightsailClient } from '@aws-sdk/client-lightsail';
import { Fault, LightsailEmulator, RealClock, ThrottlePattern } from '..';
import { errorOf, useFixture, webDeployment } from '../fixture';

const fixture = useFixture({ services: ['web'] });

const outcomes = () => fixture.emulator.requests.map(({ outcome }) => outcome);

test('a throttled call answers as documented, without Retry-After', async () => {
  fixture.emulator.faults.add({ operation: 'GetContainerServices', fault: Fault.throttled(), times: 1 });
  const error = await errorOf(fixture.service());
  expect(error).toMatchObject({ name: 'ThrottlingException', message: 'Rate exceeded', $metadata: { httpStatusCode: 400 } });
  expect(Object.keys(error.$response!.headers)).not.toContain('retry-after');
  expect(await fixture.service()).toMatchObject({ state: 'READY' });
  expect(outcomes()).toEqual([{ status: 400, errorName: 'ThrottlingException', fault: 'throttled' }, { status: 200 }]);
});

test("the SDK's own retries pass a short fault", async () => {
  fixture.emulator.faults.add({ operation: '*', fault: Fault.serverError(), times: 2 });
  const patient = fixture.newClient(3);
  const { containerServices } = await patient.send(new GetContainerServicesCommand({}));
  expect(containerServices).toHaveLength(1);
  expect(outcomes().map((outcome) => outcome?.status)).toEqual([500, 500, 200]);
  patient.destroy();
});

test('a call without permission answers AccessDenied', async () => {
  fixture.emulator.faults.add({ operation: 'CreateContainerServiceDeployment', fault: Fault.accessDenied() });
  for (const _ of [1, 2]) {
    expect(await errorOf(fixture.deploy())).toMatchObject({ name: 'AccessDeniedException', $metadata: { httpStatusCode: 403 } });
  }
  expect(await fixture.service()).toMatchObject({ state: 'READY' });
});

test('a fault can be any exception', async () => {
  fixture.emulator.faults.add({ operation: '*', fault: Fault.error('RegionSetupInProgressException', 400, 'Not yet.') });
  expect(await errorOf(fixture.service())).toMatchObject({ name: 'RegionSetupInProgressException', message: 'Not yet.' });
});

describe.each([
  ['a reset connection', Fault.connectionReset, 'connection-reset'],
  ['a server error', Fault.serverError, 'server-error'],
] as const)('%s', (_, make, fault) => {
  test('the fault comes before the effect', async () => {
    fixture.emulator.faults.add({ operation: '*', fault: make({ when: 'before' }), times: 1 });
    await errorOf(fixture.deploy());
    expect(fixture.emulator.deployments('web')).toEqual([]);
    expect(outcomes()).toMatchObject([{ fault }]);
  });

  test('the fault comes after the effect', async () => {
    fixture.emulator.faults.add({ operation: '*', fault: make({ when: 'after' }), times: 1 });
    await errorOf(fixture.deploy());
    expect(fixture.emulator.deployments('web')).toMatchObject([{ version: 1, state: 'ACTIVATING' }]);
    expect(outcomes()).toMatchObject([{ fault }]);
  });
});

test('a retry after a lost answer gets "deployment in progress"', async () => {
  fixture.emulator.faults.add({ operation: '*', fault: Fault.connectionReset({ when: 'after' }), times: 1 });
  await errorOf(fixture.deploy());
  expect(await errorOf(fixture.deploy())).toMatchObject({ message: expect.stringContaining('deployment 1 is in progress') });
});

test('a reset connection looks like one to the client', async () => {
  fixture.emulator.faults.add({ operation: '*', fault: Fault.connectionReset() });
  expect(await errorOf(fixture.service())).toMatchObject({ message: expect.stringContaining('ECONNRESET') });
});

test('a malformed answer is not JSON', async () => {
  fixture.emulator.faults.add({ operation: '*', fault: Fault.malformedAnswer(), times: 1 });
  expect((await errorOf(fixture.deploy())).name).toBe('SyntaxError');
  expect(fixture.emulator.deployments('web')).toHaveLength(1);
});

test('an answer can have another content', async () => {
  fixture.emulator.faults.add({ operation: '*', fault: Fault.otherAnswer({}), times: 1 });
  expect(await fixture.deploy()).toBeUndefined();
  expect(fixture.emulator.deployments('web')).toHaveLength(1);
});

test('a slow answer moves a stepped clock', async () => {
  const before = fixture.emulator.clock.now();
  fixture.emulator.faults.add({ operation: '*', fault: Fault.slow(20_000), times: 1 });
  expect(await fixture.service()).toMatchObject({ state: 'READY' });
  expect(fixture.emulator.clock.now()).toBe(before + 20_000);
});

test('a slow answer takes time only from the caller that waits for it', async () => {
  const { clock, faults } = fixture.emulator;
  const begunAt = clock.now();
  faults.add({ operation: '*', fault: Fault.slow(20_000), times: 1 });
  const times = await clock.concurrently([
    async () => {
      await fixture.service();
      return clock.now() - begunAt;
    },
    async () => {
      await clock.sleep(5_000);
      return clock.now() - begunAt;
    },
  ]);
  expect(times).toEqual([20_000, 5_000]);
});

test('a client gives up where no answer comes', async () => {
  fixture.emulator.faults.add({ operation: '*', fault: Fault.noAnswer({ when: 'after' }), times: 1 });
  const hasty = new LightsailClient({
    endpoint: fixture.emulator.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    maxAttempts: 1,
    requestHandler: { requestTimeout: 100, throwOnRequestTimeout: true },
  });
  expect((await errorOf(hasty.send(new GetContainerServicesCommand({})))).name).toBe('TimeoutError');
  expect(outcomes()).toEqual([{ fault: 'no-answer' }]);
  hasty.destroy();
});

test('stopping does not wait for a slow answer', async () => {
  const emulator = await LightsailEmulator.start({ clock: new RealClock() });
  emulator.faults.add({ operation: '*', fault: Fault.slow(60_000) });
  const client = new LightsailClient({ endpoint: emulator.url, region: 'us-east-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' }, maxAttempts: 1 });
  const call = errorOf(client.send(new GetContainerServicesCommand({})));
  while (emulator.requests.length === 0) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await emulator.stop();
  expect(await call).toMatchObject({ message: expect.stringContaining('socket hang up') });
  client.destroy();
});

describe('which request a fault hits', () => {
  test('a fault skips calls and repeats as configured', async () => {
    fixture.emulator.faults.add({ operation: 'GetContainerServices', fault: Fault.serverError(), skip: 1, times: 2 });
    const seen: string[] = [];
    for (let request = 0; request < 5; request++) {
      seen.push(await fixture.service().then(() => 'ok', (error: Error) => error.name));
    }
    expect(seen).toEqual(['ok', 'ServiceException', 'ServiceException', 'ok', 'ok']);
  });

  test('a fault hits only its operation', async () => {
    fixture.emulator.faults.add({ operation: 'GetContainerLog', fault: Fault.serverError() });
    expect(await fixture.service()).toMatchObject({ state: 'READY' });
    await expect(fixture.log()).rejects.toMatchObject({ name: 'ServiceException' });
  });

  test('faults take turns in their order', async () => {
    fixture.emulator.faults.add({ operation: '*', fault: Fault.throttled(), times: 1 });
    fixture.emulator.faults.add({ operation: '*', fault: Fault.serverError(), times: 1 });
    expect((await errorOf(fixture.service())).name).toBe('ThrottlingException');
    expect((await errorOf(fixture.service())).name).toBe('ServiceException');
    await fixture.service();
  });

  test('a fault that is removed hits no call', async () => {
    const rule = fixture.emulator.faults.add({ operation: '*', fault: Fault.throttled() });
    rule.remove();
    await fixture.service();
    fixture.emulator.faults.add({ operation: '*', fault: Fault.throttled() });
    fixture.emulator.faults.clear();
    await fixture.service();
  });
});

describe('a limited rate', () => {
  test("the bucket is emptied by calls and filled by the emulator's clock", async () => {
    fixture.emulator.throttle({ requestsPerSecond: 2 });
    const ask = async () => fixture.service().then(() => 'ok', (error: Error) => error.name);
    expect([await ask(), await ask(), await ask()]).toEqual(['ok', 'ok', 'ThrottlingException']);
    fixture.advance(500);
    expect([await ask(), await ask()]).toEqual(['ok', 'ThrottlingException']);
    fixture.advance(60_000);
    expect([await ask(), await ask(), await ask()]).toEqual(['ok', 'ok', 'ThrottlingException']);
    fixture.emulator.throttle(undefined);
    expect([await ask(), await ask(), await ask()]).toEqual(['ok', 'ok', 'ok']);
  });

  test('a rate below one a second still admits one call', async () => {
    fixture.emulator.throttle({ requestsPerSecond: 0.1 });
    await fixture.service();
    expect((await errorOf(fixture.service())).name).toBe('ThrottlingException');
    fixture.advance(10_000);
    await fixture.service();
  });

  test('a rate can allow bursts', async () => {
    fixture.emulator.throttle({ requestsPerSecond: 1, burst: 3 });
    await Promise.all([fixture.service(), fixture.service(), fixture.service()]);
    await errorOf(fixture.service());
  });
});

describe('the record of requests', () => {
  test('a record has the caller, the input, the time and the outcome', async () => {
    await fixture.deploy();
    await errorOf(fixture.service('nobody'));
    const [deployed, failed] = fixture.emulator.requests;
    expect(deployed).toEqual({
      operation: 'CreateContainerServiceDeployment',
      input: webDeployment(),
      userAgent: expect.stringContaining('aws-sdk-js/3'),
      functionTag: undefined,
      accessKeyId: 'AKIDEXAMPLE',
      region: 'us-east-1',
      requestId: expect.any(String),
      at: fixture.emulator.clock.now(),
      outcome: { status: 200 },
    });
    expect(failed).toMatchObject({ operation: 'GetContainerServices', outcome: { status: 404, errorName: 'NotFoundException' } });
  });

  test("a record has the application id of the client's user agent", async () => {
    const tagged = new LightsailClient({
      endpoint: fixture.emulator.url,
      region: 'eu-west-1',
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
      userAgentAppId: 'on-event',
    });
    await tagged.send(new GetContainerServicesCommand({}));
    expect(fixture.emulator.requests).toMatchObject([{ functionTag: 'on-event', region: 'eu-west-1' }]);
    tagged.destroy();
  });
});

describe('a body that never ends', () => {
  const newClient = () => new LightsailClient({
    endpoint: fixture.emulator.url, region: 'us-east-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' }, maxAttempts: 1, requestHandler: { requestTimeout: 100, throwOnRequestTimeout: true },
  });

  test.each([
    ['stalls', Fault.stalledBody()],
    ['drips', Fault.drippingBody(20)],
  ])('a body that %s is not ended by the request timeout of the SDK, only by an abort signal', async (_, fault) => {
    fixture.emulator.faults.add({ operation: 'GetContainerServices', fault });
    const client = newClient();
    const startedAt = Date.now();

    const error = await errorOf(client.send(new GetContainerServicesCommand({ serviceName: 'web' }), { abortSignal: AbortSignal.timeout(500) }));

    client.destroy();
    expect(error).toBeInstanceOf(Error);
    expect(Date.now() - startedAt).toBeGreaterThanOrEqual(450);
  });

  test('a write whose answer stalls has taken effect', async () => {
    fixture.emulator.faults.add({ operation: 'CreateContainerServiceDeployment', fault: Fault.stalledBody() });
    const client = newClient();

    await errorOf(client.send(new CreateContainerServiceDeploymentCommand(webDeployment()), { abortSignal: AbortSignal.timeout(300) }));

    client.destroy();
    expect(fixture.emulator.service('web')).toMatchObject({ state: 'DEPLOYING' });
  });
});

test('an unknown host is a reset connection over a socket, and has no effect', async () => {
  fixture.emulator.faults.add({ operation: 'CreateContainerServiceDeployment', fault: Fault.unknownHost() });

  await errorOf(fixture.deploy());

  expect(fixture.emulator.service('web')).toMatchObject({ state: 'READY' });
});

test('an altered answer changes what the client reads, and not the service', async () => {
  const fault = Fault.alteredAnswer(({ containerServices: [service] }) => ({ containerServices: [{ ...service, state: 'PAUSED' }] }));
  fixture.emulator.faults.add({ operation: 'GetContainerServices', fault, times: 1 });

  expect(await fixture.service()).toMatchObject({ containerServiceName: 'web', state: 'PAUSED' });
  expect(await fixture.service()).toMatchObject({ state: 'READY' });
});

test('a fault can end after a time', async () => {
  const endsAt = fixture.emulator.clock.now() + 90_000;
  fixture.emulator.faults.add({ operation: '*', fault: Fault.accessDenied(), while: () => fixture.emulator.clock.now() < endsAt });
  fixture.advance(89_999);
  await expect(fixture.service()).rejects.toThrow('not authorized');
  fixture.advance(1);
  expect(await fixture.service()).toMatchObject({ state: 'READY' });
});

describe('patterns of throttling', () => {
  const throttled = async (count: number) => {
    const names: string[] = [];
    for (let call = 0; call < count; call++) names.push(await fixture.service().then(() => 'ok', (error: Error) => error.name));
    return names.filter((name) => name === 'ThrottlingException').length;
  };

  test('every second request is throttled', async () => {
    fixture.emulator.faults.throttle(ThrottlePattern.everyNth(2));
    expect(await throttled(10)).toBe(5);
  });

  test('a share of the requests is throttled at random, the same in each run', async () => {
    const counts: number[] = [];
    for (let run = 0; run < 2; run++) {
      fixture.emulator.faults.throttle(ThrottlePattern.share(0.5, { seed: 7 }));
      counts.push(await throttled(60));
    }
    expect(counts[0]).toBe(counts[1]);
    expect(counts[0]).toBeGreaterThan(20);
    expect(counts[0]).toBeLessThan(40);
  });

  test('a share is throttled for two minutes, and nothing after that', async () => {
    const endsAt = fixture.emulator.clock.now() + 120_000;
    fixture.emulator.faults.throttle(ThrottlePattern.share(0.9, { during: () => fixture.emulator.clock.now() < endsAt }));
    expect(await throttled(20)).toBeGreaterThan(12);
    fixture.advance(120_000);
    expect(await throttled(20)).toBe(0);
  });
});
