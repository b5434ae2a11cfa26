import { App, CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import * as lightsail from 'aws-cdk-lib/aws-lightsail';
import { ContainerImage, ContainerProtocol, ContainerServiceDeployment } from 'cdk-lightsail-containers';
import type { Construct } from 'constructs';

class HelloStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);

    const service = new lightsail.CfnContainer(this, 'Service', {
      serviceName: 'hello',
      power: 'nano',
      scale: 1,
    });

    const deployment = new ContainerServiceDeployment(this, 'Deployment', {
      service,
      containers: {
        web: {
          image: ContainerImage.fromRegistry(this.node.tryGetContext('image') ?? 'public.ecr.aws/nginx/nginx:1.27'),
          ports: { 80: ContainerProtocol.HTTP },
        },
      },
      publicEndpoint: {
        containerName: 'web',
        containerPort: 80,
        healthCheck: { path: '/', interval: Duration.seconds(10), successCodes: '200-299' },
      },
    });

    new CfnOutput(this, 'Url', { value: deployment.url });
    new CfnOutput(this, 'Version', { value: deployment.deploymentVersion });
  }
}

new HelloStack(new App(), 'HelloLightsail');
