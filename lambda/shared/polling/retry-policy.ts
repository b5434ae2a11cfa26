import type { CallFailure, CallFailureKind } from '../../clients/call-failure';

/** IAM may take more than a minute until a policy of the same stack operation has effect. */
const PERMISSION_GRACE_MS = 90_000;

/** A host name that does not exist will not appear soon. A moment of trouble with DNS passes. */
const UNREACHABLE_PATIENCE_MS = 25_000;

/** Failures that only a service can answer with: its host name exists. */
const ANSWERS: readonly CallFailureKind[] = ['busy', 'denied', 'missing', 'refused', 'throttled'];

/** Decides whether a call that failed is made again, and counts the failures in a row. */
export class RetryPolicy {
  /** The failed step is not to be repeated before, in milliseconds since the epoch. */
  public notBefore = 0;

  private failuresInARow: CallFailure[] = [];
  private firstFailedAt?: number;

  /**
   * @param startedAt when the request began, in milliseconds since the epoch
   * @param hasAnswered whether the service has answered a call before, so that it exists
   */
  constructor(private readonly startedAt: number, private hasAnswered = false) {}

  /** The number of calls that failed one after the other. */
  public get failures(): number {
    return this.failuresInARow.length;
  }

  public get lastFailure(): CallFailure | undefined {
    return this.failuresInARow.at(-1);
  }

  public recordFailure(failure: CallFailure, now: number): 'retry' | 'fatal' {
    this.failuresInARow.push(failure);
    this.firstFailedAt ??= now;
    if (ANSWERS.includes(failure.kind)) this.hasAnswered = true;
    return this.mayRetry(failure, now) ? 'retry' : 'fatal';
  }

  /** Whether the same call may succeed later. */
  public mayRetry({ kind }: CallFailure, now: number): boolean {
    switch (kind) {
      case 'missing':
      case 'refused':
        return false;
      case 'denied':
        return now - this.startedAt < PERMISSION_GRACE_MS;
      case 'unreachable':
        return this.hasAnswered || now - (this.firstFailedAt ?? now) < UNREACHABLE_PATIENCE_MS;
      default:
        return true;
    }
  }

  public reset(): void {
    this.failuresInARow = [];
    this.firstFailedAt = undefined;
    this.hasAnswered = true;
    this.notBefore = 0;
  }
}
