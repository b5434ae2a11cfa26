import { Token } from 'aws-cdk-lib';
import { validateCertificateName } from './certificate-name';
import { duplicatesIn as duplicateDomainsIn, validateDomainNames } from './domain-name';
import type { PublicDomainNames } from '../../../container-service-props';
import { DOMAIN_NAMES, validatePropertyNames } from '../property-names';
import { describeValue, isMap, isStringOrToken } from '../validation';

const MAX_CERTIFICATES = 4;
const MAX_DOMAIN_NAMES = 4;

export function validatePublicDomainNames(entries: PublicDomainNames[] | undefined): string[] {
  const property = 'publicDomainNames';
  if (entries === undefined || Token.isUnresolved(entries)) return [];
  if (!Array.isArray(entries)) {
    return [`${property}: ${describeValue(entries)} is not a list. Use a list of { certificateName, domainNames }.`];
  }

  const known = entries.filter((entry) => isMap(entry) && !Token.isUnresolved(entry));
  const certificateNames = known.map(({ certificateName }) => certificateName);
  return [
    ...entries.flatMap((entry, index) => validateEntry(`${property}[${index}]`, entry)),
    ...duplicatesIn(certificateNames).map((name) =>
      `${property}: certificate ${describeValue(name)} is given more than once. Put its domain names into one list.`),
    ...validateTotals(property, certificateNames, knownDomainNamesIn(entries)),
  ];
}

/** The errors of all domain names of a container service and all its certificates, counted together. */
export function validateTotals(property: string, certificates: readonly unknown[], domainNames: readonly string[]): string[] {
  return [
    ...duplicateDomainsIn(domainNames).map((name) => `${property}: domain name ${describeValue(name)} is given more than once. Remove all but one.`),
    ...validateCount(MAX_CERTIFICATES, property, 'certificates', certificates),
    ...validateCount(MAX_DOMAIN_NAMES, property, 'domain names', domainNames),
  ];
}

/** The domain names in lists whose length is known. */
export function knownDomainNamesIn(entries: ReadonlyArray<{ readonly domainNames: readonly string[] }> | undefined): string[] {
  if (!Array.isArray(entries) || Token.isUnresolved(entries)) return [];
  return entries.filter((entry) => isMap(entry) && !Token.isUnresolved(entry)).flatMap(({ domainNames }) =>
    Array.isArray(domainNames) && !Token.isUnresolved(domainNames) ? domainNames : []);
}

function validateEntry(property: string, entry: PublicDomainNames): string[] {
  if (Token.isUnresolved(entry)) return [];
  if (!isMap(entry)) return [`${property}: ${describeValue(entry)} is not a certificate with its domain names. Use { certificateName, domainNames }.`];

  const { certificateName, domainNames } = entry;
  return [
    ...validatePropertyNames(property, entry, DOMAIN_NAMES),
    ...(isStringOrToken(certificateName) && certificateName !== '' ? validateCertificateName(`${property}.certificateName`, certificateName)
      : [`${property}.certificateName: ${describeValue(certificateName)} given. Use the name of the Lightsail certificate of the domain names.`]),
    ...(Token.isUnresolved(domainNames) ? [] : validateUsedDomainNames(`${property}.domainNames`, domainNames)),
  ];
}

/** The errors of the domain names that use one certificate. */
export function validateUsedDomainNames(property: string, domainNames: string[]): string[] {
  return Array.isArray(domainNames) && domainNames.length === 0 ? [`${property}: none given. Add at least one, or remove the certificate.`]
    : validateDomainNames(property, domainNames);
}

function validateCount(max: number, property: string, what: string, list: readonly unknown[]): string[] {
  return list.length <= max ? []
    : [`${property}: ${list.length} ${what} given, but a container service has at most ${max}. Remove some.`];
}

/** The values that are more than once in a list. */
function duplicatesIn(list: string[]): string[] {
  return [...new Set(list.filter((value, index) => list.indexOf(value) !== index))];
}
