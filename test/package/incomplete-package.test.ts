import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const ROOT = join(__dirname, '..', '..');
const COMPILED = ['lib/index.js', '.jsii'];
const BUNDLED = ['deployment-handler', 'image-handler'].flatMap((bundle) => [`assets/${bundle}/index.js`, `assets/${bundle}/THIRD-PARTY-NOTICES.txt`]);
const SOURCE = 'lambda/index.ts';
const CONTRACT = 'lib/private/resource-properties.ts';
const PARTS = ['package.json', '.npmignore', 'scripts/check-package.ts', 'lib/private/provider/bundle.ts'];

/** A clone of the repository in which some steps of the build were run. */
let clone: string;
beforeEach(() => {
  clone = mkdtempSync(join(tmpdir(), 'cdk-lightsail-clone-'));
  for (const part of PARTS) cpSync(join(ROOT, part), join(clone, part));
  symlinkSync(join(ROOT, 'node_modules'), join(clone, 'node_modules'), 'dir');
  write(SOURCE, CONTRACT);
  changeAt(CONTRACT, 1);
});
afterEach(() => rmSync(clone, { recursive: true, force: true }));

function write(...files: string[]): void {
  for (const file of files) {
    mkdirSync(dirname(join(clone, file)), { recursive: true });
    writeFileSync(join(clone, file), '');
  }
}

function changeAt(file: string, seconds: number): void {
  utimesSync(join(clone, file), seconds, seconds);
}

const pack = () => spawnSync('npm', ['pack', '--dry-run'], { cwd: clone, encoding: 'utf8' });

test('a package that was compiled and bundled is packed', () => {
  write(...COMPILED, ...BUNDLED);
  changeAt(SOURCE, 1);

  expect(pack()).toMatchObject({ status: 0, stdout: expect.stringMatching(/^cdk-lightsail-containers-.*\.tgz$/m) });
});

test.each<[string, string[], string]>([
  ['compiled only', COMPILED, 'assets/deployment-handler/index.js is missing. Run: npx projen bundle'],
  ['compiled, with half a bundle', [...COMPILED, ...BUNDLED.slice(1)], 'assets/deployment-handler/index.js is missing. Run: npx projen bundle'],
  ['bundled only', BUNDLED, 'lib/index.js is missing. Run: npx projen compile'],
])('a package that was %s is not packed', (_, files, error) => {
  write(...files);
  changeAt(SOURCE, 1);

  const { status, stderr, stdout } = pack();
  expect(status).not.toBe(0);
  expect(stderr).toContain('The package is not complete, so it is not packed.\n');
  expect(stderr).toContain(error);
  expect(stdout).not.toContain('.tgz');
});

test('a package whose handler has lost a part is not packed', () => {
  write(...COMPILED, ...BUNDLED, 'assets/image-handler/chunk-1.js');
  writeFileSync(join(clone, 'assets/image-handler/index.js'), 'var a=require("./chunk-1.js");Promise.resolve().then(()=>b(require("./secrets-2.js")))');
  changeAt(SOURCE, 1);

  const { status, stderr } = pack();
  expect(status).toBe(1);
  expect(stderr).toContain('assets/image-handler/secrets-2.js is missing. Run: npx projen bundle');
  expect(stderr).not.toContain('chunk-1.js');
});

test.each([SOURCE, CONTRACT])('a package with a handler that is older than %s is not packed', (source) => {
  write(...COMPILED, ...BUNDLED);
  changeAt(SOURCE, 1);
  changeAt(source, 1000);
  changeAt(BUNDLED[0], 100);

  expect(pack()).toMatchObject({ status: 1, stderr: expect.stringContaining(`assets/deployment-handler/index.js is older than ${source}. Run: npx projen bundle`) });
});
