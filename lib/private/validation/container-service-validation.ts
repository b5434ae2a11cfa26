import { CfnResource, PhysicalName, RemovalPolicy, Token } from 'aws-cdk-lib';
import { DOMAIN_NAMES, validatePropertyNames } from './property-names';
import { validateBoolean, validateContainerServiceName, describeValue, isMap, isStringOrToken, validateWholeNumber } from './validation';
import type { ContainerServicePower } from '../../container-service-power';
import type { ContainerServiceProps, PublicDomainNames } from '../../container-service-props';
import { knownText, referenceOf } from '../tree/known-text';
import { missingValueIn, SET_THE_VALUE } from '../tree/missing-value';

/*
 * The rules for a container service. See deployment-validation.ts for its deployments.
 */

const POWER_NAME = /^[a-z0-9]+$/;
const MAX_SCALE = 20;
const MAX_CERTIFICATES = 4;
const MAX_DOMAIN_NAMES = 4;
const REMOVAL_POLICIES = [RemovalPolicy.DESTROY, RemovalPolicy.RETAIN, RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE];

const DOMAIN_LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
const DOMAIN_NAME = new RegExp(`^(?=.{1,253}$)(?:${DOMAIN_LABEL}\\.)+${DOMAIN_LABEL}$`, 'i');

const SERVICE_ARN = /^arn:[a-z-]+:lightsail:[a-z0-9-]+:\d{12}:ContainerService\/([^/:\s]+)$/;
const ROLE_ARN = /^arn:[a-z-]+:iam::\d{12}:role\/\S+$/;

export function validateContainerService(props: ContainerServiceProps): string[] {
  return [
    ...validateOwnName(props.containerServiceName),
    ...validatePower(props.power),
    ...validateWholeNumber('scale', props.scale, 1, MAX_SCALE),
    ...validatePublicDomainNames(props.publicDomainNames),
    ...validateBoolean('privateRegistryAccess', props.privateRegistryAccess),
    ...validateBoolean('isDisabled', props.isDisabled),
    ...validateRemovalPolicy(props.removalPolicy),
  ];
}

export function validateContainerServiceArn(arn: string, containerServiceName: string): string[] {
  if (Token.isUnresolved(arn)) return [];

  const id = SERVICE_ARN.exec(arn)?.[1];
  if (id === undefined) {
    return [`containerServiceArn: ${describeValue(arn)} is not the ARN of a container service. `
      + 'Write it as arn:<partition>:lightsail:<region>:<account>:ContainerService/<id>.'];
  }
  return id !== containerServiceName ? []
    : [`containerServiceArn: ${describeValue(arn)} ends with the name of the container service, but Lightsail's ARNs end with an id. `
      + 'Copy the ARN from `aws lightsail get-container-services`.'];
}

export function validatePrincipalArn(property: string, arn: string | undefined): string[] {
  if (arn === undefined || Token.isUnresolved(arn) || ROLE_ARN.test(arn)) return [];

  return [`${property}: ${describeValue(arn)} is not the ARN of a role. Copy it from \`aws lightsail get-container-services\`, or leave it out.`];
}

function validateOwnName(name: string | undefined): string[] {
  if (name === undefined) return [];
  if (name === PhysicalName.GENERATE_IF_NEEDED) {
    return ['containerServiceName: PhysicalName.GENERATE_IF_NEEDED is not supported. Leave the name out to generate one. '
      + 'To use the service in another account or Region, write a name.'];
  }
  return validateContainerServiceName('containerServiceName', name);
}

function validatePower(power: ContainerServicePower): string[] {
  const name: string | undefined = power?.name;
  if (Token.isUnresolved(name) || (typeof name === 'string' && POWER_NAME.test(name))) return [];

  return [typeof name === 'string'
    ? `power: ${describeValue(name)} is not the name of a power. Use lower-case letters and digits, for example ContainerServicePower.of('nano'). `
      + "Use the power's name (nano), not its id (nano-1)."
    : `power: ${describeValue(power)} is not a ContainerServicePower. Use one of its constants, for example ContainerServicePower.NANO.`];
}

/** The CDK must know the policy at synthesis. */
function validateRemovalPolicy(policy: RemovalPolicy | undefined): string[] {
  return policy === undefined || REMOVAL_POLICIES.includes(policy) ? []
    : [`removalPolicy: ${describeValue(policy)} given. Use RemovalPolicy.DESTROY, RETAIN or RETAIN_ON_UPDATE_OR_DELETE. `
      + 'Lightsail has no snapshots of container services.'];
}

