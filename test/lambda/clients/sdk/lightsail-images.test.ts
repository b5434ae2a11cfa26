import type { LightsailClientConfig } from '@aws-sdk/client-lightsail';
import { sdkLightsailImages } from '../../../../lambda/clients/sdk/lightsail-images';
import { Fault, LightsailEmulator, SteppedClock } from '../../../emulator';

const DIGEST = `sha256:${'a'.repeat(64)}`;

let emulator: LightsailEmulator<SteppedClock>;

beforeEach(async () => {
  const login = { username: 'someone', password: 'pa55' };
  emulator = await LightsailEmulator.start({ clock: new SteppedClock(), registry: { host: 'registry.test', login } });
  emulator.createService({ serviceName: 'web' });
});

afterEach(() => emulator.stop());

function client(config: LightsailClientConfig = {}) {
  const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
  return sdkLightsailImages({ endpoint: emulator.url, region: 'us-east-1', credentials, ...config });
}

type Client = ReturnType<typeof client>;

/** Each method with the operation that it calls. */
const CALLS: Array<[operation: string, call: (images: Client) => Promise<unknown>]> = [
  ['GetContainerServices', (images) => images.getService('web')],
  ['GetContainerServiceDeployments', (images) => images.getDeployments('web')],
  ['GetContainerImages', (images) => images.getImages('web')],
  ['CreateContainerServiceRegistryLogin', (images) => images.createRegistryLogin()],
  ['RegisterContainerImage', (images) => images.registerImage('web', 'app', DIGEST)],
  ['DeleteContainerImage', (images) => images.deleteImage('web', ':web.app.1')],
];

describe.each(CALLS)('%s', (operation, call) => {
  test.each([
    ['throttled', Fault.throttled()],
    ['transient', Fault.serverError()],
    ['transient', Fault.connectionReset()],
    ['transient', Fault.malformedAnswer()],
    ['denied', Fault.accessDenied()],
  ])('is sent once, and fails as %s with its name (%#)', async (kind, fault) => {
    emulator.invoke('RegisterContainerImage', { serviceName: 'web', label: 'app', digest: DIGEST });
    emulator.faults.add({ operation, fault, times: 1 });

    await expect(call(client())).rejects.toMatchObject({ name: 'CallFailure', kind, operation, message: expect.stringMatching(`^${operation} failed: \\w+: `) });
    expect(emulator.requests.map((request) => request.operation)).toEqual([operation]);
  });

  test('fails as transient if no answer comes', async () => {
    emulator.faults.add({ operation, fault: Fault.noAnswer() });

    await expect(call(client({ requestHandler: { requestTimeout: 50, throwOnRequestTimeout: true } }))).rejects.toMatchObject({ kind: 'transient', operation });
    expect(emulator.requests).toHaveLength(1);
  });
});

test.each([
  ['GetContainerImages', {}, 'a list of images'],
  ['GetContainerImages', { containerImages: [{ image: ':web.app.1' }] }, 'the name or the digest of an image'],
  ['CreateContainerServiceRegistryLogin', {}, 'the registry or its login'],
  ['CreateContainerServiceRegistryLogin', { registryLogin: { registry: 'registry.test', username: 'someone' } }, 'the registry or its login'],
  ['RegisterContainerImage', {}, 'the image'],
  ['RegisterContainerImage', { containerImage: { digest: DIGEST } }, 'the name or the digest of an image'],
])('an incomplete response of %s is a transient failure: %j', async (operation, body, missing) => {
  emulator.faults.add({ operation, fault: Fault.otherAnswer(body) });
  const [, call] = CALLS.find(([name]) => name === operation)!;

  await expect(call(client())).rejects.toMatchObject({ kind: 'transient', message: `${operation} failed: the response lacks ${missing}` });
});

test('images are registered, listed and deleted', async () => {
  const images = client();
  expect(await images.registerImage('web', 'app', DIGEST)).toEqual({ image: ':web.app.1', digest: DIGEST });
  expect(await images.getImages('web')).toEqual([{ image: ':web.app.1', digest: DIGEST }]);

  await images.deleteImage('web', ':web.app.1');
  expect(await images.getImages('web')).toEqual([]);
  await expect(images.deleteImage('web', ':web.app.1')).rejects.toMatchObject({ kind: 'missing' });
});

test('a service that does not exist has no images', async () => {
  expect(await client().getImages('other')).toBeUndefined();
});

test('the login names the registry', async () => {
  expect(await client().createRegistryLogin()).toEqual({ registry: 'registry.test', username: 'someone', password: 'pa55' });
});
