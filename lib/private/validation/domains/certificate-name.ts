import { CfnResource } from 'aws-cdk-lib';
import { knownText, referenceOf, UNKNOWN } from '../../tree/known-text';
import { missingValueIn, SET_THE_VALUE } from '../../tree/missing-value';
import { describeValue, isStringOrToken } from '../validation';

/** What Terraform's provider accepts for `aws_lightsail_certificate`. Lightsail's API model has no rule. */
const NEW_NAME = /^(?=.{2,255}$)[a-z0-9][a-z0-9_.-]*[a-z0-9]$/i;

/** What the known parts of a name can contain. */
const KNOWN_PART = /^[a-z0-9_.-]*$/i;

/** The errors of the name of a certificate that exists. Another kind of certificate has an ARN, which is often given instead of a name. */
export function validateCertificateName(property: string, name: string): string[] {
  const reference = referenceOf(name);
  const type = reference && CfnResource.isCfnResource(reference.target) ? reference.target.cfnResourceType : undefined;
  const remedy = 'Use the name of a certificate in Lightsail: `aws lightsail get-certificates` lists them.';
  if (type === 'AWS::CertificateManager::Certificate' || /^arn:[^:]+:acm:/.test(knownText(name))) {
    return [`${property}: ${describeValue(name)} is the ARN of a certificate in AWS Certificate Manager, which Lightsail cannot use. ${remedy}`];
  }
  if (reference?.displayName.endsWith('Arn') || knownText(name).startsWith('arn:')) {
    return [`${property}: ${describeValue(name)} is an ARN, not a name. ${remedy}`];
  }
  if (!hasOnlyAllowed(knownText(name))) {
    return [`${property}: ${describeValue(name)} cannot be the name of a certificate: it has other characters than letters, digits, hyphens, underscores and dots. ${remedy}`];
  }
  const missing = missingValueIn([knownText(name)]);
  return missing === undefined ? [] : [`${property}: ${describeValue(name)} contains ${missing}. ${SET_THE_VALUE}`];
}

/** The errors of the name of a certificate that is created. */
export function validateNewCertificateName(property: string, name: unknown): string[] {
  if (name === undefined) return [];
  const text = knownText(name);
  const isNew = text.includes(UNKNOWN) ? hasOnlyAllowed(text) : NEW_NAME.test(text);
  return isStringOrToken(name) && (isNew || text.startsWith('arn:')) ? validateCertificateName(property, name as string)
    : [`${property}: ${describeValue(name)} is not a valid name for a certificate. Use 2-255 letters, digits, hyphens, underscores and dots, `
      + 'with a letter or a digit at both ends. Or leave it out to generate one.'];
}

function hasOnlyAllowed(text: string): boolean {
  return text.split(UNKNOWN).every((part) => KNOWN_PART.test(part));
}
