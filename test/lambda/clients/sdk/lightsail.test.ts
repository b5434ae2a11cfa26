import type { LightsailClientConfig } from '@aws-sdk/client-lightsail';
import { sdkLightsail } from '../../../../lambda/clients/sdk/lightsail';
import { Fault, LightsailEmulator, SteppedClock } from '../../../emulator';

let emulator: LightsailEmulator<SteppedClock>;

beforeEach(async () => {
  emulator = await LightsailEmulator.start({ clock: new SteppedClock() });
  emulator.createService({ serviceName: 'web', tags: { team: 'a' } });
});

afterEach(() => emulator.stop());

function client(config: LightsailClientConfig = {}) {
  const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
  return sdkLightsail({ endpoint: emulator.url, region: 'us-east-1', credentials, ...config });
}

type Client = ReturnType<typeof client>;

const DESIRED = { containers: { app: { image: 'nginx' } } };

/** Each method with the operation that it calls. */
const CALLS: Array<[operation: string, call: (lightsail: Client) => Promise<unknown>]> = [
  ['GetContainerServices', (lightsail) => lightsail.getService('web')],
  ['GetContainerServiceDeployments', (lightsail) => lightsail.getDeployments('web')],
  ['GetContainerLog', (lightsail) => lightsail.getContainerLog('web', 'app', new Date(0))],
  ['GetCertificates', (lightsail) => lightsail.getCertificate('cert')],
  ['CreateContainerServiceDeployment', (lightsail) => lightsail.createDeployment('web', DESIRED)],
  ['UpdateContainerService', (lightsail) => lightsail.setDisabled('web', true)],
  ['UpdateContainerService', (lightsail) => lightsail.enableRegistryAccess('web')],
  ['TagResource', (lightsail) => lightsail.tagService('web', { owner: 'me' })],
];

describe.each(CALLS)('%s', (operation, call) => {
  test.each([
    ['throttled', Fault.throttled()],
    ['transient', Fault.serverError()],
    ['transient', Fault.connectionReset()],
    ['transient', Fault.malformedAnswer()],
    ['denied', Fault.accessDenied()],
  ])('is sent once, and fails as %s with its name (%#)', async (kind, fault) => {
    emulator.faults.add({ operation, fault, times: 1 });

    await expect(call(client())).rejects.toMatchObject({ name: 'CallFailure', kind, operation, message: expect.stringMatching(`^${operation} failed: \\w+: `) });
    expect(emulator.requests.map((request) => request.operation)).toEqual([operation]);
  });

  test('fails as transient if no answer comes', async () => {
    emulator.faults.add({ operation, fault: Fault.noAnswer() });

    await expect(call(client({ requestHandler: { requestTimeout: 50, throwOnRequestTimeout: true } })))
      .rejects.toMatchObject({ kind: 'transient', operation, message: expect.stringMatching(`^${operation} failed: TimeoutError: `) });
    expect(emulator.requests).toHaveLength(1);
  });
});

