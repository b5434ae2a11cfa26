import {
  CreateCertificateCommand, CreateContainerServiceCommand, DeleteCertificateCommand, GetCertificatesCommand, TagResourceCommand, UntagResourceCommand,
  UpdateContainerServiceCommand, type Certificate, type CreateCertificateRequest, type GetCertificatesRequest,
} from '@aws-sdk/client-lightsail';
import { CertificateFate, DEFAULT_TIMINGS } from '..';
import { errorOf, LONG, useFixture } from '../fixture';

const fixture = useFixture({ services: ['web'], limits: { certificatePageSize: 2, certificatesPerAccount: 5 } });

const DOMAINS = ['example.com', 'www.example.com'];

const send = (request: Partial<CreateCertificateRequest> = {}) => fixture.client.send(new CreateCertificateCommand({
  certificateName: 'cert', domainName: DOMAINS[0], subjectAlternativeNames: DOMAINS.slice(1), ...request,
}));
const list = (query: GetCertificatesRequest = {}) => fixture.client.send(new GetCertificatesCommand(query));
const remove = (certificateName = 'cert') => fixture.client.send(new DeleteCertificateCommand({ certificateName }));
const attach = (publicDomainNames: Record<string, string[]>) => fixture.client.send(new UpdateContainerServiceCommand({ serviceName: 'web', publicDomainNames }));

async function detail(): Promise<Certificate> {
  const { certificates } = await list({ certificateName: 'cert', includeCertificateDetails: true });
  return certificates![0].certificateDetail!;
}

/** Creates a certificate and publishes its records, or some of them. */
async function publish(...domainNames: string[]): Promise<void> {
  await send();
  fixture.advance(DEFAULT_TIMINGS.certificateRecords);
  const { domainValidationRecords } = await detail();
  const wanted = domainValidationRecords!.filter(({ domainName }) => domainNames.includes(domainName!));
  fixture.emulator.dns.publish(...wanted.map(({ resourceRecord }) => (
    { name: resourceRecord!.name!.slice(0, -1).toUpperCase(), value: resourceRecord!.value! })));
}

describe('a new certificate', () => {
  test('is PENDING_VALIDATION, and shows its records after a moment', async () => {
    const { certificate, operations } = await send({ tags: [{ key: 'team', value: 'a' }] });
    expect(certificate).toEqual({
      certificateArn: expect.stringMatching(/^arn:aws:lightsail:us-east-1:123456789012:Certificate\/[0-9a-f-]{36}$/),
      certificateName: 'cert',
      domainName: 'example.com',
      tags: [{ key: 'team', value: 'a' }],
    });
    expect(operations).toMatchObject([{ operationType: 'CreateCertificate', resourceType: 'Certificate', resourceName: 'cert', status: 'Succeeded' }]);
    expect(await detail()).toMatchObject({ status: 'PENDING_VALIDATION', domainName: 'example.com', subjectAlternativeNames: DOMAINS, inUseResourceCount: 0 });
    expect(await detail()).not.toHaveProperty('domainValidationRecords');

    fixture.advance(DEFAULT_TIMINGS.certificateRecords);
    expect((await detail()).domainValidationRecords).toEqual(DOMAINS.map((domainName) => ({
      domainName,
      resourceRecord: {
        name: expect.stringMatching(new RegExp(`^_[0-9a-f]{32}\\.${domainName}\\.$`)), type: 'CNAME', value: expect.stringMatching(/^_[0-9a-f]{32}\.\w{10}\.acm-validations\.aws\.$/),
      },
      dnsRecordCreationState: { code: 'FAILED', message: expect.any(String) },
      validationStatus: 'PENDING_VALIDATION',
    })));
  });

  test.each([
    [{ domainName: '*.example.com' }, 'Wildcards are not supported'],
    [{ subjectAlternativeNames: ['a.example.com', 'b_.example..com'] }, '"b_.example..com" is invalid'],
    [{ subjectAlternativeNames: Array.from({ length: 10 }, (_, index) => `${index}.example.com`) }, 'at most 10 domain names, but 11'],
    [{ certificateName: '-cert' }, '"-cert" is invalid'],
    [{ certificateName: 'taken' }, '"taken" exists already'],
    [{ tags: [{ key: 'a*' }] }, 'The tag key'],
  ])('is refused: %j', async (request, message) => {
    fixture.emulator.createCertificate('taken', 'example.com');
    expect(await errorOf(send(request))).toMatchObject({ name: 'InvalidInputException', message: expect.stringContaining(message) });
  });

  test('is refused beyond the quota', async () => {
    for (const name of ['a', 'b', 'c', 'd', 'e']) fixture.emulator.createCertificate(`${name}1`, `${name}.example.com`);
    expect(await errorOf(send())).toMatchObject({ name: 'InvalidInputException', message: expect.stringContaining('maximum limit of Lightsail Certificates') });
  });
});

