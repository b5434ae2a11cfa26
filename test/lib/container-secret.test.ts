import { App, Lazy, Stack, Token, type StackProps } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import { container, Fixture, messageOf, RESOURCE_TYPE } from './fixture';
import { ContainerSecret, type ContainerProps, type ContainerSecretConfig, type ContainerServiceDeployment } from '../../lib';

const { Secret } = secretsmanager;
const { StringParameter } = ssm;

const ACCOUNT = '123456789012';
const SECRET_ARN = `arn:aws:secretsmanager:us-east-1:${ACCOUNT}:secret:db-AbCdEf`;
const KEY_ARN = `arn:aws:kms:us-east-1:${ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
const VIA_SECRETS_MANAGER = { StringEquals: { 'kms:ViaService': 'secretsmanager.us-east-1.amazonaws.com' } };
const READ_SECRET = ['secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue'];
const READ_PARAMETER = ['ssm:DescribeParameters', 'ssm:GetParameter', 'ssm:GetParameterHistory', 'ssm:GetParameters'];

let fixture: Fixture;
let stack: Stack;

beforeEach(() => start({ env: { account: ACCOUNT, region: 'us-east-1' } }));

function start(props: StackProps): void {
  fixture = new Fixture(props);
  stack = fixture.stack;
}

/** A value that users of JavaScript, and of languages with weaker types, can pass. */
const untyped = (value: unknown) => value as any;

function withSecret(secret: ContainerSecret, name = 'DB_PASSWORD'): ContainerServiceDeployment {
  return fixture.withContainer({ secrets: { [name]: secret } });
}

function refTo(construct: Construct) {
  return { Ref: stack.getLogicalId(untyped(construct.node.defaultChild)) };
}

function arnOf(key: kms.Key) {
  return { 'Fn::GetAtt': [stack.getLogicalId(key.node.defaultChild as kms.CfnKey), 'Arn'] };
}

/** The role of the handler. */
function handlerRole(template: Template): string {
  const [fn] = Object.values(template.findResources('AWS::Lambda::Function', { Properties: { Handler: 'index.handler' } }));
  return fn.Properties.Role['Fn::GetAtt'][0];
}

/** The statements of the policy that lets the handler read the secrets of a deployment. */
function statementsFor(deployment: ContainerServiceDeployment, template = fixture.template()): any[] {
  const construct = deployment.node.tryFindChild('SecretsPolicy');
  if (!construct) return [];
  const logicalId = stack.getLogicalId(untyped(construct.node.defaultChild));
  const policy = template.findResources('AWS::IAM::Policy')[logicalId];

  expect(policy.Properties.Roles).toEqual([{ Ref: handlerRole(template) }]);
  // The policy has to be there from before the resource until after it.
  expect(template.findResources(RESOURCE_TYPE)[resourceIdOf(deployment)].DependsOn).toContain(logicalId);
  return policy.Properties.PolicyDocument.Statement;
}

function resourceIdOf(deployment: ContainerServiceDeployment): string {
  return stack.getLogicalId(untyped(deployment.node.findChild('Resource').node.defaultChild));
}

const allow = (actions: string | string[], resource: unknown, condition?: object) =>
  ({ Action: actions, Effect: 'Allow', Resource: resource, ...(condition && { Condition: condition }) });

describe('the template contains', () => {
  test('the ARN of a secret of the stack', () => {
    const secret = new Secret(stack, 'Secret');
    withSecret(ContainerSecret.fromSecretsManager(secret));

    expect(fixture.properties().Containers.web.Secrets).toEqual({ DB_PASSWORD: { SecretsManager: { SecretId: refTo(secret) } } });
  });

  test('the ARN of the attachment, so that the deployment waits until the secret has the connection of the database', () => {
    const secret = new Secret(stack, 'Secret').attach({
      asSecretAttachmentTarget: () => ({ targetId: 'db', targetType: secretsmanager.AttachmentTargetType.RDS_DB_INSTANCE }),
    });
    withSecret(ContainerSecret.fromSecretsManager(secret, 'host'));

    expect(fixture.properties().Containers.web.Secrets.DB_PASSWORD.SecretsManager.SecretId).toEqual(refTo(secret));
  });

  test.each<[string, () => secretsmanager.ISecret, unknown]>([
    ['a complete ARN', () => Secret.fromSecretCompleteArn(stack, 'Secret', SECRET_ARN), SECRET_ARN],
    ['a partial ARN', () => Secret.fromSecretPartialArn(stack, 'Secret', SECRET_ARN.slice(0, -7)), SECRET_ARN.slice(0, -7)],
    ['a name', () => Secret.fromSecretNameV2(stack, 'Secret', 'db'),
      { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:secretsmanager:us-east-1:${ACCOUNT}:secret:db`]] }],
  ])('the ARN of a secret imported by %s', (_, secret, secretId) => {
    withSecret(ContainerSecret.fromSecretsManager(secret()));

    expect(fixture.properties().Containers.web.Secrets).toEqual({ DB_PASSWORD: { SecretsManager: { SecretId: secretId } } });
  });

  test.each([
    [{ versionId: 'v-1' }, undefined, { VersionId: 'v-1' }],
    [{ versionStage: 'AWSPREVIOUS' }, 'password', { VersionStage: 'AWSPREVIOUS', Field: 'password' }],
    [{}, 'password', { Field: 'password' }],
    [{ versionId: Lazy.string({ produce: () => 'v-2' }) }, Lazy.string({ produce: () => 'user' }), { VersionId: 'v-2', Field: 'user' }],
  ])('the version and the field: %j %s', (version, field, expected) => {
    withSecret(ContainerSecret.fromSecretsManagerVersion(Secret.fromSecretCompleteArn(stack, 'Secret', SECRET_ARN), version, field));

    expect(fixture.properties().Containers.web.Secrets).toEqual({ DB_PASSWORD: { SecretsManager: { SecretId: SECRET_ARN, ...expected } } });
  });

  test.each<[string, () => ssm.IParameter, string | ((parameter: ssm.IParameter) => unknown)]>([
    ['a String of the stack', () => new StringParameter(stack, 'Parameter', { stringValue: 'x' }), refTo],
    ['a SecureString', () => StringParameter.fromSecureStringParameterAttributes(stack, 'Parameter', { parameterName: '/app/db/key' }), '/app/db/key'],
    ['a String', () => StringParameter.fromStringParameterName(stack, 'Parameter', 'key'), 'key'],
    ['the ARN of a path', () => StringParameter.fromStringParameterArn(stack, 'Parameter', `arn:aws:ssm:us-east-1:${ACCOUNT}:parameter/app/db/key`), '/app/db/key'],
    ['the ARN of a plain name', () => StringParameter.fromStringParameterArn(stack, 'Parameter', `arn:aws:ssm:us-east-1:${ACCOUNT}:parameter/key`), 'key'],
  ])('the name of a parameter: %s', (_, define, name) => {
    const parameter = define();
    withSecret(ContainerSecret.fromSsmParameter(parameter));

    expect(fixture.properties().Containers.web.Secrets).toEqual({ DB_PASSWORD: { SsmParameter: { Name: typeof name === 'string' ? name : name(parameter) } } });
  });

  test('no secret value, and no reference that CloudFormation would resolve to one', () => {
    const secret = new Secret(stack, 'Secret', { generateSecretString: { secretStringTemplate: '{"user":"admin"}', generateStringKey: 'password' } });
    const environment = { LOG_LEVEL: 'info' };
    fixture.withContainer({
      environment,
      secrets: {
        A: ContainerSecret.fromSecretsManager(secret, 'password'),
        B: ContainerSecret.fromSecretsManagerVersion(secret, { versionStage: 'AWSPREVIOUS' }),
        C: ContainerSecret.fromSecretsManager(Secret.fromSecretNameV2(stack, 'Named', 'named')),
        D: ContainerSecret.fromSsmParameter(StringParameter.fromSecureStringParameterAttributes(stack, 'Parameter', { parameterName: '/app/key', version: 3 })),
      },
    });

    const { Environment, Secrets } = fixture.properties().Containers.web;
    expect(Environment).toEqual(environment);
    const members = Object.values<object>(Secrets).flatMap((source) => Object.values(source).flatMap((reference) => Object.keys(reference)));
    expect(new Set(members)).toEqual(new Set(['SecretId', 'Field', 'VersionStage', 'Name', 'Version']));
    expect(JSON.stringify(fixture.template().toJSON())).not.toContain('resolve:');
  });

  test.each([{}, undefined])('nothing for %j', (secrets) => {
    const deployment = fixture.withContainer({ secrets });

    expect(fixture.properties().Containers.web).not.toHaveProperty('Secrets');
    expect(statementsFor(deployment)).toEqual([]);
  });

  test('what addContainer() adds, with its permission', () => {
    const deployment = fixture.deployment();
    deployment.addContainer('worker', container({ secrets: { KEY: ContainerSecret.fromSecretsManager(Secret.fromSecretCompleteArn(stack, 'Secret', SECRET_ARN)) } }));

    expect(fixture.properties().Containers.worker.Secrets).toEqual({ KEY: { SecretsManager: { SecretId: SECRET_ARN } } });
    expect(statementsFor(deployment)).toEqual([allow(READ_SECRET, SECRET_ARN)]);
  });
});

