import { join } from 'node:path';
import type { CompiledApps } from './compiled-apps';
import { inTemporaryFolder, ROOT, runNode } from './processes';
import { mediansOf, milliseconds, times, type Section, type Verdict } from './results';
import { markdownTable } from '../readme';

const COUNTS = [1, 10, 100];
/** More do not fit into a stack: see the section about that. */
const PER_STACK = 40;
const GOAL = 1.3;

const CDK = join(ROOT, 'node_modules', 'aws-cdk', 'bin', 'cdk');
const QUIET = { CDK_DISABLE_VERSION_CHECK: '1', CDK_DISABLE_CLI_TELEMETRY: 'true', CI: 'true' };

type Way = 'inline' | 'by-hand' | 'library';
const WAYS: readonly Way[] = ['inline', 'by-hand', 'library'];

/** How long `cdk synth` takes, and the app alone. */
export async function measureSynthesis(apps: CompiledApps, rounds: number): Promise<Section> {
  const rows: string[][] = [];
  const verdicts: Verdict[] = [];
  for (const count of COUNTS) {
    for (const [command, measure] of [['`cdk synth`', cdkSynth], ['`node app.js`', appAlone]] as const) {
      const way = (kind: Way) => async () => inTemporaryFolder((folder) => measure(apps, kind, count, folder));
      const medians = await mediansOf(rounds, Object.fromEntries(WAYS.map((kind) => [kind, way(kind)])) as Record<Way, () => Promise<number>>);
      const ratio = medians.library / medians.inline;
      rows.push([String(count), command, ...WAYS.map((kind) => milliseconds(medians[kind])), times(ratio), times(medians['by-hand'] / medians.inline), times(medians.library / medians['by-hand'])]);
      if (command === '`cdk synth`') verdicts.push({ what: `${command} of ${count} deployment${count === 1 ? '' : 's'}`, value: ratio, goal: GOAL, unit: '×' });
    }
  }
  const header = ['deployments', 'command', 'inline', 'by hand', 'this', 'this / inline', 'by hand / inline', 'this / by hand'];
  return { name: 'synthesis', text: markdownTable(header, rows), verdicts };
}

function appAlone({ app, env }: CompiledApps, kind: Way, count: number, folder: string): number {
  return timed(() => runNode(app(kind, count, PER_STACK, join(folder, 'cdk.out')), { env, cwd: folder }));
}

function cdkSynth({ app, env }: CompiledApps, kind: Way, count: number, folder: string): number {
  const [file, ...args] = app(kind, count, PER_STACK);
  const command = `node ${JSON.stringify(file)} ${args.join(' ')}`;
  return timed(() => runNode([CDK, 'synth', '--quiet', '--no-notices', '--app', command, '--output', join(folder, 'cdk.out')], { env: { ...env, ...QUIET }, cwd: folder }));
}

function timed(work: () => void): number {
  const before = performance.now();
  work();
  return performance.now() - before;
}
