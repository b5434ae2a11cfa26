import { events, failed, NO_SECRETS, probe, said, START, tailOf } from './container-log/log-fixture';
import { diagnose } from '../../../../lambda/deployment/diagnosis/diagnosis';
import type { FailedDeployment } from '../../../../lambda/deployment/diagnosis/failed-deployment';

const HEALTH = 'EVALUATING_HEALTH_CHECK';

describe('the health check is answered', () => {
  test.each([
    [404, /^Set publicEndpoint\.healthCheck\.path to a path that returns 200-299, or add a handler for \/healthz\.$/],
    [405, /^Set publicEndpoint\.healthCheck\.path/],
    [401, /without credentials, or set publicEndpoint\.healthCheck\.path/],
    [403, /without credentials/],
    [301, /Lightsail terminates TLS\. Or add 301 to publicEndpoint\.healthCheck\.successCodes \(200-299\)\.$/],
    [302, /add 302 to/],
    [399, /add 399 to/],
    [408, /^Increase publicEndpoint\.healthCheck\.timeout/],
    [421, /^Accept any Host header/],
    [400, /^Accept any Host header/],
    [499, /^Increase publicEndpoint\.healthCheck\.timeout \(2 s\)/],
    [500, /^Fix the error on GET \/healthz/],
    [503, /^Fix the error on GET \/healthz/],
    [599, /^Fix the error on GET \/healthz/],
  ])('with %d', (status, nextStep) => {
    expect(said(['started', ...Array(10).fill(probe(status))])).toEqual({
      containerName: 'app', certainty: 'certain', cause: `answers the health check GET /healthz with ${status} (port 8080)`, nextStep: expect.stringMatching(nextStep),
    });
  });

  test.each([204, 299])('with %d, which is success elsewhere', (status) => {
    const publicEndpoint = { containerName: 'app', containerPort: 8080, healthCheck: { path: '/healthz', successCodes: '200' } };

    expect(said([probe(status)], { deployment: { publicEndpoint } })).toMatchObject({
      cause: `answers the health check GET /healthz with ${status} (port 8080)`, nextStep: `Add ${status} to publicEndpoint.healthCheck.successCodes (200).`,
    });
  });

  test('with 400, which the default success codes hold, and yet it failed', () => {
    expect(said([probe(400, '/')], { deployment: { publicEndpoint: { containerName: 'app', containerPort: 8080 } } })!.cause).toContain('GET / with 400');
  });

  test('with 404, which the default success codes hold, and yet it failed', () => {
    expect(said([probe(404, '/')], { deployment: { publicEndpoint: { containerName: 'app', containerPort: 8080 } } })).toMatchObject({
      cause: 'answers the health check GET / with 404 (port 8080)', nextStep: 'Set publicEndpoint.healthCheck.path to a path that returns 200, or add a handler for /.',
    });
  });

  test('with 500, and the log tells why', () => {
    expect(said(['Error: connect ECONNREFUSED 127.0.0.1:5432', probe(500)])).toMatchObject({
      cause: 'answers the health check GET /healthz with 500 (port 8080); its log shows that it cannot connect to 127.0.0.1:5432',
      nextStep: expect.stringContaining('Check the host and port'),
    });
  });

  test('with 500, and the log tells of the environment of the container', () => {
    expect(said(['DATABASE_URL is required', probe(500)])!.nextStep).toBe('Set DATABASE_URL in containers.app.environment.');
  });

  test('with 404, for which nothing else in the log is to blame', () => {
    expect(said(['Error: connect ECONNREFUSED 127.0.0.1:5432', probe(404)])!.cause).toBe('answers the health check GET /healthz with 404 (port 8080)');
  });

  test('and a line about it without a status changes nothing', () => {
    expect(said([probe(404), 'request from ELB-HealthChecker/2.0'])!.cause).toContain('with 404');
  });

  test("with 404, and the server's own error for it is not taken for the cause", () => {
    expect(said(['[error] 29#29: *1 open() "/usr/share/nginx/html/healthz" failed (2: No such file or directory)', probe(404)])!.cause).toContain('with 404');
  });

  test('the answer that comes most often counts, of the last ten', () => {
    expect(said([...Array(30).fill(probe(503)), ...Array(6).fill(probe(404)), ...Array(4).fill(probe(401))])!.cause).toContain('with 404');
  });

  test.each([[[401, 404, 404], 404], [[404, 404, 401], 404], [[404, 401], 401]])('of %j, %d counts: the most frequent, or the last of those', (statuses, status) => {
    expect(said(statuses.map((each) => probe(each)))!.cause).toContain(`with ${status}`);
  });

  test('with success in the end, but half of the answers fail', () => {
    expect(said([503, 200, 503, 200].map((each) => probe(each)))!.cause).toContain('with 503');
  });

  test('with success in the end, but too late or too seldom', () => {
    expect(said([probe(503), probe(503), probe(200), probe(200), probe(200)])).toEqual({
      containerName: 'app',
      certainty: 'possible',
      cause: 'answers the health check GET /healthz (port 8080), but not 2 times in a row before the health check gives up',
      nextStep: 'Increase publicEndpoint.healthCheck.unhealthyThreshold (2), interval (5 s) or timeout (2 s): it may start or answer too slowly.',
    });
  });

  test('with success until the time ran out: nothing is wrong with the container', () => {
    expect(said([probe(200)], { deployment: { end: 'timed out', stateDetail: HEALTH } })).toBeUndefined();
  });

  test.each([[2, 'with 404'], [0, 'did not pass']])('in a log that an older version shares, its own answers say nothing (%d failing)', (failing, cause) => {
    const lines = [...Array(failing).fill(probe(404)), ...Array(8).fill(probe(200)), ...Array(5).fill(probe(500, '/old'))];

    expect(said(lines, { shared: true, deployment: { stateDetail: HEALTH } })!.cause).toContain(cause);
  });
});

