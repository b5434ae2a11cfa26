/** Long enough for a reason in a terminal or in a table of events. */
export const MAX_REASON_LENGTH = 2_000;

/**
 * A response to CloudFormation has at most 4,096 bytes. The rest is for the keys, the ids and the log name that the Provider
 * framework adds.
 */
export const MAX_REASON_BYTES = 2_800;

const ELLIPSIS = '…';

/** The size of a text in a response: UTF-8, with quotes, backslashes and line breaks escaped. */
export function jsonBytes(text: string): number {
  return Buffer.byteLength(JSON.stringify(text)) - 2;
}

/** Shortens a text to both limits, without half a character at its end. */
export function shorten(text: string, maxLength: number, maxBytes = Infinity): string {
  if (text.length <= maxLength && jsonBytes(text) <= maxBytes) return text;

  let room = { length: maxLength - ELLIPSIS.length, bytes: maxBytes - jsonBytes(ELLIPSIS) };
  let kept = '';
  for (const character of text) {
    room = { length: room.length - character.length, bytes: room.bytes - jsonBytes(character) };
    if (room.length < 0 || room.bytes < 0) break;
    kept += character;
  }
  return `${kept}${ELLIPSIS}`;
}

/** Shortens a text in its middle: a log line has its time at the start, and often its message at the end. */
export function shortenMiddle(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;

  const kept = maxLength - ELLIPSIS.length;
  const start = text.slice(0, Math.ceil(kept * 2 / 3)).replace(/[\ud800-\udbff]$/, '');
  const end = text.slice(text.length - Math.floor(kept / 3)).replace(/^[\udc00-\udfff]/, '');
  return `${start}${ELLIPSIS}${end}`;
}

/** The room that is left in a reason. Each piece is a line of its own. */
export class ReasonRoom {
  private length = MAX_REASON_LENGTH;
  private bytes = MAX_REASON_BYTES;

  /** The room for each of `count` pieces. */
  public share(count: number): { readonly length: number; readonly bytes: number } {
    return { length: Math.floor(this.length / count), bytes: Math.floor(this.bytes / count) };
  }

  /** Takes the whole piece, or nothing. */
  public take(piece: string): boolean {
    const length = piece.length + 1;
    const bytes = jsonBytes(`${piece}\n`);
    if (length > this.length || bytes > this.bytes) return false;
    this.length -= length;
    this.bytes -= bytes;
    return true;
  }

  /** Takes the part of the piece that fits and returns it; nothing if that part is too short to be useful. */
  public takePart(piece: string, maxLength: number, minLength = 40): string | undefined {
    const part = shorten(piece, Math.min(maxLength, this.length - 1), this.bytes - 2);
    return (part === piece || part.length >= minLength) && this.take(part) ? part : undefined;
  }
}
