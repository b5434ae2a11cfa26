import { App, CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import * as route53 from 'aws-cdk-lib/aws-route53';
import type { Construct } from 'constructs';
import { ContainerImage, ContainerProtocol, ContainerService, ContainerServicePower } from 'cdk-lightsail-containers';

/**
 * An apex domain and its www, in one deployment: certificate, validation, attachment and alias records.
 *
 *   npx cdk deploy -c domainName=your-domain.com -c hostedZoneId=Z0123456789
 *
 * Without a hostedZoneId, the stack creates the hosted zone. The deployment then waits until the name servers of your domain are those of the zone:
 * set them at your registrar while it waits.
 */
class CustomDomainStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);

    const domainName: string = this.node.tryGetContext('domainName') ?? 'example.com';
    const hostedZone = this.hostedZone(domainName);

    const service = new ContainerService(this, 'Service', { power: ContainerServicePower.MICRO, scale: 2 });
    service.addDomain(domainName, { hostedZone });
    service.addDomain(`www.${domainName}`, { hostedZone });

    const deployment = service.addDeployment('Deployment', {
      containers: {
        web: {
          image: ContainerImage.fromRegistry('public.ecr.aws/nginx/nginx:1.27'),
          ports: { 80: ContainerProtocol.HTTP },
        },
      },
      publicEndpoint: { containerName: 'web', containerPort: 80 },
    });

    new CfnOutput(this, 'Website', { value: `https://${domainName}/` });
    new CfnOutput(this, 'Url', { value: deployment.url });
    new CfnOutput(this, 'DeploymentVersion', { value: deployment.deploymentVersion });
  }

  private hostedZone(zoneName: string): route53.IHostedZone {
    const hostedZoneId: string | undefined = this.node.tryGetContext('hostedZoneId');
    return hostedZoneId === undefined
      ? new route53.PublicHostedZone(this, 'HostedZone', { zoneName })
      : route53.HostedZone.fromHostedZoneAttributes(this, 'HostedZone', { hostedZoneId, zoneName });
  }
}

new CustomDomainStack(new App(), 'CustomDomainLightsail');
