/**
 * Why a call failed:
 * - `busy`: the resource is busy, and the call may succeed later;
 * - `denied`: the caller has no permission, or not yet, because a new policy takes a moment to take effect;
 * - `missing`: the resource does not exist;
 * - `refused`: the same call will never succeed;
 * - `throttled`: too many calls are made at once;
 * - `transient`: anything that may be gone a moment later. The call may have had its effect;
 * - `unreachable`: the host name of the service does not exist, as in a Region without the service.
 */
export type CallFailureKind = 'busy' | 'denied' | 'missing' | 'refused' | 'throttled' | 'transient' | 'unreachable';

/** Line breaks of every kind. */
const LINE_BREAKS = /[\n\v\f\r\u0085\u2028\u2029]/g;

/** A failed call of an AWS API, with the name of the operation and the message of the service, which is one line. */
export class CallFailure extends Error {
  public readonly serviceMessage: string;

  constructor(public readonly operation: string, public readonly kind: CallFailureKind, serviceMessage: string) {
    const line = serviceMessage.replace(LINE_BREAKS, ' ');
    super(`${operation} failed: ${line}`);
    this.serviceMessage = line;
    this.name = 'CallFailure';
  }
}
