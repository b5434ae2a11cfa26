import { attributesOf } from '../../lambda/attributes';

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