test.each([
  ['busy', 'InvalidInputException', 400, 'Sorry, deployment 8 is in progress for service "web". Please wait for it to complete before trying again.'],
  ['busy', 'InvalidInputException', 400, 'The specified service is in a transition state ("UPDATING") and cannot be deployed to.'],
  ['busy', 'InvalidInputException', 400, 'An update of the service is in progress.'],
  ['missing', 'NotFoundException', 400, 'No such service'],
  ['missing', 'ImageNotFoundException', 400, 'No such image'],
  ['missing', 'InvalidInputException', 400, 'The container service "web" does not exist.'],
  ['refused', 'InvalidInputException', 400, 'Container "app" has invalid image ":web.app.LATEST".'],
  ['refused', 'ValidationException', 400, '1 validation error detected'],
  ['refused', 'SerializationException', 400, 'The body is not a JSON object'],
  ['refused', 'UnknownOperationException', 400, ''],
  ['refused', 'SomethingNewException', 400, 'Whatever it is, it will not pass'],
  ['denied', 'AccessDeniedException', 403, 'User: x is not authorized'],
  ['denied', 'AccessDenied', 400, 'User: x is not authorized'],
  ['denied', 'UnauthenticatedException', 400, 'The security token is invalid'],
  ['denied', 'UnauthorizedException', 400, 'Not you'],
  ['denied', 'UnrecognizedClientException', 400, 'The security token included in the request is invalid.'],
  ['denied', 'ExpiredTokenException', 400, 'The security token included in the request is expired'],
  ['denied', 'ExpiredToken', 400, 'The security token included in the request is expired'],
  ['denied', 'InvalidClientTokenId', 403, 'The security token included in the request is invalid.'],
  ['denied', 'InvalidClientTokenIdException', 400, 'The security token included in the request is invalid.'],
  ['denied', 'InvalidSignatureException', 400, 'Signature expired'],
  ['denied', 'SignatureDoesNotMatch', 400, 'The request signature we calculated does not match'],
  ['denied', 'MissingAuthenticationTokenException', 400, 'Missing Authentication Token'],
  ['denied', 'OptInRequired', 400, 'You are not subscribed to this service'],
  ['denied', 'SomethingNewException', 403, 'A firewall says no'],
  ['throttled', 'ThrottlingException', 400, 'Rate exceeded'],
  ['throttled', 'ThrottledException', 400, 'Rate exceeded'],
  ['throttled', 'RequestThrottled', 400, 'Rate exceeded'],
  ['throttled', 'TooManyRequestsException', 400, 'Rate exceeded'],
  ['throttled', 'RequestLimitExceeded', 503, 'Request limit exceeded.'],
  ['throttled', 'SomethingNewException', 429, 'Slowly'],
  ['transient', 'ServiceException', 500, 'An internal error occurred.'],
  ['transient', 'SomethingNewException', 502, 'Bad gateway'],
  ['transient', 'RegionSetupInProgressException', 400, 'Your Region is being set up'],
  ['transient', 'AccountSetupInProgressException', 400, 'Your account is being set up'],
  ['transient', 'OperationFailureException', 400, 'The operation failed to execute'],
  ['transient', 'RequestTimeoutException', 408, 'The request took too long'],
])('tells that a failure is %s by its name: %s (%i)', async (kind, name, status, message) => {
  emulator.faults.add({ operation: '*', fault: Fault.error(name, status, message) });
  const lightsail = client();

  await expect(lightsail.createDeployment('web', DESIRED)).rejects.toMatchObject({ kind, message: expect.stringContaining(` failed: ${name}: ${message}`) });
  await expect(lightsail.setDisabled('web', true)).rejects.toMatchObject({ kind });
  await expect(lightsail.tagService('web', { owner: 'me' })).rejects.toMatchObject({ kind });
});

test('fails as denied without credentials', async () => {
  const credentials = () => Promise.reject(Object.assign(new Error('Could not load credentials'), { name: 'CredentialsProviderError' }));

  await expect(client({ credentials }).getService('web')).rejects.toMatchObject({ kind: 'denied' });
});

test('does not quote an answer that it cannot read, as it may hold a secret', async () => {
  emulator.faults.add({ operation: '*', fault: Fault.malformedAnswer('{"environment": {"PASSWORD": hunter2}}') });

  const failure: Error = await client().getService('web').then(() => { throw new Error('It was read'); }, (error: Error) => error);

  expect(failure.message).toBe('GetContainerServices failed: SyntaxError: the response could not be parsed');
  expect(`${failure.stack}`).not.toContain('hunter2');
});

describe('a service', () => {
  test('is found by its name', async () => {
    emulator.createService({ serviceName: 'web-2' });

    expect(await client().getService('web')).toMatchObject({ containerServiceName: 'web', state: 'READY' });
  });

  test.each(['NotFoundException', 'InvalidInputException'])('is unknown where Lightsail says so with %s', async (name) => {
    emulator.faults.add({ operation: 'GetContainerServices', fault: Fault.error(name, 400, 'The container service "web" does not exist.') });

    expect(await client().getService('web')).toBeUndefined();
  });

  test('is unknown where Lightsail lists others', async () => {
    emulator.faults.add({ operation: 'GetContainerServices', fault: Fault.otherAnswer({ containerServices: [{ containerServiceName: 'web-2', state: 'READY' }] }) });

    expect(await client().getService('web')).toBeUndefined();
  });

  test.each([
    ['a list of container services', {}],
    ['the name or the state of a container service', { containerServices: [{ containerServiceName: 'web' }] }],
    ['the name or the state of a container service', { containerServices: [{ state: 'READY' }] }],
    ['the version or the state of a deployment', { containerServices: [{ containerServiceName: 'web', state: 'DEPLOYING', nextDeployment: { version: 1 } }] }],
    ['the version or the state of a deployment', { containerServices: [{ containerServiceName: 'web', state: 'RUNNING', currentDeployment: { state: 'ACTIVE' } }] }],
  ])('fails as transient if the answer comes without %s (%#)', async (missing, answer) => {
    emulator.faults.add({ operation: 'GetContainerServices', fault: Fault.otherAnswer(answer) });

    await expect(client().getService('web'))
      .rejects.toMatchObject({ kind: 'transient', message: `GetContainerServices failed: the response lacks ${missing}` });
  });
});

