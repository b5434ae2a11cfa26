import { expectFullReason } from './explain-fixture';

test.each([
  ['10 kB of words', (index: number) => `${index} ${'word '.repeat(2000)}`],
  ['10 kB of emoji', (index: number) => `${index} ${'👩‍👩‍👧'.repeat(1250)}`],
  ['10 kB of three bytes', (index: number) => `${index} ${'漢'.repeat(3300)}`],
  ['quotes and backslashes', (index: number) => `${index} ${'"\\'.repeat(5000)}`],
  ['control characters', (index: number) => `${index} ${'\u0001\u001b[31m'.repeat(2000)}`],
])('a reason of ten containers with lines of %s: what matters stands, and each has its share', expectFullReason);
