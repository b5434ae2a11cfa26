import { join } from 'node:path';
import { ProcessGroup } from './process-group';

const CDK = join(__dirname, '..', '..', 'node_modules', '.bin', 'cdk');

export interface CdkCliOptions {
  readonly env: Readonly<Record<string, string>>;
  /** Where the cloud assemblies go. */
  readonly outputDirectory: string;
  readonly onOutput?: (text: string) => void;
}

export interface CdkResult {
  readonly exitCode: number | null;
  readonly output: string;
}

/** The CDK CLI that the project pins, as a user runs it. */
export class CdkCli {
  private readonly running = new Set<ProcessGroup>();

  constructor(private readonly options: CdkCliOptions) {}

  /** Runs a command in the folder of an app, to its end: a failure is a result as well. */
  public async run(appDirectory: string, args: readonly string[]): Promise<CdkResult> {
    const { env, outputDirectory, onOutput } = this.options;
    const group = new ProcessGroup(CDK, [...args, '--output', outputDirectory], { cwd: appDirectory, env, onOutput });
    this.running.add(group);
    try {
      const { code, output } = await group.exit;
      return { exitCode: code, output };
    } finally {
      this.running.delete(group);
    }
  }

  /** Ends what still runs. */
  public async stop(): Promise<void> {
    await Promise.all([...this.running].map(async (group) => group.stop()));
  }
}
