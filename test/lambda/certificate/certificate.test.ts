import { CertificateRecords } from '../../../lambda/certificate/certificate-records';
import { CertificateValidation } from '../../../lambda/certificate/certificate-validation';
import type { DescribedCertificate, ValidationRecord } from '../../../lambda/clients/lightsail';
import type { CustomResource } from '../../../lambda/shared/events/custom-resource';
import type { ProviderEvent } from '../../../lambda/shared/events/event';
import { withRetriedReads } from '../../../lambda/shared/polling/retried-reads';
import { failing, FakeWorld, START, times, waitedFor } from '../fake-world';

const DOMAINS = ['example.com', 'www.example.com'];
const ARN = 'arn:aws:lightsail:us-east-1:123456789012:Certificate/1234';

let world: FakeWorld;

beforeEach(() => {
  world = new FakeWorld();
  world.lightsail.certificate = certificate();
});

function record(domainName: string, more: Partial<ValidationRecord> = {}): ValidationRecord {
  return { domainName, name: `_1.${domainName}.`, value: `_2.${domainName.length}.acm-validations.aws.`, validationStatus: 'PENDING_VALIDATION', ...more };
}

function certificate(more: Partial<DescribedCertificate> = {}): DescribedCertificate {
  return { arn: ARN, status: 'PENDING_VALIDATION', domainNames: DOMAINS, records: DOMAINS.map((domainName) => record(domainName)), ...more };
}

function eventOf(properties: object = {}, more: Partial<ProviderEvent> = {}): ProviderEvent {
  return {
    RequestType: 'Create',
    RequestId: 'r-1',
    StackId: 'stack-1',
    LogicalResourceId: 'Records',
    ResourceProperties: { CertificateName: 'web', DomainNames: DOMAINS, Timeout: '1800', ...properties },
    ...more,
  };
}

/** Carries an event to its answer, as Step Functions does. */
async function answered(resource: CustomResource, event = eventOf(), untilSeconds = Infinity) {
  const begun = await resource.onEvent(event);
  return waitedFor(world, () => resource.isComplete({ ...event, ...begun }, Infinity), untilSeconds);
}

const records = (event?: ProviderEvent) => answered(new CertificateRecords(withRetriedReads(world)), event);
const validation = (event?: ProviderEvent) => answered(new CertificateValidation(withRetriedReads(world)), event);

