import { CfnResource, Stack, Token, type IResource } from 'aws-cdk-lib';
import * as lightsail from 'aws-cdk-lib/aws-lightsail';
import type { IConstruct } from 'constructs';
import { validateCertificateName, validateNewCertificateName } from './certificate-name';
import { comparable, duplicatesIn, validateDomainName, validateDomainNames } from './domain-name';
import { validateHostedZone, validateHostedZones } from './hosted-zone';
import type { ICertificate } from '../../../domains/certificate';
import type { CertificateProps } from '../../../domains/certificate-props';
import type { CertificateValidation } from '../../../domains/certificate-validation';
import { knownText, UNKNOWN } from '../../tree/known-text';
import { validateTimeout } from '../deployment-validation';
import { validateRemovalPolicy } from '../removal-policy';
import { describeType, describeValue, isMap, isStringOrToken } from '../validation';

/** The primary one and nine alternative ones. */
const MAX_DOMAIN_NAMES = 10;

/** What a certificate can tell of itself: one of this library, or the resource of CloudFormation. */
type KnownCertificate = Partial<ICertificate & { domainNames: string[]; certificateArn: string } & Pick<CertificateProps, 'domainName' | 'subjectAlternativeNames'>>;

/**
 * The errors of a certificate that is created.
 *
 * @param scope the certificate
 */
export function validateNewCertificate(props: CertificateProps, scope: IConstruct): string[] {
  const { domainName, subjectAlternativeNames: others } = props;
  const known = [domainName, ...(Array.isArray(others) && !Token.isUnresolved(others) ? others : [])];
  return [
    ...validateDomainName('domainName', domainName),
    ...validateAlternatives(others),
    ...duplicatesIn(known).map((name) => `subjectAlternativeNames: domain name ${describeValue(name)} is given more than once`
      + `${name === comparable(domainName) ? ', because it is also the domainName' : ''}. Remove all but one.`),
    ...(known.length <= MAX_DOMAIN_NAMES ? []
      : [`subjectAlternativeNames: the certificate has ${known.length} domain names with its domainName. A Lightsail certificate has at most ${MAX_DOMAIN_NAMES}. `
        + 'Use several certificates.']),
    ...validateNewCertificateName('certificateName', props.certificateName),
    ...validateValidation(props.validation, known, scope),
    ...validateTimeout(props.timeout),
    ...validateRemovalPolicy(props.removalPolicy, 'certificates'),
  ];
}

/**
 * The errors of a certificate that a container service uses.
 *
 * @param domainNames the domain names of the container service that use the certificate
 * @param service the container service
 */
export function validateUsedCertificate(property: string, certificate: ICertificate, domainNames: readonly string[], service: IConstruct): string[] {
  if (typeof certificate === 'string') {
    const errors = validateCertificateName(property, certificate);
    return errors.length > 0 ? errors
      : [`${property}: ${describeValue(certificate)} is a string. Write it as Certificate.fromCertificateName(this, 'Certificate', ${describeValue(certificate)}).`];
  }
  const problem = notACertificate(certificate);
  return problem !== undefined ? [`${property}: ${problem} Use a Certificate of this library, or Certificate.fromCertificateName(this, 'Certificate', 'name').`]
    : [...validateEnvironment(property, certificate, service), ...validateCoverage(property, certificate, domainNames, domainNamesOf(certificate))];
}

/** The domain names of a certificate, if they are known. */
export function domainNamesOf(certificate: ICertificate): readonly string[] | undefined {
  const { domainNames, domainName, subjectAlternativeNames } = certificate as KnownCertificate;
  const names = domainNames ?? (domainName === undefined ? undefined : [domainName, ...(subjectAlternativeNames ?? [])]);
  return names === undefined || Token.isUnresolved(names) ? undefined : names;
}

function validateAlternatives(names: unknown): string[] {
  if (names === undefined) return [];
  return Token.isUnresolved(names)
    ? ['subjectAlternativeNames: a token given. Use a list of strings whose length is known at synthesis. A string can be a token, for example Fn.select(0, list).']
    : validateDomainNames('subjectAlternativeNames', names);
}

