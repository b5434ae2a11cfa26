import type { RemovalPolicy } from 'aws-cdk-lib';
import type { ContainerServicePower } from './container-service-power';

/**
 * Properties of a `ContainerService`.
 */
export interface ContainerServiceProps {
  /**
   * The name of the container service: 1-63 characters, a-z, 0-9 and hyphens, with a letter or a digit
   * at both ends (Lightsail API: `ContainerServiceName`).
   *
   * The name stands in the service's URL. Another name means another service: CloudFormation creates it, then deletes the old one.
   *
   * @default - a name made of the stack's name, the path of the construct and a hash of both; it stays the same as long as these do
   */
  readonly containerServiceName?: string;

  /**
   * The power of each node of the container service.
   */
  readonly power: ContainerServicePower;

  /**
   * The number of nodes of the container service, each of which runs all containers of the deployment:
   * a whole number, 1-20 (Lightsail API: `ContainerServiceScale`).
   *
   * @default 1
   */
  readonly scale?: number;

  /**
   * The custom domain names that the container service answers to, beside its own URL: at most four in
   * all, of at most four certificates.
   *
   * @default - only the domain of the service's URL
   */
  readonly publicDomainNames?: PublicDomainNames[];

  /**
   * Whether the container service has a role to pull images from private Amazon ECR repositories with.
   *
   * The role alone is not enough: the policy of a repository has to allow it to pull, and the repository
   * has to be in the Region of the service. `ContainerService.ecrImagePullerPrincipalArn` is its ARN.
   * A deployment sees to both for an image of `ContainerImage.fromEcrRepository()`.
   *
   * Lightsail API: `PrivateRegistryAccess.ecrImagePullerRole`.
   *
   * @default - true if a deployment of the app runs an image of `ContainerImage.fromEcrRepository()`, else false
   */
  readonly privateRegistryAccess?: boolean;

  /**
   * Whether the container service is disabled. Its containers stop, its URL answers 503, a deployment to
   * it fails, and it is billed all the same. When it is enabled again, the last active deployment runs.
   *
   * @default false
   */
  readonly isDisabled?: boolean;

  /**
   * What happens to the container service, with the deployments and images it holds, when it leaves the
   * stack: DESTROY, RETAIN or RETAIN_ON_UPDATE_OR_DELETE.
   *
   * @default RemovalPolicy.DESTROY
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * The custom domain names of one certificate.
 *
 * Lightsail API: an entry of `publicDomainNames`.
 */
export interface PublicDomainNames {
  /**
   * The name of the Lightsail certificate that covers the domain names. It must be validated when the
   * container service is deployed; that CloudFormation has created it is not enough.
   */
  readonly certificateName: string;

  /**
   * The domain names, in ASCII, for example `www.example.com`. The certificate has to name each of them.
   */
  readonly domainNames: string[];
}
