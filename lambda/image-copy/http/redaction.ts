const MAX_LENGTH = 300;

/** What stands for a credential in a text. */
const HIDDEN = '***';

/** Shorter ones would hide parts of ordinary words, and are no secrets worth the name. */
const MIN_SECRET_LENGTH = 4;

/** The credentials and tokens of one registry: they are taken out of every text that others wrote. */
export class Redaction {
  private readonly secrets = new Set<string>();

  public hide(...secrets: string[]): void {
    for (const secret of secrets) {
      if (secret.length < MIN_SECRET_LENGTH) continue;
      this.secrets.add(secret).add(encodeURIComponent(secret));
    }
  }

  /** One line that is fit for an error: no secret, no query of a URL (a presigned one is a credential), and not too long. */
  public clean(text: string): string {
    let cleaned = text;
    // The longest first: one secret may be a part of another.
    for (const secret of [...this.secrets].sort((a, b) => b.length - a.length)) cleaned = cleaned.split(secret).join(HIDDEN);
    cleaned = cleaned
      .replace(/\b(https?:\/\/)[^\s"'<>/@]*@/gi, `$1${HIDDEN}@`)
      .replace(/(https?:\/\/[^\s"'<>?#]*)[?#][^\s"'<>]*/gi, '$1')
      .replace(/\bX-Amz-[\w-]+(?:=|%3D)[^\s"'<>&]*/gi, HIDDEN)
      .replace(/\b(Basic|Bearer)\s+[\w.~+/-]{8,}=*/g, `$1 ${HIDDEN}`)
      .replace(/[\p{Cc}\p{Cs}\s]+/gu, ' ')
      .trim();
    return cleaned.length > MAX_LENGTH ? `${cleaned.slice(0, MAX_LENGTH - 1)}…` : cleaned;
  }
}
