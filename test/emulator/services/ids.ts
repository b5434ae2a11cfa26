import { createHash } from 'node:crypto';

const BASE36 = '0123456789abcdefghijklmnopqrstuvwxyz';
const BASE32HEX = BASE36.slice(0, 32);

/**
 * Identifiers that look like AWS's, made of a hash of what they stand for, so that two runs of a test see the same ones.
 */
export class Ids {
  private readonly counters = new Map<string, number>();

  constructor(private readonly seed: string) {}

  /** A UUID of its own for each call, even for the same subject: a service that was deleted and made again has another. */
  public uuid(subject: string): string {
    const count = (this.counters.get(subject) ?? 0) + 1;
    this.counters.set(subject, count);
    const hex = this.digest(`uuid/${subject}/${count}`).toString('hex');
    return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join('-');
  }

  /** The 13 characters in a service's URL. */
  public urlPart(subject: string): string {
    return this.text(`url/${subject}`, BASE36, 13);
  }

  /** The 52 characters at the end of the role that Lightsail makes for a service. */
  public rolePart(subject: string): string {
    return this.text(`role/${subject}`, BASE32HEX, 52);
  }

  /** A number of hexadecimal characters (at most 64). */
  public hex(subject: string, length: number): string {
    return this.digest(`hex/${subject}`).toString('hex').slice(0, length);
  }

  /** A number from 0 up to, but without, 1. */
  public fraction(subject: string): number {
    return this.digest(`fraction/${subject}`).readUInt32BE() / 2 ** 32;
  }

  private text(subject: string, alphabet: string, length: number): string {
    const bytes = Buffer.concat([this.digest(subject), this.digest(`${subject}/more`)]);
    return Array.from(bytes.subarray(0, length), (byte) => alphabet[byte % alphabet.length]).join('');
  }

  private digest(subject: string): Buffer {
    return createHash('sha256').update(`${this.seed}/${subject}`).digest();
  }
}
