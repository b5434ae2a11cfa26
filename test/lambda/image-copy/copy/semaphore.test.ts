import { Semaphore } from '../../../../lambda/image-copy/copy/semaphore';

test('lets in as much as its weight allows, in the order of coming, also after a failure', async () => {
  const semaphore = new Semaphore(3);
  const log: string[] = [];
  const ends = new Map<string, () => void>();
  const run = async (name: string, weight: number) => semaphore.run(weight, async () => {
    log.push(name);
    await new Promise<void>((resolve, reject) => ends.set(name, name === 'b' ? () => reject(new Error('b failed')) : resolve));
  });
  const settle = async () => new Promise((resolve) => setImmediate(resolve));

  const all = Promise.allSettled([run('a', 2), run('b', 1), run('c', 2), run('d', 1)]);
  await settle();
  expect(log).toEqual(['a', 'b']);
  ends.get('b')!();
  await settle();
  // d is light enough, but c came first.
  expect(log).toEqual(['a', 'b']);
  ends.get('a')!();
  await settle();
  expect(log).toEqual(['a', 'b', 'c', 'd']);
  ends.get('c')!();
  ends.get('d')!();
  expect((await all).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
});
