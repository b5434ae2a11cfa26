import { CfnResource, Reference, Stack, Stage, Tokenization, TreeInspector, type IInspectable } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';

const STREAM_ACTIONS = ['dynamodb:GetRecords', 'dynamodb:GetShardIterator'];

/**
 * The requested statements of a principal that no resource policy of the app contains.
 *
 * It reads the resources as the template will contain them. The grant methods of the CDK also report success for
 * the policy of an imported resource, although they cannot change it.
 *
 * @param scope any construct of the app
 */
export function withoutResourcePolicy(scope: IConstruct, principalArn: string, statements: PolicyStatement[]): PolicyStatement[] {
  const missing = new Set(statements.map(withoutIdentityActions).filter((statement) => statement !== undefined));
  if (missing.size === 0) return [];

  for (const construct of (Stage.of(scope) ?? scope.node.root).node.findAll()) {
    if (!CfnResource.isCfnResource(construct)) continue;

    // In another stack the same ARN is rendered as an import.
    const stack = Stack.of(construct);
    const resolve = (value: unknown) => stack.resolve(value);
    const allowances = [...allowancesIn(resolve(propertiesOf(construct)))].filter(({ principal }) => names(principal, resolve(principalArn)));
    if (allowances.length === 0) continue;
    for (const statement of missing) {
      // A policy is in the environment of its resource. Elsewhere, resolving the ARN would fail or rename the resource.
      if ((resourceStack(statement) ?? stack).environment !== stack.environment) continue;
      if (allowances.some((allowance) => covers(allowance, resolve(statement.actions), resolve(statement.resources)))) missing.delete(statement);
    }
  }
  return [...missing];
}

/**
 * A statement without the actions that the policy of its resource cannot allow and that the grant does not need there. `grantReadData()` of a table also asks for actions
 * on its stream, at the ARN of the table. `grantPull()` of a repository also asks for the token of the registry, which is no resource
 * (Service Authorization Reference: Amazon DynamoDB, Amazon Elastic Container Registry).
 */
function withoutIdentityActions(statement: PolicyStatement): PolicyStatement | undefined {
  const isOfStream = statement.resources.some((resource) => resource.includes('/stream/')
    || Tokenization.reverseString(resource).tokens.some((token) => Reference.isReference(token) && token.displayName === 'StreamArn'));
  const actions = statement.actions.filter((action) => action !== 'ecr:GetAuthorizationToken' && (isOfStream || !STREAM_ACTIONS.includes(action)));
  if (actions.length === statement.actions.length) return statement;
  return actions.length === 0 ? undefined : statement.copy({ actions });
}

/** The stack of the resource in a statement, if the app defines it. */
export function resourceStack(statement: PolicyStatement): Stack | undefined {
  return statement.resources.map(referencedStack).find((stack) => stack !== undefined);
}

/** The stack of the construct that a text refers to, if it refers to any. */
export function referencedStack(text: string): Stack | undefined {
  const reference = Tokenization.reverseString(text).tokens.find((token) => Reference.isReference(token));
  return reference && Stack.of(reference.target);
}

/** A permission in the template: a statement of a policy, or an `AWS::Lambda::Permission`. */
interface Allowance {
  readonly principal: unknown;
  readonly actions: unknown;
  readonly resources: unknown;
}

function propertiesOf(resource: CfnResource): unknown {
  const inspector = new TreeInspector();
  (resource as Partial<IInspectable>).inspect?.(inspector);
  return inspector.attributes['aws:cdk:cloudformation:props'];
}

function* allowancesIn(value: unknown): Generator<Allowance> {
  if (typeof value !== 'object' || value === null) return;

  const { Effect: effect = 'Allow', Principal, principal = Principal, Action, action = Action, Resource } = value as Record<string, unknown>;
  if (principal !== undefined && effect === 'Allow') {
    yield { principal, actions: action, resources: Resource };
  }
  for (const part of Object.values(value)) {
    yield* allowancesIn(part);
  }
}

function names(principal: unknown, arn: unknown): boolean {
  return JSON.stringify(principal).includes(JSON.stringify(arn));
}

/** Whether a statement covers all actions on all resources. A policy of one resource can omit the resource, or use `*`. */
function covers({ actions, resources }: Allowance, wantedActions: unknown[], wantedResources: unknown[]): boolean {
  const includesAll = (list: unknown, wanted: unknown[]) => {
    const elements = new Set([list].flat().map((element) => JSON.stringify(element)));
    return wanted.every((element) => elements.has(JSON.stringify(element)));
  };
  return includesAll(actions, wantedActions)
    && (resources === undefined || includesAll(resources, ['*']) || includesAll(resources, wantedResources));
}
