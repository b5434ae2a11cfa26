import { filledRepository } from './filled-repository';
import { NGINX, Scenario, SMALLEST } from './support';
import { ContainerImage, ContainerProtocol, ContainerService } from '../../lib/index';

/** A private Amazon ECR repository of the stack. Lightsail pulls with the role of the service, which the repository policy lets in. */
const scenario = new Scenario('PrivateEcr');
const { repository, isFilled } = filledRepository(scenario.stack, 'Repository', { source: NGINX, tag: '1.0.0' });
const deployment = new ContainerService(scenario.stack, 'Service', SMALLEST).addDeployment('Deployment', {
  containers: { web: { image: ContainerImage.fromEcrRepository(repository, '1.0.0'), ports: { 80: ContainerProtocol.HTTP } } },
  publicEndpoint: { containerName: 'web', containerPort: 80 },
});
deployment.node.addDependency(isFilled);
scenario.expectServing(deployment, 'Welcome to nginx');
