import { CfnResource, Stack } from 'aws-cdk-lib';
import type { CfnPolicy, CfnRole, IRole } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import { knownText, UNKNOWN } from '../tree/known-text';

/** IAM's limit for all inline policies of a role, without white space. */
const MAX_CHARACTERS = 10_240;

/** `arn:aws:lightsail:us-east-1:<account>:ContainerService/<id>`. No Region has a shorter name. */
const CONTAINER_ARN_LENGTH = 94;

/**
 * The errors of the inline policies of a handler's role.
 *
 * @param users what needs the permissions
 */
export function validatePolicySize(role: IRole, scope: IConstruct, users: string): string[] {
  const stack = Stack.of(scope);
  const policies = stack.node.findAll().filter((construct): construct is CfnPolicy =>
    CfnResource.isCfnResource(construct) && construct.cfnResourceType === 'AWS::IAM::Policy' && Stack.of(construct) === stack);
  const name = JSON.stringify(stack.resolve(role.roleName));
  const attached = policies.filter((policy) => (stack.resolve(policy.roles) as unknown[] ?? []).some((other) => JSON.stringify(other) === name));
  const own: Array<{ policyDocument?: unknown }> = stack.resolve((role.node.defaultChild as CfnRole | undefined)?.policies) ?? [];
  const size = [...attached, ...own].map(({ policyDocument }) => sizeOf(stack.resolve(policyDocument))).reduce((sum, part) => sum + part, 0);
  return size <= MAX_CHARACTERS ? []
    : [`service: ${users} need at least ${size} characters of policies for one IAM role, but IAM allows ${MAX_CHARACTERS}. `
      + 'Put some of the deployments into another stack.'];
}

function sizeOf(document: unknown): number {
  return JSON.stringify(shortest(document)).replace(/\s/g, '').length;
}

/** A text of the shortest length that a value can have. */
function shortest(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(shortest);

  const [name, ...others] = Object.keys(value);
  if (others.length > 0 || !(name === 'Ref' || name?.startsWith('Fn::'))) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, shortest(item)]));
  }
  const attribute = name === 'Fn::GetAtt' ? (value as { 'Fn::GetAtt': string[] })['Fn::GetAtt'][1] : undefined;
  return attribute === 'ContainerArn' ? 'x'.repeat(CONTAINER_ARN_LENGTH) : knownText(value).replaceAll(UNKNOWN, 'x');
}
