import encoded from './golden/encoded.json';
import { maskOf } from '../../../../lambda/deployment/masking/secret-mask';

/*
 * What the libraries of other languages made of secrets (golden/make-vectors.py), line by line as a log has it.
 */
const VECTORS = Object.entries(encoded as Record<string, string[][]>)
  .flatMap(([language, vectors]) => vectors.map(([encoder, secret, text]) => [language, encoder, secret, text] as const));

/** Parts of a secret that could be recognised, four characters long. */
function partsOf(secret: string): string[] {
  return Array.from({ length: secret.length - 3 }, (_, at) => secret.slice(at, at + 4)).filter((part) => /^[\p{L}\p{N}]{4}$/u.test(part));
}

test.each(VECTORS)('%s: %s of %j is masked', (_language, _encoder, secret, text) => {
  const mask = maskOf([secret]);
  const lines = text.split(/\r?\n/);

  const shown = lines.map((line) => mask(`before ${line} after`).replace(/^before (.*) after$/, '$1'));
  const alone = lines.map((line) => mask(line));

  for (const each of lines.length > 1 ? [alone] : [shown, alone]) {
    const left = each.join('').replaceAll('***', ' ');
    expect(each.join('')).toContain('***');
    expect(partsOf(secret).filter((part) => left.includes(part))).toEqual([]);
    // Nothing is left that is longer than the names, the line's own padding and the ends of lines.
    const decoded = Buffer.from(left.replace(/[^\w+/-]/g, ''), 'base64').toString();
    expect(partsOf(secret).filter((part) => decoded.includes(part))).toEqual([]);
  }
});

test('there are vectors of four languages', () => {
  expect(new Set(VECTORS.map(([language]) => language))).toEqual(new Set(['Python', 'Go', 'Java', 'bash']));
});
