import { CfnDynamicReference, CfnDynamicReferenceService, CfnParameter, Fn, Lazy, SecretValue, Token } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { container, Fixture, messageOf } from './fixture';
import { ContainerImage } from '../../lib';

/*
 * CloudFormation does not resolve dynamic references to secrets in custom resources: the containers would receive their text.
 */

let fixture: Fixture;
beforeEach(() => {
  fixture = new Fixture();
});

const secret = () => new Secret(fixture.stack, 'Secret');
const SECRET = () => secret().secretValueFromJson('password').unsafeUnwrap();
const untyped = (value: unknown) => value as any;

const REFERENCES: Array<[string, () => string]> = [
  ['secretValue.unsafeUnwrap()', () => secret().secretValue.unsafeUnwrap()],
  ['secretValueFromJson().unsafeUnwrap()', SECRET],
  ['the value of an imported secret', () => Secret.fromSecretNameV2(fixture.stack, 'Named', 'db').secretValue.unsafeUnwrap()],
  ['SecretValue.secretsManager().unsafeUnwrap()', () => SecretValue.secretsManager('db').unsafeUnwrap()],
  ['SecretValue.secretsManager().toString()', () => SecretValue.secretsManager('db').toString()],
  ['Token.asString(SecretValue)', () => Token.asString(SecretValue.secretsManager('db'))],
  ['a SecretValue itself', () => untyped(SecretValue.secretsManager('db'))],
  ['a CfnDynamicReference', () => new CfnDynamicReference(CfnDynamicReferenceService.SECRETS_MANAGER, 'db').toString()],
  ['text', () => '{{resolve:secretsmanager:db:SecretString:password}}'],
  ['a part of a longer text', () => 'postgres://user:{{resolve:secretsmanager:db}}@host/db'],
  ['a part of a longer text with a token', () => `postgres://user:${SECRET()}@${new CfnParameter(fixture.stack, 'Host').valueAsString}/db`],
  ['an argument of Fn.join()', () => Fn.join(':', ['user', SECRET()])],
  ['an argument of a nested Fn.join()', () => Fn.join('', ['a', Fn.join(':', ['user', SECRET(), new CfnParameter(fixture.stack, 'Host').valueAsString])])],
  ['the text of Fn.join()', () => Fn.join(':', ['{{resolve', 'secretsmanager', secret().secretArn, 'SecretString:password}}'])],
  ['an argument of Fn.sub()', () => Fn.sub('user:${Password}', { Password: SECRET() })],
  ['the text of Fn.sub()', () => Fn.sub('{{resolve:secretsmanager:${Secret}:SecretString:password}}', { Secret: secret().secretArn })],
  ['an argument of Fn.base64()', () => Fn.base64(SECRET())],
  ['an argument of Fn.select()', () => Fn.select(0, [SECRET(), 'other'])],
  ['a branch of Fn.conditionIf()', () => Fn.conditionIf('Condition', SECRET(), 'other').toString()],
];

describe.each(REFERENCES)('a reference to a secret in Secrets Manager, as %s,', (_, value) => {
  test('is refused in the environment, with the variable and the remedy', () => {
    expect(messageOf(() => fixture.withContainer({ environment: { DB_PASSWORD: value() } }))).toBe(
      '[Stack/Deployment] containers.web.environment.DB_PASSWORD: {{resolve:secretsmanager:…}} given. CloudFormation does not resolve such a reference in a custom resource. '
      + "Use secrets: { DB_PASSWORD: ContainerSecret.fromSecretsManager(secret, 'field') }. If the secret is only a part of the value, "
      + 'store the whole value as a secret, or give the secret a variable of its own.');
    expect(fixture.stack.node.findChild('Deployment').node.children).toEqual([]);
  });

  test('is refused at synthesis when a Lazy produces it', () => {
    const text = value();
    fixture.withContainer({ environment: { DB_PASSWORD: Lazy.string({ produce: () => text }) } });

    expect(messageOf(() => fixture.app.synth())).toMatch(/containers\.web\.environment\.DB_PASSWORD: \{\{resolve:secretsmanager:…\}\} given|Synthing a secret value/);
  });
});

