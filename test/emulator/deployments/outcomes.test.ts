import { DEFAULT_TIMINGS, Outcome } from '..';
import { LONG, MINUTE, useFixture } from '../fixture';

const fixture = useFixture({ services: ['web'] });

const state = () => fixture.emulator.deployments('web')[0].state;
/** Deploys with an outcome, and returns when and where it ended, to the second. */
async function deployTo(outcome: Outcome) {
  fixture.emulator.outcomes.forNextDeployment('web', outcome);
  await fixture.deploy();
  let detail: string | undefined;
  let ms = 0;
  for (; ms < LONG && state() === 'ACTIVATING'; ms += 1000) {
    detail = fixture.emulator.service('web')!.stateDetail?.code;
    fixture.advance(1000);
  }
  const ended = { ms, detail, state: state() };
  fixture.advance(LONG);
  return ended;
}

const NODES_NEVER_CAME_UP = [
  '[deployment:1] Creating your deployment',
  '[deployment:1] Started 1 new node',
  '[deployment:1] Started 1 new node',
  '[deployment:1] Started 1 new node',
  '[deployment:1] Took too long',
  '[deployment:1] Canceled',
];

test("a deployment that succeeds logs the application's lines and the health probes", async () => {
  const ended = await deployTo(Outcome.succeeds({ logLines: ['listening on 80'] }));
  expect(ended).toMatchObject({ state: 'ACTIVE', detail: 'ACTIVATING_DEPLOYMENT' });
  expect(await fixture.log()).toEqual([
    '[deployment:1] Creating your deployment',
    '[deployment:1] Started 1 new node',
    'listening on 80',
    '"GET / HTTP/1.1" 200 54 "-" "ELB-HealthChecker/2.0" "-"',
    '"GET / HTTP/1.1" 200 54 "-" "ELB-HealthChecker/2.0" "-"',
  ]);
});

test('a deployment fails when its image cannot be pulled, without a line of the application', async () => {
  const ended = await deployTo(Outcome.imageCannotBePulled({ logLines: ['never written'] }));
  expect(ended).toEqual({ ms: DEFAULT_TIMINGS.nodesGiveUp, detail: 'CREATING_DEPLOYMENT', state: 'FAILED' });
  expect(await fixture.log()).toEqual(NODES_NEVER_CAME_UP);
});

test('a deployment fails when its image has another architecture', async () => {
  const ended = await deployTo(Outcome.wrongArchitecture({ failsAfter: 3 * MINUTE }));
  expect(ended).toEqual({ ms: 3 * MINUTE, detail: 'CREATING_DEPLOYMENT', state: 'FAILED' });
  expect(await fixture.log({ filterPattern: '"exec format error"' })).toHaveLength(3);
});

test("a deployment fails when its process exits, with the process's lines once for each node", async () => {
  const ended = await deployTo(Outcome.processExits({ exitCode: 3, logLines: ['boom', 'bye'] }));
  expect(ended).toMatchObject({ detail: 'CREATING_DEPLOYMENT', state: 'FAILED' });
  expect(await fixture.log({ filterPattern: '-[deployment' })).toEqual(['boom', 'bye', 'boom', 'bye', 'boom', 'bye']);
  expect(await fixture.log({ filterPattern: '[deployment' })).toEqual(NODES_NEVER_CAME_UP);
});

test('a deployment fails when a silent process exits, with only its exit code in the log', async () => {
  await deployTo(Outcome.processExits({ exitCode: 137 }));
  expect(await fixture.log({ filterPattern: 'exit' })).toEqual(['exit status 137', 'exit status 137', 'exit status 137']);
});

