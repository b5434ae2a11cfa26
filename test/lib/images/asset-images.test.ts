import { readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { App, CliCredentialsStackSynthesizer, Duration, Lazy, LegacyStackSynthesizer, NestedStack, Stack, Stage } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { DockerImageAsset, NetworkMode, Platform, type DockerImageAssetOptions } from 'aws-cdk-lib/aws-ecr-assets';
import { actionsOf, COPIER, DEPLOYER, DEPLOYMENT_TYPE, Directories, IMAGE_TYPE, imagesIn, resourcesOf, statementsOf } from './image-fixture';
import { ContainerImage, ContainerService, ContainerServiceDeployment, type ContainerImageAssetOptions } from '../../../lib';
import { COPIER_ACTIONS, ECR_ACTIONS } from '../../lifecycle/images/copier-actions';
import { container, Fixture, messageOf, WEB } from '../fixture';

const directories = new Directories();
afterAll(() => directories.remove());

let fixture: Fixture;
let directory: string;
beforeEach(() => {
  fixture = new Fixture();
  directory = directories.make();
});

const fromAsset = (options?: ContainerImageAssetOptions) => ContainerImage.fromAsset(directory, options);

/** The images that the CDK CLI builds, by the hash of their assets. */
function assetsOf(app: App): Record<string, { displayName: string; source: object }> {
  return JSON.parse(readFileSync(join(app.synth().directory, 'Stack.assets.json'), 'utf8')).dockerImages ?? {};
}

function builds(app: App): object[] {
  return Object.values(assetsOf(app)).map(({ source }) => source);
}

describe('ContainerImage.fromAsset()', () => {
  test('copies the image to the service, and deploys the copy', () => {
    const service = fixture.service();
    fixture.deployment({ service, containers: { web: container({ image: fromAsset() }) } });

    const [[id, { Properties }], ...others] = imagesIn(fixture.stack);
    expect(others).toEqual([]);
    const [hash] = Object.keys(assetsOf(fixture.app));
    expect(Properties).toEqual({
      ServiceToken: { 'Fn::GetAtt': [expect.stringMatching(/^LightsailContainerImageProvider.*onEvent/), 'Arn'] },
      ServiceTimeout: '1980',
      ServiceName: { Ref: 'Service' },
      Label: 'web',
      Source: { 'Fn::Sub': `\${AWS::AccountId}.dkr.ecr.\${AWS::Region}.\${AWS::URLSuffix}/cdk-hnb659fds-container-assets-\${AWS::AccountId}-\${AWS::Region}:${hash}` },
      KeepVersions: 3,
      Timeout: 1800,
    });
    expect(fixture.properties().Containers.web.Image).toEqual({ 'Fn::GetAtt': [id, 'Image'] });
    expect(fixture.properties().EcrImages).toBeUndefined();
    expect(fixture.properties().PrivateRegistryAccess).toBeUndefined();
    expect(resourcesOf(fixture.stack).Service.Properties.PrivateRegistryAccess).toBeUndefined();
  });

  test('is built for linux/amd64 on every machine', () => {
    fixture.withContainer({ image: fromAsset() });

    expect(builds(fixture.app)).toEqual([expect.objectContaining({ platform: 'linux/amd64' })]);
  });

  test('passes all options of a DockerImageAsset to the build', () => {
    writeFileSync(join(directory, 'Prod'), 'FROM scratch\n');
    const options: Required<Omit<DockerImageAssetOptions, 'exclude' | 'followSymlinks' | 'ignoreMode' | 'invalidation' | 'extraHash'>> = {
      assetName: 'shop',
      buildArgs: { A: '1' },
      buildSecrets: { key: 'src=key' },
      buildSsh: 'default',
      cacheDisabled: true,
      cacheFrom: [{ type: 'registry' }],
      cacheTo: { type: 'inline' },
      displayName: 'The shop',
      file: 'Prod',
      networkMode: NetworkMode.HOST,
      outputs: ['type=docker'],
      platform: Platform.LINUX_AMD64,
      target: 'final',
    };
    fixture.withContainer({ image: fromAsset({ ...options, exclude: ['*.md'], label: 'shop' }) });

    expect(builds(fixture.app)).toEqual([{
      directory: expect.any(String),
      dockerBuildArgs: { A: '1' },
      dockerBuildSecrets: { key: 'src=key' },
      dockerBuildSsh: 'default',
      dockerBuildTarget: 'final',
      dockerFile: 'Prod',
      networkMode: 'host',
      platform: 'linux/amd64',
      dockerOutputs: ['type=docker'],
      cacheFrom: [{ type: 'registry' }],
      cacheTo: { type: 'inline' },
      cacheDisabled: true,
    }]);
    expect(Object.values(assetsOf(fixture.app))[0].displayName).toBe('The shop');
    expect(imagesIn(fixture.stack)[0][1].Properties.Label).toBe('shop');
  });

  test('takes label, keepVersions and timeout', () => {
    fixture.withContainer({ image: fromAsset({ label: 'shop', keepVersions: 7, timeout: Duration.minutes(59) }) });

    expect(imagesIn(fixture.stack)[0][1].Properties).toMatchObject({ Label: 'shop', KeepVersions: 7, Timeout: 3540, ServiceTimeout: '3600' });
  });

  test('has no triggers: a change of the files is one', () => {
    fixture.deployment({ containers: { web: container({ image: fromAsset() }) }, triggers: { build: '1' } });

    expect(imagesIn(fixture.stack)[0][1].Properties.Triggers).toBeUndefined();
  });

  test('changes only with the files', () => {
    const sourceOf = () => {
      const one = new Fixture();
      one.withContainer({ image: fromAsset() });
      return imagesIn(one.stack);
    };
    const before = sourceOf();
    expect(sourceOf()).toEqual(before);

    writeFileSync(join(directory, 'index.html'), 'changed');
    const [[id, { Properties }]] = sourceOf();
    expect(id).toBe(before[0][0]);
    expect({ ...Properties, Source: before[0][1].Properties.Source }).toEqual(before[0][1].Properties);
    expect(Properties.Source).not.toEqual(before[0][1].Properties.Source);
  });

  test('takes a path from the working directory of the app', () => {
    fixture.withContainer({ image: ContainerImage.fromAsset(relative(process.cwd(), directory)) });

    expect(imagesIn(fixture.stack)).toHaveLength(1);
  });

  test('works through addContainer()', () => {
    const deployment = fixture.deployment();
    deployment.addContainer('api', container({ image: fromAsset() }));

    expect(fixture.properties().Containers.api.Image).toEqual({ 'Fn::GetAtt': [imagesIn(fixture.stack)[0][0], 'Image'] });
  });

  test('is used in several containers: built once, and stored for each label', () => {
    const image = fromAsset();
    fixture.deployment({ containers: { web: container({ image }), api: container({ image }) } });

    expect(builds(fixture.app)).toHaveLength(1);
    const images = imagesIn(fixture.stack);
    expect(images.map(([, { Properties }]) => Properties.Label)).toEqual(['web', 'api']);
    expect(images[0][1].Properties.Source).toEqual(images[1][1].Properties.Source);
  });

  test.each<[string, (image: () => ContainerImage) => [ContainerImage, ContainerImage]]>([
    ['one object', (image) => {
      const one = image();
      return [one, one];
    }],
    ['two objects of the same directory and options', (image) => [image(), image()]],
  ])('with one label, %s is stored once for two containers', (_, make) => {
    const [first, second] = make(() => fromAsset({ label: 'shop' }));
    fixture.deployment({ containers: { web: container({ image: first }), api: container({ image: second }) } });

    const [[id], ...others] = imagesIn(fixture.stack);
    expect(others).toEqual([]);
    const { web, api } = fixture.properties().Containers;
    expect([web.Image, api.Image]).toEqual([{ 'Fn::GetAtt': [id, 'Image'] }, { 'Fn::GetAtt': [id, 'Image'] }]);
  });

  test('is used in two deployments: stored on each service', () => {
    const image = fromAsset();
    for (const id of ['A', 'B']) {
      fixture.deployment({ service: fixture.service(id), containers: { web: container({ image }) } }, `Deployment${id}`);
    }

    expect(imagesIn(fixture.stack).map(([, { Properties }]) => Properties.ServiceName)).toEqual([{ Ref: 'A' }, { Ref: 'B' }]);
    expect(Object.values(resourcesOf(fixture.stack)).filter(({ Type, Properties }) => Type === 'AWS::Lambda::Function' && /container images/.test(Properties.Description)))
      .toHaveLength(1);
  });

  test('works for an imported service', () => {
    fixture.deployment({ service: ContainerService.fromContainerServiceName(fixture.stack, 'Imported', 'legacy'), containers: { web: container({ image: fromAsset() }) } });

    expect(imagesIn(fixture.stack)[0][1].Properties.ServiceName).toBe('legacy');
  });

  test.each<[string, (app: App) => Stack]>([
    ['LegacyStackSynthesizer', (app) => new Stack(app, 'Other', { synthesizer: new LegacyStackSynthesizer() })],
    ['CliCredentialsStackSynthesizer', (app) => new Stack(app, 'Other', { synthesizer: new CliCredentialsStackSynthesizer() })],
    ['a nested stack', (app) => new NestedStack(new Stack(app, 'Other'), 'Nested')],
    ['a stage', (app) => new Stack(new Stage(app, 'Prod'), 'Other')],
    ['an environment', (app) => new Stack(app, 'Other', { env: { account: '111111111111', region: 'eu-west-1' } })],
  ])('works with %s', (_, makeStack) => {
    const app = new App();
    const stack = makeStack(app);
    ContainerService.fromContainerServiceName(stack, 'Service', 'web').addDeployment('Deployment', { containers: { web: container({ image: fromAsset() }) } });
    app.synth();

    const [[, { Properties }]] = imagesIn(stack);
    const source = JSON.stringify(Properties.Source);
    expect(source).toMatch(/dkr\.ecr\./);
    const [pull] = statementsOf(stack, COPIER).filter(({ Action }) => Action.includes('ecr:BatchGetImage'));
    // The repository of the policy is the one of the image.
    const [, repository] = /\/((?:cdk-hnb659fds-container-assets|aws-cdk\/assets)[^:"]*)/.exec(source)!;
    expect(JSON.stringify(pull.Resource)).toContain(repository);
  });
});

describe('the permissions', () => {
  // The lifecycle tests prove that the handler calls exactly these.
  const READ = [...COPIER_ACTIONS.everything, ...COPIER_ACTIONS.stack];
  const STORE = COPIER_ACTIONS.service;
  const PULL = [...ECR_ACTIONS.everything, ...ECR_ACTIONS.repository];

  test('of the copier are limited to the service and the repository', () => {
    fixture.deployment({ service: fixture.service(), containers: { web: container({ image: fromAsset() }) } });

    const statements = statementsOf(fixture.stack, COPIER);
    expect(actionsOf(statements)).toEqual([...PULL, ...READ, ...STORE].sort());
    const resourceFor = (action: string) => statements.find(({ Action }) => [Action].flat().includes(action)).Resource;
    expect(resourceFor('lightsail:RegisterContainerImage')).toEqual({ 'Fn::GetAtt': ['Service', 'ContainerArn'] });
    expect(resourceFor('lightsail:GetContainerImages')).toBe('*');
    expect(resourceFor('ecr:GetAuthorizationToken')).toBe('*');
    expect(JSON.stringify(resourceFor('ecr:BatchGetImage'))).toContain('repository/');
    expect(JSON.stringify(resourceFor('ecr:BatchGetImage'))).not.toContain('*');
  });

  test('of the deployer stay the same', () => {
    const actions = (image: ContainerImage) => {
      fixture = new Fixture();
      fixture.deployment({ service: fixture.service(), containers: { web: container({ image }) } });
      return statementsOf(fixture.stack, DEPLOYER);
    };

    expect(actions(fromAsset())).toEqual(actions(ContainerImage.fromRegistry('nginx:1.27')));
  });

  test('exist before the image and until after it', () => {
    fixture.deployment({ service: fixture.service(), containers: { web: container({ image: fromAsset() }) } });

    const resources = resourcesOf(fixture.stack);
    const [[, { DependsOn = [] }]] = imagesIn(fixture.stack);
    expect(actionsOf(DependsOn.map((id) => resources[id].Properties.PolicyDocument.Statement).flat())).toEqual([...PULL, ...STORE].sort());
  });

  test('are shared by the images of a stack', () => {
    const [a, b] = [fixture.service('A'), fixture.service('B')];
    fixture.deployment({ service: a, containers: { web: container({ image: fromAsset() }), api: container({ image: fromAsset() }) } }, 'First');
    fixture.deployment({ service: b, containers: { web: container({ image: fromAsset() }) } }, 'Second');

    // One for each service, one for the repository.
    expect(actionsOf(statementsOf(fixture.stack, COPIER))).toEqual([...PULL, ...READ, ...STORE, ...STORE].sort());
  });

  test('to store images go by the name of the service, as it is replaced first', () => {
    const policyOf = (name: string) => {
      fixture = new Fixture();
      fixture.deployment({ service: fixture.service('Service', fixture.stack, name), containers: { web: container({ image: fromAsset() }) } });
      return imagesIn(fixture.stack)[0][1].DependsOn!.filter((id) => id.includes('StoreImages'));
    };

    expect(policyOf('one')).toHaveLength(1);
    expect(policyOf('one')).not.toEqual(policyOf('two'));
  });
});

test('a stack without such an image has no copier', () => {
  fixture.deployment();

  expect(Object.keys(resourcesOf(fixture.stack)).filter((id) => id.includes('Image'))).toEqual([]);
});

describe('ContainerImage.fromDockerImageAsset()', () => {
  const asset = (platform?: Platform, scope: Stack = fixture.stack) => new DockerImageAsset(scope, 'Asset', { directory, platform });
  const WARNING = 'cdk-lightsail-containers:assetWithoutPlatform';
  const warnings = (stack = fixture.stack) => Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp(WARNING)).map(({ entry }) => entry.data);

  test('copies the image of the asset', () => {
    const one = asset(Platform.LINUX_AMD64);
    fixture.withContainer({ image: ContainerImage.fromDockerImageAsset(one, { label: 'shop', keepVersions: 1, timeout: Duration.minutes(5) }) });

    const [[, { Properties }]] = imagesIn(fixture.stack);
    expect(Properties).toMatchObject({ Source: fixture.stack.resolve(one.imageUri), Label: 'shop', KeepVersions: 1, Timeout: 300 });
    expect(actionsOf(statementsOf(fixture.stack, COPIER))).toContain('ecr:BatchGetImage');
    expect(warnings()).toEqual([]);
    expect(builds(fixture.app)).toHaveLength(1);
  });

  test.each<[string, () => Stack]>([
    ['DefaultStackSynthesizer', () => fixture.stack],
    ['LegacyStackSynthesizer', () => new Stack(fixture.app, 'Legacy', { synthesizer: new LegacyStackSynthesizer() })],
    ['a nested stack', () => new NestedStack(fixture.stack, 'Nested')],
  ])('with %s, another platform is an error, and no platform a warning', (_, makeStack) => {
    const stack = makeStack();
    const service = ContainerService.fromContainerServiceName(stack, 'Imported', 'web');
    const deploy = (id: string, platform?: Platform) => new ContainerServiceDeployment(stack, id, {
      service,
      containers: { web: container({ image: ContainerImage.fromDockerImageAsset(new DockerImageAsset(stack, `${id}Asset`, { directory, platform, extraHash: id })) }) },
    });

    expect(messageOf(() => deploy('Arm', Platform.LINUX_ARM64))).toBe(`[${stack.node.path}/Arm] containers.web.image: the DockerImageAsset has the platform "linux/arm64". `
      + 'Lightsail runs images for linux/amd64 only. Set platform: Platform.LINUX_AMD64 in the DockerImageAsset, or use ContainerImage.fromAsset(directory), which sets it.');
    stack.node.tryRemoveChild('Arm');
    deploy('Any');
    fixture.app.synth();
    expect(stack.node.findChild('Any').node.findChild('Resource').node.metadata.map(({ data }) => data).filter((data) => String(data).includes(WARNING)))
      .toEqual([expect.stringContaining(`The DockerImageAsset ${stack.node.path}/AnyAsset has no platform`)]);
  });

  test('of another stack: that stack is deployed first', () => {
    const other = new Stack(fixture.app, 'Other');
    fixture.withContainer({ image: ContainerImage.fromDockerImageAsset(asset(Platform.LINUX_AMD64, other)) });

    expect(fixture.stack.dependencies).toEqual([other]);
    fixture.app.synth();
  });

  test('of the parent of a nested stack', () => {
    const nested = new NestedStack(fixture.stack, 'Nested');
    ContainerService.fromContainerServiceName(nested, 'Imported', 'web').addDeployment('Deployment', {
      containers: { web: container({ image: ContainerImage.fromDockerImageAsset(asset(Platform.LINUX_AMD64)) }) },
    });

    expect(() => fixture.app.synth()).not.toThrow();
    expect(imagesIn(nested)).toHaveLength(1);
  });

  test.each<[unknown, string]>([
    [undefined, 'undefined is not a DockerImageAsset.'], ['./app', '"./app" is not a DockerImageAsset.'], [{ imageUri: 'a' }, '{"imageUri":"a"} is not a DockerImageAsset.'],
  ])('fails for %j', (value, error) => {
    expect(messageOf(() => fixture.withContainer({ image: ContainerImage.fromDockerImageAsset(value as DockerImageAsset) })))
      .toContain(`[Stack/Deployment] containers.web.image: ${error} Use one, or ContainerImage.fromAsset(directory).`);
  });

  test.each<[string, any, string]>([
    ['a label', { label: 'Shop' }, 'label: "Shop" is not a valid name for a stored image.'],
    ['triggers', { triggers: { a: '1' } }, 'triggers: unknown property. A change of the files changes the image.'],
    ['a platform', { platform: Platform.LINUX_AMD64 }, 'platform: unknown property. Set it in the DockerImageAsset.'],
    ['text', 'shop', '"shop" is not a map of options.'],
  ])('fails for %s', (_, options, error) => {
    const image = ContainerImage.fromDockerImageAsset(asset(Platform.LINUX_AMD64), options);
    expect(messageOf(() => fixture.withContainer({ image }))).toContain(error);
  });
});

describe('bad input', () => {
  const failure = (image: ContainerImage) => messageOf(() => fixture.withContainer({ image }));

  test('fails before any resource is defined, with all that is wrong', () => {
    const message = messageOf(() => fixture.deployment({
      timeout: Duration.hours(2),
      containers: {
        web: container({ image: fromAsset() }),
        api: container({ image: ContainerImage.fromAsset(`${directory}/none`, { platform: Platform.LINUX_ARM64, keepVersions: 0 }) }),
      },
    }));

    expect(message.match(/^ {2}- /gm)).toHaveLength(4);
    expect(fixture.stack.node.findChild('Deployment').node.children).toEqual([]);
    expect(builds(fixture.app)).toEqual([]);
  });

  test.each<[string, () => ContainerImage, string]>([
    ['a missing directory', () => ContainerImage.fromAsset('./no-such-app'), 'directory: "./no-such-app" does not exist, looked for at '],
    ['a file as directory', () => ContainerImage.fromAsset(join(directory, 'Dockerfile')), 'is not a directory'],
    ['a directory without a Dockerfile', () => ContainerImage.fromAsset(directories.make(null)), 'contains no file Dockerfile. Add one, or set file'],
    ['another name of the Dockerfile', () => ContainerImage.fromAsset(directories.make('Containerfile')), 'contains no file Dockerfile. Add one, or set file'],
    ['a missing file', () => fromAsset({ file: 'docker/Prod' }), 'file: "docker/Prod" is not a file in '],
    ['a file that is a directory', () => fromAsset({ file: '.' }), 'file: "." is not a file in '],
    ['no directory', () => ContainerImage.fromAsset(undefined as never), 'directory: undefined is not a path.'],
    ['an empty directory name', () => ContainerImage.fromAsset(''), 'directory: "" is not a path.'],
    ['a token', () => ContainerImage.fromAsset(Lazy.string({ produce: () => 'a' })), 'directory: <token> is known only at deploy time, but the image is built before.'],
    ['a number as file', () => fromAsset({ file: 7 as never }), 'file: 7 is not a path.'],
    ['linux/arm64', () => fromAsset({ platform: Platform.LINUX_ARM64 }), 'platform: "linux/arm64" given. Lightsail runs images for linux/amd64 only. Remove platform'],
    ['another operating system', () => fromAsset({ platform: Platform.custom('windows/amd64') }), 'platform: "windows/amd64" given.'],
    ['a platform as text', () => fromAsset({ platform: 'linux/amd64' as never }), 'platform: "linux/amd64" given.'],
    ['an upper-case label', () => fromAsset({ label: 'Web' }), 'label: "Web" is not a valid name for a stored image. Use 1-53 characters'],
    ['a long label', () => fromAsset({ label: 'a'.repeat(54) }), 'label: '],
    ['an empty label', () => fromAsset({ label: '' }), 'label: ""'],
    ['no versions', () => fromAsset({ keepVersions: 0 }), 'keepVersions: 0 given. Use a whole number of at least 1.'],
    ['half a version', () => fromAsset({ keepVersions: 1.5 }), 'keepVersions: 1.5 given.'],
    ['a short timeout', () => fromAsset({ timeout: Duration.seconds(59) }), 'timeout: 59 seconds given. Use 60 to 3600 seconds'],
    ['a long timeout', () => fromAsset({ timeout: Duration.minutes(61) }), 'timeout: 3660 seconds given.'],
    ['a number as timeout', () => fromAsset({ timeout: 300 as never }), 'timeout: 300 is not a Duration. Write it as Duration.seconds(300).'],
    ['another name of an option', () => fromAsset({ dockerfile: 'Dockerfile' } as never), 'dockerfile: unknown property. Use file.'],
    ['options that are no map', () => ContainerImage.fromAsset(directory, 'web' as never), '"web" is not a map of options.'],
  ])('%s fails', (_, image, error) => {
    const message = failure(image());
    expect(message).toContain(error);
    expect(message).toMatch(/^\[Stack\/Deployment\] containers\.web\.image: /);
  });

  test('an option of a later version of the CDK passes', () => {
    expect(() => fixture.withContainer({ image: fromAsset({ provenanceOfTheFuture: true } as never) })).not.toThrow();
  });

  test('an error of the CDK itself is shown with the place of the image', () => {
    expect(failure(fromAsset({ buildArgs: { A: Lazy.string({ produce: () => 'x' }) } }))).toMatch(/^\[Stack\/Deployment\] containers\.web\.image: Cannot use tokens in keys or values of "buildArgs"/);
  });

  test.each<[string, () => [ContainerImage, ContainerImage]]>([
    ['other directories', () => [fromAsset({ label: 'shop' }), ContainerImage.fromAsset(directories.make(), { label: 'shop' })]],
    ['other options', () => [fromAsset({ label: 'shop' }), fromAsset({ label: 'shop', target: 'b' })]],
    ['another number of versions', () => [fromAsset({ label: 'shop' }), fromAsset({ label: 'shop', keepVersions: 9 })]],
    ['the name of another container', () => [fromAsset(), ContainerImage.fromAsset(directories.make(), { label: 'web' })]],
  ])('one label for %s fails', (_, images) => {
    const [web, api] = images();
    const error = 'containers.api.image: the label "(shop|web)" is already used for another image, or for other options, in this deployment. Set another label.';
    const containers = { web: container({ image: web }), api: container({ image: api }) };
    expect(messageOf(() => fixture.deployment({ containers }))).toMatch(new RegExp(error));

    const later = fixture.deployment({ containers: { web: container({ image: web }) } }, 'Later');
    expect(messageOf(() => later.addContainer('api', container({ image: api })))).toMatch(new RegExp(error));
  });

  test('a label that is also used for an image that is pushed by hand fails at synthesis', () => {
    fixture.deployment({ containers: { web: container({ image: fromAsset() }), api: container({ image: ContainerImage.fromContainerService('web', 7) }) } });

    expect(messageOf(() => fixture.app.synth())).toContain('ContainerImage.fromContainerService("web") uses the label of an image that this deployment copies.');
  });

  test('labels that a Lazy makes equal fail at synthesis', () => {
    const lazy = () => Lazy.string({ produce: () => 'web' });
    fixture.deployment({ containers: { web: container({ image: fromAsset() }), api: container({ image: fromAsset({ label: lazy() }) }) } });

    expect(messageOf(() => fixture.app.synth())).toContain('containers: more than one image has the label "web". Set another label for each.');
  });
});

test('the types in the template are those that the handler knows', () => {
  fixture.withContainer({ ...WEB, image: fromAsset() });

  const template = Template.fromStack(fixture.stack);
  template.resourceCountIs(IMAGE_TYPE, 1);
  template.resourceCountIs(DEPLOYMENT_TYPE, 1);
});
