import { Token, type CfnResource } from 'aws-cdk-lib';
import type * as lightsail from 'aws-cdk-lib/aws-lightsail';
import { exportsOf, isEmptyOutput } from './empty-value';
import { resolveKnown } from '../tree/known-value';

/** Whether an attribute has a value after the deployment. `unknown`: only Lightsail knows. */
export type Presence = 'present' | 'absent' | 'unknown';

export interface EmptyExport {
  readonly attribute: string;
  readonly presence: 'absent' | 'unknown';
  /** The path of the output that exports the attribute. */
  readonly output: string;
}

/** The exports of attributes that are empty, or may be. CloudFormation refuses to export an empty value. */
export function emptyExportsOf(resource: CfnResource, attributes: { readonly [name: string]: Presence }): EmptyExport[] {
  const questionable = Object.entries(attributes).filter(([, presence]) => presence !== 'present');
  if (questionable.length === 0) return [];

  return exportsOf(resource).flatMap((output) => questionable
    .filter(([attribute]) => isEmptyOutput(output, ({ target, displayName }) => target === resource && displayName === attribute))
    .map(([attribute, presence]) => ({ attribute, presence: presence as EmptyExport['presence'], output: output.node.path })));
}

/** Whether a container service of the app has the role that pulls images from private repositories. */
export function pullerRoleIn(container: lightsail.CfnContainer): Presence {
  const access = resolveKnown(container.privateRegistryAccess, container) as lightsail.CfnContainer.PrivateRegistryAccessProperty | undefined;
  const role = access?.ecrImagePullerRole as lightsail.CfnContainer.EcrImagePullerRoleProperty | undefined;
  return [access, role].some((value) => Token.isUnresolved(value)) ? 'unknown' : presenceOf(role?.isActive, (isActive) => isActive === true);
}

/** Whether a container service of the app has domain names. */
export function domainNamesIn(container: lightsail.CfnContainer): Presence {
  return presenceOf(resolveKnown(container.publicDomainNames, container), (names) => Array.isArray(names) && names.length > 0);
}

function presenceOf(value: unknown, isPresent: (known: unknown) => boolean): Presence {
  if (Token.isUnresolved(value)) return 'unknown';
  return isPresent(value) ? 'present' : 'absent';
}
