import * as path from 'path';
import { Duration, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Provider } from 'aws-cdk-lib/custom-resources';
import { Construct } from 'constructs';
import { suppressProviderFindings } from './nag-suppressions';
import { ServicePermissions } from './service-permissions';
import { identityOf } from '../tree/reference-identity';

const HANDLER_BUNDLE = path.join(__dirname, '..', '..', '..', 'assets', 'deployment-handler');

const SERVICE_READ_ACTIONS = ['lightsail:GetContainerServices', 'lightsail:GetContainerServiceDeployments'];
const LOG_READ_ACTION = 'lightsail:GetContainerLog';
/** What the stack operation is, and what became of a custom resource: no event tells. */
const STACK_READ_ACTIONS = ['cloudformation:DescribeStackResource', 'cloudformation:DescribeStacks'];

/**
 * What runs at deploy time, once in a stack, however many deployments it serves: the two functions of
 * the handler and the Provider framework that calls them and waits.
 */
export class DeploymentProvider extends Construct {
  /** The provider of the stack that a construct stands in. */
  public static of(scope: Construct): DeploymentProvider {
    const stack = Stack.of(scope);
    const id = 'LightsailContainerServiceDeploymentProvider';
    return stack.node.tryFindChild(id) as DeploymentProvider | undefined ?? new DeploymentProvider(stack, id);
  }

  public readonly serviceToken: string;
  /** The roles of the two functions of the handler. */
  public readonly handlerRoles: iam.IRole[];
  private readonly permissions: Construct;

  private constructor(scope: Construct, id: string) {
    super(scope, id);

    const onEvent = this.createHandler('OnEvent', 'onEvent', 'begins', SERVICE_READ_ACTIONS);
    const isComplete = this.createHandler('IsComplete', 'isComplete', 'follows', [...SERVICE_READ_ACTIONS, LOG_READ_ACTION]);
    this.handlerRoles = [onEvent.role!, isComplete.role!];
    this.permissions = new Construct(this, 'Permissions');

    const framework = new Provider(this, 'Provider', {
      onEventHandler: onEvent,
      isCompleteHandler: isComplete,
      // Each call of isComplete asks Lightsail many times, at its own pace: this is the pause between two calls.
      queryInterval: Duration.seconds(1),
      // The most that there is. The handler itself keeps to the timeout of each deployment.
      totalTimeout: Duration.hours(1),
    });
    this.serviceToken = framework.serviceToken;
    suppressProviderFindings([onEvent, isComplete], framework);
  }

  /** What the handler may change of a container service: one for each ARN, however many constructs refer to it. */
  public permissionsFor(containerServiceArn: string): ServicePermissions {
    const id = identityOf(containerServiceArn, this);
    return this.permissions.node.tryFindChild(id) as ServicePermissions | undefined
      ?? new ServicePermissions(this.permissions, id, containerServiceArn, this.handlerRoles);
  }

  /** What lets the handler see which images a private Amazon ECR repository holds; apart from its functions, as what it may change. */
  public describeImagesPolicy(repositoryArn: string): iam.Policy {
    const id = identityOf(repositoryArn, this);
    return this.permissions.node.tryFindChild(id) as iam.Policy | undefined ?? new iam.Policy(this.permissions, id, {
      roles: this.handlerRoles,
      statements: [new iam.PolicyStatement({ actions: ['ecr:DescribeImages'], resources: [repositoryArn] })],
    });
  }

  private createHandler(id: string, exportName: string, does: string, readActions: string[]): lambda.Function {
    return new lambda.Function(this, id, {
      description: `Lightsail container service deployments: ${does} a deployment`,
      code: lambda.Code.fromAsset(HANDLER_BUNDLE),
      handler: `index.${exportName}`,
      runtime: lambda.determineLatestNodeRuntime(this),
      // See decisions/0004-handler-runtime.md: arm64 is not known to be there in every Region of Lightsail.
      architecture: lambda.Architecture.X86_64,
      memorySize: 256,
      // The most that Lambda gives: one call of isComplete looks on for 12 minutes, after a last pause of up to a minute and a half, and may read logs for one.
      timeout: Duration.minutes(15),
      loggingFormat: lambda.LoggingFormat.JSON,
      initialPolicy: [
        // Lightsail offers no resource-level permissions for what begins with Get.
        new iam.PolicyStatement({ actions: readActions, resources: ['*'] }),
        new iam.PolicyStatement({ actions: STACK_READ_ACTIONS, resources: [Stack.of(this).stackId] }),
      ],
    });
  }
}
