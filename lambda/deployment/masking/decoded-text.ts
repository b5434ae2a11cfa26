/** A part of a text: from the first character to the one after the last. */
export type Span = readonly [from: number, to: number];

/**
 * A text that was decoded from a part of a log line. A secret that is found in it is masked in the line as it was written, however it
 * was encoded there.
 */
export interface DecodedText {
  readonly text: string;
  /** Where in the line is what a part of the text was decoded from. */
  readonly span: (from: number, to: number) => Span;
  /** Bytes, one character each, instead of characters. */
  readonly isBinary?: boolean;
  /** Set if the line may be a part of a longer text in base64 or hex, so that only the beginning or the end of a secret may be in it. */
  readonly isFragment?: boolean;
}

/** What a text may be the encoding of; undefined if it has nothing of the kind. */
type Decoder = (encoded: DecodedText) => DecodedText | undefined;

/** Latin-1 by its names in HTML, from U+00A0 on. */
const LATIN_1 = ('nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para middot cedil sup1 '
  + 'ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde '
  + 'Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave '
  + 'eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml').split(' ');
const ASCII = ('amp & lt < gt > quot " apos \' AMP & LT < GT > QUOT " num # percnt % plus + sol / bsol \\ colon : semi ; equals = commat @ excl ! dollar $ lpar ( '
  + 'rpar ) ast * comma , period . quest ? lsqb [ rsqb ] lbrack [ rbrack ] lcub { rcub } lbrace { rbrace } verbar | vert | Hat ^ lowbar _ grave ` euro €').split(' ');
const ENTITIES = new Map([
  ...ASCII.flatMap((name, index) => (index % 2 === 0 ? [[name, ASCII[index + 1]!] as const] : [])),
  ...LATIN_1.map((name, index) => [name, String.fromCharCode(0xa0 + index)] as const),
]);

const ESCAPED: Readonly<Record<string, string>> = { a: '\x07', b: '\b', e: '\x1b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

const codePoint = (digits: string, radix: number) => {
  const code = parseInt(digits, radix);
  return code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
};

function percentDecoded(bytes: string): string {
  const buffer = Buffer.from(bytes.replaceAll('%', ''), 'hex');
  const text = buffer.toString();
  return text.includes('\ufffd') && !buffer.includes('\ufffd') ? buffer.toString('latin1') : text;
}

/** `%40`, `%u20ac`, and runs of bytes beyond ASCII. */
const PERCENT = /%u([0-9a-f]{4})|%([0-7][0-9a-f])|(?:%[89a-f][0-9a-f])+/gi;
const percent = replacing(PERCENT, (match, unicode?: string, ascii?: string) => {
  if (unicode !== undefined) return codePoint(unicode, 16);
  return ascii === undefined ? percentDecoded(match) : codePoint(ascii, 16);
});

/** The same in a form, where a plus is a space. */
const PLUS = /\+/g;
const plus = replacing(PLUS, () => ' ');

/** JSON, `$'…'` of a shell, and the notations of most languages; a backslash before any other character, as shells quote. */
const BACKSLASH = new RegExp([
  '\\\\u\\{([\\da-fA-F]{1,6})\\}', '\\\\u([\\da-fA-F]{4})', '\\\\U([\\da-fA-F]{8})',
  '\\\\x([\\da-fA-F]{2})', '\\\\([0-3][0-7]{2})', '\\\\([abefnrtv])', '\\\\([^A-Za-z\\d])',
].join('|'), 'g');
const backslash = replacing(BACKSLASH, (_, ...groups) => {
  const [braced, short, long, byte, octal, letter, other] = groups;
  const hex = braced ?? short ?? long ?? byte;
  if (hex !== undefined) return codePoint(hex, 16);
  if (octal !== undefined) return codePoint(octal, 8);
  return other ?? ESCAPED[letter ?? ''];
});

const ENTITY = /&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|([a-z][a-z0-9]*));/gi;
const html = replacing(ENTITY, (_, hex?: string, decimal?: string, name?: string) => {
  if (name !== undefined) return ENTITIES.get(name);
  return hex === undefined ? codePoint(decimal ?? '', 10) : codePoint(hex, 16);
});

/** A quote inside of quotes: `'\''` and `'"'"'` of shells, and a doubled one of SQL, YAML, CSV and cmd. */
const SHELL_QUOTES = /'\\''|'"'"'/g;
const shellQuotes = replacing(SHELL_QUOTES, (match) => match[0]);
const DOUBLED_QUOTES = /''|""/g;
const doubledQuotes = replacing(DOUBLED_QUOTES, (match) => match[0]);

/** A decoder that replaces what matches, and keeps the rest. */
function replacing(pattern: RegExp, decode: (match: string, ...groups: (string | undefined)[]) => string | undefined): Decoder {
  return ({ text, span, isBinary }) => {
    let decoded = '';
    let end = 0;
    // Where each part begins in the decoded text and in the encoded one; replacements at odd places.
    const parts: (readonly [decodedFrom: number, from: number, to: number])[] = [];
    for (const match of text.matchAll(pattern)) {
      const replacement = decode(match[0], ...match.slice(1) as (string | undefined)[]);
      if (replacement === undefined) continue;
      parts.push([decoded.length, end, match.index]);
      decoded += text.slice(end, match.index);
      end = match.index + match[0].length;
      parts.push([decoded.length, match.index, end]);
      decoded += replacement;
    }
    if (end === 0) return undefined;
    parts.push([decoded.length, end, text.length]);

    const placeOf = (at: number): Span => {
      let index = 0;
      for (let high = parts.length; index + 1 < high;) {
        const middle = Math.floor((index + high) / 2);
        if (parts[middle]![0] <= at) index = middle;
        else high = middle;
      }
      const [decodedFrom, from, to] = parts[index]!;
      return index % 2 === 1 ? [from, to] : [from + at - decodedFrom, from + at - decodedFrom + 1];
    };
    return { text: decoded + text.slice(end), span: (from, to) => span(placeOf(from)[0], placeOf(to - 1)[1]), isBinary };
  };
}

