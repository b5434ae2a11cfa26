import type { ImageDependencies } from './image-dependencies';
import type { LabelRequest } from './image-request';
import { OldVersions } from './old-versions';
import type { CallFailure } from '../clients/call-failure';
import { deadlinesOf } from '../shared/polling/deadlines';
import { poll } from '../shared/polling/poll';
import { RequestMemory } from '../shared/polling/request-memory';
import { RetryPolicy } from '../shared/polling/retry-policy';
import { ResourceFailure } from '../shared/reasons/resource-failure';

/** Carries out a Delete: removes the versions of the label that no deployment uses. Without the service there are none. */
export class LabelRemover {
  private readonly retries = new RequestMemory<RetryPolicy>();
  private readonly oldVersions: OldVersions;

  constructor(private readonly dependencies: ImageDependencies) {
    this.oldVersions = new OldVersions(dependencies);
  }

  /** @returns whether there is nothing left to do; if not, it is to be called again */
  public async run(request: LabelRequest, startedAt: number, yieldAt: number): Promise<boolean> {
    const { requestId, serviceName, timeoutSeconds } = request;
    const deadline = deadlinesOf(startedAt, timeoutSeconds).answer;
    const isDone = await poll<true>(this.dependencies, {
      requestId,
      retry: this.retries.of(requestId, () => new RetryPolicy(startedAt)),
      deadline,
      yieldAt,
      step: async () => {
        await this.oldVersions.removeAll(request);
        return { done: true };
      },
      lastStart: () => deadline,
      failed: (call) => new ResourceFailure(`${failureOf(request)}: ${call.message}`),
      timedOut: (call) => timedOut(request, call),
    });
    if (isDone) this.dependencies.log('deleted', { requestId, serviceName });
    return isDone === true;
  }
}

function failureOf({ serviceName, label }: LabelRequest): string {
  return `The images with label "${label}" of container service "${serviceName}" were not removed`;
}

function timedOut(request: LabelRequest, call: CallFailure | undefined): ResourceFailure {
  return new ResourceFailure(`${failureOf(request)} within ${request.timeoutSeconds} seconds.${call ? ` Last call: ${call.message}` : ''}\nDelete the stack again.`);
}
