export interface Result {
  readonly image: string;
  /** In milliseconds. */
  readonly roundTrip: number;
  /** Whether the target had all layers already. */
  readonly isPresent: boolean;
  readonly way: string;
  readonly seconds: number;
  readonly peakMib: number;
}

export const OURS = 'cdk-lightsail-containers';
const MOST_MIB = 200;

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** A table for people: how much faster than each of the others, which is their time divided by ours. */
export function table(results: readonly Result[]): string {
  const ways = [...new Set(results.map(({ way }) => way))].filter((way) => way !== OURS);
  const lines = [
    `| image | round trip | this | peak memory | ${ways.map((way) => `${way} | ratio`).join(' | ')} |`,
    `|---|---|---|---|${'---|---|'.repeat(ways.length)}`,
  ];
  for (const ours of results.filter(({ way }) => way === OURS)) {
    const others = ways.map((way) => {
      const other = of(results, ours, way);
      return `${other.seconds.toFixed(2)} s, ${Math.round(other.peakMib)} MiB | ${(other.seconds / ours.seconds).toFixed(2)} ×`;
    });
    lines.push(`| ${ours.image}${ours.isPresent ? ', all present' : ''} | ${ours.roundTrip} ms | ${ours.seconds.toFixed(2)} s | ${Math.round(ours.peakMib)} MiB | ${others.join(' | ')} |`);
  }
  return lines.join('\n');
}

/** @returns one line for each goal that is missed */
export function meetsTheGoals(results: readonly Result[]): string[] {
  const missed: string[] = [];
  for (const ours of results.filter(({ way }) => way === OURS)) {
    const others = results.filter((other) => other.way !== OURS && isSameCase(other, ours));
    const fastest = others.reduce((best, other) => (other.seconds < best.seconds ? other : best));
    const require = (ratio: number, goal: number, name: string) => {
      if (ratio < goal) missed.push(`${ours.image}${ours.isPresent ? ', all present' : ''}, ${ours.roundTrip} ms: ${ratio.toFixed(2)} × ${name}, and the goal is ${goal} ×`);
    };
    require(fastest.seconds / ours.seconds, ours.roundTrip > 0 ? 1 : 0.8, `the fastest (${fastest.way})`);
    if (ours.roundTrip === 0) require(of(results, ours, 'skopeo copy').seconds / ours.seconds, 1, 'skopeo copy');
    if (ours.peakMib > MOST_MIB) missed.push(`${ours.image}: ${Math.round(ours.peakMib)} MiB of memory, and the goal is ${MOST_MIB}`);
  }
  return missed;
}

function of(results: readonly Result[], like: Result, way: string): Result {
  return results.find((result) => result.way === way && isSameCase(result, like))!;
}

function isSameCase(a: Result, b: Result): boolean {
  return a.image === b.image && a.roundTrip === b.roundTrip && a.isPresent === b.isPresent;
}
