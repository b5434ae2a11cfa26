import { CertificateRecords } from './certificate/certificate-records';
import { CertificateValidation } from './certificate/certificate-validation';
import { DeploymentResource } from './deployment/deployment-resource';
import { RegistryAccess } from './registry-access/registry-access';
import type { Attributes, CustomResource } from './shared/custom-resource';
import type { Dependencies } from './shared/dependencies';
import type { OnEventResponse, ProviderEvent } from './shared/event';
import { oneLine } from './shared/plain-text';
import { ResourceFailure } from './shared/resource-failure';
import { withRetriedReads } from './shared/retried-reads';
import type { ResourceType } from '../lib/private/resource-properties';

/**
 * How long one call of isComplete stays while the end of a deployment is near. At all other times it returns at once. The function may run
 * for 10 minutes: that leaves room for the logs of a failure.
 */
const POLL_WINDOW_MS = 5 * 60_000;

/** One row for each type of custom resource. */
const resourcesOf = (dependencies: Dependencies): Record<ResourceType, CustomResource> => ({
  'Custom::LightsailContainerServiceDeployment': new DeploymentResource(dependencies, POLL_WINDOW_MS),
  'Custom::LightsailPrivateRegistryAccess': new RegistryAccess(dependencies, POLL_WINDOW_MS),
  'Custom::LightsailCertificateRecords': new CertificateRecords(dependencies),
  'Custom::LightsailCertificateValidation': new CertificateValidation(dependencies),
});

export interface IsCompleteResponse {
  readonly IsComplete: boolean;
  readonly Data?: Attributes;
}

/** What the Provider framework calls, with the world that it acts on. */
export interface Handlers {
  onEvent(event: ProviderEvent): Promise<OnEventResponse>;
  isComplete(event: ProviderEvent): Promise<IsCompleteResponse>;
}

/** @param stackId the stack of the function: it takes no events of others. Absent: it takes all */
export function handlersFor(world: Dependencies, stackId?: string): Handlers {
  const dependencies = withRetriedReads(world);
  const resources = resourcesOf(dependencies);

  async function handle<T>(event: ProviderEvent, answer: (resource: CustomResource) => Promise<T>): Promise<T> {
    try {
      requireOwnStack(event, stackId);
      return await answer(resourceOf(resources, event));
    } catch (error) {
      const failure = error instanceof ResourceFailure ? error : new ResourceFailure(oneLine(error instanceof Error ? error.message : String(error)));
      dependencies.log('failed', { requestType: event.RequestType, requestId: event.RequestId, reason: failure.message });
      throw failure;
    }
  }

  return {
    onEvent: (event) => handle(event, (resource) => resource.onEvent(event)),
    isComplete: (event) => handle(event, async (resource) => {
      const data = await resource.isComplete(event);
      return data === undefined ? { IsComplete: false } : { IsComplete: true, ...(Object.keys(data).length > 0 ? { Data: data } : {}) };
    }),
  };
}

/** Whoever may invoke the function could have it deploy for a stack of theirs, with the secrets of this one. */
function requireOwnStack({ StackId }: ProviderEvent, stackId: string | undefined): void {
  if (stackId !== undefined && StackId !== stackId) {
    throw new ResourceFailure(`The event is of another stack (${JSON.stringify(StackId)}). This handler serves ${stackId} only.`);
  }
}

function resourceOf(resources: Record<ResourceType, CustomResource>, { RequestType: requestType, ResourceType: type = '' }: ProviderEvent): CustomResource {
  if (Object.hasOwn(resources, type)) return resources[type as ResourceType];
  // A rollback to this version of the library deletes what a newer version had added. It must not stay stuck.
  if (requestType === 'Delete') return UNKNOWN;

  throw new ResourceFailure(`The resource type ${JSON.stringify(type)} is unknown. This handler knows ${Object.keys(resources).join(' and ')}. `
    + 'Synthesize and deploy the app again.');
}

/** What this version of the library does not know, it has not created. */
const UNKNOWN: CustomResource = {
  onEvent: async ({ PhysicalResourceId = '' }) => ({ PhysicalResourceId, StartedAt: 0 }),
  isComplete: async () => ({}),
};
