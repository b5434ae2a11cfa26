import type { CopierOutcome } from './copier';
import { bundleCopier, CopierProcess } from './copier-process';
import { CREDENTIALS } from './credentials';
import type { FaultProxy } from './fault-proxy';
import type { Registry } from './registry';
import { World } from './world';

const MIB = 1024 * 1024;
/** What a function of 256 MiB may take, beside what Lambda itself takes. */
const MOST_MIB = 200;

let world: World;
let bundle: string;
let source: Registry;
const targets: Registry[] = [];
let cases = 0;

beforeAll(async () => {
  world = await World.start();
  bundle = await bundleCopier();
  source = await world.registry('registry3');
  targets.push(await world.registry('registry2'), await world.registry('registry3'));
});

afterAll(async () => { await world.stop(); });

interface Call {
  readonly name: string;
  readonly to: string;
  readonly repository: string;
  readonly yieldAfter?: number;
  readonly deadlineAfter?: number;
  readonly killAfter?: number;
}

async function call({ name, to, repository, yieldAfter = 300_000, deadlineAfter = 600_000, killAfter }: Call): Promise<CopierOutcome | undefined> {
  const copier = await CopierProcess.start(bundle);
  const timer = killAfter === undefined ? undefined : setTimeout(() => void copier.kill(), killAfter);
  const outcome = await copier.copy({
    reference: `${source.host}/${name}`,
    target: { registry: to, repository },
    access: { credentials: CREDENTIALS, certificateAuthority: world.certificate.certificate },
    yieldAfter,
    deadlineAfter,
  });
  clearTimeout(timer);
  return outcome;
}

async function expectImage(host: string, repository: string, digest: string): Promise<void> {
  expect(await world.crane(['digest', `${host}/${repository}:copy`])).toBe(digest);
  // skopeo reads all of it, and checks the digests.
  await world.tool('skopeo', ['copy', '-q', `docker://${host}/${repository}@${digest}`, `dir:${world.folder}/check-${cases += 1}`]);
}

test.each([['2.8', 0], ['v3', 1]])('one layer of 2 GiB arrives in less than 200 MiB of memory (target %s)', async (_, index) => {
  const { digest } = await world.push(source, 'big:1', [{ bytes: 2048 * MIB, zeros: true }]);
  const outcome = await call({ name: 'big:1', to: targets[index]!.host, repository: 'big' });
  process.stdout.write(`2 GiB: ${JSON.stringify(outcome)}\n`);
  expect(outcome).toMatchObject({ isFinished: true, digest });
  expect(outcome!.peakMib).toBeLessThan(MOST_MIB);
  expect(await world.crane(['digest', `${targets[index]!.host}/big:copy`])).toBe(digest);
  await targets[index]!.clear();
});

test('slices of one second, with 200 layers over a registry that answers late: each call gets on, and it ends', async () => {
  const { digest } = await world.push(source, 'many:1', Array.from({ length: 200 }, (_, index) => ({ bytes: 100_000 + index })));
  const target = targets[1]!;
  const slow: FaultProxy = await world.proxy({ upstream: target.host });
  slow.planned = [{ step: 'post upload', fault: { kind: 'delay', milliseconds: 300 }, times: Infinity }];
  const repository = 'many';
  let calls = 0;
  let missing = Infinity;
  for (let isFinished = false; !isFinished;) {
    const outcome = await call({ name: 'many:1', to: slow.host, repository, yieldAfter: 1000, deadlineAfter: 5000 });
    calls += 1;
    expect(outcome!.failure).toBeUndefined();
    expect(outcome!.milliseconds).toBeLessThan(5500);
    expect(outcome!.missing).toBeLessThan(missing);
    ({ isFinished, missing } = outcome!);
  }
  expect(calls).toBeGreaterThan(2);
  // Nothing was sent twice.
  expect(slow.requests.filter(({ step }) => step === 'post upload')).toHaveLength(201);
  await expectImage(target.host, repository, digest);
});

test.each([['2.8', 0], ['v3', 1]])('killed at forty points, it goes on each time and ends with the right image (target %s)', async (_, index) => {
  const target = targets[index]!;
  const { digest } = await world.push(source, 'kill:1', [...Array.from({ length: 12 }, () => ({ bytes: 8 * MIB })), { bytes: 1000 }]);
  for (let points = 0; points < 40; points += 1) {
    const repository = `kill/${points % 4}`;
    // From before the first request to after the last.
    await call({ name: 'kill:1', to: target.host, repository, killAfter: 10 + points * 12 });
  }
  for (let repeat = 0; repeat < 4; repeat += 1) {
    const outcome = await call({ name: 'kill:1', to: target.host, repository: `kill/${repeat}` });
    expect(outcome).toMatchObject({ isFinished: true, digest });
    await expectImage(target.host, `kill/${repeat}`, digest);
  }
});

test.each([['2.8', 0], ['v3', 1]])('two copiers at once end with the right image (target %s)', async (_, index) => {
  const { digest } = await world.push(source, 'twice:1', Array.from({ length: 8 }, () => ({ bytes: 8 * MIB })));
  const outcomes = await Promise.all([1, 2].map(async () => call({ name: 'twice:1', to: targets[index]!.host, repository: 'twice' })));
  for (const outcome of outcomes) expect(outcome).toMatchObject({ isFinished: true, digest });
  await expectImage(targets[index]!.host, 'twice', digest);
});

test('layers that cannot all end in time: some are given up, so that others end, and each call gets on', async () => {
  const { digest } = await world.push(source, 'slow:1', Array.from({ length: 6 }, () => ({ bytes: 32 * MIB })));
  const target = targets[0]!;
  const slow = await world.proxy({ upstream: target.host });
  // Larger than what the buffers on the way hold. All six take twelve seconds together, and none of them would end much before the others.
  slow.planned = [{ step: 'put blob', fault: { kind: 'slow request', bytesPerSecond: 16 * MIB }, times: Infinity }];
  let calls = 0;
  let missing = Infinity;
  for (let isFinished = false; !isFinished && calls < 10;) {
    const outcome = await call({ name: 'slow:1', to: slow.host, repository: 'slow', yieldAfter: 1000, deadlineAfter: 8000 });
    calls += 1;
    expect(outcome!.failure).toBeUndefined();
    expect(outcome!.missing).toBeLessThan(missing);
    ({ isFinished, missing } = outcome!);
  }
  expect(calls).toBeGreaterThan(1);
  await expectImage(target.host, 'slow', digest);
});
