import { Lazy, Token } from 'aws-cdk-lib';
import {
  canBeIn, comparable, duplicatesIn, validateDomainName, validateDomainNames,
} from '../../../../../lib/private/validation/domains/domain-name';

const TOKEN = Token.asString({ Ref: 'Domain' });
/** Titles of tests must not change with the number of a token. */
const withTokens = (text: unknown) => (typeof text === 'string' ? text.replaceAll('<token>', TOKEN) : text);
const IN_FULL = "Write it in full and in ASCII, without scheme, port, path or wildcard, for example 'www.example.com'.";
const TOO_LONG = 'Use at most 253 characters, and at most 63 between two dots.';
const NO_WILDCARD = 'Lightsail has no certificates for wildcards. Write each domain name in full.';
const LONGEST = `${'a.'.repeat(121)}aaaaaaa.com`;

describe('validateDomainName()', () => {
  test.each([
    'example.com', 'a.b', 'A.B', '1.example.com', '1.1.1.1.com', 'a-b.example.com', `${'a'.repeat(63)}.com`, LONGEST, '<token>', '<token>.example.com', 'www.<token>',
    'www-<token>.example.com', '<token><token>', '<token>-.com',
  ])('%s passes', (name) => {
    expect(validateDomainName('p', withTokens(name))).toEqual([]);
  });

  test('a Lazy passes, and is not called', () => {
    expect(validateDomainName('p', Lazy.string({ produce: () => { throw new Error('called'); } }))).toEqual([]);
  });

  test.each<[unknown, string, string]>([
    ['example', '"example"', IN_FULL], ['', '""', IN_FULL], ['.com', '".com"', IN_FULL], ['com.', '"com."', IN_FULL], ['a..com', '"a..com"', IN_FULL],
    ['-a.com', '"-a.com"', IN_FULL], ['a-.com', '"a-.com"', IN_FULL], ['a_b.com', '"a_b.com"', IN_FULL], [' a.com', '" a.com"', IN_FULL], ['a.com ', '"a.com "', IN_FULL],
    ['1.2.3.4', '"1.2.3.4"', IN_FULL], [`${'a'.repeat(64)}.com`, `"${'a'.repeat(64)}.com"`, TOO_LONG], [`a${LONGEST}`, `"a${LONGEST.slice(0, 198)}…`, TOO_LONG],
    ['a'.repeat(64), `"${'a'.repeat(64)}"`, IN_FULL], [`${'a'.repeat(64)}.com-`, `"${'a'.repeat(64)}.com-"`, IN_FULL],
    ['a.com.', '"a.com."', 'Write it without the dot at the end: "a.com".'], ['ä.com', '"ä.com"', 'Write it in ASCII: "xn--4ca.com".'],
    ['Ä.com.', '"Ä.com."', 'Write it in ASCII and without the dot at the end: "xn--4ca.com".'], ['a.com..', '"a.com.."', IN_FULL], ['ä', '"ä"', IN_FULL],
    ['ä.<token>', '"ä.<token>"', IN_FULL], ['<token>.com.', '"<token>.com."', IN_FULL], ['.<token>', '".<token>"', IN_FULL],
    ['-a.<token>', '"-a.<token>"', IN_FULL], [`${'a'.repeat(64)}.<token>`, `"${'a'.repeat(64)}.<token>"`, IN_FULL],

    ['*.com', '"*.com"', NO_WILDCARD], [5, '5', IN_FULL], [null, 'null', IN_FULL], [{}, '{}', IN_FULL],
    ['*.<token>', '"*.<token>"', NO_WILDCARD], ['https://<token>', '"https://<token>"', IN_FULL], ['<token>/', '"<token>/"', IN_FULL],
    ['a..<token>', '"a..<token>"', IN_FULL], ['<token>.a b', '"<token>.a b"', IN_FULL],
  ])('%s fails', (name, given, remedy) => {
    expect(validateDomainName('p', withTokens(name))).toEqual([`p: ${given} is not a domain name. ${remedy}`]);
  });

  test.each(['undefined.com', 'a.undefined.com', 'undefined.<token>'])('%s fails, because a value is missing', (name) => {
    expect(validateDomainName('p', withTokens(name))).toEqual([expect.stringMatching(/^p: .* contains undefined\. It comes from a missing value/)]);
  });
});

test('validateDomainNames() validates each, and refuses what is not a list', () => {
  expect(validateDomainNames('p', ['a.com', '*', 'b.com', 'c'])).toEqual([expect.stringContaining('p[1]: "*" '), expect.stringContaining('p[3]: "c" ')]);
  expect(validateDomainNames('p', [])).toEqual([]);
  expect(validateDomainNames('p', 'a.com')).toEqual(['p: "a.com" is not a list. Write the domain names as a list of strings.']);
});

test('comparable() and duplicatesIn() ignore upper and lower case, but not of tokens', () => {
  expect(comparable('A.Com')).toBe('a.com');
  expect(comparable(TOKEN)).toBe(TOKEN);
  expect(comparable(5 as any)).toBe(5);
  expect(duplicatesIn(['A.com', 'b.com', 'a.COM', 'a.com', TOKEN, TOKEN])).toEqual(['a.com', TOKEN]);
  expect(duplicatesIn(['a.com', 'b.com'])).toEqual([]);
});

test.each<[string, string, boolean]>([
  ['example.com', 'example.com', true], ['example.com', 'a.example.com', true], ['Example.com', 'a.EXAMPLE.com', true], ['example.com', 'aexample.com', false],
  ['example.com', 'com', false], ['example.com', 'example.com.org', false], ['<token>', 'a.com', true], ['<token>.com', 'a.org', true],
  ['example.com', '<token>', true], ['example.com', '<token>.example.com', true], ['example.com', '<token>ample.com', true], ['example.com', '<token>.com', true],
  ['example.com', '<token>.org', false], ['example.com', 'a.example.com.<token>.org', false], ['example.com', '<token>-example.com', false],
  ['example.com', '<token>.org.<token>', true], ['example.com', '<token>.a.example.com', true],
])('in %s, %s can be: %s', (domain, name, can) => {
  expect(canBeIn(withTokens(domain) as string, withTokens(name) as string)).toBe(can);
});
