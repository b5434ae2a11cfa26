import { attempts, events, sourceOf } from './container-log/log-fixture';
import { expectFullReason, explain, NAMES, PROBE, request, RUNNING, TEN } from './explain-fixture';
import type { ContainerLogSource } from '../../../../lambda/deployment/diagnosis/container-log/container-log-tail';

test('says in one line what failed, why, and what serves; then what to do, where it stood, and the last lines', async () => {
  const { reason } = await explain(sourceOf({ nginx: events(attempts(1, ['start worker process 29', PROBE, PROBE], 8)) }));

  expect(reason).toBe([
    'Deployment version 8 of container service "web" FAILED: container "nginx" answers the health check GET /healthz with 404 (port 80). Version 7 is still serving.',
    'Next step: set publicEndpoint.healthCheck.path to a path that returns 200-299, or add a handler for /healthz.',
    'Service state RUNNING, last state detail EVALUATING_HEALTH_CHECK.',
    'Full log: aws lightsail get-container-log --service-name web --container-name nginx',
    'Last lines of container "nginx":',
    '| start worker process 29',
    `| ${PROBE} (2 times)`,
  ].join('\n'));
});

test.each([
  ['an older version', RUNNING, ' Version 7 is still serving.'],
  ['nothing', { ...RUNNING, state: 'READY', currentDeployment: undefined }, ' No deployment is active.'],
  ['nothing, for it is the version itself that is not active', { ...RUNNING, currentDeployment: { version: 8, state: 'FAILED' } }, ' No deployment is active.'],
  ['nobody knows what', undefined, ''],
] as const)('says that %s serves', async (_, service, serving) => {
  const { lines } = await explain(sourceOf({ nginx: events(attempts(1, [PROBE], 8)) }), { service });

  expect(lines[0]).toMatch(new RegExp(`\\(port 80\\)\\.${serving}$`));
});

describe('what is not known', () => {
  test('is said as such, and the log is quoted as it is', async () => {
    const quiet = request({ containers: { job: { image: 'job:1' } } });

    const { lines } = await explain(sourceOf({ job: events(attempts(1, ['All is well.'], 8)) }), { request: quiet, stateDetail: 'CREATING_DEPLOYMENT' });

    expect(lines).toEqual([
      'Deployment version 8 of container service "web" FAILED (service state RUNNING, last state detail CREATING_DEPLOYMENT), '
        + 'and the container logs show no known cause. Version 7 is still serving.',
      'Next step: check the container logs.',
      'Service state RUNNING, last state detail CREATING_DEPLOYMENT.',
      'Full log: aws lightsail get-container-log --service-name web --container-name job',
      'Last lines of container "job":',
      '| All is well.',
    ]);
  });

  test('because the logs cannot be read is a remark: the failure itself stands', async () => {
    const broken: ContainerLogSource = { getContainerLog: () => Promise.reject(new Error('GetContainerLog failed: AccessDeniedException: no\nway')) };

    const { lines, logged } = await explain(broken, { request: request({ containers: { a: { image: 'a' }, b: { image: 'b' } } }) });

    expect(lines).toEqual([
      'Deployment version 8 of container service "web" FAILED (service state RUNNING, last state detail EVALUATING_HEALTH_CHECK). Version 7 is still serving.',
      'Next step: check the container logs.',
      'Service state RUNNING, last state detail EVALUATING_HEALTH_CHECK.',
      'Log of containers "a", "b" could not be read: GetContainerLog failed: AccessDeniedException: no way.',
      'Full log: aws lightsail get-container-log --service-name web --container-name <container>',
    ]);
    expect(logged).toContainEqual({
      message: 'container log is incomplete',
      requestId: 'r-1',
      serviceName: 'web',
      version: 8,
      containerName: 'b',
      error: 'GetContainerLog failed: AccessDeniedException: no way',
    });
  });

  test('because a log breaks off is a remark beside what was read', async () => {
    const broken: ContainerLogSource = {
      getContainerLog: async (_service, _name, _since, pageToken) => {
        if (pageToken !== undefined) throw new Error('boom');
        return { events: events(['hello']), nextPageToken: '1' };
      },
    };

    const { lines } = await explain(broken, { end: 'timed out', stateDetail: 'CREATING_DEPLOYMENT' });

    expect(lines[0]).not.toContain('the container logs show');
    expect(lines).toContain('Log of container "nginx" is incomplete: GetContainerLog failed: boom.');
    expect(lines).toContain('| hello');
  });

  test('though one of the containers wrote something', async () => {
    const { lines } = await explain(sourceOf({ a: events(['hello']) }), {
      request: request({ containers: { a: { image: 'a' }, b: { image: 'b' } } }), end: 'timed out', stateDetail: 'CREATING_DEPLOYMENT',
    });

    expect(lines[0]).toContain(', and the container logs show no known cause.');
  });

  test('of one container does not hide what another wrote', async () => {
    const { app, side } = { app: { image: 'a' }, side: { image: 'b' } };
    const readable = sourceOf({ app: events(attempts(3, ['exit status 3'], 8)) });
    const half: ContainerLogSource = {
      getContainerLog: (service, name, since) => (name === 'side' ? Promise.reject(new Error('boom')) : readable.getContainerLog(service, name, since)),
    };

    const { lines } = await explain(half, { request: request({ containers: { app, side } }) });

    expect(lines[0]).toContain('FAILED: container "app" exits with status 3.');
    expect(lines).toContain('Log of container "side" could not be read: GetContainerLog failed: boom.');
  });
});

