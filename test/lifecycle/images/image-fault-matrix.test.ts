import { imageOperations, type ImageOperation, type Surroundings } from './image-operations';
import { PASSWORD } from '../../lambda/image-copy/fake-registry';
import { webApp } from '../apps/apps';
import { ImageRegistries } from '../aws/image-registries';
import type { StackOutcome } from '../cloudformation/cloudformation';
import type { Crash, FunctionName } from '../faults/crashes';
import { faultsOf, IMAGE_CALLS, isOfCloudFormation, isWrite, NAMED_FAULTS, type Call, type NamedFault } from '../faults/named-faults';
import { staleStackState, violations } from '../invariants/invariants';
import { intentOf, Recorder, resourceOf, type Delivery, type RecordedCloud } from '../invariants/recorder';

/*
 * Everything that can go wrong with a call of the handler of images, for each call of each stack operation. What can go wrong with the
 * registries is in test/images and test/lambda/image-copy.
 */
let registries: ImageRegistries;
let recorded: RecordedCloud;
let surroundings: Surroundings;
const OPERATIONS = imageOperations(() => surroundings);

beforeEach(async () => {
  registries = await ImageRegistries.start();
  recorded = await Recorder.start({ registries });
  recorded.cloud.emulator.createService({ serviceName: 'web' });
  recorded.cloud.sources.put('login', JSON.stringify({ username: 'user', password: PASSWORD }));
  surroundings = { registries, stack: surroundings?.stack ?? prepared() };
});

afterEach(async () => {
  await recorded.stop();
  await registries.stop();
});

/** The handlers come from the project, so the resources do not matter. */
function prepared() {
  return { ...recorded.cloud.synthesize(webApp('nginx', { isImported: true })), handlerFile: DEPLOYMENT_HANDLER };
}

const DEPLOYMENT_HANDLER = require.resolve('../../../assets/deployment-handler/index.js');

function endsFailed({ ends }: ImageOperation): string {
  return { CREATE_COMPLETE: 'ROLLBACK_COMPLETE', UPDATE_COMPLETE: 'UPDATE_ROLLBACK_COMPLETE', DELETE_COMPLETE: 'DELETE_FAILED' }[ends as string] ?? ends;
}

function settle(): void {
  const { cloud } = recorded;
  cloud.emulator.faults.clear();
  cloud.api.faults.clear();
  cloud.sources.faults.clear();
  cloud.cancelCrashes();
  cloud.emulator.clock.advance(3_600_000);
}

/** All promises were kept, what runs keeps running, and CloudFormation's state is the real one, unless it knows of a failure. */
function expectTheTruth({ status }: StackOutcome): void {
  expect(violations(recorded.recorder)).toEqual([]);
  const { currentDeployment } = recorded.cloud.emulator.service('web')!;
  expect(currentDeployment?.state ?? 'ACTIVE').toBe('ACTIVE');
  const used = currentDeployment?.containers.app.image;
  if (used !== undefined) expect(recorded.cloud.emulator.images('web').map(({ image }) => image)).toContain(used);
  if (/ROLLBACK_FAILED|DELETE_FAILED/.test(status)) return;
  expect(staleStackState(recorded.cloud)).toEqual([]);
}

async function expectTheNextTryToEndWell(operation: ImageOperation, failed: StackOutcome): Promise<void> {
  const { cloud } = recorded;
  if (failed.status === 'ROLLBACK_FAILED') await cloud.delete(surroundings.stack);
  const outcome = await operation.run(cloud);
  expect([operation.ends, 'UPDATE_COMPLETE']).toContain(outcome.status);
  settle();
  expectTheTruth(outcome);
}

test.each(OPERATIONS)('$name: makes the calls that the tests below let fail', async (operation) => {
  const { cloud } = recorded;
  await operation.prepare(cloud);
  const asked = () => [cloud.emulator.requests, cloud.api.requests, cloud.sources.requests];
  const before = asked().map(({ length }) => length);

  const outcome = await operation.run(cloud);

  const made = asked().flatMap((requests, index) => requests.slice(before[index]));
  const madeBy = (name: string) => [...new Set(made.filter(({ functionTag }) => functionTag === name).map((request) => request.operation))].sort();
  const { onEvent, isComplete } = operation.calls;
  expect({ onEvent: madeBy('onEvent'), isComplete: madeBy('isComplete') }).toEqual({ onEvent: [...onEvent].sort(), isComplete: [...isComplete].sort() });
  expect(outcome.status).toBe(operation.ends);
  expectTheTruth(outcome);
});

interface FaultCase {
  readonly operation: ImageOperation;
  readonly call: Call;
  readonly named: NamedFault;
  readonly name: string;
}

const FAULT_CASES: FaultCase[] = OPERATIONS.flatMap((operation) => IMAGE_CALLS
  .filter((call) => [...operation.calls.onEvent, ...operation.calls.isComplete].includes(call))
  .flatMap((call) => NAMED_FAULTS.filter((named) => named.of(call)).map((named) => ({ operation, call, named, name: `${operation.name}: ${call}: ${named.name}` }))));

/** Whether the event cannot succeed while the call keeps failing. */
function isFatal({ operation, call, named }: FaultCase): boolean {
  if (operation.harmless.includes(call) || named.name === 'a slow answer') return false;
  if (isOfCloudFormation(call)) return named.name !== 'denied';
  return !isWrite(call) || !named.hasEffect;
}

