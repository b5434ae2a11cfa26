import * as path from 'node:path';
import { Annotations, App, ArnFormat, CfnOutput, Duration, NestedStack, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import { DockerImageAsset, Platform } from 'aws-cdk-lib/aws-ecr-assets';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lightsail from 'aws-cdk-lib/aws-lightsail';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import {
  ContainerImage, ContainerProtocol, ContainerSecret, ContainerService, ContainerServiceDeployment, ContainerServicePower, RegistryCredentials,
  type ContainerProps, type ContainerServiceDeploymentOptions,
} from '../../../lib/index'; // A path without `index` would let tsx use compiled files, if they exist.

/** An app that uses every feature of the library, without warnings. */
const app = new App();

const WEB: ContainerServiceDeploymentOptions = {
  containers: {
    web: {
      image: ContainerImage.fromRegistry('public.ecr.aws/nginx/nginx:1.27'),
      command: ['nginx', '-g', 'daemon off;'],
      environment: { LOG_LEVEL: 'info', SECRET_NAME: 'not-a-secret' },
      ports: { 80: ContainerProtocol.HTTP, 443: ContainerProtocol.HTTPS, 5000: ContainerProtocol.TCP, 5353: ContainerProtocol.UDP },
    },
  },
  publicEndpoint: {
    containerName: 'web',
    containerPort: 80,
    healthCheck: {
      path: '/healthz',
      interval: Duration.seconds(10),
      timeout: Duration.seconds(3),
      healthyThreshold: 2,
      unhealthyThreshold: 3,
      successCodes: '200-299',
    },
  },
};

/** A container with a private image and secrets of both kinds, all of them with a KMS key. */
function privateContainer(scope: Stack): ContainerProps {
  const encryptionKey = new kms.Key(scope, 'Key', { enableKeyRotation: true });
  const secretCompleteArn = scope.formatArn({ service: 'secretsmanager', resource: 'secret', resourceName: 'database-AbCdEf', arnFormat: ArnFormat.COLON_RESOURCE_NAME });
  const database = secretsmanager.Secret.fromSecretAttributes(scope, 'Database', { secretCompleteArn, encryptionKey });
  const apiToken = ssm.StringParameter.fromSecureStringParameterAttributes(scope, 'ApiToken', { parameterName: '/everything/api-token', encryptionKey });
  return {
    image: ContainerImage.fromEcrRepository(new ecr.Repository(scope, 'Repository', { imageScanOnPush: true }), '1.0.0'),
    secrets: {
      DB_PASSWORD: ContainerSecret.fromSecretsManager(database, 'password'),
      OLD_DB_PASSWORD: ContainerSecret.fromSecretsManagerVersion(database, { versionStage: 'AWSPREVIOUS' }, 'password'),
      API_TOKEN: ContainerSecret.fromSsmParameter(apiToken),
    },
  };
}

const stack = new Stack(app, 'Everything');

const service = new ContainerService(stack, 'Service', {
  power: ContainerServicePower.NANO,
  scale: 2,
  publicDomainNames: [{ certificateName: 'example', domainNames: ['www.example.com'] }],
  privateRegistryAccess: true,
  isDisabled: false,
  removalPolicy: RemovalPolicy.DESTROY,
});
new iam.Role(stack, 'ContainerRole', { assumedBy: service.grantPrincipal });

const deployment = service.addDeployment('Deployment', {
  ...WEB,
  timeout: Duration.minutes(20),
  triggers: { build: '42' },
  removalPolicy: RemovalPolicy.DESTROY,
  waitForUrl: true,
});
deployment.addContainer('cache', { image: ContainerImage.fromRegistry('redis') });
deployment.addContainer('stored', { image: ContainerImage.fromContainerService('stored', 3) });
deployment.addContainer('private', privateContainer(stack));
const directory = path.join(__dirname, 'image');
const login = secretsmanager.Secret.fromSecretCompleteArn(stack, 'Login', 'arn:aws:secretsmanager:us-east-1:111111111111:secret:login-AbCdEf');
deployment.addContainer('built', { image: ContainerImage.fromAsset(directory, { label: 'built', keepVersions: 5, timeout: Duration.minutes(10) }) });
deployment.addContainer('asset', { image: ContainerImage.fromDockerImageAsset(new DockerImageAsset(stack, 'Asset', { directory, platform: Platform.LINUX_AMD64 })) });
deployment.addContainer('copied', { image: ContainerImage.fromCopy('ghcr.io/example/app:1', { credentials: RegistryCredentials.fromSecretsManager(login) }) });
deployment.addContainer('region', { image: ContainerImage.fromCopy('111111111111.dkr.ecr.us-west-2.amazonaws.com/app:1', { triggers: { build: '42' } }) });
Annotations.of(deployment).acknowledgeWarning('cdk-lightsail-containers:storedImageOnNewService');
new CfnOutput(stack, 'Url', { value: deployment.url });

const worker = new ContainerServiceDeployment(stack, 'Worker', {
  service: new lightsail.CfnContainer(stack, 'WorkerService', { serviceName: 'worker', power: 'micro', scale: 1 }),
  containers: { worker: { image: ContainerImage.fromRegistry('ghcr.io/example/worker:1'), environment: { FRONT: deployment.url } } },
});
Annotations.of(worker).acknowledgeWarning('cdk-lightsail-containers:noPublicEndpoint');

new ContainerServiceDeployment(new NestedStack(stack, 'Nested'), 'Deployment', {
  ...WEB,
  service: new lightsail.CfnContainer(stack, 'NestedService', { serviceName: 'nested', power: 'nano', scale: 1 }),
});

const imported = new Stack(app, 'Imported', { env: { account: '111111111111', region: 'eu-west-1' } });
new ContainerServiceDeployment(imported, 'ByName', {
  ...WEB,
  service: ContainerService.fromContainerServiceName(imported, 'Named', 'named'),
  removalPolicy: RemovalPolicy.DESTROY,
});
new ContainerServiceDeployment(imported, 'ByArn', {
  ...WEB,
  service: ContainerService.fromContainerServiceAttributes(imported, 'WithArn', {
    containerServiceName: 'with-arn',
    containerServiceArn: 'arn:aws:lightsail:eu-west-1:111111111111:ContainerService/0c1d2e3f-4a5b-6c7d-8e9f-0a1b2c3d4e5f',
    principalArn: 'arn:aws:iam::222222222222:role/amazon/lightsail/eu-west-1/containers/with-arn/0123456789abcdefghijklmnopqrstuv0123456789abcdefghij',
  }),
});
new ContainerServiceDeployment(imported, 'Private', {
  ...WEB,
  containers: { ...WEB.containers, private: privateContainer(imported) },
  service: ContainerService.fromContainerServiceName(imported, 'PrivateService', 'private'),
});
