import type { DescribedService } from '../../../lambda/clients/lightsail';
import { claimOn, claimText, isOwn, newClaim, ownerId, OWNER_TAG, predecessorOf, releaseOf, type Claim } from '../../../lambda/deployment/ownership';

const OWN = ownerId({ stackId: 'stack/a', logicalResourceId: 'Deployment' });
const OTHER = ownerId({ stackId: 'stack/b', logicalResourceId: 'Deployment' });
const THIRD = ownerId({ stackId: 'stack/c', logicalResourceId: 'Deployment' });

function service(tag?: string, rest: Partial<DescribedService> = {}): DescribedService {
  return { containerServiceName: 'web', state: 'RUNNING', tags: tag === undefined ? [] : [{ key: OWNER_TAG, value: tag }], ...rest };
}

/** A claim as the tag has it: what it replaced is `unowned`, `disabled` or the text of another claim. */
function claim(owner: string, version: number, replaced?: string): Claim {
  return claimOn(service(`${owner}.${version}${replaced === undefined ? '' : `/${replaced}`}`))!;
}

const UPDATE = { baselineVersion: 3, isNewToService: false };
const CREATE = { baselineVersion: 3, isNewToService: true };
const ACTIVE = { currentDeployment: { version: 3, state: 'ACTIVE' } } as const;

test('an owner is one resource of one stack, in as much as a tag may hold', () => {
  expect(OWN).not.toBe(OTHER);
  expect(OWN).not.toBe(ownerId({ stackId: 'stack/a', logicalResourceId: 'Renamed' }));
  expect(OWN).toMatch(/^[0-9a-f]{32}$/);
});

test.each([
  ['nothing ran', service(), claim(OWN, 4)],
  ['something ran', service(undefined, ACTIVE), claim(OWN, 4, 'unowned')],
  ['something had failed', service(undefined, { currentDeployment: { version: 3, state: 'FAILED' } }), claim(OWN, 4)],
  ['something was on its way', service(undefined, { nextDeployment: { version: 3, state: 'ACTIVATING' } }), claim(OWN, 4, 'unowned')],
  ['another had claimed it, of whose nothing runs', service(`${OTHER}.3`), claim(OWN, 4)],
  ['another had claimed what is on its way', service(`${OTHER}.3`, { nextDeployment: { version: 3, state: 'ACTIVATING' } }), claim(OWN, 4, `${OTHER}.3`)],
  ['it was disabled', service(undefined, { state: 'DISABLED' }), claim(OWN, 4, 'disabled')],
  ['the owner had disabled it', service(`${OWN}.3/unowned`, { state: 'DISABLED' }), claim(OWN, 4, 'disabled')],
  ['another had claimed it', service(`${OTHER}.3`, ACTIVE), claim(OWN, 4, `${OTHER}.3`)],
  ['another had claimed it from a third', service(`${OTHER}.3/${THIRD}.2`, ACTIVE), claim(OWN, 4, `${OTHER}.3/unowned`)],
  ['another had claimed what nobody owned', service(`${OTHER}.3/unowned`, ACTIVE), claim(OWN, 4, `${OTHER}.3/unowned`)],
  ['another had enabled it', service(`${OTHER}.4/disabled`, ACTIVE), claim(OWN, 4, `${OTHER}.4/disabled`)],
  ['another had failed to replace what is its own', service(`${OTHER}.4/${OTHER}.3`, ACTIVE), claim(OWN, 4, `${OTHER}.4/${OTHER}.3`)],
  ['the owner runs on it', service(`${OWN}.3/unowned`, ACTIVE), claim(OWN, 4, `${OWN}.3`)],
  ['the owner has tried another version before', service(`${OWN}.2/unowned`, ACTIVE), claim(OWN, 4, 'unowned')],
  ['the owner ran on it, and it was disabled', service(`${OWN}.3`, { state: 'DISABLED' }), claim(OWN, 4, 'disabled')],
  ['the tag is not ours', service('something else', ACTIVE), claim(OWN, 4, 'unowned')],
])('a claim survives the tag: %s', (_, before, expected) => {
  const made = newClaim(before, OWN, 4, UPDATE);

  expect(made).toEqual(expected);
  expect(claimOn(service(claimText(made)))).toEqual(expected);
  expect(claimText(made)).toMatch(/^[a-z0-9./]{1,256}$/);
});

test('however many claim it from one another, the tag stays short', () => {
  let tag = `${OTHER}.3/${OTHER}.2`;
  for (const owner of [OWN, THIRD, OTHER, OWN]) tag = claimText(newClaim(service(tag, ACTIVE), owner, 4, UPDATE));

  expect(tag).toBe(`${OWN}.4/${OTHER}.4/unowned`);
});

