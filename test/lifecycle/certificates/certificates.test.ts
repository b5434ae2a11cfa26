import { certificateStack } from './certificate-stack';
import { domainTemplate } from './certificate-templates';
import { StackDriver, type DriverOutcome } from './stack-driver';
import { CertificateFate } from '../../emulator';

const MINUTE = 60_000;

let driver: StackDriver;

beforeEach(async () => {
  driver = await StackDriver.start(certificateStack());
});

afterEach(() => driver.stop());

const failures = ({ events }: DriverOutcome) => events.filter(({ error }) => error !== undefined).map(({ logicalId, action }) => `${action} ${logicalId}`);
const domains = () => driver.emulator.service('web')?.publicDomainNames;
const names = () => (driver.emulator.invoke('GetCertificates', {}) as { certificates: { certificateName: string }[] }).certificates
  .map(({ certificateName }) => certificateName);

/** Adds the records of a certificate to the DNS by hand, as the user does who reads the log. */
function addRecordsOf(certificateName: string): void {
  const { domainValidationRecords = [] } = driver.emulator.certificate(certificateName)!;
  driver.emulator.dns.publish(...domainValidationRecords.map(({ resourceRecord }) => resourceRecord));
}

test('one deployment ends with the certificate ISSUED, the domains attached and the aliases; one delete leaves nothing', async () => {
  const created = await driver.deploy(domainTemplate());
  expect(created).toMatchObject({ status: 'CREATE_COMPLETE' });
  expect(created.events.map(({ logicalId, physicalId }) => `${logicalId} ${physicalId}`)).toEqual([
    'Certificate web-1', 'Records web-1/records', expect.stringMatching(/^Recordwwwexamplecom _[0-9a-f]{32}\.www\.example\.com$/),
    expect.stringMatching(/^Recordexamplecom _[0-9a-f]{32}\.example\.com$/), 'Validation web-1/validation', 'Domains web/domains', 'Service web',
    'Aliaswwwexamplecom www.example.com', 'Aliasexamplecom example.com',
  ]);
  expect(driver.emulator.certificate('web-1')!.status).toBe('ISSUED');
  expect(domains()).toEqual({ 'web-1': ['www.example.com', 'example.com'] });
  expect(driver.resources.get('Validation')!.attributes).toEqual({
    CertificateName: 'web-1', CertificateArn: driver.emulator.certificate('web-1')!.arn, Status: 'ISSUED',
  });

  expect(await driver.delete()).toMatchObject({ status: 'DELETE_COMPLETE' });
  expect(driver.emulator.service('web')).toBeUndefined();
  expect(names()).toEqual([]);
});

test('a deployment that changes nothing sends no event', async () => {
  await driver.deploy(domainTemplate());
  const { status, events } = await driver.deploy(domainTemplate());
  expect({ status, events }).toEqual({ status: 'UPDATE_COMPLETE', events: [] });
});

test('the handler writes only where a certificate replaces another one, and only to the service', async () => {
  await driver.deploy(domainTemplate());
  expect(driver.called).toEqual(['GetCertificates']);
  await driver.deploy(domainTemplate({ certificateName: 'web-2', domainNames: ['www.example.com', 'api.example.com'] }));
  await driver.delete();
  expect(driver.called).toEqual(['GetCertificates', 'GetContainerServices', 'UpdateContainerService']);
  const changes = driver.emulator.requests.filter(({ operation, functionTag }) => functionTag !== undefined && operation === 'UpdateContainerService');
  expect(changes.map(({ input }) => input)).toEqual([
    { serviceName: 'web', publicDomainNames: { 'web-2': ['www.example.com', 'api.example.com'], 'web-1': [] } },
  ]);

  // Only where an Update fails, it must know whether the stack is being rolled back.
  driver.emulator.certificateFates.forDomain('api.example.com', CertificateFate.fails('OTHER'));
  await driver.deploy(domainTemplate());
  await driver.deploy(domainTemplate({ certificateName: 'web-2', domainNames: ['www.example.com', 'api.example.com'] }));
  expect(driver.called).toEqual(['DescribeStacks', 'GetCertificates', 'GetContainerServices', 'UpdateContainerService']);
});

