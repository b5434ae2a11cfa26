import { CREDENTIALS } from './credentials';
import { ZSTD_LAYER } from './image-layout';
import { QuickClock } from './quick-clock';
import type { Registry } from './registry';
import { World } from './world';
import { copyImage, resolveImage } from '../../lambda/image-copy/copy/copy-image';
import { parseReference } from '../../lambda/image-copy/registry/reference';

const MIB = 1024 * 1024;
let world: World;
const registries = new Map<string, Registry>();

beforeAll(async () => {
  world = await World.start();
  const tokens = await world.tokenService();
  for (const program of ['registry2', 'registry3'] as const) {
    for (const [name, auth] of [['open', undefined], ['basic', 'basic'], ['bearer', tokens]] as const) {
      const registry = await world.registry(program, auth);
      registries.set(`${program} ${name}`, registry);
      if (auth) await world.logIn(registry);
    }
  }
});

afterAll(async () => { await world.stop(); });

let cases = 0;

async function copy(source: Registry, name: string, target: Registry): Promise<{ repository: string; digest: string }> {
  const access = { credentials: CREDENTIALS, certificateAuthority: world.certificate.certificate };
  const environment = { clock: new QuickClock() };
  const repository = `copies/${cases += 1}`;
  const reference = parseReference(`${source.host}/${name}`);
  const { digest } = await resolveImage({ ...access, reference }, Date.now() + 60_000, environment);
  const result = await copyImage({
    source: { ...access, registry: source.host, repository: reference.repository },
    target: { ...access, registry: target.host, repository },
    digest,
    tag: 'copy',
    yieldAt: Date.now() + 300_000,
    deadline: Date.now() + 600_000,
  }, environment);
  if (!result.isFinished) throw result.trouble ?? new Error('not finished');
  return { repository: `${target.host}/${repository}`, digest: result.digest };
}

test.each([
  ['registry2 open', 'registry3 open'], ['registry3 open', 'registry2 open'], ['registry2 basic', 'registry3 bearer'], ['registry3 bearer', 'registry2 basic'],
  ['registry2 bearer', 'registry3 basic'], ['registry3 basic', 'registry2 bearer'],
])('from %s to %s: crane, skopeo and regctl find the same image, and all its layers are right', async (from, to) => {
  const [source, target] = [registries.get(from)!, registries.get(to)!];
  const { digest } = await world.push(source, 'team/app:1', [{ bytes: 300_000 }, { bytes: 20 * MIB }, { bytes: 10, mediaType: ZSTD_LAYER }]);

  const copied = await copy(source, 'team/app:1', target);

  expect(copied.digest).toBe(digest);
  expect(await world.crane(['digest', `${copied.repository}:copy`])).toBe(digest);
  expect(await world.tool('regctl', ['manifest', 'head', `${copied.repository}@${digest}`])).toBe(digest);
  const auth = from.includes('open') || to.includes('open') ? [] : ['--creds', `${CREDENTIALS.username}:${CREDENTIALS.password}`];
  const raw = await world.tool('skopeo', ['inspect', '--raw', ...auth, `docker://${copied.repository}:copy`]);
  expect(raw).toBe(await world.crane(['manifest', `${source.host}/team/app@${digest}`]));
  await expectLayersToBeRight(copied.repository, digest);
});

test('an image with an empty layer, and one of 200 layers', async () => {
  const [source, target] = [registries.get('registry3 open')!, registries.get('registry2 open')!];
  for (const [name, layers] of [['empty:1', [{ bytes: 0 }, { bytes: 1 }]], ['many:1', Array.from({ length: 200 }, (_, index) => ({ bytes: 1000 + index }))]] as const) {
    const { digest } = await world.push(source, name, layers);
    const copied = await copy(source, name, target);
    expect(await world.crane(['digest', `${copied.repository}:copy`])).toBe(digest);
    await expectLayersToBeRight(copied.repository, digest);
  }
});

test('from an index that has an attestation and another platform', async () => {
  const [source, target] = [registries.get('registry3 open')!, registries.get('registry3 basic')!];
  const { digest } = await world.push(source, 'multi:amd64', [{ bytes: 1000 }]);
  await world.push(source, 'multi:arm64', [{ bytes: 1000 }], { os: 'linux', architecture: 'arm64' });
  await world.push(source, 'multi:unknown', [{ bytes: 1000 }], { os: 'unknown', architecture: 'unknown' });
  await world.crane(['index', 'append', '-t', `${source.host}/multi:1`, ...['unknown', 'arm64', 'amd64'].flatMap((tag) => ['-m', `${source.host}/multi:${tag}`])]);

  const copied = await copy(source, 'multi:1', target);
  expect(copied.digest).toBe(digest);
  expect(await world.crane(['digest', `${copied.repository}:copy`])).toBe(digest);

  await world.crane(['index', 'append', '-t', `${source.host}/multi:2`, ...['unknown', 'arm64'].flatMap((tag) => ['-m', `${source.host}/multi:${tag}`])]);
  await expect(copy(source, 'multi:2', target)).rejects.toThrow('there is no image for linux/amd64, only for linux/arm64.');
});

/** crane reads every layer and compares it with its digest. Its own check of the archives does not fit layers of random bytes. */
async function expectLayersToBeRight(repository: string, digest: string): Promise<void> {
  const { config, layers } = JSON.parse(await world.crane(['manifest', `${repository}@${digest}`])) as { config: { digest: string }; layers: Array<{ digest: string }> };
  for (const blob of [config, ...layers]) {
    await world.crane(['blob', `${repository}@${blob.digest}`]).catch((error: Error) => {
      // The output is binary; only a failure to read it says something.
      if (!/maxBuffer/.test(error.message)) throw error;
    });
  }
}
