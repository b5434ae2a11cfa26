import {
  CreateContainerServiceRegistryLoginCommand, DeleteContainerImageCommand, GetContainerImagesCommand, RegisterContainerImageCommand,
} from '@aws-sdk/client-lightsail';
import { errorOf, Fixture, LONG, useFixture } from '../fixture';

const digest = (digit: string) => `sha256:${digit.repeat(64)}`;

const fixture = useFixture({ services: ['web'] });

const register = async (label: string, of = digest('a')) =>
  (await fixture.client.send(new RegisterContainerImageCommand({ serviceName: 'web', label, digest: of }))).containerImage!;
const remove = async (image: string) => fixture.client.send(new DeleteContainerImageCommand({ serviceName: 'web', image }));
const list = async () => (await fixture.client.send(new GetContainerImagesCommand({ serviceName: 'web' }))).containerImages!;
const deploy = async (image: string) => fixture.deploy({ containers: { app: { image } }, publicEndpoint: undefined });

test('images have numbers across labels, and are listed newest first', async () => {
  expect(await register('front')).toEqual({ image: ':web.front.1', digest: digest('a'), createdAt: new Date(fixture.emulator.clock.now()) });
  await register('back', digest('b'));
  await register('front', digest('c'));
  expect((await list()).map(({ image }) => image)).toEqual([':web.front.3', ':web.back.2', ':web.front.1']);
});

test('the number of an image is never used again', async () => {
  await register('front');
  await remove(':web.front.1');
  expect(await register('front')).toMatchObject({ image: ':web.front.2' });
});

test('a registered image can be deployed, by its number and as the latest', async () => {
  await register('front');
  expect((await deploy(':web.front.1')).nextDeployment!.containers!.app.image).toBe(':web.front.1');
  fixture.advance(LONG);
  expect((await deploy(':web.front.latest')).nextDeployment!.containers!.app.image).toBe(':web.front.latest');
});

test.each([[':web.front.2'], [':web.back.1'], [':web.back.latest']])('a deployment of %s fails, because it is not registered', async (image) => {
  await register('front');
  expect(await errorOf(deploy(image))).toMatchObject({ name: 'InvalidInputException', message: expect.stringContaining(`"${image}"`) });
});

test('an image that is deployed, also as the latest, cannot be deleted until another one is', async () => {
  await register('front');
  await register('front');
  await deploy(':web.front.latest');
  expect(await errorOf(remove(':web.front.2'))).toMatchObject({ name: 'InvalidInputException' });
  fixture.advance(LONG);
  await deploy(':web.front.1');
  expect(await errorOf(remove(':web.front.1'))).toMatchObject({ name: 'InvalidInputException' });
  expect(await errorOf(remove(':web.front.2'))).toMatchObject({ name: 'InvalidInputException' });
  fixture.advance(LONG);
  await remove(':web.front.2');
  expect((await list()).map(({ image }) => image)).toEqual([':web.front.1']);
});

test('deleting a missing image fails', async () => {
  expect(await errorOf(remove(':web.front.1'))).toMatchObject({ name: 'NotFoundException' });
});

test('150 images are kept', async () => {
  for (let number = 1; number <= 150; number++) {
    await register('front');
  }
  expect(await errorOf(register('front'))).toMatchObject({ name: 'InvalidInputException', message: expect.stringContaining('150') });
  expect(await list()).toHaveLength(150);
});

test.each([['a'], ['a-b'], ['x'.repeat(53)]])('the label %j is accepted', async (label) => {
  expect(await register(label)).toMatchObject({ image: `:web.${label}.1` });
});
test.each([['A'], ['a_b'], ['-a'], ['x'.repeat(54)]])('the label %j is refused', async (label) => {
  expect(await errorOf(register(label))).toMatchObject({ name: 'InvalidInputException' });
});
test.each([['sha256:12'], ['latest'], [digest('A')]])('the digest %j is refused', async (of) => {
  expect(await errorOf(register('front', of))).toMatchObject({ name: 'InvalidInputException' });
});

describe('registry logins', () => {
  test('a registry login is valid for twelve hours', async () => {
    const { registryLogin } = await fixture.client.send(new CreateContainerServiceRegistryLoginCommand({}));
    expect(registryLogin).toEqual({
      username: 'AWS',
      password: expect.stringMatching(/^[0-9a-f]{64}$/),
      expiresAt: new Date(fixture.emulator.clock.now() + 12 * LONG),
      registry: expect.stringMatching(/^\d{12}\.dkr\.ecr\.us-east-1\.amazonaws\.com$/),
    });
  });

  test('the login of the configured registry is handed out, and only what it holds can be registered', async () => {
    const other = await Fixture.start({ registry: { host: '127.0.0.1:5000', login: { username: 'u', password: 'p' }, holds: async (of) => of === digest('b') } });
    other.emulator.createService({ serviceName: 'web' });
    const registerThere = async (of: string) => other.client.send(new RegisterContainerImageCommand({ serviceName: 'web', label: 'app', digest: of }));

    expect((await other.client.send(new CreateContainerServiceRegistryLoginCommand({}))).registryLogin)
      .toMatchObject({ registry: '127.0.0.1:5000', username: 'u', password: 'p' });
    expect(await errorOf(registerThere(digest('a')))).toMatchObject({ name: 'InvalidInputException', message: expect.stringContaining(digest('a')) });
    expect((await registerThere(digest('b'))).containerImage).toMatchObject({ image: ':web.app.1' });
    expect(other.emulator.images('web')).toMatchObject([{ image: ':web.app.1', digest: digest('b') }]);
    await other.stop();
  });

  test('a registry login names the configured registry', async () => {
    const other = await Fixture.start({ registry: '127.0.0.1:5000' });
    other.emulator.createService({ serviceName: 'web' });
    const { registryLogin } = await other.client.send(new CreateContainerServiceRegistryLoginCommand({}));
    expect(registryLogin!.registry).toBe('127.0.0.1:5000');
    await other.stop();
  });
});
