import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';
import type { CopierOutcome, CopierRequest } from './copier';
import { TOOLS } from './tools';

/** Bundles the copier as the handler is. */
export async function bundleCopier(): Promise<string> {
  const outfile = join(TOOLS, 'copier.js');
  await build({ entryPoints: [join(__dirname, 'copier.ts')], outfile, bundle: true, minify: true, platform: 'node', target: 'node20', logLevel: 'error' });
  return outfile;
}

/** A process that is ready to copy one image. */
export class CopierProcess {
  public static async start(bundle: string, env: Record<string, string> = {}): Promise<CopierProcess> {
    const child = spawn(process.execPath, [bundle], { stdio: ['pipe', 'pipe', 'inherit'], env: { PATH: process.env.PATH!, ...env } });
    const copier = new CopierProcess(child);
    await copier.line();
    return copier;
  }

  /** When the answer came; the process ends a little later. */
  public answeredAt = NaN;
  private readonly lines: AsyncIterator<string>;
  private readonly ended: Promise<void>;

  private constructor(private readonly child: ChildProcess) {
    this.lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
    this.ended = new Promise((resolve) => child.once('close', () => resolve()));
  }

  /** What it came to, or undefined if it was killed. */
  public async copy(request: CopierRequest): Promise<CopierOutcome | undefined> {
    this.child.stdin!.on('error', () => {});
    this.child.stdin!.write(`${JSON.stringify(request)}\n`);
    const line = await this.line();
    this.answeredAt = performance.now();
    await this.ended;
    return line === undefined ? undefined : JSON.parse(line) as CopierOutcome;
  }

  public async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
  }

  private async line(): Promise<string | undefined> {
    const { value, done } = await this.lines.next();
    return done ? undefined : value;
  }
}
