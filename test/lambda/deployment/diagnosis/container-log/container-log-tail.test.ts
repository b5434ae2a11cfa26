import { attempts, events, NO_SECRETS, START } from './log-fixture';
import { CallFailure } from '../../../../../lambda/clients/call-failure';
import type { ContainerLogEvent } from '../../../../../lambda/clients/lightsail';
import { tailContainerLogs, type ContainerLogQuery, type ContainerLogSource } from '../../../../../lambda/deployment/diagnosis/container-log/container-log-tail';
import { maskOf } from '../../../../../lambda/deployment/masking/secret-mask';
import { SteppedClock } from '../../../../emulator/time/clock';

const MINUTE = 60_000;

let clock: SteppedClock;
let calls: { at: number; containerName: string; since: Date; pageToken?: string }[];

beforeEach(() => {
  clock = new SteppedClock(START + 10 * MINUTE);
  calls = [];
});

type Answer = Awaited<ReturnType<ContainerLogSource['getContainerLog']>>;

/** Asks the answer for each call, and remembers the call and how long after the first look it came. */
function read(answer: (call: (typeof calls)[number]) => Answer | Error, query: Partial<ContainerLogQuery> = {}) {
  const begun = clock.now();
  const source: ContainerLogSource = {
    async getContainerLog(_serviceName, containerName, since, pageToken) {
      const call = { at: (clock.now() - begun) / 1000, containerName, since, pageToken };
      calls.push(call);
      const answered = answer(call);
      if (answered instanceof Error) throw answered;
      return answered;
    },
  };
  return tailContainerLogs(source, clock, {
    serviceName: 'web', version: 1, containerNames: ['app'], since: new Date(START), deadline: begun + 10 * MINUTE, mask: NO_SECRETS, ...query,
  });
}

const whole = (found: ContainerLogEvent[]): Answer => ({ events: found });
const looks = () => calls.map(({ at }) => at);

test('reads once where the log holds the end of the version', async () => {
  const [tail] = await read(() => whole(events(attempts(3, ['boom']))));

  expect(looks()).toEqual([0]);
  expect(clock.now()).toBe(START + 10 * MINUTE);
  expect(tail).toMatchObject({ containerName: 'app', complete: true, shared: false, skipped: 0 });
  expect(tail!.lines.map(({ unmasked }) => unmasked)).toEqual(attempts(3, ['boom']));
  expect(calls[0]!.since).toEqual(new Date(START));
});

test('reads an empty log again every five seconds while it lags', async () => {
  const [tail] = await read(({ at }) => whole(at < 15 ? [] : events(attempts(1, ['boom']))));

  expect(looks()).toEqual([0, 5, 10, 15]);
  expect(tail!.lines).toHaveLength(5);
});

test.each([
  ['an empty log is waited for, for 20 seconds', [], [0, 5, 10, 15, 20]],
  ['a line of Lightsail is enough', ['[deployment:1] Creating your deployment'], [0]],
  ['a line of the container is enough', ['boom'], [0]],
])('%s: the report of the failure must not be late', async (_, lines, expected) => {
  await read(() => whole(events(lines)));

  expect(looks()).toEqual(expected);
});

test('the lines of one container are enough, so that the others are not waited for', async () => {
  await read(({ containerName }) => whole(containerName === 'app' ? events(['boom']) : []), { containerNames: ['app', 'side'] });

  expect(calls.map(({ at, containerName }) => `${at} ${containerName}`)).toEqual(['0 app', '0 side']);
});

test.each([
  [12_000, [0, 5, 10]],
  [10_000, [0, 5]],
  [1, [0]],
])('begins no call and no wait past the deadline in %d ms', async (left, expected) => {
  await read(() => whole([]), { deadline: clock.now() + left });

  expect(looks()).toEqual(expected);
  expect(clock.now() - START - 10 * MINUTE).toBeLessThan(left);
});

test('calls nothing where there is no time left, and says so', async () => {
  const [tail] = await read(() => whole([]), { deadline: clock.now() });

  expect(calls).toEqual([]);
  expect(tail).toMatchObject({ lines: [], readError: 'not enough time left' });
});

test('marks the containers whose log an older version shares', async () => {
  const tails = await read(() => whole(events(attempts(1, []))), { containerNames: ['app', 'side'], sharedWith: ['side'] });

  expect(tails.map(({ containerName, shared }) => [containerName, shared])).toEqual([['app', false], ['side', true]]);
});

