import { RequestMemory } from '../../../../lambda/shared/polling/request-memory';

test('remembers what was made for a request, and makes it once', () => {
  const memory = new RequestMemory<object>();
  const entry = memory.of('r-1', () => ({}));

  expect(memory.of('r-1', () => ({}))).toBe(entry);
  expect(memory.of('r-2', () => ({}))).not.toBe(entry);
});

test('a request that arrives anew starts without memory', () => {
  const memory = new RequestMemory<object>();
  const first = memory.of('r-1', () => ({}));
  const second = memory.restart('r-1', {});

  expect(second).not.toBe(first);
  expect(memory.of('r-1', () => ({}))).toBe(second);
});

test('requests without an id share nothing', () => {
  const memory = new RequestMemory<object>();

  expect(memory.of('', () => ({}))).not.toBe(memory.of('', () => ({})));
});

test('forgets the oldest of more than a hundred requests', () => {
  const memory = new RequestMemory<number>();
  for (let index = 0; index <= 100; index++) memory.of(`r-${index}`, () => index);

  expect(memory.of('r-1', () => -1)).toBe(1);
  expect(memory.of('r-0', () => -1)).toBe(-1);
});
