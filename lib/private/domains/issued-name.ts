import { CfnResource } from 'aws-cdk-lib';
import type * as lightsail from 'aws-cdk-lib/aws-lightsail';
import type { Construct, IConstruct } from 'constructs';
import { CertificateIssue, type CertificateToRead } from './certificate-resources';
import type { ICertificate } from '../../domains/certificate';
import { identityOf } from '../tree/reference-identity';

/** Another copy of the library finds the mark too. */
const ISSUED = Symbol.for('cdk-lightsail-containers.Certificate.issued');

/** Marks a certificate whose name is known only when it is issued. */
export function markIssued(certificate: IConstruct): void {
  Object.defineProperty(certificate, ISSUED, { value: true });
}

/** The name of a certificate. It may not be issued yet. */
export function plainNameOf(certificate: ICertificate): string {
  return CfnResource.isCfnResource(certificate) ? (certificate as lightsail.CfnCertificate).ref : certificate.certificateName;
}

/**
 * The name of a certificate that is issued. If the certificate itself does not wait for that, a resource in the scope of its user does.
 *
 * @param domainNames the domain names of the certificate that the user needs
 */
export function issuedNameOf(user: Construct, certificate: ICertificate, domainNames: CertificateToRead['domainNames']): string {
  const certificateName = plainNameOf(certificate);
  if (ISSUED in certificate) return certificateName;

  return new CertificateIssue(user, `Issued:${identityOf(certificateName, user)}`, { certificateName, domainNames }).certificateName;
}
