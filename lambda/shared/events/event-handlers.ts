import type { Attributes, CustomResource } from './custom-resource';
import type { OnEventResponse, ProviderEvent } from './event';
import type { Log } from '../log';
import { oneLine } from '../reasons/plain-text';
import { ResourceFailure } from '../reasons/resource-failure';

/** The custom resources that a function serves, by type. */
export type CustomResources = Readonly<Record<string, CustomResource>>;

export interface IsCompleteResponse {
  readonly IsComplete: boolean;
  readonly Data?: Attributes;
}

/** What the Provider framework calls, with the world that it acts on. */
export interface Handlers {
  onEvent(event: ProviderEvent): Promise<OnEventResponse>;

  /** @param endsAt when Lambda ends the function, in milliseconds since the epoch. Absent: not known */
  isComplete(event: ProviderEvent, endsAt?: number): Promise<IsCompleteResponse>;
}

/** @param stackId the stack of the function: it takes no events of others. Absent: it takes all */
export function eventHandlers(resources: CustomResources, log: Log, stackId?: string): Handlers {
  async function handle<T>(event: ProviderEvent, answer: (resource: CustomResource) => Promise<T>): Promise<T> {
    try {
      requireOwnStack(event, stackId);
      return await answer(resourceOf(resources, event));
    } catch (error) {
      const failure = error instanceof ResourceFailure ? error : new ResourceFailure(oneLine(error instanceof Error ? error.message : String(error)));
      log('failed', { requestType: event.RequestType, requestId: event.RequestId, reason: failure.message });
      throw failure;
    }
  }

  return {
    onEvent: (event) => handle(event, (resource) => resource.onEvent(event)),
    isComplete: (event, endsAt = Infinity) => handle(event, async (resource) => {
      const data = await resource.isComplete(event, endsAt);
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

function resourceOf(resources: CustomResources, { RequestType: requestType, ResourceType: type = '' }: ProviderEvent): CustomResource {
  const resource = Object.hasOwn(resources, type) ? resources[type] : undefined;
  if (resource) return resource;
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
