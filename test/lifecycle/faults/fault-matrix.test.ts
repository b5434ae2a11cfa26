import type { Crash, FunctionName } from './crashes';
import { CALLS, faultsOf, isOfCloudFormation, isOfSources, isWrite, NAMED_FAULTS, type Call, type NamedFault } from './named-faults';
import { OWNED, stackOperations, type StackOperation } from './stack-operations';
import { PreparedApps, putSources } from '../apps/prepared-apps';
import type { StackOutcome } from '../cloudformation/cloudformation';
import type { Answer } from '../cloudformation/provider-framework';
import { staleStackState, violations } from '../invariants/invariants';
import { intentOf, resourceOf, Recorder, type Delivery, type RecordedCloud } from '../invariants/recorder';

/*
 * Everything that can go wrong with a call, for each call of each stack operation: answers are true, nothing is deployed twice, and it ends in
 * time. Here one thing goes wrong at a time, in each place once; the schedules combine them at random.
 */
const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** What is only there to explain a failure must not change how anything ends. */
const ONLY_TO_EXPLAIN = 'GetContainerLog';

/** A handler without this permission leaves it to Lightsail to check the image. */
const ONLY_TO_HELP = 'DescribeImages';

let apps: PreparedApps;
let recorded: RecordedCloud;
const OPERATIONS = stackOperations(() => apps);

beforeAll(() => {
  apps = new PreparedApps();
});
afterAll(() => apps.remove());

beforeEach(async () => {
  recorded = await Recorder.start();
  recorded.cloud.emulator.createService({ serviceName: 'web' });
  putSources(recorded.cloud);
});
afterEach(() => recorded.stop());

/** How the operation ends if its first event is answered FAILED, and all is well from then on. */
function endsFailed({ ends }: StackOperation): string {
  return { CREATE_COMPLETE: 'ROLLBACK_COMPLETE', UPDATE_COMPLETE: 'UPDATE_ROLLBACK_COMPLETE', DELETE_COMPLETE: 'DELETE_FAILED' }[ends as string] ?? ends;
}

/** Removes all faults, and lets everything end. */
function settle(): void {
  const { cloud } = recorded;
  cloud.emulator.faults.clear();
  cloud.api.faults.clear();
  cloud.sources.faults.clear();
  cloud.cancelCrashes();
  cloud.emulator.clock.advance(60 * MINUTE);
}

/** All promises were kept, and CloudFormation's state is the real one, unless it knows of a failure. */
function expectTheTruth({ status }: StackOutcome): void {
  expect(violations(recorded.recorder)).toEqual([]);
  if (status === 'UPDATE_ROLLBACK_FAILED' || status === 'ROLLBACK_FAILED' || status === 'DELETE_FAILED') return;
  expect(staleStackState(recorded.cloud)).toEqual([]);
}

/** Whatever went wrong, the next try is like any other. */
async function expectTheNextTryToEndWell(operation: StackOperation, failed: StackOutcome): Promise<void> {
  const { cloud, recorder } = recorded;
  cloud.emulator.outcomes.clear();
  // CloudFormation takes nothing else for such a stack.
  if (failed.status === 'ROLLBACK_FAILED') expect(await cloud.delete(apps.of(OWNED))).toMatchObject({ status: 'DELETE_COMPLETE' });
  const { status } = await operation.run(cloud);
  expect(status).toMatch(/^(CREATE|UPDATE|DELETE)_COMPLETE$/);
  settle();
  expect(violations(recorder)).toEqual([]);
  expect(staleStackState(cloud)).toEqual([]);
  if (operation.ends === 'DELETE_COMPLETE') expect(cloud.emulator.service('web')!.state).toBe('DISABLED');
}

