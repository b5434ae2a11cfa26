import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

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

let directory: string;
let tarball: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'cdk-lightsail-packed-'));
  await run(join(ROOT, 'node_modules', '.bin', 'jsii'), ['--silence-warnings=reserved-word'], { cwd: ROOT, maxBuffer: MAX_BUFFER });
  await run('npm', ['pack', '--ignore-scripts', '--pack-destination', directory], { cwd: ROOT, maxBuffer: MAX_BUFFER });
  const [name] = (await readdir(directory)).filter((file) => file.endsWith('.tgz'));
  tarball = join(directory, name);
}, TIMEOUT);
afterAll(async () => {
  if (directory) {
    await rm(directory, { recursive: true, force: true });
  }
});

test('the package holds what runs, and nothing that makes it', async () => {
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

test('it works in a project that has nothing but its peers', async () => {
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
