import { Lazy, Stack } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import { ContainerImage } from '../../../../lib/container-image';
import type { ContainerProps } from '../../../../lib/container-props';
import { ContainerService } from '../../../../lib/container-service';
import { bindContainer } from '../../../../lib/private/binding/bound-container';

describe('bindContainer()', () => {
  const stack = new Stack();
  const service = ContainerService.fromContainerServiceName(stack, 'Service', 'web');
  const bound = (props: unknown, name = 'web') => bindContainer(stack, service, name, props as ContainerProps);
  const image = (value: unknown) => bound({ image: value });
  const thrown = new Error('no such image');

  test('renders all properties of a container', () => {
    const props = { image: ContainerImage.fromRegistry('nginx'), command: ['a'], environment: { A: '1' }, ports: { 80: 'HTTP' } };

    expect(bound(props)).toEqual({
      name: 'web', errors: [], cause: undefined, permissions: [], properties: { Image: 'nginx', Command: ['a'], Environment: { A: '1' }, Ports: { 80: 'HTTP' } },
    });
  });

  test('binds the image to the deployment', () => {
    const bind = jest.fn((..._: unknown[]) => ({ imageName: ':web.label.1' }));

    expect(image({ bind }).properties.Image).toBe(':web.label.1');
    expect(bind.mock.calls).toEqual([[stack, { containerServiceName: 'web', containerName: 'web' }]]);
  });

  const give = "Use one, for example ContainerImage.fromRegistry('nginx:1.27').";

  test.each<[unknown, string, unknown?]>([
    [undefined, `missing. ${give}`],
    ['nginx', '"nginx" is a string. Use ContainerImage.fromRegistry(\'nginx\').'],
    [Lazy.string({ produce: () => 'x' }), '<token> is a string. Use ContainerImage.fromRegistry(\'<token>\').'],
    [null, `null is not a ContainerImage. ${give}`],
    [7, `7 is not a ContainerImage. ${give}`],
    [{ bind: 7 }, `{"bind":7} is not a ContainerImage. ${give}`],
    [Object.assign(() => 7, { bind: () => ({ imageName: 'a' }) }), `a function is not a ContainerImage. ${give}`],
    [{ bind: () => undefined }, 'its bind() returned undefined. It must return { imageName: … }, the image in the form of the Lightsail API.'],
    [{ bind: () => ({ imageName: '' }) }, 'its bind() returned {"imageName":""}. It must return { imageName: … }, the image in the form of the Lightsail API.'],
    [{ bind: () => ({ imageName: 7 }) }, 'its bind() returned {"imageName":7}. It must return { imageName: … }, the image in the form of the Lightsail API.'],
    [{ bind: () => { throw thrown; } }, 'no such image', thrown],
    [{ bind: () => { throw 'just words'; } }, 'just words', 'just words'],
  ])('reports the error of image %#', (value, ...[error, cause]) => {
    expect(image(value)).toMatchObject({ properties: { Image: '' }, errors: [`containers.web.image: ${error}`] });
    expect(image(value).cause).toBe(cause);
  });

  test('reports a value that is not a container', () => {
    expect(bound(7)).toEqual({ name: 'web', properties: { Image: '' }, permissions: [], errors: [expect.stringMatching(/^containers\.web: a number is not a container/)] });
  });

  test('reports the errors of a container together with those of its image', () => {
    expect(bound({ command: 7 }).errors).toEqual([expect.stringMatching(/^containers\.web\.command: /), expect.stringMatching(/^containers\.web\.image: missing/)]);
  });

  test('reports the errors of its secrets', () => {
    expect(bound({ image: ContainerImage.fromRegistry('nginx'), secrets: 7 }).errors).toEqual([expect.stringMatching(/^containers\.web\.secrets: a number given\. /)]);
  });

  test('reports a repository that the service cannot pull from', () => {
    const other = new Stack(undefined, 'Other', { env: { account: '123456789012', region: 'eu-west-1' } });
    const here = new Stack(undefined, 'Here', { env: { account: '123456789012', region: 'us-east-1' } });
    const ecrRepository = new ecr.Repository(other, 'Repository');
    const shop = { bind: () => ({ imageName: 'shop', ecrRepository }) };
    const { errors } = bindContainer(here, ContainerService.fromContainerServiceName(here, 'Service', 'web'), 'web', { image: shop } as ContainerProps);

    expect(errors).toEqual([expect.stringMatching(/^containers\.web\.image: .*eu-west-1/)]);
  });

  test.each([undefined, {}])('binds the image even if the service is %p', (none) => {
    const bind = jest.fn((..._: unknown[]) => ({ imageName: 'nginx' }));

    expect(bindContainer(stack, none as never, 'web', { image: { bind } } as ContainerProps).errors).toEqual([]);
    expect(bind.mock.calls).toEqual([[stack, { containerServiceName: '', containerName: 'web' }]]);
  });

  test('shows a name that is a token as <token>', () => {
    expect(bound({}, Lazy.string({ produce: () => 'later' })).errors).toEqual([expect.stringMatching(/^containers\.<token>\.image: missing/)]);
  });
});