test.each(OPERATIONS)('$name: makes the calls that the tests below let fail', async ({ prepare, run, ends, calls }) => {
  const { cloud } = recorded;
  await prepare(cloud);
  const asked = () => [cloud.emulator.requests, cloud.api.requests, cloud.sources.requests];
  const before = asked().map(({ length }) => length);

  const outcome = await run(cloud);

  const made = asked().flatMap((requests, index) => requests.slice(before[index]));
  const madeBy = (name: string) => [...new Set(made.filter(({ functionTag }) => functionTag === name).map(({ operation }) => operation))]
    .filter((operation) => operation !== ONLY_TO_EXPLAIN).sort();
  expect({ onEvent: madeBy('onEvent'), isComplete: madeBy('isComplete') }).toEqual({ onEvent: [...calls.onEvent].sort(), isComplete: [...calls.isComplete].sort() });
  expect(outcome.status).toBe(ends);
  expectTheTruth(outcome);
});

interface FaultCase {
  readonly operation: StackOperation;
  readonly call: Call;
  readonly named: NamedFault;
  readonly name: string;
}

const FAULT_CASES: FaultCase[] = OPERATIONS.flatMap((operation) => CALLS
  .filter((call) => call === ONLY_TO_EXPLAIN || [...operation.calls.onEvent, ...operation.calls.isComplete].includes(call))
  .flatMap((call) => NAMED_FAULTS.filter((named) => named.of(call)).map((named) => ({ operation, call, named, name: `${operation.name}: ${call}: ${named.name}` }))));

/** Whether the event cannot succeed while the call keeps failing. */
function isFatal({ call, named }: FaultCase): boolean {
  if (call === ONLY_TO_EXPLAIN || named.name === 'a slow answer') return false;
  if (isOfCloudFormation(call) || call === ONLY_TO_HELP) return named.name !== 'denied';
  return !isWrite(call) || !named.hasEffect;
}

function addFault({ call, named }: FaultCase, rule: { times?: number; skip?: number } = {}): { remove(): void } {
  return faultsOf(recorded.cloud, call).add({ operation: call, fault: named.of(call)!, ...rule });
}

describe('a fault for a moment', () => {
  describe.each([0, 1, 3])('a fault for a moment, after %i calls', (skip) => {
    test.each(FAULT_CASES)('$name', async (faultCase) => {
      const { operation, call, named } = faultCase;
      await operation.prepare(recorded.cloud);
      addFault(faultCase, { skip, times: 2 });

      const outcome = await operation.run(recorded.cloud);
      settle();

      // What is denied half a minute after the start is not only a policy that has yet to have its effect. What is deployed is read before that, or not needed.
      const mayFail = named.name === 'denied' && !isOfSources(call);
      expect([operation.ends, ...(mayFail ? [endsFailed(operation), 'UPDATE_ROLLBACK_FAILED'] : [])]).toContain(outcome.status);
      expectTheTruth(outcome);
      if (outcome.status !== operation.ends) await expectTheNextTryToEndWell(operation, outcome);
    });
  });
});

describe('a fault until the event has failed', () => {
  test.each(FAULT_CASES)('$name, until the event has failed', async (faultCase) => {
    const { operation, call, named } = faultCase;
    const { cloud, recorder } = recorded;
    await operation.prepare(cloud);
    const lasting = addFault(faultCase);
    recorder.onAnswer = ({ answer }) => {
      if (answer.status === 'FAILED') lasting.remove();
    };

    const outcome = await operation.run(cloud);
    settle();

    if (isFatal(faultCase)) {
      expect(outcome.reason).toContain(`${call} failed: `);
      expect(outcome.reason).toMatch(named.words);
    }
    expect(outcome.status).toBe(isFatal(faultCase) ? endsFailed(operation) : operation.ends);
    expectTheTruth(outcome);
    if (outcome.status === 'ROLLBACK_COMPLETE' && operation.name.includes('on a disabled service')) expect(cloud.emulator.service('web')!.state).toBe('DISABLED');
    if (outcome.status !== operation.ends) await expectTheNextTryToEndWell(operation, outcome);
  });
});