describe('validation', () => {
  test('a certificate is ISSUED some minutes after all its records are in the DNS', async () => {
    await publish(...DOMAINS);
    fixture.advance(DEFAULT_TIMINGS.certificateValidation - 1);
    expect((await detail()).status).toBe('PENDING_VALIDATION');
    fixture.advance(1);
    expect(await detail()).toMatchObject({ status: 'ISSUED', issuedAt: expect.any(Date), domainValidationRecords: [{ validationStatus: 'SUCCESS' }, { validationStatus: 'SUCCESS' }] });
  });

  test('one record is not enough', async () => {
    await publish(DOMAINS[1]);
    fixture.advance(LONG);
    expect(await detail()).toMatchObject({ status: 'PENDING_VALIDATION', domainValidationRecords: [{ validationStatus: 'PENDING_VALIDATION' }, { validationStatus: 'SUCCESS' }] });
  });

  test('a wrong value, and a record that is removed in time, validate nothing', async () => {
    await publish(...DOMAINS);
    const [, { resourceRecord }] = (await detail()).domainValidationRecords!;
    fixture.emulator.dns.publish({ name: resourceRecord!.name!, value: 'wrong.acm-validations.aws' });
    fixture.advance(LONG);
    expect((await detail()).domainValidationRecords).toMatchObject([{ validationStatus: 'SUCCESS' }, { validationStatus: 'PENDING_VALIDATION' }]);
    fixture.emulator.dns.publish({ name: resourceRecord!.name!, value: resourceRecord!.value! });
    fixture.emulator.dns.remove(resourceRecord!.name!);
    fixture.advance(LONG);
    expect((await detail()).status).toBe('PENDING_VALIDATION');
  });

  test('fails if that is its fate, whatever is in the DNS', async () => {
    fixture.emulator.certificateFates.forDomain('www.example.com', CertificateFate.fails('CAA_ERROR'));
    await publish(...DOMAINS);
    fixture.advance(LONG);
    expect(await detail()).toMatchObject({ status: 'FAILED', requestFailureReason: 'CAA_ERROR' });
  });

  test('times out after 72 hours without records', async () => {
    await send();
    fixture.advance(72 * LONG - 1);
    expect((await detail()).status).toBe('PENDING_VALIDATION');
    fixture.advance(1);
    expect((await detail()).status).toBe('VALIDATION_TIMED_OUT');
  });

  test('times out sooner if that is its fate, and never after it was ISSUED', async () => {
    fixture.emulator.certificateFates.byDefault(CertificateFate.timesOut({ after: 60_000 }));
    await publish(...DOMAINS);
    fixture.advance(60_000);
    expect((await detail()).status).toBe('VALIDATION_TIMED_OUT');
    fixture.emulator.createCertificate('other', 'other.example.com');
    fixture.advance(100 * LONG);
    expect(fixture.emulator.certificate('other')!.status).toBe('ISSUED');
  });

  test('the whole DNS can be put over HTTP', async () => {
    await send();
    fixture.advance(DEFAULT_TIMINGS.certificateRecords);
    const records = (await detail()).domainValidationRecords!
      .map(({ resourceRecord }) => ({ name: resourceRecord!.name, value: resourceRecord!.value }));
    const put = (body: unknown) => fetch(`${fixture.emulator.url}/dns`, { method: 'PUT', body: JSON.stringify(body) }).then(({ status }) => status);
    expect(await put(records)).toBe(204);
    expect(await put([])).toBe(204);
    fixture.advance(LONG);
    expect((await detail()).status).toBe('PENDING_VALIDATION');
    expect(await put(records)).toBe(204);
    fixture.advance(LONG);
    expect((await detail()).status).toBe('ISSUED');
    expect(await put([{ name: 'a' }])).toBe(400);
    expect(fixture.emulator.requests.every(({ operation }) => operation !== '')).toBe(true);
  });
});