describe('room', () => {
  test.each([
    ['few words', (index: number) => `${index} ok`],
    ['300 bytes of emoji', (index: number) => `${index} ${'👩‍👩‍👧'.repeat(15)}`],
    ['300 bytes of quotes and backslashes', (index: number) => `${index} ${'"\\'.repeat(150)}`],
  ])('holds ten containers with lines of %s: what matters stands, and each has its share', expectFullReason);

  test.each(['word ', '漢', '"'])('is shared where every log ends with a long line of %j', async (part) => {
    const logs = Object.fromEntries(NAMES.map((name) => [name, events(attempts(3, [`Error: ${name} ${part.repeat(5000)}`], 8))]));

    const { lines } = await explain(sourceOf(logs), { request: TEN });

    expect(lines.filter((line) => line.startsWith('Last lines of'))).toHaveLength(10);
    expect(lines.filter((line) => /^\| Error: /.test(line))).toHaveLength(10);
  });

  test('that short logs leave goes to the others, the newest lines first', async () => {
    const two = request({ containers: { short: { image: 'a' }, long: { image: 'b' } } });
    const long = Array.from({ length: 120 }, (_, index) => `line ${index} of the long log`);

    const { reason, lines } = await explain(sourceOf({
      short: events(attempts(1, ['exit status 1'], 8)), long: events(attempts(1, [...long, 'exit status 2'], 8)),
    }), { request: two });

    const shown = lines.filter((line) => line.startsWith('| line'));
    expect(shown.length).toBeGreaterThan(35);
    expect(shown).toEqual(long.slice(-shown.length).map((line) => `| ${line}`));
    expect(lines).toContain('| exit status 1');
    expect(reason.length).toBeGreaterThan(1950);
  });

  test('is filled with a part of the oldest line that is shown, and with nothing that is older', async () => {
    const long = Array.from({ length: 20 }, (_, index) => `line ${index} ${'x'.repeat(150)}`);

    const { lines } = await explain(sourceOf({ nginx: events(attempts(1, ['tiny', ...long, 'exit status 2'], 8)) }));
    const [oldest, ...others] = lines.slice(lines.indexOf('Last lines of container "nginx":') + 1);

    expect(oldest).toMatch(/^\| line \d+ x{30,}…$/);
    expect(others).toEqual([...long.slice(1 - others.length).map((line) => `| ${line}`), '| exit status 2']);
    expect(oldest).toContain(`line ${20 - others.length} `);
  });

  test.each([
    ['2025-01-02 boom', '2014-12-31 boom'],
    ['2025/01/02 boom', '2014/12/31 boom'],
    ['02/Jan/2025 boom', '31/Dec/2014 boom'],
    ['01:02:03 boom', '14:25:36 boom'],
    ['01:02:03.123 boom', '14:25:36,4567 boom'],
    ['01:02:03 boom', '14:25:36.5 boom'],
    ['01:02:03Z boom', '14:25:36 Z boom'],
    ['01:02:03 boom', '14:25:36+05:30 boom'],
    ['01:02:03 -0100 boom', '14:25:36+05:30 boom'],
    ['from 10.0.0.1:5000 boom', 'from 192.168.100.200:61234 boom'],
    ['from 10.0.0.1 boom', 'from 10.0.0.1:61234 boom'],
    ['boom after 12 ms', 'boom after 3.456s'],
    ['boom after 3 s', 'boom after 450µs'],
    ['order 1234567890 boom', 'order 98765432101234 boom'],
  ])('is not spent on what differs only in when, from where or how long: %j and %j', async (one, other) => {
    const { lines } = await explain(sourceOf({ nginx: events([one, other]) }), { end: 'timed out' });

    expect(lines.at(-1)).toBe(`| ${other} (2 times)`);
  });

  test.each([
    ['2025-01-02 boom', ' boom'],
    ['02:03:04 boom', ' boom'],
    ['10.0.0.1 boom', ' boom'],
    ['3.5 ms boom', ' boom'],
    ['1234567890 boom', ' boom'],
    ['version 1.2 boom', 'version 1.3 boom'],
    ['try 1 boom', 'try 2 boom'],
    ['3 retries boom', '4 retries boom'],
    ['a short boom', 'b short boom'],
  ])('is given to both where they say something else: %j and %j', async (one, other) => {
    const { lines } = await explain(sourceOf({ nginx: events([one, other]) }), { end: 'timed out' });

    expect(lines.slice(-2)).toEqual([`| ${one}`, `| ${other}`]);
  });

  test('is given to the containers that show a fault', async () => {
    const two = request({ containers: { bad: { image: 'a' }, good: { image: 'b' } } });

    const { lines } = await explain(sourceOf({ bad: events(attempts(1, ['exit status 1'], 8)), good: events(attempts(1, ['hello'], 8)) }), { request: two });

    expect(lines.filter((line) => line.startsWith('Last lines of'))).toEqual(['Last lines of container "bad":']);
  });

  test('is not spent on what a process writes anew each time that it is started', async () => {
    const { lines } = await explain(sourceOf({ nginx: events(attempts(3, ['2025-01-01T00:00:01Z boom', 'exit status 2'], 8)) }));

    expect(lines.slice(-3)).toEqual(['Last lines of container "nginx":', '| 2025-01-01T00:00:01Z boom (3 times)', '| exit status 2 (3 times)']);
  });

  test('is given to the lines of Lightsail only where the container wrote none', async () => {
    const { lines } = await explain(sourceOf({ nginx: events(attempts(3, [], 8)) }), { stateDetail: 'CREATING_DEPLOYMENT' });

    expect(lines.slice(-4)).toEqual(['| [deployment:8] Creating your deployment', '| [deployment:8] Started 1 new node (3 times)', '| [deployment:8] Took too long', '| [deployment:8] Canceled']);
  });
});

