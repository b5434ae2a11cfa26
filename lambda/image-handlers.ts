import type { ImageDependencies } from './image-copy/image-dependencies';
import { ImageResource } from './image-copy/image-resource';
import type { CustomResource } from './shared/events/custom-resource';
import { eventHandlers, type Handlers } from './shared/events/event-handlers';
import { retry, withRetriedLookups } from './shared/polling/retried-reads';
import type { ResourceType } from '../lib/private/resource-properties';

const MINUTE = 60_000;

/** Short enough that a call seldom outlives its connections, long enough that Step Functions costs little. */
const SLICE = { softMs: 5 * MINUTE, hardMs: 13 * MINUTE };

/** The images of containers have a function of their own: what copies has no part in what deploys, nor its rights. */
type OwnType = Extract<ResourceType, 'Custom::LightsailContainerImage'>;

const resourcesOf = (dependencies: ImageDependencies): Record<OwnType, CustomResource> => ({
  'Custom::LightsailContainerImage': new ImageResource(dependencies, SLICE),
});

/** @param stackId the stack of the function: it takes no events of others. Absent: it takes all */
export function imageHandlersFor(world: ImageDependencies, stackId?: string): Handlers {
  const { images, ecrLogin, clock } = world;
  return eventHandlers(resourcesOf({
    ...world,
    ...withRetriedLookups(world),
    images: {
      getService: (serviceName) => retry(() => images.getService(serviceName), clock),
      getDeployments: (serviceName) => retry(() => images.getDeployments(serviceName), clock),
      getImages: (serviceName) => retry(() => images.getImages(serviceName), clock),
      createRegistryLogin: () => retry(() => images.createRegistryLogin(), clock),
      registerImage: (...image) => images.registerImage(...image),
      deleteImage: (...image) => images.deleteImage(...image),
    },
    ecrLogin: { logIn: (region) => retry(() => ecrLogin.logIn(region), clock) },
  }), world.log, stackId);
}
