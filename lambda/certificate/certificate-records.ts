import { failedCertificate, hasFailed, recordsTimedOut } from './certificate-failures';
import { parseCertificateRequest, type CertificateRequest } from './certificate-request';
import { CertificateWatch } from './certificate-watch';
import { recordLine, recordsFor, type DomainRecord } from './domain-records';
import { recordsAnswer, type KnownRecord } from './records-answer';
import type { CertificateRecordsResourceAttributes } from '../../lib/private/resource-properties';
import type { DescribedCertificate } from '../clients/lightsail';
import type { Dependencies } from '../shared/dependencies';
import type { Attributes, CustomResource } from '../shared/events/custom-resource';
import { parseStartedAt, type OnEventResponse, type ProviderEvent } from '../shared/events/event';

/**
 * `Custom::LightsailCertificateRecords`: reads the validation records of a certificate. AWS::Lightsail::Certificate does not return them, and is
 * complete before they exist.
 */
export class CertificateRecords implements CustomResource {
  private readonly watch: CertificateWatch;

  constructor(private readonly dependencies: Dependencies) {
    this.watch = new CertificateWatch(dependencies);
  }

  public async onEvent(event: ProviderEvent): Promise<OnEventResponse> {
    const StartedAt = this.dependencies.clock.now();
    if (event.RequestType === 'Delete') return { PhysicalResourceId: event.PhysicalResourceId ?? '', StartedAt };
    return { PhysicalResourceId: `${parseCertificateRequest(event).certificateName}/records`, StartedAt };
  }

  public async isComplete(event: ProviderEvent): Promise<Attributes | undefined> {
    if (event.RequestType === 'Delete') return {};

    const request = parseCertificateRequest(event);
    const startedAt = parseStartedAt(event);
    return this.watch.wait<CertificateRecordsResourceAttributes>(request, startedAt, {
      look: (certificate) => {
        const records = recordsFor(request.domainNames, certificate);
        const known = records.filter(isKnown);
        this.watch.logRecords('validation records', request, startedAt, certificate, known.map(({ record }) => recordLine(record)));
        if (known.length === records.length) return recordsAnswer(event, request, certificate, known);
        if (hasFailed(certificate)) throw failedCertificate(request, certificate);
        return undefined;
      },
      timedOut: (timeout) => recordsTimedOut(timeout, withoutRecord(request, timeout.certificate)),
    });
  }
}

function isKnown(record: DomainRecord): record is KnownRecord {
  return record.record !== undefined;
}

function withoutRecord({ domainNames }: CertificateRequest, certificate: DescribedCertificate | undefined): string[] {
  return certificate === undefined
    ? [...domainNames]
    : recordsFor(domainNames, certificate).filter(({ record }) => record === undefined).map(({ domainName }) => domainName);
}