describe.each([
  ['records of its own', 'perCertificate'], ['the records of its domains', 'perDomain'],
] as const)('a change of the domains, where a certificate has %s', (_, validationRecords) => {
  beforeEach(async () => {
    await driver.stop();
    driver = await StackDriver.start(certificateStack(), { validationRecords });
  });

  const CHANGED = domainTemplate({ certificateName: 'web-2', domainNames: ['www.example.com', 'api.example.com'] });

  test('issues and attaches the new certificate before it deletes the old one', async () => {
    await driver.deploy(domainTemplate());
    const outcome = await driver.deploy(CHANGED);
    expect(outcome).toMatchObject({ status: 'UPDATE_COMPLETE' });
    expect(failures(outcome)).toEqual([]);
    expect(domains()).toEqual({ 'web-2': ['www.example.com', 'api.example.com'] });
    expect(names()).toEqual(['web-2']);
    const order = outcome.events.map(({ action, logicalId, physicalId }) => `${action} ${logicalId} ${physicalId}`);
    expect(order.indexOf('Update Service web')).toBeGreaterThan(order.indexOf('Update Validation web-2/validation'));
    expect(order.indexOf('Delete Certificate web-1')).toBeGreaterThan(order.indexOf('Update Service web'));
    expect(order).toEqual(expect.arrayContaining(['Delete Validation web-1/validation', 'Delete Records web-1/records']));
  });

  test('that removes one detaches it, and deletes its alias before the certificate and the record that it needed', async () => {
    await driver.deploy(domainTemplate());
    const outcome = await driver.deploy(domainTemplate({ certificateName: 'web-2', domainNames: ['www.example.com'] }));

    expect(outcome).toMatchObject({ status: 'UPDATE_COMPLETE' });
    expect(failures(outcome)).toEqual([]);
    expect(domains()).toEqual({ 'web-2': ['www.example.com'] });
    expect(names()).toEqual(['web-2']);
    const order = outcome.events.map(({ action, logicalId, physicalId }) => `${action} ${logicalId} ${action === 'Delete' && logicalId === 'Certificate' ? physicalId : ''}`.trim());
    const places = ['Update Service', 'Delete Aliasexamplecom', 'Delete Recordexamplecom', 'Delete Certificate web-1'].map((event) => order.indexOf(event));
    expect(places).not.toContain(-1);
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(order).not.toContain('Delete Aliaswwwexamplecom');
    expect(order.includes('Delete Recordwwwexamplecom')).toBe(validationRecords === 'perCertificate');
    expect(driver.emulator.certificate('web-2')!.domainValidationRecords!.every(({ resourceRecord }) => driver.emulator.dns.has(resourceRecord))).toBe(true);
  });

  test('to another primary name issues a new certificate for the same domains, and touches no alias', async () => {
    await driver.deploy(domainTemplate());
    const outcome = await driver.deploy(domainTemplate({ certificateName: 'web-2', domainNames: ['example.com', 'www.example.com'] }));

    expect(outcome).toMatchObject({ status: 'UPDATE_COMPLETE' });
    expect(domains()).toEqual({ 'web-2': ['example.com', 'www.example.com'] });
    expect(names()).toEqual(['web-2']);
    expect(outcome.events.filter(({ logicalId }) => logicalId.startsWith('Alias'))).toEqual([]);
  });

  test('that fails leaves the old certificate attached, and nothing of the new one', async () => {
    await driver.deploy(domainTemplate());
    driver.emulator.certificateFates.forDomain('api.example.com', CertificateFate.fails('CAA_ERROR'));
    const outcome = await driver.deploy(CHANGED);
    expect(outcome.status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(failures(outcome)).toEqual(['Update Validation']);
    expect(outcome.reason).toContain('Certificate "web-2" (www.example.com, api.example.com) is not usable: its status is FAILED, and Lightsail gives the reason CAA_ERROR.');
    expect(outcome.reason).toContain('A CAA record of a domain does not allow Amazon to issue certificates.');
    expect(domains()).toEqual({ 'web-1': ['www.example.com', 'example.com'] });
    expect(names()).toEqual(['web-1']);
    expect(driver.resources.get('Records')!.physicalId).toBe('web-1/records');
    expect(driver.resources.get('Validation')!.physicalId).toBe('web-1/validation');

    driver.emulator.certificateFates.forDomain('api.example.com', CertificateFate.issued());
    expect(await driver.deploy(CHANGED)).toMatchObject({ status: 'UPDATE_COMPLETE' });
  });

  test.each(['EXPIRED', 'REVOKED', 'INACTIVE'] as const)('that fails rolls back even if the old certificate is %s by now', async (status) => {
    await driver.deploy(domainTemplate());
    driver.emulator.setCertificateStatus('web-1', status);
    driver.emulator.certificateFates.forDomain('api.example.com', CertificateFate.fails('OTHER'));
    const outcome = await driver.deploy(CHANGED);
    expect(outcome.status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(driver.resources.get('Validation')!.attributes).toMatchObject({ CertificateName: 'web-1', Status: status });
  });

  test('under the same name is refused, and everything stays', async () => {
    await driver.deploy(domainTemplate());
    const outcome = await driver.deploy(domainTemplate({ domainNames: ['api.example.com'] }));
    expect(outcome).toMatchObject({ status: 'UPDATE_ROLLBACK_COMPLETE', reason: expect.stringContaining('are not supported') });
    expect(domains()).toEqual({ 'web-1': ['www.example.com', 'example.com'] });
  });
});

describe('a validation that fails', () => {
  test('ends a Create with the cause, and leaves nothing', async () => {
    driver.emulator.certificateFates.byDefault(CertificateFate.fails('INVALID_PUBLIC_DOMAIN'));
    const outcome = await driver.deploy(domainTemplate());
    expect(outcome.status).toBe('ROLLBACK_COMPLETE');
    expect(outcome.reason).toMatch(/^(Records|Validation): Certificate "web-1".* INVALID_PUBLIC_DOMAIN\.\nA domain is not under a valid public top-level domain/);
    expect(names()).toEqual([]);
    expect(driver.resources.size).toBe(0);
  });

  test('because records are missing lists each by name and value', async () => {
    const outcome = await driver.deploy(domainTemplate({ isPublished: false, validationTimeoutSeconds: 1800 }));
    expect(outcome.status).toBe('ROLLBACK_COMPLETE');
    const lines = outcome.reason!.split('\n');
    expect(lines[0]).toBe('Validation: Certificate "web-1" was not ISSUED within 1800 seconds (status PENDING_VALIDATION).');
    expect(lines.slice(2, 4)).toEqual([
      expect.stringMatching(/^- www\.example\.com: _[0-9a-f]{32}\.www\.example\.com CNAME _[0-9a-f]{32}\.\w{10}\.acm-validations\.aws \(PENDING_VALIDATION\)$/),
      expect.stringMatching(/^- example\.com: _[0-9a-f]{32}\.example\.com CNAME _[0-9a-f]{32}\.\w{10}\.acm-validations\.aws \(PENDING_VALIDATION\)$/),
    ]);
    expect(names()).toEqual([]);
  });

  test('because Lightsail gave up says so', async () => {
    driver.emulator.certificateFates.byDefault(CertificateFate.timesOut({ after: 5 * MINUTE }));
    expect(await driver.deploy(domainTemplate({ isPublished: false })))
      .toMatchObject({ status: 'ROLLBACK_COMPLETE', reason: expect.stringContaining('its status is VALIDATION_TIMED_OUT') });
  });

  test('because the certificate was deleted by hand says so', async () => {
    driver.emulator.after(5 * MINUTE, () => driver.emulator.deleteCertificate('web-1'));
    expect(await driver.deploy(domainTemplate({ isPublished: false })))
      .toMatchObject({ status: 'ROLLBACK_COMPLETE', reason: expect.stringContaining('There is no certificate "web-1" in this account and Region.') });
  });
});

/** In the words of AWS's own handlers. docs/domain-errors.md has the next steps. */
describe('what the handlers of AWS refuse', () => {
  test('a domain that another service holds: a new stack leaves nothing, and succeeds once the domain is free', async () => {
    driver.emulator.createService({ serviceName: 'other' });
    driver.emulator.createCertificate('theirs', 'example.com');
    driver.emulator.invoke('UpdateContainerService', { serviceName: 'other', publicDomainNames: { theirs: ['example.com'] } });
    await driver.emulator.clock.sleep(10 * MINUTE);

    const outcome = await driver.deploy(domainTemplate());
    expect(outcome).toMatchObject({ status: 'ROLLBACK_COMPLETE', reason: expect.stringMatching(/^Service: .*"example\.com" is in use by the container service "other"/) });
    expect(domains()).toBeUndefined();
    expect(names()).toEqual(['theirs']);

    driver.emulator.invoke('UpdateContainerService', { serviceName: 'other', publicDomainNames: { theirs: [] } });
    await driver.emulator.clock.sleep(10 * MINUTE);
    expect(await driver.deploy(domainTemplate())).toMatchObject({ status: 'CREATE_COMPLETE' });
  });

  test('a certificate beyond the quota: the old one stays attached', async () => {
    await driver.stop();
    driver = await StackDriver.start(certificateStack(), { limits: { certificatesPerAccount: 1 } });
    await driver.deploy(domainTemplate());

    const outcome = await driver.deploy(domainTemplate({ certificateName: 'web-2', domainNames: ['www.example.com'] }));
    expect(outcome).toMatchObject({ status: 'UPDATE_ROLLBACK_COMPLETE', reason: expect.stringMatching(/^Certificate: .*maximum limit/) });
    expect(domains()).toEqual({ 'web-1': ['www.example.com', 'example.com'] });
    expect(names()).toEqual(['web-1']);
  });

  test('a fifth domain: a new stack leaves nothing', async () => {
    const five = ['a', 'b', 'c', 'd', 'e'].map((host) => `${host}.example.com`);
    const outcome = await driver.deploy(domainTemplate({ domainNames: five }));
    expect(outcome).toMatchObject({ status: 'ROLLBACK_COMPLETE', reason: expect.stringMatching(/^Service: .*at most 4/) });
    expect(names()).toEqual([]);
  });
});

describe('DNS elsewhere', () => {
  test('the records are in the log at once, and the deployment succeeds once the user has added them', async () => {
    driver.emulator.after(10 * MINUTE, () => addRecordsOf('web-1'));
    const outcome = await driver.deploy(domainTemplate({ isPublished: false }));
    expect(outcome).toMatchObject({ status: 'CREATE_COMPLETE' });
    const records = driver.emulator.certificate('web-1')!.domainValidationRecords!
      .map(({ resourceRecord: { name, value } }) => `${name.slice(0, -1)} CNAME ${value.slice(0, -1)}`);
    expect(driver.logged[0]).toEqual({
      message: 'validation records', requestId: expect.any(String), certificateName: 'web-1', certificateStatus: 'PENDING_VALIDATION', records,
    });
    expect(driver.resources.get('Records')!.attributes.Records).toBe(records.join('\n'));
    expect(domains()).toEqual({ 'web-1': ['www.example.com', 'example.com'] });
  });

  test('a certificate without a service waits, too', async () => {
    driver.emulator.after(10 * MINUTE, () => addRecordsOf('web-1'));
    expect(await driver.deploy(domainTemplate({ isPublished: false, hasService: false }))).toMatchObject({ status: 'CREATE_COMPLETE' });
  });
});

describe('a cancellation while the certificate is validated', () => {
  test('of a Create leaves nothing, and the orphan ends without an effect', async () => {
    const { orphan, ...outcome } = await driver.deploy(domainTemplate({ isPublished: false }), { logicalId: 'Validation', afterMs: 3 * MINUTE });
    expect(outcome.status).toBe('ROLLBACK_COMPLETE');
    expect(names()).toEqual([]);
    expect(await orphan!()).toMatchObject({ status: 'FAILED', reason: expect.stringContaining('There is no certificate "web-1"') });
  });

  test('of an Update leads back to the old certificate, and the orphan has no effect', async () => {
    await driver.deploy(domainTemplate());
    const next = domainTemplate({ certificateName: 'web-2', domainNames: ['www.example.com', 'api.example.com'], isPublished: false });
    const { orphan, ...outcome } = await driver.deploy(next, { logicalId: 'Validation', afterMs: 3 * MINUTE });
    expect(outcome.status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(domains()).toEqual({ 'web-1': ['www.example.com', 'example.com'] });
    expect(names()).toEqual(['web-1']);
    expect(await orphan!()).toMatchObject({ status: 'FAILED' });
    expect(driver.resources.get('Validation')!.physicalId).toBe('web-1/validation');
    expect(await driver.delete()).toMatchObject({ status: 'DELETE_COMPLETE' });
  });
});

describe('a change of certificates', () => {
  const NEXT = domainTemplate({ certificateName: 'web-2', domainNames: ['www.example.com', 'api.example.com'] });

  test('that is cancelled leads back to the old certificate, and the orphan has no effect', async () => {
    await driver.deploy(domainTemplate());
    const { orphan, ...outcome } = await driver.deploy(NEXT, { logicalId: 'Domains', afterMs: 2_000 });
    expect(outcome.status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(domains()).toEqual({ 'web-1': ['www.example.com', 'example.com'] });
    await orphan!();
    expect(domains()).toEqual({ 'web-1': ['www.example.com', 'example.com'] });
    expect(names()).toEqual(['web-1']);
  });

  test('whose service fails after it leads back to the old certificate', async () => {
    await driver.deploy(domainTemplate());
    driver.onEvent = ({ ResourceType, RequestType, LogicalResourceId }) => {
      // From outside, another service takes the new domain before CloudFormation updates the service.
      if (ResourceType !== 'Custom::LightsailDomainChange' || RequestType !== 'Update' || driver.emulator.service('other')) return;
      expect(LogicalResourceId).toBe('Domains');
      driver.emulator.createService({ serviceName: 'other' });
      driver.emulator.createCertificate('theirs', 'api.example.com');
      driver.emulator.invoke('UpdateContainerService', { serviceName: 'other', publicDomainNames: { theirs: ['api.example.com'] } });
    };
    const outcome = await driver.deploy(NEXT);
    expect(outcome.status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(outcome.reason).toContain('The domain names of container service "web" were not changed: UpdateContainerService failed: ');
    expect(outcome.reason).toContain('If the message names a domain name, remove it from the other container service.');
    expect(domains()).toEqual({ 'web-1': ['www.example.com', 'example.com'] });
    expect(names()).toEqual(['web-1', 'theirs']);
  });

  test('waits while the service is busy', async () => {
    await driver.deploy(domainTemplate());
    driver.onEvent = ({ LogicalResourceId }) => {
      if (LogicalResourceId === 'Domains') driver.emulator.invoke('UpdateContainerService', { serviceName: 'web', scale: 2 });
      driver.onEvent = LogicalResourceId === 'Domains' ? () => undefined : driver.onEvent;
    };
    expect(await driver.deploy(NEXT)).toMatchObject({ status: 'UPDATE_COMPLETE' });
    expect(domains()).toEqual({ 'web-2': ['www.example.com', 'api.example.com'] });
    expect(names()).toEqual(['web-2']);
  });
});

describe('what arrives twice', () => {
  test('every event, after its end, gets the same answer', async () => {
    await driver.deploy(domainTemplate());
    const events = [...driver.delivered];
    expect(events.map(({ ResourceType }) => ResourceType)).toEqual([
      'Custom::LightsailCertificateRecords', 'Custom::LightsailCertificateValidation', 'Custom::LightsailDomainChange',
    ]);
    for (const event of events) {
      const { attributes, physicalId } = driver.resources.get(event.LogicalResourceId)!;
      const { status, physicalResourceId, data = {} } = await driver.redeliver(event);
      expect({ status, physicalResourceId, data }).toEqual({ status: 'SUCCESS', physicalResourceId: physicalId, data: attributes });
    }
  });

  test('a Delete whose certificate is gone succeeds, before and after', async () => {
    await driver.deploy(domainTemplate());
    expect(await driver.delete()).toMatchObject({ status: 'DELETE_COMPLETE' });
    for (const event of driver.delivered.filter(({ RequestType }) => RequestType === 'Delete')) {
      expect(await driver.redeliver(event)).toMatchObject({ status: 'SUCCESS' });
    }
  });
});

test('ten long domains get through: the answer fits, and every record is published', async () => {
  const domainNames = Array.from({ length: 10 }, (_, index) => `${index}.${'a'.repeat(60)}.${'b'.repeat(40)}.example.com`);
  expect(await driver.deploy(domainTemplate({ domainNames, attached: domainNames.slice(0, 4) }))).toMatchObject({ status: 'CREATE_COMPLETE' });
  expect(driver.resources.get('Records')!.attributes.Records).toMatch(/\nand \d more: see the log of the handler$/);
});
