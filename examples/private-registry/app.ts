import { App, CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { ContainerImage, ContainerProtocol, ContainerService, ContainerServicePower, RegistryCredentials } from 'cdk-lightsail-containers';

/**
 * An image of a registry that needs a login. Store the login first. A token that can only read packages is enough:
 *
 *   aws secretsmanager create-secret --name web/registry --secret-string '{"username": "robot", "password": "<token>"}'
 */
class PrivateRegistryStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);

    const login = secretsmanager.Secret.fromSecretNameV2(this, 'Login', 'web/registry');

    const service = new ContainerService(this, 'Service', { power: ContainerServicePower.NANO });

    const deployment = service.addDeployment('Deployment', {
      containers: {
        web: {
          image: ContainerImage.fromCopy('ghcr.io/cdk-lightsail/private-web:2.1', { credentials: RegistryCredentials.fromSecretsManager(login) }),
          ports: { 8080: ContainerProtocol.HTTP },
        },
      },
      publicEndpoint: { containerName: 'web', containerPort: 8080 },
    });

    new CfnOutput(this, 'Url', { value: deployment.url });
  }
}

new PrivateRegistryStack(new App(), 'PrivateRegistryLightsail');
