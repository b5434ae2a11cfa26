import { withoutColours, withoutControls } from '../../../shared/plain-text';
import type { Mask } from '../../masking/secret-mask';

/** What one of Lightsail's own lines reports. */
export type LightsailLine = 'creating' | 'started' | 'ended' | 'other';

export interface LogLine {
  /** Masked and without control characters. */
  readonly text: string;
  /** When it was written, in milliseconds since the epoch. */
  readonly at?: number;
  /** Set for lines of Lightsail, not of the container. */
  readonly lightsail?: LightsailLine;
}

const MAX_LINE_LENGTH = 4_000;

const OF_VERSION = /^\s*\[deployment:(\d+)\]\s*(.*)$/;

/** Seen with and without the number of the deployment before them. */
const OWN_LINES: readonly (readonly [RegExp, LightsailLine])[] = [
  [/^Creating your deployment\.*$/, 'creating'],
  [/^Started \d+ new nodes?$/, 'started'],
  [/^(?:Took too long|Cancell?ed)$/, 'ended'],
];

/** Whether Lightsail wrote the line, and for which version if the line has its number. */
export function lightsailLineOf(text: string): { readonly kind: LightsailLine; readonly version?: number } | undefined {
  const ofVersion = OF_VERSION.exec(text);
  const version = ofVersion?.[1];
  const words = (ofVersion?.[2] ?? text).trim();
  const kind = OWN_LINES.find(([pattern]) => pattern.test(words))?.[1];
  if (version !== undefined) return { kind: kind ?? 'other', version: Number(version) };
  return kind && { kind };
}

/** Makes a line safe to show. It is masked before it is shortened, so that no part of a secret remains. */
export function cleanLine(text: string, mask: Mask): string {
  const shown = withoutControls(mask(withoutColours(text))).trimEnd();
  return shown.length <= MAX_LINE_LENGTH ? shown : `${shown.slice(0, MAX_LINE_LENGTH - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}
