/**
 * How soon each way of waiting reports the end of a deployment, how many calls it makes, how long it holds Lambda executions, and what it costs.
 * All ways run on the same deployments, on a stepped clock, so the numbers are the same on every machine.
 *
 *   npm run bench:wait                    all rows
 *   npm run bench:wait -- --runs 6        fewer deployments in each row
 *   npm run bench:wait -- --write         also writes the tables to benchmarks/README.md
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { goalsOf, run, type Row } from './run';
import { OURS, WAYS } from './ways';

const seconds = (value: number) => `${value.toFixed(1)} s`;
const dollars = (value: number) => `$${(value * 1000).toFixed(2)}`;

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { runs: { type: 'string', default: '24' }, write: { type: 'boolean', default: false } } });
  const runs = Number(values.runs);

  const ours = await run({ ways: [OURS], runs });
  const ownTable = table(['deployment', 'end', 'median', 'worst', 'calls', "Terraform's", 'log calls', 'held', 'cost of 1,000', 'goals'], ours.map((row) => [
    `${row.seconds} s, ${row.shares}`, row.end, seconds(row.medianDelay), seconds(row.worstDelay), row.calls.toFixed(1), row.terraformCalls.toFixed(1),
    row.logCalls.toFixed(1), seconds(row.heldSeconds), dollars(row.cost), verdictOn(row),
  ]));

  const compared = await run({ shares: ['50/22/28'], ends: ['succeeds', 'process exits'], ways: Object.keys(WAYS), runs });
  const wayTable = table(['deployment', 'way of waiting', 'median', 'worst', 'calls', 'held', 'cost of 1,000'], compared.map((row) => [
    `${row.seconds} s, ${row.end}`, row.way, seconds(row.medianDelay), seconds(row.worstDelay), row.calls.toFixed(1), seconds(row.heldSeconds), dollars(row.cost),
  ]));

  const missed = ours.filter((row) => goalsOf(row).some(({ isMet }) => !isMet));
  const summary = `${ours.length - missed.length} of ${ours.length} rows meet every goal.`;
  process.stdout.write(`${ownTable}\n\n${summary}\n\n${wayTable}\n`);
  if (values.write) writeFileSync(join(__dirname, '..', 'README.md'), page(ownTable, summary, wayTable, runs));
  if (missed.length > 0) process.exitCode = 1;
}

function verdictOn(row: Row): string {
  const missed = goalsOf(row).filter(({ isMet }) => !isMet);
  return missed.length === 0 ? 'pass' : `fail: ${missed.map(({ name }) => name).join(', ')}`;
}

function table(header: readonly string[], rows: ReadonlyArray<readonly string[]>): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}

function page(ownTable: string, summary: string, wayTable: string, runs: number): string {
  return `# Benchmarks

\`npm run bench:wait -- --write\` writes this page. Each row has ${runs} deployments, which end at different moments of the polling. Each call of Lightsail
takes 0.1 s. The handler runs in the Provider framework's own code, at the cadence of its state machine. The times of Lightsail's phases are invented,
so the rows have many of them: "50/22/28" means that the three phases take 50, 22 and 28 percent of the time.

- **median, worst**: seconds from the end of the deployment until the end is reported.
- **calls**: requests for the state. Log calls come on top, and only after a failure.
- **held**: seconds of Lambda executions, of the handler and of the framework's functions.
- **cost of 1,000**: Lambda and Step Functions for 1,000 deployments in us-east-1, without the free tier.

Goals: median ≤ 4 s, worst ≤ 8 s, calls ≤ 1.5 × Terraform's. For a success where ACTIVATING_DEPLOYMENT was seen: median ≤ 2 s, worst ≤ 5 s.

## This library

${ownTable}

${summary}

## Other ways of waiting

${wayTable}
`;
}

main().catch((error: Error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
});
