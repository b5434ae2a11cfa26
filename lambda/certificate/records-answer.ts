import type { CertificateRequest } from './certificate-request';
import { recordLine, withoutDot, type DomainRecord } from './domain-records';
import type { CertificateRecordsResourceAttributes } from '../../lib/private/resource-properties';
import type { DescribedCertificate, ValidationRecord } from '../clients/lightsail';
import type { ProviderEvent } from '../shared/events/event';
import { ResourceFailure } from '../shared/reasons/resource-failure';

/** CloudFormation refuses a longer answer of a custom resource. The rest is for what the Provider framework may add. */
const MAX_ANSWER_BYTES = 4_096 - 48;

export type KnownRecord = DomainRecord & { readonly record: ValidationRecord };

/**
 * The attributes, in an answer that CloudFormation takes. The pairs come first: the template reads them. The text of all records is
 * shorter if there is no room for it.
 */
export function recordsAnswer(
  event: ProviderEvent, { certificateName }: CertificateRequest, { arn }: DescribedCertificate, known: readonly KnownRecord[],
): CertificateRecordsResourceAttributes {
  const pairs = Object.assign({}, ...known.map(({ record: { name, value } }, index) =>
    ({ [`Name${index}`]: withoutDot(name), [`Value${index}`]: withoutDot(value) }))) as Record<`Name${number}` | `Value${number}`, string>;
  const lines = known.map(({ record }) => recordLine(record));

  for (let shown = lines.length; shown >= 0; shown--) {
    const rest = lines.length - shown;
    const Records = [...lines.slice(0, shown), ...rest > 0 ? [`and ${rest} more: see the log of the handler`] : []].join('\n');
    const attributes = { ...pairs, CertificateArn: arn, Records };
    if (answerBytes(event, attributes) <= MAX_ANSWER_BYTES) return attributes;
  }
  throw new ResourceFailure(`The validation records of certificate "${certificateName}" do not fit into one answer to CloudFormation, which takes 4096 bytes: `
    + `its ${known.length} domain names are too long.\nUse several certificates with fewer domains each.`);
}

/** The size of the answer as the Provider framework writes it. */
function answerBytes({ StackId, RequestId, LogicalResourceId, PhysicalResourceId }: ProviderEvent, Data: object): number {
  return Buffer.byteLength(JSON.stringify({ Status: 'SUCCESS', Reason: 'SUCCESS', StackId, RequestId, PhysicalResourceId, LogicalResourceId, NoEcho: false, Data }));
}
