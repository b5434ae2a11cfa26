import type { Stack } from 'aws-cdk-lib';
import { ContainerImage, ContainerProtocol, ContainerService } from '../../../lib';

/** A deployment to a container service that exists. */
export function define(stack: Stack, index: number): void {
  ContainerService.fromContainerServiceName(stack, `Service${index}`, `service-${index}`).addDeployment('Deployment', {
    containers: {
      web: {
        image: ContainerImage.fromRegistry('public.ecr.aws/nginx/nginx:1.27'),
        environment: { TENANT: `tenant-${index}` },
        ports: { 80: ContainerProtocol.HTTP },
      },
    },
    publicEndpoint: { containerName: 'web', containerPort: 80 },
  });
}
