import { Duration, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Provider } from 'aws-cdk-lib/custom-resources';
import { Construct, type IConstruct, type IDependable } from 'constructs';
import { bundleFolder, validateBundle } from './bundle';
import { frameworkFunctions } from './framework-functions';
import { logGroupsBelow } from './log-groups';
import { suppressProviderFindings } from './nag-suppressions';
import { RolePolicy } from './role-policy';
import { ServicePermissions } from './service-permissions';
import { identityOf } from '../tree/reference-identity';
import { throwIfInvalid } from '../validation/validation';

const ID = 'LightsailContainerServiceDeploymentProvider';

/** Marks a provider with the version of the library. Another copy of the library finds the mark, but has another class. */
const VERSION = Symbol.for('cdk-lightsail-containers.DeploymentProvider.version');

// Bundlers follow require(). jsii does not compile an import of JSON.
// eslint-disable-next-line @typescript-eslint/no-require-imports
const { version: OWN_VERSION } = require('../../../package.json') as { version: string };

const READ_ACTIONS = ['lightsail:GetContainerServices', 'lightsail:GetContainerServiceDeployments', 'lightsail:GetContainerLog'];
/** What the stack operation is, and what became of a custom resource: no event says so. */
const STACK_READ_ACTIONS = ['cloudformation:DescribeStackEvents', 'cloudformation:DescribeStackResource', 'cloudformation:DescribeStacks'];

/** The pause of Step Functions between two calls of the handler. With the calls themselves, the end of a deployment shows within 8 seconds. */
const QUERY_INTERVAL_SECONDS = 7;

/** An hour is the maximum of the framework, and it takes whole numbers of pauses only. */
const MAX_QUERIES = Math.floor(3600 / QUERY_INTERVAL_SECONDS);

/** A call stays up to 5 minutes while the end is near, and reads logs for one. See decisions/0015-step-functions-waits.md. */
const HANDLER_TIMEOUT = Duration.minutes(10);

/**
 * How often the functions of the framework try to call the handler. An account may run only ten functions at a time: a call that is
 * throttled must not fail the deployment.
 */
const INVOCATION_ATTEMPTS = 10;

/**
 * What runs at deploy time, once in a stack for all its deployments: the function of the handler, and the Provider framework that calls it
 * and waits.
 */
export class DeploymentProvider extends Construct {
  /** The provider of the stack that a construct is in. */
  public static of(scope: Construct): DeploymentProvider {
    throwIfInvalid(scope.node.path, DeploymentProvider.validate(scope));
    const stack = Stack.of(scope);
    return stack.node.tryFindChild(ID) as DeploymentProvider | undefined ?? new DeploymentProvider(stack, ID);
  }

  /** The errors of a stack that holds something else in the place of the provider, and of a library that is not complete. */
  public static validate(scope: Construct): string[] {
    const present = Stack.of(scope).node.tryFindChild(ID) as (IConstruct & { [VERSION]?: string }) | undefined;
    if (present === undefined) return validateBundle('deployment-handler');
    if (present instanceof DeploymentProvider) return [];
    return [VERSION in present
      ? `provider: another copy of cdk-lightsail-containers, version ${present[VERSION]}, also has deployments in this stack. This copy has version ${OWN_VERSION}. `
        + 'Run "npm ls cdk-lightsail-containers", and install the library only once.'
      : `provider: the construct ${present.node.path} has the id of the provider of this library. Use another id for it.`];
  }

  public readonly serviceToken: string;
  public readonly handlerRole: iam.IRole;
  /** What must exist before a custom resource calls the functions. */
  public readonly prerequisites: IDependable;
  private readonly permissions: Construct;

  private constructor(scope: Construct, id: string) {
    super(scope, id);
    Object.defineProperty(this, VERSION, { value: OWN_VERSION });

    const handler = this.createHandler();
    this.handlerRole = handler.role!;
    this.prerequisites = logGroupsBelow(this);
    this.permissions = new Construct(this, 'Permissions');

    const framework = new Provider(this, 'Provider', {
      // One function for both: an event of isComplete holds what onEvent returned.
      onEventHandler: handler,
      isCompleteHandler: handler,
      queryInterval: Duration.seconds(QUERY_INTERVAL_SECONDS),
      // The handler itself keeps to the timeout of each deployment.
      totalTimeout: Duration.seconds(MAX_QUERIES * QUERY_INTERVAL_SECONDS),
    });
    this.serviceToken = framework.serviceToken;
    for (const fn of frameworkFunctions(framework)) {
      fn.addEnvironment('AWS_MAX_ATTEMPTS', String(INVOCATION_ATTEMPTS));
    }
    suppressProviderFindings([handler], framework);
  }

  /** What the handler may change of a container service: one for each ARN, however many constructs refer to it. */
  public permissionsFor(containerServiceArn: string): ServicePermissions {
    const id = identityOf(containerServiceArn, this);
    return this.permissions.node.tryFindChild(id) as ServicePermissions | undefined
      ?? new ServicePermissions(this.permissions, id, containerServiceArn, this.handlerRole);
  }

  /** Lets the handler see which images a private Amazon ECR repository holds. It is apart from the function, as what the handler may change. */
  public describeImagesPolicy(repositoryArn: string): iam.Policy {
    const id = identityOf(repositoryArn, this);
    return this.permissions.node.tryFindChild(id) as iam.Policy | undefined ?? new RolePolicy(this.permissions, id, this.handlerRole, [
      new iam.PolicyStatement({ actions: ['ecr:DescribeImages'], resources: [repositoryArn] }),
    ]);
  }

  private createHandler(): lambda.Function {
    return new lambda.Function(this, 'Handler', {
      description: 'Lightsail container service deployments: begins a deployment, and follows it to its end',
      code: lambda.Code.fromAsset(bundleFolder('deployment-handler')),
      handler: 'index.handler',
      runtime: lambda.determineLatestNodeRuntime(this),
      // See decisions/0004-handler-runtime.md: arm64 is not known to exist in every Region of Lightsail.
      architecture: lambda.Architecture.X86_64,
      memorySize: 256,
      // The handler refuses events of other stacks.
      environment: { STACK_ID: Stack.of(this).stackId },
      timeout: HANDLER_TIMEOUT,
      loggingFormat: lambda.LoggingFormat.JSON,
      initialPolicy: [
        // Lightsail has no resource-level permissions for actions that begin with Get.
        new iam.PolicyStatement({ actions: READ_ACTIONS, resources: ['*'] }),
        new iam.PolicyStatement({ actions: STACK_READ_ACTIONS, resources: [Stack.of(this).stackId] }),
      ],
    });
  }
}
