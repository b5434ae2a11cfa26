import { ONLY_TO_EXPLAIN, world, OPERATIONS, useCloud, expectTheTruth } from './matrix';

useCloud();

test.each(OPERATIONS)('$name: makes the calls that the tests below let fail', async ({ prepare, run, ends, calls }) => {
  const { cloud } = world();
  await prepare(cloud);
  const asked = () => [cloud.emulator.requests, cloud.api.requests, cloud.sources.requests];
  const before = asked().map(({ length }) => length);

  const outcome = await run(cloud);

  const made = asked().flatMap((requests, index) => requests.slice(before[index]));
  const madeBy = (name: string) => [...new Set(made.filter(({ functionTag }) => functionTag === name).map(({ operation }) => operation))]
    .filter((operation) => operation !== ONLY_TO_EXPLAIN).sort();
  expect({ onEvent: madeBy('onEvent'), isComplete: madeBy('isComplete') }).toEqual({ onEvent: [...calls.onEvent].sort(), isComplete: [...calls.isComplete].sort() });
  expect(outcome.status).toBe(ends);
  expectTheTruth(outcome);
});
