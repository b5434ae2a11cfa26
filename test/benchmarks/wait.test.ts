import { runOnQuota } from '../../benchmarks/quota/run';
import { goalsOf, run } from '../../benchmarks/wait/run';
import { OURS, TERRAFORM, WAYS } from '../../benchmarks/wait/ways';

test('where ACTIVATING_DEPLOYMENT shows for long, success is reported within 2 s at the median and 5 s at worst', async () => {
  const rows = await run({ shares: ['50/22/28'], lengths: [120, 300], ends: ['succeeds'], ways: [OURS], runs: 24 });

  expect(rows).toHaveLength(2);
  for (const { activating } of rows) {
    expect(activating!.medianDelay).toBeLessThanOrEqual(2);
    expect(activating!.worstDelay).toBeLessThanOrEqual(5);
  }
}, 600_000);

test('the benchmark measures what others do: Terraform, and one look for each call of isComplete', async () => {
  const rows = await run({ shares: ['50/22/28'], lengths: [120], ends: ['succeeds', 'process exits'], ways: Object.keys(WAYS), runs: 8 });
  const row = (way: string, end = 'succeeds') => rows.find((each) => each.way === way && each.end === end)!;

  expect(rows).toHaveLength(8);
  expect(row(TERRAFORM).worstDelay).toBeGreaterThan(5);
  expect(row(TERRAFORM)).toMatchObject({ heldSeconds: 0, cost: 0, logCalls: 0 });
  expect(row('one look every 10 s (framework)').worstDelay).toBeGreaterThan(row('one look every 5 s (framework)').worstDelay);
  expect(row('one look every 10 s (framework)').cost).toBeLessThan(row('one look every 5 s (framework)').cost);
  expect(row(OURS, 'process exits').logCalls).toBeGreaterThan(0);
}, 600_000);

test('a row that is late or makes too many calls misses its goals', () => {
  const row = {
    shares: '50/22/28',
    seconds: 120,
    end: 'succeeds',
    way: OURS,
    medianDelay: 5,
    worstDelay: 9,
    calls: 20,
    logCalls: 0,
    terraformCalls: 10,
    heldSeconds: 0,
    cost: 0,
    activating: { medianDelay: 3, worstDelay: 6 },
  } as const;

  expect(goalsOf(row).map(({ isMet }) => isMet)).toEqual([false, false, false, false, false]);
  expect(goalsOf({ ...row, way: TERRAFORM })).toEqual([]);
});

test('with a quota that is large enough, all deployments that start together succeed', async () => {
  expect(await runOnQuota(6, 100)).toMatchObject({ succeeded: 6, throttled: 0, reasons: [] });
}, 600_000);
