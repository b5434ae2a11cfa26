import { ENDS, measure, type End, type Measurement } from './scenario';
import { WAYS } from './ways';

export interface Row {
  readonly deployment: string;
  readonly end: End;
  readonly way: string;
  readonly medianDelay: number;
  readonly worstDelay: number;
  /** On the average over the runs. */
  readonly calls: number;
  /** The most that this way needed beyond what Terraform's needed in the same run. */
  readonly mostCallsBeyondTerraform: number;
}

/** Runs all ways of waiting side by side, on deployments that end at different moments of their polling. */
export async function run(minutes: readonly number[], runs: number): Promise<Row[]> {
  const rows: Row[] = [];
  const ends = Object.keys(ENDS) as End[];
  for (const [length, end] of minutes.flatMap((minute) => ends.map((each) => [minute, each] as const))) {
    // A step that shares no divisor with any interval, so that no way of waiting is lucky.
    const lengths = Array.from({ length: runs }, (_, index) => length * 60 + index * (60 / runs));
    const measured = new Map<string, Measurement[]>();
    for (const [way, wait] of Object.entries(WAYS)) {
      const results: Measurement[] = [];
      for (const seconds of lengths) results.push(await measure(wait, { seconds, end }));
      measured.set(way, results);
    }
    const terraform = measured.get('Terraform')!;
    for (const [way, results] of measured) {
      const delays = results.map(({ delaySeconds }) => delaySeconds).sort((a, b) => a - b);
      rows.push({
        deployment: `${length} minutes, ${end}`,
        end,
        way,
        medianDelay: (delays[Math.floor((delays.length - 1) / 2)] + delays[Math.ceil((delays.length - 1) / 2)]) / 2,
        worstDelay: delays[delays.length - 1],
        calls: results.reduce((sum, { calls }) => sum + calls, 0) / results.length,
        mostCallsBeyondTerraform: Math.max(...results.map(({ calls }, index) => calls - terraform[index].calls)),
      });
    }
  }
  return rows;
}

/** What this project promises: success within 4 seconds at the median and 8 at the worst, with at most half as many calls again as Terraform's way. */
export function meetsTheBar({ way, end, calls, medianDelay, worstDelay, mostCallsBeyondTerraform }: Row): boolean {
  if (way !== 'cdk-lightsail-containers') return true;
  // A third of its own calls beyond Terraform's is one and a half times as many.
  return mostCallsBeyondTerraform <= calls / 3 && (end !== 'succeeds' || (medianDelay <= 4 && worstDelay <= 8));
}
