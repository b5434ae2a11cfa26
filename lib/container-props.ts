import type { ContainerImage } from './container-image';
import type { ContainerProtocol } from './container-protocol';
import type { ContainerSecret } from './container-secret';

/**
 * One container of a deployment.
 *
 * Lightsail API: `Container`.
 */
export interface ContainerProps {
  /**
   * The image that the container runs.
   */
  readonly image: ContainerImage;

  /**
   * The launch command of the container: the program and its arguments, in this order.
   *
   * @default - the command of the image
   */
  readonly command?: string[];

  /**
   * The environment variables of the container, by name. The values stand in the template as they
   * are, and everybody who may read the stack or the container service can read them. What only the
   * containers shall know belongs into `secrets`.
   *
   * A value can be a token. A name has to be known at synthesis, as every key in a template:
   * `Lazy.string()` is fine where it gives plain text, and the CDK refuses a parameter or an
   * attribute of another resource. `Ref`, and what begins with `Fn::`, is CloudFormation's and no name.
   *
   * @default - no environment variables beyond those of the image
   */
  readonly environment?: { [name: string]: string };

  /**
   * The environment variables of the container whose values are secret, by name. A variable is either
   * here or in `environment`.
   *
   * `Ref`, and what begins with `Fn::`, is CloudFormation's and no name.
   *
   * Only the reference to a secret stands in the template. Its value is read when it is deployed, and it is never
   * in the template, in an event of the stack, in a log or in an error. Lightsail itself keeps environment
   * variables as plain text: who may call `lightsail:GetContainerServices` or
   * `lightsail:GetContainerServiceDeployments` can read them.
   *
   * Containers keep the value that they were deployed with. CloudFormation does not notice a new one:
   * after a rotation, change a value of `triggers`, which makes a deployment with what the secret holds by
   * then. Where Secrets Manager rotates on its own, let what is rotated accept the earlier value
   * until then, or let the containers read the secret themselves.
   *
   * @default - no secrets
   */
  readonly secrets?: { [name: string]: ContainerSecret };

  /**
   * The open ports of the container: port number (1-65535, as a string) to protocol.
   *
   * A protocol can be a token. A port number has to be known at synthesis, as every key in a
   * template: `Lazy.string()` is fine where it gives plain text, and the CDK refuses a parameter or an
   * attribute of another resource.
   *
   * @default - no open ports
   */
  readonly ports?: { [port: string]: ContainerProtocol };
}
