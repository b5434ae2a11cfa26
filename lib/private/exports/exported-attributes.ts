import type { CfnResource } from 'aws-cdk-lib';
import type { IContainerRef } from 'aws-cdk-lib/aws-lightsail';
import type { IConstruct } from 'constructs';
import type { DeploymentResourceAttributes } from '../resource-properties';
import { domainNamesIn, emptyExportsOf, pullerRoleIn, type EmptyExport, type Presence } from './empty-attributes';
import { cfnContainerOf } from '../tree/cfn-container';

const PULLER_ROLE = { name: 'ecrImagePullerPrincipalArn', what: 'access to private registries', remedy: 'set privateRegistryAccess of the container service to true' };
const DOMAIN_NAMES = { name: 'publicDomainNames', what: 'a custom domain', remedy: 'give the container service domains' };

const WORDS: { readonly [attribute: string]: typeof PULLER_ROLE } = {
  'EcrImagePullerPrincipalArn': PULLER_ROLE,
  'PrivateRegistryAccess.EcrImagePullerRole.PrincipalArn': PULLER_ROLE,
  'PublicDomainNames': DOMAIN_NAMES,
};

type OptionalAttribute = keyof DeploymentResourceAttributes & ('EcrImagePullerPrincipalArn' | 'PublicDomainNames');

/** The exports of a deployment's attributes that are empty, or may be. Call it at synthesis: the CDK has made the exports for other stacks by then. */
export function exportsOfDeployment(resource: CfnResource, service: IContainerRef, deployment: IConstruct): EmptyExport[] {
  const container = cfnContainerOf(service);
  const isActivated = deployment.node.tryFindChild('PrivateRegistryAccess') !== undefined
    || (service as { ecrImagePullerPrincipalArn?: string }).ecrImagePullerPrincipalArn !== undefined;
  const attributes: Record<OptionalAttribute, Presence> = container
    ? { EcrImagePullerPrincipalArn: pullerRoleIn(container), PublicDomainNames: domainNamesIn(container) }
    : { EcrImagePullerPrincipalArn: isActivated ? 'present' : 'unknown', PublicDomainNames: 'unknown' };
  return emptyExportsOf(resource, attributes);
}

/** The errors of a deployment whose exported attributes are known to be empty. */
export function validateExports(exports: EmptyExport[]): string[] {
  return exports.filter(({ presence }) => presence === 'absent').map(({ attribute, output }) => {
    const { name, what, remedy } = WORDS[attribute];
    return `${name}: ${output} exports it, for example because another stack uses it. But the container service does not have ${what}, so the value is empty, `
      + `and CloudFormation refuses to export an empty value. Either ${remedy}, or do not export it.`;
  });
}

/** The errors of a container service of the app. */
export function validateExportsOfService(container: CfnResource): string[] {
  return validateExports(emptyExportsOf(container, {
    'PrivateRegistryAccess.EcrImagePullerRole.PrincipalArn': pullerRoleIn(cfnContainerOf(container)!),
  }));
}

/** What to say of an export that may be empty. */
export function exportWarnings(exports: EmptyExport[]): string[] {
  return exports.filter(({ presence }) => presence === 'unknown').map(({ attribute, output }) => {
    const { name, what } = WORDS[attribute];
    return `${name}: ${output} exports it, for example because another stack uses it. It is not known at synthesis whether the container service has ${what}. `
      + 'If it does not, the value is empty, CloudFormation refuses to export it, and the stack operation fails. If it does, acknowledge this warning.';
  });
}
