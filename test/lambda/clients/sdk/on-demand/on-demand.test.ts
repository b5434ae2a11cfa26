import { onDemand } from '../../../../../lambda/clients/sdk/on-demand/on-demand';

interface Client {
  add(a: number, b: number): Promise<number>;
  fail(): Promise<never>;
}

const client: Client = {
  add: async (a, b) => a + b,
  fail: async () => { throw new Error('denied'); },
};

test('loads nothing before the first call, and once for all calls', async () => {
  const load = jest.fn(async () => client);
  const lazy = onDemand<Client>(['add', 'fail'], load);
  expect(load).not.toHaveBeenCalled();

  expect(await Promise.all([lazy.add(1, 2), lazy.add(3, 4)])).toEqual([3, 7]);
  expect(await lazy.add(5, 6)).toBe(11);
  expect(load).toHaveBeenCalledTimes(1);
});

test('passes on the failure of a call', async () => {
  await expect(onDemand<Client>(['add', 'fail'], async () => client).fail()).rejects.toThrow('denied');
});

test('a client that cannot be loaded fails the call, and is loaded anew by the next one', async () => {
  let attempts = 0;
  const lazy = onDemand<Client>(['add', 'fail'], async () => {
    attempts += 1;
    if (attempts === 1) throw new Error('not now');
    return client;
  });

  await expect(lazy.add(1, 2)).rejects.toThrow('not now');
  expect(await lazy.add(1, 2)).toBe(3);
});

test('has no other methods, so that nobody takes it for a promise', () => {
  expect(Object.keys(onDemand<Client>(['add'], async () => client))).toEqual(['add']);
});
