import { Duration, Lazy, Token } from 'aws-cdk-lib';
import {
  validateBoolean, validateContainerServiceName, validateDuration, describeValue, isMap, isStringOrToken, validateKey,
  validateName, throwIfInvalid, describeType,
  validateWholeNumber,
} from '../../../../lib/private/validation/validation';

const TOKEN = Lazy.string({ produce: () => 'later' });
const NUMBER_TOKEN = Lazy.number({ produce: () => 7 });

class Thing {}

describe('throwIfInvalid()', () => {
  test('throws nothing without errors', () => {
    expect(() => throwIfInvalid('Stack/Deployment', [])).not.toThrow();
  });

  test('shows one error on one line, with the path', () => {
    expect(() => throwIfInvalid('Stack/Deployment', ['a: missing.'])).toThrow(new Error('[Stack/Deployment] a: missing.'));
  });

  test('shows each of several errors on its own line', () => {
    expect(() => throwIfInvalid('Stack/Deployment', ['a', 'b'])).toThrow(new Error('[Stack/Deployment]\n  - a\n  - b'));
  });

  test('passes on the cause, if there is one', () => {
    const cause = new Error('deeper');
    const thrown = (reason?: unknown): Error => {
      try {
        return throwIfInvalid('Stack', ['a'], reason) as never;
      } catch (error) {
        return error as Error;
      }
    };

    expect(thrown(cause)).toHaveProperty('cause', cause);
    expect('cause' in thrown()).toBe(false);
  });
});

test.each<[unknown, string[]]>([
  [undefined, []],
  [true, []],
  [false, []],
  [Lazy.any({ produce: () => true }), []],
  ['true', ['p: "true" given. Use true or false.']],
  [0, ['p: 0 given. Use true or false.']],
  [null, ['p: null given. Use true or false.']],
])('validateBoolean() of %j returns %j', (value, errors) => {
  expect(validateBoolean('p', value as boolean)).toEqual(errors);
});

test.each(['Ref', 'Fn::', 'Fn::GetAtt'])('validateKey() refuses %s', (name) => {
  expect(validateKey('p', name)).toEqual([
    `p: "${name}" is reserved by CloudFormation. Use another name.`,
  ]);
});

test.each(['ref', 'Reference', 'Fn', 'Fn:', 'AFn::', ''])('validateKey() accepts %j', (name) => {
  expect(validateKey('p', name)).toEqual([]);
});

describe('validateName()', () => {
  test.each(['a', '0', 'ab', 'a-b', 'a--b', 'a1-2b'])('accepts %j', (name) => {
    expect(validateName('p', name, 'thing', 5)).toEqual([]);
  });

  test.each([
    ['', '""'], ['-', '"-"'], ['a-', '"a-"'], ['-a', '"-a"'], ['-ab', '"-ab"'], ['ab-', '"ab-"'], ['A', '"A"'], ['a_b', '"a_b"'], ['aaaaaa', '"aaaaaa"'],
    ['a b', '"a b"'], [7, '7'], [['ab'], '["ab"]'],
  ])('refuses %j', (name, shown) => {
    expect(validateName('p', name, 'thing', 5)).toEqual([
      `p: ${shown} is not a valid name for a thing. Use 1-5 characters: a-z, 0-9 and hyphens, with a letter or a digit at both ends.`,
    ]);
  });

  test.each([undefined, null])('refuses %p, with where it can come from', (name) => {
    expect(validateName('p', name, 'thing', 5)).toEqual([
      `p: ${name} is not a valid name for a thing. It comes from a missing value, for example an environment variable such as process.env.NAME. Set that value before synthesis. `
      + 'Use 1-5 characters: a-z, 0-9 and hyphens, with a letter or a digit at both ends.',
    ]);
  });

  test.each(['undefined', 'web-undefined', 'undefined-web', 'null'])('refuses %j, which comes from a missing value', (name) => {
    expect(validateName('p', name, 'thing', 50)).toEqual([
      `p: "${name}" contains ${name === 'null' ? 'null' : 'undefined'}. It comes from a missing value, for example an environment variable such as process.env.NAME. Set that value before synthesis.`,
    ]);
  });

  test('accepts a token', () => {
    expect(validateName('p', TOKEN, 'thing', 5)).toEqual([]);
  });

  test('accepts names of container services of up to 63 characters', () => {
    expect(validateContainerServiceName('service', 'a'.repeat(63))).toEqual([]);
    expect(validateContainerServiceName('service', 'a'.repeat(64))).toEqual([
      expect.stringMatching(/^service: "a{64}" is not a valid name for a container service\. Use 1-63 characters/),
    ]);
  });
});

