import { errors } from '../api/errors';
import { TagShape } from '../api/shapes';

/** Documented for Lightsail's tags: what a key and a value may hold, and how much of it. */
const ALLOWED = /^[\p{L}\p{N}\p{Zs}+\-=._:/@]*$/u;

/** Adds tags to those that are there; one with the same key is replaced. */
export function addTags(present: ReadonlyMap<string, string>, tags: readonly TagShape[], limit: number): Map<string, string> {
  const result = new Map(present);
  for (const { key = '', value = '' } of tags) {
    if (key === '' || key.length > 128 || !ALLOWED.test(key)) {
      throw errors.tag('key', key);
    }
    if (value.length > 256 || !ALLOWED.test(value)) {
      throw errors.tag('value', value);
    }
    result.set(key, value);
  }
  if (result.size > limit) {
    throw errors.tooManyTags(limit);
  }
  return result;
}

export function removeTags(present: ReadonlyMap<string, string>, keys: readonly string[]): Map<string, string> {
  return new Map([...present].filter(([key]) => !keys.includes(key)));
}
