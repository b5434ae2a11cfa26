/**
 * Why a call failed, as far as the handler acts on it:
 * - `busy`: the resource is at work on something else, and the call may succeed after that;
 * - `denied`: the caller may not do this, or not yet, for a new policy takes a moment to have effect;
 * - `missing`: there is no such resource;
 * - `refused`: the same call will never succeed;
 * - `throttled`: too many calls are made at once;
 * - `transient`: anything that may be gone a moment later. The call may have had its effect;
 * - `unreachable`: the host name of the service does not exist, as in a Region without the service.
 */
export type CallFailureKind = 'busy' | 'denied' | 'missing' | 'refused' | 'throttled' | 'transient' | 'unreachable';

/** A call of an AWS API that failed, with the operation's name and the service's own words. */
export class CallFailure extends Error {
  constructor(public readonly operation: string, public readonly kind: CallFailureKind, public readonly serviceMessage: string) {
    super(`${operation} failed: ${serviceMessage}`);
    this.name = 'CallFailure';
  }
}
