import { Duration, type Stack } from 'aws-cdk-lib';
import * as lightsail from 'aws-cdk-lib/aws-lightsail';
import { ContainerImage, ContainerProtocol, ContainerServiceDeployment, type ContainerProps, type PublicEndpoint } from '../../lib';

export interface AppOptions {
  readonly serviceName?: string;
  readonly containers?: { [name: string]: ContainerProps };
  readonly publicEndpoint?: PublicEndpoint;
  readonly timeout?: Duration;
}

export const HELLO_WORLD = ContainerImage.fromRegistry('amazon/amazon-lightsail:hello-world');
export const REDIS = ContainerImage.fromRegistry('redis:latest');

/** An app with one container service and its deployment, in the shape that Terraform's acceptance tests use. */
export function app(options: AppOptions = {}) {
  return (stack: Stack): void => {
    const service = new lightsail.CfnContainer(stack, 'Service', { serviceName: options.serviceName ?? 'web', power: 'nano', scale: 1 });
    new ContainerServiceDeployment(stack, 'Deployment', {
      service,
      containers: options.containers ?? { app: { image: HELLO_WORLD } },
      publicEndpoint: options.publicEndpoint,
      timeout: options.timeout,
    });
  };
}

/** An app whose container of an image is the public endpoint. */
export function webApp(image = 'nginx:1.27', options: AppOptions = {}) {
  return app({
    containers: { app: { image: ContainerImage.fromRegistry(image), ports: { 80: ContainerProtocol.HTTP } } },
    publicEndpoint: { containerName: 'app', containerPort: 80 },
    ...options,
  });
}
