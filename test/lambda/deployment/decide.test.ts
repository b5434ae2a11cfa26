import { deployRequest } from './deploy-request';
import type { DescribedDeployment, DescribedService } from '../../../lambda/clients/lightsail';
import { decide, type Decision, type Facts } from '../../../lambda/deployment/decide';
import { OWNER_TAG, ownerId } from '../../../lambda/deployment/ownership';

const NOW = Date.UTC(2025, 0, 1);
const WANTED = { containers: { app: { image: 'nginx:2', environment: { A: '1' } } } };
const OTHER = { containers: { app: { image: 'nginx:1' } } };
const REQUEST = deployRequest({ desired: WANTED, isNewToService: false });
const SECRETIVE = { ...REQUEST, secrets: { app: { TOKEN: { parameterName: '/token' } } } };
const withToken = (value: string) => ({ containers: { app: { image: 'nginx:2', environment: { A: '1', TOKEN: value } } } });
const RESOLVED = { ...SECRETIVE, desired: withToken('new') };
const FIRST = { phase: 'waiting', startedAt: NOW } as const;
const LATER = { ...FIRST, baselineVersion: 3, forced: false } as const;

function version(number: number, state: DescribedDeployment['state'], holds: object = WANTED, createdAt?: number): DescribedDeployment {
  return { version: number, state, ...holds, ...(createdAt === undefined ? {} : { createdAt: new Date(createdAt) }) };
}

function running(holds: object = OTHER, change: Partial<DescribedService> = {}): DescribedService {
  return { containerServiceName: 'web', state: 'RUNNING', currentDeployment: version(3, 'ACTIVE', holds), ...change };
}

const NEVER_DEPLOYED: DescribedService = { containerServiceName: 'web', state: 'READY' };
const DISABLED: DescribedService = { containerServiceName: 'web', state: 'DISABLED' };
const deploying = (holds: object = OTHER) => running(OTHER, { state: 'DEPLOYING', nextDeployment: version(4, 'ACTIVATING', holds) });
const claimed = running(WANTED, { tags: [{ key: OWNER_TAG, value: `${ownerId({ stackId: 'b', logicalResourceId: 'X' })}.3` }] });
const UNREADABLE = new Error('no access');

interface Case extends Partial<Facts> {
  readonly expected: Partial<Decision> & { readonly do: Decision['do'] };
}

