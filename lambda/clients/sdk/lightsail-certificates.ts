import { GetCertificatesCommand, type CertificateSummary, type LightsailClient } from '@aws-sdk/client-lightsail';
import type { DescribedCertificate, Lightsail, ValidationRecord } from '../lightsail';
import { call, incompleteResponse, undefinedIfNotFound } from './call';

/** Reads certificates. Their details come only on request. */
export function certificateReads(reader: Pick<LightsailClient, 'send'>): Pick<Lightsail, 'getCertificate'> {
  return {
    getCertificate: (certificateName) => undefinedIfNotFound(call('GetCertificates', async (options) => {
      let pageToken: string | undefined;
      do {
        const { certificates, nextPageToken } = await reader.send(
          new GetCertificatesCommand({ certificateName, includeCertificateDetails: true, pageToken }), options);
        if (!certificates) throw incompleteResponse('GetCertificates', 'a list of certificates');
        const found = certificates.find((certificate) => certificate.certificateName === certificateName);
        if (found) return describedCertificate(found);
        pageToken = nextPageToken;
      } while (pageToken);
      return undefined;
    })),
  };
}

function describedCertificate({ certificateArn, domainName, certificateDetail }: CertificateSummary): DescribedCertificate {
  const { arn = certificateArn, status, domainValidationRecords = [], subjectAlternativeNames = [], requestFailureReason } = certificateDetail ?? {};
  if (arn === undefined || status === undefined) throw incompleteResponse('GetCertificates', 'the ARN or the status of a certificate');
  return {
    arn,
    status,
    domainNames: [...new Set([certificateDetail?.domainName ?? domainName, ...subjectAlternativeNames].filter((name) => name !== undefined))],
    records: domainValidationRecords.flatMap(({ domainName: ofDomain, resourceRecord, validationStatus }): ValidationRecord[] => {
      const { name, value } = resourceRecord ?? {};
      // A record that is not complete is one that Lightsail does not have yet.
      return ofDomain && name && value ? [{ domainName: ofDomain, name, value, ...(validationStatus && { validationStatus }) }] : [];
    }),
    ...(requestFailureReason && { requestFailureReason }),
  };
}
