import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMet, median, mediansOf, verdictText, type Verdict } from '../../benchmarks/package/results';

test.each([[[3], 3], [[9, 1, 5], 5], [[4, 1, 100, 2], 3]])('the median of %j is %d', (values, expected) => {
  expect(median(values)).toBe(expected);
});

test('the ways are measured in turn, so that a slow moment meets all of them', async () => {
  const order: string[] = [];
  const way = (name: string, values: number[]) => () => {
    order.push(name);
    return values.shift()!;
  };

  expect(await mediansOf(3, { a: way('a', [1, 9, 2]), b: way('b', [5, 4, 6]) })).toEqual({ a: 2, b: 5 });
  expect(order).toEqual(['a', 'b', 'a', 'b', 'a', 'b']);
});

test('a goal is met up to its value, and a miss is said', () => {
  const verdict = (value: number): Verdict => ({ what: 'the start', value, goal: 1.3, unit: '×' });

  expect([1.3, 1.301].map((value) => isMet(verdict(value)))).toEqual([true, false]);
  expect(verdictText([verdict(1.2), verdict(2.5)])).toBe(
    '- the start: 1.20 ×, and the goal is at most 1.3 ×: met.\n- the start: 2.50 ×, and the goal is at most 1.3 ×: **missed**.');
});

test('a value that only rounds to the goal is not shown as the goal', () => {
  expect(verdictText([{ what: 'code', value: 700.2, goal: 700, unit: 'kB' }])).toContain('700.2 kB, and the goal is at most 700 kB: **missed**');
  expect(verdictText([{ what: 'the start', value: 1.304, goal: 1.3, unit: '×' }])).toContain('1.304 ×');
});

test('the page has a place, a command and numbers for every table', () => {
  const page = readFileSync(join(__dirname, '..', '..', 'benchmarks', 'README.md'), 'utf8');

  for (const name of ['synthesis', 'start', 'size', 'templates', 'capacity']) {
    expect(page).toContain(`\`npm run bench -- --only ${name}\``);
    expect(page).toMatch(new RegExp(`<!-- bench:${name} begins -->\\n\\n\\| .*[\\s\\S]*\\d[\\s\\S]*<!-- bench:${name} ends -->`));
  }
});
