import { Aws, CfnParameter, Lazy } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import type { Construct } from 'constructs';
import { container, Fixture, messageOf } from './fixture';
import { ContainerImage, ContainerService, type ContainerImageBindOptions, type ContainerImageConfig } from '../../lib';

const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`;

/** What a user can write: a kind of image of their own. */
class OwnImage extends ContainerImage {
  public readonly scopes: string[] = [];
  public readonly services: string[] = [];

  constructor(private readonly answer: () => unknown) {
    super();
  }

  public bind(scope: Construct, { containerServiceName }: ContainerImageBindOptions): ContainerImageConfig {
    this.scopes.push(scope.node.path);
    this.services.push(containerServiceName);
    return this.answer() as ContainerImageConfig;
  }
}

describe('ContainerImage.fromRegistry()', () => {
  test.each([
    'nginx',
    'nginx:1.27',
    'nginx:Latest_1.0-RC',
    `nginx:${'t'.repeat(128)}`,
    'owner/image',
    'public.ecr.aws/nginx/nginx:1.27',
    'ghcr.io/owner/some_image/part-a__b.c:v1',
    'localhost:5000/image',
    'Registry.Example.com:443/image:tag',
    `nginx@${DIGEST}`,
    `ghcr.io/owner/image:1.0@${DIGEST}`,
    '111111111111.dkr.ecr.eu-central-1.amazonaws.com/repo:tag',
  ])('deploys %s unchanged', (name) => {
    const fixture = new Fixture();
    fixture.withContainer({ image: ContainerImage.fromRegistry(name) });

    expect(fixture.properties().Containers.web.Image).toBe(name);
  });

  test.each([
    ['no name', ''],
    ['spaces around', ' nginx'],
    ['a space inside', 'nginx :1.27'],
    ['a line end', 'nginx\n'],
    ['an upper-case path', 'public.ecr.aws/Nginx/nginx'],
    ['an upper-case name', 'Nginx'],
    ['an empty tag', 'nginx:'],
    ['a tag of 129 characters', `nginx:${'t'.repeat(129)}`],
    ['two tags', 'nginx:1:2'],
    ['an empty path part', 'owner//image'],
    ['a path that ends with a slash', 'owner/'],
    ['a short digest', 'nginx@sha256:abc'],
    ['an upper-case digest', `nginx@${DIGEST.toUpperCase()}`],
    ['another kind of digest', `nginx@md5:${'0'.repeat(64)}`],
  ])('fails for %s', (_, name) => {
    const fixture = new Fixture();
    const message = messageOf(() => fixture.withContainer({ image: ContainerImage.fromRegistry(name) }));

    expect(message).toContain(`[Stack/Deployment] containers.web.image: ${JSON.stringify(name)} is not the name of an image in a registry.`);
    expect(message).toContain("Write it as [registry/]path[:tag][@sha256:digest] with a lower-case path, for example 'public.ecr.aws/nginx/nginx:1.27'.");
  });

  test('can be a token', () => {
    const fixture = new Fixture();
    const name = new CfnParameter(fixture.stack, 'Image').valueAsString;
    fixture.withContainer({ image: ContainerImage.fromRegistry(name) });

    expect(fixture.properties().Containers.web.Image).toEqual({ Ref: 'Image' });
  });

  test('can hold a token', () => {
    const fixture = new Fixture();
    const tag = new CfnParameter(fixture.stack, 'Tag').valueAsString;
    fixture.withContainer({ image: ContainerImage.fromRegistry(`nginx:${tag}`) });

    expect(fixture.properties().Containers.web.Image).toEqual({ 'Fn::Join': ['', ['nginx:', { Ref: 'Tag' }]] });
  });

  test('is bound to its name', () => {
    expect(ContainerImage.fromRegistry('nginx:1.27').bind(new Fixture().stack, { containerServiceName: 'web' })).toEqual({ imageName: 'nginx:1.27' });
  });
});

describe('ContainerImage.fromRegistry() of a private Amazon ECR repository', () => {
  const WARNING = 'cdk-lightsail-containers:privateImageFromRegistry';

  function warnings(name: string) {
    const fixture = new Fixture();
    fixture.withContainer({ image: ContainerImage.fromRegistry(name) });
    return Annotations.fromStack(fixture.stack).findWarning('/Stack/Deployment/Resource', Match.stringLikeRegexp(WARNING)).map(({ entry }) => entry.data);
  }

  test.each([
    '111111111111.dkr.ecr.eu-central-1.amazonaws.com/repo:tag',
    '111111111111.dkr.ecr-fips.us-east-1.amazonaws.com/team/repo',
    `111111111111.dkr-ecr.us-east-1.on.aws/repo@${DIGEST}`,
  ])('warns of %s', (name) => {
    expect(warnings(name)).toEqual([
      `ContainerImage.fromRegistry("${name}") names an image in a private Amazon ECR repository, but does not give the container service access to it. `
      + 'Use ContainerImage.fromEcrRepository(), which sets up the access. If the repository exists already, import it with ecr.Repository.fromRepositoryName(). '
      + 'For a DockerImageAsset, use ContainerImage.fromDockerImageAsset(asset), or ContainerImage.fromAsset(directory). '
      + `[ack: ${WARNING}]`,
    ]);
  });

  test('warns if the account and Region are tokens', () => {
    expect(warnings(`${Aws.ACCOUNT_ID}.dkr.ecr.${Aws.REGION}.${Aws.URL_SUFFIX}/repo:tag`)).toEqual([expect.stringContaining('fromRegistry(<token>)')]);
    expect(warnings(ecr.Repository.fromRepositoryName(new Fixture().stack, 'Repository', 'repo').repositoryUriForTag('tag'))).toHaveLength(1);
  });

  test.each(['nginx', 'public.ecr.aws/nginx/nginx:1.27', 'ghcr.io/owner/dkr.ecr.example', 'example.com/111111111111.dkr.ecr.eu-central-1.amazonaws.com/repo'])(
    '%s gets none', (name) => {
      expect(warnings(name)).toEqual([]);
    });
});

describe('ContainerImage.fromContainerService()', () => {
  function imageOf(label: string, version?: number, service?: Fixture['service']) {
    const fixture = new Fixture();
    fixture.deployment({
      ...(service && { service: service.call(fixture) }),
      containers: { web: container({ image: ContainerImage.fromContainerService(label, version) }) },
    });
    return fixture.properties().Containers.web.Image;
  }

  test.each<[string, number | undefined, string]>([
    ['app', 7, ':web.app.7'],
    ['app', 1, ':web.app.1'],
    ['a', undefined, ':web.a.latest'],
    ['x'.repeat(53), 150, `:web.${'x'.repeat(53)}.150`],
  ])('names the label %s, version %s, as %s', (label, version, expected) => {
    expect(imageOf(label, version)).toBe(expected);
  });

  test('uses the name of the service, also if the app creates it', () => {
    expect(imageOf('app', 7, Fixture.prototype.service)).toEqual({ 'Fn::Join': ['', [':', { Ref: 'Service' }, '.app.7']] });

    const fixture = new Fixture();
    const service = ContainerService.fromContainerServiceName(fixture.stack, 'Other', 'other');
    const image = ContainerImage.fromContainerService('app');
    fixture.deployment({ containers: { web: container({ image }) } });
    fixture.deployment({ service, containers: {} }, 'Second').addContainer('web', container({ image }));
    const images = Object.values(fixture.template().findResources('Custom::LightsailContainerServiceDeployment'))
      .map(({ Properties }) => Properties.Containers.web.Image);
    expect(images).toEqual([':web.app.latest', ':other.app.latest']);
  });

  test('accepts tokens', () => {
    const fixture = new Fixture();
    const label = new CfnParameter(fixture.stack, 'Label').valueAsString;
    const version = new CfnParameter(fixture.stack, 'Version', { type: 'Number' }).valueAsNumber;
    fixture.withContainer({ image: ContainerImage.fromContainerService(label, version) });

    expect(fixture.properties().Containers.web.Image).toEqual({ 'Fn::Join': ['', [':web.', { Ref: 'Label' }, '.', { Ref: 'Version' }]] });
    expect(imageOf('app', Lazy.number({ produce: () => 7 }))).toBe(':web.app.7');
  });

  test.each(['', '-', 'a-', '-a', 'App', 'a_b', 'a.b', 'x'.repeat(54)])('fails for the label %j', (label) => {
    expect(messageOf(() => imageOf(label))).toBe(`[Stack/Deployment] containers.web.image: label: ${JSON.stringify(label)} is not a valid name for a stored image. `
      + 'Use 1-53 characters: a-z, 0-9 and hyphens, with a letter or a digit at both ends.');
  });

  test.each<[unknown, string]>([[0, '0'], [-1, '-1'], [1.5, '1.5'], [NaN, 'NaN'], ['7', '"7"'], [null, 'null']])('fails for the version %s', (version, given) => {
    expect(messageOf(() => imageOf('app', version as number)))
      .toBe(`[Stack/Deployment] containers.web.image: version: ${given} given. Use a whole number of at least 1.`);
  });

  test('reports the errors of label and version at once', () => {
    expect(messageOf(() => imageOf('App', 0))).toMatch(/label: "App".* version: 0 given/);
  });

  test('reports its error together with that of the service', () => {
    const message = messageOf(() => new Fixture().deployment({
      service: {} as any, containers: { web: container({ image: ContainerImage.fromContainerService('App') }) },
    }));

    expect(message).toContain('  - service: ');
    expect(message).toContain('  - containers.web.image: label: ');
  });
});

describe('a ContainerImage of another library', () => {
  test.each([':svc.label.7', ':svc.label.latest', 'What/Ever it is'])('can return %j, which is deployed unchanged', (imageName) => {
    const fixture = new Fixture();
    fixture.withContainer({ image: new OwnImage(() => ({ imageName })) });

    expect(fixture.properties().Containers.web.Image).toBe(imageName);
  });

  test('can return a token', () => {
    const fixture = new Fixture();
    const name = new CfnParameter(fixture.stack, 'Image').valueAsString;
    fixture.withContainer({ image: new OwnImage(() => ({ imageName: name })) });

    expect(fixture.properties().Containers.web.Image).toEqual({ Ref: 'Image' });
  });

  test('is bound to the deployment, once for each container', () => {
    const fixture = new Fixture();
    const image = new OwnImage(() => ({ imageName: 'nginx' }));
    const deployment = fixture.withContainer({ image });
    expect(image.scopes).toEqual(['Stack/Deployment']);

    deployment.addContainer('other', container({ image }));
    fixture.template();
    expect(image.scopes).toEqual(['Stack/Deployment', 'Stack/Deployment']);
    expect(image.services).toEqual(['web', 'web']);
  });

  test.each([
    [undefined, 'undefined'], ['nginx', '"nginx"'], [{}, '{}'], [{ imageName: 5 }, '{"imageName":5}'], [{ imageName: '' }, '{"imageName":""}'],
  ])('fails if bind() returns %j', (answer, given) => {
    const fixture = new Fixture();

    expect(messageOf(() => fixture.withContainer({ image: new OwnImage(() => answer) }))).toBe(
      `[Stack/Deployment] containers.web.image: its bind() returned ${given}. It must return { imageName: … }, the image in the form of the Lightsail API.`);
  });

  test('fails with the error that bind() throws, as its cause', () => {
    const fixture = new Fixture();
    const reason = new Error('There is no image of that name. Build it first.');
    const image = new OwnImage(() => { throw reason; });

    let error: Error | undefined;
    try {
      fixture.withContainer({ image });
    } catch (caught) {
      error = caught as Error;
    }
    expect(error?.message).toBe('[Stack/Deployment] containers.web.image: There is no image of that name. Build it first.');
    expect(error?.cause).toBe(reason);
  });
});

test.each<[string, (fixture: Fixture, image: ContainerImage) => void]>([
  ['the construct', (fixture, image) => fixture.deployment({ containers: { web: container({ image, command: 'run' as any }) } })],
  ['addContainer()', (fixture, image) => fixture.deployment().addContainer('web-2', container({ image, command: 'run' as any }))],
])('an image fails in %s together with all other errors', (_, define) => {
  const message = messageOf(() => define(new Fixture(), ContainerImage.fromRegistry('Nginx')));

  expect(message.split('\n').map((line) => line.split(': ')[0].replace('web-2', 'web'))).toEqual([
    '[Stack/Deployment]', '  - containers.web.command', '  - containers.web.image',
  ]);
});