describe('the list', () => {
  test('has details only on request, and pages', async () => {
    for (const name of ['c1', 'c2', 'c3']) fixture.emulator.createCertificate(name, `${name}.example.com`);
    const first = await list();
    expect(first.certificates).toMatchObject([{ certificateName: 'c1' }, { certificateName: 'c2' }]);
    expect(first.certificates![0]).not.toHaveProperty('certificateDetail');
    const second = await list({ pageToken: first.nextPageToken, includeCertificateDetails: true });
    expect(second.certificates).toMatchObject([{ certificateName: 'c3', certificateDetail: { status: 'ISSUED' } }]);
    expect(second.nextPageToken).toBeUndefined();
    expect(await errorOf(list({ pageToken: 'other' }))).toMatchObject({ name: 'InvalidInputException' });
  });

  test('can be of one status, or one certificate', async () => {
    await send();
    fixture.emulator.createCertificate('other', 'other.example.com');
    expect((await list({ certificateStatuses: ['ISSUED'] })).certificates).toMatchObject([{ certificateName: 'other' }]);
    expect((await list({ certificateName: 'cert' })).certificates).toMatchObject([{ certificateName: 'cert' }]);
    expect(await errorOf(list({ certificateName: 'missing' }))).toMatchObject({ name: 'NotFoundException' });
  });

  test('can be empty for a missing certificate', async () => {
    await fixture.stop();
    await fixture.begin({ missingCertificate: 'empty' });
    expect((await list({ certificateName: 'missing' })).certificates).toEqual([]);
  });

  test.each([
    ['perCertificate', 2], ['perDomain', 1],
  ] as const)('has validation records %s: %d for one domain of two certificates', async (validationRecords, count) => {
    await fixture.stop();
    await fixture.begin({ validationRecords });
    await send({ certificateName: 'one' });
    await send({ certificateName: 'two' });
    fixture.advance(DEFAULT_TIMINGS.certificateRecords);

    const { certificates } = await list({ includeCertificateDetails: true });
    const validations = certificates!.flatMap(({ certificateDetail }) => certificateDetail!.domainValidationRecords!);
    const recordsOf = (domain: string) => validations.filter(({ domainName }) => domainName === domain)
      .map(({ resourceRecord }) => JSON.stringify(resourceRecord));
    DOMAINS.forEach((domain) => expect([recordsOf(domain).length, new Set(recordsOf(domain)).size]).toEqual([2, count]));
  });

  test('has tags, which change', async () => {
    await send();
    await fixture.client.send(new TagResourceCommand({ resourceName: 'cert', tags: [{ key: 'a', value: '1' }, { key: 'b', value: '2' }] }));
    await fixture.client.send(new UntagResourceCommand({ resourceName: 'cert', tagKeys: ['a'] }));
    expect((await list()).certificates![0].tags).toEqual([{ key: 'b', value: '2' }]);
  });
});

