import type { Duration } from 'aws-cdk-lib';
import type { DockerImageAssetOptions } from 'aws-cdk-lib/aws-ecr-assets';
import type { RegistryCredentials } from './registry-credentials';

/**
 * How an image is stored in the registry of the container service.
 */
export interface ContainerImageOptions {
  /**
   * The label of the image in the registry of the container service: 1-53 characters, a-z, 0-9 and hyphens, with a letter or
   * a digit at both ends (Lightsail API: `ContainerLabel`). Lightsail numbers the images: `:<service>.<label>.<version>`.
   *
   * All versions of this label belong to this image. Old ones are removed, also those that were pushed by hand: see `keepVersions`.
   *
   * @default - the name of the container
   */
  readonly label?: string;

  /**
   * How many versions of the label stay on the container service, a whole number of at least 1. It includes the new one. A version
   * that a deployment uses always stays.
   *
   * A container service stores up to 150 images.
   *
   * @default 3
   */
  readonly keepVersions?: number;

  /**
   * The time after which the copy counts as failed, 1-60 minutes, in whole seconds. The timeout of the deployment begins after it.
   *
   * A token must be in seconds: `Duration.seconds(token)`.
   *
   * @default Duration.minutes(30)
   */
  readonly timeout?: Duration;
}

/**
 * Options of `ContainerImage.fromAsset()`: those of a `DockerImageAsset`, and how the image is stored.
 *
 * `platform` is `Platform.LINUX_AMD64` by default. Synthesis fails for another one: Lightsail runs no other images.
 */
export interface ContainerImageAssetOptions extends DockerImageAssetOptions, ContainerImageOptions {}

/**
 * Options of `ContainerImage.fromCopy()`.
 */
export interface ContainerImageCopyOptions extends ContainerImageOptions {
  /**
   * The login of the registry that the image comes from. It must allow to pull the image.
   *
   * @default - the login of the handler's role for a private Amazon ECR repository, and no login for any other registry
   */
  readonly credentials?: RegistryCredentials;

  /**
   * Names and values that copy the image again when they change. A tag that has moved to another image is then noticed. If the image
   * is the same, nothing is deployed.
   *
   * The template contains the values as plain text. A value can be a token. A name must be known at synthesis.
   * `Ref` and names that begin with `Fn::` are reserved by CloudFormation.
   *
   * @default - the triggers of the deployment
   */
  readonly triggers?: { [name: string]: string };
}
