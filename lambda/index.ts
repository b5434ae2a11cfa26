import { fetchedPublicUrl } from './clients/public-url';
import { sdkCloudFormation } from './clients/sdk/cloudformation';
import { sdkEcr } from './clients/sdk/ecr';
import { sdkLightsail } from './clients/sdk/lightsail';
import { sdkSecrets } from './clients/sdk/secrets';
import { DeploymentLifecycle } from './deployment/deployment-lifecycle';
import { parseDeleteRequest, parseDeployRequest, parseProgress, parseRegistryAccessRequest, type Progress, type ProviderEvent } from './deployment/request/request';
import { ServiceDisabler } from './deployment/service-disabler';
import { REGISTRY_ACCESS, RegistryAccess } from './registry-access/registry-access';
import { systemClock } from './shared/clock';
import type { Dependencies } from './shared/dependencies';
import { jsonLog } from './shared/log';
import { ResourceFailure } from './shared/resource-failure';
import type { DeploymentResourceAttributes } from '../lib/private/resource-properties';

/**
 * How long one call of isComplete looks on before it lets the Provider framework call again. The function may run for 15 minutes: there is room
 * for the longest pause, and for the logs after it.
 */
const LOOK_ON_MS = 12 * 60_000;

export interface OnEventResponse extends Partial<Progress> {
  readonly PhysicalResourceId: string;
}

export interface IsCompleteResponse {
  readonly IsComplete: boolean;
  readonly Data?: Partial<DeploymentResourceAttributes>;
}

/** The two functions that the Provider framework calls, with the world that they act on. */
export function createHandlers(options: Partial<Dependencies> = {}) {
  const dependencies: Dependencies = {
    lightsail: options.lightsail ?? sdkLightsail(),
    ecr: options.ecr ?? sdkEcr(),
    cloudFormation: options.cloudFormation ?? sdkCloudFormation(),
    secrets: options.secrets ?? sdkSecrets(),
    publicUrl: options.publicUrl ?? fetchedPublicUrl(),
    clock: options.clock ?? systemClock,
    log: options.log ?? jsonLog,
  };
  const { clock, log } = dependencies;
  const lifecycle = new DeploymentLifecycle(dependencies);
  const removal = new ServiceDisabler(dependencies);
  const registryAccess = new RegistryAccess(dependencies);

  async function failingClearly<T>(event: ProviderEvent, handle: () => Promise<T>): Promise<T> {
    try {
      return await handle();
    } catch (error) {
      const failure = error instanceof ResourceFailure ? error : new ResourceFailure(error instanceof Error ? error.message : String(error));
      log('failed', { requestType: event.RequestType, requestId: event.RequestId, reason: failure.message });
      throw failure;
    }
  }

  return {
    onEvent: (event: ProviderEvent): Promise<OnEventResponse> => failingClearly(event, async () => {
      // A Delete is answered under the id that it came with, which CloudFormation may have invented.
      if (event.RequestType === 'Delete') return { PhysicalResourceId: event.PhysicalResourceId ?? '', StartedAt: clock.now() };

      if (event.ResourceType === REGISTRY_ACCESS) {
        return { PhysicalResourceId: parseRegistryAccessRequest(event).serviceName, StartedAt: clock.now() };
      }

      const request = parseDeployRequest(event);
      // The service's name stays through every update on the same service, so that CloudFormation rolls
      // back with an Update; another service is a replacement.
      return { PhysicalResourceId: request.serviceName, ...await lifecycle.begin(request) };
    }),

    isComplete: (event: ProviderEvent): Promise<IsCompleteResponse> => failingClearly(event, async () => {
      const waitUntil = clock.now() + LOOK_ON_MS;
      if (event.RequestType === 'Delete') {
        const request = parseDeleteRequest(event);
        return { IsComplete: request === undefined || await removal.run(request, parseProgress(event).StartedAt, waitUntil) };
      }

      const data = event.ResourceType === REGISTRY_ACCESS
        ? await registryAccess.turnOn(parseRegistryAccessRequest(event), parseProgress(event).StartedAt, waitUntil)
        : await lifecycle.follow(parseDeployRequest(event), parseProgress(event), waitUntil);
      return data ? { IsComplete: true, Data: data } : { IsComplete: false };
    }),
  };
}

export { sdkEcr, sdkLightsail, sdkSecrets, sdkCloudFormation as sdkStackOperation };
export const { onEvent, isComplete } = createHandlers();
