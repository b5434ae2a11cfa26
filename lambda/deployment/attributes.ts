import type { ContainerService, ContainerServiceDeployment } from '@aws-sdk/client-lightsail';
import type { DeploymentResourceAttributes } from '../../lib/private/resource-properties';
import type { DescribedService } from '../clients/lightsail';

/** What `Fn::GetAtt` can ask for. What Lightsail does not answer is an empty string. */
export function attributesOf(service: ContainerService, deployment: ContainerServiceDeployment): DeploymentResourceAttributes {
  return {
    DeploymentId: `${service.containerServiceName}/${deployment.version}`,
    DeploymentVersion: text(deployment.version),
    DeploymentState: text(deployment.state),
    DeploymentCreatedAt: time(deployment.createdAt),
    ContainerServiceName: text(service.containerServiceName),
    ContainerServiceArn: text(service.arn),
    ContainerServiceState: text(service.state),
    ContainerServiceCreatedAt: time(service.createdAt),
    Url: text(service.url),
    PrincipalArn: text(service.principalArn),
    PrivateDomainName: text(service.privateDomainName),
    PublicDomainNames: Object.values(service.publicDomainNames ?? {}).flat().sort(),
    Power: text(service.power),
    PowerId: text(service.powerId),
    Scale: text(service.scale),
    IsDisabled: text(service.isDisabled),
    ResourceType: text(service.resourceType),
    AvailabilityZone: text(service.location?.availabilityZone),
    RegionName: text(service.location?.regionName),
    EcrImagePullerPrincipalArn: text(service.privateRegistryAccess?.ecrImagePullerRole?.principalArn),
  };
}

/** Stands for what is not known any more. The URL is one of the names that never resolve (RFC 2606). */
const UNKNOWN = { text: 'unknown', url: 'https://unknown.invalid/', domain: 'unknown.invalid' };

/**
 * The attributes after a rollback that had nothing to undo, of a service that is disabled or gone. None of those that had a value before is
 * empty: CloudFormation refuses to export an empty value, and the rollback would fail because of it.
 */
export function restoredAttributesOf(serviceName: string, service: DescribedService | undefined): DeploymentResourceAttributes {
  const { currentDeployment, ...known } = service ?? { containerServiceName: serviceName };
  const { PublicDomainNames, EcrImagePullerPrincipalArn, Url, DeploymentId, ...others } = attributesOf(known, currentDeployment ?? {});
  return {
    ...Object.fromEntries(Object.entries(others).map(([name, value]) => [name, value || UNKNOWN.text])) as typeof others,
    DeploymentId: currentDeployment ? DeploymentId : UNKNOWN.text,
    Url: Url || UNKNOWN.url,
    // What a service that exists does not have is empty, as it was before.
    PublicDomainNames: service ? PublicDomainNames : [UNKNOWN.domain],
    EcrImagePullerPrincipalArn: service ? EcrImagePullerPrincipalArn : UNKNOWN.text,
  };
}

function text(value: string | number | boolean | undefined): string {
  return value === undefined ? '' : String(value);
}

function time(value: Date | undefined): string {
  return value?.toISOString() ?? '';
}
