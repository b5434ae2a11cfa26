import { isThrottlingError, isTransientError } from '@smithy/core/retry';
import { CallFailure, type CallFailureKind } from '../call-failure';

/**
 * The SDK sends each call once. Its own retries would use the real clock, ignore the deadline and repeat calls that are not
 * idempotent. The callers retry, on the clock that they are given.
 */
export const ATTEMPTS = 1;

/** Short, so that a call that hangs cannot carry the handler past its deadline. */
export const READ_TIMEOUTS = { connectionTimeout: 3_000, requestTimeout: 5_000, throwOnRequestTimeout: true };

/** Longer, because a late response to a write is still better than none. */
export const WRITE_TIMEOUTS = { connectionTimeout: 3_000, requestTimeout: 20_000, throwOnRequestTimeout: true };

/** The time-outs of the SDK end with the first byte of a response. These limits are over the whole call, also if the body stalls or drips. */
const LIMITS_MS = { read: 8_000, write: 25_000 };

/** Makes a call through the SDK. Every error becomes a `CallFailure`. */
export async function call<T>(
  operation: string, make: (options: { readonly abortSignal: AbortSignal }) => Promise<T>, limitMs: number = LIMITS_MS.read,
): Promise<T> {
  const abortSignal = AbortSignal.timeout(limitMs);
  const timeUp = new Promise<never>((_, reject) => {
    const message = `there was no complete answer within ${limitMs / 1000} seconds`;
    abortSignal.addEventListener('abort', () => reject(new CallFailure(operation, 'transient', message)), { once: true });
  });
  try {
    return await Promise.race([make({ abortSignal }), timeUp]);
  } catch (error) {
    throw error instanceof CallFailure ? error : callFailure(operation, error);
  }
}

/** The same for a call that changes something: a late answer is still better than none. */
export function writeCall<T>(operation: string, make: (options: { readonly abortSignal: AbortSignal }) => Promise<T>): Promise<T> {
  return call(operation, make, LIMITS_MS.write);
}

/** Undefined instead of the failure if the resource does not exist. */
export async function undefinedIfNotFound<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof CallFailure && error.kind === 'missing') return undefined;
    throw error;
  }
}

/** An incomplete response says nothing about the resource, so the call is made again. */
export function incompleteResponse(operation: string, missing: string): CallFailure {
  return new CallFailure(operation, 'transient', `the response lacks ${missing}`);
}

/** An error of the SDK. The optional fields are set if a service has answered. */
interface SdkError {
  readonly name: string;
  readonly message: string;
  readonly code?: unknown;
  readonly tip?: unknown;
  readonly $fault?: 'client' | 'server';
  readonly $retryable?: { readonly throttling?: boolean };
  readonly $metadata?: { readonly httpStatusCode?: number };
}

function callFailure(operation: string, thrown: unknown): CallFailure {
  const error: SdkError = thrown instanceof Error ? thrown : new Error(String(thrown));
  if (error.code === 'ENOTFOUND') {
    return new CallFailure(operation, 'unreachable', `${error.name}: ${error.message}. No endpoint of AWS has this name. Check that the service exists in this `
      + 'Region, and that DNS works in the network of the function');
  }
  return new CallFailure(operation, failureKind(error), `${error.name}: ${serviceMessageOf(error)}`);
}

function serviceMessageOf({ name, message, tip }: SdkError): string {
  // The parser quotes the response, and a response contains values of environment variables.
  if (name === 'SyntaxError') return 'the response could not be parsed';
  return typeof tip === 'string' && tip !== '' ? `${message} (${tip})` : message;
}

/** Names of errors, without the `Exception` that only some services append. */
const DENIED = new Set([
  'AccessDenied', 'AuthFailure', 'CredentialsProviderError', 'ExpiredToken', 'IncompleteSignature', 'InvalidAccessKeyId', 'InvalidClientTokenId',
  'InvalidSignature', 'MissingAuthenticationToken', 'NotAuthorized', 'OptInRequired', 'RequestExpired', 'RequestInTheFuture',
  'RequestTimeTooSkewed', 'SignatureDoesNotMatch', 'SubscriptionRequired', 'Unauthenticated', 'Unauthorized', 'UnauthorizedOperation',
  'UnrecognizedClient',
]);
/** Errors that Lightsail reports as the caller's, but that pass. */
const TRANSIENT = new Set(['AccountSetupInProgress', 'OperationFailure', 'RegionSetupInProgress']);

/** A quota, not a rate: the SDK counts it as throttling. */
const QUOTA = 'LimitExceeded';

/** The error's name comes first: the sources disagree on Lightsail's HTTP statuses. */
function failureKind(error: SdkError): CallFailureKind {
  const { message, $fault, $metadata } = error;
  const name = error.name.replace(/Exception$/, '');
  const status = $metadata?.httpStatusCode;

  if (name === 'InvalidInput' || name.startsWith('Validation')) {
    if (/\bin progress\b|transition state/i.test(message)) return 'busy';
    // What is missing comes as NotFoundException or as one of these.
    return /does ?n[o']t exist|not found/i.test(message) ? 'missing' : 'refused';
  }
  // NotFound of Lightsail, ResourceNotFound of Secrets Manager, ParameterNotFound and others of Systems Manager, ImageNotFound and others of ECR.
  if (name.endsWith('NotFound')) return 'missing';
  if (DENIED.has(name)) return 'denied';
  // Some services leave out the `Exception` that the SDK's list of throttling errors has.
  if (name !== QUOTA && (isThrottlingError(error) || /throttl/i.test(name) || name === 'TooManyRequests')) return 'throttled';
  if (TRANSIENT.has(name) || isTransientError(error)) return 'transient';
  // Server errors, network errors and unreadable responses are not caused by the request.
  if ($fault !== 'client') return 'transient';
  return status === 401 || status === 403 ? 'denied' : 'refused';
}
