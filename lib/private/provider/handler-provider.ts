import { Duration, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Provider } from 'aws-cdk-lib/custom-resources';
import { Construct, type IConstruct, type IDependable } from 'constructs';
import { bundleFolder, validateBundle, type BundleName } from './bundle';
import { frameworkFunctions } from './framework-functions';
import { logGroupsBelow } from './log-groups';
import type { NagSuppression } from './nag-acknowledgements';
import { suppressProviderFindings } from './nag-suppressions';
import { RolePolicy } from './role-policy';
import { ServicePermissions } from './service-permissions';
import { identityOf } from '../tree/reference-identity';

/** Marks a provider with the version of the library. Another copy of the library finds the mark, but has another class. */
const VERSION = Symbol.for('cdk-lightsail-containers.DeploymentProvider.version');

// Bundlers follow require(). jsii does not compile an import of JSON.
// eslint-disable-next-line @typescript-eslint/no-require-imports
const { version: OWN_VERSION } = require('../../../package.json') as { version: string };

/** What the stack operation is, and what became of a custom resource: no event says so. */
const STACK_READ_ACTIONS = ['cloudformation:DescribeStackEvents', 'cloudformation:DescribeStackResource', 'cloudformation:DescribeStacks'];

/** The maximum of the framework. */
const MAX_TOTAL_SECONDS = 3600;

/**
 * How often the functions of the framework try to call the handler. An account may run only ten functions at a time: a call that is
 * throttled must not fail the deployment.
 */
const INVOCATION_ATTEMPTS = 10;

/** The function of a handler, and how it is called. */
export interface Handler {
  readonly description: string;
  readonly bundle: BundleName;
  readonly memorySize: number;
  /** The longest time of one call. */
  readonly timeout: Duration;
  /** The pause of Step Functions between two calls. */
  readonly queryIntervalSeconds: number;
  /** The actions that have no resource-level permissions. */
  readonly unlimitedActions: readonly string[];
  /** What cdk-nag reports about these actions, and why they stay. */
  readonly unlimitedActionsFinding: NagSuppression;
}

/**
 * What runs at deploy time, once in a stack for all custom resources of a kind: the function of the handler, and the Provider framework
 * that calls it and waits.
 */
export abstract class HandlerProvider extends Construct {
  /** The provider with this id in the stack of a construct. */
  protected static findById<T extends HandlerProvider>(scope: Construct, id: string): T | undefined {
    return Stack.of(scope).node.tryFindChild(id) as T | undefined;
  }

  /**
   * The errors of a stack that holds something else in the place of a provider, and of a library that is not complete.
   *
   * @param bundle the code of the provider
   * @param isOwn whether a construct is a provider of this copy of the library
   * @param what what the other copy of the library has in the stack
   */
  protected static validatePlace(
    scope: Construct, id: string, bundle: BundleName, isOwn: (construct: IConstruct) => boolean, what: string,
  ): string[] {
    const present = Stack.of(scope).node.tryFindChild(id) as (IConstruct & { [VERSION]?: string }) | undefined;
    if (present === undefined) return validateBundle(bundle);
    if (isOwn(present)) return [];
    return [VERSION in present
      ? `provider: another copy of cdk-lightsail-containers, version ${present[VERSION]}, also has ${what} in this stack. This copy has version ${OWN_VERSION}. `
        + 'Run "npm ls cdk-lightsail-containers", and install the library only once.'
      : `provider: the construct ${present.node.path} has the id of the provider of this library. Use another id for it.`];
  }

  public readonly serviceToken: string;
  public readonly handlerRole: iam.IRole;
  /** What must exist before a custom resource calls the functions. */
  public readonly prerequisites: IDependable;
  private readonly permissions: Construct;

  protected constructor(stack: Stack, id: string, handler: Handler) {
    super(stack, id);
    Object.defineProperty(this, VERSION, { value: OWN_VERSION });

    const fn = this.createFunction(handler);
    this.handlerRole = fn.role!;
    this.prerequisites = logGroupsBelow(this);
    this.permissions = new Construct(this, 'Permissions');

    const { queryIntervalSeconds } = handler;
    const framework = new Provider(this, 'Provider', {
      // One function for both: an event of isComplete holds what onEvent returned.
      onEventHandler: fn,
      isCompleteHandler: fn,
      queryInterval: Duration.seconds(queryIntervalSeconds),
      // The handler itself keeps to the timeout of each resource. The framework takes whole numbers of pauses only.
      totalTimeout: Duration.seconds(Math.floor(MAX_TOTAL_SECONDS / queryIntervalSeconds) * queryIntervalSeconds),
    });
    this.serviceToken = framework.serviceToken;
    for (const frameworkFunction of frameworkFunctions(framework)) {
      frameworkFunction.addEnvironment('AWS_MAX_ATTEMPTS', String(INVOCATION_ATTEMPTS));
    }
    suppressProviderFindings([fn], framework, handler.unlimitedActionsFinding);
  }

  /** What the handler may change of a container service: one for each ARN, however many constructs refer to it. */
  public permissionsFor(containerServiceArn: string): ServicePermissions {
    const id = identityOf(containerServiceArn, this);
    return this.permissions.node.tryFindChild(id) as ServicePermissions | undefined
      ?? new ServicePermissions(this.permissions, id, containerServiceArn, this.handlerRole);
  }

  /** A policy of the handler apart from its function, as what the handler may change. The first call with an id creates it. */
  protected policy(id: string, ...statements: iam.PolicyStatement[]): iam.Policy {
    return this.permissions.node.tryFindChild(id) as iam.Policy | undefined
      ?? new RolePolicy(this.permissions, id, this.handlerRole, statements);
  }

  private createFunction({ description, bundle, memorySize, timeout, unlimitedActions }: Handler): lambda.Function {
    return new lambda.Function(this, 'Handler', {
      description,
      code: lambda.Code.fromAsset(bundleFolder(bundle)),
      handler: 'index.handler',
      runtime: lambda.determineLatestNodeRuntime(this),
      // See decisions/0004-handler-runtime.md: arm64 is not known to exist in every Region of Lightsail.
      architecture: lambda.Architecture.X86_64,
      memorySize,
      // The handler refuses events of other stacks.
      environment: { STACK_ID: Stack.of(this).stackId },
      timeout,
      loggingFormat: lambda.LoggingFormat.JSON,
      initialPolicy: [
        new iam.PolicyStatement({ actions: [...unlimitedActions], resources: ['*'] }),
        new iam.PolicyStatement({ actions: STACK_READ_ACTIONS, resources: [Stack.of(this).stackId] }),
      ],
    });
  }
}
