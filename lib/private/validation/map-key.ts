import { Intrinsic, Reference, Stack, Token, Tokenization, type IResolvable } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** The token of a key. A number that is a token becomes a key by its digits. */
function tokensOf(key: string): IResolvable[] {
  const number = Tokenization.reverseNumber(Number(key));
  return number === undefined ? Tokenization.reverseString(key).tokens : [number];
}

export function isTokenKey(key: string): boolean {
  return Token.isUnresolved(key) || tokensOf(key).length > 0;
}

/** A key that the CDK can render: a number that is a token becomes a text that is one. */
export function renderKey(key: string): string {
  return Tokenization.reverseNumber(Number(key)) === undefined ? key : Tokenization.stringifyNumber(Number(key));
}

/**
 * The errors of a key that is known only at deploy time: a template cannot contain it. What a `Lazy` produces is known at synthesis.
 *
 * @param what the key, for example `a port`
 */
export function validateKnownKey(property: string, key: string, what: string): string[] {
  return tokensOf(key).some((token) => Reference.isReference(token) || token instanceof Intrinsic || token.constructor.name === 'FnJoin')
    ? [keyError(property, what)] : [];
}

/** The same at synthesis, when each `Lazy` produces its value. */
export function validateResolvedKey(property: string, key: string, what: string, scope: IConstruct): string[] {
  if (!isTokenKey(key)) return [];
  try {
    const resolved: unknown = Stack.of(scope).resolve(renderKey(key));
    return typeof resolved === 'string' ? [] : [keyError(property, what)];
  } catch {
    // The CDK reports the reason when it renders the template.
    return [];
  }
}

function keyError(property: string, what: string): string {
  return `${property}: <token> is known only at deploy time, but ${what} must be known at synthesis. `
    + "Use a literal, or a value that synthesis knows, for example from this.node.tryGetContext('name').";
}
