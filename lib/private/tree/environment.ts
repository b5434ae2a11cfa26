import { Stack, Stage, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** Two stacks without an environment are in the same one, as for the CDK, unless they are in different stages. */
export function areInSameEnvironment(a: IConstruct, b: IConstruct): boolean {
  const [first, second] = [Stack.of(a), Stack.of(b)];
  const isKnown = !Token.isUnresolved(first.account) && !Token.isUnresolved(first.region);
  return first.environment === second.environment && (isKnown || Stage.of(a) === Stage.of(b));
}
