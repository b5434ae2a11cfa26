import { Lazy, Token } from 'aws-cdk-lib';
import {
  knownDomainNamesIn, validatePublicDomainNames, validateTotals, validateUsedDomainNames,
} from '../../../../../lib/private/validation/domains/public-domain-names';

const LIST = Token.asList(Lazy.any({ produce: () => [] }));
const entry = Lazy.any({ produce: () => ({}) }) as any;

test.each<[string, unknown, string[]]>([
  ['no list', undefined, []], ['a token', entry, []], ['a list that is a token', LIST, []], ['no entries', [], []],
  ['entries', [{ domainNames: ['a.com', 'b.com'] }, { domainNames: ['c.com'] }], ['a.com', 'b.com', 'c.com']],
  ['entries that are tokens or wrong', [entry, null, 'a.com', { domainNames: LIST }, { domainNames: 'a.com' }, { domainNames: ['c.com'] }], ['c.com']],
])('knownDomainNamesIn() %s', (_, entries, names) => {
  expect(knownDomainNamesIn(entries as any)).toEqual(names);
});

test('validateTotals() accepts four and refuses five, and what is given twice', () => {
  const four = ['a.com', 'b.com', 'c.com', 'd.com'];
  expect(validateTotals('p', four, four)).toEqual([]);
  expect(validateTotals('p', [...four, 'e'], four)).toEqual(['p: 5 certificates given, but a container service has at most 4. Remove some.']);
  expect(validateTotals('p', four, [...four, 'e.com'])).toEqual(['p: 5 domain names given, but a container service has at most 4. Remove some.']);
  expect(validateTotals('p', [], ['a.com', 'A.com'])).toEqual(['p: domain name "a.com" is given more than once. Remove all but one.']);
});

test('validateUsedDomainNames() refuses none, and each that is no domain name', () => {
  expect(validateUsedDomainNames('p', ['a.com'])).toEqual([]);
  expect(validateUsedDomainNames('p', [])).toEqual(['p: none given. Add at least one, or remove the certificate.']);
  expect(validateUsedDomainNames('p', ['a.com', 'b'])).toEqual([expect.stringContaining('p[1]: "b" is not a domain name.')]);
  expect(validateUsedDomainNames('p', undefined as any)).toEqual(['p: undefined is not a list. Write the domain names as a list of strings.']);
});

test('validatePublicDomainNames() names the entry of a certificate that is not valid', () => {
  expect(validatePublicDomainNames([{ certificateName: 'arn:aws:acm:us-east-1:111111111111:certificate/1', domainNames: ['a.com'] }]))
    .toEqual([expect.stringContaining('publicDomainNames[0].certificateName: "arn:aws:acm')]);
});
