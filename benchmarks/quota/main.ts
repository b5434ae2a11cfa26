/**
 * Deployments that start together in a new account, whose Lambda functions can run ten times at once; and what the Provider framework can carry
 * there with a handler that makes one call at a time.
 *
 *   npm run bench:quota
 */
import { HANDLERS, runOnQuota, type HandlerName } from './run';

const QUOTA = 10;
const COUNTS = [6, 10, 20];

async function main(): Promise<void> {
  const rows: object[] = [];
  const reasons = new Set<string>();
  for (const count of COUNTS) {
    for (const handler of Object.keys(HANDLERS) as HandlerName[]) {
      const result = await runOnQuota(count, QUOTA, handler);
      rows.push({
        'started together': count,
        'handler': handler,
        'succeeded': result.succeeded,
        'until the last answer': `${result.seconds.toFixed(0)} s`,
        'most at once': result.mostAtOnce,
        'without a free slot': result.throttled,
        'held': `${result.heldSeconds.toFixed(0)} s`,
      });
      if (handler === 'deployments') result.reasons.forEach((reason) => reasons.add(reason.split('\n')[0]));
      if (handler === 'deployments' && result.succeeded < count) process.exitCode = 1;
    }
  }
  console.table(rows);
  reasons.forEach((reason) => console.log(reason));
}

main().catch((error: Error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
});