function addFault({ call, named }: FaultCase, rule: { times?: number } = {}): { remove(): void } {
  return faultsOf(recorded.cloud, call).add({ operation: call, fault: named.of(call)!, ...rule });
}

describe('a fault for a moment', () => {
  test.each(FAULT_CASES)('$name, for a moment', async (faultCase) => {
    const { operation, named } = faultCase;
    await operation.prepare(recorded.cloud);
    addFault(faultCase, { times: 2 });

    const outcome = await operation.run(recorded.cloud);
    settle();

    expect([operation.ends, ...(named.name === 'denied' ? [endsFailed(operation)] : [])]).toContain(outcome.status);
    expectTheTruth(outcome);
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

    if (isFatal(faultCase) && outcome.status !== operation.ends) {
      expect(outcome.reason).toContain(`${call} failed: `);
      expect(outcome.reason).toMatch(named.words);
    }
    expect(outcome.status).toBe(isFatal(faultCase) ? endsFailed(operation) : operation.ends);
    expectTheTruth(outcome);
    if (outcome.status !== operation.ends) await expectTheNextTryToEndWell(operation, outcome);
  });
});

const METHODS: Partial<Record<Call, Crash['call']>> = {
  GetContainerServices: 'getService',
  GetContainerServiceDeployments: 'getDeployments',
  GetContainerImages: 'getImages',
  CreateContainerServiceRegistryLogin: 'createRegistryLogin',
  RegisterContainerImage: 'registerImage',
  DeleteContainerImage: 'deleteImage',
  DescribeStackResource: 'beganAt',
  DescribeStacks: 'isRollingBack',
  DescribeStackEvents: 'operationTimes',
  GetSecretValue: 'getSecretText',
  GetAuthorizationToken: 'logIn',
};

const CRASH_CASES = OPERATIONS.flatMap((operation) => (['onEvent', 'isComplete'] as FunctionName[]).flatMap((functionName) => {
  const calls: Crash['call'][] = operation.calls[functionName].map((call) => METHODS[call]!);
  const copies: Crash['call'][] = operation.ends === 'DELETE_COMPLETE' ? [] : [functionName === 'onEvent' ? 'resolve' : 'copy'];
  return [...calls, ...copies].flatMap((call) => (['before', 'after'] as const).map((when) => ({
    operation, crash: { function: functionName, call, when }, name: `${operation.name}: ${functionName} ${when} ${call}`,
  })));
}));

describe('a function that crashes', () => {
  test.each(CRASH_CASES)('the framework crashes and is invoked again: $name', async ({ operation, crash }) => {
    const { cloud, recorder } = recorded;
    await operation.prepare(cloud);
    cloud.planCrash({ ...crash, victim: 'framework' });

    const outcome = await operation.run(cloud);
    settle();

    expect(dead(recorder)).toEqual(['framework']);
    expect(outcome.status).toBe(operation.ends);
    expectTheTruth(outcome);
  });

  test.each(CRASH_CASES)('the handler crashes and the framework answers FAILED: $name', async ({ operation, crash }) => {
    const { cloud, recorder } = recorded;
    await operation.prepare(cloud);
    cloud.planCrash(crash);

    const outcome = await operation.run(cloud);
    settle();

    expect(dead(recorder)).toEqual(['handler']);
    expect([endsFailed(operation), 'ROLLBACK_FAILED', 'UPDATE_ROLLBACK_FAILED']).toContain(outcome.status);
    expectTheTruth(outcome);
    await expectTheNextTryToEndWell(operation, outcome);
  });
});

function dead({ chronicle }: Recorder): string[] {
  return chronicle.flatMap((entry) => (entry.kind === 'delivered' ? entry.delivery.invocations.flatMap(({ crashed }) => crashed ?? []) : []));
}

describe.each([0, 1_000, 20_000, 300_000])('every event delivered once more, %i ms later', (afterMs) => {
  test.each(OPERATIONS)('$name', async (operation) => {
    const { cloud, recorder } = recorded;
    await operation.prepare(cloud);
    const since = recorder.chronicle.length;
    const deliveries = (): Delivery[] => recorder.chronicle.slice(since).flatMap((entry) => (entry.kind === 'delivered' ? [entry.delivery] : []));
    const seen = new Set<string>();
    let outcome: StackOutcome | undefined;

    await cloud.emulator.clock.concurrently<void>([
      async () => {
        outcome = await operation.run(cloud);
      },
      async () => {
        while (!outcome || deliveries().some(({ event }) => !seen.has(intentOf(event)))) {
          const next = deliveries().find(({ event }) => !seen.has(intentOf(event)));
          if (!next) {
            await cloud.emulator.clock.sleep(100);
            continue;
          }
          seen.add(intentOf(next.event));
          await cloud.emulator.clock.sleep(Math.max(0, next.at + afterMs - cloud.emulator.clock.now()));
          const isOvertaken = deliveries().some(({ event, at }) => resourceOf(event) === resourceOf(next.event)
            && intentOf(event) !== intentOf(next.event) && at >= next.at);
          if (!isOvertaken) await cloud.redeliver(next.event);
        }
      },
    ]);
    settle();

    expect(outcome!.status).toBe(operation.ends);
    expect(seen.size).toBeGreaterThan(0);
    expectTheTruth(outcome!);
  });
});
