import type * as route53 from 'aws-cdk-lib/aws-route53';
import type { ICertificate } from './certificate';

/**
 * Custom domain names of a container service, with the certificate that covers them.
 */
export interface ContainerServiceDomain {
  /**
   * The certificate: a `Certificate`, or one that exists already (`Certificate.fromCertificateName()`). It must be in the account and Region of the
   * container service. The container service is deployed when the certificate is issued.
   */
  readonly certificate: ICertificate;

  /**
   * The domain names, in ASCII, for example `www.example.com`. The certificate must cover each of them.
   */
  readonly domainNames: string[];
}

/**
 * Options of `ContainerService.addDomain()`.
 */
export interface AddDomainOptions {
  /**
   * The public hosted zone of the domain name. It gets the alias record. If there is no `certificate`, it also gets the validation record of the
   * certificate that is created.
   */
  readonly hostedZone: route53.IHostedZone;

  /**
   * The certificate of the domain name. It must cover the domain name, and be in the account and Region of the container service.
   *
   * @default - one certificate for all domain names that are added without one. It is validated in their hosted zones. If another domain name is added
   * later, a new certificate is issued and attached before the old one is deleted
   */
  readonly certificate?: ICertificate;
}
