import { Aws, CfnParameter, Fn, Lazy, SecretValue, Stack, Token } from 'aws-cdk-lib';
import { dynamicReferencesIn, knownText, referenceOf, textsIn } from '../../../../lib/private/tree/known-text';

const stack = new Stack();
const parameter = new CfnParameter(stack, 'Parameter');
const REF = parameter.valueAsString;

test.each<[string, unknown, string]>([
  ['a text', 'text', 'text'],
  ['nothing', undefined, ''],
  ['null', null, ''],
  ['a number', 7, '7'],
  ['a reference', REF, '\0'],
  ['a pseudo parameter', Aws.REGION, '\0'],
  ['a text with a reference', `a-${REF}-b`, 'a-\0-b'],
  ['Fn.join()', Fn.join('/', ['a', REF, 'b']), 'a/\0/b'],
  ['Fn::Join with a list that is not known', Token.asAny({ 'Fn::Join': ['', { Ref: 'List' }] }), '\0'],
  ['Fn::Join without a list', Token.asAny({ 'Fn::Join': 'a' }), '\0'],
  ['a nested Fn.join()', Fn.join('', ['a', Fn.join('-', ['b', REF])]), 'ab-\0'],
  ['Fn.sub()', Fn.sub('${AWS::Region}.a.${B}.${!C}.${D}', { B: 'b', D: REF }), '\0.a.b.${C}.\0'],
  ['Fn.sub() without variables', Fn.sub('a${AWS::Region}b'), 'a\0b'],
  ['another function', Fn.select(0, ['a', 'b'].map((item) => `${item}${REF}`)), '\0'],
  ['a Lazy', Lazy.string({ produce: () => 'late' }), '\0'],
  ['a text with a Lazy', `a${Lazy.string({ produce: () => 'late' })}b`, 'a\0b'],
  ['a SecretValue', SecretValue.unsafePlainText('x'), 'x'],
  ['a value that cannot be resolved', () => 1, '\0'],
])('knownText() of %s', (_, value, expected) => {
  expect(knownText(value)).toBe(expected);
});

test('textsIn() finds the texts in the arguments of a function', () => {
  expect(textsIn(Token.asAny({ 'Fn::If': ['Condition', { 'Fn::Join': ['', ['a', { Ref: 'B' }, 'c']] }, 'd'] }))).toEqual(['Condition', 'a\0c', '', 'a', 'B', 'c', 'd']);
  expect(textsIn(REF)).toEqual([]);
});

test('dynamicReferencesIn() finds the text of dynamic references', () => {
  expect(dynamicReferencesIn(SecretValue.ssmSecure('/a', '3').unsafeUnwrap())).toEqual(['{{resolve:ssm-secure:/a:3}}']);
  expect(dynamicReferencesIn(Fn.split(',', SecretValue.ssmSecure('/a').unsafeUnwrap()))).toEqual(['{{resolve:ssm-secure:/a}}']);
  expect(dynamicReferencesIn('{{resolve:ssm:/a}}')).toEqual([]);
  expect(dynamicReferencesIn(() => 1)).toEqual([]);
});

test('referenceOf() is the reference of a value that is nothing else', () => {
  expect(referenceOf(REF)?.target).toBe(parameter);
  expect(referenceOf(parameter.value)?.target).toBe(parameter);
  expect([`a${REF}`, `${REF}${REF}`, 'a', '', 7, undefined, Lazy.string({ produce: () => 'x' })].map(referenceOf)).toEqual(Array(7).fill(undefined));
});
