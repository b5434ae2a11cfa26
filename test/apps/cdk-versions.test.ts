import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import flagsOfNewApps from 'aws-cdk-lib/recommended-feature-flags.json';
import { APPS, titleOf } from './apps';
import manifest from '../../package.json';

/*
 * All apps, synthesized with the lowest aws-cdk-lib and constructs that the package accepts, and with the newest.
 */
const run = promisify(execFile);

const ROOT = join(__dirname, '..', '..');
const NAMES = APPS.map((app): [string] => [titleOf(app).replaceAll('/', '-')]);

let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cdk-versions-'));
  await synthesize('lowest');
  await synthesize('newest');
}, 300_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function synthesize(version: 'lowest' | 'newest'): Promise<void> {
  const apps = APPS.flatMap((app, index) => [NAMES[index][0], app]);
  await run(join(ROOT, 'node_modules', '.bin', 'tsx'), [join(__dirname, 'synthesize-all.ts'), version, join(folder, version), ...apps], {
    // Its tsconfig says where the library is.
    cwd: join(ROOT, 'examples'),
    env: { ...process.env, CDK_CONTEXT_JSON: JSON.stringify(flagsOfNewApps) },
  });
}

/** The templates of an app, without what aws-cdk-lib decides: the version of Node.js, and the code and templates that it brings itself. */
function templates(version: 'lowest' | 'newest', name: string): Record<string, unknown> {
  const assembly = join(folder, version, name);
  const files = readdirSync(assembly).filter((file) => file.endsWith('.template.json')).sort();
  return Object.fromEntries(files.map((file) => {
    const parsed: unknown = JSON.parse(readFileSync(join(assembly, file), 'utf8'), (key, value: unknown) => {
      if (key === 'Runtime') return '<Node.js>';
      const [, hash] = /([0-9a-f]{64})\.(?:zip|json)$/.exec(String(value)) ?? [];
      return typeof value === 'string' && hash !== undefined && !ours(assembly, hash) ? value.replace(hash, '<hash>') : value;
    });
    return [file, parsed];
  }));
}

/** The code of the library has the same hash with each version. */
function ours(assembly: string, hash: string): boolean {
  const asset = join(assembly, `asset.${hash}`);
  return readdirSync(assembly).includes(`asset.${hash}`) && readdirSync(asset).includes('THIRD-PARTY-NOTICES.txt');
}

/** Who synthesized it. */
const runtimes = (version: 'lowest' | 'newest', name: string) => readdirSync(join(folder, version, name)).filter((file) => file.endsWith('.template.json'))
  .flatMap((file) => [...readFileSync(join(folder, version, name, file), 'utf8').matchAll(/"Runtime": "([^"]+)"/g)].map(([, runtime]) => runtime));

test('the lowest versions are those that the package accepts, and the newest are others', () => {
  const versionOf = (name: string) => (JSON.parse(readFileSync(join(ROOT, 'node_modules', name, 'package.json'), 'utf8')) as { version: string }).version;
  const { peerDependencies } = manifest as { peerDependencies: Record<string, string> };

  for (const [name, range] of Object.entries(peerDependencies)) {
    expect(`^${versionOf(name)}`).toBe(range);
    expect(Number(versionOf(`${name}-newest`).split('.')[1])).toBeGreaterThan(Number(versionOf(name).split('.')[1]));
  }
  // That each process loaded its own version shows in what only aws-cdk-lib decides.
  expect(new Set(NAMES.flatMap(([name]) => runtimes('lowest', name)))).toEqual(new Set(['nodejs22.x']));
  expect(new Set(NAMES.flatMap(([name]) => runtimes('newest', name)))).toEqual(new Set(['nodejs24.x']));
});

test.each(NAMES)('%s has the same resources with the lowest and the newest aws-cdk-lib', (name) => {
  const lowest = templates('lowest', name);

  expect(Object.keys(lowest).length).toBeGreaterThan(0);
  expect(templates('newest', name)).toEqual(lowest);
});
