import { Stack, Token, type IResource } from 'aws-cdk-lib';
import type * as route53 from 'aws-cdk-lib/aws-route53';
import type { IConstruct } from 'constructs';
import { canBeIn, comparable } from './domain-name';
import { describeValue, isMap, isStringOrToken } from '../validation';

/** What the library uses of a hosted zone. */
type Zone = Pick<route53.IHostedZone, 'hostedZoneId' | 'zoneName'> & Partial<IResource>;

/**
 * The errors of the hosted zone of domain names.
 *
 * @param scope what defines the records
 */
export function validateHostedZone(property: string, zone: route53.IHostedZone, domainNames: readonly string[], scope: IConstruct): string[] {
  if (!isHostedZone(zone)) {
    return [`${property}: ${describeValue(zone)} is not a hosted zone. `
      + "Use one, for example HostedZone.fromHostedZoneAttributes(this, 'Zone', { hostedZoneId: 'Z0123', zoneName: 'example.com' })."];
  }
  const name = zoneNameOf(zone);
  const account = Stack.of(scope).account;
  return [
    ...(name === undefined ? [] : domainNames.filter((domainName) => isStringOrToken(domainName) && !canBeIn(name, domainName))
      .map((domainName) => `${property}: the hosted zone of ${describeValue(name)} does not contain ${describeValue(domainName)}. Use the hosted zone of that domain.`)),
    ...(isPrivate(zone) ? [`${property}: ${zone.node?.path ?? 'it'} is a private hosted zone. A certificate is validated on the Internet. Use a public hosted zone.`] : []),
    ...(!zone.env || Token.isUnresolved(zone.env.account) || Token.isUnresolved(account) || zone.env.account === account ? []
      : [`${property}: the hosted zone is in account ${describeValue(zone.env.account)}, and the stack in ${describeValue(account)}. `
        + 'CloudFormation can write records only in the account of the stack. Use a hosted zone of that account, or add the records in the other account.']),
  ];
}

/** The errors of those entries of a map of hosted zones that the domain names use. */
export function validateHostedZones(
  property: string, zones: { [domainName: string]: route53.IHostedZone }, domainNames: readonly string[], scope: IConstruct,
): string[] {
  if (!isMap(zones) || Token.isUnresolved(zones)) {
    return [`${property}: ${describeValue(zones)} is not a map. Use domain names and their hosted zones, for example { 'example.com': zone }.`];
  }
  return domainNames.filter(isStringOrToken).flatMap((name) => {
    const key = keyOf(zones, name);
    return key === undefined
      ? [`${property}: no hosted zone given for ${describeValue(name)}. Add it to the map, or a hosted zone for a parent domain.`]
      : validateHostedZone(`${property}[${describeValue(key)}]`, zones[key], [name], scope);
  });
}

/** The hosted zone of a domain name in a map: its own, or that of the closest parent domain. */
export function hostedZoneFor(zones: { [domainName: string]: route53.IHostedZone }, domainName: string): route53.IHostedZone | undefined {
  const key = keyOf(zones, domainName);
  return key === undefined ? undefined : zones[key];
}

function keyOf(zones: object, domainName: string): string | undefined {
  const keys = Object.keys(zones);
  return keys.find((key) => plain(key) === plain(domainName))
    ?? keys.filter((key) => !Token.isUnresolved(key) && plain(domainName).endsWith(`.${plain(key)}`)).sort((a, b) => b.length - a.length)[0];
}

function plain(name: string): string {
  return comparable(Token.isUnresolved(name) ? name : name.replace(/\.$/, ''));
}

function isHostedZone(zone: unknown): zone is Zone {
  return typeof zone === 'object' && zone !== null && !Token.isUnresolved(zone) && isStringOrToken((zone as Partial<Zone>).hostedZoneId);
}

/** Not known for `HostedZone.fromHostedZoneId()`, which throws. */
function zoneNameOf(zone: Zone): string | undefined {
  try {
    return plain(zone.zoneName);
  } catch {
    return undefined;
  }
}

/** The networks of a zone that the app creates. They are not known of an imported zone. */
function isPrivate(zone: Zone): boolean {
  const { vpcs } = zone as { vpcs?: unknown };
  return Array.isArray(vpcs) && vpcs.length > 0;
}
