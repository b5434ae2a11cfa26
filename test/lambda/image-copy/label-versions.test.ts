import type { DescribedDeployment, DescribedService } from '../../../lambda/clients/lightsail';
import { imagesInUse, superfluous, versionIn, versionsOf, versionWith } from '../../../lambda/image-copy/label-versions';

const image = (number: number, content = String(number), label = 'app') => ({ image: `:web.${label}.${number}`, digest: `sha256:${content}` });
const versions = (...contents: string[]) => versionsOf(contents.map((content, index) => image(index + 1, content)), 'web', 'app');
const numbers = (found: ReadonlyArray<{ readonly number: number }>) => found.map(({ number }) => number);
const deployment = (version: number, state: DescribedDeployment['state'], ...images: string[]): DescribedDeployment =>
  ({ version, state, containers: Object.fromEntries(images.map((name, index) => [`c${index}`, { image: name }])) });

test('versions of a label are those with its name and a number, oldest first', () => {
  const stored = [image(10), image(2), image(3, 'x', 'apps'), image(4, 'x', 'a'), { image: ':web.app.latest', digest: 'd' }, { image: ':other.app.5', digest: 'd' }, image(1, 'x', 'app.b')];

  expect(numbers(versionsOf(stored, 'web', 'app'))).toEqual([2, 10]);
});

test('of several versions with a digest the oldest counts', () => {
  expect(versionWith(versions('a', 'b', 'a', 'c'), ['sha256:c', 'sha256:a'])?.number).toBe(1);
  expect(versionWith(versions('a', 'b'), ['sha256:z'])).toBeUndefined();
});

test.each([[':web.app.2', 2], [':web.app.latest', 3], [':web.app.9', undefined], ['nginx:latest', undefined], [':web.apps.2', undefined]])('a deployment of %s runs version %s', (name, expected) => {
  expect(versionIn(deployment(1, 'ACTIVE', 'redis', name), versions('a', 'b', 'c'))?.number).toBe(expected);
});

test('in use is what runs, what is about to, and what would run again', () => {
  const service: DescribedService = {
    containerServiceName: 'web', state: 'DISABLED', currentDeployment: deployment(7, 'INACTIVE', ':web.app.1'), nextDeployment: deployment(8, 'ACTIVATING', ':web.app.latest'),
  };
  const used = imagesInUse(versions('a', 'b', 'c', 'd', 'e'), service, [
    deployment(5, 'INACTIVE', ':web.app.2'), deployment(4, 'FAILED', ':web.app.2'), deployment(9, 'ACTIVE', ':web.app.3', ':web.app.4'),
  ]);

  expect([...used].sort()).toEqual([':web.app.1', ':web.app.3', ':web.app.4', ':web.app.5']);
});

test.each<[string, string[], number, string[], number[]]>([
  ['beyond the last ones', ['a', 'b', 'c', 'd', 'e'], 3, [], [1, 2]],
  ['beyond the last ones, but for what is in use', ['a', 'b', 'c', 'd', 'e'], 3, [':web.app.1'], [2]],
  ['with the content of an older one', ['a', 'b', 'a', 'b'], 3, [], [3, 4]],
  ['with the content of an older one, which does not count', ['a', 'b', 'c', 'c'], 2, [], [1, 4]],
  ['with the content of an older one, if nothing runs it', ['a', 'a'], 3, [':web.app.2'], []],
  ['at all, if none is kept', ['a', 'b'], 0, [], [1, 2]],
  ['of none', [], 3, [], []],
])('versions can go: %s', (_, contents, keep, stays, expected) => {
  expect(numbers(superfluous(versions(...contents), keep, new Set(stays)))).toEqual(expected);
});
