import { DomainChange } from '../../../lambda/certificate/domain-change';
import type { DescribedService } from '../../../lambda/clients/lightsail';
import type { ProviderEvent } from '../../../lambda/shared/events/event';
import { withRetriedReads } from '../../../lambda/shared/polling/retried-reads';
import { failing, FakeWorld, START, waitedFor } from '../fake-world';

let world: FakeWorld;

beforeEach(() => {
  world = new FakeWorld();
  world.lightsail.service = service({ old: ['example.com'] });
});

function service(publicDomainNames: Record<string, string[]>, more: Partial<DescribedService> = {}): DescribedService {
  return { containerServiceName: 'web', state: 'RUNNING', publicDomainNames, ...more };
}

const propertiesOf = (domains: Record<string, string[]>) => ({
  ServiceName: 'web', Timeout: '1800', PublicDomainNames: Object.entries(domains).map(([CertificateName, DomainNames]) => ({ CertificateName, DomainNames })),
});

function eventOf(more: Partial<ProviderEvent> = {}): ProviderEvent {
  return {
    RequestType: 'Update',
    RequestId: 'r-1',
    StackId: 'stack-1',
    LogicalResourceId: 'Domains',
    ResourceProperties: propertiesOf({ new: ['example.com', 'www.example.com'] }),
    OldResourceProperties: propertiesOf({ old: ['example.com'] }),
    ...more,
  };
}

/** Carries an event to its answer, as Step Functions does. A change shows at the next look. */
async function answered(event = eventOf(), hasEffect = true) {
  const resource = new DomainChange(withRetriedReads(world));
  const begun = await resource.onEvent(event);
  return waitedFor(world, async () => {
    if (hasEffect && world.callsOf('setDomainNames').length > 0) world.lightsail.service = service({ new: ['example.com', 'www.example.com'] });
    return resource.isComplete({ ...event, ...begun });
  });
}

const changes = () => world.callsOf('setDomainNames').map((call) => call.replace(/^[\d.]+ /, ''));
const REPLACED = 'setDomainNames web {"new":["example.com","www.example.com"],"old":[]}';

test('its id is the name of the service with its purpose', async () => {
  await expect(new DomainChange(world).onEvent(eventOf())).resolves.toEqual({ PhysicalResourceId: 'web/domains', StartedAt: START });
});

test.each(['Create', 'Delete'])('a %s changes nothing', async (RequestType) => {
  await answered(eventOf({ RequestType, PhysicalResourceId: 'web/domains' }));
  expect(world.calls).toEqual([]);
});

test('a certificate that is replaced leaves the service in the call that attaches the new one', async () => {
  await answered();
  expect(changes()).toEqual([REPLACED]);
});

test.each<[string, DescribedService | undefined]>([
  ['has left the service already', service({ new: ['example.com'] })], ['is on a service without domains', { containerServiceName: 'web', state: 'READY' }],
  ['is on a service that is gone', undefined], ['is on a service that is being deleted', service({ old: ['example.com'] }, { state: 'DELETING' })],
])('a certificate that %s is not detached', async (_, present) => {
  world.lightsail.service = present;
  await answered();
  expect(changes()).toEqual([]);
});

test('a certificate that stays is not detached, and neither is one that others attached', async () => {
  world.lightsail.service = service({ old: ['example.com'], theirs: ['theirs.example.com'] });
  await answered(eventOf({ ResourceProperties: propertiesOf({ old: ['example.com'], new: ['www.example.com'] }) }));
  expect(changes()).toEqual([]);
});

test.each(['PENDING', 'UPDATING', 'DEPLOYING'] as const)('a service that is %s is waited for', async (state) => {
  world.lightsail.service = service({ old: ['example.com'] }, { state });
  world.after(30, () => { world.lightsail.service = service({ old: ['example.com'] }); });
  await answered();
  expect(world.callsOf('setDomainNames')).toEqual([`35 ${REPLACED}`]);
});

test.each([
  ['refused', 'If the message names a domain name, remove it from the other container service.'],
  ['denied', 'Allow the role of the handler the action lightsail:UpdateContainerService on the service, then deploy again.'],
] as const)('a call that is %s for good fails with the cause, what was wanted and the next step', async (kind, nextStep) => {
  world.fail('setDomainNames', ...Array.from({ length: 500 }, () => failing(kind, 'UpdateContainerService')));
  const error: Error = await answered(eventOf(), false).then(() => { throw new Error('It succeeded'); }, (thrown: Error) => thrown);
  expect(error.message).toMatch(/^The domain names of container service "web" were not changed: UpdateContainerService failed: /);
  expect(error.message).toContain('Wanted: example.com, www.example.com (certificate "new").');
  expect(error.message).toContain(nextStep);
});

test('a call that is throttled is made again', async () => {
  world.fail('setDomainNames', failing('throttled', 'UpdateContainerService'));
  await answered();
  expect(changes()).toEqual([REPLACED, REPLACED]);
});

test('a service that stays busy ends with the state, in time for the answer', async () => {
  world.lightsail.service = service({ old: ['example.com'] }, { state: 'UPDATING' });
  await expect(answered()).rejects.toThrow('The domain names of container service "web" were not changed within 1800 seconds (service state UPDATING).\n'
    + 'Wait until the service is RUNNING or READY, then deploy again.');
});

test('a rollback succeeds although the old certificate cannot be attached again', async () => {
  world.rollingBack = true;
  world.fail('setDomainNames', failing('refused', 'UpdateContainerService'));
  await expect(answered()).resolves.toEqual({});
  expect(world.logged.at(-1)).toMatchObject({ message: 'rolled back without the domains', serviceName: 'web' });
});

test('an event that nobody waits for any more changes nothing', async () => {
  world.lightsail.service = service({ old: ['example.com'] }, { state: 'UPDATING' });
  world.after(60, () => {
    world.lightsail.service = service({ old: ['example.com'] });
    world.began = [START + 50_000];
  });
  await expect(answered()).rejects.toThrow('The domain names were not changed on container service "web": the stack operation was cancelled or has ended');
  expect(changes()).toEqual([]);
});
