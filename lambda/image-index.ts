import { sdkLightsailImages } from './clients/sdk/lightsail-images';
import { sdkCloudFormation } from './clients/sdk/on-demand/cloudformation';
import { sdkEcrLogin } from './clients/sdk/on-demand/ecr-login';
import { sdkSecrets } from './clients/sdk/on-demand/secrets';
import { networkCopier } from './image-copy/copier';
import type { ImageDependencies } from './image-copy/image-dependencies';
import { imageHandlersFor } from './image-handlers';
import { systemClock } from './shared/clock';
import type { OnEventResponse, ProviderEvent } from './shared/event';
import type { Handlers, IsCompleteResponse } from './shared/event-handlers';
import { jsonLog } from './shared/log';

/** The handlers of images in the real world: AWS through the SDK, registries over the network, and the time that it is. A test replaces parts of it. */
export function createHandlers(replacements: Partial<ImageDependencies> = {}, stackId?: string): Handlers {
  const { clock = systemClock } = replacements;
  return imageHandlersFor({
    images: replacements.images ?? sdkLightsailImages(),
    ecrLogin: replacements.ecrLogin ?? sdkEcrLogin(),
    cloudFormation: replacements.cloudFormation ?? sdkCloudFormation(),
    secrets: replacements.secrets ?? sdkSecrets(),
    copier: replacements.copier ?? networkCopier({ clock }),
    clock,
    log: replacements.log ?? jsonLog,
  }, stackId);
}

export { networkCopier, sdkCloudFormation, sdkEcrLogin, sdkLightsailImages, sdkSecrets };

const handlers = createHandlers({}, process.env.STACK_ID);

/** The part of Lambda's context that the handler reads. */
interface Context {
  getRemainingTimeInMillis(): number;
}

/** The function that Lambda calls, for both entries of the Provider framework: only an event of isComplete holds what onEvent returned. */
export const handler = (event: ProviderEvent, context?: Context): Promise<OnEventResponse | IsCompleteResponse> =>
  event.StartedAt === undefined ? handlers.onEvent(event)
    : handlers.isComplete(event, context && systemClock.now() + context.getRemainingTimeInMillis());
