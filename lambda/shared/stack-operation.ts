import type { Dependencies } from './dependencies';
import type { ResourceRequest } from './events/event';
import type { RetryPolicy } from './polling/retry-policy';
import { ResourceFailure } from './reasons/resource-failure';
import { CallFailure } from '../clients/call-failure';

/** When a request began, in milliseconds since the epoch. */
interface Began {
  readonly startedAt: number;
  /** When CloudFormation began the operation. Absent: not known. */
  readonly operationBeganAt?: number;
}

/** CloudFormation begins an operation before it calls the function. The two clocks hardly differ. */
const TOLERANCE_MS = 1_000;

/** CloudFormation may take a moment to report the operation that it has just begun. */
const LOOKS = 3;
const LOOK_INTERVAL_MS = 3_000;

/** CloudFormation hardly turns back sooner. What is done within that time does not ask. */
const PROMPT_MS = 1_000;

/** What CloudFormation is doing with the resource of a request, and with its stack. A handler that is not allowed to ask works without the answer. */
export class StackOperation {
  constructor(
    private readonly dependencies: Pick<Dependencies, 'cloudFormation' | 'clock' | 'log'>,
    private readonly request: ResourceRequest,
    private readonly retry: RetryPolicy,
    /** When CloudFormation certainly waited for the request, if that is known, in milliseconds since the epoch. */
    private waitedAt?: number,
    /** What a request that nobody waits for has left undone: the start of its reason. */
    private readonly undone = 'Nothing was deployed to',
  ) {}

  /** Undefined if CloudFormation cannot be asked. */
  public isRollingBack(): Promise<boolean | undefined> {
    return this.orUndefined(() => this.dependencies.cloudFormation.isRollingBack(this.request.stackId));
  }

  /** When CloudFormation began what it does to the resource, `ended` if it does nothing, undefined if it cannot be asked. */
  public beganAt(): Promise<number | 'ended' | undefined> {
    const { cloudFormation, clock } = this.dependencies;
    return this.orUndefined(async () => {
      for (let looks = 1; ; looks++) {
        const beganAt = await cloudFormation.beganAt(this.request.stackId, this.request.logicalResourceId);
        if (beganAt !== undefined) return beganAt;
        if (looks === LOOKS) return 'ended';
        await clock.sleep(LOOK_INTERVAL_MS);
      }
    });
  }

  /** Records which operation of CloudFormation waits: it may be another one by the time the service is ready. */
  public async recordStart<T extends Began>(progress: T): Promise<T> {
    if (progress.operationBeganAt !== undefined) return progress;

    try {
      const beganAt = await this.beganAt();
      // An operation that began after the request is not the request's.
      const isOwn = typeof beganAt === 'number' && beganAt <= progress.startedAt + TOLERANCE_MS;
      return isOwn ? { ...progress, operationBeganAt: beganAt } : progress;
    } catch (error) {
      if (!(error instanceof CallFailure)) throw error;
      this.log('CloudFormation did not report the operation, using the time of the request', error);
      return progress;
    }
  }

  /**
   * Throws if CloudFormation no longer waits for the request. When a stack operation is cancelled, its waiter continues beside the rollback
   * (aws/aws-cdk#31541). It must neither deploy nor claim.
   */
  public async assertStillCurrent({ operationBeganAt, startedAt }: Began): Promise<void> {
    const now = this.dependencies.clock.now();
    if (this.waitedAt !== undefined && now - this.waitedAt < PROMPT_MS) return;

    const beganAt = await this.beganAt();
    if (beganAt === 'ended' || (beganAt !== undefined && beganAt > (operationBeganAt ?? startedAt + TOLERANCE_MS))) {
      throw new ResourceFailure(`${this.undone} container service "${this.request.serviceName}": the stack operation was cancelled or has ended `
        + 'in the meantime.');
    }
    this.waitedAt = now;
  }

  /** A call that may succeed later is thrown on. */
  private async orUndefined<T>(ask: () => Promise<T>): Promise<T | undefined> {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof CallFailure) || this.retry.mayRetry(error, this.dependencies.clock.now())) throw error;
      this.log('CloudFormation cannot be asked, continuing without its answer', error);
      return undefined;
    }
  }

  private log(message: string, { operation, message: error }: CallFailure): void {
    this.dependencies.log(message, { requestId: this.request.requestId, operation, error });
  }
}
