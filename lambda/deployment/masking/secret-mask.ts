/** Replaces what must not be read by what says so. */
export type Mask = (text: string) => string;

const MASKED = '***';

/**
 * A shorter value stands in half of all words: it is masked only where it stands alone, and in no other form.
 */
const MIN_LENGTH_INSIDE_WORDS = 4;

/** What is cut out of the middle of a base64 text must be long enough to mean something. */
const MIN_BASE64_LENGTH = 8;

/**
 * Masks these values wherever they stand: as they are, URL-encoded, in base64, escaped as in JSON, and, where a value
 * has several lines, each line by itself, since a log breaks it up. What the values have in common is masked once:
 * spans that overlap become one.
 */
export function maskOf(secrets: Iterable<string>): Mask {
  const forms = [...new Set([...secrets].flatMap(formsOf))];

  return (text) => {
    const spans = forms.flatMap((form) => spansOf(text, form)).sort(([a], [b]) => a - b);
    let masked = '';
    let end = 0;
    for (const [from, to] of spans) {
      if (from >= end) masked += text.slice(end, from) + MASKED;
      end = Math.max(end, to);
    }
    return masked + text.slice(end);
  };
}

function spansOf(text: string, form: string): [number, number][] {
  const spans: [number, number][] = [];
  for (let at = text.indexOf(form); at >= 0; at = text.indexOf(form, at + 1)) {
    const to = at + form.length;
    if (form.length >= MIN_LENGTH_INSIDE_WORDS || !(isOfWord(text[at - 1]) || isOfWord(text[to]))) spans.push([at, to]);
  }
  return spans;
}

function isOfWord(character: string | undefined): boolean {
  return character !== undefined && /[\p{L}\p{N}_]/u.test(character);
}

function formsOf(secret: string): string[] {
  const whole = secret.trim();
  if (whole.length < MIN_LENGTH_INSIDE_WORDS) return whole === '' ? [] : [whole];

  const lines = whole.split(/[\r\n]/).map((line) => line.trim());
  // A short line of a long value, such as a bracket, tells nothing.
  return [whole, secret, ...lines]
    .filter((value) => value.length >= MIN_LENGTH_INSIDE_WORDS)
    .flatMap((value) => [value, ...urlForms(value), ...base64Forms(value), ...jsonForms(value)]);
}

function urlForms(value: string): string[] {
  // encodeURIComponent refuses half a surrogate pair.
  const encoded = encodeURIComponent(value.replace(/\p{Cs}/gu, '\ufffd'));
  return [encoded, encoded.replace(/%20/g, '+')]
    .flatMap((form) => [form, form.replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)])
    .flatMap((form) => [form, form.replace(/%../g, (code) => code.toLowerCase())]);
}

/** The value may stand at any place of what was encoded, as in `Authorization: Basic`: three ways to come out. */
function base64Forms(value: string): string[] {
  const bytes = Buffer.from(value);
  const inside = [0, 1, 2].map((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
    // The characters at both ends hold bits of the neighbours too.
    return encoded.slice(offset === 0 ? 0 : offset + 1, Math.floor((offset + bytes.length) * 8 / 6));
  });
  return [bytes.toString('base64'), ...inside.filter((form) => form.length >= MIN_BASE64_LENGTH)]
    .flatMap((form) => [form, form.replace(/\+/g, '-').replace(/\//g, '_')]);
}

/** Encoders differ in what they escape beyond what they must. */
function jsonForms(value: string): string[] {
  const escaped = JSON.stringify(value).slice(1, -1);
  const code = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return [
    escaped,
    escaped.replace(/\//g, '\\/'),
    escaped.replace(/[^\x20-\x7e]/g, code),
    escaped.replace(/[<>&]/g, code),
  ];
}
