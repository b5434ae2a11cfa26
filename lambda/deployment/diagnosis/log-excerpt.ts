import type { ContainerLogTail } from './container-log/container-log-tail';
import { shownLine } from './container-log/log-line';
import { jsonBytes, shorten, shortenMiddle, type ReasonRoom } from '../../shared/reasons/reason-limits';
import type { Mask } from '../masking/secret-mask';

const MAX_LINE_LENGTH = 240;

/** A shorter part of a line is not worth showing. */
const MIN_LINE_LENGTH = 40;

/** CloudFormation's console shows a reason without its line breaks, so each log line is marked at its start. */
const BEFORE_LINE = '| ';

interface Excerpt {
  readonly header: string;
  /** The share of the log minus its header, so that the first line of a log never takes the room of another log. */
  readonly lineLimit: { readonly length: number; readonly bytes: number };
  /** Lines that can be shown, oldest first. */
  readonly candidates: string[];
  /** Lines that are shown, oldest first. */
  readonly shown: string[];
  isFull: boolean;
}

/**
 * Fills the remaining room with the newest lines of the logs. The logs take turns, one line at a time, so that each gets its
 * share. Room that a short log does not need goes to the others.
 */
export function logExcerpts(tails: readonly ContainerLogTail[], room: ReasonRoom, mask: Mask): string[] {
  const share = room.share(Math.max(1, tails.length));
  const excerpts: Excerpt[] = tails.map((tail) => {
    const header = `Last lines of container "${tail.containerName}":`;
    const taken = header.length + '\n\n'.length;
    const lineLimit = {
      length: Math.min(MAX_LINE_LENGTH, Math.max(MIN_LINE_LENGTH, share.length - taken)),
      bytes: Math.max(MIN_LINE_LENGTH, share.bytes - taken - jsonBytes('\n\n')),
    };
    return { header, lineLimit, candidates: showable(tail, mask), shown: [], isFull: false };
  });

  for (;;) {
    const open = excerpts.filter(({ candidates, isFull }) => candidates.length > 0 && !isFull);
    if (open.length === 0) return excerpts.filter(({ shown }) => shown.length > 0).flatMap(({ header, shown }) => [header, ...shown]);
    open.forEach((excerpt) => takeNewest(excerpt, room));
  }
}

function takeNewest(excerpt: Excerpt, room: ReasonRoom): void {
  const { length, bytes } = excerpt.lineLimit;
  const line = shorten(shortenMiddle(excerpt.candidates.pop() ?? '', length), length, bytes);
  const isFirst = excerpt.shown.length === 0;
  // A header without a line below it is useless.
  if (room.take(isFirst ? `${excerpt.header}\n${line}` : line)) {
    excerpt.shown.unshift(line);
    return;
  }
  excerpt.isFull = true;
  if (isFirst) return;
  const part = room.takePart(line, length, MIN_LINE_LENGTH);
  if (part !== undefined) excerpt.shown.unshift(part);
}

/** The lines of the container, or those of Lightsail if there are none. Each is shown once: a restarted process repeats itself. */
function showable({ lines, skipped }: ContainerLogTail, mask: Mask): string[] {
  const own = lines.filter(({ lightsail }) => lightsail === undefined);
  const newest = new Map<string, { text: string; times: number }>();
  for (const line of own.some(({ isUnclear }) => !isUnclear) ? own : lines) {
    const text = shownLine(line, mask);
    const key = withoutTimes(text);
    const times = (newest.get(key)?.times ?? 0) + 1;
    newest.delete(key);
    newest.set(key, { text, times });
  }
  // Lines that were left out may contain more of them.
  const counted = (times: number) => (times > 1 ? ` (${times}${skipped > 0 ? '+' : ''} times)` : '');
  return [...newest.values()].map(({ text, times }) => `${BEFORE_LINE}${text}${counted(times)}`);
}

/** A line without times, addresses and durations: two lines that differ only in these say the same. */
function withoutTimes(text: string): string {
  return text
    .replace(/\d{4}[-/]\d\d[-/]\d\d|\d\d\/\w{3}\/\d{4}/g, 'D')
    .replace(/\d\d:\d\d:\d\d(?:[.,]\d+)?(?: ?(?:Z|[+-]\d\d:?\d\d))?/g, 'T')
    .replace(/\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?/g, 'A')
    .replace(/\b\d+(?:\.\d+)?\s?(?:ns|µs|us|ms|s)\b/g, 'L')
    .replace(/\b\d{10,}\b/g, 'N');
}