test.each([[404], [502]])('a deployment fails when the health check is answered with %d', async (statusCode) => {
  const ended = await deployTo(Outcome.healthCheckFails({ statusCode, logLines: ['listening on 8080'] }));
  expect(ended).toEqual({
    ms: DEFAULT_TIMINGS.deployment.creating + DEFAULT_TIMINGS.healthCheckGivesUp, detail: 'EVALUATING_HEALTH_CHECK', state: 'FAILED',
  });
  const lines = await fixture.log();
  expect(lines).toContain('listening on 8080');
  expect(lines).toContain(`"GET / HTTP/1.1" ${statusCode} 54 "-" "ELB-HealthChecker/2.0" "-"`);
  expect(lines.slice(-2)).toEqual(['[deployment:1] Took too long', '[deployment:1] Canceled']);
});

test('a deployment that fails its health check ends at the given time, even before the evaluation starts', async () => {
  expect(await deployTo(Outcome.healthCheckFails({ failsAfter: 100_000 }))).toMatchObject({ ms: 100_000, state: 'FAILED', detail: 'EVALUATING_HEALTH_CHECK' });
  expect(await deployTo(Outcome.healthCheckFails({ failsAfter: 5000 }))).toMatchObject({ ms: 5000, state: 'FAILED' });
});

test.each([
  ['creating', 'CREATING_DEPLOYMENT'],
  ['evaluating', 'EVALUATING_HEALTH_CHECK'],
  ['activating', 'ACTIVATING_DEPLOYMENT'],
] as const)('a deployment can stay in the phase %s without end', async (stuckIn, code) => {
  fixture.emulator.outcomes.forNextDeployment('web', Outcome.neverEnds({ stuckIn }));
  await fixture.deploy();
  fixture.advance(1000 * LONG);
  expect(await fixture.service()).toMatchObject({ state: 'DEPLOYING', stateDetail: { code }, nextDeployment: { state: 'ACTIVATING' } });
});

describe('which outcome a deployment has', () => {
  test('the outcome of an image applies to each of its deployments, and its container is the one that fails', async () => {
    fixture.emulator.outcomes.forImage('broken:1', Outcome.processExits({ logLines: ['boom'] }));
    fixture.emulator.outcomes.forImage('fine:1', Outcome.succeeds());
    const containers = { fine: { image: 'fine:1' }, broken: { image: 'broken:1' } };
    for (const _ of [1, 2]) {
      await fixture.deploy({ containers, publicEndpoint: undefined });
      fixture.advance(LONG);
      expect(state()).toBe('FAILED');
    }
    expect(await fixture.log({ containerName: 'broken', filterPattern: 'boom' })).toHaveLength(6);
    expect(await fixture.log({ containerName: 'fine', filterPattern: 'boom' })).toEqual([]);
    expect(await fixture.log({ containerName: 'fine', filterPattern: 'Canceled' })).toHaveLength(2);
  });

  test('the outcome of the next deployment comes first, once, and in the order of the calls', async () => {
    fixture.emulator.outcomes.forImage('nginx:1.27', Outcome.imageCannotBePulled());
    fixture.emulator.outcomes.forNextDeployment('web', Outcome.succeeds());
    fixture.emulator.outcomes.forNextDeployment('other', Outcome.neverEnds());
    fixture.emulator.outcomes.forNextDeployment('web', Outcome.healthCheckFails());
    for (const expected of ['ACTIVE', 'FAILED', 'FAILED']) {
      await fixture.deploy();
      fixture.advance(LONG);
      expect(state()).toBe(expected);
    }
  });

  test('the default outcome applies where no other is set', async () => {
    fixture.emulator.outcomes.byDefault(Outcome.processExits());
    await fixture.deploy();
    fixture.advance(LONG);
    expect(state()).toBe('FAILED');
  });

  test('an outcome can name the container that fails', async () => {
    fixture.emulator.outcomes.forNextDeployment('web', Outcome.processExits({ containerName: 'side', logLines: ['boom'] }));
    await fixture.deploy({ containers: { app: { image: 'nginx', ports: { 80: 'HTTP' } }, side: { image: 'redis' } } });
    fixture.advance(LONG);
    expect(await fixture.log({ containerName: 'side', filterPattern: 'boom' })).toHaveLength(3);
    expect(await fixture.log({ filterPattern: 'boom' })).toEqual([]);
  });
});