describe('the health check does not reach it', () => {
  test('it listens on another port', () => {
    expect(said(['Server listening on port 3000'])).toEqual({
      containerName: 'app',
      certainty: 'likely',
      cause: 'listens on port 3000 according to its log, but the health check uses port 8080',
      nextStep: 'Set publicEndpoint.containerPort to 3000 and open it in containers.app.ports, or make it listen on port 8080.',
    });
  });

  test.each([
    ['has no public endpoint', { publicEndpoint: undefined }],
    ['has one without a port', { publicEndpoint: { containerName: 'app' } }],
  ])('nobody asks for the health of a container where the deployment %s', (_, deployment) => {
    expect(said(['Server listening on port 3000', probe(404)], { deployment })).toBeUndefined();
  });

  test('it says that it listens on another port, but it answers', () => {
    expect(said([probe(200), 'Server listening on port 3000'])!.cause).toContain('answers the health check');
  });

  test.each(['127.0.0.1', 'localhost', '[::1]'])('it listens on %s', (host) => {
    expect(said([`Server running at http://${host}:8080/`])).toMatchObject({
      certainty: 'likely', cause: `listens only on ${host}:8080 according to its log, which the health check cannot reach (port 8080)`, nextStep: expect.stringContaining('0.0.0.0:8080'),
    });
  });

  test.each([
    ['it listens on the port', 'Server listening on port 8080'],
    ['it listens on all addresses as well', 'Local: http://localhost:8080 Network: http://10.0.0.5:8080'],
    ['it does not say where it listens', 'hello'],
  ])('%s: the log shows no health check', (_, line) => {
    expect(said([line])).toEqual({
      containerName: 'app',
      certainty: 'possible',
      cause: 'shows no health check GET /healthz in its log: probably nothing listens on port 8080, or only on 127.0.0.1',
      nextStep: 'Make it listen on 0.0.0.0:8080, or set publicEndpoint.containerPort to its port. '
        + 'If it does not log requests, check that it answers GET /healthz with 200-299.',
    });
  });

  test('a warning before it listened is not taken for the cause', () => {
    expect(said(['Error: connect ECONNREFUSED 127.0.0.1:6379', 'listening on port 3000'])!.cause).toContain('listens on port 3000');
    expect(said(['listening on port 3000', 'Error: connect ECONNREFUSED 127.0.0.1:6379'])!.cause).toContain('127.0.0.1:6379');
  });

  test('a warning before it answered with success is not taken for the cause', () => {
    expect(said(['Error: connect ECONNREFUSED 127.0.0.1:6379', probe(200)])!.cause).toContain('not 2 times in a row');
    expect(said([probe(200)], { starts: 2 })!.cause).toContain('not 2 times in a row');
    expect(said([probe(200), 'Error: connect ECONNREFUSED 127.0.0.1:6379'])!.cause).toContain('127.0.0.1:6379');
  });

  test('an error is taken for the cause though a health check came after it, where nobody knows its answer or whose answer it is', () => {
    expect(said(['Error: connect ECONNREFUSED 127.0.0.1:6379', 'request from ELB-HealthChecker/2.0'])!.cause).toContain('127.0.0.1:6379');
    expect(said(['Error: connect ECONNREFUSED 127.0.0.1:6379', probe(200)], { shared: true })!.cause).toContain('127.0.0.1:6379');
  });

  describe('it takes long to start', () => {
    const CREATING = '[deployment:1] Creating your deployment';
    const STARTED = '[deployment:1] Started 1 new node';

    /** What is said of a log whose lines were written so many seconds after the start. */
    function saidOf(lines: readonly (readonly [number, string])[], deployment: Partial<FailedDeployment> = {}) {
      const log = [[-1, CREATING] as const, ...lines, [60, '[deployment:1] Took too long'] as const];
      return diagnose(failed(deployment), [tailOf('app', log.flatMap(([second, line]) => events([line], START + second * 1000)))], NO_SECRETS)[0];
    }

    test.each([9, 11, 12])('%d seconds are not too long', (seconds) => {
      expect(saidOf([[0, STARTED], [seconds, 'listening on port 8080']])!.cause).not.toContain('to start');
    });

    test('13 seconds are', () => {
      expect(saidOf([[0, STARTED], [13, 'listening on port 8080']])).toEqual({
        containerName: 'app',
        certainty: 'likely',
        cause: 'takes 13 s to start, but the health check gives up after 2 checks, one every 5 s',
        nextStep: 'Increase publicEndpoint.healthCheck.unhealthyThreshold (2) or interval (5 s) to give it time to start.',
      });
    });

    test.each([
      ['on another port before', [[0, STARTED], [1, 'listening on port 9000'], [13, 'listening on port 8080']]],
      ['on the loopback address before', [[0, STARTED], [1, 'listening on 127.0.0.1:8080'], [13, 'listening on 0.0.0.0:8080']]],
      ['once more after it was started again', [[0, STARTED], [13, 'listening on port 8080'], [20, STARTED], [21, 'listening on port 8080']]],
      ['after it was started the second time', [[-1, STARTED], [0, STARTED], [13, 'listening on port 8080']]],
    ] as const)('it listens %s: the time until it can be reached counts', (_, lines) => {
      expect(saidOf(lines)!.cause).toMatch(/^takes 13 s to start/);
    });

    test.each([
      ['it was started in the same second', [[-1, STARTED], [13, STARTED], [13, 'listening on port 8080']], {}],
      ['its start is not in the log', [[13, 'listening on port 8080']], {}],
      ['the deployment did not fail, but ran out of time', [[0, STARTED], [13, 'listening on port 8080']], { end: 'timed out', stateDetail: HEALTH }],
    ] as const)('is not said where %s', (_, lines, deployment) => {
      expect(saidOf(lines, deployment)!.cause).not.toContain('to start');
    });
  });

  test('of a deployment that ran out of time, it is said only where Lightsail was at the health check', () => {
    expect(said(['hello'], { deployment: { end: 'timed out', stateDetail: 'CREATING_DEPLOYMENT' } })).toBeUndefined();
    expect(said(['hello'], { deployment: { end: 'timed out', stateDetail: HEALTH } })!.cause).toContain('shows no health check');
  });

  test('in a log that an older version shares, nobody can tell', () => {
    expect(said(['old: hello'], { shared: true, deployment: { stateDetail: HEALTH } })).toMatchObject({
      cause: 'did not pass the health check GET /healthz (port 8080)',
      nextStep: 'Check that it listens on 0.0.0.0:8080 and answers GET /healthz with 200-299 within 2 s.',
    });
  });

  test('the log cannot be read, but Lightsail was at the health check', () => {
    const [diagnosis] = diagnose(failed({ stateDetail: HEALTH }), [tailOf('app', [], { readError: 'GetContainerLog failed: x' })], NO_SECRETS);

    expect(diagnosis).toMatchObject({ certainty: 'possible', cause: 'did not pass the health check GET /healthz (port 8080)' });
  });

  test('it wrote nothing, and Lightsail was at the health check', () => {
    expect(said([], { deployment: { stateDetail: HEALTH } })).toMatchObject({
      cause: 'logged nothing and did not pass the health check GET /healthz (port 8080)', nextStep: expect.stringContaining('"shop:1" can be pulled'),
    });
  });
});
