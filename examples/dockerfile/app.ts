import * as path from 'node:path';
import { App, CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { ContainerImage, ContainerProtocol, ContainerService, ContainerServicePower } from 'cdk-lightsail-containers';

/** A Dockerfile in production, with one `cdk deploy`. Change a file in `web`, deploy again, and the new image runs. */
class DockerfileStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);

    const service = new ContainerService(this, 'Service', { containerServiceName: 'dockerfile', power: ContainerServicePower.NANO });

    const deployment = service.addDeployment('Deployment', {
      containers: {
        web: {
          image: ContainerImage.fromAsset(this.node.tryGetContext('directory') ?? path.join(__dirname, 'web')),
          ports: { 8080: ContainerProtocol.HTTP },
        },
      },
      publicEndpoint: { containerName: 'web', containerPort: 8080, healthCheck: { path: '/healthz' } },
    });

    new CfnOutput(this, 'Url', { value: deployment.url });
  }
}

new DockerfileStack(new App(), 'DockerfileLightsail');
