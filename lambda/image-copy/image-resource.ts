import type { ImageDependencies } from './image-dependencies';
import { ImageLifecycle } from './image-lifecycle';
import { parseDeleteRequest, parseImageProgress, parseImageRequest, renderImageProgress, type ImageProgressFields } from './image-request';
import { LabelRemover } from './label-remover';
import type { Attributes, CustomResource } from '../shared/events/custom-resource';
import { parseStartedAt, type OnEventResponse, type ProviderEvent } from '../shared/events/event';

/** How long one call of isComplete works. Lambda ends it after 15 minutes. */
export interface SliceLimits {
  /** After that no layer is begun. */
  readonly softMs: number;
  /** After that what is at work is cut. */
  readonly hardMs: number;
}

/** What is left to write the answer before Lambda ends the function. */
const ANSWER_RESERVE_MS = 30_000;

/** `Custom::LightsailContainerImage`: a Create or an Update copies and registers an image, a Delete removes what nothing uses. */
export class ImageResource implements CustomResource {
  private readonly lifecycle: ImageLifecycle;
  private readonly remover: LabelRemover;

  constructor(private readonly dependencies: ImageDependencies, private readonly limits: SliceLimits) {
    this.lifecycle = new ImageLifecycle(dependencies);
    this.remover = new LabelRemover(dependencies);
  }

  public async onEvent(event: ProviderEvent): Promise<OnEventResponse & Omit<ImageProgressFields, 'StartedAt'>> {
    // CloudFormation may have invented the id of a Delete, and gets it back.
    if (event.RequestType === 'Delete') return { PhysicalResourceId: event.PhysicalResourceId ?? '', StartedAt: this.dependencies.clock.now() };

    const request = parseImageRequest(event);
    // It stays as long as the service and the label do, so that CloudFormation rolls back with an Update. Otherwise the old versions are deleted.
    const PhysicalResourceId = `${request.serviceName}/${request.label}`;
    return { PhysicalResourceId, ...renderImageProgress(await this.lifecycle.begin(request)) };
  }

  public async isComplete(event: ProviderEvent, endsAt: number): Promise<Attributes | undefined> {
    const now = this.dependencies.clock.now();
    const deadline = Math.min(now + this.limits.hardMs, endsAt - ANSWER_RESERVE_MS);
    const yieldAt = Math.min(now + this.limits.softMs, deadline);
    if (event.RequestType !== 'Delete') {
      return this.lifecycle.waitUntilRegistered(parseImageRequest(event), parseImageProgress(event), { yieldAt, deadline });
    }
    const request = parseDeleteRequest(event);
    const isDone = request === undefined || await this.remover.run(request, parseStartedAt(event), yieldAt);
    return isDone ? {} : undefined;
  }
}
