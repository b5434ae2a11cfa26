import type { ContainerServiceDeployment } from '@aws-sdk/client-lightsail';
import { attempts, events, sourceOf, START } from './container-log/log-fixture';
import { explain, PROBE, request, RUNNING, SERVING } from './explain-fixture';
import type { ContainerLogSource } from '../../../../lambda/deployment/diagnosis/container-log/container-log-tail';
import type { FailureToExplain } from '../../../../lambda/deployment/diagnosis/explain-failure';

const MINUTE = 60_000;

describe('ends', () => {
  test('by time-out', async () => {
    const { lines } = await explain(sourceOf({ nginx: events(['[deployment:8] Creating your deployment', '[deployment:8] Started 1 new node', PROBE]) }), {
      end: 'timed out', lastError: 'GetContainerServices failed: ThrottlingException: Rate\n  exceeded',
    });

    expect(lines[0]).toBe('Deployment version 8 of container service "web" did not become ACTIVE within 1200 seconds: container "nginx" answers the health check '
      + 'GET /healthz with 404 (port 80). Version 7 is still serving.');
    expect(lines[1]).toMatch(/ If startup is just slow, increase `timeout` \(1200 s\)\.$/);
    expect(lines).toContain('Last error: GetContainerServices failed: ThrottlingException: Rate exceeded');
  });

  test('by time-out, and the log shows nothing', async () => {
    const { lines } = await explain(sourceOf({}), { end: 'timed out', stateDetail: 'CREATING_DEPLOYMENT' });

    expect(lines[0]).toContain('did not become ACTIVE within 1200 seconds (service state RUNNING, last state detail CREATING_DEPLOYMENT). Version 7');
    expect(lines[1]).toBe('Next step: check the container logs. If startup is just slow, increase `timeout` (1200 s).');
  });

  test('by time-out, and nothing is known of the service', async () => {
    const { lines } = await explain(sourceOf({}), { end: 'timed out', service: undefined, stateDetail: undefined });

    expect(lines[0]).toBe('Deployment version 8 of container service "web" did not become ACTIVE within 1200 seconds.');
  });

  test('by time-out though it is ACTIVE: then nothing else goes on serving', async () => {
    const { lines } = await explain(sourceOf({}), { end: 'timed out', service: { ...RUNNING, currentDeployment: { ...SERVING, version: 8 } } });

    expect(lines[0]).toMatch(/ No deployment is active\.$/);
  });

  test.each([
    [undefined, 'what keeps the service busy'], ['GetContainerServices failed: no', 'why the call fails'],
  ])('by time-out before a version was made, the last trouble being %p: what to do', async (lastError, what) => {
    const { lines } = await explain(sourceOf({}), { end: 'timed out', lastError, version: undefined, deployment: undefined });

    expect(lines[1]).toBe(`Next step: find out ${what}, or increase \`timeout\` (1200 s).`);
  });

  test.each([
    [undefined, '.'], ['x failed: no', ': x failed: no.'], ['x failed: Sorry. No', ': x failed: Sorry. No.'], ['x failed: no!', ': x failed: no!'],
  ])('before a version was made, in one sentence: %p', async (lastError, ending) => {
    const { lines } = await explain(sourceOf({}), { end: 'not created', lastError, version: undefined, deployment: undefined });

    expect(lines[0]).toBe(`Nothing was deployed to container service "web"${ending} Version 7 is still serving.`);
  });

  test.each([
    ['by time-out before a version was made', 'timed out', undefined,
      'Nothing was deployed to container service "web": it was not ready for a deployment within 1200 seconds (service state UPDATING).'],
    ['before a version was made, for a reason that is known', 'not created', 'CreateContainerServiceDeployment failed: InvalidInputException: no',
      'Nothing was deployed to container service "web": CreateContainerServiceDeployment failed: InvalidInputException: no.'],
  ] as const)('%s: no log is read', async (_, end, lastError, first) => {
    const logs = { getContainerLog: jest.fn() };

    const { lines } = await explain(logs, { end, lastError, version: undefined, deployment: undefined, service: { ...RUNNING, state: 'UPDATING' }, stateDetail: undefined });

    expect(lines[0]).toBe(`${first} Version 7 is still serving.`);
    expect(logs.getContainerLog).not.toHaveBeenCalled();
    expect(lines.join()).not.toContain('get-container-log');
  });
});

