import { reviewAll } from './validation';
import { errors } from '../api/errors';
import { CertificateStatus, TagShape } from '../api/shapes';
import { Account, Certificate } from '../services/state';
import { addTags } from '../services/tags';

export interface NewCertificate {
  readonly certificateName: string;
  readonly domainName: string;
  readonly subjectAlternativeNames?: readonly string[];
  readonly tags?: readonly TagShape[];
}

export interface CertificateQuery {
  readonly certificateName?: string;
  readonly certificateStatuses?: readonly CertificateStatus[];
  readonly includeCertificateDetails?: boolean;
  readonly pageToken?: string;
}

/** The form of a name and of a domain is an inference; that there are no wildcards is documented. */
const NAME = /^\w[\w.-]*\w$/;
const DOMAIN = /^(?=.{1,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])$/i;

/** CreateCertificate. */
export function createCertificate(account: Account, request: NewCertificate): Certificate {
  const { certificateName: name, domainName, subjectAlternativeNames = [], tags = [] } = request;
  if (!NAME.test(name)) {
    throw errors.certificateName(name);
  }
  const domainNames = [...new Set([domainName, ...subjectAlternativeNames])];
  const invalid = domainNames.find((domain) => !DOMAIN.test(domain));
  if (invalid !== undefined) {
    throw errors.certificateDomain(invalid);
  }
  if (domainNames.length > account.limits.domainsPerCertificate) {
    throw errors.tooManyCertificateDomains(domainNames.length, account.limits.domainsPerCertificate);
  }
  if (account.certificates.has(name)) {
    throw errors.duplicateCertificate(name);
  }
  if (account.certificates.size >= account.limits.certificatesPerAccount) {
    throw errors.certificateQuota();
  }
  const certificate = newCertificate(account, name, domainNames, addTags(new Map(), tags, account.limits.tags));
  account.certificates.set(name, certificate);
  begin(account, certificate);
  return certificate;
}

/** DeleteCertificate. */
export function deleteCertificate(account: Account, name: string): Certificate {
  const certificate = findCertificate(account, name);
  const users = usersOf(account, certificate);
  if (users.length > 0) {
    throw errors.certificateInUse(name, users);
  }
  remove(account, certificate);
  return certificate;
}

/** For tests: a certificate is gone, as if someone else had deleted it. */
export function remove(account: Account, certificate: Certificate): void {
  certificate.pending.forEach((scheduled) => scheduled.cancel());
  account.certificates.delete(certificate.name);
}

/** GetCertificates: one page. A page token is a place in the list. */
export function certificatePage(account: Account, query: CertificateQuery): { certificates: Certificate[]; nextPageToken?: string } {
  const { certificateName, certificateStatuses, pageToken } = query;
  if (certificateName !== undefined && account.missingCertificate === 'NotFoundException') {
    findCertificate(account, certificateName);
  }
  const start = pageToken === undefined ? 0 : Number(/^page-(\d+)$/.exec(pageToken)?.[1] ?? NaN);
  if (Number.isNaN(start)) {
    throw errors.pageToken();
  }
  const found = [...account.certificates.values()].filter(({ name, status }) =>
    (certificateName === undefined || name === certificateName) && (certificateStatuses === undefined || certificateStatuses.includes(status)));
  const end = start + account.limits.certificatePageSize;
  return { certificates: found.slice(start, end), ...(end < found.length ? { nextPageToken: `page-${end}` } : {}) };
}

export function findCertificate(account: Account, name: string): Certificate {
  const certificate = account.certificates.get(name);
  if (!certificate) {
    throw errors.certificateNotFound(name);
  }
  return certificate;
}

/** The services that a certificate is attached to. */
export function usersOf(account: Account, { name }: Certificate): string[] {
  return [...account.services.values()].filter(({ publicDomainNames = {} }) => Object.hasOwn(publicDomainNames, name)).map((service) => service.name);
}

function newCertificate(account: Account, name: string, domainNames: readonly string[], tags: Map<string, string>): Certificate {
  const id = account.ids.uuid(`certificate/${name}`);
  const owner = account.validationRecords === 'perDomain' ? 'account' : id;
  return {
    name,
    id,
    domainNames,
    createdAt: account.timeline.now(),
    fate: account.certificateFates.of(domainNames),
    tags,
    status: 'PENDING_VALIDATION',
    hasRecords: false,
    validations: domainNames.map((domainName) => ({
      domainName,
      record: {
        name: `_${account.ids.hex(`${owner}/${domainName}/name`, 32)}.${domainName}.`,
        value: `_${account.ids.hex(`${owner}/${domainName}/value`, 32)}.${account.ids.hex(`${owner}/zone`, 10)}.acm-validations.aws.`,
      },
      status: 'PENDING_VALIDATION',
    })),
    pending: [],
  };
}

function begin(account: Account, certificate: Certificate): void {
  const { fate } = certificate;
  const { timeline, timings } = account;
  const schedule = (ms: number, action: () => void) => certificate.pending.push(timeline.after(ms, action));
  schedule(timings.certificateRecords, () => {
    certificate.hasRecords = true;
    reviewAll(account);
  });
  if (fate.kind === 'fails') {
    schedule(fate.after ?? timings.certificateFails, () => {
      certificate.status = 'FAILED';
      certificate.failureReason = fate.reason;
    });
    return;
  }
  schedule(fate.kind === 'times-out' && fate.after !== undefined ? fate.after : timings.certificateTimesOut, () => {
    if (certificate.status === 'PENDING_VALIDATION') {
      certificate.status = 'VALIDATION_TIMED_OUT';
    }
  });
}