describe('a certificate', () => {
  test('is read with its details: domains, records, and whether they are validated', async () => {
    const { arn, domainValidationRecords } = emulator.createCertificate('cert', 'example.com', 'www.example.com');

    expect(await client().getCertificate('cert')).toEqual({
      arn,
      status: 'ISSUED',
      domainNames: ['example.com', 'www.example.com'],
      records: domainValidationRecords!.map(({ domainName, resourceRecord: { name, value } }) => ({ domainName, name, value, validationStatus: 'SUCCESS' })),
    });
    expect(emulator.requests.map(({ input }) => input)).toEqual([{ certificateName: 'cert', includeCertificateDetails: true }]);
  });

  test('has no records at first, and a record that is not complete counts as none', async () => {
    emulator.invoke('CreateCertificate', { certificateName: 'cert', domainName: 'example.com' });
    expect(await client().getCertificate('cert')).toMatchObject({ status: 'PENDING_VALIDATION', records: [] });

    const certificateDetail = {
      arn: 'arn',
      status: 'FAILED',
      requestFailureReason: 'OTHER',
      domainValidationRecords: [{ domainName: 'a' }, { domainName: 'b', resourceRecord: { name: 'n' } }, { resourceRecord: { name: 'n', value: 'v' } }],
    };
    emulator.faults.add({ operation: 'GetCertificates', fault: Fault.otherAnswer({ certificates: [{ certificateName: 'cert', domainName: 'a', certificateDetail }] }) });
    expect(await client().getCertificate('cert')).toEqual({ arn: 'arn', status: 'FAILED', domainNames: ['a'], records: [], requestFailureReason: 'OTHER' });
  });

  test.each(['NotFoundException', 'empty'] as const)('is unknown where Lightsail says so: %s', async (missingCertificate) => {
    await emulator.stop();
    emulator = await LightsailEmulator.start({ clock: new SteppedClock(), missingCertificate });
    expect(await client().getCertificate('cert')).toBeUndefined();
  });

  test('is found on a later page, and not among others', async () => {
    const certificate = (certificateName: string) => ({ certificateName, certificateDetail: { arn: certificateName, status: 'ISSUED' } });
    emulator.faults.add({ operation: 'GetCertificates', fault: Fault.otherAnswer({ certificates: [certificate('other')], nextPageToken: 'next' }), times: 1 });
    emulator.faults.add({ operation: 'GetCertificates', fault: Fault.otherAnswer({ certificates: [certificate('cert')] }), times: 1 });
    expect(await client().getCertificate('cert')).toMatchObject({ arn: 'cert' });
    expect(emulator.requests.map(({ input }) => input.pageToken)).toEqual([undefined, 'next']);

    emulator.faults.add({ operation: 'GetCertificates', fault: Fault.otherAnswer({ certificates: [certificate('other')] }), times: 1 });
    expect(await client().getCertificate('cert')).toBeUndefined();
  });

  test.each([
    ['a list of certificates', {}],
    ['the ARN or the status of a certificate', { certificates: [{ certificateName: 'cert', certificateArn: 'arn' }] }],
    ['the ARN or the status of a certificate', { certificates: [{ certificateName: 'cert', certificateDetail: { status: 'ISSUED' } }] }],
  ])('fails as transient if the answer comes without %s (%#)', async (missing, answer) => {
    emulator.faults.add({ operation: 'GetCertificates', fault: Fault.otherAnswer(answer) });
    await expect(client().getCertificate('cert')).rejects.toMatchObject({ kind: 'transient', message: `GetCertificates failed: the response lacks ${missing}` });
  });
});

