import { CallFailure } from '../clients/call-failure';
import type { Dependencies } from '../shared/dependencies';
import type { Observation } from '../shared/poll-state';
import { ResourceFailure } from '../shared/resource-failure';
import type { Progress, ResourceRequest } from './request/request';

/** An operation of CloudFormation begins before the function is called for it, by clocks that hardly differ. */
const TOLERANCE_MS = 1_000;

/** CloudFormation may take a moment to tell of the operation that it has just begun. */
const LOOKS = 3;
const LOOK_INTERVAL_MS = 3_000;

/** CloudFormation hardly turns back sooner, so what is done within that time need not ask for it. */
const PROMPT_MS = 1_000;

/**
 * What CloudFormation is doing with the resource of a request, and with its stack. Its answer is a help: a caller that may not
 * ask goes on without.
 */
export class StackOperation {
  constructor(
    private readonly dependencies: Pick<Dependencies, 'cloudFormation' | 'clock' | 'log'>,
    private readonly request: Pick<ResourceRequest, 'requestId' | 'stackId' | 'logicalResourceId' | 'serviceName'>,
    private readonly seen: Observation,
    /** When CloudFormation waited for the request for certain, if that is known, in milliseconds since the epoch. */
    private waitedAt?: number,
  ) {}

  /** Undefined if it cannot be asked. */
  public isRollingBack(): Promise<boolean | undefined> {
    return this.known(() => this.dependencies.cloudFormation.isRollingBack(this.request.stackId));
  }

  /** When CloudFormation began what it does to the resource, `over` if it does nothing, undefined if it cannot be asked. */
  public beganAt(): Promise<number | 'over' | undefined> {
    const { cloudFormation, clock } = this.dependencies;
    return this.known(async () => {
      for (let looks = 1; ; looks++) {
        const beganAt = await cloudFormation.beganAt(this.request.stackId, this.request.logicalResourceId);
        if (beganAt !== undefined) return beganAt;
        if (looks === LOOKS) return 'over';
        await clock.sleep(LOOK_INTERVAL_MS);
      }
    });
  }

  /** Notes which operation of CloudFormation waits, for it may be another one by the time the service is ready. */
  public async recordStart(progress: Progress): Promise<Progress> {
    if (progress.OperationBeganAt !== undefined) return progress;

    try {
      const operation = await this.beganAt();
      // An operation that began after the request is not the request's.
      const isOwn = typeof operation === 'number' && operation <= progress.StartedAt + TOLERANCE_MS;
      return isOwn ? { ...progress, OperationBeganAt: operation } : progress;
    } catch (error) {
      if (!(error instanceof CallFailure)) throw error;
      this.log('CloudFormation did not tell of the operation, going by the time', error);
      return progress;
    }
  }

  /**
   * When a stack operation is cancelled, its waiter goes on beside the roll back (aws/aws-cdk#31541). It must neither deploy
   * nor claim what CloudFormation no longer believes in.
   */
  public async assertStillCurrent({ OperationBeganAt, StartedAt }: Progress): Promise<void> {
    const now = this.dependencies.clock.now();
    if (this.waitedAt !== undefined && now - this.waitedAt < PROMPT_MS) return;

    const operation = await this.beganAt();
    if (operation === 'over' || (operation !== undefined && operation > (OperationBeganAt ?? StartedAt + TOLERANCE_MS))) {
      throw new ResourceFailure(`Nothing was deployed to container service "${this.request.serviceName}": the stack operation was cancelled or has ended `
        + 'in the meantime.');
    }
    this.waitedAt = now;
  }

  /** What may pass is asked again. */
  private async known<T>(ask: () => Promise<T>): Promise<T | undefined> {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof CallFailure) || this.seen.mayPass(error, this.dependencies.clock.now())) throw error;
      this.log('CloudFormation cannot be asked, going on without', error);
      return undefined;
    }
  }

  private log(message: string, { operation, message: error }: CallFailure): void {
    this.dependencies.log(message, { requestId: this.request.requestId, operation, error });
  }
}
