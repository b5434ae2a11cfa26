import { decodedTexts, withEscapes, type DecodedText, type Span } from './decoded-text';
import { oneLine } from '../../shared/reasons/plain-text';

/** Makes a foreign text fit to be shown: on one line, without control characters, and with `***` in place of secret values. */
export interface Mask {
  (text: string): string;
  /** The same for a part of a line, whose beginning or end may be in the middle of a secret. */
  part(line: string, from: number, to: number): string;
  /** The longest beginning of a line that does not end in the middle of a secret. */
  cut(line: string, maxLength: number): string;
}

const MASKED = '***';

/** A shorter value is part of many words: it is masked only as a whole word, and in no other form. */
const MIN_LENGTH_INSIDE_WORDS = 4;

/** A line of base64 or hex may hold only the beginning or the end of a secret. Shorter ones also appear by chance. */
const MIN_FRAGMENT_LENGTH = 4;

/** `scheme://user:password@`, with slashes as some encoders of JSON escape them. */
const URL_PASSWORD = /:\\*\/\\*\/[^\s:@/?#"<>]*:([^\s/?#"<>]+)@/g;

/**
 * Masks these values everywhere, in every encoding that decoded-text.ts knows, and the password in any URL. A value with several lines
 * is also masked line by line, because a log splits it. Overlapping matches are masked once.
 */
export function maskOf(secrets: Iterable<string>): Mask {
  const values = [...new Set([...secrets].flatMap(formsOf))];
  const short = values.filter((value) => value.length < MIN_LENGTH_INSIDE_WORDS);
  const long = values.filter((value) => value.length >= MIN_LENGTH_INSIDE_WORDS);
  // Where an encoder leaves as it is what looks like an escape in the secret itself, decoding changes it: `%41` in the URL of a browser.
  const readable = long.flatMap((value) => withEscapes(value).map(({ text }) => text)).filter((value) => value.length >= MIN_LENGTH_INSIDE_WORDS);
  const index = indexOf([...new Set(readable.flatMap((value) => [value, bytesOf(value)]))]);
  const fragments = [...new Set(long.map(bytesOf))].filter((value) => value.length > MIN_FRAGMENT_LENGTH);

  /** Spans that neither overlap nor touch, in their order. */
  function spansOf(line: string): Span[] {
    const found = [
      ...short.flatMap((value) => wordsOf(line, value)),
      ...decodedTexts(line).flatMap((decoded) => [...occurrences(decoded, index), ...passwordsIn(decoded), ...fragmentsIn(decoded, fragments)]),
    ].sort(([a], [b]) => a - b);
    const merged: [number, number][] = [];
    for (const [from, to] of found) {
      const last = merged.at(-1);
      if (last && from < last[1]) last[1] = Math.max(last[1], to);
      else merged.push([from, to]);
    }
    return merged;
  }

  function part(line: string, from: number, to: number): string {
    let masked = '';
    let end = from;
    for (const [start, stop] of spansOf(line)) {
      if (stop <= from || start >= to) continue;
      masked += line.slice(end, Math.max(start, end)) + MASKED;
      end = Math.min(stop, to);
    }
    return masked + line.slice(end, to);
  }

  return Object.assign((text: string) => {
    const line = oneLine(text);
    return part(line, 0, line.length);
  }, {
    part,
    cut(line: string, maxLength: number): string {
      if (line.length <= maxLength) return line;
      const inside = spansOf(line).find(([from, to]) => from < maxLength && to > maxLength);
      return line.slice(0, inside?.[0] ?? maxLength);
    },
  });
}

/** A secret as logs show it: on one line or on several, and without what parsers of URLs remove. */
function formsOf(secret: string): string[] {
  const whole = secret.trim();
  if (whole.length < MIN_LENGTH_INSIDE_WORDS) return whole === '' ? [] : [whole];

  return [whole, ...secret.split(/[\r\n]+/), whole.replace(/[\t\r\n]/g, '')]
    .flatMap((value) => [value.trim(), oneLine(value).trim()])
    // A short line of a long value, such as a bracket, is not secret.
    .filter((value) => value.length >= MIN_LENGTH_INSIDE_WORDS);
}

/** In UTF-8, a character for each byte. */
function bytesOf(value: string): string {
  return Buffer.from(value).toString('latin1');
}

/** Values by their first characters, so that many values take hardly longer than one. */
interface Index {
  readonly values: ReadonlyMap<string, readonly string[]>;
  /** Whether a value may begin with two characters. */
  readonly beginnings: Uint8Array;
}

const BEGINNINGS = 4_096;

function beginning(text: string, at: number): number {
  return (text.charCodeAt(at) * 31 + text.charCodeAt(at + 1)) % BEGINNINGS;
}

function indexOf(all: readonly string[]): Index {
  const values = new Map<string, string[]>();
  const beginnings = new Uint8Array(BEGINNINGS);
  for (const value of all) {
    const start = value.slice(0, MIN_LENGTH_INSIDE_WORDS);
    values.set(start, [...values.get(start) ?? [], value]);
    beginnings[beginning(value, 0)] = 1;
  }
  return { values, beginnings };
}

function occurrences({ text, span }: DecodedText, { values, beginnings }: Index): Span[] {
  const spans: Span[] = [];
  for (let at = 0; at <= text.length - MIN_LENGTH_INSIDE_WORDS; at++) {
    if (beginnings[beginning(text, at)] === 0) continue;
    for (const value of values.get(text.slice(at, at + MIN_LENGTH_INSIDE_WORDS)) ?? []) {
      if (text.startsWith(value, at)) spans.push(span(at, at + value.length));
    }
  }
  return spans;
}

function passwordsIn({ text, span }: DecodedText): Span[] {
  if (!text.includes('@')) return [];
  return [...text.matchAll(URL_PASSWORD)].map((match) => {
    const end = match.index + match[0].length - 1;
    return span(end - match[1]!.length, end);
  });
}

/** A secret that is split over several lines. */
function fragmentsIn({ text, span, isFragment }: DecodedText, values: readonly string[]): Span[] {
  if (!isFragment || text.length < MIN_FRAGMENT_LENGTH) return [];

  return values.flatMap((value) => {
    if (value.length >= text.length && value.includes(text)) return [span(0, text.length)];
    const spans: Span[] = [];
    const longest = Math.min(value.length, text.length) - 1;
    const end = overlap(longest, value, text);
    if (end > 0) spans.push(span(0, end));
    const start = overlap(longest, text, value);
    if (start > 0) spans.push(span(text.length - start, text.length));
    return spans;
  });
}

/** How many characters before the end of a text are the first ones of another. */
function overlap(longest: number, one: string, other: string): number {
  for (let length = longest; length >= MIN_FRAGMENT_LENGTH; length--) {
    const start = one.length - length;
    // Most do not even have these two in common.
    const mayBe = one.charCodeAt(start) === other.charCodeAt(0) && one.charCodeAt(one.length - 1) === other.charCodeAt(length - 1);
    if (mayBe && one.endsWith(other.slice(0, length))) return length;
  }
  return 0;
}

function wordsOf(line: string, value: string): Span[] {
  const spans: Span[] = [];
  for (let at = line.indexOf(value); at >= 0; at = line.indexOf(value, at + 1)) {
    const to = at + value.length;
    if (!isOfWord(line[at - 1]) && !isOfWord(line[to])) spans.push([at, to]);
  }
  return spans;
}

function isOfWord(character: string | undefined): boolean {
  return character !== undefined && /[\p{L}\p{N}_]/u.test(character);
}
