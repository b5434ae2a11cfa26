import { CallFailure } from '../../../../lambda/clients/call-failure';
import { withRetriedReads } from '../../../../lambda/shared/polling/retried-reads';
import { failing, FakeWorld, START, times } from '../../fake-world';

let world: FakeWorld;
let retried: ReturnType<typeof withRetriedReads>;

beforeEach(() => {
  world = new FakeWorld();
  retried = withRetriedReads(world);
});

test.each([
  ['getService', () => retried.lightsail.getService('web')],
  ['getDeployments', () => retried.lightsail.getDeployments('web')],
  ['hasImage', () => retried.ecr.hasImage({ registryId: '1', repositoryName: 'r', imageId: { imageTag: '1' } })],
  ['beganAt', () => retried.cloudFormation.beganAt('stack', 'Deployment')],
  ['isRollingBack', () => retried.cloudFormation.isRollingBack('stack')],
  ['operationTimes', () => retried.cloudFormation.operationTimes('stack', 'Deployment')],
] as const)('%s that is throttled four times succeeds, within half a minute', async (method, read) => {
  world.fail(method, ...times(4, failing('throttled')));

  await expect(read()).resolves.not.toThrow();
  expect(world.callsOf(method)).toHaveLength(5);
  expect(world.clock.now() - START).toBeGreaterThan(3_000);
  expect(world.clock.now() - START).toBeLessThan(30_000);
});

test('the fifth failure counts', async () => {
  const failures = times(5, failing('transient'));
  world.fail('getService', ...failures);

  await expect(retried.lightsail.getService('web')).rejects.toBe(failures[4]);
  expect(world.callsOf('getService')).toHaveLength(5);
});

test.each(['denied', 'missing', 'refused', 'busy', 'unreachable'] as const)('a read that is %s is left to the caller', async (kind) => {
  world.fail('getService', failing(kind));

  await expect(retried.lightsail.getService('web')).rejects.toThrow(CallFailure);
  expect(world.callsOf('getService')).toHaveLength(1);
});

test('a fault of the handler is not made again', async () => {
  world.fail('getService', new TypeError('a fault'));

  await expect(retried.lightsail.getService('web')).rejects.toThrow(TypeError);
  expect(world.callsOf('getService')).toHaveLength(1);
});

test.each([
  ['createDeployment', () => retried.lightsail.createDeployment('web', { containers: {} })],
  ['tagService', () => retried.lightsail.tagService('web', {})],
  ['setDisabled', () => retried.lightsail.setDisabled('web', true)],
] as const)('%s is a write, and is made once', async (method, write) => {
  world.fail(method, failing('transient'));

  await expect(write()).rejects.toThrow(CallFailure);
  expect(world.callsOf(method)).toHaveLength(1);
});
