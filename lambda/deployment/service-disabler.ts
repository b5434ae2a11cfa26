import { claimOn, claimText, isFromEnabling, isOwn, OWNER_TAG, ownerId, predecessorOf, releaseOf } from './ownership';
import type { CallFailure } from '../clients/call-failure';
import type { Dependencies } from '../shared/dependencies';
import type { Observation } from '../shared/poll-state';
import { ResourceFailure } from '../shared/resource-failure';
import { isBusy } from '../shared/service-state';
import type { DeleteRequest } from './request/request';
import { matchesIgnoringSecrets } from './secrets/secret-values';
import { untilDone } from '../shared/poll';

/** Carries the Delete of a resource under DESTROY to its end: shuts the service down, if what runs on it is the resource's own. */
export class ServiceDisabler {
  constructor(private readonly dependencies: Dependencies) {}

  /** @returns whether there is nothing left to do; if not, it is to be called again */
  public async run(request: DeleteRequest, startedAt: number, waitUntil: number): Promise<boolean> {
    const { requestId, serviceName } = request;
    const outcome = await untilDone(this.dependencies, request, startedAt, waitUntil, {
      step: (seen, deadline) => this.step(request, seen, deadline),
      failed: (call) => new ResourceFailure(`${undone(request, call)}: ${call.message}`),
      timedOut: (seen) => timedOut(request, seen),
    });
    if (outcome === undefined) return false;

    this.dependencies.log(`deleted: ${outcome}`, { requestId, serviceName });
    return true;
  }

  /** @returns what became of the service, or undefined while it is at work */
  private async step(request: DeleteRequest, seen: Observation, deadline: number): Promise<string | undefined> {
    const { lightsail, cloudFormation, clock } = this.dependencies;
    const service = await lightsail.getService(request.serviceName);
    if (!service || service.state === 'DELETING') return 'the service is gone';
    seen.saw(service);

    const claim = claimOn(service);
    if (service.state === 'DISABLED') {
      const remains = claim?.owner === ownerId(request) ? releaseOf(claim) : undefined;
      if (remains) await lightsail.tagService(request.serviceName, { [OWNER_TAG]: claimText(remains) });
      return 'the service is disabled';
    }
    if (claim?.owner !== ownerId(request)) return 'the service is left as it is, for what runs on it is not of this resource';

    const before = predecessorOf(claim);
    if (before && await cloudFormation.isRollingBack(request.stackId)) {
      if (before.claim !== undefined) await lightsail.tagService(request.serviceName, { [OWNER_TAG]: before.claim });
      return 'the service is left as it is, for something ran on it before this resource was created';
    }
    if (isBusy(service)) return undefined;

    const current = service.currentDeployment;
    // What was claimed may never have been created, and its number may be somebody else's.
    const isItsOwn = current?.state === 'ACTIVE' && isOwn(claim, current.version) && (isFromEnabling(claim, current.version) || matchesIgnoringSecrets(current, request));
    if (!isItsOwn) return 'the service is left as it is, for what runs on it is not of this resource';

    // What is about to be told as failed is not begun.
    if (clock.now() < deadline) await lightsail.setDisabled(request.serviceName, true);
    return undefined;
  }
}

function undone({ serviceName }: DeleteRequest, call?: CallFailure): string {
  return call?.operation === 'TagResource' ? `The tag "${OWNER_TAG}" of container service "${serviceName}" was not written`
    : `Container service "${serviceName}" was not disabled`;
}

function timedOut(request: DeleteRequest, { service, lastTrouble }: Observation): ResourceFailure {
  return new ResourceFailure(`${undone(request, lastTrouble)} within ${request.timeoutSeconds} seconds `
    + `(service state ${service?.state ?? 'unknown'}).${lastTrouble ? ` The last call: ${lastTrouble.message}` : ''}\n`
    + `Delete the stack again${service?.state === 'DISABLED' ? '' : ' when the service is READY or RUNNING'}, or set removalPolicy to RETAIN first.`);
}
