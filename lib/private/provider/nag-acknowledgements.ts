import * as cdk from 'aws-cdk-lib';
import type { CfnPolicy, CfnRole } from 'aws-cdk-lib/aws-iam';

/** As cdk-nag 2 writes it into a template, and reads it from there. */
export interface NagSuppression {
  readonly id: string;
  readonly reason: string;
  /** Which findings of the rule are meant, where it tells them apart. Whatever else it finds in the resource is still shown. */
  readonly applies_to?: ReadonlyArray<string | { readonly regex: string }>;
}

/**
 * Suppressions for cdk-nag 3. It reads the rules that `Validations.acknowledge()` of `aws-cdk-lib` 2.257 or newer records, and each of its
 * findings by its exact text.
 *
 * The texts contain logical ids and what was added to the resource, so they are recorded at synthesis. `acknowledge()` itself refuses them:
 * it does not accept an id with two double colons, such as `AwsSolutions-IAM4[Policy::arn:aws:iam::aws:policy/…]`.
 */
export function acknowledgeAtSynthesis(resource: cdk.CfnResource, suppressions: readonly NagSuppression[]): void {
  const { Validations } = cdk as { Validations?: { readonly ACKNOWLEDGED_RULES_METADATA_KEY?: string } };
  const key = Validations?.ACKNOWLEDGED_RULES_METADATA_KEY;
  if (key === undefined) return;

  resource.node.addValidation({
    validate: () => {
      const rules = suppressions.flatMap(({ id, reason, applies_to: parts }) => parts === undefined ? [[id, reason]]
        : findingsOf(resource).filter((finding) => parts.some((part) => applies(part, finding))).map((finding) => [`${id}[${finding}]`, reason]));
      resource.node.addMetadata(key, Object.fromEntries(rules));
      return [];
    },
  });
}

/** What the rules IAM4 and IAM5 may find in a resource, in the words of cdk-nag. */
function findingsOf(resource: cdk.CfnResource): string[] {
  const resolve = (value: unknown) => cdk.Stack.of(resource).resolve(value);
  const { managedPolicyArns } = resource as CfnRole;
  const { policyDocument } = resource as CfnPolicy;
  const statements: Array<{ Resource?: unknown }> = [resolve(policyDocument)?.Statement ?? []].flat();
  return [
    ...(resolve(managedPolicyArns) ?? []).map((arn: unknown) => `Policy::${flatten(arn)}`),
    ...statements.flatMap(({ Resource }) => [Resource].flat()).map((arn) => `Resource::${flatten(arn)}`),
  ];
}

function applies(part: string | { readonly regex: string }, finding: string): boolean {
  return typeof part === 'string' ? part === finding : new RegExp(part.regex.slice(1, -1)).test(finding);
}

/** The text of a value of the template, with references in angle brackets. */
function flatten(value: unknown): string {
  if (typeof value === 'string') return value.replace(/\$\{/g, '<').replace(/}/g, '>');

  const { Ref, 'Fn::GetAtt': attribute, 'Fn::Join': join, 'Fn::Sub': sub } = (value ?? {}) as {
    readonly 'Ref'?: string; readonly 'Fn::GetAtt'?: readonly string[]; readonly 'Fn::Join'?: readonly [string, readonly unknown[]]; readonly 'Fn::Sub'?: unknown;
  };
  if (join !== undefined) return join[1].map(flatten).join(join[0]);
  if (attribute !== undefined) return `<${attribute.join('.')}>`;
  if (Ref !== undefined) return `<${Ref}>`;
  return sub === undefined ? JSON.stringify(value) : flatten(sub);
}
