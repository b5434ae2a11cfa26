import { NGINX, Scenario, SMALLEST } from './support';
import { ContainerImage, ContainerProtocol, ContainerService } from '../../lib/index';

/** One public image. The deployment waits until the URL answers. */
const scenario = new Scenario('Basic');
const deployment = new ContainerService(scenario.stack, 'Service', SMALLEST).addDeployment('Deployment', {
  containers: { web: { image: ContainerImage.fromRegistry(NGINX), ports: { 80: ContainerProtocol.HTTP } } },
  publicEndpoint: { containerName: 'web', containerPort: 80 },
  waitForUrl: true,
});
scenario.expectServing(deployment, 'Welcome to nginx');
