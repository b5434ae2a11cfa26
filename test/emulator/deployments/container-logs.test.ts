import { GetContainerLogCommand } from '@aws-sdk/client-lightsail';
import { compileFilter } from './container-logs';
import { errorOf, Fixture, LONG, MINUTE } from '../fixture';
import { Outcome } from './outcomes';

describe('filter patterns', () => {
  const lines = ['ERROR: disk full', 'WARN: slow', 'error: small letters', 'ERROR and WARN', 'INFO: fine'];
  test.each([
    ['', lines],
    ['ERROR', ['ERROR: disk full', 'ERROR and WARN']],
    ['error', ['error: small letters']],
    ['-ERROR', ['WARN: slow', 'error: small letters', 'INFO: fine']],
    ['ERROR WARN', ['ERROR and WARN']],
    ['ERROR -WARN', ['ERROR: disk full']],
    ['-ERROR -WARN', ['error: small letters', 'INFO: fine']],
    ['?ERROR ?WARN', ['ERROR: disk full', 'WARN: slow', 'ERROR and WARN']],
    ['?disk ?"fine"', ['ERROR: disk full', 'INFO: fine']],
    ['?fine WARN', ['WARN: slow', 'ERROR and WARN']],
    ['"disk full"', ['ERROR: disk full']],
    ['-"disk full" ERROR', ['ERROR and WARN']],
    ['absent', []],
  ])('the filter pattern %j selects the expected lines', (pattern, expected) => {
    expect(lines.filter(compileFilter(pattern))).toEqual(expected);
  });
});

describe('GetContainerLog', () => {
  let fixture: Fixture;
  const start = async (options: Parameters<typeof Fixture.start>[0], logLines: string[] = []) => {
    fixture = await Fixture.start(options);
    fixture.emulator.createService({ serviceName: 'web' });
    fixture.emulator.outcomes.forNextDeployment('web', Outcome.succeeds({ phases: { creating: 2 * MINUTE }, logLines }));
    await fixture.deploy();
  };
  const get = async (input: object = {}) =>
    fixture.client.send(new GetContainerLogCommand({ serviceName: 'web', containerName: 'app', ...input }));
  afterEach(async () => {
    await fixture.stop();
  });

  test('a line appears after the log lag', async () => {
    await start({ timings: { logLag: 45_000 } });
    fixture.advance(44_999);
    expect(await fixture.log()).toEqual([]);
    fixture.advance(1);
    expect(await fixture.log()).toEqual(['[deployment:1] Creating your deployment']);
  });

  test('a line disappears after some days', async () => {
    await start({});
    fixture.advance(MINUTE);
    expect(await fixture.log()).toHaveLength(1);
    fixture.advance(4 * 24 * 60 * MINUTE);
    expect(await fixture.log()).toEqual([]);
  });

  test('long logs come in pages, oldest line first, until there is no token', async () => {
    const logLines = Array.from({ length: 25 }, (_, index) => `line ${index}`);
    await start({ limits: { logPageSize: 10 } }, logLines);
    fixture.advance(LONG);
    const pages: string[][] = [];
    let pageToken: string | undefined;
    do {
      const page = await get({ filterPattern: 'line', ...(pageToken ? { pageToken } : {}) });
      pages.push(page.logEvents!.map(({ message }) => message!));
      pageToken = page.nextPageToken;
    } while (pageToken);
    expect(pages.map(({ length }) => length)).toEqual([10, 10, 5]);
    expect(pages.flat()).toEqual(logLines);
  });

  test('a page that is just full has no token', async () => {
    await start({ limits: { logPageSize: 10 } }, Array.from({ length: 10 }, (_, index) => `line ${index}`));
    fixture.advance(LONG);
    expect(await get({ filterPattern: 'line' })).not.toHaveProperty('nextPageToken', expect.anything());
  });

  test('only lines between the two times are shown, both included', async () => {
    await start({}, ['hello']);
    const createdAt = fixture.emulator.service('web')!.nextDeployment!.createdAt * 1000;
    fixture.advance(LONG);
    const hello = new Date(createdAt + MINUTE);
    expect(await fixture.log({ startTime: hello, endTime: hello, filterPattern: 'hello' })).toEqual(['hello']);
    expect(await fixture.log({ startTime: new Date(hello.valueOf() + 1), filterPattern: 'hello' })).toEqual([]);
    expect(await fixture.log({ endTime: new Date(hello.valueOf() - 1) })).toEqual(['[deployment:1] Creating your deployment']);
  });

  test('an unknown container has an empty log', async () => {
    await start({});
    fixture.advance(LONG);
    expect(await fixture.log({ containerName: 'other' })).toEqual([]);
  });

  test('a page token of another query fails', async () => {
    await start({ limits: { logPageSize: 1 } });
    fixture.advance(LONG);
    const { nextPageToken: pageToken } = await get();
    expect((await get({ pageToken })).logEvents).toHaveLength(1);
    expect(await errorOf(get({ pageToken, filterPattern: 'x' }))).toMatchObject({ name: 'InvalidInputException' });
    expect(await errorOf(get({ pageToken: 'made-up' }))).toMatchObject({ name: 'InvalidInputException' });
  });

  test('a start after the end fails', async () => {
    await start({});
    expect(await errorOf(get({ startTime: new Date(2), endTime: new Date(1) }))).toMatchObject({ name: 'InvalidInputException' });
  });
});