describe.each([
  ['records', (dependencies: FakeWorld): CustomResource => new CertificateRecords(dependencies)],
  ['validation', (dependencies: FakeWorld): CustomResource => new CertificateValidation(dependencies)],
])('both: %s', (kind, newResource) => {
  const run = (event?: ProviderEvent, untilSeconds?: number) => answered(newResource(world), event, untilSeconds);

  test('its id is the name of the certificate with its purpose', async () => {
    await expect(newResource(world).onEvent(eventOf())).resolves.toEqual({ PhysicalResourceId: `web/${kind}`, StartedAt: START });
    expect(world.calls).toEqual([]);
  });

  test('a Delete does nothing, whatever its properties are', async () => {
    const event = eventOf({}, { RequestType: 'Delete', PhysicalResourceId: 'invented', ResourceProperties: {} });
    await expect(newResource(world).onEvent(event)).resolves.toEqual({ PhysicalResourceId: 'invented', StartedAt: START });
    await expect(newResource(world).onEvent({ ...event, PhysicalResourceId: undefined })).resolves.toMatchObject({ PhysicalResourceId: '' });
    await expect(run(event)).resolves.toEqual({});
    expect(world.calls).toEqual([]);
  });

  test.each([
    [{ DomainNames: [] }, 'The resource property DomainNames must be a list of at least one domain name'],
    [{ DomainNames: 'example.com' }, 'The resource property DomainNames must be a list'],
    [{ DomainNames: ['a\nb'] }, 'The resource property DomainNames.0 must be a name without line breaks'],
    [{ CertificateName: undefined }, 'The resource property CertificateName must be a string'],
    [{ Timeout: 'soon' }, 'The resource property Timeout must be a whole number'],
  ])('fails with the properties %j, before any call', async (properties, reason) => {
    await expect(run(eventOf(properties))).rejects.toThrow(reason);
    expect(world.calls).toEqual([]);
  });

  test('a certificate that Lightsail does not list yet is waited for', async () => {
    const later = certificate({ status: 'ISSUED' });
    world.lightsail.certificate = undefined;
    world.after(20, () => { world.lightsail.certificate = later; });
    await expect(run()).resolves.toMatchObject({ CertificateArn: ARN });
    expect(world.calls).toEqual(['0 getCertificate web', '7 getCertificate web', '14 getCertificate web', '21 getCertificate web']);
  });

  test('fails if there is no such certificate for half a minute', async () => {
    world.lightsail.certificate = undefined;
    await expect(run()).rejects.toThrow('There is no certificate "web" in this account and Region.\n'
      + 'If it was deleted outside of CloudFormation, give the Certificate another `certificateName`, so that CloudFormation creates a new one (addDomain(): pass a `certificate` of your own). '
      + 'If the app only refers to it, create it first or use the name of an existing one.');
    expect(world.calls.at(-1)).toBe('35 getCertificate web');
  });

  test('fails at once with a domain that the certificate lacks', async () => {
    world.lightsail.certificate = certificate({ status: 'ISSUED', domainNames: ['EXAMPLE.com.'] });
    await expect(run()).rejects.toThrow('Certificate "web" is not for www.example.com. It is for EXAMPLE.com..\nLightsail cannot change the domains of a certificate');
    expect(world.calls).toHaveLength(1);
  });

  test('takes the domains as they are if Lightsail does not say which ones there are', async () => {
    world.lightsail.certificate = certificate({ status: 'ISSUED', domainNames: [] });
    await expect(run()).resolves.toMatchObject({ CertificateArn: ARN });
  });

  test.each(['FAILED', 'VALIDATION_TIMED_OUT', 'EXPIRED', 'REVOKED', 'INACTIVE'] as const)('fails at once if the status is %s', async (status) => {
    world.lightsail.certificate = certificate({ status, records: [] });
    await expect(run()).rejects.toThrow(`Certificate "web" (example.com, www.example.com) is not usable: its status is ${status}.\n`);
    expect(world.calls).toHaveLength(1);
  });

  test('a status that is new to the handler is waited for', async () => {
    world.lightsail.certificate = certificate({ status: 'PENDING_SOMETHING' as never, records: [] });
    world.after(60, () => { world.lightsail.certificate = certificate({ status: 'ISSUED' }); });
    await expect(run()).resolves.toMatchObject({ CertificateArn: ARN });
  });

  test.each(['busy', 'throttled', 'transient', 'denied', 'unreachable'] as const)('a call that is %s is made again', async (failure) => {
    world.lightsail.certificate = certificate({ status: 'ISSUED' });
    world.fail('getCertificate', failing(failure, 'GetCertificates'));
    await expect(run()).resolves.toMatchObject({ CertificateArn: ARN });
    expect(world.callsOf('getCertificate')).toHaveLength(2);
  });

  test.each([
    ['denied', '\nAllow the role of the handler the action lightsail:GetCertificates, then deploy again.'],
    ['refused', '\nDeploy again. If it fails again, look at the certificate in the Lightsail console.'],
    ['unreachable', '\nDeploy again. If it fails again, look at the certificate in the Lightsail console.'],
  ] as const)('fails with a call that stays %s', async (failure, nextStep) => {
    world.fail('getCertificate', ...times(500, failing(failure, 'GetCertificates')));
    const error: Error = await run().then(() => { throw new Error('It succeeded'); }, (thrown: Error) => thrown);
    expect(error.message).toBe(`Certificate "web" was not read: GetCertificates failed: it was ${failure}${nextStep}`);
    expect(world.clock.now() - START).toBeLessThan(120_000);
  });

  test('fails at once with a fault of the handler', async () => {
    const fault = new TypeError('a fault of the handler');
    world.fail('getCertificate', fault);
    await expect(run()).rejects.toBe(fault);
  });

  test.each([[1800, 1743], [100, 77]])('with a timeout of %d s ends after %d s, in time for the answer', async (timeoutSeconds, seconds) => {
    world.lightsail.certificate = certificate({ records: [] });
    await expect(run(eventOf({ Timeout: timeoutSeconds }))).rejects.toThrow(`${timeoutSeconds} seconds`);
    expect(world.calls.at(-1)).toBe(`${seconds} getCertificate web`);
  });

  test('a timeout that is longer than CloudFormation allows ends with what it allows', async () => {
    world.lightsail.certificate = certificate({ records: [] });
    await expect(run(eventOf({ Timeout: '999999' }))).rejects.toThrow('3600 seconds');
  });

  test('the timeout names the last call that failed', async () => {
    world.fail('getCertificate', ...times(500, failing('transient', 'GetCertificates')));
    await expect(run(eventOf({ Timeout: '60' }))).rejects.toThrow('status unknown). Last call: GetCertificates failed: it was transient\n');
  });

  test('looks once in each call', async () => {
    world.lightsail.certificate = certificate({ records: [] });
    await expect(run(eventOf(), 0)).resolves.toBeUndefined();
    expect(world.calls).toEqual(['0 getCertificate web']);
  });
});

