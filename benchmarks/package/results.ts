/** One number that has a goal. */
export interface Verdict {
  readonly what: string;
  readonly value: number;
  /** The most that it may be. */
  readonly goal: number;
  readonly unit: '×' | 'kB';
}

export interface Section {
  /** As in the comments of benchmarks/README.md: `bench:<name> begins`. */
  readonly name: string;
  readonly text: string;
  readonly verdicts: readonly Verdict[];
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * Runs all ways in turn, so that another load of the machine meets all of them.
 *
 * @returns the median of each way
 */
export async function mediansOf<Way extends string>(rounds: number, ways: Record<Way, () => number | Promise<number>>): Promise<Record<Way, number>> {
  const names = Object.keys(ways) as Way[];
  const measured = new Map<Way, number[]>(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const name of names) measured.get(name)!.push(await ways[name]());
  }
  return Object.fromEntries(names.map((name) => [name, median(measured.get(name)!)])) as Record<Way, number>;
}

export function isMet({ value, goal }: Verdict): boolean {
  return value <= goal;
}

/** A sentence for each goal. */
export function verdictText(verdicts: readonly Verdict[]): string {
  return verdicts.map((verdict) => {
    const { what, value, goal, unit } = verdict;
    const rounded = unit === '×' ? value.toFixed(2) : value.toFixed(0);
    // A miss is not to look like the goal.
    const shown = !isMet(verdict) && Number(rounded) <= goal ? String(Number(value.toFixed(3))) : rounded;
    return `- ${what}: ${shown} ${unit}, and the goal is at most ${goal} ${unit}: ${isMet(verdict) ? 'met' : '**missed**'}.`;
  }).join('\n');
}

export const milliseconds = (value: number) => `${value.toFixed(value < 100 ? 1 : 0)} ms`;
export const times = (value: number) => `${value.toFixed(2)} ×`;
export const kilobytes = (bytes: number) => `${(bytes / 1000).toFixed(0)} kB`;
