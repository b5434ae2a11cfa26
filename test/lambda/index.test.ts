import { FakeWorld, START } from './fake-world';
import { createHandlers, isComplete, onEvent } from '../../lambda';
import { OWNER_TAG, ownerId } from '../../lambda/deployment/ownership';
import type { ProviderEvent } from '../../lambda/deployment/request/request';

const PROPERTIES = { ServiceName: 'web', Containers: { app: { Image: 'nginx' } }, Timeout: '1800' };
const EVENT: ProviderEvent = {
  RequestType: 'Create', RequestId: 'r-1', StackId: 'stack-1', LogicalResourceId: 'Deployment', ResourceProperties: PROPERTIES,
};
const DELETE: ProviderEvent = {
  ...EVENT, RequestType: 'Delete', PhysicalResourceId: 'invented', ResourceProperties: { ...PROPERTIES, RemovalPolicy: 'Destroy' }, StartedAt: START,
};

let world: FakeWorld;
let handlers: ReturnType<typeof createHandlers>;

beforeEach(() => {
  world = new FakeWorld();
  handlers = createHandlers(world);
});

describe('onEvent', () => {
  test('deploys, under the name of the service as the physical id', async () => {
    expect(await handlers.onEvent(EVENT)).toEqual({
      PhysicalResourceId: 'web', StartedAt: START, BaselineVersion: 0, Forced: false, Version: 1, CreatedAt: START,
    });
    expect(world.lightsail.created).toHaveLength(1);
  });

  test('answers a Delete under the id that it came with, and asks nothing', async () => {
    expect(await handlers.onEvent(DELETE)).toEqual({ PhysicalResourceId: 'invented', StartedAt: START });
    expect(await handlers.onEvent({ ...DELETE, PhysicalResourceId: undefined })).toEqual({ PhysicalResourceId: '', StartedAt: START });
    expect(world.calls).toEqual([]);
  });

  test('tells in the log why it fails', async () => {
    await expect(handlers.onEvent({ ...EVENT, ResourceProperties: {} })).rejects.toThrow('The resource property ServiceName must be a string');
    expect(world.logged).toEqual([
      { message: 'failed', requestType: 'Create', requestId: 'r-1', reason: expect.stringContaining('The resource property ServiceName must be a string') },
    ]);
  });

  test.each([
    ['an error', new TypeError('first\nsecond'), 'first\nsecond'],
    ['what is no error', 'just words' as unknown as Error, 'just words'],
  ])('makes of %s a failure that CloudFormation can show', async (_, thrown, message) => {
    world.fail('getService', thrown);

    await expect(handlers.onEvent(EVENT)).rejects.toThrow(expect.objectContaining({
      name: 'ResourceFailure', message, stack: `ResourceFailure: ${message.split('\n')[0]}`,
    }));
    expect(world.logged.at(-1)).toMatchObject({ reason: message });
  });
});

describe('isComplete', () => {
  test('is complete with the attributes', async () => {
    const begun = await handlers.onEvent(EVENT);
    world.lightsail.activate(1);

    expect(await handlers.isComplete({ ...EVENT, ...begun })).toEqual({ IsComplete: true, Data: expect.objectContaining({ DeploymentVersion: '1' }) });
  });

  test('looks on for twelve minutes, then has itself called again', async () => {
    const begun = await handlers.onEvent(EVENT);
    world.clock.advance(5_000);

    expect(await handlers.isComplete({ ...EVENT, ...begun })).toEqual({ IsComplete: false });
    // Looks at 10, 50, 90 … seconds: the first that is twelve minutes after the call is the last.
    expect(world.callsOf('getService').at(-1)).toBe('730 getService web');
  });

  test('needs to know when the request came', async () => {
    await expect(handlers.isComplete(EVENT)).rejects.toThrow('StartedAt must be a whole number');
  });

  test('of a Delete under RETAIN is complete, and asks nothing', async () => {
    expect(await handlers.isComplete({ ...DELETE, ResourceProperties: PROPERTIES })).toEqual({ IsComplete: true });
    expect(world.calls).toEqual([]);
  });

  test('of a Delete under DESTROY disables what the resource owns', async () => {
    const tags = [{ key: OWNER_TAG, value: `${ownerId({ stackId: 'stack-1', logicalResourceId: 'Deployment' })}.3` }];
    world.lightsail.service = { containerServiceName: 'web', state: 'RUNNING', currentDeployment: { version: 3, state: 'ACTIVE', containers: { app: { image: 'nginx' } } }, tags };

    expect(await handlers.isComplete(DELETE)).toEqual({ IsComplete: false });
    expect(world.callsOf('setDisabled')[0]).toBe('0 setDisabled web true');
    expect(world.callsOf('getService').at(-1)).toBe('720 getService web');
  });

  test('of a Delete counts the timeout from when the request came', async () => {
    world.lightsail.service = { containerServiceName: 'web', state: 'UPDATING', tags: [{ key: OWNER_TAG, value: `${ownerId({ stackId: 'stack-1', logicalResourceId: 'Deployment' })}.3` }] };

    await expect(handlers.isComplete({ ...DELETE, StartedAt: START - 1_800_000 })).rejects.toThrow('was not disabled within 1800 seconds');
    expect(world.callsOf('getService')).toEqual(['0 getService web']);
  });
});

describe('the access to private repositories', () => {
  const ACCESS: ProviderEvent = { ...EVENT, ResourceType: 'Custom::LightsailPrivateRegistryAccess', ResourceProperties: { ServiceName: 'web', Timeout: '1800' } };

  test('stands under the name of the service, and asks nothing yet', async () => {
    expect(await handlers.onEvent(ACCESS)).toEqual({ PhysicalResourceId: 'web', StartedAt: START });
    expect(world.calls).toEqual([]);
  });

  test('is complete once the service has its role', async () => {
    expect(await handlers.isComplete({ ...ACCESS, StartedAt: START })).toEqual({ IsComplete: false });

    world.lightsail.service = { containerServiceName: 'web', state: 'READY', privateRegistryAccess: { ecrImagePullerRole: { isActive: true, principalArn: 'arn' } } };
    expect(await handlers.isComplete({ ...ACCESS, StartedAt: world.clock.now() })).toEqual({ IsComplete: true, Data: { EcrImagePullerPrincipalArn: 'arn' } });
    expect(world.callsOf('createDeployment')).toEqual([]);
  });
});

test('the public URL is asked over the network, unless told otherwise', async () => {
  handlers = createHandlers({ ...world, publicUrl: undefined });
  const waiting: ProviderEvent = { ...EVENT, ResourceProperties: { ...PROPERTIES, WaitForUrl: 'true', Timeout: '60' } };
  const begun = await handlers.onEvent(waiting);
  world.lightsail.activate(1);

  // A service without an URL: nothing leaves this machine.
  await expect(handlers.isComplete({ ...waiting, ...begun })).rejects.toThrow('GET / is not answered (');
});

test('the functions that Lambda calls live in the time that it is', async () => {
  const before = Date.now();
  const { StartedAt } = await onEvent(DELETE);

  expect(StartedAt).toBeGreaterThanOrEqual(before);
  expect(StartedAt).toBeLessThanOrEqual(Date.now());
  expect(await isComplete({ ...DELETE, ResourceProperties: PROPERTIES })).toEqual({ IsComplete: true });
});
