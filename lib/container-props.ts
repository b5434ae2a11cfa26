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
   * The launch command of the container: the program, then its arguments.
   *
   * @default - the command of the image
   */
  readonly command?: string[];

  /**
   * The environment variables of the container, by name. The template contains the values as plain text.
   * Everyone who can read the stack or the container service can read them. Use `secrets` for values
   * that only the containers should know.
   *
   * A value can be a token. A name must be known at synthesis, like every key in a template.
   * `Lazy.string()` works if it produces plain text. The CDK refuses a parameter or an
   * attribute of another resource. `Ref` and names that begin with `Fn::` are reserved by CloudFormation.
   *
   * @default - no environment variables beyond those of the image
   */
  readonly environment?: { [name: string]: string };

  /**
   * The environment variables of the container that hold secrets, by name. A variable is either
   * here or in `environment`.
   *
   * `Ref` and names that begin with `Fn::` are reserved by CloudFormation.
   *
   * The template contains only a reference to the secret. The value is read at deploy time. It is never
   * in the template, in an event of the stack, in a log or in an error. Lightsail itself stores environment
   * variables as plain text. Everyone who can call `lightsail:GetContainerServices` or
   * `lightsail:GetContainerServiceDeployments` can read them.
   *
   * Containers keep the value that they were deployed with, and CloudFormation does not notice a new one.
   * After a rotation, change a value of `triggers`: this deploys the new value. If Secrets Manager rotates
   * the secret on a schedule, keep the earlier value valid until then, or let the containers read the secret themselves.
   *
   * @default - no secrets
   */
  readonly secrets?: { [name: string]: ContainerSecret };

  /**
   * The open ports of the container: port number (1-65535, as a string) to protocol.
   *
   * A protocol can be a token. A port number must be known at synthesis, like every key in a template.
   * `Lazy.string()` works if it produces plain text. The CDK refuses a parameter or an
   * attribute of another resource.
   *
   * @default - no open ports
   */
  readonly ports?: { [port: string]: ContainerProtocol };
}
