import type { DescribedService } from '../../../lambda/clients/lightsail';
import { attributesOf, restoredAttributesOf } from '../../../lambda/deployment/attributes';

test('gives the names of all custom domains in one sorted list, and what else Lightsail answers as strings', () => {
  expect(attributesOf({
    containerServiceName: 'web',
    publicDomainNames: { 'cert-1': ['www.example.com', 'example.com'], 'cert-2': ['a.example.org'] },
    privateRegistryAccess: { ecrImagePullerRole: { isActive: true, principalArn: 'arn:aws:iam::1:role/puller' } },
    isDisabled: false,
    scale: 2,
  }, { version: 3, state: 'ACTIVE', createdAt: new Date(0) })).toMatchObject({
    DeploymentId: 'web/3',
    DeploymentCreatedAt: '1970-01-01T00:00:00.000Z',
    PublicDomainNames: ['a.example.org', 'example.com', 'www.example.com'],
    EcrImagePullerPrincipalArn: 'arn:aws:iam::1:role/puller',
    IsDisabled: 'false',
    Scale: '2',
  });
});

test('has every attribute even if Lightsail answers next to nothing, since CloudFormation fails on a missing one', () => {
  const attributes = attributesOf({ containerServiceName: 'web' }, { version: 1 });

  expect(Object.keys(attributes)).toHaveLength(20);
  expect(Object.values(attributes)).not.toContain(undefined);
});

test('gives what Lightsail answers, each under its name', () => {
  expect(attributesOf({
    containerServiceName: 'web',
    arn: 'arn',
    state: 'RUNNING',
    createdAt: new Date(1000),
    url: 'https://web.example.com/',
    principalArn: 'principal',
    privateDomainName: 'web.service.local',
    power: 'nano',
    powerId: 'nano-1',
    scale: 1,
    isDisabled: true,
    resourceType: 'ContainerService',
    location: { availabilityZone: 'all', regionName: 'us-east-1' },
    privateRegistryAccess: { ecrImagePullerRole: { principalArn: 'puller' } },
  }, { version: 3, state: 'ACTIVE' })).toEqual({
    DeploymentId: 'web/3',
    DeploymentVersion: '3',
    DeploymentState: 'ACTIVE',
    DeploymentCreatedAt: '',
    ContainerServiceName: 'web',
    ContainerServiceArn: 'arn',
    ContainerServiceState: 'RUNNING',
    ContainerServiceCreatedAt: '1970-01-01T00:00:01.000Z',
    Url: 'https://web.example.com/',
    PrincipalArn: 'principal',
    PrivateDomainName: 'web.service.local',
    PublicDomainNames: [],
    Power: 'nano',
    PowerId: 'nano-1',
    Scale: '1',
    IsDisabled: 'true',
    ResourceType: 'ContainerService',
    AvailabilityZone: 'all',
    RegionName: 'us-east-1',
    EcrImagePullerPrincipalArn: 'puller',
  });
});

test.each([
  [{}, {}],
  [{ privateRegistryAccess: {} }, {}],
])('gives empty strings for what is not there (%#)', (service, deployment) => {
  expect(attributesOf(service, deployment)).toMatchObject({ Url: '', AvailabilityZone: '', RegionName: '', EcrImagePullerPrincipalArn: '', Scale: '' });
});

describe('after a rollback that had nothing to undo, no attribute that had a value is empty, because CloudFormation would refuse to export it', () => {
  test('of a service that is gone', () => {
    const attributes = restoredAttributesOf('web', undefined);

    expect(attributes).toMatchObject({ ContainerServiceName: 'web', DeploymentId: 'unknown', DeploymentVersion: 'unknown', Url: 'https://unknown.invalid/' });
    expect(Object.entries(attributes).filter(([, value]) => value.length === 0)).toEqual([]);
  });

  test('of a disabled service without a deployment, whose other attributes are its own', () => {
    const attributes = restoredAttributesOf('web', {
      containerServiceName: 'web', url: 'https://web.example/', isDisabled: true, publicDomainNames: {}, scale: 1,
    } as DescribedService);

    expect(attributes).toMatchObject({ Url: 'https://web.example/', IsDisabled: 'true', Scale: '1', DeploymentState: 'unknown', DeploymentId: 'unknown' });
    expect(Object.entries(attributes).filter(([, value]) => value.length === 0).map(([name]) => name).sort()).toEqual(['EcrImagePullerPrincipalArn', 'PublicDomainNames']);
  });
});
