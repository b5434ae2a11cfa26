import { Account, Certificate, DomainValidation } from '../services/state';

/** Looks at the DNS for all certificates that wait. It is called whenever records appear on either side. */
export function reviewAll(account: Account): void {
  account.certificates.forEach((certificate) => review(account, certificate));
}

function review(account: Account, certificate: Certificate): void {
  if (certificate.status !== 'PENDING_VALIDATION' || certificate.fate.kind !== 'issued' || !certificate.hasRecords) {
    return;
  }
  for (const validation of certificate.validations) {
    const isPublished = account.dns.has(validation.record);
    if (isPublished && validation.status === 'PENDING_VALIDATION' && !validation.pending) {
      validation.pending = account.timeline.after(account.timings.certificateValidation, () => validate(account, certificate, validation));
      certificate.pending.push(validation.pending);
    } else if (!isPublished) {
      validation.pending?.cancel();
      validation.pending = undefined;
    }
  }
}

function validate({ timeline }: Account, certificate: Certificate, validation: DomainValidation): void {
  validation.pending = undefined;
  validation.status = 'SUCCESS';
  if (certificate.validations.every(({ status }) => status === 'SUCCESS') && certificate.status === 'PENDING_VALIDATION') {
    issue(certificate, timeline.now());
  }
}

/** Makes a certificate ISSUED. */
export function issue(certificate: Certificate, at: number): void {
  certificate.validations.forEach((validation) => { validation.status = 'SUCCESS'; });
  certificate.hasRecords = true;
  certificate.status = 'ISSUED';
  certificate.issuedAt = at;
}
