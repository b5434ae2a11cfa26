import type { ContainerImage } from './container-image';
import type { ContainerProtocol } from './container-protocol';

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
   * are, and everybody who may read the stack or the container service can read them.
   *
   * @default - no environment variables beyond those of the image
   */
  readonly environment?: { [name: string]: string };

  /**
   * The open ports of the container: port number (1-65535, as a string) to protocol.
   *
   * @default - no open ports
   */
  readonly ports?: { [port: string]: ContainerProtocol };
}
