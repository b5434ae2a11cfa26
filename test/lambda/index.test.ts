import { FakeWorld, START } from './fake-world';
import { createHandlers, handler } from '../../lambda';
import { OWNER_TAG, ownerId } from '../../lambda/deployment/ownership';
import type { OnEventResponse, ProviderEvent } from '../../lambda/shared/events/event';

const PROPERTIES = { ServiceName: 'web', Containers: { app: { Image: 'nginx' } }, Timeout: '1800' };
const EVENT: ProviderEvent = {
  RequestType: 'Create',
  RequestId: 'r-1',
  ResourceType: 'Custom::LightsailContainerServiceDeployment',
  StackId: 'stack-1',
  LogicalResourceId: 'Deployment',
  ResourceProperties: PROPERTIES,
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
    ['an error', new TypeError('first\nsecond'), 'first second'],
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
    world.clock.advance(45_000);

    expect(await handlers.isComplete({ ...EVENT, ...begun })).toEqual({ IsComplete: true, Data: expect.objectContaining({ DeploymentVersion: '1' }) });
  });

  test('looks once and returns while nothing is expected soon', async () => {
    const begun = await handlers.onEvent(EVENT);
    world.clock.advance(45_000);

    expect(await handlers.isComplete({ ...EVENT, ...begun })).toEqual({ IsComplete: false });
    expect(world.clock.now()).toBe(START + 45_000);
    expect(world.callsOf('getService')).toEqual(['0 getService web', '45 getService web']);
  });

  test('stays while Lightsail activates the deployment, for as long as the calls suffice', async () => {
    const begun = await handlers.onEvent(EVENT);
    world.lightsail.service = {
      ...world.lightsail.service!, state: 'DEPLOYING', stateDetail: { code: 'ACTIVATING_DEPLOYMENT' }, nextDeployment: { version: 1, state: 'ACTIVATING' },
    };
    world.clock.advance(45_000);

    expect(await handlers.isComplete({ ...EVENT, ...begun })).toEqual({ IsComplete: false });
    expect(world.callsOf('getService').at(-1)).toBe('71 getService web');
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
    expect(world.callsOf('getService')).toEqual(['0 getService web']);
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

describe('an event of another stack', () => {
  const own = () => createHandlers(world, 'stack-1');

  test.each(['Create', 'Update', 'Delete'])('is refused before anything is called: a %s', async (RequestType) => {
    await expect(own().onEvent({ ...EVENT, RequestType, StackId: 'stack-2' })).rejects.toThrow('The event is of another stack ("stack-2"). This handler serves stack-1 only.');
    await expect(own().isComplete({ ...EVENT, RequestType, StackId: undefined, StartedAt: START })).rejects.toThrow('The event is of another stack');
    expect(world.calls).toEqual([]);
  });

  test('does not keep out those of its own', async () => {
    expect(await own().onEvent(EVENT)).toMatchObject({ PhysicalResourceId: 'web', Version: 1 });
  });
});

describe('the size of an event', () => {
  const sized = (bytes: number) => ({ ...PROPERTIES, Containers: { app: { Image: 'nginx', Environment: { BLOB: 'x'.repeat(bytes) } } } });

  test('that Step Functions cannot take is refused before anything is called', async () => {
    await expect(handlers.onEvent({ ...EVENT, ResourceProperties: sized(261_000) })).rejects.toThrow(/^Nothing was deployed to container service "web": its properties make an event of 26\d{4} bytes\. /);
    expect(world.calls).toEqual([]);
  });

  test('of an update counts without the old containers, which isComplete does not need', async () => {
    const update = { ...EVENT, RequestType: 'Update', PhysicalResourceId: 'web', ResourceProperties: sized(110_000), OldResourceProperties: { ...sized(250_000), Triggers: { a: '1' } } };
    const begun = await handlers.onEvent(update);

    expect(begun).toMatchObject({ Version: 1, OldResourceProperties: { ServiceName: 'web', Triggers: { a: '1' }, IsUnchanged: false } });
    expect(JSON.stringify({ ...update, ...begun }).length).toBeLessThan(120_000);
  });
});

describe('a resource type that the handler does not know', () => {
  const UNKNOWN: ProviderEvent = { ...EVENT, ResourceType: 'Custom::LightsailFuture' };

  test.each(['Create', 'Update'])('fails a %s and names the types that it knows', async (RequestType) => {
    await expect(handlers.onEvent({ ...UNKNOWN, RequestType })).rejects.toThrow('The resource type "Custom::LightsailFuture" is unknown. This handler knows Custom::LightsailContainerServiceDeployment and ');
  });

  test('is deleted without a call, so that a rollback to this version does not get stuck', async () => {
    const deleted = await handlers.onEvent({ ...UNKNOWN, RequestType: 'Delete', PhysicalResourceId: 'x' });

    expect(deleted).toMatchObject({ PhysicalResourceId: 'x' });
    expect(await handlers.isComplete({ ...UNKNOWN, ...deleted, RequestType: 'Delete' })).toEqual({ IsComplete: true });
    expect(world.calls).toEqual([]);
  });
});

test('the public URL is asked over the network, unless told otherwise', async () => {
  handlers = createHandlers({ ...world, publicUrl: undefined });
  const waiting: ProviderEvent = { ...EVENT, ResourceProperties: { ...PROPERTIES, WaitForUrl: 'true', Timeout: '60' } };
  const begun = await handlers.onEvent(waiting);
  world.lightsail.activate(1);
  world.clock.advance(60_000);

  // A service without an URL: nothing leaves this machine.
  await expect(handlers.isComplete({ ...waiting, ...begun })).rejects.toThrow('GET / gets no answer (');
});

test('the function that Lambda calls tells the two entries apart by what onEvent returned, and lives in real time', async () => {
  const { StartedAt, ...event } = { ...DELETE, ResourceProperties: PROPERTIES };
  const before = Date.now();
  const begun = await handler(event) as OnEventResponse;

  expect(begun.PhysicalResourceId).toBe('invented');
  expect(begun.StartedAt).toBeGreaterThanOrEqual(before);
  expect(begun.StartedAt).toBeLessThanOrEqual(Date.now());
  expect(await handler({ ...event, ...begun })).toEqual({ IsComplete: true });
});
