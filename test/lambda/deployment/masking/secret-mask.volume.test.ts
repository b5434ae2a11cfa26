import { maskOf } from '../../../../lambda/deployment/masking/secret-mask';

const SECRETS = Array.from({ length: 50 }, (_, index) => `secret-${index}-${'abcdefghij'.repeat(2)}!%${index}`);

/** Of a log of fifty thousand lines, as many are kept and shown, for ten containers. */
const LINES = 2_000;

/** Many times what it takes, for a machine with other work. It is about the order: a lookup for each secret at each character would take minutes. */
const LIMIT_MS = 5_000;

test.each<[string, (index: number) => string]>([
  ['words', (index) => `2025-01-01T00:00:00 INFO request ${index} handled in 3 ms from 172.26.7.12 path=/api/v1/orders/${index} user=me`],
  ['JSON in JSON', (index) => JSON.stringify({ msg: `request ${index} "handled"`, req: JSON.stringify({ url: '/x?a=b%20c', secret: SECRETS[index % 50] }) })],
  ['base64', (index) => Buffer.from(`${index}`.padEnd(57, 'x')).toString('base64')],
  ['hex', (index) => Buffer.from(`${index}`.padEnd(100, 'x')).toString('hex')],
  ['all escapes at once', (index) => `${index} ${"%25\\\\&amp;+''".repeat(20)}`],
])(`fifty secrets are masked in ${LINES} lines of %s in seconds`, (_, line) => {
  const mask = maskOf(SECRETS);
  const begun = performance.now();

  for (let index = 0; index < LINES; index++) mask(line(index));

  expect(performance.now() - begun).toBeLessThan(LIMIT_MS);
});

test.each(['%41', '\\', '&amp;', "''", '""', 'a', 'word ', '://a:', '@', '0123456789abcdef', "%25\\\\&amp;+''", '\\u0041', "'\\''"])('a line of 8,000 characters that repeats %j does not take long', (part) => {
  const mask = maskOf(SECRETS);
  const begun = performance.now();

  mask(part.repeat(8_000 / part.length));

  expect(performance.now() - begun).toBeLessThan(2_000);
});
