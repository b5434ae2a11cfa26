import * as path from 'node:path';
import { Scenario, SMALLEST } from './support';
import { ContainerImage, ContainerProtocol, ContainerService } from '../../lib/index';

/** An image that Docker builds on this machine, and the stack copies to the service. */
const scenario = new Scenario('Dockerfile');
const deployment = new ContainerService(scenario.stack, 'Service', SMALLEST).addDeployment('Deployment', {
  containers: { web: { image: ContainerImage.fromAsset(path.join(__dirname, 'image')), ports: { 8080: ContainerProtocol.HTTP } } },
  publicEndpoint: { containerName: 'web', containerPort: 8080 },
});
scenario.expectServing(deployment, 'built from a Dockerfile');
