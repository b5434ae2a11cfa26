import { CfnResource } from 'aws-cdk-lib';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import { frameworkFunctions } from './framework-functions';
import { acknowledgeAtSynthesis, type NagSuppression } from './nag-acknowledgements';

/*
 * What the rules AwsSolutions of cdk-nag find in the resources of this library, and why it stays: see
 * decisions/0012-cdk-nag.md. cdk-nag reads that from the metadata of a resource, so it need not be installed.
 */

const NEWEST_RUNTIME: NagSuppression = {
  id: 'AwsSolutions-L1',
  reason: 'This is the newest Node.js that aws-cdk-lib knows to be in the Region. The rule requires the newest in any Region.',
};

const WRITES_LOGS: NagSuppression = {
  id: 'AwsSolutions-IAM4',
  reason: 'The managed policy only lets the function write logs, and in a VPC use a network interface. Lambda names the log group after '
    + 'the function, and a policy cannot contain that name before the function exists.',
  applies_to: [{ regex: '/^Policy::arn:.+:iam::aws:policy\\/service-role\\/AWSLambda(Basic|VPCAccess)ExecutionRole$/' }],
};

/** For the policy of the handler of the deployments. */
export const READS_LIGHTSAIL: NagSuppression = {
  id: 'AwsSolutions-IAM5',
  reason: 'The actions of Lightsail that begin with Get have no resource-level permissions.',
  applies_to: ['Resource::*'],
};

/** For the policy of the handler of the images. */
export const COPIES_IMAGES: NagSuppression = {
  id: 'AwsSolutions-IAM5',
  reason: 'The actions of Lightsail that begin with Get, and the one that logs in to its registry, have no resource-level permissions.',
  applies_to: ['Resource::*'],
};

const LOGS_IN_TO_ECR: NagSuppression = {
  id: 'AwsSolutions-IAM5',
  reason: 'The login of Amazon ECR has no resource-level permissions. Another policy names the repositories.',
  applies_to: ['Resource::*'],
};

const DEPLOYS_BY_NAME: NagSuppression = {
  id: 'AwsSolutions-IAM5',
  reason: 'The ARN of a container service ends with an id that is not known for a service that is given by its name. '
    + 'ContainerService.fromContainerServiceAttributes() takes the ARN, and limits the permission to it.',
  applies_to: [{ regex: '/^Resource::arn:.+:lightsail:.+:ContainerService\\/\\*$/' }],
};

const CHANGES_DOMAINS: NagSuppression = {
  id: 'AwsSolutions-IAM5',
  reason: 'The ARN of a container service ends with an id that is not known before the service exists. The certificates of its domain names '
    + 'are replaced before CloudFormation updates the service.',
  applies_to: [{ regex: '/^Resource::arn:.+:lightsail:.+:ContainerService\\/\\*$/' }],
};

const INVOKES_VERSIONS: NagSuppression = {
  id: 'AwsSolutions-IAM5',
  reason: 'The wildcard is for the versions of one named function.',
  applies_to: [{ regex: '/^Resource::<[A-Za-z0-9]+\\.Arn>:\\*$/' }],
};

const KEEPS_NO_LOG: NagSuppression = {
  id: 'AwsSolutions-SF1',
  reason: 'A log of the waiter can contain the pre-signed URL for the response of a custom resource. '
    + 'The function of the handler has a log of its own.',
};

const KEEPS_NO_TRACE: NagSuppression = {
  id: 'AwsSolutions-SF2',
  reason: 'The waiter fails with an error to be called again, and that error contains the pre-signed URL for the response of a custom resource. '
    + 'A trace could record it. Tracing would also need permissions on all resources.',
};

/**
 * For everything that runs at deploy time, for any container service.
 *
 * @param handlers the functions of the handler
 * @param framework the Provider framework that calls them
 * @param unlimitedActions why the policy of a handler has permissions on all resources
 */
export function suppressProviderFindings(handlers: readonly lambda.Function[], framework: IConstruct, unlimitedActions: NagSuppression): void {
  for (const fn of [...handlers, ...frameworkFunctions(framework)]) {
    suppress(fn, 'AWS::Lambda::Function', NEWEST_RUNTIME);
    suppress(fn, 'AWS::IAM::Role', WRITES_LOGS);
  }
  for (const handler of handlers) {
    suppress(handler, 'AWS::IAM::Policy', unlimitedActions);
  }
  suppress(framework, 'AWS::IAM::Policy', INVOKES_VERSIONS);
  suppress(framework, 'AWS::StepFunctions::StateMachine', KEEPS_NO_LOG, KEEPS_NO_TRACE);
}

/** For a policy that lets the handler read what has no resource-level permissions. */
export function suppressReads(policy: IConstruct): void {
  suppress(policy, 'AWS::IAM::Policy', READS_LIGHTSAIL);
}

/** For a policy on all container services of an account and Region, where the ARN of the one that is meant is not known. */
export function suppressWildcardService(policy: IConstruct): void {
  suppress(policy, 'AWS::IAM::Policy', DEPLOYS_BY_NAME);
}

/** For the policy that replaces the certificates of container services. */
export function suppressDomainChanges(policy: IConstruct): void {
  suppress(policy, 'AWS::IAM::Policy', CHANGES_DOMAINS);
}

/** For the policy with the login of Amazon ECR. */
export function suppressRegistryLogin(policy: IConstruct): void {
  suppress(policy, 'AWS::IAM::Policy', LOGS_IN_TO_ECR);
}

/** On all resources of a type, of a construct and below it. Once, however often it is called. */
function suppress(scope: IConstruct, resourceType: string, ...suppressions: NagSuppression[]): void {
  for (const construct of scope.node.findAll()) {
    if (CfnResource.isCfnResource(construct) && construct.cfnResourceType === resourceType) {
      const present: NagSuppression[] = construct.getMetadata('cdk_nag')?.rules_to_suppress ?? [];
      const others = present.filter(({ reason }) => !suppressions.some((suppression) => suppression.reason === reason));
      construct.addMetadata('cdk_nag', { rules_to_suppress: [...others, ...suppressions] });
      acknowledgeAtSynthesis(construct, suppressions);
    }
  }
}
