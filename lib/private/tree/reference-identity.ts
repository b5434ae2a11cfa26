import { DefaultTokenResolver, Reference, Stack, Tokenization, type IPostProcessor, type IResolvable, type IResolveContext } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { cfnContainerOf } from './cfn-container';

/**
 * An identity of a value, the same in every synthesis. Two values of a stack are equal if their identities are:
 * for example, two references to one attribute of one construct.
 *
 * `Stack.resolve()` cannot be used for this before synthesis. It uses the logical id of a resource in another stack,
 * and a resource of this stack can have the same logical id.
 *
 * @param scope a construct of the stack that uses the value
 */
export function identityOf(value: unknown, scope: IConstruct): string {
  return textOf(Tokenization.resolve(value, { scope, preparing: false, resolver: new ReferenceNamer(Stack.of(scope)) }));
}

/** An identity that people can read, for the id of a construct: `{"Ref":"AWS::Region"}` becomes `Region`. */
export function readableIdentityOf(value: unknown, scope: IConstruct): string {
  return identityOf(value, scope)
    .replace(/\{"Fn::Sub":"([^"]*)"\}/g, '$1')
    .replace(/\{"Ref":"([^"]*)"\}|\$\{([^}]*)\}/g, (_, ref?: string, sub?: string) => (ref ?? sub)!.replace(/^AWS::/, ''));
}

/**
 * An identity of a container service: two names have the same identity if they belong to one service. A reference to a
 * service of the app has the same identity as the service's name, in all stacks of the app.
 *
 * @param scope the construct that uses the name
 */
export function serviceIdentityOf(serviceName: string, scope: IConstruct): string {
  return textOf(Tokenization.resolve(serviceName, { scope, preparing: false, resolver: new ServiceNamer() }));
}

class ReferenceNamer extends DefaultTokenResolver {
  /** @param stack where paths begin. Default: the app */
  constructor(private readonly stack?: Stack) {
    super({ join: (left, right) => textOf(left) + textOf(right) });
  }

  public override resolveToken(token: IResolvable, context: IResolveContext, postProcessor: IPostProcessor): unknown {
    if (!Reference.isReference(token)) return super.resolveToken(token, context, postProcessor);

    const { scopes, path } = token.target.node;
    const isOfThisStack = this.stack !== undefined && Stack.of(token.target) === this.stack;
    return `${isOfThisStack ? scopes.slice(this.stack!.node.scopes.length).map(({ node }) => node.id).join('/') : path}.${token.displayName}`;
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
