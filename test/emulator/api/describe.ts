import { errors } from './errors';
import { ContainerServiceShape, DeploymentShape, epochSeconds, TagShape } from './shapes';
import { Account, Deployment, Service } from '../services/state';

/** A service as the API answers it. The copy is deep: nothing that happens later changes it. */
export function describeService(account: Account, service: Service): ContainerServiceShape {
  return structuredClone({
    containerServiceName: service.name,
    arn: arnOf(account, service),
    createdAt: epochSeconds(service.createdAt),
    location: { availabilityZone: 'all', regionName: account.region },
    resourceType: 'ContainerService',
    tags: describeTags(service),
    power: service.power,
    powerId: powerIdOf(account, service),
    state: service.state,
    ...(service.stateDetail && account.showsStateDetail ? { stateDetail: { code: service.stateDetail } } : {}),
    scale: service.scale,
    ...(service.current ? { currentDeployment: describeDeployment(service.current) } : {}),
    ...(service.next ? { nextDeployment: describeDeployment(service.next) } : {}),
    isDisabled: service.isDisabled,
    principalArn: service.principalArn,
    privateDomainName: `${service.name}.service.local`,
    ...(service.publicDomainNames ? { publicDomainNames: service.publicDomainNames } : {}),
    url: service.url,
    privateRegistryAccess: {
      ecrImagePullerRole: { isActive: service.pullerRole.isActive, principalArn: service.pullerRole.principalArn },
    },
  });
}

export function describeDeployment(deployment: Deployment): DeploymentShape {
  return structuredClone({
    version: deployment.version,
    state: deployment.state,
    containers: deployment.containers,
    ...(deployment.publicEndpoint ? { publicEndpoint: deployment.publicEndpoint } : {}),
    createdAt: epochSeconds(deployment.createdAt),
  });
}

export function arnOf(account: Account, service: Service): string {
  return `arn:aws:lightsail:${account.region}:${account.accountId}:ContainerService/${service.id}`;
}

function describeTags(service: Service): TagShape[] {
  return [...service.tags].map(([key, value]) => ({ key, value }));
}

function powerIdOf(account: Account, service: Service): string {
  const power = account.powers.find(({ name }) => name === service.power);
  if (!power) {
    throw errors.inactivePower(service.power);
  }
  return power.powerId;
}
