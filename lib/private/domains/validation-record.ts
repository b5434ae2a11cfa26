import { Duration, Stack, Token } from 'aws-cdk-lib';
import * as route53 from 'aws-cdk-lib/aws-route53';
import { Construct } from 'constructs';
import { identityOf } from '../tree/reference-identity';

const ID = 'LightsailCertificateRecords';

/**
 * The CNAME record of a domain name in a hosted zone. There is one of them in a stack: certificates of one account very probably get the same record
 * for the same domain name, as in AWS Certificate Manager, and a second one could not be created. A certificate that is renamed or replaced
 * uses the record of the old one.
 *
 * @param certificate the certificate that needs the record
 * @param name the name and the value of the record, without dots at the end
 */
export function publishValidationRecord(
  certificate: Construct, zone: route53.IHostedZone, domainName: string, { name, value }: { readonly name: string; readonly value: string },
): route53.CnameRecord {
  const stack = Stack.of(certificate);
  const records = stack.node.tryFindChild(ID) as Construct | undefined ?? new Construct(stack, ID);
  const id = `${identityOf(zone.hostedZoneId, stack)}:${Token.isUnresolved(domainName) ? idOfToken(records, certificate) : domainName.toLowerCase()}`;
  return records.node.tryFindChild(id.replaceAll('/', '--')) as route53.CnameRecord | undefined ?? new route53.CnameRecord(records, id, {
    zone,
    // With the dot, the CDK does not add the name of the zone to it. Of a token it does not see the end.
    recordName: `${name}.`,
    domainName: value,
    ttl: Duration.minutes(5),
    comment: 'Validates a Lightsail certificate. The certificate cannot be renewed without it.',
  });
}

/** A token has no text for an id, and its number changes with the order of the code. */
function idOfToken(records: Construct, certificate: Construct): string {
  const path = certificate.node.path.slice(Stack.of(certificate).node.path.length);
  const count = records.node.children.filter(({ node }) => node.id.includes(`:${path.replaceAll('/', '--')}:`)).length;
  return `${path}:${count}`;
}