describe('pages', () => {
  test('are all read', async () => {
    const lines = attempts(2, ['boom']);
    const next = (page: number) => (page < lines.length - 1 ? { nextPageToken: String(page + 1) } : {});
    const pages = events(lines).map((event, page): Answer => ({ events: [event], ...next(page) }));

    const [tail] = await read(({ pageToken = '0' }) => pages[Number(pageToken)]!);

    expect(tail!.lines.map(({ unmasked }) => unmasked)).toEqual(lines);
    expect(tail!.readError).toBeUndefined();
  });

  test('without end are given up after 20, and the newest minute is read instead', async () => {
    const newest = [...events(['recent'], START + 9.5 * MINUTE), { message: 'undated' }, ...events(['[deployment:1] Took too long'], START + 9.6 * MINUTE)];

    const [tail] = await read(({ since, pageToken }) => (since.getTime() === START
      ? { events: [{ message: 'undated too' }, ...events([`page ${pageToken ?? 0}`], START + Number(pageToken ?? 0))], nextPageToken: String(Number(pageToken ?? 0) + 1) }
      : whole(newest)));

    expect(calls).toHaveLength(21);
    expect(calls[20]!.since).toEqual(new Date(START + 9 * MINUTE));
    expect(tail!.lines.map(({ unmasked }) => unmasked).slice(-4)).toEqual(['page 19', 'recent', 'undated', '[deployment:1] Took too long']);
    expect(tail).toMatchObject({ complete: true, readError: 'too long to read in full' });
  });

  test('that were read already are not taken twice', async () => {
    const endless = (pageToken = '0') => ({ events: events(['same'], START + 9.9 * MINUTE), nextPageToken: `${Number(pageToken) + 1}` });

    const [tail] = await read(({ pageToken }) => endless(pageToken), { deadline: clock.now() + 5_000 });

    expect(tail!.lines).toHaveLength(20);
  });

  test('are not read on past the deadline', async () => {
    await read(({ pageToken = '0' }) => {
      clock.advance(4_000);
      return { events: [], nextPageToken: String(Number(pageToken) + 1) };
    }, { deadline: clock.now() + 10_000 });

    expect(looks()).toEqual([0, 4, 8]);
  });
});

describe('a call that fails', () => {
  const throttled = new CallFailure('GetContainerLog', 'transient', 'ThrottlingException: Rate exceeded');
  const denied = new CallFailure('GetContainerLog', 'denied', 'AccessDeniedException: not authorized,\n secret-value');

  test('ends as a remark, masked, and does not stop the other containers', async () => {
    const tails = await read(({ containerName }) => (containerName === 'app' ? denied : whole(events(attempts(1, ['boom'])))), {
      containerNames: ['app', 'side'], mask: maskOf(['secret-value']),
    });

    expect(tails).toMatchObject([
      { containerName: 'app', lines: [], readError: 'GetContainerLog failed: AccessDeniedException: not authorized, ***' },
      { containerName: 'side', complete: true },
    ]);
    expect(looks()).toEqual([0, 0]);
  });

  test.each([
    throttled,
    new CallFailure('GetContainerLog', 'missing', 'NotFoundException: no log yet'),
  ])('is made again while it may pass: %s', async (failure) => {
    const [tail] = await read(({ at }) => (at < 20 ? failure : whole(events(attempts(1, ['boom'])))));

    expect(looks()).toEqual([0, 5, 10, 15, 20]);
    expect(tail).toMatchObject({ complete: true });
    expect(tail).not.toHaveProperty('readError');
  });

  test('on a later page keeps the pages before', async () => {
    const [tail] = await read(({ pageToken }) => (pageToken === undefined ? { events: events(['boom']), nextPageToken: 'next' } : denied));

    expect(tail).toMatchObject({ lines: [{ unmasked: 'boom' }], readError: expect.stringContaining('AccessDeniedException') });
  });

  test('with anything else names the operation', async () => {
    const [tail] = await read(() => new TypeError('fetch of GetContainerLog failed'), { deadline: clock.now() + 5_000 });

    expect(tail!.readError).toBe('GetContainerLog failed: fetch of GetContainerLog failed');
  });
});
