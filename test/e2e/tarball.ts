import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const ROOT = join(__dirname, '..', '..');
const MAX_BUFFER = 64 * 1024 * 1024;

/** Compiles the package and packs it into a folder, as it is published. */
export async function packedInto(directory: string): Promise<string> {
  await run(join(ROOT, 'node_modules', '.bin', 'jsii'), ['--silence-warnings=reserved-word'], { cwd: ROOT, maxBuffer: MAX_BUFFER });
  await run('npm', ['pack', '--ignore-scripts', '--pack-destination', directory], { cwd: ROOT, maxBuffer: MAX_BUFFER });
  const [name] = (await readdir(directory)).filter((file) => file.endsWith('.tgz'));
  return join(directory, name);
}
