import { CfnParameter } from 'aws-cdk-lib';
import { Fixture, messageOf } from './fixture';
import { ContainerImage } from '../../lib';

const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`;

describe('an image of a registry', () => {
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
  ])('%s is deployed as it is', (name) => {
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
    ['a URL', 'https://ghcr.io/owner/image'],
    ['an empty path part', 'owner//image'],
    ['a path that ends with a slash', 'owner/'],
    ['a short digest', 'nginx@sha256:abc'],
    ['an upper-case digest', `nginx@${DIGEST.toUpperCase()}`],
    ['another kind of digest', `nginx@md5:${'0'.repeat(64)}`],
    ['an image stored on the service', ':svc.label.1'],
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
    expect(ContainerImage.fromRegistry('nginx:1.27').bind(new Fixture().stack)).toEqual({ imageName: 'nginx:1.27' });
  });
});
