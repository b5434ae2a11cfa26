import { CfnResource } from 'aws-cdk-lib';
import { Dependable, type IConstruct, type IDependable } from 'constructs';

/**
 * The log groups of functions, to depend on. New apps of the CDK have a log group in the template for each function, with the name that
 * Lambda would use. If a function runs before its log group exists, Lambda creates the group, and CloudFormation then fails
 * with AlreadyExists. So a caller of the functions must wait for their log groups.
 *
 * It looks for them at synthesis: an Aspect can add one.
 */
export function logGroupsBelow(scope: IConstruct): IDependable {
  const logGroups = {};
  Dependable.implement(logGroups, {
    get dependencyRoots(): IConstruct[] {
      return scope.node.findAll().filter((construct) => CfnResource.isCfnResource(construct) && construct.cfnResourceType === 'AWS::Logs::LogGroup');
    },
  });
  return logGroups;
}
