import { errors } from './errors';
import { CertificateDetailShape, CertificateSummaryShape, ContainerServiceShape, DeploymentShape, epochSeconds, TagShape } from './shapes';
import { usersOf } from '../certificates/certificates';
import { Account, Certificate, Deployment, Service } from '../services/state';

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

/** The details come only where they are asked for. */
export function describeCertificate(account: Account, certificate: Certificate, withDetails: boolean): CertificateSummaryShape {
  return structuredClone({
    certificateArn: certificateArn(account, certificate),
    certificateName: certificate.name,
    domainName: certificate.domainNames[0],
    ...(withDetails ? { certificateDetail: certificateDetail(account, certificate) } : {}),
    tags: describeTags(certificate),
  });
}

export function certificateArn(account: Account, { id }: Certificate): string {
  return `arn:aws:lightsail:${account.region}:${account.accountId}:Certificate/${id}`;
}

function certificateDetail(account: Account, certificate: Certificate): CertificateDetailShape {
  const { name, domainNames, status, hasRecords, validations, failureReason, createdAt, issuedAt } = certificate;
  const [domainName] = domainNames;
  return {
    arn: certificateArn(account, certificate),
    name,
    domainName,
    status,
    // As ACM does, the list holds the primary one as well. An inference.
    subjectAlternativeNames: [...domainNames],
    ...(hasRecords ? {
      domainValidationRecords: validations.map((validation) => ({
        domainName: validation.domainName,
        resourceRecord: { ...validation.record, type: 'CNAME' as const },
        // As seen in the wild where the DNS zone is not in Lightsail.
        dnsRecordCreationState: { code: 'FAILED' as const, message: 'Not authorized to access the DNS zone.' },
        validationStatus: validation.status,
      })),
    } : {}),
    ...(failureReason ? { requestFailureReason: failureReason } : {}),
    inUseResourceCount: usersOf(account, certificate).length,
    keyAlgorithm: 'RSA-2048',
    createdAt: epochSeconds(createdAt),
    ...(issuedAt === undefined ? {} : { issuedAt: epochSeconds(issuedAt) }),
    tags: describeTags(certificate),
  };
}

function describeTags(service: Pick<Service, 'tags'>): TagShape[] {
  return [...service.tags].map(([key, value]) => ({ key, value }));
}

function powerIdOf(account: Account, service: Service): string {
  const power = account.powers.find(({ name }) => name === service.power);
  if (!power) {
    throw errors.inactivePower(service.power);
  }
  return power.powerId;
}
