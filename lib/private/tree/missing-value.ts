import { UNKNOWN } from './known-text';

/*
 * String concatenation turns a missing value into a word: `repo:${process.env.TAG}` becomes `repo:undefined`.
 */

const WORDS = ['undefined', 'null', 'NaN'];

/** The word for a missing value in a name: as one of its components, or as a part of one. */
export function missingValueIn(components: string[]): string | undefined {
  const whole = components.find((component) => WORDS.includes(component));
  return whole ?? (components.some((component) => component.split(/[-._]/).some((part) => part === 'undefined')) ? 'undefined' : undefined);
}

/** The word for a missing value in any text. A text can contain the words on their own, so only a whole text or a part between separators counts. */
export function missingValueInText(text: string): string | undefined {
  if (WORDS.includes(text)) return text;
  return /(?:^|[/:@.=,;?&-])(undefined|\[object Object\])(?:$|[/:@.=,;?&-])/.exec(text.replaceAll(UNKNOWN, ' '))?.[1];
}

export const SET_THE_VALUE = 'It comes from a missing value, for example an environment variable such as process.env.NAME. Set that value before synthesis.';
