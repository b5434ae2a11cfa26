import { App, CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { ContainerImage, ContainerProtocol, ContainerService, ContainerServicePower } from 'cdk-lightsail-containers';

const TENANTS = ['blue', 'green', 'red', 'yellow'];

/** Services for several tenants. All of them share one handler, and CloudFormation deploys them at the same time. */
class ManyServicesStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);

    for (const tenant of TENANTS) {
      const service = new ContainerService(this, `${tenant}Service`, {
        containerServiceName: `tenant-${tenant}`,
        power: ContainerServicePower.NANO,
      });
      const deployment = service.addDeployment('Deployment', {
        containers: {
          web: {
            image: ContainerImage.fromRegistry('public.ecr.aws/nginx/nginx:1.27'),
            environment: { TENANT: tenant },
            ports: { 80: ContainerProtocol.HTTP },
          },
        },
        publicEndpoint: { containerName: 'web', containerPort: 80 },
      });
      new CfnOutput(this, `${tenant}Url`, { value: deployment.url });
    }
  }
}

new ManyServicesStack(new App(), 'ManyServicesLightsail');