describe('validateDuration()', () => {
  test.each<[string, Duration | undefined]>([
    ['none', undefined],
    ['the least', Duration.seconds(2)],
    ['the most', Duration.minutes(1)],
    ['whole seconds, in milliseconds', Duration.millis(3000)],
    ['a token of seconds', Duration.seconds(NUMBER_TOKEN)],
  ])('accepts %s', (_, duration) => {
    expect(validateDuration('p', duration, 2, 60)).toEqual([]);
  });

  test.each<[unknown, string]>([
    [Duration.seconds(1), 'p: 1 seconds given. Use 2 to 60 seconds, in whole seconds.'],
    [Duration.seconds(61), 'p: 61 seconds given. Use 2 to 60 seconds, in whole seconds.'],
    [Duration.millis(2500), 'p: 2.5 seconds given. Use 2 to 60 seconds, in whole seconds.'],
    [Duration.minutes(NUMBER_TOKEN),
      'p: Duration.minutes(<token>) cannot be converted to seconds before the token is known. Write it as Duration.seconds(<token>).'],
    [7, 'p: 7 is not a Duration. Write it as Duration.seconds(7).'],
    [Infinity, 'p: Infinity is not a Duration. Write it as Duration.seconds(…).'],
    ['7', 'p: "7" is not a Duration. Write it as Duration.seconds(…).'],
    [NUMBER_TOKEN, 'p: <token> is not a Duration. Write it as Duration.seconds(…).'],
    [null, 'p: null is not a Duration. Write it as Duration.seconds(…).'],
  ])('refuses the duration %#: %j', (duration, error) => {
    expect(validateDuration('p', duration as Duration, 2, 60)).toEqual([error]);
  });

  test('shows why a duration is limited', () => {
    expect(validateDuration('p', Duration.seconds(1), 2, 60, 'So it is')).toEqual(['p: 1 seconds given. Use 2 to 60 seconds, in whole seconds. So it is.']);
  });
});

describe('validateWholeNumber()', () => {
  test.each([[undefined, 1, 3], [1, 1, 3], [3, 1, 3], [99, 1, undefined], [1, 1, undefined], [NUMBER_TOKEN, 1, 3]])('accepts %p from %i to %p', (value, min, max) => {
    expect(validateWholeNumber('p', value, min, max)).toEqual([]);
  });

  test.each<[unknown, number | undefined, string]>([
    [0, 3, 'p: 0 given. Use a whole number from 1 to 3.'],
    [4, 3, 'p: 4 given. Use a whole number from 1 to 3.'],
    [1.5, 3, 'p: 1.5 given. Use a whole number from 1 to 3.'],
    ['2', 3, 'p: "2" given. Use a whole number from 1 to 3.'],
    [0, undefined, 'p: 0 given. Use a whole number of at least 1.'],
    [NaN, undefined, 'p: NaN given. Use a whole number of at least 1.'],
  ])('refuses %p if the maximum is %p', (value, max, error) => {
    expect(validateWholeNumber('p', value as number, 1, max)).toEqual([error]);
  });
});

test.each<[unknown, boolean]>([
  [{}, true], [{ a: 1 }, true], [new Thing(), true], [null, false], [undefined, false], ['a', false], [7, false], [[], false], [new Map(), false],
])('isMap() of %p is %p', (value, expected) => {
  expect(isMap(value)).toBe(expected);
});

test.each<[unknown, boolean]>([
  ['', true], ['a', true], [Lazy.any({ produce: () => 'a' }), true], [7, false], [undefined, false], [{}, false],
])('isStringOrToken() of %p is %p', (value, expected) => {
  expect(isStringOrToken(value)).toBe(expected);
});

const circle: { self?: object } = {};
circle.self = circle;

test.each<[unknown, string]>([
  [TOKEN, '<token>'],
  [Token.asList(Lazy.any({ produce: () => [] })), '<token>'],
  ['a', '"a"'],
  [7, '7'],
  [NaN, 'NaN'],
  [true, 'true'],
  [null, 'null'],
  [undefined, 'undefined'],
  [[1], '[1]'],
  [{ a: 1 }, '{"a":1}'],
  [Object.create(null), '{}'],
  [() => 7, 'a function'],
  [new Thing(), 'an instance of Thing'],
  [Symbol('s'), 'Symbol(s)'],
  [circle, 'a map'],
  ['x'.repeat(198), `"${'x'.repeat(198)}"`],
  ['x'.repeat(199), `"${'x'.repeat(199)}…`],
])('describeValue() shows %p as %j', (value, shown) => {
  expect(describeValue(value)).toBe(shown);
});

test.each<[unknown, string]>([
  [undefined, 'undefined'],
  [null, 'null'],
  [TOKEN, 'a token'],
  [Lazy.any({ produce: () => 7 }), 'a token'],
  [[], 'a list'],
  [new Thing(), 'an instance of Thing'],
  [{}, 'a map'],
  [{ constructor: 'odd' }, 'a map'],
  [Object.create(null), 'a map'],
  ['a', 'a string'],
  [7, 'a number'],
  [true, 'a boolean'],
  [() => 7, 'a function'],
])('describeType() shows %p as %j', (value, type) => {
  expect(describeType(value)).toBe(type);
});
