import * as querystring from 'node:querystring';
import { inspect } from 'node:util';
import * as fc from 'fast-check';
import { maskOf } from '../../../../lambda/deployment/masking/secret-mask';

/*
 * No encoding that common libraries print gives a secret away. The encoders here are the real ones of JavaScript; those of other
 * languages are in encodings.golden.test.ts.
 */

/** Passwords as people and generators make them, and any text. */
const secrets = fc.oneof(
  fc.string({ unit: fc.constantFrom(...'abcXYZ019!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~ '), minLength: 6, maxLength: 40 }),
  fc.string({ unit: 'grapheme', minLength: 6, maxLength: 30 }),
  fc.base64String({ minLength: 8, maxLength: 40 }),
  fc.string({ unit: fc.constantFrom('%', '2', '5', '\\', 'n', 'u', '0', '&', '#', ';', 'a', 'm', 'p', "'", '"', '+'), minLength: 6, maxLength: 20 }),
).map((secret) => secret.trim()).filter((secret) => secret.length >= 6 && !/[\r\n]/.test(secret));

const withoutLoneHalves = (text: string) => text.replace(/\p{Cs}/gu, '\ufffd');
const hex = (text: string) => Buffer.from(text).toString('hex');
const base64 = (text: string) => Buffer.from(text).toString('base64');
const shellQuoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

/** Ways to write a text that a log shows. What stands around the secret within the encoding is part of the place. */
const ENCODERS: Record<string, (text: string) => string> = {
  'as it is': (text) => text,
  'encodeURIComponent': (text) => encodeURIComponent(withoutLoneHalves(text)),
  'encodeURI': (text) => encodeURI(withoutLoneHalves(text)),
  'escape': (text) => escape(text),
  'the path of a URL': (text) => new URL(`x://h/?q#${text}`).href,
  'the password of a URL': (text) => Object.assign(new URL('postgres://user@host/db'), { password: text }).href,
  'the user of a URL': (text) => Object.assign(new URL('https://host/db'), { username: text }).href,
  'URLSearchParams': (text) => new URLSearchParams({ token: text }).toString(),
  'querystring': (text) => querystring.stringify({ token: withoutLoneHalves(text) }),
  'JSON': (text) => JSON.stringify({ password: text }),
  'JSON in JSON': (text) => JSON.stringify({ message: JSON.stringify({ password: text }) }),
  'JSON in JSON in JSON': (text) => JSON.stringify(JSON.stringify(JSON.stringify({ password: text }))),
  'util.inspect': (text) => inspect({ password: text }, { breakLength: Infinity }),
  'util.inspect of bytes': (text) => inspect(Buffer.from(text)),
  'single quotes of a shell': shellQuoted,
  'single quotes of a shell in JSON': (text) => JSON.stringify({ cmd: `run ${shellQuoted(text)}` }),
  'double quotes of a shell': (text) => `"${text.replace(/["\\$`]/g, '\\$&')}"`,
  'backslashes of a shell': (text) => text.replace(/[^A-Za-z0-9_]/gu, '\\$&'),
  'quotes of SQL': (text) => `PASSWORD '${text.replaceAll("'", "''")}'`,
  'HTML': (text) => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`),
  'HTML by names': (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#x27;'),
  'HTML in HTML': (text) => [text, ''].reduce((inner) => inner.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')),
  'a URL in a URL': (text) => encodeURIComponent(`https://x/?next=${encodeURIComponent(withoutLoneHalves(text))}`),
  'JSON in a URL': (text) => encodeURIComponent(JSON.stringify({ password: withoutLoneHalves(text) })),
  'a URL in JSON in JSON': (text) => JSON.stringify(JSON.stringify({ url: Object.assign(new URL('x://u@h'), { password: text }).href })),
  'base64': base64,
  'base64 with one byte before': (text) => base64(`:${text}:after`),
  'base64 with two bytes before': (text) => base64(`u:${text}:after`),
  'base64url': (text) => Buffer.from(`user:${text}`).toString('base64url'),
  'base64 of JSON': (text) => base64(JSON.stringify({ sub: 'x', password: text })),
  'base64 of base64': (text) => base64(base64(`u:${text}`)),
  'base64 in a URL': (text) => encodeURIComponent(base64(`u:${text}`)),
  'lower-case hex': hex,
  'upper-case hex': (text) => hex(text).toUpperCase(),
  'hex after a digit': (text) => `0${hex(text)}`,
  'hex in pairs': (text) => hex(`x${text}`).replace(/../g, '$&:'),
};

