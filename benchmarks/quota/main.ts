/**
 * Deployments that start together in a new account, whose Lambda functions can run ten times at once; and what the Provider framework can carry
 * there with a handler that makes one call at a time. Cold starts, and the pauses of the SDK, are random: each row has several seeds.
 *
 *   npm run bench:quota                    all rows
 *   npm run bench:quota -- --seeds 5       fewer seeds
 *   npm run bench:quota -- --write         also writes the table to benchmarks/README.md
 */
import { parseArgs } from 'node:util';
import { HANDLERS, runOnQuota, type HandlerName, type QuotaResult } from './run';
import { markdownTable, writeSection } from '../readme';

const QUOTA = 10;
const COUNTS = [2, 3, 4, 5, 6, 10, 20];

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { seeds: { type: 'string', default: '20' }, write: { type: 'boolean', default: false } } });
  const seeds = Number(values.seeds);
  const rows: string[][] = [];
  const succeeded = new Map<HandlerName, number>();
  const always = new Map<HandlerName, number>();
  const reasons = new Set<string>();
  for (const count of COUNTS) {
    for (const handler of Object.keys(HANDLERS) as HandlerName[]) {
      const results: QuotaResult[] = [];
      for (let seed = 1; seed <= seeds; seed++) results.push(await runOnQuota(count, QUOTA, handler, seed));

      const of = (value: (result: QuotaResult) => number) => results.map(value);
      rows.push([
        String(count), handler, `${average(of((result) => result.succeeded)).toFixed(1)} (${range(of((result) => result.succeeded))})`,
        `${average(of((result) => result.seconds)).toFixed(0)} s`, range(of((result) => result.mostAtOnce)), average(of((result) => result.throttled)).toFixed(1),
        `${average(of((result) => result.heldSeconds)).toFixed(0)} s`,
      ]);
      succeeded.set(handler, (succeeded.get(handler) ?? 0) + of((result) => result.succeeded).reduce((sum, each) => sum + each, 0));
      if (results.every((result) => result.succeeded === count)) always.set(handler, count);
      if (handler === 'deployments') results.flatMap((result) => result.reasons).forEach((reason) => reasons.add(reason.split('\n')[0]));
    }
  }

  const table = markdownTable(['started together', 'handler', 'succeeded (least to most)', 'until the last answer', 'most at once', 'without a free slot', 'held'], rows);
  const numbers = (Object.keys(HANDLERS) as HandlerName[])
    .map((handler) => `${handler}: all succeed with every seed up to ${always.get(handler) ?? 0} at a time`).join('; ');
  const report = `${table}\n\n${seeds} seeds in each row. ${numbers}.`;
  process.stdout.write(`${report}\n\n${[...reasons].join('\n')}\n`);
  if (values.write) writeSection('quota', report);
  if (succeeded.get('deployments')! < succeeded.get('one call (the framework alone)')!) process.exitCode = 1;
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function range(values: readonly number[]): string {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return least === most ? String(least) : `${least} to ${most}`;
}

main().catch((error: Error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
});
