import { CREDENTIALS } from './credentials';
import { World } from './world';
import { sdkCloudFormation } from '../../lambda/clients/sdk/cloudformation';
import { sdkEcrLogin } from '../../lambda/clients/sdk/ecr-login';
import { sdkSecrets } from '../../lambda/clients/sdk/secrets';
import { createHandlers, networkCopier, sdkLightsailImages } from '../../lambda/image-index';
import { systemClock } from '../../lambda/shared/clock';
import type { IsCompleteResponse } from '../../lambda/shared/events/event-handlers';
import { LightsailEmulator, RealClock, realRegistry } from '../emulator';
import { JsonServer, result } from '../lambda/clients/sdk/json-server';
import { QueryServer, result as queryResult } from '../lambda/clients/sdk/query-server';

/*
 * The whole handler of images, over sockets: the SDK, the emulator, and real registries. The clients are loaded at once: Jest has no import().
 */
let world: World;
let emulator: LightsailEmulator;
let secrets: JsonServer;
let cloudFormation: QueryServer;
let host: string;
let target: string;

beforeAll(async () => {
  world = await World.start();
  const source = await world.registry('registry3', 'basic');
  const ofLightsail = await world.registry('registry2', 'basic');
  [host, target] = [source.host, ofLightsail.host];
  await world.logIn(source);
  await world.logIn(ofLightsail);
  await world.push(source, 'team/app:1', [{ bytes: 3_000_000 }, { bytes: 5_000 }, { bytes: 0 }]);
  emulator = await LightsailEmulator.start({
    clock: new RealClock(), registry: realRegistry({ host: target, ...CREDENTIALS, certificateAuthority: world.certificate.certificate }),
  });
  emulator.createService({ serviceName: 'web' });
  secrets = await JsonServer.start(() => result({ SecretString: JSON.stringify(CREDENTIALS) }));
  cloudFormation = await QueryServer.start(({ parameters: { Action } }) => queryResult(Action!, Action === 'DescribeStackResource'
    ? `<StackResourceDetail><ResourceStatus>CREATE_IN_PROGRESS</ResourceStatus><LastUpdatedTimestamp>${new Date(0).toISOString()}</LastUpdatedTimestamp></StackResourceDetail>`
    : '<Stacks><member><StackStatus>UPDATE_IN_PROGRESS</StackStatus></member></Stacks>'));
});

afterAll(async () => {
  await Promise.all([emulator.stop(), secrets.stop(), cloudFormation.stop()]);
  await world.stop();
});

const config = { region: 'us-east-1', credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' } };
const lightsail = () => sdkLightsailImages({ ...config, endpoint: emulator.url });

function handlers() {
  return createHandlers({
    log: () => {},
    images: lightsail(),
    ecrLogin: sdkEcrLogin({ ...config, endpoint: secrets.url }),
    secrets: sdkSecrets({ ...config, endpoint: secrets.url }),
    cloudFormation: sdkCloudFormation({ ...config, endpoint: cloudFormation.url }),
    copier: networkCopier({ clock: systemClock }, (registry) => ({ registry, certificateAuthority: world.certificate.certificate })),
  });
}

async function carryOut(RequestType: string): Promise<IsCompleteResponse> {
  const event = {
    RequestType,
    RequestId: `r-${Math.random()}`,
    ResourceType: 'Custom::LightsailContainerImage',
    StackId: 'stack',
    LogicalResourceId: 'Image',
    PhysicalResourceId: 'web/app',
    ResourceProperties: {
      ServiceName: 'web', Label: 'app', Source: `${host}/team/app:1`, KeepVersions: '3', Timeout: '300', Credentials: { Secret: { SecretsManager: { SecretId: 'login' } } },
    },
  };
  const { onEvent, isComplete } = handlers();
  return isComplete({ ...event, ...await onEvent(event) });
}

test('an image goes from one real registry to the other, and is registered once, with the digest that crane sees', async () => {
  const created = await carryOut('Create');
  const digest = await world.crane(['digest', `${host}/team/app:1`]);

  expect(created).toEqual({ IsComplete: true, Data: { Image: ':web.app.1', Digest: digest, Version: '1' } });
  expect(await world.crane(['digest', `${target}/sr@${digest}`])).toBe(digest);
  expect(await carryOut('Update')).toEqual(created);
  expect(emulator.images('web')).toHaveLength(1);

  expect(await carryOut('Delete')).toEqual({ IsComplete: true });
  expect(emulator.images('web')).toEqual([]);
});

test('what was never pushed to the registry cannot be registered', async () => {
  const digest = `sha256:${'0'.repeat(64)}`;
  await expect(lightsail().registerImage('web', 'app', digest)).rejects.toThrow(`There is no image with the digest "${digest}" in the registry.`);
});
