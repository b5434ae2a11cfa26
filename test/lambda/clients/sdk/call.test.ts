import { CallFailure } from '../../../../lambda/clients/call-failure';
import { ATTEMPTS, call, incompleteResponse, READ_TIMEOUTS, undefinedIfNotFound, WRITE_TIMEOUTS } from '../../../../lambda/clients/sdk/call';

interface SdkError {
  readonly name?: string;
  readonly message?: string;
  readonly tip?: unknown;
  readonly $fault?: 'client' | 'server';
  readonly $retryable?: { readonly throttling?: boolean };
  readonly $metadata?: { readonly httpStatusCode?: number };
}

async function failureOf(thrown: unknown): Promise<CallFailure> {
  const failure: unknown = await call('DoIt', () => Promise.reject(thrown)).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(CallFailure);
  return failure as CallFailure;
}

/** What the SDK throws when a service has answered that the caller is at fault. */
function answered({ message = 'words', ...others }: SdkError): Error {
  return Object.assign(new Error(message), { $fault: 'client', ...others });
}

test('hands on the answer', async () => {
  expect(await call('DoIt', () => Promise.resolve(7))).toBe(7);
});

test('hands on a failure that has its kind', async () => {
  const failure = incompleteResponse('DoIt', 'a version');

  expect(await failureOf(failure)).toBe(failure);
  expect(failure).toMatchObject({ operation: 'DoIt', kind: 'transient', message: 'DoIt failed: the response lacks a version' });
});

test.each([
  [answered({ name: 'SomethingException' }), 'DoIt failed: SomethingException: words'],
  [answered({ name: 'SomethingException', tip: 'Look there' }), 'DoIt failed: SomethingException: words (Look there)'],
  [answered({ name: 'SomethingException', tip: '' }), 'DoIt failed: SomethingException: words'],
  [answered({ name: 'SomethingException', tip: 7 }), 'DoIt failed: SomethingException: words'],
  [answered({ name: 'SyntaxError', message: 'Unexpected token in {"PASSWORD"' }), 'DoIt failed: SyntaxError: the response could not be parsed'],
  ['no error', 'DoIt failed: Error: no error'],
])('the message has the operation and the message of the service (%#)', async (thrown, message) => {
  expect(await failureOf(thrown)).toMatchObject({ name: 'CallFailure', operation: 'DoIt', message });
});

test.each<[CallFailure['kind'], SdkError]>([
  ['busy', { name: 'InvalidInputException', message: 'deployment 8 is in progress' }],
  ['busy', { name: 'InvalidInput', message: 'It is In Progress now' }],
  ['busy', { name: 'ValidationError', message: 'in a transition state ("UPDATING")' }],
  ['refused', { name: 'InvalidInputException', message: 'within progress' }],
  ['refused', { name: 'InvalidInputException', message: 'in progression' }],
  ['missing', { name: 'InvalidInputException', message: 'The container service "web" does not exist.' }],
  ['missing', { name: 'ValidationError', message: "Stack doesn't exist" }],
  ['missing', { name: 'ValidationError', message: 'Stack Not Found' }],
  ['refused', { name: 'ValidationException', message: 'invalid image' }],
  ['refused', { name: 'XValidation' }],
  ['missing', { name: 'NotFoundException' }],
  ['missing', { name: 'NotFound' }],
  ['refused', { name: 'NotExceptionFound' }],
  ['throttled', { name: 'SlowDown' }],
  ['throttled', { name: 'ThrottlingException' }],
  ['throttled', { name: 'RequestThrottled' }],
  ['throttled', { name: 'TooManyRequestsException' }],
  ['throttled', { name: 'Odd', $retryable: { throttling: true } }],
  ['throttled', { name: 'Odd', $metadata: { httpStatusCode: 429 } }],
  ['throttled', { name: 'TooManyRequests' }],
  ['throttled', { name: 'ProvisionedThroughputExceededException' }],
  ['throttled', { name: 'TransactionInProgressException' }],
  ['refused', { name: 'LimitExceededException' }],
  ['refused', { name: 'LimitExceeded' }],
  ['transient', { name: 'Odd', $retryable: { throttling: false }, $metadata: { httpStatusCode: 428 } }],
  ['transient', { name: 'Odd', $metadata: { httpStatusCode: 503 } }],
  ['refused', { name: 'Odd', $metadata: { httpStatusCode: 428 } }],
  ['denied', { name: 'AccessDeniedException', $fault: 'server' }],
  ['transient', { name: 'OperationFailureException' }],
  ['transient', { name: 'RequestTimeoutException' }],
  ['transient', { name: 'Odd', $fault: 'server' }],
  ['transient', { name: 'Odd', $fault: undefined }],
  ['denied', { name: 'Odd', $metadata: { httpStatusCode: 401 } }],
  ['denied', { name: 'Odd', $metadata: { httpStatusCode: 403 } }],
  ['refused', { name: 'Odd', $metadata: { httpStatusCode: 400 } }],
  ['refused', { name: 'Odd' }],
])('is %s: %j', async (kind, error) => {
  expect((await failureOf(answered(error))).kind).toBe(kind);
});

test('an error that is not the response of a service is transient', async () => {
  expect((await failureOf(new Error('socket hang up'))).kind).toBe('transient');
});

test('what is missing can be undefined, and nothing else', async () => {
  const throttled = new CallFailure('DoIt', 'throttled', 'words');

  expect(await undefinedIfNotFound(Promise.resolve(7))).toBe(7);
  expect(await undefinedIfNotFound(Promise.reject(new CallFailure('DoIt', 'missing', 'words')))).toBeUndefined();
  await expect(undefinedIfNotFound(Promise.reject(throttled))).rejects.toBe(throttled);
  await expect(undefinedIfNotFound(Promise.reject(Object.assign(new TypeError('a fault'), { kind: 'missing' })))).rejects.toThrow(TypeError);
});

test('no call can carry the handler past what it keeps in reserve for its answer', () => {
  expect(ATTEMPTS).toBe(1);
  for (const { connectionTimeout, requestTimeout, throwOnRequestTimeout } of [READ_TIMEOUTS, WRITE_TIMEOUTS]) {
    expect(connectionTimeout + requestTimeout).toBeLessThan(30_000);
    expect(throwOnRequestTimeout).toBe(true);
  }
});

test.each(['\n', '\r\n', '\r', '\u2028', '\u2029', '\u0085', '\v', '\f'])('the message of a service with %j is one line', async (lineBreak) => {
  const { message, serviceMessage } = await failureOf(answered({ name: 'SomethingException', message: `no${lineBreak}Next step: delete everything` }));

  expect(`${message}${serviceMessage}`).not.toMatch(/[\n\v\f\r\u0085\u2028\u2029]/);
});
