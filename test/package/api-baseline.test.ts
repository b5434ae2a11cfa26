import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

const ROOT = join(__dirname, '..', '..');
const BASELINE = 'test/package/api-baseline.jsii.gz';
const LIBRARY = 'cdk-lightsail-containers';

interface Assembly {
  readonly types: Record<string, { properties: Array<{ name: string; optional?: boolean }>; methods: Array<{ name: string }> }>;
}

/** A clone of the repository that was compiled. */
let clone: string;
beforeEach(() => {
  clone = mkdtempSync(join(tmpdir(), 'cdk-lightsail-api-'));
  for (const part of ['package.json', 'scripts/check-api.ts', BASELINE]) cpSync(join(ROOT, part), join(clone, part));
  symlinkSync(join(ROOT, 'node_modules'), join(clone, 'node_modules'), 'dir');
});
afterEach(() => rmSync(clone, { recursive: true, force: true }));

const check = (...options: string[]) => spawnSync(join(ROOT, 'node_modules', '.bin', 'tsx'), ['scripts/check-api.ts', ...options], { cwd: clone, encoding: 'utf8' });

/** The API of the last release, with a change. */
function compile(change: (types: Assembly['types']) => void = () => undefined): void {
  const assembly = JSON.parse(gunzipSync(readFileSync(join(ROOT, BASELINE))).toString()) as Assembly;
  change(assembly.types);
  writeFileSync(join(clone, '.jsii'), JSON.stringify(assembly));
}

/** A property that users have to give from now on. */
function requireTimeout(types: Assembly['types']): void {
  const type = types[`${LIBRARY}.ContainerServiceDeploymentOptions`];
  type.properties = type.properties.map((property) => (property.name === 'timeout' ? { ...property, optional: undefined } : property));
}

function withoutAddContainer(types: Assembly['types']): void {
  const type = types[`${LIBRARY}.ContainerServiceDeployment`];
  type.methods = type.methods.filter(({ name }) => name !== 'addContainer');
}

test('the API of the last release is accepted', () => {
  compile();
  expect(check()).toMatchObject({ status: 0 });
});

test.each([
  ['a method is removed', withoutAddContainer, 'addContainer'],
  ['an enum or class is removed', (types: Assembly['types']) => { delete types[`${LIBRARY}.ContainerProtocol`]; }, 'ContainerProtocol'],
])('fails if %s, with the key that allows it', (_, change, name) => {
  compile(change);

  const { status, stderr } = check();
  expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringMatching(new RegExp(`err {2}- .*${name}.* \\[removed:.*${name}\\]`)) });

  writeFileSync(join(clone, '.compatignore'), /\[(removed:[^\]]+)\]/.exec(stderr)![1]);
  expect(check()).toMatchObject({ status: 0 });
});

test('fails if an optional property becomes a required one', () => {
  compile(requireTimeout);
  expect(check()).toMatchObject({ status: 1, stderr: expect.stringMatching(/err {2}- .*timeout/) });
});

test('a release replaces it: then the API of before that is what differs', () => {
  compile(withoutAddContainer);
  expect(check('--write')).toMatchObject({ status: 0 });
  expect(check()).toMatchObject({ status: 0 });
});

test('fails if the library was not compiled', () => {
  expect(check()).toMatchObject({ status: 1, stderr: expect.stringContaining('Run: npx projen compile') });
});