const PLACES: Record<string, (encoded: string) => string> = {
  'alone': (encoded) => encoded,
  'in words': (encoded) => `connecting with ${encoded}, please wait`,
  'in quotes': (encoded) => `password="${encoded}";`,
  'in a pair': (encoded) => `2025-01-01T00:00:00+0000 level=info key=${encoded} status=200`,
  'in brackets': (encoded) => `[${encoded}]`,
};

/** Any four characters of a secret that are next to each other in what is shown, with what the encoders above would leave of them. */
function rest(shown: string): string[] {
  const texts = [shown];
  for (const decode of [decodeURIComponent, unescape, (text: string) => text.replace(/\\(.)/gu, '$1')]) {
    try {
      texts.push(decode(shown));
    } catch {
      // Not every text can be decoded.
    }
  }
  return texts;
}

describe.each(Object.entries(ENCODERS))('a secret in %s', (_, encode) => {
  test('is masked wherever it stands', () => {
    fc.assert(fc.property(secrets, fc.constantFrom(...Object.keys(PLACES)), (secret, place) => {
      const without = maskOf([])(PLACES[place](encode('')));
      fc.pre(!without.includes(secret));

      const shown = maskOf([secret])(PLACES[place](encode(secret)));

      expect(shown).toContain('***');
      for (const text of rest(shown)) expect(text).not.toContain(secret);
      expect(shown).not.toContain(encode(secret));
    }), { numRuns: 200 });
  });
});

test.each(['lines of MIME', 'lines of PEM'])('a secret in base64 in %s is masked in each of its lines', (kind) => {
  const width = kind === 'lines of MIME' ? 76 : 64;
  fc.assert(fc.property(fc.string({ unit: 'grapheme-ascii', maxLength: 200 }), fc.string({ unit: 'grapheme-ascii', minLength: 12, maxLength: 300 }), fc.string({ unit: 'grapheme-ascii', maxLength: 100 }), (before, given, after) => {
    const secret = given.trim();
    fc.pre(secret.length >= 12);
    const lines = base64(before + secret + after).match(new RegExp(`.{1,${width}}`, 'g'))!;
    const mask = maskOf([secret]);
    const shown = lines.map((line) => mask(line));

    // What is left of the secret: fewer than four bytes at each end of a line.
    let at = 0;
    lines.forEach((line, index) => {
      const bytes = Buffer.from(line, 'base64').length;
      const from = Math.max(0, Buffer.from(before).length - at);
      const to = Math.min(bytes, Buffer.from(before + secret).length - at);
      at += bytes;
      if (to - from >= 4) expect(shown[index]).toContain('***');
    });
    const joined = Buffer.from(shown.join('').replaceAll('***', '').replace(/=/g, ''), 'base64').toString();
    expect(joined).not.toContain(secret);
  }), { numRuns: 200 });
});

test('a secret in base64 with line breaks in JSON is masked', () => {
  const secret = 'correct-horse-battery-staple';
  const pem = base64(`${'x'.repeat(40)}${secret}${'y'.repeat(40)}`).replace(/.{64}/g, '$&\n');

  expect(Buffer.from(maskOf([secret])(JSON.stringify({ pem })).replace(/\*{3}|\\n|[^\w+/]/g, ''), 'base64').toString()).not.toMatch(/corr|stap|batt/);
});

test('the password of any URL is masked, also of one that is not known', () => {
  const userinfo = fc.string({ unit: fc.constantFrom(...'abcXYZ019!$&()*+,-.:;=@[]^_`{|}~%'), minLength: 1, maxLength: 20 });
  fc.assert(fc.property(userinfo, fc.constantFrom('postgres', 'redis', 'https', 'mongodb+srv'), fc.constantFrom('', 'user', 'a.b'), (password, scheme, user) => {
    const line = `cannot connect to ${scheme}://${user}:${password}@db.example.com:5432/x?a=b`;
    expect(maskOf([])(line)).toBe(`cannot connect to ${scheme}://${user}:***@db.example.com:5432/x?a=b`);
  }));
});

test.each([
  'GET http://localhost:8080/users/me@example.com 200', 'listening on http://0.0.0.0:3000', 'mail to me@example.com: 1:2@3', 'https://user@example.com/', 'npm http://x:80 @scope/name',
])('%j has no password', (line) => {
  expect(maskOf([])(line)).toBe(line);
});
