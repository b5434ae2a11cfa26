import { oneLine } from '../../../shared/reasons/plain-text';
import type { Mask } from '../../masking/secret-mask';

/** What one of Lightsail's own lines reports. */
export type LightsailLine = 'creating' | 'started' | 'ended';

export interface LogLine {
  /** On one line, without control characters. It may contain secrets: show it only through `shownLine` or a part of a mask. */
  readonly unmasked: string;
  /** When it was written, in milliseconds since the epoch. */
  readonly at?: number;
  /** Set for lines of Lightsail, not of the container. */
  readonly lightsail?: LightsailLine;
  /** It looks like a line of Lightsail that is not known, or of a container that imitates it: it proves nothing about either. */
  readonly isUnclear?: boolean;
}

const MAX_LINE_LENGTH = 4_000;

const OF_VERSION = /^\s*\[deployment:(\d+)\]\s*(.*)$/;

/** Seen with and without the number of the deployment before them. */
const OWN_LINES: readonly (readonly [RegExp, LightsailLine])[] = [
  [/^Creating your deployment\.*$/, 'creating'],
  [/^Started \d+ new nodes?$/, 'started'],
  [/^(?:Took too long|Cancell?ed)$/, 'ended'],
];

/**
 * What a line reports if Lightsail wrote it, and for which version if the line has its number. Only the words tell: the API does not
 * say who wrote a line, so a container can print the same.
 */
export function lightsailLineOf(line: string): { readonly kind?: LightsailLine; readonly version?: number } | undefined {
  const ofVersion = OF_VERSION.exec(line);
  const version = ofVersion?.[1];
  const words = (ofVersion?.[2] ?? line).trim();
  const kind = OWN_LINES.find(([pattern]) => pattern.test(words))?.[1];
  if (version !== undefined) return { kind, version: Number(version) };
  return kind && { kind };
}

/** A line as it arrives. Whatever it contains, it stays one line. */
export function cleanLine(text: string): string {
  return oneLine(text).trimEnd();
}

/** Lines are shown in the log and in the reason. */
const shownLines = new WeakMap<Mask, WeakMap<LogLine, string>>();

/** A line as it can be shown. It is masked before it is shortened, so that no part of a secret remains. */
export function shownLine(line: LogLine, mask: Mask): string {
  const known = shownLines.get(mask) ?? new WeakMap<LogLine, string>();
  shownLines.set(mask, known);
  const shown = known.get(line) ?? shortened(mask(line.unmasked));
  known.set(line, shown);
  return shown;
}

function shortened(text: string): string {
  return text.length <= MAX_LINE_LENGTH ? text : `${text.slice(0, MAX_LINE_LENGTH - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}
