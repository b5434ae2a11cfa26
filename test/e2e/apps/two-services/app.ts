import { App, Stack } from 'aws-cdk-lib';
import * as lightsail from 'aws-cdk-lib/aws-lightsail';
import { ContainerImage, ContainerProtocol, ContainerServiceDeployment } from '../../../../lib/index'; // By the folder alone, tsx would take what is compiled where both are there.

const stack = new Stack(new App(), 'TwoServices');
for (const serviceName of ['front', 'back']) {
  new ContainerServiceDeployment(stack, `${serviceName}Deployment`, {
    service: new lightsail.CfnContainer(stack, serviceName, { serviceName, power: 'nano', scale: 1 }),
    containers: {
      web: { image: ContainerImage.fromRegistry('nginx:1.27'), ports: { 80: ContainerProtocol.HTTP } },
    },
    publicEndpoint: { containerName: 'web', containerPort: 80 },
  });
}
