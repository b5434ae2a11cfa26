import type { Waiting } from './progress';
import { CallFailure } from '../clients/call-failure';
import { ecrImage, regionOfEcrImage } from '../clients/ecr';
import type { DescribedService } from '../clients/lightsail';
import type { Dependencies } from '../shared/dependencies';
import { oneLine } from '../shared/reasons/plain-text';
import { ResourceFailure } from '../shared/reasons/resource-failure';
import { pullerRoleArn, serving } from '../shared/service-state';
import type { DeployRequest } from './request/request';

/** How long AWS says to wait after the role was enabled. */
const ROLE_SETTLES_MS = 30_000;

/** Lightsail may take a moment to report the role that the same stack operation enabled. */
const ROLE_PATIENCE_MS = 60_000;

/** Checks the images of private Amazon ECR repositories before a deployment is made. */
export class PrivateImages {
  constructor(private readonly dependencies: Pick<Dependencies, 'ecr' | 'clock' | 'log'>) {}

  /** Throws if the name of an image names a repository of another Region: Lightsail would fail to pull it, minutes later. */
  public requireOwnRegion({ serviceName, desired }: DeployRequest, service: DescribedService): void {
    const region = service.location?.regionName;
    for (const [containerName, { image }] of Object.entries(desired.containers)) {
      const itsRegion = regionOfEcrImage(image ?? '');
      if (region === undefined || itsRegion === undefined || itsRegion === region) continue;

      throw new ResourceFailure(`Nothing was deployed to container service "${serviceName}": image ${oneLine(image ?? '')} of container "${containerName}" is in a `
        + `private Amazon ECR repository in ${itsRegion}, and the service in ${region}. ${serving(service.currentDeployment)}\n`
        + 'Lightsail pulls from private repositories of its own Region only. Use a repository in that Region, for example one that ECR replicates '
        + 'the images to. Then deploy again.');
    }
  }

  /** Throws if a repository lacks an image. If it cannot be looked up, Lightsail finds out. */
  public async requirePresent({ requestId, serviceName, pullAccess }: DeployRequest, service: DescribedService): Promise<void> {
    for (const image of pullAccess?.ecrImages ?? []) {
      if (await this.isPresent(requestId, image)) continue;

      throw new ResourceFailure(`Nothing was deployed to container service "${serviceName}": there is no image ${oneLine(image)}. `
        + `${serving(service.currentDeployment)}\n`
        + 'Push it to the repository, built for linux/amd64, or pass an existing tag or digest to ContainerImage.fromEcrRepository(). Then deploy again.');
    }
  }

  /** Whether the service can pull the images by now. */
  public canPull(request: DeployRequest, service: DescribedService, { startedAt, roleSeenAt }: Waiting): boolean {
    const { serviceName, pullAccess } = request;
    if (!pullAccess) return true;

    const now = this.dependencies.clock.now();
    if (pullerRoleArn(service) === undefined) {
      if (now < startedAt + ROLE_PATIENCE_MS) return false;
      throw new ResourceFailure(`Nothing was deployed to container service "${serviceName}": its ECR image puller role is inactive, although this stack `
        + `enabled it. ${serving(service.currentDeployment)}\n`
        + `Enable it with: aws lightsail update-container-service --service-name ${serviceName} --private-registry-access ecrImagePullerRole={isActive=true}\n`
        + 'If its principalArn changed, update the repository policy. Then deploy again.');
    }
    return !pullAccess.isNew || msUntilRoleSettles(roleSeenAt ?? now, now) === 0;
  }

  private async isPresent(requestId: string, image: string): Promise<boolean> {
    const { ecr, log } = this.dependencies;
    const parsed = ecrImage(image);
    if (!parsed) return true;

    try {
      return await ecr.hasImage(parsed);
    } catch (error) {
      if (!(error instanceof CallFailure) || error.kind === 'transient' || error.kind === 'throttled') throw error;
      log('the image cannot be looked up, continuing without the check', { requestId, image, operation: error.operation, error: error.message });
      return true;
    }
  }
}

/** How long until the role has effect that was first seen at a time, in milliseconds. */
export function msUntilRoleSettles(roleSeenAt: number, now: number): number {
  return Math.max(0, roleSeenAt + ROLE_SETTLES_MS - now);
}