describe('the handler is allowed to read', () => {
  test.each<[string, () => secretsmanager.ISecret, unknown]>([
    ['a complete ARN', () => Secret.fromSecretCompleteArn(stack, 'Secret', SECRET_ARN), SECRET_ARN],
    ['a partial ARN', () => Secret.fromSecretPartialArn(stack, 'Secret', SECRET_ARN.slice(0, -7)), `${SECRET_ARN.slice(0, -7)}-??????`],
    ['a name', () => Secret.fromSecretNameV2(stack, 'Secret', 'db'),
      { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:secretsmanager:us-east-1:${ACCOUNT}:secret:db-??????`]] }],
  ])('a secret imported by %s, and no other', (_, secret, resource) => {
    expect(statementsFor(withSecret(ContainerSecret.fromSecretsManager(secret())))).toEqual([allow(READ_SECRET, resource)]);
  });

  test('the secret of a variable, in one statement with those of others', () => {
    const secrets = ['A', 'B'].map((id) => new Secret(stack, id));
    const deployment = fixture.deployment({
      containers: {
        web: container({ secrets: { A: ContainerSecret.fromSecretsManager(secrets[0], 'a'), A2: ContainerSecret.fromSecretsManager(secrets[0], 'b') } }),
        worker: container({ secrets: { B: ContainerSecret.fromSecretsManager(secrets[1]) } }),
      },
    });

    expect(statementsFor(deployment)).toEqual([allow(READ_SECRET, secrets.map(refTo))]);
  });

  test('a parameter', () => {
    const parameter = StringParameter.fromSecureStringParameterAttributes(stack, 'Parameter', { parameterName: '/app/key' });

    expect(statementsFor(withSecret(ContainerSecret.fromSsmParameter(parameter)))).toEqual([
      allow(READ_PARAMETER, { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:ssm:us-east-1:${ACCOUNT}:parameter/app/key`]] }),
    ]);
  });

  test('the secrets of its own deployment with a policy that no other deployment waits for', () => {
    const [first, second] = ['First', 'Second'].map((id) => fixture.deployment({
      service: fixture.service(`${id}Service`),
      containers: { web: container({ secrets: { A: ContainerSecret.fromSecretsManager(new Secret(stack, `${id}Secret`)) } }) },
    }, id));

    const template = fixture.template();
    expect(statementsFor(first, template)).toEqual([allow(READ_SECRET, refTo(stack.node.findChild('FirstSecret')))]);
    expect(statementsFor(second, template)).toEqual([allow(READ_SECRET, refTo(stack.node.findChild('SecondSecret')))]);
    const { DependsOn } = template.findResources(RESOURCE_TYPE)[resourceIdOf(first)];
    expect(DependsOn).not.toContainEqual(expect.stringContaining('Second'));
    // The functions, which all deployments wait for, wait for no secret.
    const ofFunctions = Object.entries(template.findResources('AWS::IAM::Policy')).filter(([logicalId]) => logicalId.includes('DefaultPolicy'));
    expect(ofFunctions.length).toBeGreaterThan(1);
    expect(JSON.stringify(ofFunctions)).not.toContain('secretsmanager:');
  });

  test('a secret that comes from an earlier deployment of the stack', () => {
    const first = fixture.deployment({ service: fixture.service('First') }, 'FirstDeployment');
    const key = new kms.Key(stack, 'Key', { description: first.url });
    const secret = new Secret(stack, 'Secret', { description: first.deploymentId, encryptionKey: key });
    fixture.deployment({ service: fixture.service('Second'), containers: { web: container({ secrets: { A: ContainerSecret.fromSecretsManager(secret) } }) } }, 'SecondDeployment');

    // Finds dependency cycles.
    expect(() => Template.fromStack(stack)).not.toThrow();
  });
});

