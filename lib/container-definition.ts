import type { ContainerSecret } from './container-secret';

/**
 * A container of a deployment, to which variables can be added until synthesis.
 */
export interface IContainerDefinition {
  /**
   * The name of the container.
   */
  readonly containerName: string;

  /**
   * Adds an environment variable to the container. It replaces the value of a variable of that name. It fails after synthesis.
   *
   * @param name the name of the variable
   * @param value the value of the variable
   * @throws if a secret has that name, or if the Lightsail API refuses a value
   */
  addEnvironment(name: string, value: string): void;

  /**
   * Adds an environment variable that holds a secret to the container. It replaces a secret of that name. It fails after synthesis.
   *
   * @param name the name of the variable
   * @param secret where the value comes from
   * @throws if `environment` has a variable of that name, or if the secret is not valid
   */
  addSecret(name: string, secret: ContainerSecret): void;
}
