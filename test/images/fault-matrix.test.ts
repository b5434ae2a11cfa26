import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { CREDENTIALS } from './credentials';
import { PRESIGNED_QUERY, type Fault, type FaultProxy, type Step } from './fault-proxy';
import { QuickClock } from './quick-clock';
import type { Registry } from './registry';
import { World } from './world';
import { copyImage, resolveImage, type CopyResult } from '../../lambda/image-copy/copy/copy-image';
import { RegistryFailure } from '../../lambda/image-copy/http/registry-failure';
import { parseReference } from '../../lambda/image-copy/registry/reference';

/** What goes wrong once and may not come again: the copy must succeed. */
const PASSING: ReadonlyArray<[string, Fault, ReadonlyArray<Step>?]> = [
  ['reset', { kind: 'reset' }],
  ['no answer', { kind: 'silent' }],
  ['lost answer', { kind: 'lose answer' }],
  ['429', { kind: 'answer', status: 429, body: JSON.stringify({ errors: [{ code: 'TOOMANYREQUESTS', message: 'Rate exceeded' }] }) }],
  ['429 with Retry-After', { kind: 'answer', status: 429, headers: { 'retry-after': '3' } }],
  ['500', { kind: 'answer', status: 500 }],
  ['502 with a web page', { kind: 'answer', status: 502, headers: { 'content-type': 'text/html' }, body: '<html>Bad Gateway</html>' }],
  ['503', { kind: 'answer', status: 503 }],
  ['504', { kind: 'answer', status: 504 }],
  ['408', { kind: 'answer', status: 408 }],
  ['401', { kind: 'answer', status: 401, headers: { 'www-authenticate': 'Basic realm="x"' } }, ['head manifest', 'head blob']],
  ['cut at the first byte', { kind: 'cut answer', after: 0 }, ['get blob', 'get manifest']],
  ['cut in the middle', { kind: 'cut answer', after: 2_000_000 }, ['get blob']],
  ['stall in the middle', { kind: 'stall answer', after: 2_000_000 }, ['get blob']],
  ['orderly end in the middle', { kind: 'end answer', after: 2_000_000 }, ['get blob']],
  ['one bit changed', { kind: 'corrupt answer', after: 100 }, ['get blob', 'get manifest']],
  ['drip', { kind: 'drip answer', bytesPerSecond: 200_000, bytes: 100_000 }, ['get blob']],
  ['403 of the storage', { kind: 'answer', status: 403, headers: { 'content-type': 'application/xml' }, body: '<Error>Request has expired</Error>' }, []],
  ['cut upload at the first byte', { kind: 'cut request', after: 0 }, ['put blob']],
  ['cut upload in the middle', { kind: 'cut request', after: 2_000_000 }, ['put blob']],
  ['stall of the upload', { kind: 'stall request', after: 1_000_000 }, ['put blob']],
  ['416 of the upload', { kind: 'answer', status: 416, body: JSON.stringify({ errors: [{ code: 'BLOB_UPLOAD_INVALID', message: 'First byte of the layer part is 0 instead of 10485760' }] }) }, ['put blob']],
  ['400 DIGEST_INVALID', { kind: 'answer', status: 400, body: JSON.stringify({ errors: [{ code: 'DIGEST_INVALID' }] }) }, ['put blob']],
  ['404 BLOB_UPLOAD_UNKNOWN', { kind: 'answer', status: 404, body: JSON.stringify({ errors: [{ code: 'BLOB_UPLOAD_UNKNOWN' }] }) }, ['put blob']],
  ['MANIFEST_BLOB_UNKNOWN', { kind: 'answer', status: 400, body: JSON.stringify({ errors: [{ code: 'MANIFEST_BLOB_UNKNOWN' }] }) }, ['put manifest']],
];

