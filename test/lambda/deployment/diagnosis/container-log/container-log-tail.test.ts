import { attempts, events, START } from './log-fixture';
import { CallFailure } from '../../../../../lambda/clients/call-failure';
import type { ContainerLogEvent } from '../../../../../lambda/clients/lightsail';
import { tailContainerLogs, type ContainerLogQuery, type ContainerLogSource } from '../../../../../lambda/deployment/diagnosis/container-log/container-log-tail';
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
    serviceName: 'web', version: 1, containerNames: ['app'], since: new Date(START), deadline: begun + 10 * MINUTE, expectsEnd: true, mask: (text) => text, ...query,
  });
}

const whole = (found: ContainerLogEvent[]): Answer => ({ events: found });
const looks = () => calls.map(({ at }) => at);

test('reads once where the log holds the end of the version', async () => {
  const [tail] = await read(() => whole(events(attempts(3, ['boom']))));

  expect(looks()).toEqual([0]);
  expect(clock.now()).toBe(START + 10 * MINUTE);
  expect(tail).toMatchObject({ containerName: 'app', complete: true, shared: false, skipped: 0 });
  expect(tail!.lines.map(({ text }) => text)).toEqual(attempts(3, ['boom']));
  expect(calls[0]!.since).toEqual(new Date(START));
});

test('looks again every 10 seconds while the log lags', async () => {
  const [tail] = await read(({ at }) => whole(at < 30 ? [] : events(attempts(1, ['boom']))));

  expect(looks()).toEqual([0, 10, 20, 30]);
  expect(tail!.lines).toHaveLength(5);
});

test.each([
  ['60 seconds where nothing comes', [], [0, 10, 20, 30, 40, 50, 60]],
  ['60 seconds where only Lightsail wrote', ['[deployment:1] Creating your deployment'], [0, 10, 20, 30, 40, 50, 60]],
  ['20 seconds where the container wrote', ['boom'], [0, 10, 20]],
])('waits for at most %s', async (_, lines, expected) => {
  await read(() => whole(events(lines)));

  expect(looks()).toEqual(expected);
});

test.each([
  ['any line is enough', ['[deployment:1] Creating your deployment'], [0]],
  ['it waits where there is none', [], [0, 10, 20, 30, 40, 50, 60]],
])('without an expected end, %s', async (_, lines, expected) => {
  await read(() => whole(events(lines)), { expectsEnd: false });

  expect(looks()).toEqual(expected);
});

test.each([
  [25_000, [0, 10, 20]],
  [20_000, [0, 10]],
  [1, [0]],
])('begins no call and no wait past the deadline in %d ms', async (left, expected) => {
  await read(() => whole([]), { deadline: clock.now() + left });

  expect(looks()).toEqual(expected);
  expect(clock.now() - START - 10 * MINUTE).toBeLessThan(left);
});

test('calls nothing where there is no time left, and says so', async () => {
  const [tail] = await read(() => whole([]), { deadline: clock.now() });

  expect(calls).toEqual([]);
  expect(tail).toMatchObject({ lines: [], readError: 'there was no time left' });
});

test('looks again only at the containers that are not done', async () => {
  await read(({ containerName }) => whole(containerName === 'app' ? events(attempts(1, [])) : []), { containerNames: ['app', 'side'] });

  expect(calls.map(({ at, containerName }) => `${at} ${containerName}`)).toEqual(['0 app', '0 side', '10 side', '20 side']);
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

    expect(tail!.lines.map(({ text }) => text)).toEqual(lines);
    expect(tail!.readError).toBeUndefined();
  });

  test('without end are given up after 20, and the newest minute is read instead', async () => {
    const newest = [...events(['recent'], START + 9.5 * MINUTE), { message: 'undated' }, ...events(['[deployment:1] Took too long'], START + 9.6 * MINUTE)];

    const [tail] = await read(({ since, pageToken }) => (since.getTime() === START
      ? { events: [{ message: 'undated too' }, ...events([`page ${pageToken ?? 0}`], START + Number(pageToken ?? 0))], nextPageToken: String(Number(pageToken ?? 0) + 1) }
      : whole(newest)));

    expect(calls).toHaveLength(21);
    expect(calls[20]!.since).toEqual(new Date(START + 9 * MINUTE));
    expect(tail!.lines.map(({ text }) => text).slice(-4)).toEqual(['page 19', 'recent', 'undated', '[deployment:1] Took too long']);
    expect(tail).toMatchObject({ complete: true, readError: 'it is too long' });
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
      containerNames: ['app', 'side'], mask: (text) => text.replaceAll('secret-value', '***'),
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

    expect(looks()).toEqual([0, 10, 20]);
    expect(tail).toMatchObject({ complete: true });
    expect(tail).not.toHaveProperty('readError');
  });

  test('after one that did not keeps what that one found', async () => {
    const [tail] = await read(({ at }) => (at === 0 ? whole(events(['boom'])) : throttled));

    expect(tail!.lines.map(({ text }) => text)).toEqual(['boom']);
  });

  test.each([['as much as', ['boom']], ['more than', ['boom', 'bye']]])('after it found %s the one before is told', async (_, lines) => {
    const [tail] = await read(({ at, pageToken }) => {
      if (at === 0) return whole(events(['boom']));
      return pageToken === undefined ? { events: events(lines), nextPageToken: 'next' } : throttled;
    });

    expect(tail).toMatchObject({ lines: lines.map((text) => ({ text })), readError: expect.stringContaining('ThrottlingException') });
  });

  test('on a later page keeps the pages before', async () => {
    const [tail] = await read(({ pageToken }) => (pageToken === undefined ? { events: events(['boom']), nextPageToken: 'next' } : denied));

    expect(tail).toMatchObject({ lines: [{ text: 'boom' }], readError: expect.stringContaining('AccessDeniedException') });
  });

  test('with anything else names the operation', async () => {
    const [tail] = await read(() => new TypeError('fetch of GetContainerLog failed'), { deadline: clock.now() + 5_000 });

    expect(tail!.readError).toBe('GetContainerLog failed: fetch of GetContainerLog failed');
  });
});
