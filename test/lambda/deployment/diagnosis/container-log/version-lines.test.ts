import { attempts, NO_SECRETS, tailOf } from './log-fixture';
import { shownLine } from '../../../../../lambda/deployment/diagnosis/container-log/log-line';
import { VersionLines } from '../../../../../lambda/deployment/diagnosis/container-log/version-lines';
import { maskOf } from '../../../../../lambda/deployment/masking/secret-mask';

const texts = (lines: readonly string[], options: Parameters<typeof tailOf>[2] = {}) => tailOf('app', lines, options).lines.map((line) => shownLine(line, NO_SECRETS));

test('keeps what stands after the creation of the version, and drops the lines of another one', () => {
  expect(texts([
    'old: listening on 80',
    '[deployment:7] Took too long',
    '[deployment:8] Creating your deployment',
    '[deployment:7] Canceled',
    '[deployment:8] Started 1 new node',
    'new: boom',
  ], { version: 8 })).toEqual(['[deployment:8] Creating your deployment', '[deployment:8] Started 1 new node', 'new: boom']);
});

test('keeps everything where the creation is not in the log', () => {
  expect(texts(['boom', '[deployment:8] Canceled'], { version: 8 })).toEqual(['boom', '[deployment:8] Canceled']);
});

test('in a log that an older version shares, keeps of the containers only what was written while nodes of this one ran', () => {
  const lines = [
    '[deployment:8] Creating your deployment', 'old: before', '[deployment:8] Started 1 new node', 'either: while', '[deployment:8] Started 1 new node',
    'either: still', '[deployment:8] Took too long', 'old: after', '[deployment:8] Canceled',
  ];

  expect(texts(lines, { version: 8, shared: true })[0]).toBe('[deployment:8] Creating your deployment');
  expect(texts(lines.slice(1), { version: 8, shared: true })[0]).toBe('[deployment:8] Started 1 new node');
  expect(texts(lines, { version: 8, shared: true }).filter((text) => !text.startsWith('['))).toEqual(['either: while', 'either: still']);
  expect(texts(lines, { version: 8, shared: false })).toEqual(lines);
});

test.each([
  ['[deployment:1] Creating your deployment', 'creating'],
  ['[deployment:1] Started 1 new node', 'started'],
  ['Started 2 new nodes', 'started'],
  ['[deployment:1] Took too long', 'ended'],
  ['Canceled', 'ended'],
  ['  Canceled', 'ended'],
  ['[deployment:1] Reached a steady state', undefined],
  ['Canceled my subscription', undefined],
  ['Order [deployment:1] Canceled', undefined],
])('tells the lines of Lightsail from those of the container: %s', (line, kind) => {
  expect(tailOf('app', [line]).lines).toEqual([expect.objectContaining({ unmasked: line.trimEnd() })]);
  expect(tailOf('app', [line]).lines[0]!.lightsail).toBe(kind);
});

test.each([
  [attempts(3, []), true],
  [['[deployment:1] Took too long'], true],
  [['[deployment:2] Took too long'], false],
  [['boom'], false],
])('is complete once Lightsail has given the version up (%#)', (lines, complete) => {
  expect(tailOf('app', lines).complete).toBe(complete);
});

test('keeps the first 50 and the last 150 lines', () => {
  const lines = Array.from({ length: 1000 }, (_, index) => `line ${index + 1}`);

  const tail = tailOf('app', lines);

  expect(tail.lines.map(({ unmasked }) => unmasked)).toEqual([...lines.slice(0, 50), ...lines.slice(-150)]);
  expect(tail.skipped).toBe(800);
  expect(tailOf('app', lines.slice(0, 200)).skipped).toBe(0);
});

test('masks before it cuts, so that no part of a secret is left over', () => {
  for (const before of [3_995, 7_995, 30_000]) {
    const mask = maskOf(['correct-horse']);
    const found = new VersionLines(1, false, mask);
    found.push({ message: `${'x'.repeat(before)}correct-horse` });

    const shown = shownLine(found.lines()[0]!, mask);
    expect(shown).not.toContain('corr');
    expect(shown.length).toBeLessThanOrEqual(4_000);
  }
});

test.each([
  ['x'.repeat(4_000), 'x'.repeat(4_000)],
  ['x'.repeat(4_001), `${'x'.repeat(3_999)}…`],
  [`${'x'.repeat(3_998)}😀😀`, `${'x'.repeat(3_998)}…`],
  [`😀${'x'.repeat(4_000)}`, `😀${'x'.repeat(3_997)}…`],
])('cuts a line to 4,000 characters, and leaves no half of one (%#)', (line, shown) => {
  expect(texts([line])).toEqual([shown]);
});

