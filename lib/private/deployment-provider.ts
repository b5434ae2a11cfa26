import * as path from 'path';
import { Duration, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Provider } from 'aws-cdk-lib/custom-resources';
import { Construct } from 'constructs';

const HANDLER_BUNDLE = path.join(__dirname, '..', '..', 'assets', 'deployment-handler');

/** Lightsail offers no resource-level permissions for what begins with Get. */
const READ_ACTIONS = ['lightsail:GetContainerServices', 'lightsail:GetContainerServiceDeployments'];
const DEPLOY_ACTION = 'lightsail:CreateContainerServiceDeployment';

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
  private readonly handlers: lambda.Function[];

  private constructor(scope: Construct, id: string) {
    super(scope, id);

    const onEvent = this.createHandler('OnEvent', 'onEvent', 'begins');
    const isComplete = this.createHandler('IsComplete', 'isComplete', 'follows');
    this.handlers = [onEvent, isComplete];

    this.serviceToken = new Provider(this, 'Provider', {
      onEventHandler: onEvent,
      isCompleteHandler: isComplete,
      // Each call of isComplete asks Lightsail many times, at its own pace: this is the pause between two calls.
      queryInterval: Duration.seconds(1),
      // The most that there is. The handler itself keeps to the timeout of each deployment.
      totalTimeout: Duration.hours(1),
    }).serviceToken;
  }

  /** Lets the handler deploy to a container service. */
  public grantDeploy(containerServiceArn: string): void {
    for (const handler of this.handlers) {
      handler.addToRolePolicy(new iam.PolicyStatement({ actions: [DEPLOY_ACTION], resources: [containerServiceArn] }));
    }
  }

  private createHandler(id: string, exportName: string, does: string): lambda.Function {
    return new lambda.Function(this, id, {
      description: `Lightsail container service deployments: ${does} a deployment`,
      code: lambda.Code.fromAsset(HANDLER_BUNDLE),
      handler: `index.${exportName}`,
      runtime: lambda.determineLatestNodeRuntime(this),
      // See decisions/0004-handler-runtime.md: arm64 is not known to be there in every Region of Lightsail.
      architecture: lambda.Architecture.X86_64,
      memorySize: 256,
      timeout: Duration.minutes(10),
      loggingFormat: lambda.LoggingFormat.JSON,
      initialPolicy: [new iam.PolicyStatement({ actions: READ_ACTIONS, resources: ['*'] })],
    });
  }
}
