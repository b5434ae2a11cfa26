import { BUSYBOX, NGINX, Scenario, serving, SMALLEST } from './support';
import { ContainerImage, ContainerProtocol, ContainerService } from '../../lib/index';

/** Two containers of one deployment. The one at the URL shows that it reached the other one at localhost. */
const scenario = new Scenario('TwoContainers');
const deployment = new ContainerService(scenario.stack, 'Service', SMALLEST).addDeployment('Deployment', {
  containers: {
    front: {
      image: ContainerImage.fromRegistry(BUSYBOX),
      command: serving('(until wget -qO /tmp/page http://localhost:80/; do sleep 1; done; echo "front and $(grep -o nginx /tmp/page | head -n 1)")'),
      ports: { 8080: ContainerProtocol.HTTP },
    },
    back: { image: ContainerImage.fromRegistry(NGINX), ports: { 80: ContainerProtocol.HTTP } },
  },
  publicEndpoint: { containerName: 'front', containerPort: 8080 },
});
scenario.expectServing(deployment, 'front and nginx');
