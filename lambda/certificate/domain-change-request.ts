import type { DomainChangeResourceProperties } from '../../lib/private/resource-properties';
import { parseResourceRequest, type ProviderEvent, type ResourceRequest } from '../shared/event';
import { isRecord, list, name, record, type Raw } from '../shared/property-values';

type DomainNames = Readonly<Record<string, readonly string[]>>;

export interface DomainChangeRequest extends ResourceRequest {
  /** The domain names of each certificate. */
  readonly wanted: DomainNames;
  /** The certificates that the service had, and is not to have. */
  readonly replaced: readonly string[];
}

export function parseDomainChange(event: ProviderEvent): DomainChangeRequest {
  const wanted = domainNamesIn('ResourceProperties', event.ResourceProperties);
  const old = isRecord(event.OldResourceProperties) ? domainNamesIn('OldResourceProperties', event.OldResourceProperties) : {};
  return { ...parseResourceRequest(event), wanted, replaced: Object.keys(old).filter((certificateName) => !Object.hasOwn(wanted, certificateName)) };
}

function domainNamesIn(path: string, given: unknown): DomainNames {
  const { PublicDomainNames }: Raw<DomainChangeResourceProperties> = record(path, given);
  return Object.fromEntries(list('PublicDomainNames', PublicDomainNames).map((entry, index) => {
    const { CertificateName, DomainNames } = record(`PublicDomainNames.${index}`, entry);
    const domainNames = list(`PublicDomainNames.${index}.DomainNames`, DomainNames);
    return [
      name(`PublicDomainNames.${index}.CertificateName`, CertificateName),
      domainNames.map((domainName, place) => name(`PublicDomainNames.${index}.DomainNames.${place}`, domainName)),
    ];
  }));
}
