import { mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { Lazy, SecretValue, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import { DockerImageAsset } from 'aws-cdk-lib/aws-ecr-assets';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { container, Fixture, messageOf, WEB } from './fixture';
import { ContainerImage, ContainerSecret, ContainerService, ContainerServiceDeployment, ContainerServicePower } from '../../lib';

/*
 * An error says what to do in the case at hand, also for values that TypeScript would refuse.
 */

let fixture: Fixture;
beforeEach(() => {
  fixture = new Fixture();
});

const untyped = (value: unknown) => value as any;

describe('missing props', () => {
  test.each<[string, (props: unknown) => unknown, string]>([
    ['a ContainerServiceDeployment', (props) => new ContainerServiceDeployment(fixture.stack, 'It', untyped(props)), '[Stack/It] props: missing. Use { service, containers }, for example { service, '],
    ['a ContainerService', (props) => new ContainerService(fixture.stack, 'It', untyped(props)), '[Stack/It] props: missing. Use { power }, for example { power: ContainerServicePower.NANO }.'],
    ['fromContainerServiceAttributes()', (props) => ContainerService.fromContainerServiceAttributes(fixture.stack, 'It', untyped(props)),
      '[Stack/It] attributes: missing. Use { containerServiceName, containerServiceArn }.'],
    ['addDeployment()', (props) => new ContainerService(fixture.stack, 'Service', { power: ContainerServicePower.NANO }).addDeployment('It', untyped(props)),
      '[Stack/Service/It] options: missing. Use { containers }, for example { containers: { web: '],
  ])('of %s are an error that says how to write them, and define nothing', (_, define, error) => {
    expect(messageOf(() => define(undefined))).toContain(error);
    expect(fixture.stack.node.tryFindChild('It')?.node.children ?? []).toEqual([]);

    fixture = new Fixture();
    expect(messageOf(() => define(null))).toContain(error.replace('missing', 'null given').split('. ')[0]);
    fixture = new Fixture();
    expect(messageOf(() => define('web'))).toContain(error.replace('missing', 'a string given').split('. ')[0]);
  });
});

test('a missing version of a secret is an error that says how to write it', () => {
  const secret = Secret.fromSecretNameV2(fixture.stack, 'Secret', 'db');

  expect(messageOf(() => fixture.withContainer({ secrets: { A: ContainerSecret.fromSecretsManagerVersion(secret, untyped(undefined)) } })))
    .toBe('[Stack/Deployment] containers.web.secrets.A: undefined is not a version of a secret. Use { versionId: … } or { versionStage: … }.');
});

test('a missing service is an error that names ContainerService first', () => {
  expect(messageOf(() => new ContainerServiceDeployment(fixture.stack, 'Without', untyped({ containers: { web: WEB } }))))
    .toBe("[Stack/Without] service: missing. Use a ContainerService, ContainerService.fromContainerServiceName(this, 'Service', 'name') or a CfnContainer.");
});

describe('an unset process.env.X', () => {
  const NOT_SET = 'undefined given, not a string. If it comes from an environment variable such as process.env.NAME, set that variable before synthesis. '
    + "Otherwise leave it out, or give a default: process.env.NAME ?? 'default'.";
  const unset = untyped(process.env.A_VARIABLE_THAT_IS_NOT_SET);

  test.each<[string, () => unknown, string]>([
    ['in the environment', () => fixture.withContainer({ environment: { A: unset } }), `containers.web.environment.A: ${NOT_SET}`],
    ['in the command', () => fixture.withContainer({ command: ['run', unset] }), `containers.web.command[1]: ${NOT_SET}`],
    ['in the triggers', () => fixture.deployment({ triggers: { build: unset } }), `triggers.build: ${NOT_SET}`],
    ['as an image', () => fixture.withContainer({ image: ContainerImage.fromRegistry(unset) }),
      'containers.web.image: undefined is not the name of an image in a registry. It comes from a missing value, for example an environment variable such as process.env.NAME.'],
    ['as the name of a service', () => ContainerService.fromContainerServiceName(fixture.stack, 'Named', unset),
      'containerServiceName: undefined is not a valid name for a container service. It comes from a missing value, for example an environment variable such as process.env.NAME.'],
    ['as a label', () => fixture.withContainer({ image: ContainerImage.fromContainerService(unset) }), 'label: undefined is not a valid name for a stored image. It comes from a missing value'],
  ])('%s is not to be quoted, but to be set', (_, define, error) => {
    const message = messageOf(define);

    expect(message).toContain(error);
    expect(message).not.toContain('quote');
  });
});

describe('the name of an image', () => {
  test.each<[string, string]>([
    ['https://ghcr.io/owner/app:1', '"https://ghcr.io/owner/app:1" begins with https://, but the name of an image has no scheme. Use "ghcr.io/owner/app:1".'],
    ['http://localhost:5000/app', '"http://localhost:5000/app" begins with http://, but the name of an image has no scheme. Use "localhost:5000/app".'],
    ['docker://nginx:1.27', '"docker://nginx:1.27" begins with docker://, but the name of an image has no scheme. Use "nginx:1.27".'],
    ['oci://registry.example.com/app', 'Use "registry.example.com/app".'],
    ['https://user:hunter2@registry.example.com/app', '"https://registry.example.com/app" begins with https://, but the name of an image has no scheme. Use "registry.example.com/app".'],
    [':svc.label.3', "\":svc.label.3\" names an image that is stored on a container service, not in a registry. Use ContainerImage.fromContainerService('label', 3)."],
    [':svc.my-label.latest', "Use ContainerImage.fromContainerService('my-label')."],
    [':svc.label', "For an image that is stored on the container service, use ContainerImage.fromContainerService('label', 3)."],
  ])('%s is refused, with the right one', (name, error) => {
    const message = messageOf(() => fixture.withContainer({ image: ContainerImage.fromRegistry(name) }));

    expect(message).toContain(error);
    expect(message).not.toContain('hunter2');
  });

  test.each<[string, () => string]>([
    ['a scheme before a token', () => `https://${new Stack(fixture.app, 'Other').urlSuffix}/app`],
    ['a scheme that a Lazy produces', () => Lazy.string({ produce: () => 'https://ghcr.io/app' })],
  ])('%s is refused', (_, name) => {
    expect(messageOf(() => {
      fixture.withContainer({ image: ContainerImage.fromRegistry(name()) });
      fixture.app.synth();
    })).toContain('begins with https://');
  });

  test('of a stored image of a service of the app is refused, with the right one', () => {
    expect(messageOf(() => fixture.withContainer({ image: ContainerImage.fromRegistry(`:${fixture.service().ref}.label.3`) })))
      .toContain("Use ContainerImage.fromContainerService('label', 3).");
  });
});

describe('an object of aws-cdk-lib', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'asset-'));
    writeFileSync(join(folder, 'Dockerfile'), 'FROM scratch\n');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const asset = () => new DockerImageAsset(fixture.stack, 'Asset', { directory: folder });
  const repository = () => new ecr.Repository(fixture.stack, 'Repository');

  test.each<[string, () => unknown, string]>([
    ['ecs.ContainerImage.fromRegistry()', () => ecs.ContainerImage.fromRegistry('nginx:1.27'),
      'an instance of RepositoryImage of aws-cdk-lib is not a ContainerImage of cdk-lightsail-containers. Import ContainerImage from cdk-lightsail-containers'],
    ['ecs.ContainerImage.fromEcrRepository()', () => ecs.ContainerImage.fromEcrRepository(repository()), 'an instance of EcrImage of aws-cdk-lib is not a ContainerImage'],
    ['ecs.ContainerImage.fromAsset()', () => ecs.ContainerImage.fromAsset(folder), 'an instance of AssetImage of aws-cdk-lib is not a ContainerImage'],
    ['ecr.Repository', repository, 'an instance of Repository is a repository. Use ContainerImage.fromEcrRepository(repository, \'tag\').'],
    ['DockerImageAsset', asset, 'an instance of DockerImageAsset is an asset. Use ContainerImage.fromDockerImageAsset(asset).'],
  ])('%s as image is refused, with what to use', (_, image, error) => {
    expect(messageOf(() => fixture.withContainer({ image: untyped(image()) }))).toContain(`[Stack/Deployment] containers.web.image: ${error}`);
  });

  test.each<[string, () => unknown, string]>([
    ['ecs.Secret', () => ecs.Secret.fromSecretsManager(new Secret(fixture.stack, 'Secret')), "Use a ContainerSecret, for example ContainerSecret.fromSecretsManager(secret, 'password')."],
    ['Secret', () => new Secret(fixture.stack, 'Secret'), "Use a ContainerSecret, for example ContainerSecret.fromSecretsManager(secret, 'password')."],
    ['SecretValue', () => SecretValue.secretsManager('db'), "Use a ContainerSecret, for example ContainerSecret.fromSecretsManager(secret, 'password')."],
    ['StringParameter', () => StringParameter.fromSecureStringParameterAttributes(fixture.stack, 'Parameter', { parameterName: '/db' }),
      'Use a ContainerSecret, for example ContainerSecret.fromSsmParameter(parameter).'],
  ])('%s as secret is refused, with what to use', (_, secret, error) => {
    expect(messageOf(() => fixture.withContainer({ secrets: { A: untyped(secret()) } }))).toContain(error);
  });

  test.each<[string, () => string]>([
    ['the URI of an asset', () => asset().imageUri],
    ['the URI of an asset, by a Lazy', () => {
      const { imageUri } = asset();
      return Lazy.string({ produce: () => imageUri });
    }],
    ['the URI of a repository of the app', () => repository().repositoryUriForTag('1')],
    ['a Lazy', () => Lazy.string({ produce: () => '111111111111.dkr.ecr.eu-central-1.amazonaws.com/app:1' })],
  ])('%s in fromRegistry() gets the warning of private images', (_, name) => {
    fixture.withContainer({ image: ContainerImage.fromRegistry(name()) });

    const warnings = Annotations.fromStack(fixture.stack).findWarning('/Stack/Deployment/Resource', Match.stringLikeRegexp('cdk-lightsail-containers:privateImageFromRegistry'));
    expect(warnings.map(({ entry }) => entry.data)).toEqual([expect.stringContaining('For a DockerImageAsset, use ContainerImage.fromDockerImageAsset(asset)')]);
  });
});

