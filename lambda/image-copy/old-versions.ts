import type { ImageDependencies } from './image-dependencies';
import type { ImageRequest, LabelRequest } from './image-request';
import { imagesInUse, superfluous, versionsOf, type LabelVersion } from './label-versions';
import { CallFailure } from '../clients/call-failure';
import { unlessThrottled } from '../shared/polling/retried-reads';

/** Removes versions of a label that nothing runs. */
export class OldVersions {
  constructor(private readonly dependencies: Pick<ImageDependencies, 'images' | 'clock' | 'log'>) {}

  /** Removes what the request does not keep. Not worth a failure: the next request tries again. */
  public async prune(request: ImageRequest, stored: readonly LabelVersion[], answered: string): Promise<void> {
    const { requestId, serviceName, keepVersions } = request;
    if (superfluous(stored, keepVersions, new Set([answered])).length === 0) return;
    try {
      await this.remove(request, keepVersions, [answered]);
    } catch (error) {
      if (!(error instanceof CallFailure)) throw error;
      this.dependencies.log('old versions were not removed', { requestId, serviceName, operation: error.operation, error: error.message });
    }
  }

  /**
   * Makes room for one more image on a service that is full: first without what the request does not keep, then without anything that is not in use.
   *
   * @returns whether there is room
   */
  public async makeRoom(request: ImageRequest): Promise<boolean> {
    const removed = await this.remove(request, request.keepVersions - 1) || await this.remove(request, 0);
    return removed > 0;
  }

  /** Removes all versions that are not in use. What a deployment uses stays. */
  public async removeAll(request: LabelRequest): Promise<void> {
    await this.remove(request, 0);
  }

  /** @returns how many were removed */
  private async remove({ requestId, serviceName, label }: LabelRequest, keep: number, stays: readonly string[] = []): Promise<number> {
    const { images, clock, log } = this.dependencies;
    // The service comes last: what is deployed meanwhile is seen.
    const stored = versionsOf(await images.getImages(serviceName) ?? [], serviceName, label);
    if (superfluous(stored, keep, new Set(stays)).length === 0) return 0;

    const deployments = await images.getDeployments(serviceName);
    const service = await images.getService(serviceName);
    if (!service || service.state === 'DELETING') return 0;

    const used = imagesInUse(stored, service, deployments);
    used.forEach((image) => log('in use, so it stays', { requestId, serviceName, image }));
    let removed = 0;
    for (const { image } of superfluous(stored, keep, new Set([...stays, ...used]))) {
      try {
        await unlessThrottled(() => images.deleteImage(serviceName, image), clock);
        removed += 1;
        log('removed', { requestId, serviceName, image });
      } catch (error) {
        if (!(error instanceof CallFailure) || (error.kind !== 'missing' && error.kind !== 'refused')) throw error;
        // Another request removed it, or a deployment began to use it.
        log('not removed', { requestId, serviceName, image, error: error.message });
      }
    }
    return removed;
  }
}
