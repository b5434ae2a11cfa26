import type { CertificateValidationResourceProperties } from '../../lib/private/resource-properties';
import { parseTimeout, type ProviderEvent } from '../shared/events/event';
import { invalid, list, name, record, type Raw } from '../shared/events/property-values';

/** What both custom resources of a certificate need to know of a request. */
export interface CertificateRequest {
  readonly requestId: string;
  readonly stackId: string;
  readonly isUpdate: boolean;
  readonly certificateName: string;
  readonly domainNames: readonly string[];
  /** Counted from when onEvent began. */
  readonly timeoutSeconds: number;
}

export function parseCertificateRequest(event: ProviderEvent): CertificateRequest {
  const properties: Raw<CertificateValidationResourceProperties> = record('ResourceProperties', event.ResourceProperties);
  const domainNames = list('DomainNames', properties.DomainNames).map((domainName, index) => name(`DomainNames.${index}`, domainName));
  if (domainNames.length === 0) throw invalid('DomainNames', properties.DomainNames, 'a list of at least one domain name');
  return {
    requestId: event.RequestId ?? '',
    stackId: event.StackId ?? '',
    isUpdate: event.RequestType === 'Update',
    certificateName: name('CertificateName', properties.CertificateName),
    domainNames,
    timeoutSeconds: parseTimeout(properties.Timeout),
  };
}
