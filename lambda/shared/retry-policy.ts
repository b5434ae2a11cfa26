import type { CallFailure } from '../clients/call-failure';

/** IAM may take more than a minute until a policy of the same stack operation has effect. */
const PERMISSION_GRACE_MS = 90_000;

/** Decides whether a call that failed is made again, and counts the failures in a row. */
export class RetryPolicy {
  /** The failed step is not to be repeated before, in milliseconds since the epoch. */
  public notBefore = 0;

  private failuresInARow: CallFailure[] = [];

  /** @param startedAt when the request began, in milliseconds since the epoch */
  constructor(private readonly startedAt: number) {}

  /** The number of calls that failed one after the other. */
  public get failures(): number {
    return this.failuresInARow.length;
  }

  public get lastFailure(): CallFailure | undefined {
    return this.failuresInARow.at(-1);
  }

  public recordFailure(failure: CallFailure, now: number): 'retry' | 'fatal' {
    this.failuresInARow.push(failure);
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
      default:
        return true;
    }
  }

  public reset(): void {
    this.failuresInARow = [];
    this.notBefore = 0;
  }
}
