import { Duration, Stack, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * Resolves a value at synthesis: each `Lazy` becomes the value that it produces. A value that is known only at deploy time
 * stays a token. Call it during synthesis, when every `Lazy` can produce its value.
 *
 * @param scope the construct that the value belongs to
 */
export function resolveKnown<T>(value: T, scope: IConstruct): T {
  try {
    return withTokens(Stack.of(scope).resolve(value)) as T;
  } catch {
    // The value cannot be rendered. The CDK reports the reason when it renders the template.
    return value;
  }
}

/** The value of a duration at synthesis, if it is known then. */
export function knownDuration(duration: Duration | undefined, scope: IConstruct): Duration | undefined {
  if (!duration?.isUnresolved()) return duration;

  const seconds = resolveKnown(duration.toSeconds(), scope);
  return typeof seconds === 'number' && seconds >= 0 ? Duration.seconds(seconds) : duration;
}

/** The texts at synthesis. One that is known only at deploy time stays as it is, so that it can be compared. */
export function knownTexts(texts: readonly string[], scope: IConstruct): string[] {
  return texts.map((text) => {
    const known: unknown = resolveKnown(text, scope);
    return Token.isUnresolved(known) ? text : known as string;
  });
}

/** Turns CloudFormation's functions back into tokens, so that the validation skips them. */
function withTokens(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(withTokens);

  const [name, ...others] = Object.keys(value);
  if (others.length === 0 && (name === 'Ref' || name?.startsWith('Fn::'))) return Token.asAny(value);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withTokens(item)]));
}
