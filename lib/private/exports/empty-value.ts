import { CfnOutput, DefaultTokenResolver, Reference, Stack, StringConcat, Tokenization, type IResolvable, type IResolveContext } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { oncePerValidation } from '../tree/once-per-validation';

/** Stands for any text that is not empty. */
const SOMETHING = 'x';

/**
 * Whether a value of an output is an empty text, if some references are. Outputs of nested stacks are followed to what they refer to.
 *
 * @param isEmpty whether a reference is taken as empty
 */
export function isEmptyOutput(output: CfnOutput, isEmpty: (reference: Reference) => boolean): boolean {
  try {
    const resolver = new EmptyResolver((reference) => {
      const nested = outputOf(reference);
      return nested ? isEmptyOutput(nested, isEmpty) : isEmpty(reference);
    });
    return textOf(Tokenization.resolve(output.value, { scope: output, preparing: false, resolver })).trim() === '';
  } catch {
    // The CDK reports a value that it cannot render.
    return false;
  }
}

class EmptyResolver extends DefaultTokenResolver {
  constructor(private readonly isEmpty: (reference: Reference) => boolean) {
    super(new StringConcat());
  }

  public override resolveToken(token: IResolvable, context: IResolveContext, postProcessor: Parameters<DefaultTokenResolver['resolveToken']>[2]): unknown {
    return Reference.isReference(token) ? (this.isEmpty(token) ? '' : SOMETHING) : super.resolveToken(token, context, postProcessor);
  }
}

/** The output of a nested stack that its parent refers to. */
function outputOf({ target, displayName }: Reference): CfnOutput | undefined {
  if (!displayName.startsWith('Outputs.')) return undefined;

  // The name of the output is a token.
  const name = displayName.slice('Outputs.'.length);
  return target.node.root.node.findAll().find((construct): construct is CfnOutput => construct instanceof CfnOutput
    && Stack.of(construct).nestedStackResource === target && Stack.of(construct).resolve(construct.logicalId) === Stack.of(construct).resolve(name));
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;

  const { 'Fn::Join': join } = (value ?? {}) as { readonly 'Fn::Join'?: readonly [string, unknown] };
  return join === undefined ? SOMETHING : [join[1]].flat().map(textOf).join(join[0]);
}

/** The outputs that export a value to other stacks. Call it during the validation. */
export function exportsOf(scope: IConstruct): CfnOutput[] {
  return oncePerValidation(scope, findExports);
}

function findExports(root: IConstruct): CfnOutput[] {
  return root.node.findAll().filter((construct): construct is CfnOutput => construct instanceof CfnOutput && construct.exportName !== undefined);
}
