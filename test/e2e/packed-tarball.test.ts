import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { packedInto } from './tarball';
import { EVERYTHING, synthesize } from '../apps/apps';

const run = promisify(execFile);

const ROOT = join(__dirname, '..', '..');
const TIMEOUT = 10 * 60_000;
const MAX_BUFFER = 64 * 1024 * 1024;

/** What a user writes, in JavaScript. */
const APP = `
const { App, Stack } = require('aws-cdk-lib');
const { ContainerImage, ContainerService, ContainerServiceDeployment } = require('cdk-lightsail-containers');
const app = new App();
const stack = new Stack(app, 'Packed');
new ContainerServiceDeployment(stack, 'Deployment', {
  service: ContainerService.fromContainerServiceName(stack, 'Service', 'web'),
  containers: { web: { image: ContainerImage.fromRegistry('nginx:1.27') } },
});
console.log(JSON.stringify(app.synth().getStackByName('Packed').template));
`;

/** What the CDK CLI writes into templates by default. */
const WHAT_THE_CLI_SETS = { 'aws:cdk:enable-path-metadata': true, 'aws:cdk:enable-asset-metadata': true, 'aws:cdk:version-reporting': true };

let directory: string;
let tarball: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'cdk-lightsail-packed-'));
  tarball = await packedInto(directory);
}, TIMEOUT);
afterAll(async () => {
  if (directory) {
    await rm(directory, { recursive: true, force: true });
  }
});

test('the package contains what runs, and no sources', async () => {
  const { stdout } = await run('tar', ['-tzf', tarball], { maxBuffer: MAX_BUFFER });
  const files = stdout.trim().split('\n').map((file) => file.replace(/^package\//, ''));
  expect(files).toEqual(expect.arrayContaining([
    'lib/index.js',
    'lib/index.d.ts',
    '.jsii',
    'assets/deployment-handler/index.js',
    'assets/deployment-handler/THIRD-PARTY-NOTICES.txt',
    'README.md',
    'LICENSE',
    'package.json',
  ]));
  expect(files.filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))).toEqual([]);
  // Whatever is new at the top of the repository stays out until it is named here.
  const top = [...new Set(files.map((file) => file.split('/')[0]))].sort();
  expect(['.jsii', 'API.md', 'LICENSE', 'README.md', 'assets', 'lib', 'package.json']).toEqual(expect.arrayContaining(top));
});

test('the package works in a project with only its peer dependencies', async () => {
  const project = join(directory, 'project');
  await mkdir(project);
  await writeFile(join(project, 'package.json'), JSON.stringify({ name: 'app', version: '0.0.0', private: true }));
  await writeFile(join(project, 'app.js'), APP);
  await run('npm', ['install', '--no-audit', '--no-fund', tarball, 'aws-cdk-lib@2.240.0', 'constructs@10.5.0'], {
    cwd: project,
    maxBuffer: MAX_BUFFER,
  });

  const { stdout } = await run(process.execPath, ['app.js'], { cwd: project, maxBuffer: MAX_BUFFER });
  const template = JSON.parse(stdout) as { Resources: Record<string, { Type: string }> };
  const types = Object.values(template.Resources).map(({ Type }) => Type);
  expect(types).toContain('Custom::LightsailContainerServiceDeployment');

  const listed = await run('npm', ['ls', '--all', '--json'], { cwd: project, maxBuffer: MAX_BUFFER });
  const { dependencies } = JSON.parse(listed.stdout) as { dependencies: Record<string, object> };
  expect(Object.keys(dependencies).sort()).toEqual(['aws-cdk-lib', 'cdk-lightsail-containers', 'constructs']);
  expect(listed.stdout).not.toContain('"esbuild"');
}, TIMEOUT);

/** A copy of the built package in a folder of that name, and the cloud assembly that an app makes with it: file by file, to the byte. */
async function assemblyOfCopy(name: string, filesAreOf: Date, env: Record<string, string>): Promise<Record<string, string>> {
  const copy = join(directory, name);
  await mkdir(copy, { recursive: true });
  await run('tar', ['-xzf', tarball, '--strip-components=1', '-C', copy]);
  for (const file of await filesBelow(copy)) {
    await utimes(join(copy, file), filesAreOf, filesAreOf);
  }
  await symlink(join(ROOT, 'node_modules'), join(copy, 'node_modules'), 'dir');

  // The app stands beside the package as it does in the repository: what it imports is the copy.
  const app = join(copy, 'test', 'apps', 'everything');
  await cp(EVERYTHING, app, { recursive: true });
  const outdir = join(copy, 'cdk.out');
  await synthesize(app, { outdir, env, context: WHAT_THE_CLI_SETS });
  return Object.fromEntries(await Promise.all((await filesBelow(outdir)).map(async (file) => [file, (await readFile(join(outdir, file))).toString('latin1')])));
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => relative(folder, join(entry.parentPath, entry.name))).sort();
}

test('an app synthesizes to the same bytes, independent of place and time of the installation', async () => {
  const one = await assemblyOfCopy('one', new Date('1985-10-26T08:15:00Z'), { TZ: 'UTC', LC_ALL: 'C' });
  const other = await assemblyOfCopy(join('an other', 'place', 'deep down'), new Date('2031-02-03T04:05:06Z'), { TZ: 'Asia/Kathmandu', LC_ALL: 'tr_TR.UTF-8' });

  expect(Object.keys(one)).toEqual(expect.arrayContaining([
    'Everything.template.json', 'Imported.template.json', expect.stringMatching(/nested\.template\.json$/), expect.stringMatching(/^asset\..*\/index\.js$/),
  ]));
  expect(Object.keys(other)).toEqual(Object.keys(one));
  expect(Object.keys(one).filter((file) => one[file] !== other[file])).toEqual([]);
}, TIMEOUT);