function validatePublicDomainNames(entries: PublicDomainNames[] | undefined): string[] {
  const property = 'publicDomainNames';
  if (entries === undefined || Token.isUnresolved(entries)) return [];
  if (!Array.isArray(entries)) {
    return [`${property}: ${describeValue(entries)} is not a list. Use a list of { certificateName, domainNames }.`];
  }

  const known = entries.filter((entry) => isMap(entry) && !Token.isUnresolved(entry));
  const certificateNames = known.map(({ certificateName }) => certificateName);
  const domainNames = known.flatMap((entry) => isList(entry.domainNames) ? entry.domainNames : []);
  return [
    ...entries.flatMap((entry, index) => validateEntry(`${property}[${index}]`, entry)),
    ...duplicatesIn(certificateNames).map((name) =>
      `${property}: certificate ${describeValue(name)} is given more than once. Put its domain names into one list.`),
    ...duplicatesIn(domainNames.map(lowerCase)).map((name) => `${property}: domain name ${describeValue(name)} is given more than once. Remove all but one.`),
    ...validateCount(MAX_CERTIFICATES, property, 'certificates', certificateNames),
    ...validateCount(MAX_DOMAIN_NAMES, property, 'domain names', domainNames),
  ];
}

function validateEntry(property: string, entry: PublicDomainNames): string[] {
  if (Token.isUnresolved(entry)) return [];
  if (!isMap(entry)) return [`${property}: ${describeValue(entry)} is not a certificate with its domain names. Use { certificateName, domainNames }.`];

  const { certificateName, domainNames } = entry;
  return [
    ...validatePropertyNames(property, entry, DOMAIN_NAMES),
    ...(isStringOrToken(certificateName) && certificateName !== '' ? validateCertificateName(`${property}.certificateName`, certificateName)
      : [`${property}.certificateName: ${describeValue(certificateName)} given. Use the name of the Lightsail certificate of the domain names.`]),
    ...validateDomainNames(`${property}.domainNames`, domainNames),
  ];
}

/** Lightsail has certificates of its own. Another kind of certificate has an ARN, which is often given instead of a name. */
function validateCertificateName(property: string, name: string): string[] {
  const reference = referenceOf(name);
  const type = reference && CfnResource.isCfnResource(reference.target) ? reference.target.cfnResourceType : undefined;
  const remedy = 'Use the name of a certificate in Lightsail: `aws lightsail get-certificates` lists them.';
  if (type === 'AWS::CertificateManager::Certificate' || /^arn:[^:]+:acm:/.test(knownText(name))) {
    return [`${property}: ${describeValue(name)} is the ARN of a certificate in AWS Certificate Manager, which Lightsail cannot use. ${remedy}`];
  }
  if (reference?.displayName.endsWith('Arn') || knownText(name).startsWith('arn:')) {
    return [`${property}: ${describeValue(name)} is an ARN, not a name. ${remedy}`];
  }
  const missing = missingValueIn([knownText(name)]);
  return missing === undefined ? [] : [`${property}: ${describeValue(name)} contains ${missing}. ${SET_THE_VALUE}`];
}

function validateDomainNames(property: string, domainNames: string[]): string[] {
  if (Token.isUnresolved(domainNames)) return [];
  if (!Array.isArray(domainNames)) return [`${property}: ${describeValue(domainNames)} is not a list. Write the domain names as a list of strings.`];
  if (domainNames.length === 0) return [`${property}: none given. Add at least one, or remove the certificate.`];

  return domainNames.flatMap((name, index) => Token.isUnresolved(name) || (typeof name === 'string' && DOMAIN_NAME.test(name))
    ? validateNothingMissing(`${property}[${index}]`, name)
    : [`${property}[${index}]: ${describeValue(name)} is not a domain name. Write it in full and in ASCII, without scheme, port, path or wildcard, `
      + "for example 'www.example.com'."]);
}

function validateNothingMissing(property: string, name: string): string[] {
  const missing = missingValueIn(knownText(name).split('.'));
  return missing === undefined ? [] : [`${property}: ${describeValue(name)} contains ${missing}. ${SET_THE_VALUE}`];
}

function validateCount(max: number, property: string, what: string, list: string[]): string[] {
  return list.length <= max ? []
    : [`${property}: ${list.length} ${what} given, but a container service has at most ${max}. Remove some.`];
}

/** The values that are more than once in a list. */
function duplicatesIn(list: string[]): string[] {
  return [...new Set(list.filter((value, index) => list.indexOf(value) !== index))];
}

function lowerCase(name: string): string {
  return Token.isUnresolved(name) || typeof name !== 'string' ? name : name.toLowerCase();
}

function isList(value: unknown): boolean {
  return Array.isArray(value) && !Token.isUnresolved(value);
}
