import { Aws, CfnParameter, Fn, Lazy, Stack, Token } from 'aws-cdk-lib';
import { missingValueIn, missingValueInText } from '../../../../lib/private/tree/missing-value';
import { validateSize } from '../../../../lib/private/validation/deployment-size';
import { validateImageName, validateTag } from '../../../../lib/private/validation/images/image-name';
import { isTokenKey, renderKey, validateKnownKey, validateResolvedKey } from '../../../../lib/private/validation/map-key';
import { validateRegion } from '../../../../lib/private/validation/region';
import { validatePlainValue, validateVariableValue } from '../../../../lib/private/validation/secret-reference';
import { isSecretArgument, isSecretByValue } from '../../../../lib/private/warnings/secret-value';

const stack = new Stack();
const parameter = new CfnParameter(stack, 'Parameter', { type: 'Number' });
const KEY_ERROR = 'p: <token> is known only at deploy time, but a port must be known at synthesis. '
  + "Use a literal, or a value that synthesis knows, for example from this.node.tryGetContext('name').";
const MISSING = 'It comes from a missing value, for example an environment variable such as process.env.NAME. Set that value before synthesis.';

describe('validateSize()', () => {
  test('accepts 120,000 bytes and refuses one more', () => {
    const empty = JSON.stringify({ Containers: { web: '' } }).length;

    expect(validateSize({ Containers: { web: 'x'.repeat(120_000 - empty) } })).toEqual([]);
    expect(validateSize({ Containers: { web: 'x'.repeat(120_001 - empty) } })).toEqual([
      `containers: the deployment has at least 120001 bytes (web: ${120_003 - empty}), but at most 120000 fit through CloudFormation and Step Functions. `
      + 'Move large values into the image, or let the containers read them at start, for example from Amazon S3.',
    ]);
  });

  test('shows the three largest containers', () => {
    const sizes = { a: 1, b: 70_000, c: 50_000, d: 3, [`x${Aws.REGION}`]: 2 };

    expect(validateSize({ Containers: Object.fromEntries(Object.entries(sizes).map(([name, size]) => [name, 'x'.repeat(size)])) })[0])
      .toContain('(b: 70002, c: 50002, d: 5)');
  });

  test('counts only the known parts of tokens and functions', () => {
    const long = 'x'.repeat(60_000);

    expect(validateSize({ A: `${long}${Aws.REGION}`, B: { 'Fn::Join': ['', [long, { Ref: 'A' }]] } })).toHaveLength(1);
    expect(validateSize({ A: Token.asAny({ Ref: 'A'.repeat(200_000) }), B: { Ref: 'B'.repeat(200_000) }, C: null, D: 7, E: [true] })).toEqual([]);
    expect(validateSize({ Containers: Token.asAny({}), A: 'x'.repeat(130_000) })).toHaveLength(1);
  });
});

describe('validateImageName()', () => {
  test.each<[unknown, string]>([
    ['https://nginx', '"https://nginx" begins with https://, but the name of an image has no scheme. Use "nginx".'],
    ['docker://a@b', '"docker://b" begins with docker://, but the name of an image has no scheme. Use "b".'],
    [':svc.a.3', "\":svc.a.3\" names an image that is stored on a container service, not in a registry. Use ContainerImage.fromContainerService('a', 3)."],
    [`:${Aws.REGION}.a.latest`, "\":<token>.a.latest\" names an image that is stored on a container service, not in a registry. Use ContainerImage.fromContainerService('a')."],
    [':a', "\":a\" does not name an image in a registry. For an image that is stored on the container service, use ContainerImage.fromContainerService('label', 3)."],
    ['a:undefined', `"a:undefined" contains undefined. ${MISSING}`],
    ['a.null.b/c', `"a.null.b/c" contains null. ${MISSING}`],
    [undefined, `undefined is not the name of an image in a registry. ${MISSING}`],
    [null, `null is not the name of an image in a registry. ${MISSING}`],
    [7, "7 is not the name of an image in a registry. Write it as [registry/]path[:tag][@sha256:digest] with a lower-case path, for example 'public.ecr.aws/nginx/nginx:1.27'."],
    ['A', "\"A\" is not the name of an image in a registry. Write it as [registry/]path[:tag][@sha256:digest] with a lower-case path, for example 'public.ecr.aws/nginx/nginx:1.27'."],
  ])('refuses %j', (name, error) => {
    expect(validateImageName(name as string)).toEqual([error]);
  });

  test.each(['nginx', 'null.a', 'a.b/c:1', `${Aws.REGION}:1`, Aws.REGION])('accepts %s', (name) => {
    expect(validateImageName(name)).toEqual([]);
  });

  test('validateTag() refuses a missing value', () => {
    expect(validateTag('undefined')).toEqual([`"undefined" contains undefined. ${MISSING}`]);
    expect(validateTag('1.0')).toEqual([]);
  });
});

