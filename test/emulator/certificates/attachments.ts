import { errors } from '../api/errors';
import { Account, Service } from '../services/state';

type DomainNames = Readonly<Record<string, readonly string[]>>;

/**
 * What a service's domain names become: certificates that are not named keep theirs, and one that is named without domains leaves the service.
 * Throws if Lightsail would refuse it.
 *
 * @param service undefined if it is to be created
 */
export function attached(account: Account, service: Service | undefined, requested: DomainNames = {}): Record<string, string[]> | undefined {
  const { limits } = account;
  if (Object.keys(requested).length > limits.certificates) {
    throw errors.tooManyCertificates(Object.keys(requested).length, limits.certificates);
  }
  const merged = Object.fromEntries(Object.entries({ ...service?.publicDomainNames, ...requested })
    .filter(([, domainNames]) => domainNames.length > 0)
    .map(([certificate, domainNames]) => [certificate, [...domainNames]]));
  if (Object.keys(merged).length > limits.certificates) {
    throw errors.tooManyCertificates(Object.keys(merged).length, limits.certificates);
  }
  const count = Object.values(merged).flat().length;
  if (count > limits.publicDomainNames) {
    throw errors.tooManyDomains(count, limits.publicDomainNames);
  }
  for (const [certificateName, domainNames] of Object.entries(requested)) {
    checkCertificate(account, certificateName, domainNames);
  }
  checkFree(account, service, merged);
  return count > 0 ? merged : undefined;
}

function checkCertificate(account: Account, certificateName: string, domainNames: readonly string[]): void {
  if (domainNames.length === 0) {
    return;
  }
  const certificate = account.certificates.get(certificateName);
  if (!certificate) {
    throw errors.unknownCertificate(certificateName);
  }
  if (certificate.status !== 'ISSUED') {
    throw errors.certificateNotIssued(certificateName, certificate.status);
  }
  const certified = certificate.domainNames.map((domainName) => domainName.toLowerCase());
  const foreign = domainNames.find((domainName) => !certified.includes(domainName.toLowerCase()));
  if (foreign !== undefined) {
    throw errors.domainNotCertified(foreign, certificateName);
  }
}

/** A domain leads to one service only. */
function checkFree(account: Account, service: Service | undefined, merged: DomainNames): void {
  const wanted = Object.values(merged).flat();
  for (const other of account.services.values()) {
    if (other === service) {
      continue;
    }
    const taken = Object.values(other.publicDomainNames ?? {}).flat().find((domainName) => wanted.includes(domainName));
    if (taken !== undefined) {
      throw errors.domainTaken(taken, other.name);
    }
  }
}
