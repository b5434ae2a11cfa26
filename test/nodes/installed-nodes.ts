import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import manifest from '../../package.json';

const run = promisify(execFile);

/** What is installed here stays for the next run; git ignores it. */
const FOLDER = join(__dirname, '..', '..', '.nodes');

/** The lowest that the package accepts, and one of each later line that AWS Lambda and users run. */
export const NODES = [manifest.engines.node.replace('>= ', ''), '22.23.3', '24.21.0'];

/** The program of a version of Node.js. npm has it as a package for each platform. */
export async function installedNode(version: string): Promise<string> {
  const platform = `${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  const name = `node-${version}`;
  const program = join(FOLDER, 'node_modules', name, 'bin', 'node');
  if (!existsSync(program)) {
    await run('npm', ['install', '--prefix', FOLDER, '--no-audit', '--no-fund', '--loglevel=error', `${name}@npm:node-${platform}@${version}`]);
  }
  return program;
}