describe('the records', () => {
  test('are attributes by the place of their domain, and without the dot at the end', async () => {
    world.lightsail.certificate = certificate({ records: [record('WWW.Example.COM.', { name: '_w.www.example.com.' }), record('example.com')] });
    await expect(records()).resolves.toEqual({
      CertificateArn: ARN,
      Name0: '_1.example.com',
      Value0: '_2.11.acm-validations.aws',
      Name1: '_w.www.example.com',
      Value1: '_2.16.acm-validations.aws',
      Records: '_1.example.com CNAME _2.11.acm-validations.aws\n_w.www.example.com CNAME _2.16.acm-validations.aws',
    });
  });

  test('an international name is found in both forms', async () => {
    world.lightsail.certificate = certificate({ domainNames: ['xn--mller-kva.example'], records: [record('xn--mller-kva.example')] });
    await expect(records(eventOf({ DomainNames: ['Müller.example'] }))).resolves.toMatchObject({ Name0: '_1.xn--mller-kva.example' });
  });

  test('may lag: they are waited for, and logged as soon as each is known', async () => {
    world.lightsail.certificate = certificate({ records: [] });
    world.after(5, () => { world.lightsail.certificate = certificate({ records: [record('www.example.com')] }); });
    world.after(20, () => { world.lightsail.certificate = certificate(); });
    await expect(records()).resolves.toMatchObject({ Name0: '_1.example.com', Name1: '_1.www.example.com' });
    const [first, second] = DOMAINS.map((domainName) => `_1.${domainName} CNAME _2.${domainName.length}.acm-validations.aws`);
    expect(world.logged).toEqual([
      { message: 'validation records', requestId: 'r-1', certificateName: 'web', certificateStatus: 'PENDING_VALIDATION', records: [second] },
      { message: 'validation records', requestId: 'r-1', certificateName: 'web', certificateStatus: 'PENDING_VALIDATION', records: [first, second] },
    ]);
  });

  test('of a certificate that was ISSUED long ago are there as well', async () => {
    world.lightsail.certificate = certificate({ status: 'ISSUED' });
    await expect(records()).resolves.toMatchObject({ Name0: '_1.example.com' });
  });

  test('the timeout names the domains that have none', async () => {
    world.lightsail.certificate = certificate({ records: [record('example.com')] });
    await expect(records(eventOf({ Timeout: 60 }))).rejects.toThrow(
      'Lightsail has no validation record for www.example.com after 60 seconds (certificate "web", status PENDING_VALIDATION).\n'
      + 'The records usually come within seconds. Look at the certificate in the Lightsail console, then deploy again.');
  });

  /** Domains of a length, as many as a certificate can have. */
  function many(length: number): string[] {
    return times(10, 0).map((_, index) => `${index}${'a'.repeat(59)}.${'b'.repeat(60)}.${'c'.repeat(60)}.example.com`.slice(-length).replace(/^[.]/, 'x'))
      .map((domain, index) => `${index}${domain.slice(1)}`);
  }

  /** Records as long as Lightsail's. */
  const real = (domainName: string) => record(domainName, { name: `_${'0'.repeat(32)}.${domainName}.`, value: `_${'1'.repeat(32)}.abcdefghij.acm-validations.aws.` });

  function answerOf(length: number): Promise<unknown> {
    const DomainNames = many(length);
    world.lightsail.certificate = certificate({ domainNames: DomainNames, records: DomainNames.map(real) });
    const stack = 'arn:aws:cloudformation:ap-southeast-1:123456789012:stack/a-stack-with-a-long-name/11111111-2222-3333-4444-555555555555';
    return records(eventOf({ DomainNames }, { StackId: stack, RequestId: '11111111-2222-3333-4444-555555555555', PhysicalResourceId: 'web/records' }));
  }

  test.each([20, 30, 60, 120, 180])('of ten domains with %d characters fit into an answer to CloudFormation, the pairs always complete', async (length) => {
    const data = await answerOf(length) as Record<string, string>;
    expect(Object.keys(data).filter((name) => /^(Name|Value)\d$/.test(name))).toHaveLength(20);
    expect(many(length).map((domain) => `_${'0'.repeat(32)}.${domain}`)).toEqual(times(10, 0).map((_, index) => data[`Name${index}`]));
    expect(JSON.stringify(data).length).toBeLessThan(3_800);
    const shown = data.Records.split('\n').filter((line) => line.includes(' CNAME ')).length;
    expect(data.Records.split('\n').slice(shown)).toEqual(shown === 10 ? [] : [`and ${10 - shown} more: see the log of the handler`]);
    if (length <= 20) expect(shown).toBe(10);
    if (length >= 120) expect(shown).toBeLessThan(10);
  });

  test('that are too long for any answer fail with the cause', async () => {
    world.lightsail.certificate = certificate();
    const DomainNames = times(10, 0).map((_, index) => `${index}${'a'.repeat(250)}`);
    world.lightsail.certificate = certificate({ domainNames: DomainNames, records: DomainNames.map(real) });
    await expect(records(eventOf({ DomainNames }, { StackId: 's'.repeat(200), LogicalResourceId: 'l'.repeat(200) })))
      .rejects.toThrow('do not fit into one answer to CloudFormation, which takes 4096 bytes: its 10 domain names are too long.\nUse several certificates');
  });
});

