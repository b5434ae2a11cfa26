import * as route53 from 'aws-cdk-lib/aws-route53';
import { NGINX, Scenario, SMALLEST } from './support';
import { ContainerImage, ContainerProtocol, ContainerService } from '../../lib/index';

/**
 * A domain name with its certificate and its records. To deploy it, give a hosted zone of yours: INTEG_ZONE_NAME and INTEG_HOSTED_ZONE_ID. The
 * names of the snapshot are used otherwise, which belong to nobody.
 */
const { INTEG_ZONE_NAME: zoneName = 'example.com', INTEG_HOSTED_ZONE_ID: hostedZoneId = 'Z0123456789ABCDEFGHIJ' } = process.env;

const scenario = new Scenario('Domain');
const hostedZone = route53.HostedZone.fromHostedZoneAttributes(scenario.stack, 'HostedZone', { hostedZoneId, zoneName });
const service = new ContainerService(scenario.stack, 'Service', SMALLEST);
const domainName = `lightsail-integ.${zoneName}`;
service.addDomain(domainName, { hostedZone });
const deployment = service.addDeployment('Deployment', {
  containers: { web: { image: ContainerImage.fromRegistry(NGINX), ports: { 80: ContainerProtocol.HTTP } } },
  publicEndpoint: { containerName: 'web', containerPort: 80 },
});
scenario.expectServing(deployment, 'Welcome to nginx');
scenario.expectPage(`https://${domainName}/`, 'Welcome to nginx');