/** What stays: the copy must fail, and say why. */
const STAYING: ReadonlyArray<[string, Fault, RegExp, ReadonlyArray<Step>?]> = [
  ['reset', { kind: 'reset' }, /ECONNRESET|EPIPE/],
  ['500', { kind: 'answer', status: 500 }, /answered 500/],
  ['429', { kind: 'answer', status: 429 }, /answered 429.*Deploy again|answered 429.*deploy again/],
  ['403 without a word', { kind: 'answer', status: 403 }, /answered 403\. Check the credentials/, ['get manifest', 'post upload', 'put blob', 'put manifest']],
  ['401', { kind: 'answer', status: 401 }, /answered 401\. Check the credentials/, ['get manifest', 'post upload', 'put blob', 'put manifest']],
  ['404', { kind: 'answer', status: 404 }, /answered 404\. Check/, ['get manifest', 'get blob', 'post upload']],
  ['a web page', { kind: 'answer', status: 200, headers: { 'content-type': 'text/html' }, body: '<!doctype html><html></html>' }, /web page|where|sent|digest/, ['get manifest', 'get blob', 'post upload']],
  ['a bit changed each time', { kind: 'corrupt answer', after: 100 }, /digest sha256:/, ['get blob']],
  ['413', { kind: 'answer', status: 413 }, /answered 413.*limits the size/, ['put blob', 'put manifest']],
  ['405 UNSUPPORTED', { kind: 'answer', status: 405, body: JSON.stringify({ errors: [{ code: 'UNSUPPORTED', message: 'Limit on number of layers per image exceeded' }] }) }, /405 UNSUPPORTED: Limit on number of layers/, ['put manifest']],
  ['a presigned address in the error', { kind: 'answer', status: 400, body: JSON.stringify({ errors: [{ code: 'X', message: `see https://b.s3.amazonaws.com/k?${PRESIGNED_QUERY} or ${CREDENTIALS.password}` }] }) }, /400 X: see https:\/\/b.s3.amazonaws.com\/k or \*\*\*/, ['post upload', 'get manifest']],
];

const SOURCE_STEPS: readonly Step[] = ['get manifest', 'get blob'];
const TARGET_STEPS: readonly Step[] = ['head manifest', 'head blob', 'post upload', 'put blob', 'put manifest'];

let world: World;
let digest: string;
let sourceRegistry: Registry;
let cases = 0;
const written: string[] = [];

beforeAll(async () => {
  world = await World.start();
  sourceRegistry = await world.registry('registry3');
  ({ digest } = await world.push(sourceRegistry, 'team/app:1', [{ bytes: 6_000_000 }, { bytes: 50_000 }, { bytes: 0 }]));
  for (const method of ['log', 'warn', 'error'] as const) jest.spyOn(console, method).mockImplementation((...args) => { written.push(args.join(' ')); });
});

afterAll(async () => { await world.stop(); });

