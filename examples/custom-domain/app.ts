import { App, CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { ContainerImage, ContainerProtocol, ContainerService, ContainerServicePower } from 'cdk-lightsail-containers';

/**
 * A custom domain name. The Lightsail certificate must be validated first:
 *
 *   aws lightsail create-certificate --certificate-name example-com --domain-name www.example.com
 *
 * The DNS record of the domain is an alias or a CNAME to the host of the URL.
 */
class CustomDomainStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);

    const service = new ContainerService(this, 'Service', {
      containerServiceName: 'www',
      power: ContainerServicePower.MICRO,
      scale: 2,
      publicDomainNames: [{ certificateName: 'example-com', domainNames: ['www.example.com'] }],
    });

    const deployment = service.addDeployment('Deployment', {
      containers: {
        web: {
          image: ContainerImage.fromRegistry('public.ecr.aws/nginx/nginx:1.27'),
          ports: { 80: ContainerProtocol.HTTP },
        },
      },
      publicEndpoint: { containerName: 'web', containerPort: 80 },
    });

    new CfnOutput(this, 'Url', { value: deployment.url });
    new CfnOutput(this, 'DeploymentVersion', { value: deployment.deploymentVersion });
  }
}

new CustomDomainStack(new App(), 'CustomDomainLightsail');
