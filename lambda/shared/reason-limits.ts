/** Enough for a reason that is read in a terminal or in a table of events. */
export const MAX_REASON_LENGTH = 2_000;

/**
 * A response to CloudFormation holds at most 4,096 bytes. The rest is for the keys, the ids and the name of the log that the
 * Provider framework adds.
 */
export const MAX_REASON_BYTES = 2_800;

const ELLIPSIS = '…';

/** What a text takes in a response: UTF-8, with quotes, backslashes and line breaks escaped. */
export function jsonBytes(text: string): number {
  return Buffer.byteLength(JSON.stringify(text)) - 2;
}

/** Keeps a text within both limits, and leaves no half of a character at its end. */
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

/** Cuts a text in its middle: a line of a log tells when at its start, and often what at its end. */
export function shortenMiddle(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;

  const kept = maxLength - ELLIPSIS.length;
  const start = text.slice(0, Math.ceil(kept * 2 / 3)).replace(/[\ud800-\udbff]$/, '');
  const end = text.slice(text.length - Math.floor(kept / 3)).replace(/^[\udc00-\udfff]/, '');
  return `${start}${ELLIPSIS}${end}`;
}

/** What room a reason has left. Each piece that it takes stands on a line of its own. */
export class ReasonRoom {
  private length = MAX_REASON_LENGTH;
  private bytes = MAX_REASON_BYTES;

  /** What each of so many can take. */
  public share(count: number): { readonly length: number; readonly bytes: number } {
    return { length: Math.floor(this.length / count), bytes: Math.floor(this.bytes / count) };
  }

  /** Takes the piece whole, or not at all. */
  public take(piece: string): boolean {
    const length = piece.length + 1;
    const bytes = jsonBytes(`${piece}\n`);
    if (length > this.length || bytes > this.bytes) return false;
    this.length -= length;
    this.bytes -= bytes;
    return true;
  }

  /** Takes what fits of the piece, and gives it back; nothing if that would say nothing. */
  public takePart(piece: string, maxLength: number, minLength = 40): string | undefined {
    const part = shorten(piece, Math.min(maxLength, this.length - 1), this.bytes - 2);
    return (part === piece || part.length >= minLength) && this.take(part) ? part : undefined;
  }
}
