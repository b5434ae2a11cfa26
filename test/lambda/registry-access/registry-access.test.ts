import { RegistryAccess } from '../../../lambda/registry-access/registry-access';
import { failing, FakeWorld, START, times, waitedFor } from '../fake-world';

const ROLE = 'arn:aws:iam::1:role/puller';
const FOR_EVER = Infinity;

let world: FakeWorld;

beforeEach(() => {
  world = new FakeWorld();
});

function turnOn({ timeoutSeconds = 1800, waitSeconds = FOR_EVER }: { timeoutSeconds?: number; waitSeconds?: number } = {}) {
  const request = { requestId: 'r-1', stackId: 'stack', logicalResourceId: 'Access', serviceName: 'web', timeoutSeconds };
  return waitedFor(world, () => new RegistryAccess(world, 0).enable(request, START, world.clock.now() + 300_000), waitSeconds);
}

/** What Lightsail answers from now on. */
function setRole(isActive: boolean, principalArn?: string): void {
  world.lightsail.service = { ...world.lightsail.service!, privateRegistryAccess: { ecrImagePullerRole: { isActive, principalArn } } };
}

test('a service that has the role keeps it', async () => {
  setRole(true, ROLE);
  await expect(turnOn()).resolves.toEqual({ EcrImagePullerPrincipalArn: ROLE });
  expect(world.calls).toEqual(['0 getService web']);
  expect(world.logged).toEqual([]);
});

test.each([
  ['has never had the role', () => undefined],
  ['has no role', () => { world.lightsail.service = { ...world.lightsail.service!, privateRegistryAccess: {} }; }],
  ['has a role that is not active', () => setRole(false, ROLE)],
])('a service that %s gets it turned on, and the log tells', async (_, arrange) => {
  arrange();
  world.after(15, () => setRole(true, ROLE));
  await expect(turnOn()).resolves.toEqual({ EcrImagePullerPrincipalArn: ROLE });
  expect(world.callsOf('enableRegistryAccess').slice(0, 1)).toEqual(['0 enableRegistryAccess web']);
  expect(world.calls.at(-1)).toBe('21 getService web');
  expect(world.logged[0]).toEqual({ message: 'enabling access to private repositories', requestId: 'r-1', serviceName: 'web' });
});

test('a role that is turned on already, and has no ARN yet, is waited for', async () => {
  setRole(true);
  world.after(5, () => setRole(true, ROLE));
  await expect(turnOn()).resolves.toEqual({ EcrImagePullerPrincipalArn: ROLE });
  expect(world.calls).toEqual(['0 getService web', '7 getService web']);
});

test('a service that has the role and is busy is not waited for', async () => {
  world.lightsail.service = { containerServiceName: 'web', state: 'UPDATING' };
  setRole(true, ROLE);
  await expect(turnOn()).resolves.toEqual({ EcrImagePullerPrincipalArn: ROLE });
});

test('a service that is busy is waited for', async () => {
  world.lightsail.service = { containerServiceName: 'web', state: 'UPDATING' };
  world.after(25, () => { world.lightsail.service = { containerServiceName: 'web', state: 'RUNNING' }; });
  world.after(35, () => setRole(true, ROLE));
  await turnOn();
  expect(world.calls).toEqual([
    '0 getService web', '7 getService web', '14 getService web', '21 getService web', '28 getService web', '28 enableRegistryAccess web', '35 getService web',
  ]);
});

test('a service that is DISABLED gets the role as well', async () => {
  world.lightsail.service = { containerServiceName: 'web', state: 'DISABLED' };
  world.after(5, () => setRole(true, ROLE));
  await expect(turnOn()).resolves.toEqual({ EcrImagePullerPrincipalArn: ROLE });
  expect(world.callsOf('enableRegistryAccess')).toHaveLength(1);
});

test.each([
  [undefined, 'there is no container service "web" in this account and Region'],
  [{ containerServiceName: 'web', state: 'DELETING' } as const, 'container service "web" is DELETING'],
])('fails where the service is %j', async (service, words) => {
  world.lightsail.service = service;
  await expect(turnOn()).rejects.toThrow(`Access to private Amazon ECR repositories was not enabled: ${words}`);
});

test('looks once in each call, and Step Functions waits in between', async () => {
  await expect(turnOn({ waitSeconds: 0 })).resolves.toBeUndefined();
  expect(world.calls).toEqual(['0 getService web', '0 enableRegistryAccess web']);
  expect(world.clock.now()).toBe(START);
});

test.each([[1800, 1743], [100, 77], [120, 91], [160, 126]])('with a timeout of %d s fails after %d s, in time for the answer', async (timeoutSeconds, seconds) => {
  setRole(true);
  await expect(turnOn({ timeoutSeconds })).rejects.toThrow(
    `Container service "web" has no role that pulls images from private Amazon ECR repositories after ${timeoutSeconds} seconds (service state READY).\n`
    + 'Find out what keeps the service busy, or increase `timeout` on the ContainerServiceDeployment.',
  );
  expect(world.calls.at(-1)).toBe(`${seconds} getService web`);
});

test('fails at the timeout with the last call that failed', async () => {
  world.fail('getService', ...times(500, failing('transient', 'GetContainerServices')));
  await expect(turnOn({ timeoutSeconds: 60 })).rejects.toThrow('(service state unknown). Last call: GetContainerServices failed: it was transient\nFind out');
});

test('what passed is not in the reason of a failure after it', async () => {
  setRole(true);
  world.fail('getService', failing('transient'));
  await expect(turnOn({ timeoutSeconds: 60 })).rejects.toThrow('(service state READY).\nFind out');
});

test.each(['busy', 'throttled', 'transient', 'denied'] as const)('a call that is %s is tried again, and the log tells', async (kind) => {
  setRole(true, ROLE);
  world.fail('getService', failing(kind, 'GetContainerServices'));
  await expect(turnOn()).resolves.toEqual({ EcrImagePullerPrincipalArn: ROLE });
  expect(world.logged).toEqual([
    { message: 'call failed, trying again', requestId: 'r-1', operation: 'GetContainerServices', error: `GetContainerServices failed: it was ${kind}` },
  ]);
});

test('fails with a call that is refused', async () => {
  world.fail('enableRegistryAccess', failing('refused', 'UpdateContainerService'));
  await expect(turnOn()).rejects.toThrow(
    'Access to private Amazon ECR repositories was not enabled for container service "web": UpdateContainerService failed: it was refused',
  );
  expect(world.logged.map(({ message }) => message)).not.toContain('call failed, trying again');
});

test('fails at once with a fault of the handler', async () => {
  const fault = new TypeError('a fault of the handler');
  world.fail('getService', fault);
  await expect(turnOn()).rejects.toBe(fault);
});
