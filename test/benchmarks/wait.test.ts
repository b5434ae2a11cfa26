import { meetsTheBar, run } from '../../benchmarks/wait/run';

test('the handler waits as quickly and as cheaply as promised', async () => {
  const rows = await run([2, 5], 47);

  expect(rows.filter(({ way }) => way === 'cdk-lightsail-containers')).toHaveLength(6);
  expect(rows.filter((row) => !meetsTheBar(row))).toEqual([]);
}, 600_000);

test('the benchmark measures what other tools do', async () => {
  const rows = await run([2], 8);

  expect(rows.find(({ way, end }) => way === 'Terraform' && end === 'succeeds')!.worstDelay).toBeGreaterThan(5);
  expect(rows.find(({ way, end }) => way === 'Provider framework, plain' && end === 'succeeds')!.mostCallsBeyondTerraform).toBeGreaterThan(0);
}, 600_000);
