import { world, OPERATIONS, useCloud, settle, expectTheTruth } from './matrix';
import type { StackOutcome } from '../cloudformation/cloudformation';
import type { Answer } from '../cloudformation/provider-framework';
import { violations } from '../invariants/invariants';
import { intentOf, resourceOf, type Delivery } from '../invariants/recorder';

useCloud();

const SECOND = 1000;
const MINUTE = 60 * SECOND;

describe('every event delivered once more', () => {
  const moments = [0, 1 * SECOND, 20 * SECOND, 100 * SECOND, 5 * MINUTE];

  describe.each(moments)('every event delivered once more, %i ms later', (afterMs) => {
    test.each(OPERATIONS)('$name', async (operation) => {
      const { cloud, recorder } = world();
      await operation.prepare(cloud);

      const { outcome, again } = await whileDeliveringAgain(afterMs, () => operation.run(cloud));
      settle();

      expect(outcome.status).toBe(operation.ends);
      expectTheTruth(outcome);
      for (const { first, answer } of again) {
        if (answer.reason?.includes('which was delivered late')) continue;
        expect(answer).toMatchObject({ status: first.status, physicalResourceId: first.physicalResourceId });
        expect(answer.data?.DeploymentVersion).toBe(first.data?.DeploymentVersion);
      }
      expect(again.length).toBeGreaterThan(0);
      expect(violations(recorder)).toEqual([]);
    });
  });

  test.each(OPERATIONS)('an event delivered again an hour after the end changes nothing: $name', async (operation) => {
    const { cloud, recorder } = world();
    await operation.prepare(cloud);
    const before = recorder.chronicle.length;
    const outcome = await operation.run(cloud);
    settle();
    const [last] = recorder.chronicle.slice(before).filter((entry) => entry.kind === 'delivered').reverse();
    const versions = cloud.emulator.deployments('web');

    const answer = await cloud.redeliver(last.delivery.event);

    if (answer.status === 'FAILED') expect(answer.reason).toContain('which was delivered late');
    expect(cloud.emulator.deployments('web')).toEqual(versions);
    expectTheTruth(outcome);
  });
});

/** Each event of the operation is delivered again so much later, if CloudFormation has not gone on to the next event of the resource by then. */
async function whileDeliveringAgain(afterMs: number, run: () => Promise<StackOutcome>) {
  const { cloud, recorder } = world();
  const { clock } = cloud.emulator;
  const since = recorder.chronicle.length;
  const seen = new Set<string>();
  const again: Array<{ intent: string; answer: Answer }> = [];
  let outcome: StackOutcome | undefined;
  const deliveries = (): Delivery[] => recorder.chronicle.slice(since).flatMap((entry) => (entry.kind === 'delivered' ? [entry.delivery] : []));
  const isOvertaken = (delivery: Delivery) => deliveries()
    .some(({ event, at }) => resourceOf(event) === resourceOf(delivery.event) && intentOf(event) !== intentOf(delivery.event) && at >= delivery.at);

  await clock.concurrently<void>([
    async () => {
      outcome = await run();
    },
    async () => {
      while (!outcome || deliveries().some(({ event }) => !seen.has(intentOf(event)))) {
        const next = deliveries().find(({ event }) => !seen.has(intentOf(event)));
        if (next) {
          seen.add(intentOf(next.event));
          await clock.sleep(Math.max(0, next.at + afterMs - clock.now()));
          if (!isOvertaken(next)) again.push({ intent: intentOf(next.event), answer: await cloud.redeliver(next.event) });
        } else {
          await clock.sleep(100);
        }
      }
    },
  ]);
  const firstAnswer = (intent: string) => recorder.chronicle.find((entry) => entry.kind === 'answered' && intentOf(entry.delivery.event) === intent);
  return {
    outcome: outcome!,
    again: again.map(({ intent, answer }) => {
      const first = firstAnswer(intent);
      return { first: (first?.kind === 'answered' ? first.answer : undefined)!, answer };
    }),
  };
}
