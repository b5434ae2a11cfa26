import { App, CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import { ContainerImage, ContainerProtocol, ContainerService, ContainerServicePower } from 'cdk-lightsail-containers';
import type { Construct } from 'constructs';

class HelloStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);

    const service = new ContainerService(this, 'Service', {
      containerServiceName: 'hello',
      power: ContainerServicePower.NANO,
    });

    const domainName: string | undefined = this.node.tryGetContext('domainName');
    if (domainName !== undefined) {
      const hostedZone = HostedZone.fromHostedZoneAttributes(this, 'HostedZone', {
        hostedZoneId: this.node.tryGetContext('hostedZoneId'),
        zoneName: domainName,
      });
      service.addDomain(domainName, { hostedZone });
    }

    const deployment = service.addDeployment('Deployment', {
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