describe('deployments', () => {
  test('are listed with version and state', async () => {
    expect(await client().getDeployments('web')).toEqual([]);
    await client().createDeployment('web', DESIRED);

    expect(await client().getDeployments('web')).toMatchObject([{ version: 1, state: 'ACTIVATING' }]);
  });

  test.each([
    ['a list of deployments', {}],
    ['the version or the state of a deployment', { deployments: [{ version: 1 }] }],
    ['the version or the state of a deployment', { deployments: [{ state: 'ACTIVE' }] }],
  ])('fails as transient if the answer comes without %s (%#)', async (missing, answer) => {
    emulator.faults.add({ operation: 'GetContainerServiceDeployments', fault: Fault.otherAnswer(answer) });

    await expect(client().getDeployments('web'))
      .rejects.toMatchObject({ kind: 'transient', message: `GetContainerServiceDeployments failed: the response lacks ${missing}` });
  });
});

test('reads the log since a time, page by page', async () => {
  await emulator.stop();
  emulator = await LightsailEmulator.start({ clock: new SteppedClock(), limits: { logPageSize: 1 } });
  emulator.createService({ serviceName: 'web' });
  await client().createDeployment('web', DESIRED);
  emulator.clock.advance(60 * 60_000);

  const all = await readLog(new Date(0));
  expect(all.length).toBeGreaterThan(1);
  expect(all[0]).toEqual({ createdAt: expect.any(Date), message: expect.stringContaining('[deployment:1] Creating your deployment') });
  expect(await readLog(all[1].createdAt)).toEqual(all.filter(({ createdAt }) => createdAt >= all[1].createdAt));

  async function readLog(since: Date) {
    const events: Array<{ createdAt: Date; message: string }> = [];
    let pageToken: string | undefined;
    do {
      const page = await client().getContainerLog('web', 'app', since, pageToken);
      events.push(...page.events.map(({ createdAt, message }) => ({ createdAt: createdAt!, message })));
      pageToken = page.nextPageToken;
    } while (pageToken);
    return events;
  }
});

test.each([[{}], [{ logEvents: [], nextPageToken: '' }]])('an answer without lines is an empty log: %j', async (answer) => {
  emulator.faults.add({ operation: 'GetContainerLog', fault: Fault.otherAnswer(answer) });

  expect(await client().getContainerLog('web', 'app', new Date(0))).toEqual({ events: [] });
});

test('disables a service and enables it again', async () => {
  await client().setDisabled('web', true);
  emulator.clock.advance(60 * 60_000);
  expect(emulator.service('web')).toMatchObject({ state: 'DISABLED', isDisabled: true });

  await client().setDisabled('web', false);
  emulator.clock.advance(60 * 60_000);
  expect(emulator.service('web')).toMatchObject({ state: 'READY', isDisabled: false });
});

test('turns on the access of a service to private repositories, and changes nothing else', async () => {
  await client().enableRegistryAccess('web');
  expect(emulator.requests.map(({ input }) => input)).toEqual([{ serviceName: 'web', privateRegistryAccess: { ecrImagePullerRole: { isActive: true } } }]);
  emulator.clock.advance(60 * 60_000);

  expect(emulator.service('web')).toMatchObject({
    state: 'READY', privateRegistryAccess: { ecrImagePullerRole: { isActive: true, principalArn: expect.stringMatching(/^arn:aws:iam::/) } },
  });
});

test('fails as busy to disable a service that is in a transition state', async () => {
  emulator.setServiceState('web', 'UPDATING');

  await expect(client().setDisabled('web', true)).rejects.toMatchObject({ kind: 'busy', operation: 'UpdateContainerService' });
});

test('adds tags to those of a service, and overwrites', async () => {
  await client().tagService('web', { owner: 'me', stage: 'test' });
  await client().tagService('web', { owner: 'you' });

  expect(Object.fromEntries(emulator.service('web')!.tags!.map(({ key, value }) => [key, value]))).toEqual({ team: 'a', owner: 'you', stage: 'test' });
});
