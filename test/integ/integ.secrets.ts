import { RemovalPolicy } from 'aws-cdk-lib';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import { BUSYBOX, Scenario, serving, SMALLEST } from './support';
import { ContainerImage, ContainerProtocol, ContainerSecret, ContainerService } from '../../lib/index';

/** Values of both sources. The page shows how long the generated one is and what the other one is, and no secret. */
const scenario = new Scenario('Secrets');
const database = new secretsmanager.Secret(scenario.stack, 'Database', {
  generateSecretString: { secretStringTemplate: '{"user":"web"}', generateStringKey: 'password', passwordLength: 21, excludePunctuation: true },
  removalPolicy: RemovalPolicy.DESTROY,
});
const greeting = new ssm.StringParameter(scenario.stack, 'Greeting', { stringValue: 'hello' });
const deployment = new ContainerService(scenario.stack, 'Service', SMALLEST).addDeployment('Deployment', {
  containers: {
    web: {
      image: ContainerImage.fromRegistry(BUSYBOX),
      command: serving('echo "$GREETING ${#DB_PASSWORD}"'),
      secrets: { DB_PASSWORD: ContainerSecret.fromSecretsManager(database, 'password'), GREETING: ContainerSecret.fromSsmParameter(greeting) },
      ports: { 8080: ContainerProtocol.HTTP },
    },
  },
  publicEndpoint: { containerName: 'web', containerPort: 8080 },
});
scenario.expectServing(deployment, 'hello 21');
