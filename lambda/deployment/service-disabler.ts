import { claimOn, claimText, isFromEnabling, isOwn, OWNER_TAG, ownerId, predecessorOf, releaseOf } from './ownership';
import type { DeleteRequest } from './request/request';
import { matchesIgnoringSecrets } from './secrets/secret-values';
import { CallFailure } from '../clients/call-failure';
import type { OperationTime } from '../clients/cloudformation';
import type { DescribedService } from '../clients/lightsail';
import { CLOCK_TOLERANCE_MS } from '../shared/clock';
import type { Dependencies } from '../shared/dependencies';
import { deadlinesOf } from '../shared/polling/deadlines';
import { poll } from '../shared/polling/poll';
import { RequestMemory } from '../shared/polling/request-memory';
import { unlessThrottled } from '../shared/polling/retried-reads';
import { RetryPolicy } from '../shared/polling/retry-policy';
import { ResourceFailure } from '../shared/reasons/resource-failure';
import { isBusy } from '../shared/service-state';

const NOT_OWN = 'left running: the active deployment belongs to another owner';

const CANNOT_TELL = 'left running: the owner tag is gone, and CloudFormation has no event of this resource from when the active deployment was created. '
  + 'Disable the service by hand if it is no longer needed';

/** Carries out the Delete of a resource under DESTROY: disables the service, if the resource's own deployment runs on it. */
export class ServiceDisabler {
  private readonly retries = new RequestMemory<RetryPolicy>();

  constructor(private readonly dependencies: Dependencies) {}

  /** @returns whether there is nothing left to do; if not, it is to be called again */
  public async run(request: DeleteRequest, startedAt: number, yieldAt: number): Promise<boolean> {
    const { requestId, serviceName, timeoutSeconds } = request;
    const deadline = deadlinesOf(startedAt, timeoutSeconds).answer;
    let service: DescribedService | undefined;

    const outcome = await poll(this.dependencies, {
      requestId,
      retry: this.retries.of(requestId, () => new RetryPolicy(startedAt)),
      deadline,
      yieldAt,
      step: async () => {
        service = await this.dependencies.lightsail.getService(serviceName);
        const done = await this.step(request, service, deadline);
        return done === undefined ? 'later' : { done };
      },
      lastStart: () => deadline,
      failed: (call) => new ResourceFailure(`${failureOf(request, call)}: ${call.message}`),
      timedOut: (call) => timedOut(request, service, call),
    });
    if (outcome === undefined) return false;

    this.dependencies.log(`deleted: ${outcome}`, { requestId, serviceName });
    return true;
  }

  /** @returns what became of the service, or undefined while it is busy */
  private async step(request: DeleteRequest, service: DescribedService | undefined, deadline: number): Promise<string | undefined> {
    const { lightsail, cloudFormation } = this.dependencies;
    if (!service || service.state === 'DELETING') return 'the service is gone';

    const claim = claimOn(service);
    if (service.state === 'DISABLED') {
      const release = claim?.owner === ownerId(request) ? releaseOf(claim) : undefined;
      if (release) await this.write(() => lightsail.tagService(request.serviceName, { [OWNER_TAG]: claimText(release) }));
      return 'the service is disabled';
    }
    if (!claim) return this.withoutTag(request, service, deadline);
    if (claim.owner !== ownerId(request)) return NOT_OWN;

    const predecessor = predecessorOf(claim);
    if (predecessor && await cloudFormation.isRollingBack(request.stackId)) {
      const { claim: handedBack } = predecessor.kind === 'claim' ? predecessor : { claim: undefined };
      if (handedBack) await this.write(() => lightsail.tagService(request.serviceName, { [OWNER_TAG]: claimText(handedBack) }));
      return 'left running: another deployment ran on the service before this resource was created';
    }
    if (isBusy(service)) return undefined;

    const current = service.currentDeployment;
    // The claimed version may never have been created, and someone else's deployment may have its number.
    const runsOwn = current?.state === 'ACTIVE' && isOwn(claim, current.version)
      && (isFromEnabling(claim, current.version) || matchesIgnoringSecrets(current, request));
    if (!runsOwn) return NOT_OWN;

    return this.disable(request, deadline);
  }

  /**
   * The tag may be lost: CloudFormation's own handler of `AWS::Lightsail::Container` removes tags that the template lacks, at every update of the
   * service. What runs is the resource's own if it matches, and was created while CloudFormation created or updated the resource.
   */
  private async withoutTag(request: DeleteRequest, service: DescribedService, deadline: number): Promise<string | undefined> {
    const { cloudFormation } = this.dependencies;
    const current = service.currentDeployment;
    if (isBusy(service)) return undefined;
    if (current?.state !== 'ACTIVE' || !matchesIgnoringSecrets(current, request)) return NOT_OWN;
    if (await cloudFormation.isRollingBack(request.stackId)) return CANNOT_TELL;

    const createdAt = current.createdAt?.getTime() ?? NaN;
    const times = await this.operationTimes(request);
    // A deployment takes longer than the clocks may differ: what was created at the very end of an operation is someone else's.
    const isOwnVersion = times.some(({ from, until }) => createdAt >= from - CLOCK_TOLERANCE_MS && createdAt < until - CLOCK_TOLERANCE_MS);
    return isOwnVersion ? this.disable(request, deadline) : CANNOT_TELL;
  }

  /** None if CloudFormation cannot be asked. */
  private async operationTimes({ requestId, stackId, logicalResourceId }: DeleteRequest): Promise<readonly OperationTime[]> {
    try {
      return await this.dependencies.cloudFormation.operationTimes(stackId, logicalResourceId);
    } catch (error) {
      if (!(error instanceof CallFailure) || error.kind === 'transient' || error.kind === 'throttled') throw error;
      this.dependencies.log('CloudFormation cannot be asked, continuing without its answer', { requestId, operation: error.operation, error: error.message });
      return [];
    }
  }

  private async disable({ serviceName }: DeleteRequest, deadline: number): Promise<undefined> {
    // Nothing is begun that is about to be reported as failed.
    if (this.dependencies.clock.now() < deadline) await this.write(() => this.dependencies.lightsail.setDisabled(serviceName, true));
  }

  private write<T>(call: () => Promise<T>): Promise<T> {
    return unlessThrottled(call, this.dependencies.clock);
  }
}

function failureOf({ serviceName }: DeleteRequest, call?: CallFailure): string {
  return call?.operation === 'TagResource' ? `The tag "${OWNER_TAG}" of container service "${serviceName}" was not written`
    : `Container service "${serviceName}" was not disabled`;
}

function timedOut(request: DeleteRequest, service: DescribedService | undefined, call: CallFailure | undefined): ResourceFailure {
  return new ResourceFailure(`${failureOf(request, call)} within ${request.timeoutSeconds} seconds `
    + `(service state ${service?.state ?? 'unknown'}).${call ? ` Last call: ${call.message}` : ''}\n`
    + `Delete the stack again${service?.state === 'DISABLED' ? '' : ' when the service is READY or RUNNING'}, or set removalPolicy to RETAIN first.`);
}
