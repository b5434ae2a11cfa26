import { fetchedPublicUrl } from './clients/public-url';
import { sdkLightsail } from './clients/sdk/lightsail';
import { sdkCloudFormation } from './clients/sdk/on-demand/cloudformation';
import { sdkEcr } from './clients/sdk/on-demand/ecr';
import { sdkSecrets } from './clients/sdk/on-demand/secrets';
import { handlersFor } from './handlers';
import { systemClock } from './shared/clock';
import type { Dependencies } from './shared/dependencies';
import type { OnEventResponse, ProviderEvent } from './shared/event';
import type { Handlers, IsCompleteResponse } from './shared/event-handlers';
import { jsonLog } from './shared/log';

/** The handlers in the real world: AWS through the SDK, the network, and the time that it is. A test replaces parts of it. */
export function createHandlers(replacements: Partial<Dependencies> = {}, stackId?: string): Handlers {
  return handlersFor({
    lightsail: replacements.lightsail ?? sdkLightsail(),
    ecr: replacements.ecr ?? sdkEcr(),
    cloudFormation: replacements.cloudFormation ?? sdkCloudFormation(),
    secrets: replacements.secrets ?? sdkSecrets(),
    publicUrl: replacements.publicUrl ?? fetchedPublicUrl(),
    clock: replacements.clock ?? systemClock,
    log: replacements.log ?? jsonLog,
  }, stackId);
}

export { sdkCloudFormation, sdkEcr, sdkLightsail, sdkSecrets };

const handlers = createHandlers({}, process.env.STACK_ID);

/** The function that Lambda calls, for both entries of the Provider framework: only an event of isComplete holds what onEvent returned. */
export const handler = (event: ProviderEvent): Promise<OnEventResponse | IsCompleteResponse> =>
  event.StartedAt === undefined ? handlers.onEvent(event) : handlers.isComplete(event);
