import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

const ROOT = join(__dirname, '..', '..');

/** What the names of the stacks begin with. */
export const SCENARIO_PREFIX = 'LightsailInteg';

/** Synthesizes a scenario in a process of its own, as integ-runner has it done. */
export async function synthesizeScenario(file: string, outdir: string): Promise<void> {
  await run(join(ROOT, 'node_modules', '.bin', 'tsx'), [file], {
    cwd: __dirname,
    env: { ...process.env, CDK_OUTDIR: outdir, CDK_CONTEXT_JSON: '{}', INTEG_ZONE_NAME: undefined, INTEG_HOSTED_ZONE_ID: undefined },
  });
}
