import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const README = join(__dirname, 'README.md');

/** Replaces what a benchmark wrote to its section of README.md. */
export function writeSection(benchmark: string, text: string): void {
  const readme = readFileSync(README, 'utf8');
  const [begin, end] = ['begins', 'ends'].map((edge) => `<!-- bench:${benchmark} ${edge} -->`);
  const [from, to] = [readme.indexOf(begin), readme.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`README.md lacks the lines "${begin}" and "${end}".`);

  writeFileSync(README, `${readme.slice(0, from + begin.length)}\n\n${text}\n\n${readme.slice(to)}`);
}

/** A table in Markdown. */
export function markdownTable(header: readonly string[], rows: ReadonlyArray<readonly string[]>): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}
