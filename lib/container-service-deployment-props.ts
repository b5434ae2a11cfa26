import type { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type * as lightsail from 'aws-cdk-lib/aws-lightsail';
import type { ContainerProps } from './container-props';
import type { PublicEndpoint } from './public-endpoint';

/**
 * What a deployment says apart from the container service that it goes to, as `ContainerService.addDeployment()` takes it.
 */
export interface ContainerServiceDeploymentOptions {
  /**
   * The containers of the deployment, 1-10, by name. More can be added with `addContainer()`, up to
   * ten in all.
   *
   * A name has 1-53 characters, a-z, 0-9 and hyphens, with a letter or a digit at both ends
   * (Lightsail API: `ContainerName`). It has to be known at synthesis, as every key in a template:
   * `Lazy.string()` is fine where it gives plain text, and the CDK refuses a parameter or an
   * attribute of another resource.
   */
  readonly containers: { [name: string]: ContainerProps };

  /**
   * The container and port that the public URL of the service forwards to.
   *
   * Synthesis warns if there is none. For workers, which need none, acknowledge that:
   * `Annotations.of(deployment).acknowledgeWarning('cdk-lightsail-containers:noPublicEndpoint')`.
   *
   * @default - no public endpoint: the URL of the service answers 404
   */
  readonly publicEndpoint?: PublicEndpoint;

  /**
   * How long the deployment may take until it counts as failed, the wait for a busy container service
   * included: 1-60 minutes, in whole seconds. A deployment usually takes 2 to 10 minutes.
   *
   * A token has to be given in seconds: `Duration.seconds(token)`.
   *
   * @default Duration.minutes(30)
   */
  readonly timeout?: Duration;

  /**
   * Names and values whose change makes a new deployment, even where nothing else changed: for example
   * a build number, the digest behind a tag that moves, or the date at which a secret was rotated. The
   * containers do not get them.
   *
   * The values stand in the template as they are. A value can be a token; a name has to be known at synthesis.
   * `Ref`, and what begins with `Fn::`, is CloudFormation's and no name.
   *
   * @default - a new deployment is made only where what is asked for is not what is running
   */
  readonly triggers?: { [name: string]: string };

  /**
   * What happens to what runs on the container service when this deployment is deleted: taken out of
   * the app, destroyed with its stack, or moved to another container service.
   *
   * With `RemovalPolicy.RETAIN` nothing happens: the containers go on running.
   *
   * With `RemovalPolicy.DESTROY` the container service is disabled, if what runs on it is this
   * deployment: its containers stop and its URL answers 503. Lightsail bills the service until it is
   * itself deleted. In return, a deployment that is created on a disabled service enables it first.
   *
   * Synthesis fails for the other values of the enum.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * Whether the deployment succeeds only after the public URL of the container service has answered
   * with one of the success codes of the health check. It is asked within `timeout`.
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
   * (`ContainerService.fromContainerServiceName()`), or a `CfnContainer` as it is.
   *
   * A `CfnContainer` must not hold a deployment of its own (`containerServiceDeployment`): synthesis
   * fails if it does. It also fails if two deployments of a stack go to one service: each would
   * replace the other's containers. The service has to be in the Region and account of the stack.
   * An image of `ContainerImage.fromEcrRepository()` sets the `privateRegistryAccess` of a `CfnContainer` where it is not set.
   */
  readonly service: lightsail.IContainerRef;
}
