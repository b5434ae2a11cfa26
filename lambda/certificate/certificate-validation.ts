import { failedCertificate, hasFailed, pendingLine, validationTimedOut } from './certificate-failures';
import { parseCertificateRequest, type CertificateRequest } from './certificate-request';
import { CertificateWatch } from './certificate-watch';
import { recordsFor, type DomainRecord } from './domain-records';
import type { CertificateValidationResourceAttributes } from '../../lib/private/resource-properties';
import type { DescribedCertificate } from '../clients/lightsail';
import type { Dependencies } from '../shared/dependencies';
import type { Attributes, CustomResource } from '../shared/events/custom-resource';
import { parseStartedAt, type OnEventResponse, type ProviderEvent } from '../shared/events/event';
import type { ResourceFailure } from '../shared/reasons/resource-failure';

/**
 * `Custom::LightsailCertificateValidation`: waits until a certificate is ISSUED. AWS::Lightsail::Certificate is complete while its certificate is
 * PENDING_VALIDATION, and a container service takes only one that is ISSUED.
 */
export class CertificateValidation implements CustomResource {
  private readonly watch: CertificateWatch;

  constructor(private readonly dependencies: Dependencies) {
    this.watch = new CertificateWatch(dependencies);
  }

  public async onEvent(event: ProviderEvent): Promise<OnEventResponse> {
    const StartedAt = this.dependencies.clock.now();
    if (event.RequestType === 'Delete') return { PhysicalResourceId: event.PhysicalResourceId ?? '', StartedAt };
    return { PhysicalResourceId: `${parseCertificateRequest(event).certificateName}/validation`, StartedAt };
  }

  public async isComplete(event: ProviderEvent): Promise<Attributes | undefined> {
    if (event.RequestType === 'Delete') return {};

    const request = parseCertificateRequest(event);
    const startedAt = parseStartedAt(event);
    return this.watch.wait<CertificateValidationResourceAttributes>(request, startedAt, {
      look: (certificate) => {
        if (certificate.status === 'ISSUED') return attributesOf(request, certificate);
        if (hasFailed(certificate)) throw failedCertificate(request, certificate);
        const pending = pendingRecords(request, certificate).map(pendingLine);
        this.watch.logRecords('waiting for the validation records in the DNS', request, startedAt, certificate, pending);
        return undefined;
      },
      inSpiteOf: async (failure, certificate) => (await this.isRollback(request, failure) ? attributesOf(request, certificate) : undefined),
      timedOut: (timeout) => validationTimedOut(timeout, timeout.certificate ? pendingRecords(request, timeout.certificate) : []),
    });
  }

  /**
   * An update that is rolled back comes back to a certificate that it has not changed. If that certificate has expired or is gone, it was so
   * before, and a rollback that fails leaves the stack stuck.
   */
  private async isRollback(request: CertificateRequest, failure: ResourceFailure): Promise<boolean> {
    const { requestId, stackId, certificateName, isUpdate } = request;
    const isRollingBack = isUpdate && await this.dependencies.cloudFormation.isRollingBack(stackId);
    if (!isRollingBack) return false;

    this.dependencies.log('rolled back to a certificate that is not usable', { requestId, certificateName, error: failure.message });
    return true;
  }
}

/** The domains that Lightsail has not validated. */
function pendingRecords({ domainNames }: CertificateRequest, certificate: DescribedCertificate): DomainRecord[] {
  return recordsFor(domainNames, certificate).filter(({ record }) => record?.validationStatus !== 'SUCCESS');
}

/** Only a rollback ends with another status than ISSUED. */
function attributesOf(
  { certificateName }: CertificateRequest, certificate: DescribedCertificate | undefined,
): CertificateValidationResourceAttributes {
  return { CertificateName: certificateName, CertificateArn: certificate?.arn ?? '', Status: certificate?.status ?? '' };
}
