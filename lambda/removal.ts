import type { CallFailure } from './call-failure';
import type { Dependencies } from './dependencies';
import { DeploymentFailure } from './failure';
import type { Observation } from './observation';
import { claimOn, claimText, isOfEnabled, isOwn, OWNER_TAG, ownerId, ranBefore, voided } from './ownership';
import { isBusy } from './readiness';
import type { DeleteRequest } from './request';
import { holdsButForSecrets } from './secrets/secret-values';
import { untilDone } from './until-done';

/** Carries the Delete of a resource under DESTROY to its end: shuts the service down, if what runs on it is the resource's own. */
export class Removal {
  constructor(private readonly dependencies: Dependencies) {}

  /** @returns whether there is nothing left to do; if not, it is to be called again */
  public async remove(request: DeleteRequest, startedAt: number, waitUntil: number): Promise<boolean> {
    const { requestId, serviceName } = request;
    const outcome = await untilDone(this.dependencies, request, startedAt, waitUntil, {
      step: (seen, deadline) => this.step(request, seen, deadline),
      failed: (call) => new DeploymentFailure(`${undone(request, call)}: ${call.message}`),
      timedOut: (seen) => timedOut(request, seen),
    });
    if (outcome === undefined) return false;

    this.dependencies.log(`deleted: ${outcome}`, { requestId, serviceName });
    return true;
  }

  /** @returns what became of the service, or undefined while it is at work */
  private async step(request: DeleteRequest, seen: Observation, deadline: number): Promise<string | undefined> {
    const { lightsail, stackOperation, clock } = this.dependencies;
    const service = await lightsail.getService(request.serviceName);
    if (!service || service.state === 'DELETING') return 'the service is gone';
    seen.saw(service);

    const claim = claimOn(service);
    if (service.state === 'DISABLED') {
      const remains = claim?.owner === ownerId(request) ? voided(claim) : undefined;
      if (remains) await lightsail.tagService(request.serviceName, { [OWNER_TAG]: claimText(remains) });
      return 'the service is disabled';
    }
    if (claim?.owner !== ownerId(request)) return 'the service is left as it is, for what runs on it is not of this resource';

    const before = ranBefore(claim);
    if (before && await stackOperation.isRollingBack(request.stackId)) {
      if (before.claim !== undefined) await lightsail.tagService(request.serviceName, { [OWNER_TAG]: before.claim });
      return 'the service is left as it is, for something ran on it before this resource was created';
    }
    if (isBusy(service)) return undefined;

    const current = service.currentDeployment;
    // What was claimed may never have been created, and its number may be somebody else's.
    const isItsOwn = current?.state === 'ACTIVE' && isOwn(claim, current.version) && (isOfEnabled(claim, current.version) || holdsButForSecrets(current, request));
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

function timedOut(request: DeleteRequest, { service, lastTrouble }: Observation): DeploymentFailure {
  return new DeploymentFailure(`${undone(request, lastTrouble)} within ${request.timeoutSeconds} seconds `
    + `(service state ${service?.state ?? 'unknown'}).${lastTrouble ? ` The last call: ${lastTrouble.message}` : ''}\n`
    + `Delete the stack again${service?.state === 'DISABLED' ? '' : ' when the service is READY or RUNNING'}, or set removalPolicy to RETAIN first.`);
}
