import { CallFailure } from '../clients/call-failure';
import { ecrImage, regionOfEcrImage } from '../clients/ecr';
import type { DescribedService } from '../clients/lightsail';
import type { Dependencies } from '../shared/dependencies';
import type { Observation } from '../shared/poll-state';
import { ResourceFailure } from '../shared/resource-failure';
import { pullerRoleArn, serving } from '../shared/service-state';
import type { DeployRequest, Progress } from './request/request';

/** How long AWS says to wait after the role was turned on. */
const ROLE_SETTLES_MS = 30_000;

/** Lightsail may take a moment to tell of the role that the same stack operation turned on. */
const ROLE_PATIENCE_MS = 60_000;

/** Sees to it that a deployment with images of private Amazon ECR repositories is made only when they can be pulled. */
export class PrivateImages {
  constructor(private readonly dependencies: Pick<Dependencies, 'ecr' | 'clock' | 'log'>) {}

  /** Throws if an image is in a repository of another Region, as far as its name tells: Lightsail would fail to pull it, minutes later. */
  public requireOwnRegion({ serviceName, desired }: DeployRequest, service: DescribedService): void {
    const region = service.location?.regionName;
    for (const [containerName, { image }] of Object.entries(desired.containers)) {
      const itsRegion = regionOfEcrImage(image ?? '');
      if (region === undefined || itsRegion === undefined || itsRegion === region) continue;

      throw new ResourceFailure(`Nothing was deployed to container service "${serviceName}": image ${image} of container "${containerName}" is in a `
        + `private Amazon ECR repository in ${itsRegion}, and the service in ${region}. ${serving(service.currentDeployment)}\n`
        + 'Lightsail pulls from private repositories of its own Region only. Give a repository of that Region, for example one that ECR replicates '
        + 'the images to. Then deploy again.');
    }
  }

  /** Throws if a repository lacks an image. What cannot be looked up is left to Lightsail. */
  public async requirePresent({ requestId, serviceName, pullAccess }: DeployRequest, service: DescribedService): Promise<void> {
    for (const image of pullAccess?.ecrImages ?? []) {
      if (await this.isPresent(requestId, image)) continue;

      throw new ResourceFailure(`Nothing was deployed to container service "${serviceName}": there is no image ${image}. `
        + `${serving(service.currentDeployment)}\n`
        + 'Push it to the repository, built for linux/amd64, or give ContainerImage.fromEcrRepository() a tag or digest that is there. Then deploy again.');
    }
  }

  /** Whether the service can pull them by now. Where it is known how long that still takes, `seen` is told. */
  public arePullable(request: DeployRequest, service: DescribedService, { StartedAt, RoleSeenAt }: Progress, seen: Observation): boolean {
    const { serviceName, pullAccess } = request;
    if (!pullAccess) return true;

    const now = this.dependencies.clock.now();
    if (pullerRoleArn(service) === undefined) {
      if (now < StartedAt + ROLE_PATIENCE_MS) return false;
      throw new ResourceFailure(`Nothing was deployed to container service "${serviceName}": its role that pulls images from private Amazon ECR `
        + `repositories is not active, and the stack had turned it on. ${serving(service.currentDeployment)}\n`
        + `Turn it on with: aws lightsail update-container-service --service-name ${serviceName} --private-registry-access ecrImagePullerRole={isActive=true}\n`
        + 'If its principalArn is another one then, put that into the policy of the repository. Then deploy again.');
    }
    if (!pullAccess.isNew) return true;

    const msUntilReady = (RoleSeenAt ?? now) + ROLE_SETTLES_MS - now;
    if (msUntilReady > 0) seen.msUntilReady = msUntilReady;
    return msUntilReady <= 0;
  }

  private async isPresent(requestId: string, image: string): Promise<boolean> {
    const { ecr, log } = this.dependencies;
    const parsed = ecrImage(image);
    if (!parsed) return true;

    try {
      return await ecr.hasImage(parsed);
    } catch (error) {
      if (!(error instanceof CallFailure) || error.kind === 'transient' || error.kind === 'throttled') throw error;
      log('the image cannot be looked up, going on without', { requestId, image, operation: error.operation, error: error.message });
      return true;
    }
  }
}
