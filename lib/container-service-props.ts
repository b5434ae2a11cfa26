import type { RemovalPolicy } from 'aws-cdk-lib';
import type { ContainerServicePower } from './container-service-power';
import type { ContainerServiceDomain } from './domains/container-service-domain';

/**
 * Properties of a `ContainerService`.
 */
export interface ContainerServiceProps {
  /**
   * The name of the container service: 1-63 characters, a-z, 0-9 and hyphens, with a letter or a digit
   * at both ends (Lightsail API: `ContainerServiceName`).
   *
   * The name is part of the service's URL. If you change it, CloudFormation creates a new service and then deletes the old one.
   *
   * @default - a name built from the stack name, the path of the construct and a hash of both. It changes only with these
   */
  readonly containerServiceName?: string;

  /**
   * The power of each node of the container service.
   */
  readonly power: ContainerServicePower;

  /**
   * The number of nodes of the container service: a whole number, 1-20 (Lightsail API: `ContainerServiceScale`).
   * Each node runs all containers of the deployment.
   *
   * @default 1
   */
  readonly scale?: number;

  /**
   * The custom domain names of the container service, in addition to its own URL, with their certificates: at most four domain names in
   * total, of at most four certificates, with those of `publicDomainNames` and `addDomain()`. A domain name can be on one container service only.
   *
   * The service is deployed when the certificates are issued. The DNS records that point to the service are not part of it: use
   * `ContainerServiceTarget`, or `addDomain()`, which creates the certificate and the record.
   *
   * Lightsail API: `publicDomainNames`.
   *
   * @default - only the domain of the service's URL
   */
  readonly domains?: ContainerServiceDomain[];

  /**
   * Custom domain names whose certificates are given by their names. Use `domains` instead, unless the certificate is issued already and nothing
   * should wait for it.
   *
   * @default - only those of `domains` and `addDomain()`
   */
  readonly publicDomainNames?: PublicDomainNames[];

  /**
   * Whether the container service has a role that pulls images from private Amazon ECR repositories.
   *
   * The role alone is not enough. The policy of the repository must allow it to pull, and the repository
   * must be in the Region of the service. `ContainerService.ecrImagePullerPrincipalArn` is the ARN of the role.
   * For an image of `ContainerImage.fromEcrRepository()`, the deployment sets up the role and the policy.
   *
   * Lightsail API: `PrivateRegistryAccess.ecrImagePullerRole`.
   *
   * @default - true if a deployment of the app uses `ContainerImage.fromEcrRepository()`, else false
   */
  readonly privateRegistryAccess?: boolean;

  /**
   * Whether the container service is disabled. Its containers stop, its URL answers 503, and a deployment to
   * it fails: synthesis refuses a deployment to it. Lightsail still bills it. When it is enabled again, the last active deployment runs.
   *
   * @default false
   */
  readonly isDisabled?: boolean;

  /**
   * What happens to the container service, its deployments and its images when it is removed from the
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
   * The name of the Lightsail certificate that covers the domain names. It is not an ARN, and not a certificate of AWS Certificate Manager. It must be validated before the
   * container service is deployed. CloudFormation does not wait for the validation.
   */
  readonly certificateName: string;

  /**
   * The domain names, in ASCII, for example `www.example.com`. The certificate must cover each of them.
   */
  readonly domainNames: string[];
}
