import { Fault } from '../../test/emulator';
import { CloudFormation } from '../../test/lifecycle/cloudformation/cloudformation';
import { FrameworkRuntime } from '../../test/lifecycle/cloudformation/framework-runtime';
import { IMAGE } from '../wait/scenario';
import { preparedApp } from '../wait/ways';

export interface QuotaResult {
  readonly deployments: number;
  readonly quota: number;
  readonly succeeded: number;
  /** From the common start to the last answer. */
  readonly seconds: number;
  readonly mostAtOnce: number;
  /** Invocations that found no free slot. */
  readonly throttled: number;
  readonly heldSeconds: number;
  readonly reasons: readonly string[];
}

interface Answered {
  readonly succeeded: boolean;
  readonly reason?: string;
}

/** Delivers the first event of one of several stacks, and waits for its answer. */
type Start = (cloud: CloudFormation, index: number) => Promise<Answered>;

/** How long a cold start takes at most, and each call of Lightsail. */
const COLD_START_MS = 1_000;
const CALL_MS = 100;

/** Deployments to as many services, each in a stack of its own. */
const deployments: Start = async (cloud, index) => {
  const app = preparedApp();
  const resources = JSON.parse(JSON.stringify(app.resources).replaceAll('"ServiceName":"web"', `"ServiceName":"web-${index}"`));
  const { status, reason } = await cloud.anotherStack(`Stack${index}`).deploy({ ...app, resources });
  return { succeeded: status === 'CREATE_COMPLETE', reason };
};

/** What the framework itself can carry: a handler that makes the fewest calls that a deployment needs, and is asked every 7 seconds. */
const oneCall: Start = async ({ emulator: { clock }, lambda }, index) => {
  const endsAt = clock.now() + 180_000;
  const framework = new FrameworkRuntime({
    clock,
    lambda: lambda!,
    stackName: `Stack${index}`,
    memoryMb: 256,
    timeoutSeconds: 900,
    waiter: { IntervalSeconds: 7, MaxAttempts: 500, BackoffRate: 1 },
    onEvent: async () => {
      await clock.sleep(3 * CALL_MS);
      return { PhysicalResourceId: IMAGE };
    },
    isComplete: async () => {
      await clock.sleep(CALL_MS);
      return { IsComplete: clock.now() >= endsAt };
    },
  });
  const { status, reason } = await framework.handle({
    RequestType: 'Create',
    RequestId: 'request',
    ResponseURL: 'https://answers.example/1',
    StackId: `stack-${index}`,
    ResourceType: 'Custom::Other',
    LogicalResourceId: 'Other',
    ResourceProperties: {},
  });
  return { succeeded: status === 'SUCCESS', reason };
};

export const HANDLERS = { deployments, 'one call (the framework alone)': oneCall } satisfies Record<string, Start>;
export type HandlerName = keyof typeof HANDLERS;

/** Starts as many events together on a Lambda with a quota. */
export async function runOnQuota(count: number, quota: number, handler: HandlerName = 'deployments', seed = 1): Promise<QuotaResult> {
  const cloud = await CloudFormation.start({ transport: 'direct', lambda: { quota, seed, coldStartMs: COLD_START_MS }, limits: { services: count + 1 } });
  const { clock, faults } = cloud.emulator;
  faults.add({ operation: '*', fault: Fault.slow(CALL_MS) });
  try {
    const startedAt = clock.now();
    const answers = await clock.concurrently(Array.from({ length: count }, (_, index) => () => HANDLERS[handler](cloud, index)));
    const usage = [...cloud.lambda!.usage.values()];
    return {
      deployments: count,
      quota,
      succeeded: answers.filter(({ succeeded }) => succeeded).length,
      seconds: (clock.now() - startedAt) / 1000,
      mostAtOnce: cloud.lambda!.mostAtOnce,
      throttled: usage.reduce((sum, each) => sum + each.throttled, 0),
      heldSeconds: usage.reduce((sum, each) => sum + each.seconds, 0),
      reasons: answers.flatMap(({ reason }) => reason ?? []),
    };
  } finally {
    await cloud.stop();
  }
}
