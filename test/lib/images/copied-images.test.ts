import { Aws, CfnParameter, Duration, Fn, Lazy, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import { DockerImageAsset, Platform } from 'aws-cdk-lib/aws-ecr-assets';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { actionsOf, COPIER, Directories, imagesIn, resourcesOf, statementsOf } from './image-fixture';
import { ContainerImage, RegistryCredentials, type ContainerImageConfig, type ContainerImageCopyOptions } from '../../../lib';
import { container, Fixture, messageOf } from '../fixture';

const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`;
const HUB = 'ghcr.io/owner/app:1.0';

const directories = new Directories();
afterAll(() => directories.remove());

let fixture: Fixture;
beforeEach(() => {
  fixture = new Fixture();
});

const fromCopy = (reference: string, options?: ContainerImageCopyOptions) =>
  fixture.withContainer({ image: ContainerImage.fromCopy(reference, options) });

function copied(reference: string, options?: ContainerImageCopyOptions) {
  fromCopy(reference, options);
  const [[id, { Properties }], ...others] = imagesIn(fixture.stack);
  expect(others).toEqual([]);
  expect(fixture.properties().Containers.web.Image).toEqual({ 'Fn::GetAtt': [id, 'Image'] });
  return Properties;
}

describe('ContainerImage.fromCopy()', () => {
  test.each([
    'nginx:1.27', 'owner/app:1', HUB, `nginx@${DIGEST}`, `registry.example.com:5000/team/app:1@${DIGEST}`, 'localhost:5000/app:1', 'docker.io/library/nginx:1',
    '10.0.0.1:443/app:1', `ghcr.io/${'a'.repeat(247)}:1`, 'registry.example.com:65535/app:1',
  ])('copies %s', (reference) => {
    expect(copied(reference)).toMatchObject({ ServiceName: 'web', Label: 'web', Source: reference, KeepVersions: 3, Timeout: 1800 });
  });

  test('needs no credentials and no permission for a registry', () => {
    expect(copied(HUB)).not.toHaveProperty('Credentials');
    expect(actionsOf(statementsOf(fixture.stack, COPIER)).filter((action) => !/^(?:lightsail|cloudformation):/.test(action))).toEqual([]);
  });

  test('takes label, keepVersions, timeout and triggers', () => {
    expect(copied(HUB, { label: 'app', keepVersions: 1, timeout: Duration.seconds(90), triggers: { build: '42' } }))
      .toMatchObject({ Label: 'app', KeepVersions: 1, Timeout: 90, ServiceTimeout: '270', Triggers: { build: '42' } });
  });

  test('takes tokens', () => {
    const parameter = new CfnParameter(fixture.stack, 'Value').valueAsString;
    expect(copied(`ghcr.io/app:${parameter}`, {
      label: parameter,
      keepVersions: Lazy.number({ produce: () => 4 }),
      timeout: Duration.seconds(Lazy.number({ produce: () => 120 })),
      triggers: { tag: parameter },
    })).toMatchObject({
      Source: { 'Fn::Join': ['', ['ghcr.io/app:', { Ref: 'Value' }]] }, Label: { Ref: 'Value' }, KeepVersions: 4, Timeout: 120, ServiceTimeout: '3600', Triggers: { tag: { Ref: 'Value' } },
    });
  });

  test('uses the triggers of the deployment unless it has its own', () => {
    fixture.deployment({
      triggers: { build: '1' },
      containers: { web: container({ image: ContainerImage.fromCopy(HUB) }), api: container({ image: ContainerImage.fromCopy(HUB, { triggers: { own: '2' } }) }) },
    }).addContainer('none', container({ image: ContainerImage.fromCopy(HUB, { triggers: {} }) }));

    expect(imagesIn(fixture.stack).map(([, { Properties }]) => Properties.Triggers)).toEqual([{ build: '1' }, { own: '2' }, undefined]);
  });

  test('has a logical id by its label', () => {
    fixture.deployment({ containers: { web: container({ image: ContainerImage.fromCopy(HUB, { label: 'shop' }) }) } });

    expect(imagesIn(fixture.stack)[0][0]).toMatch(/^DeploymentImagesshop[0-9A-F]{8}$/);
  });
});

describe('a private Amazon ECR repository', () => {
  /** The ARN in the policy as text, with `<Ref>` for each token. */
  function pulledFrom(reference: string): string {
    fromCopy(reference);
    const [pull, ...others] = statementsOf(fixture.stack, COPIER).filter(({ Action }) => Action.includes('ecr:BatchGetImage'));
    expect(others).toEqual([]);
    expect(pull.Action).toEqual(['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer']);
    const { 'Fn::Join': [, parts] = ['', [pull.Resource]] } = pull.Resource;
    return parts.map((part: any) => (typeof part === 'string' ? part : `<${part.Ref ?? JSON.stringify(part)}>`)).join('');
  }

  test.each([
    ['111111111111.dkr.ecr.eu-west-1.amazonaws.com/app:1', 'arn:<AWS::Partition>:ecr:eu-west-1:111111111111:repository/app'],
    ['111111111111.dkr.ecr.eu-west-1.amazonaws.com/team/sub/app', 'arn:<AWS::Partition>:ecr:eu-west-1:111111111111:repository/team/sub/app'],
    [`111111111111.dkr.ecr.cn-north-1.amazonaws.com.cn/app:1@${DIGEST}`, 'arn:<AWS::Partition>:ecr:cn-north-1:111111111111:repository/app'],
    ['111111111111.dkr.ecr-fips.us-east-1.amazonaws.com/app:1', 'arn:<AWS::Partition>:ecr:us-east-1:111111111111:repository/app'],
    ['111111111111.dkr-ecr.us-east-1.on.aws/app:1', 'arn:<AWS::Partition>:ecr:us-east-1:111111111111:repository/app'],
    [`${Aws.ACCOUNT_ID}.dkr.ecr.${Aws.REGION}.${Aws.URL_SUFFIX}/app:1`, 'arn:<AWS::Partition>:ecr:<AWS::Region>:<AWS::AccountId>:repository/app'],
  ])('%s: the copier can read that repository', (reference, arn) => {
    expect(pulledFrom(reference)).toBe(arn);
    expect(actionsOf(statementsOf(fixture.stack, COPIER))).toContain('ecr:GetAuthorizationToken');
  });

  test.each(['111111111111.dkr.ecr.eu-west-1.example.com/app:1', 'example.com/111111111111.dkr.ecr.eu-west-1.amazonaws.com/app:1', 'public.ecr.aws/nginx/nginx:1'])(
    '%s is none: the copier gets no login', (reference) => {
      fromCopy(reference);
      expect(actionsOf(statementsOf(fixture.stack, COPIER))).not.toContain('ecr:GetAuthorizationToken');
    });

  test('with other credentials: the copier gets no login of its own', () => {
    const secret = Secret.fromSecretNameV2(fixture.stack, 'Secret', 'login');
    fromCopy('111111111111.dkr.ecr.eu-west-1.amazonaws.com/app:1', { credentials: RegistryCredentials.fromSecretsManager(secret) });
    expect(actionsOf(statementsOf(fixture.stack, COPIER)).filter((action) => action.startsWith('ecr:'))).toEqual([]);
  });

  test('of the app: the copier can read it, and waits for it', () => {
    const repository = new ecr.Repository(fixture.stack, 'Repository');
    expect(pulledFrom(repository.repositoryUriForTagOrDigest('1'))).toContain('<Repository22E53BBD>');
  });

  test('that is imported, with a tag that is a token', () => {
    const repository = ecr.Repository.fromRepositoryName(fixture.stack, 'Repository', 'shop');
    expect(pulledFrom(repository.repositoryUriForTag(new CfnParameter(fixture.stack, 'Tag').valueAsString)))
      .toBe('arn:<AWS::Partition>:ecr:<AWS::Region>:<AWS::AccountId>:repository/shop');
  });

  test.each<[string, () => string]>([
    ['the URI of an asset', () => new DockerImageAsset(fixture.stack, 'Asset', { directory: directories.make(), platform: Platform.LINUX_AMD64 }).imageUri],
    ['one Fn::Sub', () => Fn.sub('${AWS::AccountId}.dkr.ecr.${AWS::Region}.amazonaws.com/app:1')],
  ])('in %s cannot be read, and is refused', (_, reference) => {
    expect(messageOf(() => fromCopy(reference()))).toContain('[Stack/Deployment] containers.web.image: <token> names an image in a private Amazon ECR repository, '
      + 'but the name of the repository cannot be read from the token. For a DockerImageAsset, use ContainerImage.fromDockerImageAsset(asset).');
  });

  test('that a Lazy produces is refused at synthesis', () => {
    fromCopy(Lazy.string({ produce: () => '111111111111.dkr.ecr.eu-west-1.amazonaws.com/app:1' }));

    expect(messageOf(() => fixture.app.synth())).toContain('but the name of the repository cannot be read from the token.');
  });
});

describe('an image that follows latest', () => {
  const ID = 'cdk-lightsail-containers:copiedImageFollowsLatest';
  const warnings = () => Annotations.fromStack(fixture.stack).findWarning('/Stack/Deployment/Resource', Match.stringLikeRegexp(ID)).map(({ entry }) => entry.data);

  test.each<[string, () => string]>([
    ['no tag', () => 'ghcr.io/owner/app'],
    ['latest', () => 'nginx:latest'],
    ['a port and no tag', () => 'registry.example.com:5000/app'],
    ['a token before latest', () => `ghcr.io/${new CfnParameter(fixture.stack, 'App').valueAsString}:latest`],
    ['a Lazy', () => Lazy.string({ produce: () => 'nginx' })],
  ])('gets a warning: %s', (_, reference) => {
    fromCopy(reference());

    expect(warnings()).toEqual([expect.stringMatching(/^The image with the label "web" is a copy of ".*", which uses the latest image: pushing a new image triggers no copy/)]);
  });

  test.each<[string, () => unknown]>([
    ['a tag', () => fromCopy('nginx:1.27')],
    ['a digest', () => fromCopy(`nginx:latest@${DIGEST}`)],
    ['triggers', () => fromCopy('nginx', { triggers: { build: '1' } })],
    ['triggers of the deployment', () => fixture.deployment({ containers: { web: container({ image: ContainerImage.fromCopy('nginx') }) }, triggers: { a: '1' } })],
    ['a token', () => fromCopy(new CfnParameter(fixture.stack, 'Image').valueAsString)],
    ['a token as tag', () => fromCopy(`nginx:${new CfnParameter(fixture.stack, 'Tag').valueAsString}`)],
  ])('and one with %s gets none', (_, define) => {
    define();

    expect(warnings()).toEqual([]);
  });
});

describe('bad input', () => {
  test.each<[string, unknown, string]>([
    ['no reference', undefined, 'undefined is not the name of an image in a registry.'],
    ['an empty reference', '', '"" is not the name of an image in a registry.'],
    ['a number', 7, '7 is not the name of an image in a registry.'],
    ['a scheme', 'https://ghcr.io/owner/app:1', '"https://ghcr.io/owner/app:1" begins with https://, but the name of an image has no scheme. Use "ghcr.io/owner/app:1".'],
    ['the scheme of skopeo', 'docker://ghcr.io/owner/app:1', 'begins with docker://'],
    ['an upper-case path', 'ghcr.io/Owner/app:1', 'with a lower-case path'],
    ['a space', 'ghcr.io/owner/app :1', 'is not the name of an image in a registry.'],
    ['a line break', 'ghcr.io/owner/app:1\n', 'is not the name of an image in a registry.'],
    ['an empty tag', 'ghcr.io/owner/app:', 'is not the name of an image in a registry.'],
    ['a long tag', `ghcr.io/owner/app:${'a'.repeat(129)}`, 'is not the name of an image in a registry.'],
    ['a short digest', 'ghcr.io/owner/app@sha256:abc', 'is not the name of an image in a registry.'],
    ['an upper-case digest', `ghcr.io/owner/app@${DIGEST.toUpperCase()}`, 'is not the name of an image in a registry.'],
    ['no path', 'ghcr.io/', 'is not the name of an image in a registry.'],
    ['an empty part', 'ghcr.io//app', 'is not the name of an image in a registry.'],
    ['an empty part of the host', 'ghcr..io/app:1', 'has the registry "ghcr..io", which is not the name of a host.'],
    ['a host that ends with a hyphen', 'ghcr-.io/app:1', 'has the registry "ghcr-.io", which is not the name of a host.'],
    ['port 0', 'ghcr.io:0/app:1', 'has the port 0. Use a port from 1 to 65535.'],
    ['port 65536', 'ghcr.io:65536/app:1', 'has the port 65536.'],
    ['an over-long name', `ghcr.io/${'a'.repeat(248)}:1`, 'has a name of 256 characters. Registry and path together have at most 255.'],
    ['a missing value', 'ghcr.io/owner/app:undefined', 'contains undefined.'],
    ['a stored image', ':web.app.3', "Use ContainerImage.fromContainerService('app', 3)."],
  ])('fails for %s', (_, reference, error) => {
    const message = messageOf(() => fromCopy(reference as string));
    expect(message).toMatch(/^\[Stack\/Deployment\] containers\.web\.image: /);
    expect(message).toContain(error);
    expect(fixture.stack.node.findChild('Deployment').node.children).toEqual([]);
  });

  test.each(['robot:s3cr3t@ghcr.io/owner/app', 'https://robot:s3cr3t@ghcr.io/owner/app', 'robot:s3cr3t@ghcr.io:443/App'])('fails for %s without its password', (reference) => {
    expect(messageOf(() => fromCopy(reference))).not.toContain('s3cr3t');
  });

  test.each<[string, any, string]>([
    ['an upper-case label', { label: 'Web' }, 'label: "Web" is not a valid name'],
    ['a label with a dot', { label: 'a.b' }, 'label: "a.b" is not a valid name'],
    ['keepVersions 0', { keepVersions: 0 }, 'keepVersions: 0 given.'],
    ['keepVersions as text', { keepVersions: '3' }, 'keepVersions: "3" given.'],
    ['keepVersions NaN', { keepVersions: NaN }, 'keepVersions: NaN given.'],
    ['a timeout of 61 minutes', { timeout: Duration.minutes(61) }, 'timeout: 3660 seconds given.'],
    ['triggers that are no map', { triggers: 'a' }, 'triggers: "a" is not a map.'],
    ['a reserved trigger', { triggers: { Ref: 'a' } }, 'triggers: "Ref" is reserved by CloudFormation.'],
    ['a trigger that is a number', { triggers: { a: 1 } }, 'triggers.a: 1 is not a string.'],
    ['a platform', { platform: Platform.LINUX_AMD64 }, 'platform: unknown property. The image for linux/amd64 is copied.'],
    ['a password', { password: 's3cr3t' }, 'password: unknown property. Use credentials: RegistryCredentials.fromSecretsManager(secret).'],
    ['text', 'latest', '"latest" is not a map of options.'],
    ['null', null, 'null is not a map of options.'],
  ])('fails for %s', (_, options, error) => {
    const message = messageOf(() => fromCopy(HUB, options));
    expect(message).toMatch(/^\[Stack\/Deployment\] containers\.web\.image: /);
    expect(message).toContain(error);
    expect(message).not.toContain('s3cr3t');
  });

  test('fails for a Lazy that produces it', () => {
    fromCopy(Lazy.string({ produce: () => 'ghcr.io/Owner/app' }), { label: Lazy.string({ produce: () => 'Web' }) });

    const message = messageOf(() => fixture.app.synth());
    expect(message).toContain('"ghcr.io/Owner/app" is not the name of an image in a registry.');
    expect(message).toContain('label: "Web" is not a valid name for a stored image. Use 1-53 characters');
  });

  test('fails if something else has the place of the provider', () => {
    new Construct(fixture.stack, 'LightsailContainerImageProvider');

    expect(messageOf(() => fromCopy(HUB))).toContain('provider: the construct Stack/LightsailContainerImageProvider has the id of the provider of this library.');
  });

  test('fails if the policies of the copier are too large for IAM', () => {
    for (let i = 0; i < 60; i++) {
      fixture.deployment({
        service: fixture.service(`Service${i}`),
        containers: { web: container({ image: ContainerImage.fromCopy(`111111111111.dkr.ecr.eu-west-1.amazonaws.com/app${i}:1`) }) },
      }, `Deployment${i}`);
    }

    expect(messageOf(() => fixture.app.synth())).toMatch(/the copied images of the 60 deployments of the stack need at least \d+ characters of policies for one IAM role/);
  });
});

describe('an image of a subclass', () => {
  const own = (config: unknown) => ({ bind: () => config as ContainerImageConfig });

  test('can be copied', () => {
    fixture.withContainer({ image: own({ imageName: HUB, copy: { label: 'own' } }) });

    expect(imagesIn(fixture.stack)[0][1].Properties).toMatchObject({ Source: HUB, Label: 'own' });
  });

  test('with a repository: the copier and not the service can read it', () => {
    const repository = ecr.Repository.fromRepositoryAttributes(fixture.stack, 'Repository', {
      repositoryName: 'app', repositoryArn: 'arn:aws:ecr:eu-west-1:222222222222:repository/app',
    });
    fixture.withContainer({ image: own({ imageName: '222222222222.dkr.ecr.eu-west-1.amazonaws.com/app:1', ecrRepository: repository, copy: {} }) });

    expect(statementsOf(fixture.stack, COPIER)).toContainEqual(expect.objectContaining({ Resource: 'arn:aws:ecr:eu-west-1:222222222222:repository/app' }));
    expect(Object.values(resourcesOf(fixture.stack)).map(({ Type }) => Type)).not.toContain('Custom::LightsailPrivateRegistryAccess');
  });

  test.each<[string, unknown, string]>([
    ['another name of a property', { imageName: HUB, copy: { keep: 3 } }, 'keep: unknown property. Use keepVersions.'],
    ['true', { imageName: HUB, copy: true }, 'true is not a map of options.'],
    ['no image', { copy: {} }, 'undefined is not the name of an image in a registry.'],
  ])('fails for %s', (_, config, error) => {
    expect(messageOf(() => fixture.withContainer({ image: own(config) }))).toContain(error);
  });

  test('that wraps an image that is built', () => {
    const inner = ContainerImage.fromAsset(directories.make());
    class Wrapper extends ContainerImage {
      public bind(...args: Parameters<ContainerImage['bind']>): ContainerImageConfig {
        return inner.bind(...args);
      }
    }
    fixture.withContainer({ image: new Wrapper() });

    expect(imagesIn(fixture.stack)).toHaveLength(1);
  });
});

test('in another account, the copier is allowed to read it, and nothing is written there', () => {
  const stack = new Stack(fixture.app, 'Other', { env: { account: '111111111111', region: 'eu-central-1' } });
  const repository = ecr.Repository.fromRepositoryArn(stack, 'Repository', 'arn:aws:ecr:us-east-1:222222222222:repository/shared');
  fixture.deployment({ containers: { web: container({ image: ContainerImage.fromCopy(repository.repositoryUriForTag('1')) }) } });

  expect(JSON.stringify(statementsOf(fixture.stack, COPIER))).toContain('repository/shared');
});
