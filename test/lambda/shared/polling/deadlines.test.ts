import { deadlinesOf } from '../../../../lambda/shared/polling/deadlines';

test.each([
  ['half an hour', 1800, { patience: 60, lastCreate: 1680, answer: 1740, explanation: 1785 }],
  ['four minutes, the shortest timeout with full reserves', 240, { patience: 60, lastCreate: 120, answer: 180, explanation: 225 }],
  ['a minute', 60, { patience: 15, lastCreate: 30, answer: 45, explanation: 52.5 }],
])('a timeout of %s leaves time to answer and to explain', (_, timeoutSeconds, expected) => {
  const deadlines = deadlinesOf(1_000, timeoutSeconds);

  expect(Object.fromEntries(Object.entries(deadlines).map(([name, at]) => [name, (at - 1_000) / 1000]))).toEqual(expected);
});
