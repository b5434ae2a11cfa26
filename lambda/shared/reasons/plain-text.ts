/**
 * Complete terminal sequences: colours and cursor movements (`ESC [ … m`), titles and links (`ESC ] … BEL`), saved positions and character
 * sets. An incomplete one is no sequence, so that it cannot hide the text behind it. `util.stripVTControlCharacters` is not used for
 * that reason: it removes `]0;E` of `ESC ]0;Error` and leaves most of a title with spaces.
 */
const TERMINAL_SEQUENCES = new RegExp([
  '(?:\\x1b\\[|\\x9b)[0-?]*[ -/]*[@-~]',
  '(?:\\x1b[\\]PX^_]|[\\x90\\x98\\x9d-\\x9f])\\P{Cc}*(?:\\x07|\\x1b\\\\|\\x9c)',
  '\\x1b(?:[78=>]|[()][AB012])',
].join('|'), 'gu');

/** Control characters, line breaks of every kind, and marks that change the direction of a text. */
const BREAKING = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu;
const BREAKING_BUT_LINE_FEED = /(?!\n)[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu;

/** Characters without a shape, except for those that join others into one, such as an emoji. */
const INVISIBLE = /(?![\u200c\u200d\ufe00-\ufe0f])\p{Default_Ignorable_Code_Point}/gu;

/** Half a surrogate pair, and what XML cannot contain. */
const BROKEN = /[\p{Cs}\ufffe\uffff]/gu;

/**
 * Makes a foreign text safe for one line of a reason or a log: of a container, an API, a name in a template. Nothing in it breaks a
 * line, reorders one, or acts on a terminal.
 */
export function oneLine(text: string): string {
  return text.replace(TERMINAL_SEQUENCES, '').replace(BREAKING, ' ').replace(INVISIBLE, '').replace(BROKEN, '\ufffd');
}

/** The same for a text that consists of lines of our own. */
export function withoutControls(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(BREAKING_BUT_LINE_FEED, ' ').replace(INVISIBLE, '').replace(BROKEN, '\ufffd');
}
