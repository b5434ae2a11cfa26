/**
 * Why a call failed:
 * - `busy`: the resource is busy, and the call may succeed later;
 * - `denied`: the caller has no permission, or not yet, because a new policy takes a moment to take effect;
 * - `missing`: the resource does not exist;
 * - `refused`: the same call will never succeed;
 * - `throttled`: there are too many calls;
 * - `transient`: a temporary error. The call may have succeeded on the other side.
 */
export type CallFailureKind = 'busy' | 'denied' | 'missing' | 'refused' | 'throttled' | 'transient';

/** A failed call of an AWS API, with the name of the operation and the message of the service. */
export class CallFailure extends Error {
  constructor(public readonly operation: string, public readonly kind: CallFailureKind, public readonly serviceMessage: string) {
    super(`${operation} failed: ${serviceMessage}`);
    this.name = 'CallFailure';
  }
}
