import { domainToASCII } from 'node:url';
import type { DescribedCertificate, ValidationRecord } from '../clients/lightsail';
import { oneLine } from '../shared/reasons/plain-text';

/** A domain of a request, with its record if Lightsail has one. */
export interface DomainRecord {
  readonly domainName: string;
  readonly record?: ValidationRecord;
}

/** One entry for each domain, in the order of the request. Lightsail may list them in another order, letter case or with a dot at the end. */
export function recordsFor(domainNames: readonly string[], { records }: DescribedCertificate): DomainRecord[] {
  return domainNames.map((domainName) => ({ domainName, record: records.find((record) => isSame(record.domainName, domainName)) }));
}

/** The domains that the certificate is not for. None if Lightsail does not say which domains it is for. */
export function foreignDomains(domainNames: readonly string[], { domainNames: certified }: DescribedCertificate): string[] {
  return certified.length === 0 ? [] : domainNames.filter((domainName) => !certified.some((other) => isSame(other, domainName)));
}

/** As users see DNS records: in the DNS the dot at the end means that the name is complete. */
export function withoutDot(name: string): string {
  return oneLine(name).replace(/\.$/, '');
}

/** `name CNAME value`, for logs and outputs. */
export function recordLine({ name, value }: ValidationRecord): string {
  return `${withoutDot(name)} CNAME ${withoutDot(value)}`;
}

function isSame(one: string, other: string): boolean {
  return comparable(one) === comparable(other);
}

/** Lower case, and an international name as its `xn--` form. */
function comparable(domainName: string): string {
  const lower = domainName.toLowerCase().replace(/\.$/, '');
  return domainToASCII(lower) || lower;
}