/** Shorter runs cannot hold a secret: four bytes take six characters of base64. */
const BASE64_RUN = /[\w+/-]{6,}(?:[\r\n]+[\w+/-]+)*/g;
/** With one more digit, where the digits before the text are odd. */
const HEX_RUN = /[0-9a-f]{2}(?:[ :]?[0-9a-f]{2}){3,}[0-9a-f]?/gi;

/** A run as long as a line of MIME, or that is all of a line, may be a part of a longer text. */
const FRAGMENT_LENGTH = 60;
const MAX_PADDING = 2;

interface Run {
  /** Without what is ignored. */
  readonly digits: string;
  /** Where a part of the digits is in the line. */
  readonly span: DecodedText['span'];
  readonly isFragment: boolean;
}

function runsOf({ text, span }: DecodedText, pattern: RegExp, ignored: RegExp): Run[] {
  return [...text.matchAll(pattern)].map((match) => {
    const [run] = match;
    const isFragment = run.length >= FRAGMENT_LENGTH || run.length >= text.trim().length - MAX_PADDING;
    if (!ignored.test(run)) return { digits: run, span: (from, to) => span(match.index + from, match.index + to), isFragment };

    const kept = [...run].map((character, index) => ({ character, index })).filter(({ character }) => !ignored.test(character));
    return {
      digits: kept.map(({ character }) => character).join(''),
      span: (from, to) => span(match.index + kept[from]!.index, match.index + kept[to - 1]!.index + 1),
      isFragment,
    };
  });
}

/** Of the 64 characters, each stands for six bits: a secret may begin at any of four of them. */
function base64Texts({ digits, span, isFragment }: Run): DecodedText[] {
  return [0, 1, 2, 3].map((offset) => ({
    text: Buffer.from(digits.slice(offset), 'base64').toString('latin1'),
    // The first and the last character that hold bits of the bytes.
    span: (from: number, to: number) => span(offset + Math.floor(from * 8 / 6), Math.min(digits.length, offset + Math.ceil(to * 8 / 6))),
    isBinary: true,
    isFragment,
  }));
}

function hexTexts({ digits, span, isFragment }: Run): DecodedText[] {
  return [0, 1].map((offset) => ({
    text: Buffer.from(digits.slice(offset, digits.length - (digits.length - offset) % 2), 'hex').toString('latin1'),
    span: (from: number, to: number) => span(offset + from * 2, offset + to * 2),
    isBinary: true,
    isFragment,
  }));
}

const ESCAPES: readonly Decoder[] = [percent, plus, backslash, html, shellQuotes, doubledQuotes];

/** JSON in JSON in JSON, in a URL. */
const MAX_DEPTH = 4;

/** So that no line, whatever it holds, takes long. */
const MAX_TEXTS = 60;

const PRINTABLE = /^[\t\n\r\x20-\x7e\x80-\xff]+$/;
const ESCAPED_TEXT = /[%+\\&]|''|""/;

/** A line, and all texts that it may be the encoding of: of several encodings one in the other, too. */
export function decodedTexts(line: string): DecodedText[] {
  const texts = withEscapes(line);
  const known = new Set<string>();
  const inside = texts.flatMap((text) => bytesIn(text, known));
  // The bytes that most words would stand for are no text.
  const readable = inside.filter(({ text }) => PRINTABLE.test(text));
  const escaped = readable.filter(({ text }) => ESCAPED_TEXT.test(text));
  return [...texts, ...inside, ...escaped.flatMap((text) => unescaped(text).slice(1)), ...readable.flatMap((text) => bytesIn(text, known))];
}

/** A text, and what is left of it without its escapes. */
export function withEscapes(text: string): DecodedText[] {
  return unescaped({ text, span: (from, to) => [from, to] });
}

function unescaped(first: DecodedText): DecodedText[] {
  const found = [first];
  const known = new Set([first.text]);
  let latest = found;
  for (let level = 0; level < MAX_DEPTH && latest.length > 0 && found.length < MAX_TEXTS; level++) {
    latest = latest.flatMap((text) => ESCAPES.map((decoder) => decoder(text))).filter((text) => text !== undefined)
      .filter(({ text }) => !known.has(text) && known.add(text));
    found.push(...latest);
  }
  return found;
}

/** The bytes in base64 and hex. A run that is known at its place is left out. */
function bytesIn(encoded: DecodedText, known: Set<string>): DecodedText[] {
  const isNew = (kind: string) => ({ digits, span }: Run) => {
    const key = `${kind} ${span(0, 1)[0]} ${digits}`;
    return !known.has(key) && known.add(key);
  };
  return [
    ...runsOf(encoded, BASE64_RUN, /[\r\n]/).filter(isNew('base64')).flatMap(base64Texts),
    ...runsOf(encoded, HEX_RUN, /[ :]/).filter(isNew('hex')).flatMap(hexTexts),
  ];
}
