/**
 * How soon each way of waiting tells how a deployment ended, and how many calls it makes for it. Everything runs in one go on
 * the same deployments, on a stepped clock, so the numbers are the same on every machine.
 *
 *   npm run bench:wait
 */
import { meetsTheBar, run } from './run';

const seconds = (value: number) => `${value.toFixed(1)} s`;

async function main(): Promise<void> {
  const rows = await run([2, 5, 10], 47);
  console.table(rows.map((row) => ({
    'deployment': row.deployment,
    'way of waiting': row.way,
    'delay, median': seconds(row.medianDelay),
    'delay, worst': seconds(row.worstDelay),
    'calls, average': row.calls.toFixed(1),
    'calls beyond Terraform, worst': row.mostCallsBeyondTerraform,
  })));
  const missed = rows.filter((row) => !meetsTheBar(row));
  if (missed.length > 0) throw new Error(`The bar is missed: ${missed.map(({ deployment }) => deployment).join('; ')}`);
  console.log('Success is told within 2 s at the median and 5 s at the worst, with no more calls than Terraform makes.');
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