function validateValidation(validation: CertificateValidation | undefined, domainNames: string[], scope: IConstruct): string[] {
  if (validation === undefined) return [];
  if (!isMap(validation) || Token.isUnresolved(validation) || !('hostedZone' in validation) || !('hostedZones' in validation)) {
    return [`validation: ${describeType(validation)} is not a CertificateValidation of this library. Use CertificateValidation.fromDns(hostedZone) of cdk-lightsail-containers.`];
  }
  const { hostedZone, hostedZones } = validation;
  return [
    ...(hostedZone === undefined ? [] : validateHostedZone('validation', hostedZone, domainNames, scope)),
    ...(hostedZones === undefined ? [] : validateHostedZones('validation', hostedZones, domainNames, scope)),
  ];
}

function notACertificate(certificate: KnownCertificate | undefined): string | undefined {
  if (certificate === undefined || certificate === null) return `${certificate} given.`;
  if (typeof certificate !== 'object' || Token.isUnresolved(certificate)) return `${describeValue(certificate)} is not a certificate.`;
  if (CfnResource.isCfnResource(certificate) && certificate.cfnResourceType !== lightsail.CfnCertificate.CFN_RESOURCE_TYPE_NAME) {
    return `${certificate.cfnResourceType} given. A container service cannot use it.`;
  }
  const { certificateName, certificateArn } = certificate as KnownCertificate;
  if (isStringOrToken(certificateName)) return undefined;
  return isStringOrToken(certificateArn) ? `${certificate.node?.path ?? describeType(certificate)} is a certificate in AWS Certificate Manager, which Lightsail cannot use.`
    : `${describeValue(certificate)} is not a certificate.`;
}

/** The errors of a certificate in another account or Region than its service. */
export function validateEnvironment(property: string, certificate: Pick<Partial<IResource>, 'env'>, service: IConstruct): string[] {
  const { account, region } = Stack.of(service);
  const differs = (a: string | undefined, b: string) => a !== undefined && !Token.isUnresolved(a) && !Token.isUnresolved(b) && a !== b;
  const remedy = 'Lightsail uses only certificates of the same account and Region. Create one there.';
  const { account: otherAccount, region: otherRegion } = certificate.env ?? {};
  return [
    ...(differs(otherAccount, account)
      ? [`${property}: the certificate is in account ${describeValue(otherAccount)}, and the container service in ${describeValue(account)}. ${remedy}`] : []),
    ...(differs(otherRegion, region)
      ? [`${property}: the certificate is in Region ${describeValue(otherRegion)}, and the container service in ${describeValue(region)}. ${remedy}`] : []),
  ];
}

/** @param covered the domain names of the certificate, if they are known */
export function validateCoverage(
  property: string, certificate: ICertificate, domainNames: readonly string[], covered: readonly string[] | undefined,
): string[] {
  if (covered === undefined) return [];

  return domainNames.filter((name) => isStringOrToken(name) && !covered.some((other) => canBeEqual(other, name)))
    .map((name) => `${property}: ${certificate.node.path} does not cover ${describeValue(name)}. It covers ${covered.map(describeValue).join(', ')}. `
      + 'Add the domain name to its subjectAlternativeNames, or use another certificate.');
}

/** Two domain names that are known only in part. */
function canBeEqual(a: string, b: string): boolean {
  if (comparable(a) === comparable(b)) return true;
  const [first, second] = [knownText(a), knownText(b)].map((text) => text.toLowerCase());
  if (first.includes(UNKNOWN) && second.includes(UNKNOWN)) return true;
  return first.includes(UNKNOWN) ? matches(first, second) : second.includes(UNKNOWN) && matches(second, first);
}

function matches(pattern: string, text: string): boolean {
  return new RegExp(`^${pattern.split(UNKNOWN).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.*')}$`).test(text);
}