describe('a fault for good', () => {
  test.each(FAULT_CASES.filter(isFatal))('$name, for good', async (faultCase) => {
    const { operation, call, named } = faultCase;
    const { cloud } = recorded;
    await operation.prepare(cloud);
    const versions = cloud.emulator.deployments('web');
    addFault(faultCase);

    const outcome = await operation.run(cloud);
    settle();

    expect(outcome.reason).toContain(`${call} failed: `);
    expect(outcome.reason).toMatch(named.words);
    // Without its secrets and images nothing is deployed, and a rollback without its secrets keeps the active version.
    expect(isOfSources(call) ? [endsFailed(operation)] : [endsFailed(operation), 'ROLLBACK_FAILED', 'UPDATE_ROLLBACK_FAILED']).toContain(outcome.status);
    if (isOfSources(call)) expect(cloud.emulator.deployments('web')).toEqual(versions);
    expectTheTruth(outcome);
    await expectTheNextTryToEndWell(operation, outcome);
  });
});

const METHODS: Record<string, Crash['call'] | Crash['call'][]> = {
  GetContainerServices: 'getService',
  GetContainerServiceDeployments: 'getDeployments',
  CreateContainerServiceDeployment: 'createDeployment',
  UpdateContainerService: ['setDisabled', 'enableRegistryAccess'],
  TagResource: 'tagService',
  DescribeStackResource: 'beganAt',
  DescribeStacks: 'isRollingBack',
  GetSecretValue: 'getSecretText',
  GetParameter: 'getParameter',
  DescribeImages: 'hasImage',
};

const CRASH_CASES = OPERATIONS.flatMap((operation) => (['onEvent', 'isComplete'] as FunctionName[]).flatMap((functionName) =>
  operation.calls[functionName].flatMap((call) => (['before', 'after'] as const).map((when) => ({
    operation, crashes: [METHODS[call]].flat().map((method): Crash => ({ function: functionName, call: method, when })), name: `${operation.name}: ${functionName} ${when} ${call}`,
  })))));

describe('a function that crashes', () => {
  test.each(CRASH_CASES)('the framework crashes and is invoked again: $name', async ({ operation, crashes }) => {
    const { cloud, recorder } = recorded;
    await operation.prepare(cloud);
    for (const crash of crashes) cloud.planCrash({ ...crash, victim: 'framework' });

    const outcome = await operation.run(cloud);
    settle();

    expect(dead(recorder)).toEqual(['framework']);
    expect(outcome.status).toBe(operation.ends);
    expectTheTruth(outcome);
  });

  /*
   * The framework answers FAILED. The started deployment continues: the rollback of an update waits for it and corrects it. The framework does
   * not forward the Delete of a create whose onEvent failed, so its deployment keeps running: CloudFormation knows that it failed.
   */
  test.each(CRASH_CASES)('the handler crashes and the framework answers FAILED: $name', async ({ operation, crashes }) => {
    const { cloud, recorder } = recorded;
    await operation.prepare(cloud);
    for (const crash of crashes) cloud.planCrash(crash);

    const outcome = await operation.run(cloud);
    settle();

    expect(dead(recorder)).toEqual(['handler']);
    expect(outcome.status).toBe(endsFailed(operation));
    expectTheTruth(outcome);
    await expectTheNextTryToEndWell(operation, outcome);
  });
});

function dead({ chronicle }: Recorder): string[] {
  return chronicle.flatMap((entry) => (entry.kind === 'delivered' ? entry.delivery.invocations.flatMap(({ crashed }) => crashed ?? []) : []));
}

describe('every event delivered once more', () => {
  const moments = [0, 1 * SECOND, 20 * SECOND, 100 * SECOND, 5 * MINUTE];

  describe.each(moments)('every event delivered once more, %i ms later', (afterMs) => {
    test.each(OPERATIONS)('$name', async (operation) => {
      const { cloud, recorder } = recorded;
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
    const { cloud, recorder } = recorded;
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
  const { cloud, recorder } = recorded;
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
