import type { Stack } from 'aws-cdk-lib';
import { ContainerImage, ContainerProtocol, ContainerService, ContainerServicePower } from '../../../lib';

/** A container service and its deployment, with this library. */
export function define(stack: Stack, index: number): void {
  new ContainerService(stack, `Service${index}`, { containerServiceName: `service-${index}`, power: ContainerServicePower.NANO }).addDeployment('Deployment', {
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
