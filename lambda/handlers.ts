import { CertificateRecords } from './certificate/certificate-records';
import { CertificateValidation } from './certificate/certificate-validation';
import { DomainChange } from './certificate/domain-change';
import { DeploymentResource } from './deployment/deployment-resource';
import { RegistryAccess } from './registry-access/registry-access';
import type { CustomResource } from './shared/custom-resource';
import type { Dependencies } from './shared/dependencies';
import { eventHandlers, type Handlers } from './shared/event-handlers';
import { withRetriedReads } from './shared/retried-reads';
import type { ResourceType } from '../lib/private/resource-properties';

/**
 * How long one call of isComplete stays while the end of a deployment is near. At all other times it returns at once. The function may run
 * for 10 minutes: that leaves room for the logs of a failure.
 */
const POLL_WINDOW_MS = 5 * 60_000;

/** Images have a function of their own: see image-handlers.ts. */
type OwnType = Exclude<ResourceType, 'Custom::LightsailContainerImage'>;

/** One row for each type of custom resource. */
const resourcesOf = (dependencies: Dependencies): Record<OwnType, CustomResource> => ({
  'Custom::LightsailContainerServiceDeployment': new DeploymentResource(dependencies, POLL_WINDOW_MS),
  'Custom::LightsailPrivateRegistryAccess': new RegistryAccess(dependencies, POLL_WINDOW_MS),
  'Custom::LightsailCertificateRecords': new CertificateRecords(dependencies),
  'Custom::LightsailCertificateValidation': new CertificateValidation(dependencies),
  'Custom::LightsailDomainChange': new DomainChange(dependencies),
});

/** @param stackId the stack of the function: it takes no events of others. Absent: it takes all */
export function handlersFor(world: Dependencies, stackId?: string): Handlers {
  return eventHandlers(resourcesOf(withRetriedReads(world)), world.log, stackId);
}
