import type { Stack } from 'aws-cdk-lib';
import * as lightsail from 'aws-cdk-lib/aws-lightsail';
import { ContainerImage, ContainerProtocol, ContainerService, ContainerServiceDeployment, type ContainerSecret, type ContainerServiceDeploymentOptions } from '../../../lib';

export interface AppOptions extends Partial<ContainerServiceDeploymentOptions> {
  readonly serviceName?: string;
  /** The id of the deployment. Default: Deployment */
  readonly id?: string;
  /** Whether the service is not of this stack. Default: false */
  readonly isImported?: boolean;
}

export const HELLO_WORLD = ContainerImage.fromRegistry('amazon/amazon-lightsail:hello-world');
export const REDIS = ContainerImage.fromRegistry('redis:latest');

/** An app with one container service and its deployment, in the shape that Terraform's acceptance tests use. */
export function app({ serviceName = 'web', id = 'Deployment', isImported = false, ...options }: AppOptions = {}) {
  return (stack: Stack): void => {
    const service = isImported ? ContainerService.fromContainerServiceName(stack, `Service${serviceName}`, serviceName)
      : new lightsail.CfnContainer(stack, 'Service', { serviceName, power: 'nano', scale: 1 });
    new ContainerServiceDeployment(stack, id, { service, containers: { app: { image: HELLO_WORLD } }, ...options });
  };
}

export interface WebAppOptions extends AppOptions {
  /** Default: 80 */
  readonly port?: number;
  readonly environment?: Record<string, string>;
  readonly secrets?: Record<string, ContainerSecret>;
}

/** An app whose container of an image is the public endpoint. */
export function webApp(image: string | ContainerImage = 'nginx:1.27', { port = 80, environment, secrets, ...options }: WebAppOptions = {}) {
  const containerImage = typeof image === 'string' ? ContainerImage.fromRegistry(image) : image;
  return app({
    containers: { app: { image: containerImage, ports: { [port]: ContainerProtocol.HTTP }, environment, secrets } },
    publicEndpoint: { containerName: 'app', containerPort: port },
    ...options,
  });
}
