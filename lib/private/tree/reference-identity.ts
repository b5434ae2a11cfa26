import { DefaultTokenResolver, Reference, Stack, Tokenization, type IPostProcessor, type IResolvable, type IResolveContext } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { cfnContainerOf } from './cfn-container';

/**
 * What tells whether two values of a stack are one and the same, and stays from synthesis to synthesis:
 * two references to one attribute of one construct are equal.
 *
 * `Stack.resolve()` does not tell that while the app is built: it names what another stack defines by
 * the logical id that it has there, which something else may have here.
 *
 * @param scope a construct of the stack that uses the value
 */
export function identityOf(value: unknown, scope: IConstruct): string {
  return textOf(Tokenization.resolve(value, { scope, preparing: false, resolver: new ReferenceNamer(Stack.of(scope)) }));
}

/**
 * What tells whether two names of container services are those of one service: a service of the app goes by the name that
 * it is given, so that a reference to it and its name are equal.
 *
 * @param scope a construct of the stack that uses the name
 */
export function serviceIdentityOf(serviceName: string, scope: IConstruct): string {
  return textOf(Tokenization.resolve(serviceName, { scope, preparing: false, resolver: new ServiceNamer(Stack.of(scope)) }));
}

class ReferenceNamer extends DefaultTokenResolver {
  constructor(private readonly stack: Stack) {
    super({ join: (left, right) => textOf(left) + textOf(right) });
  }

  public override resolveToken(token: IResolvable, context: IResolveContext, postProcessor: IPostProcessor): unknown {
    if (!Reference.isReference(token)) return super.resolveToken(token, context, postProcessor);

    const { scopes, path } = token.target.node;
    const isOfThisStack = Stack.of(token.target) === this.stack;
    return `${isOfThisStack ? scopes.slice(this.stack.node.scopes.length).map(({ node }) => node.id).join('/') : path}.${token.displayName}`;
  }
}

class ServiceNamer extends ReferenceNamer {
  public override resolveToken(token: IResolvable, context: IResolveContext, postProcessor: IPostProcessor): unknown {
    const container = Reference.isReference(token) && token.displayName === 'Ref' ? cfnContainerOf(token.target) : undefined;
    return container ? context.resolve(container.serviceName) : super.resolveToken(token, context, postProcessor);
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value) ?? '';
}
