import type * as route53 from 'aws-cdk-lib/aws-route53';

/**
 * How to validate a `Certificate`: where its CNAME records are published.
 *
 * The records stay as long as the certificate. It cannot be renewed without them.
 */
export class CertificateValidation {
  /**
   * Publishes the validation records in a hosted zone of Amazon Route 53, and waits until the certificate is issued.
   *
   * **Without a hosted zone**, the deployment waits while you add the records to the DNS of the domain. The log of the handler shows them
   * at once, and so does `aws lightsail get-certificates --include-certificate-details`. If the certificate is not issued within the `timeout`, the stack rolls back and
   * reports the missing records. To have more time, create the certificate without a `validation` in a stack of its own.
   *
   * @param hostedZone the public hosted zone that contains all domain names of the certificate
   */
  public static fromDns(hostedZone?: route53.IHostedZone): CertificateValidation {
    return new CertificateValidation(hostedZone, undefined);
  }

  /**
   * Publishes the validation records in several hosted zones of Amazon Route 53, and waits until the certificate is issued.
   *
   * @param hostedZones the public hosted zone of each domain name. Every domain name of the certificate needs one. A domain name that is not in the map uses the entry of its closest parent domain, for example
   *   `www.example.com` that of `example.com`. One map can serve several certificates
   */
  public static fromDnsMultiZone(hostedZones: { [domainName: string]: route53.IHostedZone }): CertificateValidation {
    // A map that is missing is not the same as none. The certificate reports it.
    return new CertificateValidation(undefined, hostedZones ?? null);
  }

  private constructor(
    /**
     * The hosted zone of all domain names.
     *
     * @default - the records are published elsewhere, or in `hostedZones`
     */
    public readonly hostedZone?: route53.IHostedZone,

    /**
     * The hosted zone of each domain name.
     *
     * @default - all domain names use `hostedZone`
     */
    public readonly hostedZones?: { [domainName: string]: route53.IHostedZone },
  ) {}
}