test('a version of a parameter is in the properties, and of a parameter without version is not', () => {
  const parameter = (id: string, version?: number) => ContainerSecret.fromSsmParameter(
    StringParameter.fromSecureStringParameterAttributes(fixture.stack, id, { parameterName: '/app/key', version }));
  fixture.withContainer({
    secrets: {
      PINNED: parameter('Pinned', 3),
      LAZY: parameter('Lazy', Lazy.number({ produce: () => 4 })),
      PLAIN: ContainerSecret.fromSsmParameter(StringParameter.fromStringParameterAttributes(fixture.stack, 'Plain', { parameterName: '/app/plain', version: 5 })),
      NEWEST: parameter('Newest'),
      OWN: ContainerSecret.fromSsmParameter(new StringParameter(fixture.stack, 'Own', { parameterName: '/own', stringValue: 'x' })),
      CUSTOM: { bind: () => ({ parameterName: '/custom', parameterVersion: '6' }) },
    },
  });

  expect(fixture.properties().Containers.web.Secrets).toEqual({
    PINNED: { SsmParameter: { Name: '/app/key', Version: '3' } },
    LAZY: { SsmParameter: { Name: '/app/key', Version: '4' } },
    PLAIN: { SsmParameter: { Name: '/app/plain', Version: '5' } },
    NEWEST: { SsmParameter: { Name: '/app/key' } },
    OWN: { SsmParameter: { Name: { Ref: expect.stringMatching(/^Own/) } } },
    CUSTOM: { SsmParameter: { Name: '/custom', Version: '6' } },
  });
});

