import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);

const MAX_BUFFER = 64 * 1024 * 1024;

export type Environment = Readonly<Record<string, string>>;

export interface CommandOptions {
  readonly cwd: string;
  readonly env: Environment;
}

/** Runs a program to its end and resolves to what it printed; if it fails, the error has all of its output. */
export async function run(command: string, args: readonly string[], options: CommandOptions): Promise<string> {
  try {
    const { stdout } = await execute(command, args, { ...options, maxBuffer: MAX_BUFFER });
    return stdout;
  } catch (error) {
    const { message, stdout = '', stderr = '' } = error as Error & { stdout?: string; stderr?: string };
    // Maven reports errors on stdout, and the message of the error holds only stderr.
    throw new Error([message.split('\n')[0], stdout.trim(), stderr.trim()].filter(Boolean).join('\n'));
  }
}

/** What the program prints; nothing if it cannot be run, or fails. */
export async function probe(command: string, args: readonly string[], options: CommandOptions): Promise<string> {
  return run(command, args, options).then((output) => output.trim(), () => '');
}
