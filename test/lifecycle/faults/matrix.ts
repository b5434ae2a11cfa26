import { CALLS, faultsOf, isOfCloudFormation, isWrite, NAMED_FAULTS, type Call, type NamedFault } from './named-faults';
import { OWNED, stackOperations, type StackOperation } from './stack-operations';
import { PreparedApps, putSources } from '../apps/prepared-apps';
import type { StackOutcome } from '../cloudformation/cloudformation';
import { staleStackState, violations } from '../invariants/invariants';
import { Recorder, type RecordedCloud } from '../invariants/recorder';

/*
 * Everything that can go wrong with a call, for each call of each stack operation: answers are true, nothing is deployed twice, and it ends in
 * time. Here one thing goes wrong at a time, in each place once; the schedules combine them at random.
 */
const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** What is only there to explain a failure must not change how anything ends. */
export const ONLY_TO_EXPLAIN = 'GetContainerLog';

/** A handler without this permission leaves it to Lightsail to check the image. */
const ONLY_TO_HELP = 'DescribeImages';

let apps: PreparedApps;
let recorded: RecordedCloud;

/** The cloud of the test that runs. */
export const world = (): RecordedCloud => recorded;

export const OPERATIONS = stackOperations(() => apps);

/** A new cloud for each test of the file. */
export function useCloud(): void {
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
}

/** How the operation ends if its first event is answered FAILED, and all is well from then on. */
export function endsFailed({ ends }: StackOperation): string {
  return { CREATE_COMPLETE: 'ROLLBACK_COMPLETE', UPDATE_COMPLETE: 'UPDATE_ROLLBACK_COMPLETE', DELETE_COMPLETE: 'DELETE_FAILED' }[ends as string] ?? ends;
}

/** Removes all faults, and lets everything end. */
export function settle(): void {
  const { cloud } = recorded;
  cloud.emulator.faults.clear();
  cloud.api.faults.clear();
  cloud.sources.faults.clear();
  cloud.cancelCrashes();
  cloud.emulator.clock.advance(60 * MINUTE);
}

/** All promises were kept, and CloudFormation's state is the real one, unless it knows of a failure. */
export function expectTheTruth({ status }: StackOutcome): void {
  expect(violations(recorded.recorder)).toEqual([]);
  if (status === 'UPDATE_ROLLBACK_FAILED' || status === 'ROLLBACK_FAILED' || status === 'DELETE_FAILED') return;
  expect(staleStackState(recorded.cloud)).toEqual([]);
}

/** Whatever went wrong, the next try is like any other. */
export async function expectTheNextTryToEndWell(operation: StackOperation, failed: StackOutcome): Promise<void> {
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

export interface FaultCase {
  readonly operation: StackOperation;
  readonly call: Call;
  readonly named: NamedFault;
  readonly name: string;
}

export const FAULT_CASES: FaultCase[] = OPERATIONS.flatMap((operation) => CALLS
  .filter((call) => call === ONLY_TO_EXPLAIN || [...operation.calls.onEvent, ...operation.calls.isComplete].includes(call))
  .flatMap((call) => NAMED_FAULTS.filter((named) => named.of(call)).map((named) => ({ operation, call, named, name: `${operation.name}: ${call}: ${named.name}` }))));

/** Whether the event cannot succeed while the call keeps failing. */
export function isFatal({ call, named }: FaultCase): boolean {
  if (call === ONLY_TO_EXPLAIN || named.name === 'a slow answer') return false;
  if (isOfCloudFormation(call) || call === ONLY_TO_HELP) return named.name !== 'denied';
  return !isWrite(call) || !named.hasEffect;
}

export function addFault({ call, named }: FaultCase, rule: { times?: number; skip?: number } = {}): { remove(): void } {
  return faultsOf(recorded.cloud, call).add({ operation: call, fault: named.of(call)!, ...rule });
}
