import { App, CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { ContainerImage, ContainerProtocol, ContainerService, ContainerServicePower } from 'cdk-lightsail-containers';

/** A web application, with a Redis sidecar that it reaches at localhost. */
class SidecarStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);

    const service = new ContainerService(this, 'Service', { power: ContainerServicePower.SMALL });

    const deployment = service.addDeployment('Deployment', {
      containers: {
        web: {
          image: ContainerImage.fromRegistry('ghcr.io/cdk-lightsail/counter:1.4'),
          environment: { REDIS_URL: 'redis://localhost:6379' },
          ports: { 3000: ContainerProtocol.HTTP },
        },
        redis: {
          image: ContainerImage.fromRegistry('redis:7.4'),
          command: ['redis-server', '--save', '', '--maxmemory', '100mb'],
        },
      },
      publicEndpoint: {
        containerName: 'web',
        containerPort: 3000,
        healthCheck: { path: '/healthz', interval: Duration.seconds(10), successCodes: '200-299' },
      },
    });

    new CfnOutput(this, 'Url', { value: deployment.url });
  }
}

new SidecarStack(new App(), 'SidecarLightsail');
