import { runOnQuota } from '../../../benchmarks/quota/run';
import { goalsOf, LENGTHS, run, type Row } from '../../../benchmarks/wait/run';
import { ENDS, SHARES, type Shares } from '../../../benchmarks/wait/scenario';
import { OURS } from '../../../benchmarks/wait/ways';

/** Deployments of each row. Fewer give medians that depend on chance. */
const RUNS = 34;

/** The time is simulated, but hundreds of deployments take their time on a machine that is busy. */
const BUSY_MACHINE_MS = 600_000;

/*
 * Waiting is quick and cheap, whatever Lightsail's phases take, and holds no Lambda executions while nothing is expected.
 */
describe.each(Object.keys(SHARES) as Shares[])('phases of %s', (shares) => {
  test.each(ENDS)(`with phases of ${shares}, the end of a deployment whose outcome is "%s" is reported within 4 s (median) and 8 s (worst), 2 s and 5 s where the activation was seen, with at most 1.5 times Terraform's calls`, async (end) => {
    const rows = await run({ shares: [shares], ends: [end], ways: [OURS], runs: RUNS });

    const missed = rows.flatMap((row) => goalsOf(row).filter(({ name, isMet }) => !isMet && !isKnownMiss(row, name))
      .map(({ name }) => `${row.seconds} s: ${name} (median ${row.medianDelay.toFixed(1)}, worst ${row.worstDelay.toFixed(1)}, calls ${row.calls.toFixed(1)} beside ${row.terraformCalls.toFixed(1)})`));
    expect(rows).toHaveLength(LENGTHS.length);
    expect(missed).toEqual([]);
  }, BUSY_MACHINE_MS);
});

/** The one goal that cannot be reached along with the others: decisions/0015-step-functions-waits.md. */
function isKnownMiss({ shares, seconds, end, activating }: Row, goal: string): boolean {
  return shares === '50/22/28' && seconds === 600 && end === 'succeeds' && goal === 'median ≤ 2 s where ACTIVATING_DEPLOYMENT was seen' && activating!.medianDelay <= 2.6;
}

test.each(Object.keys(SHARES) as Shares[])('with phases of %s, two Lambda executions are held while the deployment activates, and for one minute beside that', async (shares) => {
  for (const { seconds, heldSeconds } of await run({ shares: [shares], ends: ['succeeds'], ways: [OURS], runs: 4 })) {
    const activating = shares === 'no state detail' ? 0 : (seconds * SHARES[shares][2]) / 100;
    expect(heldSeconds).toBeLessThan(2 * activating + 60);
  }
}, BUSY_MACHINE_MS);

test.each([6, 10, 20])('of %i deployments that start together on a quota of ten executions, as many succeed as the framework itself can carry', async (count) => {
  const succeeded = { ours: 0, alone: 0 };
  for (let seed = 1; seed <= 5; seed++) {
    succeeded.alone += (await runOnQuota(count, 10, 'one call (the framework alone)', seed)).succeeded;
    succeeded.ours += (await runOnQuota(count, 10, 'deployments', seed)).succeeded;
  }

  expect(succeeded.ours).toBeGreaterThanOrEqual(succeeded.alone);
}, BUSY_MACHINE_MS);
