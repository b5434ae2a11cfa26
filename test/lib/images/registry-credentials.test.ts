import { CfnParameter, SecretValue, Stack } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { actionsOf, COPIER, DEPLOYER, imagesIn, resourcesOf, statementsOf } from './image-fixture';
import { ContainerImage, ContainerSecret, RegistryCredentials } from '../../../lib';
import { container, Fixture, messageOf } from '../fixture';

let fixture: Fixture;
beforeEach(() => {
  fixture = new Fixture();
});

const REFERENCE = 'ghcr.io/owner/app:1.0';
const SECRET_ARN = 'arn:aws:secretsmanager:us-east-1:111111111111:secret:registry-AbCdEf';
const secret = (id = 'Secret') => Secret.fromSecretCompleteArn(fixture.stack, id, SECRET_ARN);
const parameter = (encryptionKey?: kms.IKey) =>
  StringParameter.fromSecureStringParameterAttributes(fixture.stack, 'Parameter', { parameterName: '/registry', encryptionKey });

function deploy(credentials: unknown) {
  return fixture.withContainer({ image: ContainerImage.fromCopy(REFERENCE, { credentials: credentials as RegistryCredentials }) });
}

function rendered(credentials: RegistryCredentials): unknown {
  deploy(credentials);
  return imagesIn(fixture.stack)[0][1].Properties.Credentials;
}

describe('in the template there is only the reference', () => {
  test.each<[string, () => RegistryCredentials, unknown]>([
    ['a secret with user name and password', () => RegistryCredentials.fromSecretsManager(secret()), { Secret: { SecretsManager: { SecretId: SECRET_ARN } } }],
    ['a secret with a password', () => RegistryCredentials.fromSecretsManager(secret(), { username: 'robot' }),
      { Username: 'robot', Secret: { SecretsManager: { SecretId: SECRET_ARN } } }],
    ['a field of a secret', () => RegistryCredentials.fromSecretsManager(secret(), { username: 'robot', field: 'token' }),
      { Username: 'robot', Secret: { SecretsManager: { SecretId: SECRET_ARN, Field: 'token' } } }],
    ['a parameter', () => RegistryCredentials.fromSsmParameter(parameter()), { Secret: { SsmParameter: { Name: '/registry' } } }],
    ['a parameter with a password', () => RegistryCredentials.fromSsmParameter(parameter(), { username: 'robot' }),
      { Username: 'robot', Secret: { SsmParameter: { Name: '/registry' } } }],
    ['a user name that is a token', () => RegistryCredentials.fromSsmParameter(parameter(), { username: new CfnParameter(fixture.stack, 'User').valueAsString }),
      { Username: { Ref: 'User' }, Secret: { SsmParameter: { Name: '/registry' } } }],
  ])('of %s', (_, credentials, properties) => {
    expect(rendered(credentials())).toEqual(properties);
  });
});

describe('the permission to read the secret', () => {
  const others = (description: RegExp) => statementsOf(fixture.stack, description).filter(({ Action }) => !/^(?:lightsail|cloudformation):/.test([Action].flat()[0]));

  test('belongs to the copier only, and exists around the image', () => {
    deploy(RegistryCredentials.fromSecretsManager(secret()));

    expect(others(COPIER)).toEqual([{ Action: 'secretsmanager:GetSecretValue', Effect: 'Allow', Resource: SECRET_ARN }]);
    expect(others(DEPLOYER)).toEqual([]);
    const resources = resourcesOf(fixture.stack);
    const [[, { DependsOn = [] }]] = imagesIn(fixture.stack);
    expect(actionsOf(DependsOn.flatMap((id) => resources[id].Properties.PolicyDocument.Statement))).toContain('secretsmanager:GetSecretValue');
  });

  test('of a parameter includes the key', () => {
    const key = new kms.Key(fixture.stack, 'Key');
    deploy(RegistryCredentials.fromSsmParameter(parameter(key)));

    expect(new Set(actionsOf(others(COPIER)))).toEqual(new Set(['kms:Decrypt', 'ssm:GetParameter']));
  });

  test('of a secret that also a container reads: each role reads its own, and the key allows both', () => {
    const key = new kms.Key(fixture.stack, 'Key');
    const shared = new Secret(fixture.stack, 'Shared', { encryptionKey: key });
    fixture.deployment({
      containers: {
        web: container({
          image: ContainerImage.fromCopy(REFERENCE, { credentials: RegistryCredentials.fromSecretsManager(shared) }),
          secrets: { PASSWORD: ContainerSecret.fromSecretsManager(shared, 'password') },
        }),
      },
    });

    expect(actionsOf(others(COPIER))).toContain('secretsmanager:GetSecretValue');
    expect(actionsOf(others(DEPLOYER))).toContain('secretsmanager:GetSecretValue');
    const [{ Properties }] = Object.values(resourcesOf(fixture.stack)).filter(({ Type }) => Type === 'AWS::KMS::Key');
    const readers = JSON.stringify(Properties.KeyPolicy);
    expect(readers).toMatch(/LightsailContainerImageProviderHandlerServiceRole/);
    expect(readers).toMatch(/LightsailContainerServiceDeploymentProviderHandlerServiceRole/);
  });

  test('is given once for an image of two containers', () => {
    const image = ContainerImage.fromCopy(REFERENCE, { label: 'app', credentials: RegistryCredentials.fromSecretsManager(secret()) });
    fixture.deployment({ containers: { web: container({ image }), api: container({ image }) } });

    expect(imagesIn(fixture.stack)).toHaveLength(1);
    expect(others(COPIER)).toHaveLength(1);
  });
});