test.each<[string, Case]>([
  // What the decision lacks.
  ['without the versions it reads them', { expected: { do: 'read', what: 'versions' } as Decision }],
  ['the first look reads the secrets before anything else', { request: SECRETIVE, expected: { do: 'read', what: 'secrets' } as Decision }],
  ['a later look at a busy service reads no secret', { request: SECRETIVE, progress: LATER, service: deploying(), expected: { do: 'wait' } }],
  ['a later look reads the secrets before it creates', { request: SECRETIVE, progress: LATER, versions: [], expected: { do: 'read', what: 'secrets' } as Decision }],
  ['changed triggers need to know whether the stack rolls back', { request: { ...REQUEST, triggersChanged: true }, versions: [], expected: { do: 'read', what: 'isRollingBack' } as Decision }],
  ['an equal version of the past needs to know when the operation began', {
    service: running(), versions: [version(2, 'FAILED', WANTED, NOW), version(3, 'ACTIVE', OTHER)], expected: { do: 'read', what: 'operationBeganAt' } as Decision,
  }],

  // A version answers the request.
  ['a service that was never deployed to gets version 1', { versions: [], service: NEVER_DEPLOYED, expected: { do: 'create', expected: 1 } }],
  ['a service that runs something else gets the next version', { versions: [version(7, 'FAILED', OTHER), version(3, 'ACTIVE', OTHER)], expected: { do: 'create', expected: 8 } }],
  ['a matching active version is used', { service: running(WANTED), versions: [version(3, 'ACTIVE')], expected: { do: 'use', version: 3 } }],
  ['a matching version that is activating is used', { service: deploying(WANTED), versions: [version(4, 'ACTIVATING')], expected: { do: 'use', version: 4 } }],
  ['a matching version that FAILED before the request is not used', { progress: LATER, versions: [version(3, 'FAILED')], expected: { do: 'create' } }],
  ['a version newer than the first look is used, in whatever state it is', { progress: LATER, versions: [version(4, 'FAILED')], expected: { do: 'use', version: 4 } }],
  ['a newer version that holds something else is not used', { progress: LATER, versions: [version(4, 'FAILED', OTHER)], expected: { do: 'create', expected: 5 } }],
  ['a newer version is recognised by all but its secrets', { request: SECRETIVE, progress: LATER, versions: [version(4, 'ACTIVE', withToken('old'))], expected: { do: 'use', version: 4 } }],
  ['the running version must match in its secrets as well', {
    request: SECRETIVE, resolved: RESOLVED, service: running(withToken('old')), versions: [], progress: LATER, expected: { do: 'create' },
  }],
  ['the running version with equal secrets is used', {
    request: SECRETIVE, resolved: RESOLVED, service: running(withToken('new')), versions: [], progress: LATER, expected: { do: 'use', version: 3 },
  }],

  // A version of its own, although the running one matches.
  ['changed triggers make a version', { request: { ...REQUEST, triggersChanged: true }, isRollingBack: false, service: running(WANTED), versions: [], expected: { do: 'create' } }],
  ['changed triggers make a version if CloudFormation cannot be asked', {
    request: { ...REQUEST, triggersChanged: true }, isRollingBack: 'unknown', service: running(WANTED), versions: [], expected: { do: 'create' },
  }],
  ['a rollback of the triggers makes none', { request: { ...REQUEST, triggersChanged: true }, isRollingBack: true, service: running(WANTED), versions: [], expected: { do: 'use', version: 3 } }],
  ['a new resource under RETAIN makes one on a service that another claimed', { request: { ...REQUEST, isNewToService: true }, service: claimed, versions: [], expected: { do: 'create' } }],
  ['an earlier resource under RETAIN makes none there', { service: claimed, versions: [], expected: { do: 'use', version: 3 } }],

  // An earlier delivery of the event.
  ['a version made since the operation began is used', {
    versions: [version(2, 'FAILED', WANTED, NOW - 60_000)], operationBeganAt: NOW - 60_000, expected: { do: 'use', version: 2 },
  }],
  ['the clocks may differ by five seconds', { versions: [version(2, 'FAILED', WANTED, NOW - 65_000)], operationBeganAt: NOW - 60_000, expected: { do: 'use', version: 2 } }],
  ['a version made before the operation is not used', { versions: [version(2, 'FAILED', WANTED, NOW - 65_001)], operationBeganAt: NOW - 60_000, expected: { do: 'create', expected: 3 } }],
  ['without an answer of CloudFormation the start of the request counts', { versions: [version(2, 'FAILED', WANTED, NOW - 5_001)], operationBeganAt: 'unknown', expected: { do: 'create' } }],
  ['an event for which CloudFormation no longer waits fails', { versions: [version(2, 'FAILED', WANTED, NOW)], operationBeganAt: 'ended', expected: { do: 'fail' } }],

  // Waiting.
  ['the first look at a busy service records when the operation began', { service: deploying(), versions: [], expected: { do: 'wait', recordsStart: true } }],
  ['a later look at a busy service reads nothing', { service: deploying(), progress: LATER, expected: { do: 'wait', recordsStart: false } }],
  ['a later look reads the versions if the activating one may be its own', { service: deploying(WANTED), progress: LATER, expected: { do: 'read', what: 'versions' } as Decision }],
  ['a disabled service is enabled', { service: DISABLED, versions: [version(2, 'INACTIVE', OTHER)], expected: { do: 'enable', expected: 3 } }],

  // Secrets that cannot be read.
  ['unreadable secrets need to know whether the stack rolls back', { request: SECRETIVE, unreadable: UNREADABLE, expected: { do: 'read', what: 'isRollingBack' } as Decision }],
  ['unreadable secrets fail', { request: SECRETIVE, unreadable: UNREADABLE, isRollingBack: false, expected: { do: 'fail', error: UNREADABLE } }],
  ['unreadable secrets fail if CloudFormation cannot be asked', { request: SECRETIVE, unreadable: UNREADABLE, isRollingBack: 'unknown', expected: { do: 'fail' } }],
  ['a rollback settles on the serving version', { request: SECRETIVE, unreadable: UNREADABLE, isRollingBack: true, service: running(withToken('x')), expected: { do: 'settle', version: 3 } }],
  ['a rollback waits for what the update began', { request: SECRETIVE, unreadable: UNREADABLE, isRollingBack: true, service: deploying(), expected: { do: 'wait' } }],
  ['a rollback does not settle on something else', { request: SECRETIVE, unreadable: UNREADABLE, isRollingBack: true, service: running(), expected: { do: 'fail' } }],
])('%s', (_, { expected, ...facts }) => {
  expect(decide({ request: REQUEST, service: running(), progress: FIRST, now: NOW, ...facts })).toMatchObject(expected);
});

test('the progress of a first look holds what the later ones need', () => {
  const decision = decide({ request: REQUEST, service: running(), progress: FIRST, now: NOW, versions: [version(3, 'ACTIVE', OTHER)] });

  expect(decision).toEqual({ do: 'create', expected: 4, progress: { ...FIRST, baselineVersion: 3, forced: false, roleSeenAt: undefined } });
});

test('the progress holds when the role that pulls private images was first seen', () => {
  const request = { ...REQUEST, pullAccess: { isNew: true, ecrImages: [] } };
  const withRole = running(OTHER, { privateRegistryAccess: { ecrImagePullerRole: { isActive: true, principalArn: 'arn' } } });

  expect(decide({ request, service: running(), progress: FIRST, now: NOW, versions: [] })).toMatchObject({ progress: { roleSeenAt: undefined } });
  expect(decide({ request, service: withRole, progress: FIRST, now: NOW, versions: [] })).toMatchObject({ progress: { roleSeenAt: NOW } });
  const seenBefore = { ...LATER, roleSeenAt: 7 };
  expect(decide({ request, service: withRole, progress: seenBefore, now: NOW, versions: [] })).toMatchObject({ progress: { roleSeenAt: 7 } });
});
