import { maskOf } from '../../../../lambda/deployment/masking/secret-mask';

const SECRET = 'p@ss/wörd "7"+';

test.each([
  ['as it is', SECRET],
  ['URL-encoded', encodeURIComponent(SECRET)],
  ['URL-encoded with lower-case digits', encodeURIComponent(SECRET).replace(/%../g, (code) => code.toLowerCase())],
  ['form-encoded', encodeURIComponent(SECRET).replace(/%20/g, '+')],
  ['in base64', Buffer.from(SECRET).toString('base64')],
  ['in base64 for URLs', Buffer.from(SECRET).toString('base64url')],
  ['escaped in JSON', JSON.stringify(SECRET).slice(1, -1)],
  ['escaped in ASCII JSON', 'p@ss/w\\u00f6rd \\"7\\"+'],
  ['escaped in JSON as PHP does', 'p@ss\\/wörd \\"7\\"+'],
])('masks a secret %s', (_, form) => {
  expect(maskOf([SECRET])(`given: ${form}, that was it`)).toMatch(/^given: \*\*\*[\w=]?, that was it$/);
});

test.each([
  ['URL-encoded in every character that may be', "it's (me)*!", 'it%27s%20%28me%29%2A%21'],
  ['URL-encoded in every character that may be, with lower-case digits', "it's (me)*!", 'it%27s%20%28me%29%2a%21'],
  ['URL-encoded, with half a surrogate pair', 'bad\ud83dpair', 'bad%EF%BF%BDpair'],
  ['URL-encoded, as short as may be', 'a b"', 'a%20b%22'],
  ['in base64 for URLs', '~~~>>>???', 'fn5-Pj4-Pz8_'],
  ['escaped in JSON for HTML', 'a<b>&c', 'a\\u003cb\\u003e\\u0026c'],
])('masks one %s', (_, secret, form) => {
  expect(maskOf([secret])(`given: ${form}`)).toBe('given: ***');
});

test('masks one at the start of what is in base64 from its first character on', () => {
  expect(maskOf(['correct-horse'])(`x ${Buffer.from('correct-horse:staple').toString('base64')}`)).toMatch(/^x \*\*\*/);
});

test.each(['', 'u', 'us'])('masks one inside of what is in base64, after %j', (before) => {
  expect(maskOf(['correct-horse'])(Buffer.from(`${before}correct-horse:staple`).toString('base64'))).toContain('***');
  expect(maskOf(['abcdefg'])(Buffer.from(`${before}abcdefg:staple`).toString('base64'))).toContain('***');
});

test('leaves words that happen to hold the base64 of a short one', () => {
  expect(maskOf(['abcd'])('YWJjZXYZ')).toBe('YWJjZXYZ');
});

test.each(['user', 'user1', 'user12'])('masks the password of a basic authorization, whoever the user is (%s)', (user) => {
  const header = Buffer.from(`${user}:correct-horse-battery`).toString('base64');

  const masked = maskOf(['correct-horse-battery'])(`Authorization: Basic ${header}`);

  expect(masked).toContain('***');
  expect(Buffer.from(masked.replace(/^.*Basic /, '').replace(/\*\*\*.*$/, ''), 'base64').toString()).not.toContain('co');
});

test('masks several lines each by itself, and leaves short ones such as brackets', () => {
  const mask = maskOf(['{\n  "key": "abc",\r\n-----END KEY-----\n}\n']);

  expect(['{', '  "key": "abc",', '-----END KEY-----', '}'].map(mask)).toEqual(['{', '  ***', '***', '}']);
  expect(mask('x {\n  "key": "abc",\r\n-----END KEY-----\n} y')).toBe('x *** y');
});

test('masks a secret that comes with a line break at its end', () => {
  expect(maskOf(['hunter22\n'])('the password is hunter22.')).toBe('the password is ***.');
});

test('masks the longest of several, and what overlaps as one', () => {
  expect(maskOf(['hunter', 'hunter22', 'abcdef', 'defghi'])('hunter22 hunter abcdefghi')).toBe('*** *** ***');
});

test('masks every place where it stands', () => {
  expect(maskOf(['aaaa'])('aaaaa baaaab aaa')).toBe('*** b***b aaa');
});

test.each([
  ['cat', 'cat concat cats cat=1 "cat" c4t', '*** concat cats ***=1 "***" c4t'],
  ['é1', 'né1 é1', 'né1 ***'],
  ['', 'nothing to mask', 'nothing to mask'],
  ['   ', 'nothing to mask', 'nothing to mask'],
])('masks a short secret only where it stands alone: %j', (secret, text, masked) => {
  expect(maskOf([secret])(text)).toBe(masked);
});

test('takes a secret for what it is, not for a pattern, and half a surrogate pair for a character', () => {
  expect(maskOf(['.*.*', '$&$&', 'bad\ud83dpair'])('abcd .*.* $&$& bad\ud83dpair')).toBe('abcd *** *** ***');
});

test.each([
  [0, 9, 'say ***'], [4, 9, '***'], [0, 4, 'say '], [6, 8, '***'], [6, 30, '*** or ***.'], [13, 17, ' or '], [0, 17, 'say *** or '], [16, 18, ' ***'], [23, 25, '***.'], [24, 25, '.'],
])('masks a part of a line by what it belongs to: from %d to %d', (from, to, shown) => {
  expect(maskOf(['correct9h', 'staple1'])('say correct9h or staple1.')).toBe('say *** or ***.');
  expect(maskOf(['correct9h', 'staple1']).part('say correct9h or staple1.', from, Math.min(to, 25))).toBe(shown);
});

test.each([[30, 'say correct9h or staple1.'], [25, 'say correct9h or staple1.'], [24, 'say correct9h or staple1'], [23, 'say correct9h or '], [17, 'say correct9h or '], [10, 'say '], [4, 'say '], [3, 'say']])(
  'cuts a line to %d characters, or before a secret that would be in two', (length, kept) => {
    expect(maskOf(['correct9h', 'staple1']).cut('say correct9h or staple1.', length)).toBe(kept);
  });

test('makes one line of a text, and masks a secret with control characters in it', () => {
  const mask = maskOf(['tab\tand\u200bspace']);

  expect(mask('one\ntwo\rthree\u2028four')).toBe('one two three four');
  expect(mask('is tab\tand\u200bspace')).toBe('is ***');
  expect(mask('is tab and\u001b[31mspace')).toBe('is ***');
  expect(mask('postgres://u:tabandspace@h')).toBe('postgres://u:***@h');
});

test('masks the same secret twice in a line in base64 and hex, at any offset', () => {
  const mask = maskOf(['correct-horse']);
  const base64 = Buffer.from('u:correct-horse').toString('base64');
  const hex = Buffer.from('correct-horse').toString('hex');

  expect(mask(`${base64} ${base64} ${hex} a${hex} ${hex.replace(/../g, '$& ').trim()}`)).toBe('dT*** dT*** *** a*** ***');
});

test('masks the beginning and the end of a secret only in a line that may be a part of a longer text', () => {
  const mask = maskOf(['correct-horse-battery-staple']);
  const beginning = Buffer.from('xxxcorrect-').toString('base64');
  const end = Buffer.from('-staplexxx').toString('base64').replace(/=/g, '');

  expect([mask(beginning), mask(end)]).toEqual(['eHh4***=', '***h4eA']);
  expect(mask(`the words ${beginning} and ${end}`)).toBe(`the words ${beginning} and ${end}`);
  expect(mask(Buffer.from('e-battery-s').toString('base64').replace(/=/g, ''))).toBe('***');
});
