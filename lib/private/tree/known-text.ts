import {
  CfnDynamicReference, DefaultTokenResolver, Intrinsic, Reference, SecretValue, Token, Tokenization,
  type IPostProcessor, type IResolvable, type IResolveContext,
} from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** Stands for each part of a text that is known only at deploy time. No name and no value can contain it. */
export const UNKNOWN = '\0';

/**
 * The text of a value before deployment, with `UNKNOWN` for each part that is not known. It joins the parts of `Fn::Join` and `Fn::Sub`.
 *
 * It calls no `Lazy`: most of them keep the first value that they produce.
 */
export function knownText(value: unknown): string {
  return textOf(resolveLiterals(value));
}

/** The text of a value and of all values inside it, for example the arguments of CloudFormation's functions. */
export function textsIn(value: unknown): string[] {
  return [...textsOf(resolveLiterals(value))];
}

/** The dynamic references inside a value, with the tokens in their text. */
export function dynamicReferencesIn(value: unknown): string[] {
  const collector = new ReferenceCollector();
  try {
    Tokenization.resolve(value, { scope: undefined as unknown as IConstruct, preparing: false, resolver: collector });
  } catch {
    // A value that cannot be resolved is not one of them.
  }
  return collector.found;
}

/** The reference that a value is, if it is only that. */
export function referenceOf(value: unknown): Reference | undefined {
  if (Reference.isReference(value)) return value;
  if (typeof value !== 'string') return undefined;

  const { length, tokens: [token] } = Tokenization.reverseString(value);
  return length === 1 && Reference.isReference(token) ? token : undefined;
}

function resolveLiterals(value: unknown): unknown {
  // Most values are plain text, and a resolver looks for tokens in it for long.
  if (typeof value === 'string' && !Token.isUnresolved(value)) return value;

  try {
    // None of the tokens that are resolved needs a scope.
    return Tokenization.resolve(value, { scope: undefined as unknown as IConstruct, preparing: false, resolver: new LiteralResolver() });
  } catch {
    return UNKNOWN;
  }
}

class LiteralResolver extends DefaultTokenResolver {
  constructor() {
    super({ join: (left, right) => textOf(left) + textOf(right) });
  }

  public override resolveToken(token: IResolvable, context: IResolveContext, postProcessor: IPostProcessor): unknown {
    // SecretValue.resolve() fails under a feature flag.
    if (SecretValue.isSecretValue(token)) return context.resolve(token.unsafeUnwrap());
    return !Reference.isReference(token) && isFunction(token) ? super.resolveToken(token, context, postProcessor) : UNKNOWN;
  }
}

class ReferenceCollector extends LiteralResolver {
  public readonly found: string[] = [];

  public override resolveToken(token: IResolvable, context: IResolveContext, postProcessor: IPostProcessor): unknown {
    if (token instanceof CfnDynamicReference) {
      const text: unknown = token.resolve(context);
      if (typeof text === 'string') this.found.push(text);
    }
    return super.resolveToken(token, context, postProcessor);
  }
}

/** `Fn.join()` is the only function of the CDK that is not an `Intrinsic`. */
function isFunction(token: IResolvable): boolean {
  return token instanceof Intrinsic || token.constructor.name === 'FnJoin';
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value !== 'object') return String(value);

  const { 'Fn::Join': join, 'Fn::Sub': sub } = value as Record<string, unknown>;
  if (Array.isArray(join) && Array.isArray(join[1])) return join[1].map(textOf).join(textOf(join[0]));
  if (sub !== undefined) return Array.isArray(sub) ? textOfSub(textOf(sub[0]), sub[1] as Record<string, unknown>) : textOfSub(textOf(sub), {});
  return UNKNOWN;
}

function textOfSub(template: string, variables: Record<string, unknown> = {}): string {
  return template.replace(/\$\{(!?)([^}]*)\}/g, (_, literal: string, name: string) => {
    if (literal) return `\${${name}}`;
    return Object.hasOwn(variables, name) ? textOf(variables[name]) : UNKNOWN;
  });
}

function* textsOf(value: unknown): Generator<string> {
  const text = textOf(value);
  if (text !== UNKNOWN) yield text;
  if (typeof value === 'object' && value !== null) {
    for (const part of Object.values(value)) yield* textsOf(part);
  }
}
