import type { Stack } from 'aws-cdk-lib';
import { CfnContainer } from 'aws-cdk-lib/aws-lightsail';

/** What CloudFormation offers: a container service with its deployment inline. */
export function define(stack: Stack, index: number): void {
  new CfnContainer(stack, `Service${index}`, {
    serviceName: `service-${index}`,
    power: 'nano',
    scale: 1,
    containerServiceDeployment: {
      containers: [{
        containerName: 'web',
        image: 'public.ecr.aws/nginx/nginx:1.27',
        environment: [{ variable: 'TENANT', value: `tenant-${index}` }],
        ports: [{ port: '80', protocol: 'HTTP' }],
      }],
      publicEndpoint: { containerName: 'web', containerPort: 80 },
    },
  });
}
