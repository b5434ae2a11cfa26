import { ENDS, measure, SHARES, type Deployment, type End, type Measurement, type Shares } from './scenario';
import { OURS, TERRAFORM, WAYS } from './ways';

export const LENGTHS = [45, 90, 120, 300, 600] as const;

/**
 * The lengths of one row differ by up to so much: three pauses of Step Functions with a call each. So no moment of the polling counts more often
 * than another. Other spreads give medians that are up to a second higher or lower, by chance.
 */
const SPREAD_SECONDS = 21.3;

/** Multiples of it, modulo 1, are spread evenly and never keep step with the polling. */
const GOLDEN_RATIO = (Math.sqrt(5) - 1) / 2;

export interface Plan {
  readonly shares?: readonly Shares[];
  readonly lengths?: readonly number[];
  readonly ends?: readonly End[];
  readonly ways?: readonly string[];
  /** Deployments of each row. */
  readonly runs: number;
}

export interface Row {
  readonly shares: Shares;
  readonly seconds: number;
  readonly end: End;
  readonly way: string;
  readonly medianDelay: number;
  readonly worstDelay: number;
  /** Averages over the runs. */
  readonly calls: number;
  readonly logCalls: number;
  readonly terraformCalls: number;
  readonly heldSeconds: number;
  readonly cost: number;
  /** The delays of the runs in which ACTIVATING_DEPLOYMENT was seen; undefined if it was seen in none. */
  readonly activating?: { readonly medianDelay: number; readonly worstDelay: number };
}

export interface Goal {
  readonly name: string;
  readonly isMet: boolean;
}

/** Runs all ways of waiting on the same deployments. */
export async function run({
  shares = Object.keys(SHARES) as Shares[], lengths = LENGTHS, ends = ENDS, ways = Object.keys(WAYS), runs,
}: Plan): Promise<Row[]> {
  const rows: Row[] = [];
  const deployments = shares.flatMap((share) => lengths.flatMap((seconds) => ends.map((end): Deployment => ({ shares: share, seconds, end }))));
  for (const deployment of deployments) {
    const measured = new Map<string, Measurement[]>();
    for (const way of new Set([TERRAFORM, ...ways])) {
      const results: Measurement[] = [];
      for (let index = 0; index < runs; index++) {
        results.push(await measure(WAYS[way], { ...deployment, seconds: deployment.seconds + ((index * GOLDEN_RATIO) % 1) * SPREAD_SECONDS }));
      }
      measured.set(way, results);
    }
    const terraformCalls = average(measured.get(TERRAFORM)!.map(({ calls }) => calls));
    for (const way of ways) rows.push({ ...deployment, way, terraformCalls, ...summary(measured.get(way)!) });
  }
  return rows;
}

function summary(results: readonly Measurement[]) {
  const activating = results.filter(({ sawActivating }) => sawActivating);
  return {
    ...delays(results),
    calls: average(results.map(({ calls }) => calls)),
    logCalls: average(results.map(({ logCalls }) => logCalls)),
    heldSeconds: average(results.map(({ heldSeconds }) => heldSeconds)),
    cost: average(results.map(({ cost }) => cost)),
    ...(activating.length > 0 && { activating: delays(activating) }),
  };
}

function delays(results: readonly Measurement[]): { medianDelay: number; worstDelay: number } {
  const sorted = results.map(({ delaySeconds }) => delaySeconds).sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return { medianDelay: (sorted[Math.floor(middle)] + sorted[Math.ceil(middle)]) / 2, worstDelay: sorted[sorted.length - 1] };
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** What this project promises, for each row of its own. */
export function goalsOf({ way, medianDelay, worstDelay, calls, terraformCalls, activating }: Row): Goal[] {
  if (way !== OURS) return [];
  const tenths = (value: number) => Math.round(value * 10) / 10;
  return [
    { name: 'median ≤ 4 s', isMet: tenths(medianDelay) <= 4 },
    { name: 'worst ≤ 8 s', isMet: tenths(worstDelay) <= 8 },
    { name: "calls ≤ 1.5 × Terraform's", isMet: calls <= 1.5 * terraformCalls },
    ...(activating ? [
      { name: 'median ≤ 2 s where ACTIVATING_DEPLOYMENT was seen', isMet: tenths(activating.medianDelay) <= 2 },
      { name: 'worst ≤ 5 s where ACTIVATING_DEPLOYMENT was seen', isMet: tenths(activating.worstDelay) <= 5 },
    ] : []),
  ];
}
