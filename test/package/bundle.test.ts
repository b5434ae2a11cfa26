import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

const ROOT = join(__dirname, '..', '..');
const TSX = join(ROOT, 'node_modules', '.bin', 'tsx');

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'cdk-lightsail-bundle-'));
});
afterEach(async () => {
  await rm(directory, { recursive: true, force: true });
});

/** A copy of what the bundle is made from, in a folder of that name. */
async function copyOfSources(name: string): Promise<string> {
  const copy = join(directory, name);
  await mkdir(copy, { recursive: true });
  await Promise.all(['lambda', 'scripts', 'package.json', 'lib/private/resource-properties.ts'].map(async (part) => cp(join(ROOT, part), join(copy, part), { recursive: true })));
  await symlink(join(ROOT, 'node_modules'), join(copy, 'node_modules'), 'dir');
  return copy;
}

async function bundle(root: string, env: Record<string, string> = {}): Promise<Record<string, string>> {
  await run(TSX, [join(root, 'scripts', 'bundle-handler.ts')], { cwd: root, env: { ...process.env, ...env } });
  return bundleIn(root);
}

/** The files of the bundles, to the byte: what the hashes of the assets are made of. */
async function bundleIn(root: string): Promise<Record<string, string>> {
  const folder = join(root, 'assets');
  const files = (await readdir(folder, { recursive: true })).filter((file) => file.includes('/')).sort();
  return Object.fromEntries(await Promise.all(files.map(async (file) => [file, (await readFile(join(folder, file))).toString('latin1')])));
}

/** Jest would print both, and a bundle is long. */
function expectEqual(actual: Record<string, string>, expected: Record<string, string>): void {
  expect(Object.keys(actual)).toEqual(Object.keys(expected));
  expect(Object.keys(actual).filter((file) => actual[file] !== expected[file])).toEqual([]);
}

test('the bundle has the same bytes wherever it is made', async () => {
  const one = await bundle(await copyOfSources('one'), { TZ: 'UTC', LC_ALL: 'C' });
  const other = await bundle(await copyOfSources(join('an other', 'place', 'deep down')), { TZ: 'Asia/Kathmandu', LC_ALL: 'tr_TR.UTF-8' });

  expect(Object.keys(one)).toEqual(expect.arrayContaining([
    'deployment-handler/THIRD-PARTY-NOTICES.txt', 'deployment-handler/index.js', 'image-handler/THIRD-PARTY-NOTICES.txt', 'image-handler/index.js',
  ]));
  expectEqual(other, one);
  // What the tests use, and what is published, is made in the project itself. If only this differs: npm run bundle
  expectEqual(await bundleIn(ROOT), one);
});

test('line endings do not change the bundle', async () => {
  const asTheyAre = await bundle(await copyOfSources('lf'));
  const copy = await copyOfSources('crlf');
  const sources = (await readdir(join(copy, 'lambda'), { recursive: true })).filter((file) => file.endsWith('.ts')).map((file) => join(copy, 'lambda', file));
  for (const file of [...sources, join(copy, 'package.json')]) {
    await writeFile(file, (await readFile(file, 'utf8')).replace(/\r?\n/g, '\r\n'));
  }

  expectEqual(await bundle(copy), asTheyAre);
});

test('a change of the handler changes the bundle', async () => {
  const before = await bundle(await copyOfSources('before'));
  const copy = await copyOfSources('after');
  await writeFile(join(copy, 'lambda', 'index.ts'), `${await readFile(join(copy, 'lambda', 'index.ts'), 'utf8')}\nexport const added = 1;\n`);
  const after = await bundle(copy);

  expect(after['deployment-handler/index.js']).not.toBe(before['deployment-handler/index.js']);
  expect(after['image-handler/index.js']).toBe(before['image-handler/index.js']);
});

test('what deploys holds nothing of what copies images, and what copies nothing of what deploys', async () => {
  const files = await bundleIn(ROOT);
  const codeOf = (folder: string) => Object.keys(files).filter((file) => file.startsWith(`${folder}/`) && file.endsWith('.js')).map((file) => files[file]).join('\n');
  const [deployer, copier] = [codeOf('deployment-handler'), codeOf('image-handler')];
  const ofTheCopier = ['blobs/uploads/', 'Custom::LightsailContainerImage'];
  const ofTheDeployer = ['Custom::LightsailContainerServiceDeployment', 'Custom::LightsailPrivateRegistryAccess', 'ELB-HealthChecker'];

  expect(ofTheCopier.filter((text) => copier.includes(text))).toEqual(ofTheCopier);
  expect(ofTheCopier.filter((text) => deployer.includes(text))).toEqual([]);
  expect(ofTheDeployer.filter((text) => deployer.includes(text))).toEqual(ofTheDeployer);
  expect(ofTheDeployer.filter((text) => copier.includes(text))).toEqual([]);
});

test('git checks out every file with the line endings that it has in the repository', async () => {
  const rules = (await readFile(join(ROOT, '.gitattributes'), 'utf8')).split('\n').filter((line) => line !== '' && !line.startsWith('#'));

  expect(rules[0]).toBe('* text=auto eol=lf');
  for (const rule of rules.slice(1)) {
    expect(rule).toMatch(/^(?:\S+(?: linguist-\S+)+|\*\.gz binary)$/);
  }
});