describe('keys', () => {
  test.each<[string, string, boolean]>([
    ['a literal', '80', false],
    ['a parameter', parameter.valueAsString, true],
    ['a parameter as number', String(parameter.valueAsNumber), true],
    ['a function', Token.asString({ 'Fn::GetAtt': ['A', 'B'] }), true],
    ['Fn.join()', Fn.join('', ['8', Aws.REGION]), true],
    ['a Lazy', Lazy.string({ produce: () => '80' }), false],
    ['a Lazy as number', String(Lazy.number({ produce: () => 80 })), false],
  ])('validateKnownKey() of %s', (_, key, isRefused) => {
    expect(validateKnownKey('p', key, 'a port')).toEqual(isRefused ? [KEY_ERROR] : []);
    expect(isTokenKey(key)).toBe(key !== '80');
  });

  test.each<[string, string, boolean]>([
    ['a literal', '80', false],
    ['a Lazy of a text', Lazy.string({ produce: () => '80' }), false],
    ['a Lazy of a number', String(Lazy.number({ produce: () => 80 })), false],
    ['a Lazy of a parameter', Lazy.string({ produce: () => parameter.valueAsString }), true],
    ['a Lazy that fails', Lazy.string({
      produce: () => {
        throw new Error('not yet');
      },
    }), false],
  ])('validateResolvedKey() of %s', (_, key, isRefused) => {
    expect(validateResolvedKey('p', key, 'a port', stack)).toEqual(isRefused ? [KEY_ERROR] : []);
  });

  test('renderKey() makes a text of a number that is a token', () => {
    expect(stack.resolve({ [renderKey(String(Lazy.number({ produce: () => 80 })))]: 1, [renderKey('81')]: 2 })).toEqual({ 80: 1, 81: 2 });
  });
});

test.each<[string[], string | undefined]>([
  [['a', 'undefined'], 'undefined'], [['null'], 'null'], [['NaN'], 'NaN'], [['a-undefined'], 'undefined'], [['a_undefined.b'], 'undefined'], [['a-null'], undefined], [['undefinedx'], undefined],
])('missingValueIn() of %j is %j', (components, word) => {
  expect(missingValueIn(components)).toBe(word);
});

test.each<[string, string | undefined]>([
  ['undefined', 'undefined'], ['null', 'null'], ['NaN', 'NaN'], ['https://undefined/x', 'undefined'], ['a=undefined', 'undefined'], ['[object Object]', '[object Object]'],
  ['it is undefined', undefined], ['a=null', undefined], ['undefined_x', undefined], ['', undefined],
])('missingValueInText() of %j is %j', (text, word) => {
  expect(missingValueInText(text)).toBe(word);
});

test('validateRegion() refuses a Region without Lightsail, unless the context names it', () => {
  const withContext = new Stack();
  withContext.node.setContext('cdk-lightsail-containers:additionalRegions', ['me-south-1']);

  expect(validateRegion('me-south-1', stack)).toEqual([
    'env.region: Lightsail has no container services in "me-south-1". Put the stack into a Region of Lightsail: `aws lightsail get-regions` lists them. '
    + 'If the list contains "me-south-1" now, set the context cdk-lightsail-containers:additionalRegions to ["me-south-1"].',
  ]);
  expect(validateRegion('me-south-1', withContext)).toEqual([]);
  expect(validateRegion('af-south-1', withContext)).toHaveLength(1);
  expect(['us-east-1', Aws.REGION, 'xme-south-1'].flatMap((region) => validateRegion(region, stack))).toEqual([]);
});

describe('references to secrets', () => {
  const given = (source: string) => `p: {{resolve:${source}:…}} given. CloudFormation does not resolve such a reference in a custom resource.`;

  test('validateVariableValue() refuses them, with the name of the variable', () => {
    expect(validateVariableValue('p', 'A', 'x{{resolve:secretsmanager:a}}')).toEqual([
      `${given('secretsmanager')} Use secrets: { A: ContainerSecret.fromSecretsManager(secret, 'field') }. If the secret is only a part of the value, `
      + 'store the whole value as a secret, or give the secret a variable of its own.',
    ]);
    expect(validateVariableValue('p', 'A', '{{resolve:ssm:a}}')).toEqual([]);
  });

  test('validatePlainValue() refuses them', () => {
    expect(validatePlainValue('p', '{{resolve:ssm-secure:a}}')).toEqual([
      `${given('ssm-secure')} Use a value that is not secret. To give the secret to a container, use its secrets: { NAME: ContainerSecret.fromSsmParameter(parameter) }.`,
    ]);
    expect(validatePlainValue('p', 'a')).toEqual([]);
  });
});

test.each<[string, boolean]>([['--password=a', true], ['-token=a', true], ['https://a:b@c', true], ['--password=\0', false], ['--password=', false], ['--password-file=a', false]])(
  'isSecretArgument() of %j is %p', (text, expected) => {
    expect(isSecretArgument(text)).toBe(expected);
  });

test.each<[string, boolean]>([['https://a:b@c', true], ['https://a:\0@c', false], ['https://\0:b@c', true], ['https://a:b@\0', true], ['a', false], ['', false]])('isSecretByValue() of %j is %p', (text, expected) => {
  expect(isSecretByValue(text)).toBe(expected);
});
