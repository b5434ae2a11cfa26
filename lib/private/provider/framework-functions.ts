import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';

/** The functions of a Provider framework, which call the handler. */
export function frameworkFunctions(framework: IConstruct): lambda.Function[] {
  return framework.node.children.filter((child) => child instanceof lambda.Function);
}
