import { systemClock } from '../../../lambda/shared/clock';

test('a sleep comes to its end', async () => {
  const before = Date.now();
  await systemClock.sleep(1);
  expect(systemClock.now()).toBeGreaterThanOrEqual(before);
});
