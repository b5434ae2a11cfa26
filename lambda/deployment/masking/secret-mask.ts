/** Replaces secret values in a text by `***`. */
export type Mask = (text: string) => string;

const MASKED = '***';

/** A shorter value is part of many words: it is masked only as a whole word, and in no other form. */
const MIN_LENGTH_INSIDE_WORDS = 4;

/** Shorter parts of a base64 text also appear by chance. */
const MIN_BASE64_LENGTH = 8;

/**
 * Masks these values everywhere: as they are, URL-encoded, in base64 and escaped as in JSON. A value with several lines is also
 * masked line by line, because a log splits it. Overlapping matches are masked once.
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
  // A short line of a long value, such as a bracket, is not secret.
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

/** The value may be at any offset of the encoded text, as in `Authorization: Basic`: there are three results. */
function base64Forms(value: string): string[] {
  const bytes = Buffer.from(value);
  const inside = [0, 1, 2].map((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
    // The characters at both ends also contain bits of the neighbours.
    return encoded.slice(offset === 0 ? 0 : offset + 1, Math.floor((offset + bytes.length) * 8 / 6));
  });
  return [bytes.toString('base64'), ...inside.filter((form) => form.length >= MIN_BASE64_LENGTH)]
    .flatMap((form) => [form, form.replace(/\+/g, '-').replace(/\//g, '_')]);
}

/** Encoders differ in which characters they escape. */
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