test.each([
  ['of its own', `${OWN}.3`, { version: 4, state: 'ACTIVE' }],
  ['of somebody else under the number that was claimed first', `${OWN}.3`, { version: 5, state: 'ACTIVE' }],
  ['of nobody', 'unowned', { version: 3, state: 'ACTIVE' }],
  ['that was enabled', 'disabled', { version: 3, state: 'ACTIVE' }],
] as const)('a claim that is made again for the next number stays what it was: something runs %s', (_, replaced, currentDeployment) => {
  for (const request of [UPDATE, CREATE]) {
    expect(newClaim(service(`${OWN}.5/${replaced}`, { currentDeployment }), OWN, 6, request)).toEqual(claim(OWN, 6, replaced));
  }
});

test('a claim on what runs is no claim on anything else', () => {
  expect(newClaim(service(`${OWN}.2/${OWN}.3`, ACTIVE), OWN, 3, UPDATE)).toEqual(claim(OWN, 3));
});

test.each(['unowned', `${OTHER}.2`])('what was there before a resource that is new to the service stays so, even if it was claimed first: %s', (replaced) => {
  expect(newClaim(service(`${OWN}.3/${replaced}`, ACTIVE), OWN, 4, CREATE)).toEqual(claim(OWN, 4, replaced));
  expect(newClaim(service(`${OWN}.3/${replaced}`, ACTIVE), OWN, 4, UPDATE)).toEqual(claim(OWN, 4, `${OWN}.3`));
});

test('a claim that is left of an earlier life of the resource on the service is none', () => {
  expect(newClaim(service(`${OWN}.2`, ACTIVE), OWN, 4, CREATE)).toEqual(claim(OWN, 4, 'unowned'));
});

test.each([
  [claim(OWN, 4), 4, true],
  [claim(OWN, 4), 3, false],
  [claim(OWN, 4), 5, false],
  [claim(OWN, 4, 'disabled'), 3, true],
  [claim(OWN, 4, 'disabled'), 5, false],
  [claim(OWN, 4, 'unowned'), 3, false],
  [claim(OWN, 4, `${OWN}.3`), 3, true],
  [claim(OWN, 4, `${OWN}.3`), 2, false],
  [claim(OWN, 4, `${OTHER}.3`), 3, false],
  [claim(OWN, 5, `${OTHER}.4/${OTHER}.3`), 3, false],
  [claim(OWN, 5, `${OTHER}.4/disabled`), 3, false],
])('%j owns what runs as version %i: %p', (present, running, own) => {
  expect(isOwn(present, running)).toBe(own);
});

test('tells what ran before, and whose it was', () => {
  expect(predecessorOf(claim(OWN, 4))).toBeUndefined();
  expect(predecessorOf(claim(OWN, 4, 'disabled'))).toBeUndefined();
  expect(predecessorOf(claim(OWN, 4, `${OWN}.3`))).toBeUndefined();
  expect(predecessorOf(claim(OWN, 4, 'unowned'))).toEqual({ kind: 'unowned' });
  for (const other of [`${OTHER}.3`, `${OTHER}.3/${OTHER}.2`, `${OTHER}.3/disabled`]) {
    expect(predecessorOf(claim(OWN, 4, other))).toEqual({ kind: 'claim', claim: claimOn(service(other)) });
  }
});

test('a claim on a service that was found disabled is void when it is so again', () => {
  expect(releaseOf(claim(OWN, 4, 'disabled'))).toEqual(claim(OWN, 0));
  for (const replaced of [undefined, 'unowned', `${OWN}.3`, `${OTHER}.3/disabled`]) expect(releaseOf(claim(OWN, 4, replaced))).toBeUndefined();
  expect(newClaim(service(`${OWN}.0`, ACTIVE), OWN, 4, CREATE)).toEqual(claim(OWN, 4, 'unowned'));
  expect(newClaim(service(`${OWN}.0`), OWN, 1, { ...CREATE, baselineVersion: 0 })).toEqual(claim(OWN, 1));
});

test.each([
  ['no tags', undefined],
  ['only others, even if they look like it', [{ key: 'team', value: `${OWN}.3` }]],
  ['a value with something before it', [{ key: OWNER_TAG, value: `x${OWN}.3` }]],
  ['a value with something behind it', [{ key: OWNER_TAG, value: `${OWN}.3x` }]],
  ['no value', [{ key: OWNER_TAG }]],
])('there is no claim on a service that has %s', (_, tags) => {
  expect(claimOn({ tags })).toBeUndefined();
});

test('reads the tag among others, a version of any length, and nothing that does not stand there', () => {
  expect(claimOn({ tags: [{ key: 'team', value: 'a' }, { key: OWNER_TAG, value: `${OWN}.120` }] })).toStrictEqual({ owner: OWN, version: 120, replaced: { kind: 'nothing' } });
});