test('a version of a parameter that is not a whole number is refused', () => {
  const parameter = StringParameter.fromSecureStringParameterAttributes(fixture.stack, 'Parameter', { parameterName: '/app/key', version: 1.5 });

  expect(messageOf(() => fixture.withContainer({ secrets: { A: ContainerSecret.fromSsmParameter(parameter) } })))
    .toBe('[Stack/Deployment] containers.web.secrets.A: "1.5" is not a version of a parameter. Use a whole number of at least 1.');
});

describe('warnings', () => {
  function warnings(id: string): string[] {
    return Annotations.fromStack(fixture.stack).findWarning('*', Match.stringLikeRegexp(`cdk-lightsail-containers:${id}`)).map(({ entry }) => entry.data as string);
  }

  test('say that an image stored on the service cannot be deployed by the stack that creates the service', () => {
    const target = new ContainerService(fixture.stack, 'Service', { power: ContainerServicePower.NANO });
    target.addDeployment('Deployment', { containers: { web: container({ image: ContainerImage.fromContainerService('app', 3) }) } });

    expect(warnings('storedImageOnNewService')).toEqual([expect.stringMatching(
      /^containers\.web\.image: ":<token>\.app\.3" is stored on the container service, which this stack creates\. The first deployment of the stack fails, because .*ContainerImage\.fromAsset\(\) or ContainerImage\.fromDockerImageAsset\(\)/)]);
  });

  test('say nothing of stored images if the service is in another stack, or exists already', () => {
    const other = new Stack(fixture.app, 'Other');
    fixture.deployment({
      service: new ContainerService(other, 'Service', { power: ContainerServicePower.NANO }), containers: { web: container({ image: ContainerImage.fromContainerService('app', 3) }) },
    }, 'A');
    fixture.deployment({ containers: { web: container({ image: ContainerImage.fromContainerService('app', 3) }) } }, 'B');

    expect(warnings('storedImageOnNewService')).toEqual([]);
  });

  const values: Array<[string, string]> = [
    ['a URL with a password', 'postgres://user:hunter2@db.example.com/app'],
    ['a URL with a password only', 'redis://:hunter2@cache:6379'],
    ['an AWS access key', ['AKIA', 'IOSFODNN7EXAMPLE'].join('')],
    ['a token of GitHub', `ghp_${'a1B2'.repeat(9)}`],
    ['a fine-grained token of GitHub', `github_pat_${'a1B2'.repeat(10)}`],
    ['a token of GitLab', `glpat-${'a1B2'.repeat(5)}`],
    ['a key of Stripe', `sk_live_${'a1B2'.repeat(6)}`],
    ['a token of Slack', `xoxb-${'123456789012-'.repeat(2)}abcdefghij`],
    ['a key of Google', `AIza${'a1B2c3D'.repeat(5)}`],
    ['a token of npm', `npm_${'a1B2'.repeat(9)}`],
    ['a private key', '-----BEGIN RSA PRIVATE KEY-----\nMIIE…'],
    ['a JSON Web Token', `eyJ${'a'.repeat(20)}.eyJ${'b'.repeat(20)}.${'c'.repeat(20)}`],
    ['a connection string', 'Server=db;User Id=app;Password=hunter2;'],
    ['a secret inside of JSON', JSON.stringify({ url: 'https://user:hunter2@example.com/' })],
  ];

  test.each(values)('name a variable whose value is %s, and not the value', (_, value) => {
    fixture.withContainer({ environment: { SETTING: value, LOG_LEVEL: 'info' } });

    const [warning, ...others] = warnings('secretInEnvironment');
    expect(others).toEqual([]);
    expect(warning).toContain('containers.web.environment.SETTING: the value contains a secret. The template contains its value as plain text');
    expect(warning).not.toContain(value);
    expect(warning).not.toContain('hunter2');
  });

  test.each<[string, () => string]>([
    ['a Lazy produces', () => Lazy.string({ produce: () => 'postgres://user:hunter2@db/app' })],
    ['stands beside a token', () => `postgres://user:hunter2@${fixture.stack.region}.example.com/app`],
  ])('name a variable with a secret that %s', (_, value) => {
    fixture.withContainer({ environment: { DATABASE_URL: value() } });

    expect(warnings('secretInEnvironment')).toHaveLength(1);
  });

  test.each([
    'postgres://user@db.example.com/app', 'https://example.com:8080/a@b', 'postgres://user:$PASSWORD@db/app', 'postgres://user:${PASSWORD}@db', 'postgres://user:<password>@db', 'a:b@c',
    'git@github.com:owner/repo.git', 'sk-ip', 'sky_live_1234567890', 'AKIA', '-----BEGIN CERTIFICATE-----', 'Password=;', 'https://user:***@example.com',
  ])('say nothing of a variable whose value is %s', (value) => {
    fixture.withContainer({ environment: { SETTING: value } });

    expect(warnings('secretInEnvironment')).toEqual([]);
  });

  test('say nothing of a password that is a token', () => {
    fixture.withContainer({ environment: { DATABASE_URL: `postgres://user:${fixture.stack.region}@db/app` } });

    expect(warnings('secretInEnvironment')).toEqual([]);
  });

  test.each([['--password=hunter2'], ['--api-key=hunter2'], ['postgres://user:hunter2@db/app']])('name the position of a secret in the command: %s', (word) => {
    fixture.withContainer({ command: ['run', word, '--verbose'] });

    const [warning, ...others] = warnings('secretInCommand');
    expect(others).toEqual([]);
    expect(warning).toContain('containers.web.command[1]: contains a secret. ');
    expect(warning).not.toContain('hunter2');
  });

  test.each(['--password-file=/run/x', '--token=$TOKEN', '--verbose'])('say nothing of the word %s of a command', (word) => {
    fixture.withContainer({ command: ['run', word] });

    expect(warnings('secretInCommand')).toEqual([]);
  });

  test('name texts with the word for a missing value', () => {
    fixture.withEndpoint({ healthCheck: { path: `/${undefined}/health` } }, {
      web: { ...WEB, environment: { A: `${undefined}`, B: `https://${undefined}/x`, C: `${null}`, D: `${{}}`, E: 'is undefined', F: 'nullable' }, command: ['run', `--level=${undefined}`] },
    } as any, { triggers: { build: `${undefined}` } });

    expect(warnings('missingValue').map((warning) => warning.split(': ')[0])).toEqual([
      'containers.web.command[1]', 'containers.web.environment.A', 'containers.web.environment.B', 'containers.web.environment.C', 'containers.web.environment.D',
      'publicEndpoint.healthCheck.path', 'triggers.build',
    ]);
  });
});
