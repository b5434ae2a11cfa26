import { claimOn, claimText, isFromEnabling, isOwn, OWNER_TAG, ownerId, predecessorOf, releaseOf } from './ownership';
import type { DeleteRequest } from './request/request';
import { matchesIgnoringSecrets } from './secrets/secret-values';
import type { CallFailure } from '../clients/call-failure';
import type { DescribedService } from '../clients/lightsail';
import { deadlinesOf } from '../shared/deadlines';
import type { Dependencies } from '../shared/dependencies';
import { poll } from '../shared/poll';
import { RequestMemory } from '../shared/request-memory';
import { ResourceFailure } from '../shared/resource-failure';
import { RetryPolicy } from '../shared/retry-policy';
import { isBusy } from '../shared/service-state';

const NOT_OWN = 'left running: the active deployment belongs to another owner';

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
    const { lightsail, cloudFormation, clock } = this.dependencies;
    if (!service || service.state === 'DELETING') return 'the service is gone';

    const claim = claimOn(service);
    if (service.state === 'DISABLED') {
      const release = claim?.owner === ownerId(request) ? releaseOf(claim) : undefined;
      if (release) await lightsail.tagService(request.serviceName, { [OWNER_TAG]: claimText(release) });
      return 'the service is disabled';
    }
    if (claim?.owner !== ownerId(request)) return NOT_OWN;

    const predecessor = predecessorOf(claim);
    if (predecessor && await cloudFormation.isRollingBack(request.stackId)) {
      if (predecessor.kind === 'claim') await lightsail.tagService(request.serviceName, { [OWNER_TAG]: claimText(predecessor.claim) });
      return 'left running: another deployment ran on the service before this resource was created';
    }
    if (isBusy(service)) return undefined;

    const current = service.currentDeployment;
    // The claimed version may never have been created, and someone else's deployment may have its number.
    const runsOwn = current?.state === 'ACTIVE' && isOwn(claim, current.version)
      && (isFromEnabling(claim, current.version) || matchesIgnoringSecrets(current, request));
    if (!runsOwn) return NOT_OWN;

    // Nothing is begun that is about to be reported as failed.
    if (clock.now() < deadline) await lightsail.setDisabled(request.serviceName, true);
    return undefined;
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
