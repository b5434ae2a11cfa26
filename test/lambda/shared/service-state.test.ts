import type { ContainerServiceDeploymentState, ContainerServiceState } from '@aws-sdk/client-lightsail';
import type { DescribedService } from '../../../lambda/clients/lightsail';
import { activating, isBusy, pullerRoleArn, requireDeployable, serving } from '../../../lambda/shared/service-state';

function service(state: ContainerServiceState, next?: ContainerServiceDeploymentState): DescribedService {
  return { containerServiceName: 'web', state, ...(next === undefined ? {} : { nextDeployment: { version: 2, state: next } }) };
}

test.each([
  ['PENDING', undefined, true],
  ['UPDATING', undefined, true],
  ['DEPLOYING', undefined, true],
  ['READY', undefined, false],
  ['RUNNING', undefined, false],
  ['RUNNING', 'ACTIVATING', true],
  ['RUNNING', 'ACTIVE', true],
  ['RUNNING', 'FAILED', false],
  ['RUNNING', 'INACTIVE', false],
] as const)('a service that is %s, its next deployment %s: busy %p', (state, next, busy) => {
  expect(isBusy(service(state, next))).toBe(busy);
  expect(activating(service(state, next))?.version).toBe(busy && next !== undefined ? 2 : undefined);
});

test.each(['PENDING', 'READY', 'DEPLOYING', 'RUNNING', 'UPDATING'] as const)('a service that is %s can be deployed to, now or after a while', (state) => {
  expect(() => requireDeployable('web', service(state), 'Nothing was deployed')).not.toThrow();
});

test.each([
  [undefined, 'Nothing was deployed: there is no container service "web" in this account and Region. Create it first, or use the name of an existing one.'],
  ['DELETING', 'Nothing was deployed: container service "web" is DELETING. Wait until it is gone, create it again, then deploy again.'],
  ['DISABLED', 'Nothing was deployed: container service "web" is DISABLED. Enable it and deploy again, '
    + 'for example with: aws lightsail update-container-service --service-name web --no-is-disabled'],
] as const)('fails on a service that is %s', (state, message) => {
  expect(() => requireDeployable('web', state && service(state), 'Nothing was deployed')).toThrow(expect.objectContaining({ name: 'ResourceFailure', message }));
});

test.each([
  [undefined, undefined, 'No deployment is active.'],
  [{ version: 3, state: 'FAILED' }, undefined, 'No deployment is active.'],
  [{ version: 3, state: 'ACTIVE' }, 3, 'No deployment is active.'],
  [{ version: 3, state: 'ACTIVE' }, 4, 'Version 3 is still serving.'],
  [{ version: 3, state: 'ACTIVE' }, undefined, 'Version 3 is still serving.'],
] as const)('of %j, where version %s failed: %s', (current, failed, expected) => {
  expect(serving(current, failed)).toBe(expected);
});

test.each([
  [undefined, undefined],
  [{}, undefined],
  [{ ecrImagePullerRole: { isActive: false, principalArn: 'arn' } }, undefined],
  [{ ecrImagePullerRole: { isActive: true } }, undefined],
  [{ ecrImagePullerRole: { isActive: true, principalArn: 'arn' } }, 'arn'],
])('with access to private registries %j, images are pulled by the role %p', (privateRegistryAccess, arn) => {
  expect(pullerRoleArn({ ...service('READY'), privateRegistryAccess })).toBe(arn);
});
