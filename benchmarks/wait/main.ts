/**
 * How soon each way of waiting reports the end of a deployment, how many calls it makes, how long it holds Lambda executions, and what it costs.
 * All ways run on the same deployments, on a stepped clock, so the numbers are the same on every machine.
 *
 *   npm run bench:wait                    all rows
 *   npm run bench:wait -- --runs 12       fewer deployments in each row
 *   npm run bench:wait -- --write         also writes the tables to benchmarks/README.md
 */
import { parseArgs } from 'node:util';
import { goalsOf, run, type Row } from './run';
import { OURS, WAYS } from './ways';
import { markdownTable, writeSection } from '../readme';

const seconds = (value: number) => `${value.toFixed(1)} s`;
const dollars = (value: number) => `$${(value * 1000).toFixed(2)}`;

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { runs: { type: 'string', default: '55' }, write: { type: 'boolean', default: false } } });
  const runs = Number(values.runs);

  const ours = await run({ ways: [OURS], runs });
  const ownTable = markdownTable(['deployment', 'end', 'median', 'worst', 'seen: median', 'worst', 'calls', "Terraform's", 'log calls', 'held', 'cost of 1,000', 'goals'], ours.map((row) => [
    `${row.seconds} s, ${row.shares}`, row.end, seconds(row.medianDelay), seconds(row.worstDelay),
    row.activating ? seconds(row.activating.medianDelay) : '', row.activating ? seconds(row.activating.worstDelay) : '', row.calls.toFixed(1), row.terraformCalls.toFixed(1),
    row.logCalls.toFixed(1), seconds(row.heldSeconds), dollars(row.cost), verdictOn(row),
  ]));

  const compared = await run({ shares: ['50/22/28'], ends: ['succeeds', 'process exits'], ways: Object.keys(WAYS), runs });
  const wayTable = markdownTable(['deployment', 'way of waiting', 'median', 'worst', 'calls', 'held', 'cost of 1,000'], compared.map((row) => [
    `${row.seconds} s, ${row.end}`, row.way, seconds(row.medianDelay), seconds(row.worstDelay), row.calls.toFixed(1), seconds(row.heldSeconds), dollars(row.cost),
  ]));

  const missed = ours.filter((row) => goalsOf(row).some(({ isMet }) => !isMet));
  const summary = `${ours.length - missed.length} of ${ours.length} rows meet every goal, with ${runs} deployments in each.`;
  const report = `### This library\n\n${summary}\n\n${ownTable}\n\n### Other ways of waiting\n\n${wayTable}`;
  process.stdout.write(`${report}\n`);
  if (values.write) writeSection('wait', report);
  if (missed.length > 0) process.exitCode = 1;
}

function verdictOn(row: Row): string {
  const missed = goalsOf(row).filter(({ isMet }) => !isMet);
  return missed.length === 0 ? 'met' : `missed: ${missed.map(({ name }) => name).join(', ')}`;
}

main().catch((error: Error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
});
