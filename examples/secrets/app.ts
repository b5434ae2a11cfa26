import { App, CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import { ContainerImage, ContainerProtocol, ContainerSecret, ContainerService, ContainerServicePower } from 'cdk-lightsail-containers';

/** Secret values that are read at deploy time and are never in the template. */
class SecretsStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);

    const database = secretsmanager.Secret.fromSecretNameV2(this, 'Database', 'web/database');
    const apiToken = ssm.StringParameter.fromSecureStringParameterAttributes(this, 'ApiToken', { parameterName: '/web/api-token' });

    const service = new ContainerService(this, 'Service', { power: ContainerServicePower.NANO });

    const deployment = service.addDeployment('Deployment', {
      containers: {
        web: {
          image: ContainerImage.fromRegistry('ghcr.io/cdk-lightsail/web:2.1'),
          environment: { DB_USER: 'web' },
          secrets: {
            DB_PASSWORD: ContainerSecret.fromSecretsManager(database, 'password'),
            API_TOKEN: ContainerSecret.fromSsmParameter(apiToken),
          },
          ports: { 8080: ContainerProtocol.HTTP },
        },
      },
      publicEndpoint: { containerName: 'web', containerPort: 8080 },
      // Change it after a rotation: a new version reads the values again.
      triggers: { rotation: this.node.tryGetContext('rotation') ?? '1' },
    });

    new CfnOutput(this, 'Url', { value: deployment.url });
  }
}

new SecretsStack(new App(), 'SecretsLightsail');
