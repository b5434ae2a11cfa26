import * as fc from 'fast-check';
import { oneLine, withoutControls } from '../../../../lambda/shared/reasons/plain-text';

const ESC = '\u001b';

/** Every line break of Unicode and of terminals: LF, VT, FF, CR, the separators, NEL, line and paragraph separator. */
const LINE_BREAKS = ['\n', '\v', '\f', '\r', '\r\n', '\u001c', '\u001d', '\u001e', '\u0085', '\u2028', '\u2029'];
const BIDI_MARKS = [
  '\u061c', '\u200e', '\u200f', ...Array.from({ length: 5 }, (_, index) => String.fromCharCode(0x202a + index)), '\u2066', '\u2067', '\u2068', '\u2069',
];
const CONTROLS = [
  ...Array.from({ length: 32 }, (_, code) => String.fromCharCode(code)),
  ...Array.from({ length: 33 }, (_, index) => String.fromCharCode(0x7f + index)),
];
const INVISIBLE = ['\u00ad', '\u200b', '\u2060', '\ufeff', '\u180e', '\u{e0041}'];
const UNFINISHED = [
  ESC, `${ESC}[`, `${ESC}[31`, `${ESC}[31;`, `${ESC}]`, `${ESC}]0;`, `${ESC}]8;;http://x`, `${ESC}P`, `${ESC}_`, `${ESC}X`, '\u009b', '\u009b3', '\u009d0;', '\u0090',
];
const FINISHED = [
  `${ESC}[0m`, `${ESC}[1;31m`, `${ESC}[K`, `${ESC}[2J`, `${ESC}[?25l`, `${ESC}[10A`, `${ESC}]0;a title\u0007`, `${ESC}]8;;http://x${ESC}\\`, `${ESC}Pq${ESC}\\`, `${ESC}7`, `${ESC}(B`,
  '\u009b31m', '\u009d0;a title\u009c',
];

const noise = fc.constantFrom(...LINE_BREAKS, ...BIDI_MARKS, ...CONTROLS, ...INVISIBLE, ...UNFINISHED, ...FINISHED);
const noises = fc.array(noise, { maxLength: 5 }).map((parts) => parts.join(''));

/** What would start a line, reorder one or act on a terminal. */
const UNSAFE = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u;

test('a line that was made of any text has no line break, no mark of direction and no control character', () => {
  fc.assert(fc.property(fc.array(fc.oneof(noise, fc.string({ unit: 'binary' })), { maxLength: 20 }), (parts) => {
    expect(oneLine(parts.join(''))).not.toMatch(UNSAFE);
    expect(withoutControls(parts.join('')).replaceAll('\n', '')).not.toMatch(UNSAFE);
  }));
});

test('no terminal sequence, finished or not, and no control character swallows the text behind it', () => {
  // What begins with neither a parameter nor a letter cannot belong to the sequence.
  const words = fc.constantFrom('"Error: no luck"', '« panic »', '漢字', '{"level":"error"}');
  fc.assert(fc.property(noises, words, noises, words, (before, first, between, second) => {
    const line = oneLine(`${before}\u0000${first}${between}\u0000${second}`);
    expect(line).toContain(first);
    expect(line).toContain(second);
    expect(line.indexOf(first)).toBeLessThanOrEqual(line.lastIndexOf(second));
  }));
});

test.each([
  [`${ESC}[31mError${ESC}[0m: no luck`, 'Error: no luck'],
  [`${ESC}]0;Error: no luck`, ' ]0;Error: no luck'],
  [`${ESC}]0;the title\u0007Error: no luck`, 'Error: no luck'],
  [`${ESC}Panic: no luck`, ' Panic: no luck'],
  [`${ESC}[31`, ' [31'],
  [`${ESC}]8;;http://x\u0007link${ESC}]8;;\u0007 end`, 'link end'],
  ['10 %\r20 %\r30 %', '10 % 20 % 30 %'],
  ['working\r[deployment:8] Took too long', 'working [deployment:8] Took too long'],
  ['a\r\nb', 'a  b'],
  ['pass\u200bword', 'password'],
  ['family 👩‍👩‍👧 ☎️', 'family 👩‍👩‍👧 ☎️'],
  ['half \ud83d', 'half \ufffd'],
])('%j becomes the line %j', (text, line) => {
  expect(oneLine(text)).toBe(line);
});

test('a text of several lines keeps its line feeds only', () => {
  expect(withoutControls('one\ntwo\rthree\u2028four\u202efive\n')).toBe('one\ntwo three four five\n');
});