test.each<[string, (value: string) => unknown, string]>([
  ['the command', (value) => fixture.withContainer({ command: ['run', '--password', value] }), 'containers.web.command[2]: '],
  ['the image of a registry', (value) => fixture.withContainer({ image: ContainerImage.fromRegistry(value) }), 'containers.web.image: '],
  ['the image of another library', (value) => fixture.withContainer({ image: { bind: () => ({ imageName: value }) } }), 'containers.web.image: '],
  ['the health check path', (value) => fixture.withHealthCheck({ path: `/health?key=${value}` }), 'publicEndpoint.healthCheck.path: '],
  ['the whole health check path', (value) => fixture.withHealthCheck({ path: value }), 'publicEndpoint.healthCheck.path: '],
  ['the success codes', (value) => fixture.withHealthCheck({ successCodes: value }), 'publicEndpoint.healthCheck.successCodes: '],
  ['the container of the endpoint', (value) => fixture.withEndpoint({ containerName: value }), 'publicEndpoint.containerName: '],
  ['a trigger', (value) => fixture.deployment({ triggers: { password: value } }), 'triggers.password: '],
  ['addContainer()', (value) => fixture.deployment().addContainer('late', container({ environment: { A: value } })), 'containers.late.environment.A: '],
])('a reference to a secret is refused in %s', (_, define, property) => {
  const message = messageOf(() => define(SECRET()));

  expect(message).toContain(`[Stack/Deployment] ${property}`);
  expect(message).toContain('{{resolve:secretsmanager:…}} given. CloudFormation does not resolve such a reference in a custom resource. ');
});

test.each<[string, () => string]>([
  ['SecretValue.ssmSecure()', () => SecretValue.ssmSecure('/db', '3').unsafeUnwrap()],
  ['the value of an imported SecureString', () => StringParameter.fromSecureStringParameterAttributes(fixture.stack, 'Secure', { parameterName: '/db', version: 3 }).stringValue],
  ['text', () => '{{resolve:ssm-secure:/db:3}}'],
])('a reference to a SecureString, as %s, is refused, with fromSsmParameter() as remedy', (_, value) => {
  expect(messageOf(() => fixture.withContainer({ environment: { DB_PASSWORD: value() } })))
    .toContain('containers.web.environment.DB_PASSWORD: {{resolve:ssm-secure:…}} given. CloudFormation does not resolve such a reference in a custom resource. '
      + 'Use secrets: { DB_PASSWORD: ContainerSecret.fromSsmParameter(parameter) }.');
});

test.each<[string, () => string, unknown]>([
  ['text', () => '{{resolve:ssm:/log/level:3}}', '{{resolve:ssm:/log/level:3}}'],
  ['an imported parameter', () => StringParameter.fromStringParameterAttributes(fixture.stack, 'Plain', { parameterName: '/log/level', version: 3 }).stringValue,
    '{{resolve:ssm:/log/level:3}}'],
  ['text that only mentions one', () => 'resolve:secretsmanager:db', 'resolve:secretsmanager:db'],
  ['a parameter of the stack', () => new CfnParameter(fixture.stack, 'Level').valueAsString, { Ref: 'Level' }],
])('a reference that CloudFormation resolves passes, as %s', (_, value, rendered) => {
  fixture.withContainer({ environment: { LOG_LEVEL: value() } });

  expect(fixture.properties().Containers.web.Environment).toEqual({ LOG_LEVEL: rendered });
});

test('a Lazy is not called before synthesis', () => {
  const produce = jest.fn(() => 'info');
  fixture.withContainer({ environment: { LOG_LEVEL: Lazy.uncachedString({ produce }), URL: `http://${Lazy.uncachedString({ produce })}` } });

  expect(produce).not.toHaveBeenCalled();
});