test('cuts a very long line as it comes, so that many of them do not fill the memory', () => {
  const found = new VersionLines(1, false, NO_SECRETS);

  found.push({ message: 'x'.repeat(8_000) });
  found.push({ message: 'x'.repeat(100_000) });

  expect(found.lines().map(({ unmasked }) => unmasked.length)).toEqual([8_000, 8_000]);
});

test('breaks an event into its lines, without colours and control characters', () => {
  expect(texts(['one\r\ntwo\n\n   \n', '\u001b[31mred\u001b[0m\tand\u0007 bell', '\u001b]0;title\u0007after', 'half \ud83d', 'three\nfour', '\u202eright to left']))
    .toEqual(['one', 'two', 'red and  bell', 'after', 'half \ufffd', 'three', 'four', ' right to left']);
});

describe("a line with Lightsail's words", () => {
  const CREATING = '[deployment:1] Creating your deployment';
  const STARTED = '[deployment:1] Started 1 new node';
  const kinds = (lines: readonly string[], options: Parameters<typeof tailOf>[2] = {}) =>
    tailOf('app', lines, options).lines.map(({ unmasked, lightsail, isUnclear }) => [unmasked, lightsail ?? (isUnclear ? 'unclear' : 'container')]);

  test('that creates the deployment is the container\'s once a node was started', () => {
    expect(kinds(['before', CREATING, 'between', CREATING, STARTED, 'one', CREATING, 'Creating your deployment...'])).toEqual([
      [CREATING, 'creating'], [STARTED, 'started'], ['one', 'container'], [CREATING, 'container'], ['Creating your deployment...', 'container'],
    ]);
  });

  test('without the number is the container\'s where Lightsail writes the same words with it', () => {
    expect(kinds([STARTED, 'Started 3 new nodes', 'Canceled', 'Took too long', '[deployment:1] Canceled', 'Canceled', 'Took too long'])).toEqual([
      [STARTED, 'started'], ['Started 3 new nodes', 'container'], ['Canceled', 'ended'], ['Took too long', 'ended'],
      ['[deployment:1] Canceled', 'ended'], ['Canceled', 'container'], ['Took too long', 'ended'],
    ]);
  });

  test('and a number of another version is dropped, and with other words after a number it is unclear', () => {
    expect(kinds(['[deployment:2] Canceled', '[deployment:2] hello', '[deployment:1] hello'])).toEqual([
      ['[deployment:2] hello', 'unclear'], ['[deployment:1] hello', 'unclear'],
    ]);
  });

  test('ends a version only if no line of the container follows', () => {
    expect(tailOf('app', [STARTED, 'Canceled']).complete).toBe(true);
    expect(tailOf('app', [STARTED, 'Canceled', 'one']).complete).toBe(false);
    expect(tailOf('app', [STARTED, 'Canceled', 'one', '[deployment:1] Canceled']).complete).toBe(true);
    expect(tailOf('app', []).complete).toBe(false);
  });

  test('ends a version in a shared log for good if it has the number; if not, another end shows that the version still ran', () => {
    expect(texts([STARTED, 'one', 'Canceled', 'two', 'Canceled', 'old'], { shared: true })).toEqual([STARTED, 'one', 'Canceled', 'two', 'Canceled']);
    expect(texts([STARTED, 'one', '[deployment:1] Canceled', 'old', 'Took too long', 'old'], { shared: true })).toEqual([STARTED, 'one', '[deployment:1] Canceled', 'Took too long']);
    expect(tailOf('app', [STARTED, 'Canceled', 'old'], { shared: true }).complete).toBe(true);
    expect(tailOf('app', [STARTED, 'one'], { shared: true }).complete).toBe(false);
  });

  test('in a shared log, a new creation begins anew, and a long log after the end does not fill the memory', () => {
    expect(texts(['Canceled', 'old', CREATING, 'old', STARTED, 'one'], { shared: true })).toEqual([CREATING, STARTED, 'one']);

    const many = Array.from({ length: 1_000 }, (_, index) => `old ${index}`);
    expect(texts([STARTED, 'Canceled', ...many, 'Canceled'], { shared: true })).toEqual([STARTED, 'Canceled', ...many.slice(0, 150), 'Canceled']);
  });
});