describe('bad input', () => {
  test.each<[string, () => unknown, string]>([
    ['text', () => 's3cr3t', 'credentials: a string given. Use RegistryCredentials, for example RegistryCredentials.fromSecretsManager(secret)'],
    ['plain text', () => ({ username: 'robot', password: 's3cr3t' }), 'credentials: a map given. Use RegistryCredentials'],
    ['a secret', () => secret(), 'credentials: an instance of Resource given. Use RegistryCredentials'],
    ['a SecretValue', () => SecretValue.unsafePlainText('s3cr3t'), 'credentials: a token given. Use RegistryCredentials'],
    ['a ContainerSecret', () => ContainerSecret.fromSecretsManager(secret()), 'RegistryCredentials are not a ContainerSecret.'],
    ['something else as secret', () => RegistryCredentials.fromSecretsManager('s3cr3t' as never), 'credentials: a string is not a secret.'],
    ['something else as parameter', () => RegistryCredentials.fromSsmParameter({} as never), 'credentials: a map is not a parameter.'],
    ['a field without a user name', () => RegistryCredentials.fromSecretsManager(secret(), { field: 'token' }),
      'credentials: field: "token" given without a username. Set username, or remove field: the secret then has the fields username and password.'],
    ['a field of a parameter', () => RegistryCredentials.fromSsmParameter(parameter(), { username: 'robot', field: 'token' } as never), 'credentials: field: a parameter has no fields.'],
    ['an empty user name', () => RegistryCredentials.fromSecretsManager(secret(), { username: '' }), 'credentials: username: "" is not a user name.'],
    ['a user name with a colon', () => RegistryCredentials.fromSecretsManager(secret(), { username: 'robot:x' }), 'must not contain a colon'],
    ['a number as user name', () => RegistryCredentials.fromSecretsManager(secret(), { username: 7 as never }), 'credentials: username: a number given.'],
    ['a user name from a secret', () => RegistryCredentials.fromSecretsManager(secret(), { username: SecretValue.secretsManager('a').unsafeUnwrap() }), 'credentials: username: {{resolve:secretsmanager:…}} given.'],
    ['a password in the options', () => RegistryCredentials.fromSecretsManager(secret(), { username: 'robot', password: 's3cr3t' } as never), 'credentials: password: unknown property. The secret has the password.'],
    ['options that are no map', () => RegistryCredentials.fromSecretsManager(secret(), 's3cr3t' as never), 'credentials: a string is not a map of options.'],
    ['a bind() without result', () => ({ bind: () => undefined }), 'credentials: its bind() returned no secret.'],
    ['a bind() that throws', () => ({ bind: () => { throw new Error('no such login.'); } }), 'credentials: no such login.'],
  ])('%s fails', (_, credentials, error) => {
    const message = messageOf(() => deploy(credentials()));
    expect(message).toMatch(/^\[Stack\/Deployment\] containers\.web\.image: credentials: /);
    expect(message).toContain(error);
    expect(message).not.toContain('s3cr3t');
    expect(fixture.stack.node.findChild('Deployment').node.children).toEqual([]);
  });

  test('a secret of another Region fails', () => {
    fixture = new Fixture({ env: { account: '111111111111', region: 'eu-west-1' } });

    expect(messageOf(() => deploy(RegistryCredentials.fromSecretsManager(secret())))).toContain('credentials: the secret is in region "us-east-1", and the stack in "eu-west-1".');
  });

  test('a secret of another stack works', () => {
    const other = new Stack(fixture.app, 'Other');
    deploy(RegistryCredentials.fromSecretsManager(new Secret(other, 'Secret')));

    expect(() => fixture.app.synth()).not.toThrow();
  });
});
