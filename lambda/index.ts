import { systemClock, type Clock } from './clock';
import { DeploymentLifecycle } from './deployment-lifecycle';
import { DeploymentFailure } from './failure';
import type { Lightsail } from './lightsail';
import { jsonLog, type Log } from './log';
import { parseDeployRequest, parseProgress, type Progress, type ProviderEvent } from './request';
import { sdkLightsail } from './sdk-lightsail';
import type { DeploymentResourceAttributes } from '../lib/private/resource-properties';

/** How long one call of isComplete looks on before it lets the Provider framework call again. */
const LOOK_ON_MS = 5 * 60_000;

export interface HandlerOptions {
  readonly lightsail?: Lightsail;
  readonly clock?: Clock;
  readonly log?: Log;
}

export interface OnEventResponse extends Partial<Progress> {
  readonly PhysicalResourceId: string;
}

export interface IsCompleteResponse {
  readonly IsComplete: boolean;
  readonly Data?: DeploymentResourceAttributes;
}

/** The two functions that the Provider framework calls, with the world that they act on. */
export function createHandlers(options: HandlerOptions = {}) {
  const { lightsail = sdkLightsail(), clock = systemClock, log = jsonLog } = options;
  const lifecycle = new DeploymentLifecycle(lightsail, clock, log);

  return {
    onEvent: (event: ProviderEvent): Promise<OnEventResponse> => failingClearly(log, event, async () => {
      if (event.RequestType === 'Delete') return keepWhatRuns(log, event);

      const request = parseDeployRequest(event);
      // The service's name stays through every update on the same service, so that CloudFormation rolls
      // back with an Update; another service is a replacement.
      return { PhysicalResourceId: request.serviceName, ...await lifecycle.begin(request) };
    }),

    isComplete: (event: ProviderEvent): Promise<IsCompleteResponse> => failingClearly(log, event, async () => {
      if (event.RequestType === 'Delete') return { IsComplete: true };

      const data = await lifecycle.follow(parseDeployRequest(event), parseProgress(event), clock.now() + LOOK_ON_MS);
      return data ? { IsComplete: true, Data: data } : { IsComplete: false };
    }),
  };
}

function keepWhatRuns(log: Log, event: ProviderEvent): OnEventResponse {
  log('deleted: what runs on the container service is left as it is', { requestId: event.RequestId });
  return { PhysicalResourceId: event.PhysicalResourceId ?? '' };
}

async function failingClearly<T>(log: Log, event: ProviderEvent, handle: () => Promise<T>): Promise<T> {
  try {
    return await handle();
  } catch (error) {
    const failure = error instanceof DeploymentFailure ? error : new DeploymentFailure(error instanceof Error ? error.message : String(error));
    log('failed', { requestType: event.RequestType, requestId: event.RequestId, reason: failure.message });
    throw failure;
  }
}

export { sdkLightsail };
export const { onEvent, isComplete } = createHandlers();
