import type { CertificateRequest } from './certificate-request';
import { recordLine, type DomainRecord } from './domain-records';
import type { CallFailure } from '../clients/call-failure';
import type { DescribedCertificate } from '../clients/lightsail';
import { oneLine } from '../shared/reasons/plain-text';
import { ReasonRoom } from '../shared/reasons/reason-limits';
import { ResourceFailure } from '../shared/reasons/resource-failure';

const ANOTHER_NAME = 'give the Certificate another `certificateName`, so that CloudFormation creates a new one (addDomain(): pass a `certificate` of your own)';

/** What to do after a certificate came to an end that it cannot leave. Lightsail does not validate such a certificate again. */
const AFTER_END: Readonly<Record<string, string>> = {
  FAILED: 'Look at the certificate in the Lightsail console to find the cause. Then deploy again with a new certificate.',
  VALIDATION_TIMED_OUT: 'Its CNAME records were not in the DNS for 72 hours. Deploy again with a new certificate, and add its records while the deployment waits.',
  EXPIRED: 'Lightsail renews a certificate only while it is in use and its CNAME records are in the DNS. Deploy again with a new certificate, and keep its records.',
  REVOKED: 'Contact AWS Support to learn why it was revoked. Then deploy again with a new certificate.',
  INACTIVE: 'Look at the certificate in the Lightsail console. Then deploy again with a new certificate.',
};

/** The reasons that the Lightsail API reference lists for `requestFailureReason` of a certificate, and ACM's CAA_ERROR. */
const AFTER_FAILURE: Readonly<Record<string, string>> = {
  ADDITIONAL_VERIFICATION_REQUIRED: 'AWS must verify the request, which it does for well-known domains. Contact AWS Support. Names that Amazon owns get no certificate.',
  CAA_ERROR: 'A CAA record of a domain does not allow Amazon to issue certificates. Add one that allows "amazon.com" or remove the CAA records.',
  DOMAIN_NOT_ALLOWED: 'A domain is reported as unsafe. Look it up at virustotal.com and fix what is reported. If it is not reported there, contact AWS Support.',
  INVALID_PUBLIC_DOMAIN: 'A domain is not under a valid public top-level domain. Correct the names.',
  OTHER: 'A domain name is probably misspelled. Correct the names.',
};

/** The statuses that a certificate cannot leave, except for ISSUED. */
export function hasFailed({ status }: DescribedCertificate): boolean {
  return Object.hasOwn(AFTER_END, status);
}

export function failedCertificate(
  { certificateName, domainNames }: CertificateRequest, { status, requestFailureReason }: DescribedCertificate,
): ResourceFailure {
  const reason = requestFailureReason === undefined ? undefined : oneLine(requestFailureReason);
  const cause = reason !== undefined && Object.hasOwn(AFTER_FAILURE, reason) ? `${AFTER_FAILURE[reason]}\n` : '';
  return new ResourceFailure(`Certificate "${certificateName}" (${domainNames.join(', ')}) is not usable: its status is ${status}`
    + `${reason ? `, and Lightsail gives the reason ${reason}` : ''}.\n`
    + `${cause}${cause ? 'Then deploy again with a new certificate.' : AFTER_END[status]} `
    + `If the certificate remains after this deployment, ${ANOTHER_NAME}.`);
}

export function missingCertificate({ certificateName }: CertificateRequest): ResourceFailure {
  return new ResourceFailure(`There is no certificate "${certificateName}" in this account and Region.\n`
    + `If it was deleted outside of CloudFormation, ${ANOTHER_NAME}. If the app only refers to it, create it first or use the name of an existing one.`);
}

export function foreignDomain(
  { certificateName }: CertificateRequest, foreign: readonly string[], { domainNames }: DescribedCertificate,
): ResourceFailure {
  return new ResourceFailure(`Certificate "${certificateName}" is not for ${foreign.join(', ')}. It is for ${domainNames.map(oneLine).join(', ')}.\n`
    + `Lightsail cannot change the domains of a certificate: ${ANOTHER_NAME}, or remove the domain.`);
}

export function certificateNotRead({ certificateName }: CertificateRequest, { message, kind }: CallFailure): ResourceFailure {
  const nextStep = kind === 'denied' ? 'Allow the role of the handler the action lightsail:GetCertificates, then deploy again.'
    : 'Deploy again. If it fails again, look at the certificate in the Lightsail console.';
  return new ResourceFailure(`Certificate "${certificateName}" was not read: ${message}\n${nextStep}`);
}

/** What a request knew when its time was over. */
export interface CertificateTimeout {
  readonly request: CertificateRequest;
  /** Undefined if it was never read, or not there. */
  readonly certificate: DescribedCertificate | undefined;
  readonly lastCall: CallFailure | undefined;
}

export function recordsTimedOut({ request, certificate, lastCall }: CertificateTimeout, without: readonly string[]): ResourceFailure {
  const { certificateName, timeoutSeconds } = request;
  return new ResourceFailure(`Lightsail has no validation record for ${without.join(', ')} after ${timeoutSeconds} seconds `
    + `(certificate "${certificateName}", status ${certificate?.status ?? 'unknown'}).${lastCallText(lastCall)}\n`
    + 'The records usually come within seconds. Look at the certificate in the Lightsail console, then deploy again.');
}

/** Lists each record that is not validated, by name and value. Those that do not fit into a reason are counted. */
export function validationTimedOut({ request, certificate, lastCall }: CertificateTimeout, pending: readonly DomainRecord[]): ResourceFailure {
  const { certificateName, timeoutSeconds } = request;
  const head = `Certificate "${certificateName}" was not ISSUED within ${timeoutSeconds} seconds (status ${certificate?.status ?? 'unknown'}).${lastCallText(lastCall)}`;
  const isWaiting = certificate !== undefined && pending.length > 0;
  const found = isWaiting ? 'These domains are not validated. Each needs its CNAME record in the public DNS:' : undefined;
  const nextStep = isWaiting
    ? 'Add the missing records where the DNS of the domain is, and look for typing errors in those that are there. '
      + 'Lightsail then needs a few minutes, sometimes half an hour. Deploy again, if needed with a longer timeout (at most 60 minutes). '
      + 'A new certificate may need other records: the log of the handler shows them while the deployment waits.'
    : 'Deploy again, if needed with a longer timeout (at most 60 minutes).';

  const room = new ReasonRoom();
  for (const piece of [head, found, nextStep, leftOut(pending.length)]) room.take(piece ?? '');
  const shown = pending.map(pendingLine).filter((line) => room.take(line));
  const rest = pending.length - shown.length;
  return new ResourceFailure([head, found, ...isWaiting ? shown : [], rest > 0 && isWaiting ? leftOut(rest) : undefined, nextStep]
    .filter((piece) => piece !== undefined).join('\n'));
}

/** A domain and what the DNS needs for it. */
export function pendingLine({ domainName, record }: DomainRecord): string {
  if (!record) return `- ${domainName}: Lightsail has no record for it yet`;
  return `- ${domainName}: ${recordLine(record)}${record.validationStatus ? ` (${record.validationStatus})` : ''}`;
}

function leftOut(count: number): string {
  return `- and ${count} more, which the log of the handler lists`;
}

function lastCallText(lastCall: CallFailure | undefined): string {
  return lastCall ? ` Last call: ${lastCall.message}` : '';
}