test.each([
  [4, '(also "container-1", "container-2", "container-3", "container-4")'],
  [5, '(also 5 others)'],
])('tells %d other containers with the same fault in the first line', async (others, also) => {
  const names = NAMES.slice(0, others + 1);

  const { lines } = await explain(sourceOf(Object.fromEntries(names.map((name) => [name, events(attempts(3, ['exit status 1'], 8))]))), {
    request: request({ containers: Object.fromEntries(names.map((name) => [name, { image: 'x' }])) }),
  });

  expect(lines[0]).toContain(`container "container-0" exits with status 1 ${also}.`);
});

test.each([
  [2, ['Container "container-1" exits with status 1.', 'Container "container-2" exits with status 2.']],
  [3, ['Container "container-1" exits with status 1.', 'The logs of "container-2", "container-3" also show an error.']],
])('tells %d other faults below', async (others, told) => {
  const names = NAMES.slice(0, others + 1);

  const { lines } = await explain(sourceOf(Object.fromEntries(names.map((name, index) => [name, events(attempts(3, [`exit status ${index}`], 8))]))), {
    request: request({ containers: Object.fromEntries(names.map((name) => [name, { image: 'x' }])) }),
  });

  expect(lines.slice(2, 4)).toEqual(told.map((start) => expect.stringContaining(start)));
});

test('tells a second container with the same fault in the first line, and one with another below', async () => {
  const three = request({ containers: { a: { image: 'x' }, b: { image: 'x' }, c: { image: 'x' } } });

  const { lines } = await explain(sourceOf({
    a: events(attempts(3, ['exit status 1'], 8)), b: events(attempts(3, ['exit status 1'], 8)), c: events(attempts(3, ['Killed'], 8)),
  }), { request: three });

  expect(lines[0]).toContain('FAILED: container "a" exits with status 1 (also "b"). Version 7');
  expect(lines[2]).toBe('Container "c" runs out of memory. Choose a larger `power` for the container service, or reduce the memory that the process uses.');
});