describe('the KMS key of a secret', () => {
  const decryptVia = (resource: unknown) => allow('kms:Decrypt', resource, VIA_SECRETS_MANAGER);

  /** What the policy of a key in the template allows the handler. */
  function keyStatements(template: Template): any[] {
    const [{ Properties }] = Object.values(template.findResources('AWS::KMS::Key'));
    return Properties.KeyPolicy.Statement.filter(({ Action }: { Action: unknown }) => Action === 'kms:Decrypt');
  }

  test('allows the role in its policy, if it is in the stack', () => {
    const key = new kms.Key(stack, 'Key');
    const secret = new Secret(stack, 'Secret', { encryptionKey: key });
    const deployment = fixture.withContainer({
      secrets: { A: ContainerSecret.fromSecretsManager(secret, 'a'), B: ContainerSecret.fromSecretsManager(secret, 'b') },
    });

    const template = fixture.template();
    expect(statementsFor(deployment, template)).toEqual([allow(READ_SECRET, refTo(secret)), decryptVia(arnOf(key))]);
    expect(keyStatements(template)).toEqual([{
      Action: 'kms:Decrypt',
      Effect: 'Allow',
      Principal: { AWS: { 'Fn::GetAtt': [handlerRole(template), 'Arn'] } },
      Resource: '*',
      Condition: VIA_SECRETS_MANAGER,
    }]);
  });

  test('is allowed by the policy of the handler, if it is imported', () => {
    const secret = Secret.fromSecretAttributes(stack, 'Secret', { secretCompleteArn: SECRET_ARN, encryptionKey: kms.Key.fromKeyArn(stack, 'Key', KEY_ARN) });

    expect(statementsFor(withSecret(ContainerSecret.fromSecretsManager(secret)))).toEqual([allow(READ_SECRET, SECRET_ARN), decryptVia(KEY_ARN)]);
  });

  test('trusts the account if it is in another stack, whose stack does not wait for the deployment', () => {
    const other = new Stack(fixture.app, 'Other', { env: { account: ACCOUNT, region: 'us-east-1' } });
    const secret = new Secret(other, 'Secret', { encryptionKey: new kms.Key(other, 'Key') });
    const deployment = withSecret(ContainerSecret.fromSecretsManager(secret));

    fixture.app.synth();
    expect(other.dependencies).toEqual([]);
    expect(stack.dependencies).toEqual([other]);
    expect(statementsFor(deployment)).toEqual([
      allow(READ_SECRET, { 'Fn::ImportValue': expect.stringMatching('Other:ExportsOutputRefSecret') }),
      decryptVia({ 'Fn::ImportValue': expect.stringMatching('Other:ExportsOutputFnGetAttKey') }),
    ]);
    expect(keyStatements(Template.fromStack(other))).toMatchObject([{
      Principal: { AWS: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:iam::${ACCOUNT}:root`]] } }, Condition: VIA_SECRETS_MANAGER,
    }]);
  });

  test('is allowed in a stack whose account and Region are not known', () => {
    start({});
    const key = new kms.Key(stack, 'Key');
    const secret = new Secret(stack, 'Secret', { encryptionKey: key });

    expect(statementsFor(withSecret(ContainerSecret.fromSecretsManager(secret)))).toEqual([
      allow(READ_SECRET, refTo(secret)),
      allow('kms:Decrypt', arnOf(key), { StringEquals: { 'kms:ViaService': { 'Fn::Join': ['', ['secretsmanager.', { Ref: 'AWS::Region' }, '.amazonaws.com']] } } }),
    ]);
    // Nothing is left to the policy of the secret.
    fixture.template().resourceCountIs('AWS::SecretsManager::ResourcePolicy', 0);
  });
});

describe('the KMS key of a parameter', () => {
  test.each<[string, () => kms.IKey, (key: kms.IKey) => unknown]>([
    ['imported', () => kms.Key.fromKeyArn(stack, 'Key', KEY_ARN), () => KEY_ARN],
    ['in the stack', () => new kms.Key(stack, 'Key'), (key) => arnOf(key as kms.Key)],
  ])('%s can be used by the handler', (_, define, resource) => {
    const encryptionKey = define();
    const parameter = StringParameter.fromSecureStringParameterAttributes(stack, 'Parameter', { parameterName: '/app/key', encryptionKey });

    expect(statementsFor(withSecret(ContainerSecret.fromSsmParameter(parameter)))).toEqual(expect.arrayContaining([
      allow('kms:Decrypt', resource(encryptionKey)), allow(READ_PARAMETER, expect.anything()),
    ]));
  });
});

describe('another account or Region', () => {
  const AT = '[Stack/Deployment] containers.web.secrets.DB_PASSWORD: ';
  const OTHER_ACCOUNT = 'is in account "999999999999", and the stack in "123456789012". Its value is read in the stack\'s account. ';
  const OTHER_REGION = 'is in region "eu-west-1", and the stack in "us-east-1". Its value is read in the stack\'s Region. ';

  test.each<[string, (app: App) => ContainerSecret, string]>([
    ['a secret of an ARN', () => ContainerSecret.fromSecretsManager(Secret.fromSecretCompleteArn(stack, 'Secret', SECRET_ARN.replace(ACCOUNT, '999999999999'))),
      `the secret ${OTHER_ACCOUNT}Create the secret in that account as well and refer to that one.`],
    ['a secret of an ARN', () => ContainerSecret.fromSecretsManager(Secret.fromSecretPartialArn(stack, 'Secret', 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:db')),
      `the secret ${OTHER_REGION}Replicate the secret to that Region and refer to the replica.`],
    ['a secret of another stack', (app) => ContainerSecret.fromSecretsManager(new Secret(new Stack(app, 'Other', { env: { account: '999999999999', region: 'us-east-1' } }), 'Secret')),
      `the secret ${OTHER_ACCOUNT}`],
    ['a secret of another stack', (app) => ContainerSecret.fromSecretsManager(new Secret(new Stack(app, 'Other', { env: { account: ACCOUNT, region: 'eu-west-1' } }), 'Secret')),
      `the secret ${OTHER_REGION}`],
    ['a named secret of another stack', (app) => ContainerSecret.fromSecretsManager(
      Secret.fromSecretNameV2(new Stack(app, 'Other', { env: { account: ACCOUNT, region: 'eu-west-1' } }), 'Secret', 'db')), `the secret ${OTHER_REGION}`],
    ['a parameter of an ARN', () => ContainerSecret.fromSsmParameter(StringParameter.fromStringParameterArn(stack, 'Parameter', 'arn:aws:ssm:us-east-1:999999999999:parameter/key')),
      `the parameter ${OTHER_ACCOUNT}Create the parameter in that account as well and refer to that one.`],
    ['a parameter of another stack', (app) => ContainerSecret.fromSsmParameter(
      new StringParameter(new Stack(app, 'Other', { env: { account: ACCOUNT, region: 'eu-west-1' } }), 'Parameter', { stringValue: 'x' })),
    `the parameter ${OTHER_REGION}Create the parameter in that Region as well and refer to that one.`],
  ])('fails for %s', (_, secretOf, words) => {
    expect(messageOf(() => withSecret(secretOf(fixture.app)))).toContain(`${AT}${words}`);
  });

  test.each<[string, () => ContainerSecret]>([
    ['a token as ARN', () => ContainerSecret.fromSecretsManager(Secret.fromSecretCompleteArn(stack, 'Secret', Token.asString({ Ref: 'SecretArn' })))],
    ['the deprecated import by name', () => ContainerSecret.fromSecretsManager(untyped(Secret).fromSecretName(stack, 'Secret', 'db'))],
  ])('passes for %s, which does not show the account', (_, secretOf) => {
    expect(() => withSecret(secretOf())).not.toThrow();
  });

  test('passes for a stack whose account and Region are not known', () => {
    start({});

    expect(statementsFor(withSecret(ContainerSecret.fromSecretsManager(Secret.fromSecretCompleteArn(stack, 'Secret', SECRET_ARN)))))
      .toEqual([allow(READ_SECRET, SECRET_ARN)]);
  });
});

describe('synthesis refuses', () => {
  const USE_A_SECRET = "Use a ContainerSecret, for example ContainerSecret.fromSecretsManager(secret, 'password').";
  const existing = () => stack.node.tryFindChild('Secret') as secretsmanager.ISecret | undefined ?? Secret.fromSecretCompleteArn(stack, 'Secret', SECRET_ARN);
  const secretOf = () => ContainerSecret.fromSecretsManager(existing());

  const messageFor = (props: Partial<ContainerProps>) => {
    const message = messageOf(() => fixture.withContainer(props));
    expect(message).toMatch(/^\[Stack\/Deployment\]\s/);
    return message.slice('[Stack/Deployment] '.length);
  };

  test('a name that the environment has as well', () => {
    expect(messageFor({ environment: { A: '1', B: '2' }, secrets: { B: secretOf() } }))
      .toBe('containers.web.secrets.B: environment also has a variable of that name. Remove it from one of them.');
    expect(messageOf(() => fixture.deployment({}, 'Second').addContainer('worker', container({ environment: { B: '2' }, secrets: { B: secretOf() } }))))
      .toContain('containers.worker.secrets.B: environment also has a variable');
  });

  test.each([['', '""'], ['A=x', '"A=…"'], ['A\0', '"A\\u0000"']])('the name %j', (name, told) => {
    expect(messageFor({ secrets: { [name]: secretOf() } }))
      .toBe(`containers.web.secrets: ${told} is not the name of an environment variable. It must not be empty or contain '='.`);
  });

  test.each<[string, unknown, string]>([
    ['a list', ['A'], 'a list given.'],
    ['a text', 'A', 'a string given.'],
    ['a JavaScript Map', new Map(), 'an instance of Map given.'],
    ['null', null, 'null given.'],
    ['a token', Lazy.any({ produce: () => ({}) }), 'a token given.'],
  ])('%s as secrets', (_, secrets, words) => {
    expect(messageFor({ secrets: untyped(secrets) })).toBe(
      `containers.web.secrets: ${words} Use a map of names to secrets that is known at synthesis, for example { DB_PASSWORD: ContainerSecret.fromSecretsManager(secret, 'password') }.`);
  });

  test.each<[string, unknown, string]>([
    ['a text', 'swordfish', 'a string given.'],
    ['undefined', undefined, 'undefined given.'],
    ['null', null, 'null given.'],
    ['a number', 5, 'a number given.'],
    ['a map', { secretId: 'swordfish' }, 'a map given.'],
  ])('%s as a secret, without showing it', (_, secret, words) => {
    expect(messageFor({ secrets: { A: untyped(secret) } })).toBe(`containers.web.secrets.A: ${words} ${USE_A_SECRET}`);
  });

  test('the secret itself in place of a ContainerSecret', () => {
    expect(messageFor({ secrets: { A: untyped(existing()) } })).toBe(`containers.web.secrets.A: an instance of Resource given. ${USE_A_SECRET}`);
  });

  test.each<[string, () => ContainerSecret, string]>([
    ['no secret', () => ContainerSecret.fromSecretsManager(untyped(undefined)),
      "undefined is not a secret. Use one, for example Secret.fromSecretNameV2(this, 'Secret', 'name')."],
    ['a name as secret', () => ContainerSecret.fromSecretsManager(untyped('db')), 'a string is not a secret.'],
    ['no parameter', () => ContainerSecret.fromSsmParameter(untyped(undefined)),
      "undefined is not a parameter. Use one, for example StringParameter.fromSecureStringParameterAttributes(this, 'Parameter', { parameterName: '/name' })."],
    ['a secret as parameter', () => ContainerSecret.fromSsmParameter(untyped(existing())), 'is not a parameter.'],
    ['an empty field', () => ContainerSecret.fromSecretsManager(existing(), ''),
      '"" is not a valid field. Use a string that is not empty: for example \'password\', or leave it out for the whole secret.'],
    ['a number as field', () => ContainerSecret.fromSecretsManager(existing(), untyped(5)), '5 is not a valid field. Use a string that is not empty'],
    ['an empty version id', () => ContainerSecret.fromSecretsManagerVersion(existing(), { versionId: '' }), '"" is not a valid versionId.'],
    ['an empty version stage', () => ContainerSecret.fromSecretsManagerVersion(existing(), { versionStage: '' }), '"" is not a valid versionStage.'],
    ['a version by its id and its stage', () => ContainerSecret.fromSecretsManagerVersion(existing(), { versionId: 'v', versionStage: 'AWSCURRENT' }),
      'both versionId and versionStage are given. Use only one of them.'],
  ])('%s', (_, secret, words) => {
    const message = messageFor({ secrets: { A: secret() } });

    expect(message).toMatch(/^containers\.web\.secrets\.A: /);
    expect(message).toContain(words);
  });

  test('a container with several errors, and reports all of them at once', () => {
    const message = messageFor({ environment: { A: '1' }, secrets: { 'A': untyped('x'), 'B=1': secretOf() } });

    expect(message.split('\n')).toEqual([
      expect.stringContaining('secrets.A: environment also has'), expect.stringContaining('secrets.A: a string given'), expect.stringContaining('"B=…" is not the name'),
    ]);
  });

  test('a container that is not added, and leaves no permission behind', () => {
    const deployment = fixture.deployment();
    expect(() => deployment.addContainer('Bad Name', container({ secrets: { A: secretOf() } }))).toThrow('is not a valid name for a container');

    expect(statementsFor(deployment)).toEqual([]);
  });
});

describe('a kind of secret of your own', () => {
  class OwnSecret extends ContainerSecret {
    public readonly bound: string[] = [];

    constructor(private readonly config: () => ContainerSecretConfig) {
      super();
    }

    public bind(scope: Construct, grantee: iam.IGrantable): ContainerSecretConfig {
      this.bound.push(scope.node.path);
      grantee.grantPrincipal.addToPrincipalPolicy(new iam.PolicyStatement({ actions: ['ssm:GetParameter'], resources: ['arn:own'] }));
      return this.config();
    }
  }

  test('is bound to the deployment, and grants what it needs', () => {
    const secret = new OwnSecret(() => ({ parameterName: 'own' }));
    const deployment = withSecret(secret);

    expect(secret.bound).toEqual(['Stack/Deployment']);
    expect(fixture.properties().Containers.web.Secrets).toEqual({ DB_PASSWORD: { SsmParameter: { Name: 'own' } } });
    expect(statementsFor(deployment)).toEqual([allow('ssm:GetParameter', 'arn:own')]);
  });

  test.each([undefined, {}, { secretId: '' }, { parameterName: '' }, { secretId: 'a', parameterName: 'b' }, { secretId: 5 }])('fails for a bind() that returns %j', (config) => {
    expect(messageOf(() => withSecret(new OwnSecret(() => untyped(config))))).toBe('[Stack/Deployment] containers.web.secrets.DB_PASSWORD: '
      + 'its bind() returned neither { secretId: … } nor { parameterName: … }. It must return exactly one of them.');
  });

  test('fails with what its bind() throws', () => {
    const cause = new Error('there is none');
    try {
      withSecret(new OwnSecret(() => {
        throw cause;
      }));
      throw new Error('nothing was thrown');
    } catch (error) {
      expect(error).toMatchObject({ message: '[Stack/Deployment] containers.web.secrets.DB_PASSWORD: there is none', cause });
    }
  });
});
