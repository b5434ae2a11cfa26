import { App, CfnOutput, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import {
  ContainerImage, ContainerProtocol, ContainerService, ContainerServiceDeployment, ContainerServicePower, type IContainerService,
} from 'cdk-lightsail-containers';

/** The service: long-lived, and perhaps owned by another team. */
class ServiceStack extends Stack {
  public readonly service: IContainerService;

  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);

    this.service = new ContainerService(this, 'Service', { containerServiceName: 'shared', power: ContainerServicePower.NANO });
  }
}

interface WebStackProps extends StackProps {
  readonly service: IContainerService;
}

/** The containers of the service, deployed by a stack of their own. */
class WebStack extends Stack {
  constructor(scope: Construct, id: string, { service, ...props }: WebStackProps) {
    super(scope, id, props);

    const web = {
      containers: {
        web: {
          image: ContainerImage.fromRegistry('public.ecr.aws/nginx/nginx:1.27'),
          ports: { 80: ContainerProtocol.HTTP },
        },
      },
      publicEndpoint: { containerName: 'web', containerPort: 80 },
    };

    // A service of another stack of this app.
    const deployment = new ContainerServiceDeployment(this, 'Deployment', { service, ...web, removalPolicy: RemovalPolicy.DESTROY });
    new CfnOutput(this, 'Url', { value: deployment.url });

    // A service that was created by hand or by another tool: only its name is known.
    const legacy = ContainerService.fromContainerServiceName(this, 'Legacy', 'legacy');
    const legacyDeployment = new ContainerServiceDeployment(this, 'LegacyDeployment', { service: legacy, ...web });
    new CfnOutput(this, 'LegacyUrl', { value: legacyDeployment.url });
  }
}

const app = new App();
const { service } = new ServiceStack(app, 'SharedLightsail');
new WebStack(app, 'WebLightsail', { service });