describe.each([['registry2', false], ['registry2', true], ['registry3', false], ['registry3', true]] as const)('%s as the target, Amazon ECR: %s', (program, ecr) => {
  let source: FaultProxy;
  let target: FaultProxy;
  let targetRegistry: Registry;

  beforeAll(async () => {
    targetRegistry = await world.registry(program, ecr ? undefined : 'basic');
    source = await world.proxy({ upstream: sourceRegistry.host, ecr });
    target = await world.proxy({ upstream: targetRegistry.host, ecr });
    if (!ecr) await world.logIn(targetRegistry);
  });

  const stepsFor = (steps?: readonly Step[]) => [...SOURCE_STEPS.map((step) => ['source', step] as const), ...TARGET_STEPS.map((step) => ['target', step] as const)]
    .filter(([, step]) => steps === undefined || steps.includes(step));

  const passing = PASSING.flatMap(([name, fault, steps]) => (name.includes('storage') ? (ecr ? [['source', 'get blob'] as const] : []) : stepsFor(steps))
    .flatMap(([side, step]) => (program === 'registry3' ? [1, 2] : [1]).map((times) => ({ name, fault, side, step, times }))))
    // Twice the same damage is what the registry has.
    .filter(({ name, times }) => !(times === 2 && (name === 'one bit changed' || name === 'orderly end in the middle' || name === 'MANIFEST_BLOB_UNKNOWN')));

  test.each(passing)('$name at $step of the $side, $times times: the image arrives', async ({ fault, side, step, times }) => {
    const repository = await copy({ side, step, fault, times }).then(({ result, repository: to }) => {
      if (!result.isFinished) throw result.trouble ?? new Error('not finished');
      expect(result.digest).toBe(digest);
      return to;
    });
    expect(await digestThatSkopeoReads(`${targetRegistry.host}/${repository}:copy`)).toBe(digest);
    expectNoSecrets([]);
  });

  test.each(STAYING.flatMap(([name, fault, words, steps]) => stepsFor(steps).filter(([, step]) => step !== 'head manifest' || (name === 'reset' && !ecr)).map(([side, step]) => ({ name, fault, side, step, words }))))(
    '$name at $step of the $side, always: it fails and says why', async ({ fault, side, step, words }) => {
      const outcome = await copy({ side, step, fault, times: Infinity }).then(({ result }) => result, (error: unknown) => error);
      const failure = outcome instanceof RegistryFailure ? outcome : (outcome as CopyResult & { trouble?: RegistryFailure }).trouble;
      expect(failure).toBeInstanceOf(RegistryFailure);
      expect(failure!.message).toMatch(words);
      expect(failure!.message).toContain(side === 'source' ? `${source.host}/team/app` : `${target.host}/copies/`);
      expectNoSecrets([failure!]);
    });

  async function copy({ side, step, fault, times }: { side: 'source' | 'target'; step: Step; fault: Fault; times: number }): Promise<{ result: CopyResult; repository: string }> {
    const repository = `copies/${cases += 1}`;
    const access = { credentials: CREDENTIALS, certificateAuthority: world.certificate.certificate };
    // Short, so that the silence of a registry is noticed soon; no number of them is what a user gets.
    const environment = { clock: new QuickClock(), timeouts: { connectMs: 2000, idleMs: 250, answerMs: 500 } };
    const reference = parseReference(`${source.host}/team/app:1`);
    for (const proxy of [source, target]) {
      proxy.planned = [];
      proxy.requests.length = 0;
    }
    (side === 'source' ? source : target).planned = [{ step, fault, times }];
    const resolved = await resolveImage({ ...access, reference }, Date.now() + 600_000, environment);
    expect(resolved.digest).toBe(digest);
    const result = await copyImage({
      source: { ...access, registry: source.host, repository: 'team/app' },
      target: { ...access, registry: target.host, repository },
      digest,
      tag: 'copy',
      yieldAt: Date.now() + 1_200_000,
      deadline: Date.now() + 2_400_000,
    }, environment);
    expectSoundRequests();
    return { result, repository };
  }

  function expectSoundRequests(): void {
    const puts = target.requests.filter((request) => request.step === 'put blob').map(({ path }) => path.split('?')[0]);
    expect(new Set(puts).size).toBe(puts.length);
    expect([...source.requests, ...target.requests].filter((request) => request.step === 'bucket' && request.authorization !== undefined)).toEqual([]);
    expect(source.requests.filter(({ method }) => method !== 'GET')).toEqual([]);
  }

  /** Reads the whole image. skopeo verifies each blob that it reads. */
  async function digestThatSkopeoReads(name: string): Promise<string> {
    const folder = await mkdtemp(join(world.folder, 'read-'));
    const credentials = ecr ? [] : ['--src-creds', `${CREDENTIALS.username}:${CREDENTIALS.password}`];
    await world.tool('skopeo', ['--insecure-policy', 'copy', '--quiet', ...credentials, `docker://${name}`, `dir:${folder}`]);
    const manifest = await readFile(join(folder, 'manifest.json'));
    await rm(folder, { recursive: true });
    return `sha256:${createHash('sha256').update(manifest).digest('hex')}`;
  }
});

function expectNoSecrets(failures: readonly RegistryFailure[]): void {
  const everything = [...written, ...failures.flatMap((failure) => [failure.message, failure.stack, JSON.stringify(failure), String(failure)])].join('\n');
  for (const secret of [CREDENTIALS.password, Buffer.from(`${CREDENTIALS.username}:${CREDENTIALS.password}`).toString('base64'), 'X-Amz', PRESIGNED_QUERY]) {
    expect(everything).not.toContain(secret);
  }
}
