import { Token } from 'aws-cdk-lib';
import { CONTAINER, DEPLOYMENT, HEALTH_CHECK, SECRET_VERSION, SERVICE, validatePropertyNames, validateProps } from '../../../../lib/private/validation/property-names';

const remedy = (name: string, shape = HEALTH_CHECK, value: unknown = 'x') =>
  validatePropertyNames('', { [name]: value }, shape).map((error) => error.replace(`${name}: unknown property. `, ''))[0];

test('validatePropertyNames() accepts known, undefined and inherited properties, and a token', () => {
  expect(validatePropertyNames('p', Object.assign(Object.create({ other: 1 }), { path: '/', other2: undefined, [Symbol('x')]: 1 }), HEALTH_CHECK)).toEqual([]);
  expect(validatePropertyNames('p', Token.asAny({ Ref: 'A' }), HEALTH_CHECK)).toEqual([]);
});

test('validatePropertyNames() shows the path of the property, if there is one', () => {
  expect(validatePropertyNames('a.b', { zzzzz: 1 }, SECRET_VERSION)).toEqual(['a.b.zzzzz: unknown property. The properties are versionId, versionStage.']);
  expect(validatePropertyNames('', { zzzzz: 1 }, SECRET_VERSION)).toEqual(['zzzzz: unknown property. The properties are versionId, versionStage.']);
});

test.each<[string, string]>([
  // The same name in another spelling.
  ['PATH', 'Use path.'], ['success-codes', 'Use successCodes.'], ['healthy_threshold', 'Use healthyThreshold.'],
  // Units, and other words around a name.
  ['intervalInSeconds', 'Use interval: Duration.seconds(…).'], ['intervalSecs', 'Use interval: Duration.seconds(…).'], ['intervalMs', 'Use interval: Duration.seconds(…).'],
  ['timeoutMilliseconds', 'Use timeout: Duration.millis(…).'], ['timeoutMinutes', 'Use timeout: Duration.minutes(…).'],
  ['healthCheckPath', 'Use path.'], ['unhealthyThresholdCount', 'Use unhealthyThreshold.'], ['healthCheckTimeoutSeconds', 'Use timeout: Duration.seconds(…).'],
  ['pathConfig', 'Use path.'], ['containerPath', 'Use path.'],
  // One or two slips: missing, too much, another one, and swapped.
  ['pah', 'Use path.'], ['paath', 'Use path.'], ['puth', 'Use path.'], ['ptah', 'Use path.'], ['helthyTreshold', 'Use healthyThreshold.'], ['intervall', 'Use interval: Duration.seconds(…).'],
  // Too different.
  ['pqqh', 'The properties are path, interval, timeout, healthyThreshold, unhealthyThreshold, successCodes.'],
  ['count', 'The properties are path, interval, timeout, healthyThreshold, unhealthyThreshold, successCodes.'],
  // In another place.
  ['container_name', 'It is a property of publicEndpoint.'], ['container_port', 'Lightsail checks the port of the public endpoint: publicEndpoint.containerPort.'],
])('%s: %s', (name, expected) => {
  expect(remedy(name)).toBe(expected);
});

test('names of Object.prototype are unknown properties without a meaning', () => {
  expect(remedy('constructor', SECRET_VERSION)).toBe('The properties are versionId, versionStage.');
});

test('a property is looked for in other places only among those of a deployment', () => {
  expect(remedy('containerPort', DEPLOYMENT)).toBe('It is a property of publicEndpoint.');
  expect(remedy('triggers', CONTAINER)).toBe('It is a property of the deployment.');
  expect(remedy('triggers', SERVICE)).toBe('It is a property of the deployment.');
  expect(remedy('triggers', SECRET_VERSION)).toBe('The properties are versionId, versionStage.');
});

test.each<[unknown, string]>([[30, '30'], [2.5, '2.5'], ['30', '…'], [NaN, '…'], [Infinity, '…'], [Token.asNumber({ Ref: 'A' }), '…']])('the duration %p is shown as %s', (value, shown) => {
  expect(remedy('intervalSeconds', HEALTH_CHECK, value)).toBe(`Use interval: Duration.seconds(${shown}).`);
});

test.each<[unknown, string[]]>([
  [{}, []],
  [undefined, ['props: missing. Use { a }.']],
  [null, ['props: null given. Use { a }.']],
  ['hunter2', ['props: a string given. Use { a }.']],
  [['a'], ['props: a list given. Use { a }.']],
  [new Map(), ['props: an instance of Map given. Use { a }.']],
  [7, ['props: 7 given. Use { a }.']],
])('validateProps() of %p returns %j', (props, errors) => {
  expect(validateProps('props', props, '{ a }')).toEqual(errors);
});