describe('attachments', () => {
  beforeEach(() => {
    fixture.emulator.createCertificate('one', 'a.example.com', 'b.example.com');
    fixture.emulator.createCertificate('two', 'c.example.com', 'a.example.com');
  });

  const domains = () => fixture.emulator.service('web')!.publicDomainNames;

  test.each([
    [{ missing: ['a.example.com'] }, 'do not exist'],
    [{ pending: ['example.com'] }, '"PENDING_VALIDATION"'],
    [{ one: ['c.example.com'] }, '"one" is not for the domain name "c.example.com"'],
    [{ two: ['c.example.com'], one: ['d.example.com'] }, '"one" is not for the domain name "d.example.com"'],
  ])('of %j are refused, to a new service and to another one', async (publicDomainNames, message) => {
    await send({ certificateName: 'pending' });
    expect(await errorOf(attach(publicDomainNames))).toMatchObject({ name: 'InvalidInputException', message: expect.stringContaining(message) });
    const creation = fixture.client.send(new CreateContainerServiceCommand({ serviceName: 'new', power: 'nano', scale: 1, publicDomainNames }));
    expect(await errorOf(creation)).toMatchObject({ message: expect.stringContaining(message) });
    expect(fixture.emulator.service('new')).toBeUndefined();
    expect(fixture.emulator.service('web')).toMatchObject({ state: 'READY', scale: 1 });
    expect(domains()).toBeUndefined();
  });

  test('an update that is refused changes nothing', async () => {
    const update = fixture.client.send(new UpdateContainerServiceCommand({ serviceName: 'web', scale: 3, publicDomainNames: { missing: ['a.example.com'] } }));
    expect(await errorOf(update)).toMatchObject({ message: expect.stringContaining('do not exist') });
    expect(fixture.emulator.service('web')).toMatchObject({ scale: 1, state: 'READY' });
  });

  test('add up; an empty entry detaches one certificate and disappears; no entry changes nothing', async () => {
    await attach({ one: ['b.example.com'] });
    fixture.advance(LONG);
    await attach({ two: ['c.example.com'] });
    fixture.advance(LONG);
    expect(domains()).toEqual({ one: ['b.example.com'], two: ['c.example.com'] });
    await attach({});
    expect(fixture.emulator.service('web')!.state).toBe('READY');
    expect(domains()).toEqual({ one: ['b.example.com'], two: ['c.example.com'] });
    await attach({ one: [], missing: [] });
    fixture.advance(LONG);
    expect(domains()).toEqual({ two: ['c.example.com'] });
    await attach({ two: [] });
    fixture.advance(LONG);
    expect(domains()).toBeUndefined();
  });

  test('of a domain that another service has are refused, until it is free', async () => {
    await attach({ one: ['a.example.com'] });
    fixture.emulator.createService({ serviceName: 'other' });
    const other = () => fixture.client.send(new UpdateContainerServiceCommand({ serviceName: 'other', publicDomainNames: { two: ['a.example.com'] } }));
    expect(await errorOf(other())).toMatchObject({ message: 'The domain name "a.example.com" is in use by the container service "web".' });
    fixture.advance(LONG);
    await attach({ one: [] });
    await other();
    expect(fixture.emulator.service('other')!.publicDomainNames).toEqual({ two: ['a.example.com'] });
  });

  test('keep a certificate from being deleted, and are counted', async () => {
    await attach({ one: ['a.example.com'] });
    expect(fixture.emulator.certificate('one')!.inUseResourceCount).toBe(1);
    expect(await errorOf(remove('one'))).toMatchObject({ name: 'InvalidInputException', message: expect.stringContaining('in use by web') });
    fixture.advance(LONG);
    await attach({ one: [] });
    expect((await remove('one')).operations).toMatchObject([{ operationType: 'DeleteCertificate' }]);
    expect(fixture.emulator.certificate('one')).toBeUndefined();
    expect(await errorOf(remove('one'))).toMatchObject({ name: 'NotFoundException' });
  });

  test('more than four domains in all are refused', async () => {
    fixture.emulator.createCertificate('four', 'd1.example.com', 'd2.example.com', 'd3.example.com');
    await attach({ one: ['a.example.com', 'b.example.com'] });
    fixture.advance(LONG);
    expect(await errorOf(attach({ four: ['d1.example.com', 'd2.example.com', 'd3.example.com'] }))).toMatchObject({ message: expect.stringContaining('at most 4 public domain names') });
  });
});
