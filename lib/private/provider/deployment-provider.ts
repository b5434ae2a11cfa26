import { ArnFormat, Duration, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { HandlerProvider } from './handler-provider';
import { READS_LIGHTSAIL, suppressDomainChanges, suppressReads } from './nag-suppressions';
import { identityOf } from '../tree/reference-identity';
import { throwIfInvalid } from '../validation/validation';

const ID = 'LightsailContainerServiceDeploymentProvider';

/** Lightsail has no resource-level permissions for actions that begin with Get. */
const READ_ACTIONS = ['lightsail:GetContainerServices', 'lightsail:GetContainerServiceDeployments', 'lightsail:GetContainerLog'];

/** With the calls themselves, the end of a deployment shows within 8 seconds. */
const QUERY_INTERVAL_SECONDS = 7;

/** A call stays up to 5 minutes while the end is near, and reads logs for one. See decisions/0015-step-functions-waits.md. */
const HANDLER_TIMEOUT = Duration.minutes(10);

/** The provider of the deployments and of private registry access. */
export class DeploymentProvider extends HandlerProvider {
  /** The provider of the stack that a construct is in. */
  public static of(scope: Construct): DeploymentProvider {
    throwIfInvalid(scope.node.path, DeploymentProvider.validate(scope));
    return this.findById<DeploymentProvider>(scope, ID) ?? new DeploymentProvider(Stack.of(scope));
  }

  /** The errors of a stack that holds something else in the place of the provider, and of a library that is not complete. */
  public static validate(scope: Construct): string[] {
    return this.validatePlace(scope, ID, 'deployment-handler', (construct) => construct instanceof DeploymentProvider, 'deployments');
  }

  private constructor(stack: Stack) {
    super(stack, ID, {
      description: 'Lightsail container service deployments: begins a deployment, and follows it to its end',
      bundle: 'deployment-handler',
      memorySize: 256,
      timeout: HANDLER_TIMEOUT,
      queryIntervalSeconds: QUERY_INTERVAL_SECONDS,
      unlimitedActions: READ_ACTIONS,
      unlimitedActionsFinding: READS_LIGHTSAIL,
    });
  }

  /** Lets the handler see which images a private Amazon ECR repository holds. */
  public describeImagesPolicy(repositoryArn: string): iam.Policy {
    return this.policy(identityOf(repositoryArn, this), new iam.PolicyStatement({ actions: ['ecr:DescribeImages'], resources: [repositoryArn] }));
  }

  /** Lets the handler read certificates. Only a stack with a certificate has it. */
  public getCertificatesPolicy(): iam.Policy {
    const policy = this.policy('GetCertificates', new iam.PolicyStatement({ actions: ['lightsail:GetCertificates'], resources: ['*'] }));
    suppressReads(policy);
    return policy;
  }

  /** Lets the handler replace certificates on the services of the stack. They come after that, so their ARNs are not known. */
  public changeDomainsPolicy(): iam.Policy {
    const services = Stack.of(this).formatArn({
      service: 'lightsail', resource: 'ContainerService', resourceName: '*', arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
    });
    const policy = this.policy('ChangeDomains', new iam.PolicyStatement({ actions: ['lightsail:UpdateContainerService'], resources: [services] }));
    suppressDomainChanges(policy);
    return policy;
  }
}
