/**
 * Compares the public API with that of the last release, as jsii-diff does, and fails on what would break its users. With --write, the API of
 * today becomes the one to compare with. Run in the folder of the package, after `npx projen compile`.
 */
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';

const root = process.cwd();
const BASELINE = path.join('test', 'package', 'api-baseline.jsii.gz');
const ALLOWED = '.compatignore';

function check(): number {
  const released = fs.mkdtempSync(path.join(tmpdir(), 'api-baseline-'));
  try {
    // jsii-diff would call a package that it cannot download compatible, so the assembly is kept here. It needs its dependencies beside it.
    fs.writeFileSync(path.join(released, '.jsii'), gunzipSync(fs.readFileSync(path.join(root, BASELINE))));
    fs.copyFileSync(path.join(root, 'package.json'), path.join(released, 'package.json'));
    fs.symlinkSync(path.join(root, 'node_modules'), path.join(released, 'node_modules'), 'dir');

    const jsiiDiff = path.join(root, 'node_modules', '.bin', 'jsii-diff');
    const { status } = spawnSync(jsiiDiff, [released, root, '--error-on', 'all', '--keys', '--ignore-file', path.join(root, ALLOWED)], { stdio: 'inherit' });
    if (status === 0) return 0;

    console.error(`The API breaks users of the last release, or jsii-diff failed. Change it so that it does not. Or, for a new major version, put the keys above in ${ALLOWED}.`);
    return 1;
  } finally {
    fs.rmSync(released, { recursive: true, force: true });
  }
}

function main(): number {
  const current = path.join(root, '.jsii');
  if (!fs.existsSync(current)) {
    console.error('.jsii is missing. Run: npx projen compile');
    return 1;
  }
  if (!process.argv.includes('--write')) return check();

  fs.writeFileSync(path.join(root, BASELINE), gzipSync(fs.readFileSync(current), { level: 9 }));
  console.log(`${BASELINE} now has the API of today.`);
  return 0;
}

process.exitCode = main();