describe('which log is read', () => {
  const sinceOf = async (given: Partial<FailureToExplain>) => {
    const getContainerLog = jest.fn<ReturnType<ContainerLogSource['getContainerLog']>, Parameters<ContainerLogSource['getContainerLog']>>()
      .mockResolvedValue({ events: events(attempts(1, [], 8)) });
    await explain({ getContainerLog }, given);
    return getContainerLog.mock.calls.map(([service, container, since]) => `${service} ${container} ${since.toISOString()}`);
  };

  test.each([
    ['since the deployment was made', {}, 'web nginx 2025-01-01T00:00:00.000Z'],
    ['since the next deployment of the service was made, if it is that', {
      deployment: undefined, service: { ...RUNNING, nextDeployment: { version: 8, createdAt: new Date(START + MINUTE), containers: { nginx: {} } } },
    }, 'web nginx 2025-01-01T00:01:00.000Z'],
    ['since the current deployment of the service was made, if it is that and another one follows', {
      deployment: undefined,
      service: {
        ...RUNNING,
        currentDeployment: { version: 8, createdAt: new Date(START + MINUTE), containers: { nginx: {} } },
        nextDeployment: { version: 9, createdAt: new Date(START + 2 * MINUTE), containers: { other: {} } },
      },
    }, 'web nginx 2025-01-01T00:01:00.000Z'],
    ['for as long as the deployment may take, if nobody knows when it was made', { deployment: undefined }, 'web nginx 2024-12-31T23:50:00.000Z'],
  ])('%s', async (_, given, expected) => {
    expect(await sinceOf(given)).toEqual([expected]);
  });

  test.each(['FAILED', 'timed out'] as const)('once, where it %s and the log has a line', async (end) => {
    const getContainerLog = jest.fn(async () => ({ events: events(['boom']) }));
    await explain({ getContainerLog }, { end });

    expect(getContainerLog).toHaveBeenCalledTimes(1);
  });

  test('and that only Lightsail wrote to it', async () => {
    const service = { ...RUNNING, currentDeployment: { ...SERVING, containers: { nginx: {} } } };

    expect((await explain(sourceOf({ nginx: events(attempts(1, [], 8)) }), { service })).reason).not.toContain('writes to the same log');
  });

  test('and that an older version writes to it as well', async () => {
    const service = { ...RUNNING, currentDeployment: { ...SERVING, containers: { nginx: {} } } };

    const { lines } = await explain(sourceOf({ nginx: events(['old', ...attempts(1, [PROBE], 8), 'old']) }), { service });

    expect(lines).toContain('Version 7 writes to the same log: the lines below may be from either version.');
    expect(lines.filter((line) => line.startsWith('|'))).toEqual([`| ${PROBE}`]);
  });
});

describe('secrets', () => {
  const SECRET = 'correct-horse-battery';
  const secretive = request({
    containers: { app: { image: 'shop:1', environment: { DB_PASSWORD: SECRET, DATABASE_URL: 'postgres://shop:staple%2Fstaple@db/shop' } } },
    publicEndpoint: { containerName: 'app', containerPort: 80, healthCheck: { path: `/health/${SECRET}`, successCodes: '200' } },
  });
  const lines = [`login with ${SECRET}`, 'at staple/staple', 'resolved-value', `${'x'.repeat(230)}${SECRET}`, `GET /health/${SECRET} 404 1 ms`, `Error: ${SECRET}`];

  test('reach neither the reason nor the log, wherever they come from', async () => {
    const environment = { ...secretive.desired.containers.app!.environment, A: 'resolved-value', B: '{"password":"inner-value"}' };
    const { reason, logged } = await explain(sourceOf({ app: events(attempts(3, lines, 8)) }), {
      request: { ...secretive, secrets: { app: { A: { parameterName: 'a' }, B: { parameterName: 'b' } } } },
      deployment: { ...secretive.desired, version: 8, createdAt: new Date(START), containers: { app: { environment } } },
      lastError: `x: ${SECRET} inner-value`,
      end: 'timed out',
    });

    for (const text of [reason, JSON.stringify(logged)]) {
      expect(text).toContain('login with ***');
      expect(text).not.toMatch(/correct|battery|staple|resolved|inner/);
    }
    expect(reason).toContain('GET /health/*** with 404');
    expect(reason).toContain('Last error: x: *** ***');
  });

  test('that only the request holds are masked too', async () => {
    const deployment: ContainerServiceDeployment = { version: 8, createdAt: new Date(START), containers: { app: { image: 'shop:1' } } };

    expect((await explain(sourceOf({ app: events(attempts(3, lines, 8)) }), { request: secretive, deployment })).reason).not.toMatch(/correct|staple\/staple/);
  });

  test('that only the deployment on the service holds are masked too', async () => {
    const containers = { nginx: { environment: { API_TOKEN: SECRET } } };
    const deployment: ContainerServiceDeployment = { version: 8, createdAt: new Date(START), containers };

    expect((await explain(sourceOf({ nginx: events(attempts(3, lines, 8)) }), { deployment })).reason).not.toContain(SECRET);
  });
});

test('logs no entry where no line was read', async () => {
  expect((await explain(sourceOf({}))).logged).toEqual([]);
});

test('knows what Lightsail fills in where the health check is left to it', async () => {
  const plain = request({ containers: { nginx: { image: 'nginx:1.27' } }, publicEndpoint: { containerName: 'nginx', containerPort: 80 } });

  expect((await explain(sourceOf({ nginx: events(attempts(1, ['GET / 500 1 ms'], 8)) }), { request: plain })).lines[0]).toContain('GET / with 500');
});

test('logs every line that was read, and no entry is long', async () => {
  const long = Array.from({ length: 150 }, (_, index) => `${index} ${'x'.repeat(5000)}`);

  const { logged } = await explain(sourceOf({ nginx: events(attempts(1, long, 8)) }));

  for (const entry of logged) expect(entry).toMatchObject({ message: 'container log', serviceName: 'web', version: 8, containerName: 'nginx' });
  expect(logged.flatMap(({ containerLog }) => containerLog)).toHaveLength(154);
  expect(Math.max(...logged.map((entry) => JSON.stringify(entry).length))).toBeLessThan(250_000);
});
