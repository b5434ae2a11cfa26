import type { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type * as lightsail from 'aws-cdk-lib/aws-lightsail';
import type { ContainerProps } from './container-props';
import type { PublicEndpoint } from './public-endpoint';

/**
 * Properties of a deployment without its container service, for `ContainerService.addDeployment()`.
 */
export interface ContainerServiceDeploymentOptions {
  /**
   * The containers of the deployment, 1-10, by name. `addContainer()` adds more, up to ten in total.
   *
   * A name has 1-53 characters, a-z, 0-9 and hyphens, with a letter or a digit at both ends
   * (Lightsail API: `ContainerName`). It must be known at synthesis, like every key in a template.
   * `Lazy.string()` works if it produces plain text. The CDK refuses a parameter or an
   * attribute of another resource.
   */
  readonly containers: { [name: string]: ContainerProps };

  /**
   * The container and port that the public URL of the service forwards to.
   *
   * Synthesis warns if there is none. Workers need none: acknowledge the warning there with
   * `Annotations.of(deployment).acknowledgeWarning('cdk-lightsail-containers:noPublicEndpoint')`.
   *
   * @default - no public endpoint: the URL of the service answers 404
   */
  readonly publicEndpoint?: PublicEndpoint;

  /**
   * The time after which the deployment counts as failed, 1-60 minutes, in whole seconds. It includes waiting
   * for a busy container service. A deployment usually takes 2 to 10 minutes.
   *
   * A token must be in seconds: `Duration.seconds(token)`.
   *
   * @default Duration.minutes(30)
   */
  readonly timeout?: Duration;

  /**
   * Names and values that force a new deployment when they change. Examples are
   * a build number, the digest behind a mutable tag, or the rotation date of a secret. The
   * containers do not receive them.
   *
   * The template contains the values as plain text. A value can be a token. A name must be known at synthesis.
   * `Ref` and names that begin with `Fn::` are reserved by CloudFormation.
   *
   * @default - a new deployment is made only if the running one differs from the requested one
   */
  readonly triggers?: { [name: string]: string };

  /**
   * What happens to the running containers when this deployment is deleted. It is deleted when you remove it from
   * the app, destroy its stack, or give it another container service.
   *
   * With `RemovalPolicy.RETAIN` nothing happens: the containers keep running.
   *
   * With `RemovalPolicy.DESTROY` the container service is disabled, if it runs this deployment.
   * Its containers stop and its URL answers 503. Lightsail bills a disabled service until you
   * delete it. With DESTROY, a deployment that is created on a disabled service enables it first.
   *
   * Synthesis fails for the other values of the enum.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * Whether the deployment succeeds only after the public URL of the container service has answered
   * with one of the success codes that the health check sets. If it sets none, 200-399 counts as success: the URL
   * answers 404 until Lightsail forwards it. The answer must come within `timeout`.
   *
   * Synthesis fails if it is true without a `publicEndpoint`.
   *
   * @default false
   */
  readonly waitForUrl?: boolean;
}

/**
 * Properties of a `ContainerServiceDeployment`.
 */
export interface ContainerServiceDeploymentProps extends ContainerServiceDeploymentOptions {
  /**
   * The container service to deploy to: a `ContainerService`, one that exists already
   * (`ContainerService.fromContainerServiceName()`), or a `CfnContainer`.
   *
   * Synthesis fails if a `CfnContainer` has a deployment of its own (`containerServiceDeployment`).
   * It also fails if two deployments of the app use one service, because each would
   * replace the containers of the other, and if the service is disabled (`isDisabled`). The service must be in the Region and account of the stack.
   * An image of `ContainerImage.fromEcrRepository()` sets the `privateRegistryAccess` of a `CfnContainer` if it is not set.
   */
  readonly service: lightsail.IContainerRef;
}
