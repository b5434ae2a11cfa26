import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync, type Format } from 'esbuild';

/*
 * A CDK app that esbuild bundles into one file, with the library in it or beside it.
 */
const ROOT = join(__dirname, '..', '..');
const PEERS = ['aws-cdk-lib', 'constructs'];
const ALL = [...PEERS, 'cdk-lightsail-containers'];

const APP = `
import { App, Stack } from 'aws-cdk-lib';
import { ContainerImage, ContainerService } from 'cdk-lightsail-containers';
const app = new App();
const stack = new Stack(app, 'Bundled');
ContainerService.fromContainerServiceName(stack, 'Service', 'web')
  .addDeployment('Deployment', { containers: { web: { image: ContainerImage.fromRegistry('nginx:1.27') } } });
console.log(JSON.stringify(app.synth().getStackByName('Bundled').template));
`;

/** A project with the installed packages, as npm lays them out. */
let project: string;
beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), 'cdk-lightsail-bundled-'));
  const installed = join(project, 'node_modules', 'cdk-lightsail-containers');
  mkdirSync(installed, { recursive: true });
  for (const peer of PEERS) symlinkSync(join(ROOT, 'node_modules', peer), join(project, 'node_modules', peer), 'dir');
  for (const part of ['package.json', 'assets']) cpSync(join(ROOT, part), join(installed, part), { recursive: true });
  buildSync({
    entryPoints: readdirSync(join(ROOT, 'lib'), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts')).map((file) => join(ROOT, 'lib', file)),
    outdir: join(installed, 'lib'),
    format: 'cjs',
    platform: 'node',
  });
  writeFileSync(join(project, 'app.ts'), APP);
});
afterAll(() => rmSync(project, { recursive: true, force: true }));

/** Bundles the app, and runs it. */
function run(folder: string, external: string[], format: Format = 'cjs'): string {
  const outfile = join(project, folder, format === 'esm' ? 'app.mjs' : 'app.js');
  // A bundle of ES modules has no require() for the packages outside.
  const banner = format === 'esm' ? { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" } : undefined;
  buildSync({ entryPoints: [join(project, 'app.ts')], outfile, banner, external, format, bundle: true, platform: 'node', minify: true, logLevel: 'error' });
  return execFileSync(process.execPath, [outfile], { cwd: project, encoding: 'utf8', stdio: 'pipe' });
}

test('an app in one file synthesizes if the packages with constructs stay outside', () => {
  const { Resources } = JSON.parse(run('dist', ALL));

  expect(Object.values<any>(Resources).map(({ Type }) => Type)).toContain('Custom::LightsailContainerServiceDeployment');
});

// The second place has what an unchecked search would take for the handler.
test.each<[string, string, Format]>([
  ['CommonJS', 'dist', 'cjs'],
  ['CommonJS, deep in another project', join('a', 'b', 'c', 'd'), 'cjs'],
  ['ES modules', 'dist', 'esm'],
])('an app in one file fails with the cause and the remedy if it holds the library: %s', (_, folder, format) => {
  mkdirSync(join(project, 'a', 'assets', 'deployment-handler'), { recursive: true });
  writeFileSync(join(project, 'a', 'assets', 'deployment-handler', 'index.js'), '');
  writeFileSync(join(project, 'a', 'package.json'), '{}');

  expect(() => run(folder, PEERS, format)).toThrow(new RegExp(
    '\\[Bundled/Service/Deployment\\] provider: the code of cdk-lightsail-containers was bundled into another file.* Leave the packages with CDK constructs out of the bundle'
    + '.*--external:cdk-lightsail-containers --external:aws-cdk-lib --external:constructs'));
});

test('a package without its handler fails with the folder and the remedy', () => {
  const assets = join(project, 'node_modules', 'cdk-lightsail-containers', 'assets', 'deployment-handler');
  rmSync(assets, { recursive: true });

  expect(() => run('dist', ALL)).toThrow(/provider: the folder .*deployment-handler of cdk-lightsail-containers is missing or empty\. Install the package again/);
});
