import type { RegistryAccessResourceAttributes, RegistryAccessResourceType } from '../../lib/private/resource-properties';
import type { RegistryAccessRequest } from '../deployment/request/request';
import type { Dependencies } from '../shared/dependencies';
import { untilDone } from '../shared/poll';
import type { Observation } from '../shared/poll-state';
import { ResourceFailure } from '../shared/resource-failure';
import { isBusy, pullerRoleArn, requireDeployable } from '../shared/service-state';

export const REGISTRY_ACCESS: RegistryAccessResourceType = 'Custom::LightsailPrivateRegistryAccess';

const NOT_TURNED_ON = 'The access to private Amazon ECR repositories was not turned on';

/** Gives a container service the role that pulls images from private Amazon ECR repositories. It is never taken away again. */
export class RegistryAccess {
  constructor(private readonly dependencies: Dependencies) {}

  /** @returns the role, or undefined if the service does not have it yet: it is to be called again */
  public async turnOn(request: RegistryAccessRequest, startedAt: number, waitUntil: number): Promise<RegistryAccessResourceAttributes | undefined> {
    const arn = await untilDone(this.dependencies, request, startedAt, waitUntil, {
      step: (seen) => this.step(request, seen),
      failed: ({ message }) => new ResourceFailure(`${NOT_TURNED_ON} for container service "${request.serviceName}": ${message}`),
      timedOut: (seen) => timedOut(request, seen),
    });
    return arn === undefined ? undefined : { EcrImagePullerPrincipalArn: arn };
  }

  /** @returns the ARN of the role, or undefined while it is not there */
  private async step({ requestId, serviceName }: RegistryAccessRequest, seen: Observation): Promise<string | undefined> {
    const { lightsail, log } = this.dependencies;
    const service = await lightsail.getService(serviceName);
    if (service?.state !== 'DISABLED') requireDeployable(serviceName, service, NOT_TURNED_ON);
    seen.saw(service);

    const arn = pullerRoleArn(service);
    if (isBusy(service) || service.privateRegistryAccess?.ecrImagePullerRole?.isActive) return arn;

    log('turning on the access to private repositories', { requestId, serviceName });
    await lightsail.turnOnRegistryAccess(serviceName);
    return undefined;
  }
}

function timedOut({ serviceName, timeoutSeconds }: RegistryAccessRequest, { service, lastTrouble }: Observation): ResourceFailure {
  return new ResourceFailure(`Container service "${serviceName}" has no role that pulls images from private Amazon ECR repositories after ${timeoutSeconds} seconds `
    + `(service state ${service?.state ?? 'unknown'}).${lastTrouble ? ` The last call: ${lastTrouble.message}` : ''}\n`
    + 'Find out what keeps the service busy, or raise the timeout of the ContainerServiceDeployment.');
}
