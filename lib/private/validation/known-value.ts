import { Stack, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * A value as far as synthesis knows it: what a `Lazy` produces in place of the `Lazy`. What only CloudFormation makes known
 * stays a token. To be called at synthesis, when all that a `Lazy` waits for is there.
 *
 * @param scope the construct that the value belongs to
 */
export function resolveKnown<T>(value: T, scope: IConstruct): T {
  try {
    return withTokens(Stack.of(scope).resolve(value)) as T;
  } catch {
    // It cannot be rendered, and the CDK says why when it renders the template.
    return value;
  }
}

/** Makes tokens again of CloudFormation's functions, so that whoever looks at the value passes over them. */
function withTokens(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(withTokens);

  const [name, ...others] = Object.keys(value);
  if (others.length === 0 && (name === 'Ref' || name?.startsWith('Fn::'))) return Token.asAny(value);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withTokens(item)]));
}
