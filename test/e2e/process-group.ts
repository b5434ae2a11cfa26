import { spawn, type ChildProcess } from 'node:child_process';

export interface ProcessGroupOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Called with what the process writes to stdout and stderr, as it comes. */
  readonly onOutput?: (text: string) => void;
}

export interface Exit {
  readonly code: number | null;
  readonly output: string;
}

/** A child process and its own children: they stop together, and never outlive this process. */
export class ProcessGroup {
  private static readonly running = new Set<ProcessGroup>();

  static {
    // For an end of this process that leaves no time to stop anything in an orderly way.
    process.on('exit', () => ProcessGroup.running.forEach((group) => group.signal('SIGKILL')));
  }

  /** How the child ended; rejects if it could not be started. */
  public readonly exit: Promise<Exit>;
  private readonly child: ChildProcess;
  private written = '';

  constructor(command: string, args: readonly string[], options: ProcessGroupOptions) {
    // Detached makes it the leader of a group of its own. A Ctrl-C in the terminal does not reach it, so stop() has to.
    this.child = spawn(command, args, { cwd: options.cwd, env: options.env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    ProcessGroup.running.add(this);
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.written += text;
        options.onOutput?.(text);
      });
    }
    this.exit = new Promise<Exit>((resolve, reject) => {
      this.child.once('error', reject);
      // Not 'close': a grandchild that keeps the pipe open must not hide that the child has ended.
      this.child.once('exit', (code) => setTimeout(() => resolve({ code, output: this.written }), 50));
    }).finally(() => ProcessGroup.running.delete(this));
    this.exit.catch(() => {});
  }

  public get output(): string {
    return this.written;
  }

  /** Whether any process of the group is there. */
  public get isAlive(): boolean {
    return this.signal(0);
  }

  /** Asks the group to end, and after `patience` milliseconds ends what is left of it. */
  public async stop(patience = 3_000): Promise<void> {
    this.signal('SIGTERM');
    const deadline = Date.now() + patience;
    while (this.isAlive && Date.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    this.signal('SIGKILL');
    await this.exit.catch(() => {});
  }

  private signal(signal: NodeJS.Signals | 0): boolean {
    try {
      return this.child.pid !== undefined && process.kill(-this.child.pid, signal);
    } catch {
      return false;
    }
  }
}
