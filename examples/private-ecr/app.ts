import { App, CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import type { Construct } from 'constructs';
import {
  ContainerImage, ContainerProtocol, ContainerService, ContainerServiceDeployment, ContainerServicePower, type IContainerService,
} from 'cdk-lightsail-containers';

/**
 * Resources that must exist before an image can be deployed: its repository, and the service whose role pulls it.
 *
 *   npx cdk deploy RegistryLightsail
 *   docker push <repository>:1.0.0
 *   npx cdk deploy WebLightsail -c tag=1.0.0
 */
class RegistryStack extends Stack {
  public readonly repository: ecr.IRepository;
  public readonly service: IContainerService;

  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);

    this.repository = new ecr.Repository(this, 'Repository', { imageScanOnPush: true });
    this.service = new ContainerService(this, 'Service', { containerServiceName: 'private-web', power: ContainerServicePower.NANO });
    new CfnOutput(this, 'RepositoryUri', { value: this.repository.repositoryUri });
  }
}

interface WebStackProps extends StackProps {
  readonly repository: ecr.IRepository;
  readonly service: IContainerService;
}

class WebStack extends Stack {
  constructor(scope: Construct, id: string, { repository, service, ...props }: WebStackProps) {
    super(scope, id, props);

    const deployment = new ContainerServiceDeployment(this, 'Deployment', {
      service,
      containers: {
        web: {
          image: ContainerImage.fromEcrRepository(repository, this.node.tryGetContext('tag') ?? '1.0.0'),
          ports: { 8080: ContainerProtocol.HTTP },
        },
      },
      publicEndpoint: { containerName: 'web', containerPort: 8080 },
    });
    new CfnOutput(this, 'Url', { value: deployment.url });
  }
}

const app = new App();
const { repository, service } = new RegistryStack(app, 'RegistryLightsail');
new WebStack(app, 'WebLightsail', { repository, service });
