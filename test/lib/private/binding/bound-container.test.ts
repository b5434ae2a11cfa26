import { Lazy, Stack } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import { ContainerImage } from '../../../../lib/container-image';
import type { ContainerProps } from '../../../../lib/container-props';
import { ContainerService } from '../../../../lib/container-service';
import { bindContainer } from '../../../../lib/private/binding/bound-container';

describe('a container', () => {
  const stack = new Stack();
  const service = ContainerService.fromContainerServiceName(stack, 'Service', 'web');
  const bound = (props: unknown, name = 'web') => bindContainer(stack, service, name, props as ContainerProps);
  const image = (value: unknown) => bound({ image: value });
  const thrown = new Error('no such image');

  test('with all that it has', () => {
    const props = { image: ContainerImage.fromRegistry('nginx'), command: ['a'], environment: { A: '1' }, ports: { 80: 'HTTP' } };

    expect(bound(props)).toEqual({
      name: 'web', errors: [], cause: undefined, permissions: [], properties: { Image: 'nginx', Command: ['a'], Environment: { A: '1' }, Ports: { 80: 'HTTP' } },
    });
  });

  test('whose image is bound to the scope', () => {
    const bind = jest.fn((..._: unknown[]) => ({ imageName: ':web.label.1' }));

    expect(image({ bind }).properties.Image).toBe(':web.label.1');
    expect(bind.mock.calls).toEqual([[stack, { containerServiceName: 'web' }]]);
  });

  const give = "Give one, for example ContainerImage.fromRegistry('nginx:1.27').";

  test.each<[unknown, string, unknown?]>([
    [undefined, `missing. ${give}`],
    ['nginx', '"nginx" is a string. Use ContainerImage.fromRegistry(\'nginx\').'],
    [Lazy.string({ produce: () => 'x' }), '<token> is a string. Use ContainerImage.fromRegistry(\'<token>\').'],
    [null, `null is not a ContainerImage. ${give}`],
    [7, `7 is not a ContainerImage. ${give}`],
    [{ bind: 7 }, `{"bind":7} is not a ContainerImage. ${give}`],
    [Object.assign(() => 7, { bind: () => ({ imageName: 'a' }) }), `a function is not a ContainerImage. ${give}`],
    [{ bind: () => undefined }, 'its bind() returned undefined. It must return { imageName: … }, the image as the Lightsail API names it.'],
    [{ bind: () => ({ imageName: '' }) }, 'its bind() returned {"imageName":""}. It must return { imageName: … }, the image as the Lightsail API names it.'],
    [{ bind: () => ({ imageName: 7 }) }, 'its bind() returned {"imageName":7}. It must return { imageName: … }, the image as the Lightsail API names it.'],
    [{ bind: () => { throw thrown; } }, 'no such image', thrown],
    [{ bind: () => { throw 'just words'; } }, 'just words', 'just words'],
  ])('whose image has an error (%#)', (value, ...[error, cause]) => {
    expect(image(value)).toMatchObject({ properties: { Image: '' }, errors: [`containers.web.image: ${error}`] });
    expect(image(value).cause).toBe(cause);
  });

  test('that is none', () => {
    expect(bound(7)).toEqual({ name: 'web', properties: { Image: '' }, permissions: [], errors: [expect.stringMatching(/^containers\.web: a number is not a container/)] });
  });

  test('with an error beside that of its image', () => {
    expect(bound({ command: 7 }).errors).toEqual([expect.stringMatching(/^containers\.web\.command: /), expect.stringMatching(/^containers\.web\.image: missing/)]);
  });

  test('with an error in its secrets', () => {
    expect(bound({ image: ContainerImage.fromRegistry('nginx'), secrets: 7 }).errors).toEqual([expect.stringMatching(/^containers\.web\.secrets: a number given\. /)]);
  });

  test('whose image cannot be pulled from its repository', () => {
    const other = new Stack(undefined, 'Other', { env: { account: '123456789012', region: 'eu-west-1' } });
    const here = new Stack(undefined, 'Here', { env: { account: '123456789012', region: 'us-east-1' } });
    const ecrRepository = new ecr.Repository(other, 'Repository');
    const shop = { bind: () => ({ imageName: 'shop', ecrRepository }) };
    const { errors } = bindContainer(here, ContainerService.fromContainerServiceName(here, 'Service', 'web'), 'web', { image: shop } as ContainerProps);

    expect(errors).toEqual([expect.stringMatching(/^containers\.web\.image: .*eu-west-1/)]);
  });

  test.each([undefined, {}])('of a service that is none (%p): its image is bound all the same', (none) => {
    const bind = jest.fn((..._: unknown[]) => ({ imageName: 'nginx' }));

    expect(bindContainer(stack, none as never, 'web', { image: { bind } } as ContainerProps).errors).toEqual([]);
    expect(bind.mock.calls).toEqual([[stack, { containerServiceName: '' }]]);
  });

  test('whose name is a token', () => {
    expect(bound({}, Lazy.string({ produce: () => 'later' })).errors).toEqual([expect.stringMatching(/^containers\.<token>\.image: missing/)]);
  });
});
