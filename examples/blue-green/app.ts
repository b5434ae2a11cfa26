import { App, CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { ContainerImage, ContainerProtocol, ContainerService, ContainerServicePower } from 'cdk-lightsail-containers';

/**
 * Every build makes a new version, although the tag is always the same. Lightsail starts the new version beside the old one and
 * moves the traffic when the new one is healthy. If it is not, the old one keeps serving and the stack is rolled back.
 *
 *   npx cdk deploy -c build=$GITHUB_RUN_ID
 */
class BlueGreenStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);

    const service = new ContainerService(this, 'Service', { power: ContainerServicePower.NANO, scale: 2 });

    const deployment = service.addDeployment('Deployment', {
      containers: {
        web: {
          image: ContainerImage.fromRegistry('ghcr.io/cdk-lightsail/web:latest'),
          ports: { 8080: ContainerProtocol.HTTP },
        },
      },
      publicEndpoint: {
        containerName: 'web',
        containerPort: 8080,
        healthCheck: { path: '/healthz', healthyThreshold: 3, interval: Duration.seconds(10), successCodes: '200' },
      },
      triggers: { build: this.node.tryGetContext('build') ?? 'local' },
      waitForUrl: true,
      timeout: Duration.minutes(20),
    });

    new CfnOutput(this, 'Url', { value: deployment.url });
    new CfnOutput(this, 'Version', { value: deployment.deploymentVersion });
  }
}

new BlueGreenStack(new App(), 'BlueGreenLightsail');