describe('the validation', () => {
  test('ends when the certificate is ISSUED', async () => {
    world.after(300, () => { world.lightsail.certificate = certificate({ status: 'ISSUED' }); });
    await expect(validation()).resolves.toEqual({ CertificateName: 'web', CertificateArn: ARN, Status: 'ISSUED' });
    expect(world.calls.at(-1)).toBe('301 getCertificate web');
    expect(world.calls).toHaveLength(44);
  });

  test('logs once what the DNS needs, and again if that changes', async () => {
    world.after(100, () => {
      world.lightsail.certificate = certificate({ records: [record('example.com', { validationStatus: 'SUCCESS' }), record('www.example.com')] });
    });
    world.after(200, () => { world.lightsail.certificate = certificate({ status: 'ISSUED' }); });
    const resource = new CertificateValidation(world);
    await answered(resource);
    const line = '- www.example.com: _1.www.example.com CNAME _2.15.acm-validations.aws (PENDING_VALIDATION)';
    const fields = { message: 'waiting for the validation records in the DNS', requestId: 'r-1', certificateName: 'web', certificateStatus: 'PENDING_VALIDATION' };
    expect(world.logged).toEqual([
      { ...fields, records: ['- example.com: _1.example.com CNAME _2.11.acm-validations.aws (PENDING_VALIDATION)', line] },
      { ...fields, records: [line] },
    ]);
  });

  test('the timeout lists each record that is missing, by name and value', async () => {
    world.lightsail.certificate = certificate({
      domainNames: [...DOMAINS, 'a.example.com'],
      records: [record('example.com', { validationStatus: 'SUCCESS' }), record('www.example.com', { validationStatus: 'FAILED' })],
    });
    await expect(validation(eventOf({ DomainNames: [...DOMAINS, 'a.example.com'], Timeout: 60 }))).rejects.toThrow(
      'Certificate "web" was not ISSUED within 60 seconds (status PENDING_VALIDATION).\n'
      + 'These domains are not validated. Each needs its CNAME record in the public DNS:\n'
      + '- www.example.com: _1.www.example.com CNAME _2.15.acm-validations.aws (FAILED)\n'
      + '- a.example.com: Lightsail has no record for it yet\n'
      + 'Add the missing records where the DNS of the domain is, and look for typing errors in those that are there. ');
  });

  test('the timeout with all domains validated asks for nothing', async () => {
    world.lightsail.certificate = certificate({ records: DOMAINS.map((domainName) => record(domainName, { validationStatus: 'SUCCESS' })) });
    const error: Error = await validation(eventOf({ Timeout: 60 })).then(() => { throw new Error('It succeeded'); }, (thrown: Error) => thrown);
    expect(error.message).toBe('Certificate "web" was not ISSUED within 60 seconds (status PENDING_VALIDATION).\nDeploy again, if needed with a longer timeout (at most 60 minutes).');
  });

  test('the reason of a timeout ends with the next step, however many records there are', async () => {
    const domainNames = times(10, 0).map((_, index) => `${index}.${'a'.repeat(60)}.${'b'.repeat(60)}.example.com`);
    world.lightsail.certificate = certificate({ domainNames, records: domainNames.map((domainName) => record(domainName)) });
    const error: Error = await validation(eventOf({ DomainNames: domainNames, Timeout: 60 })).then(() => { throw new Error('It succeeded'); }, (thrown: Error) => thrown);
    expect(error.message).toMatch(/\n- and \d more, which the log of the handler lists\nAdd the missing records.* the deployment waits\.$/);
    expect(error.message.length).toBeLessThanOrEqual(2_000);
    expect(world.logged.find(({ records: logged }) => logged)!.records).toHaveLength(10);
  });

  test.each([
    ['CAA_ERROR', 'A CAA record of a domain does not allow Amazon'],
    ['INVALID_PUBLIC_DOMAIN', 'A domain is not under a valid public top-level domain. Correct the names.'],
    ['ADDITIONAL_VERIFICATION_REQUIRED', 'Contact AWS Support.'],
    ['DOMAIN_NOT_ALLOWED', 'virustotal.com'],
    ['OTHER', 'A domain name is probably misspelled.'],
  ])('FAILED with %s says what to do', async (requestFailureReason, nextStep) => {
    world.lightsail.certificate = certificate({ status: 'FAILED', requestFailureReason });
    const error: Error = await validation().then(() => { throw new Error('It succeeded'); }, (thrown: Error) => thrown);
    expect(error.message).toContain(`its status is FAILED, and Lightsail gives the reason ${requestFailureReason}.\n`);
    expect(error.message).toContain(nextStep);
    expect(error.message).toContain('deploy again with a new certificate');
  });

  test.each(['something NEW\u202e\n', 'constructor'])('FAILED with the unknown reason %j is quoted on its line', async (requestFailureReason) => {
    world.lightsail.certificate = certificate({ status: 'FAILED', requestFailureReason });
    await expect(validation()).rejects.toThrow(/gives the reason \S.*\.\nLook at the certificate in the Lightsail console to find the cause\. Then deploy again with a new certificate\. If the certificate remains/);
  });

  test.each(['EXPIRED', 'REVOKED', 'INACTIVE', 'FAILED'] as const)('an update that is rolled back succeeds although the certificate is %s', async (status) => {
    world.rollingBack = true;
    world.lightsail.certificate = certificate({ status });
    await expect(validation(eventOf({}, { RequestType: 'Update' }))).resolves.toEqual({ CertificateName: 'web', CertificateArn: ARN, Status: status });
    expect(world.logged.at(-1)).toMatchObject({ message: 'rolled back to a certificate that is not usable', certificateName: 'web' });
  });

  test('an update that is rolled back succeeds although the certificate is gone', async () => {
    world.rollingBack = true;
    world.lightsail.certificate = undefined;
    await expect(validation(eventOf({}, { RequestType: 'Update' }))).resolves.toEqual({ CertificateName: 'web', CertificateArn: '', Status: '' });
  });

  test('a Create during a rollback, and an Update outside of one, fail', async () => {
    world.lightsail.certificate = certificate({ status: 'EXPIRED' });
    await expect(validation(eventOf({}, { RequestType: 'Update' }))).rejects.toThrow('its status is EXPIRED');
    world.rollingBack = true;
    await expect(validation(eventOf())).rejects.toThrow('its status is EXPIRED');
  });
});
