import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

const ROOT = join(__dirname, '..', '..');
const TSX = join(ROOT, 'node_modules', '.bin', 'tsx');

/** An app that uses all that the library offers. */
export const EVERYTHING = join(__dirname, 'everything');

/** The folders of all whole apps of TypeScript, those of users first; the examples in other languages are the same app. */
export const APPS: readonly string[] = ['examples', 'test/e2e/apps', 'test/apps']
  .map((folder) => join(ROOT, folder))
  .flatMap((folder) => readdirSync(folder).sort().map((name) => join(folder, name)))
  .filter((folder) => existsSync(join(folder, 'cdk.json')) && existsSync(join(folder, 'app.ts')));

/** What a test calls an app. */
export function titleOf(app: string): string {
  return relative(ROOT, app);
}

export interface SynthesisOptions {
  /** Where the cloud assembly goes. */
  readonly outdir: string;
  readonly context?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
  /** A script that is given the app's file and runs it. */
  readonly runner?: string;
}

/** Synthesizes an app in a process of its own, as the CDK CLI has it done. */
export async function synthesize(app: string, { outdir, context = {}, env, runner }: SynthesisOptions): Promise<void> {
  await run(TSX, [...(runner === undefined ? [] : [runner]), join(app, 'app.ts')], {
    cwd: app,
    env: { ...process.env, CDK_OUTDIR: outdir, CDK_CONTEXT_JSON: JSON.stringify(context), ...env },
  });
}
