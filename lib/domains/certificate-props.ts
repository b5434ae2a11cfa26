import type { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { CertificateValidation } from './certificate-validation';

/**
 * Properties of a `Certificate`.
 */
export interface CertificateProps {
  /**
   * The primary domain name of the certificate, in full and in ASCII, for example `example.com`. Wildcards are not supported
   * (Lightsail API: `CreateCertificate`).
   *
   * The certificate is replaced if it changes.
   */
  readonly domainName: string;

  /**
   * More domain names of the certificate, at most nine (Lightsail API: `CreateCertificate`). The order has no meaning. Do not repeat `domainName`.
   *
   * A name can be a token. The number of names must be known at synthesis. The certificate is replaced if they change.
   *
   * @default - the certificate is for `domainName` only
   */
  readonly subjectAlternativeNames?: string[];

  /**
   * How to prove that the domain names are yours: `CertificateValidation.fromDns(hostedZone)` publishes the validation records in Amazon Route 53. The
   * deployment of the stack then waits until the certificate is issued.
   *
   * @default - nothing is published, and the stack of the certificate does not wait. A container service that uses the certificate waits in its own stack.
   * Publish the `validationRecords` yourself
   */
  readonly validation?: CertificateValidation;

  /**
   * The name of the certificate, unique in its account and Region: 2-255 letters, digits, hyphens, underscores and dots, with a letter
   * or a digit at both ends.
   *
   * The domain names of a certificate cannot change (CloudFormation: `AWS::Lightsail::Certificate`). If you set a name, set another one whenever you change
   * them. Otherwise the deployment fails.
   *
   * @default - a name built from the stack name, the path of the construct, and a hash of these and of the domain names. It changes with the domain names,
   * so that CloudFormation replaces the certificate
   */
  readonly certificateName?: string;

  /**
   * How long the deployment waits until the certificate is issued, 1-60 minutes, in whole seconds. With the records in place it usually takes a few
   * minutes, and at times half an hour.
   *
   * A token must be in seconds: `Duration.seconds(token)`.
   *
   * @default Duration.minutes(60)
   */
  readonly timeout?: Duration;

  /**
   * What happens to the certificate and its records in Route 53 when they are removed from the stack, or the certificate is replaced: DESTROY, RETAIN or
   * RETAIN_ON_UPDATE_OR_DELETE. A certificate cannot be renewed without its records, so they are kept together.
   *
   * @default RemovalPolicy.DESTROY
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * The CNAME record that proves that a domain name is yours.
 */
export interface CertificateValidationRecord {
  /**
   * The domain name that the record validates.
   */
  readonly domainName: string;

  /**
   * The full name of the record, without a dot at the end.
   */
  readonly name: string;

  /**
   * The value of the record, without a dot at the end.
   */
  readonly value: string;
}
