import { Fault, Outcome, phasesOf } from '../../test/emulator';
import { CloudFormation } from '../../test/lifecycle/cloudformation/cloudformation';

export const SECOND = 1000;
export const SERVICE = 'web';
export const IMAGE = 'nginx:1.27';

/** How long each call of Lightsail takes. */
const CALL_MS = 100;

/** How long a cold start takes at most: the first invocation of each function has one. */
const COLD_START_MS = 1_000;

/** The ways in which a deployment ends. */
export const ENDS = ['succeeds', 'health check fails', 'process exits', 'image cannot be pulled'] as const;
export type End = typeof ENDS[number];

/** The shares in percent that the three phases of a deployment take; or Lightsail shows no state detail. */
export const SHARES = {
  '50/22/28': [50, 22, 28],
  '70/25/5': [70, 25, 5],
  '94/3/3': [94, 3, 3],
  '20/75/5': [20, 75, 5],
  'no state detail': [50, 22, 28],
} as const;
export type Shares = keyof typeof SHARES;

/** A deployment that all ways of waiting are measured on. */
export interface Deployment {
  readonly seconds: number;
  readonly end: End;
  readonly shares: Shares;
}

export interface Measurement {
  /** From the deployment's end until it was reported. */
  readonly delaySeconds: number;
  /** Calls of the Lightsail API that ask for the state. */
  readonly calls: number;
  /** Calls that read container logs. */
  readonly logCalls: number;
  /** How long Lambda slots were held, by the handler and by the framework. */
  readonly heldSeconds: number;
  /** In US dollars, without the free tier. */
  readonly cost: number;
  /** Whether an answer showed ACTIVATING_DEPLOYMENT. */
  readonly sawActivating: boolean;
}

/** Creates the deployment, waits, and reports how it ended. */
export type WayOfWaiting = (cloud: CloudFormation) => Promise<Reported>;

export interface Reported {
  readonly state: 'ACTIVE' | 'FAILED';
  /** Entered states of the state machine, if there is one. */
  readonly transitions?: number;
}

/** Prices of us-east-1. */
const PRICES = { gigabyteSecond: 0.0000166667, invocation: 0.0000002, transition: 0.000025 };

function outcomeOf({ seconds, end, shares }: Deployment): Outcome {
  const phases = phasesOf(seconds * SECOND, SHARES[shares]);
  const failsAfter = seconds * SECOND;
  switch (end) {
    case 'succeeds':
      return Outcome.succeeds({ phases });
    case 'health check fails':
      return Outcome.healthCheckFails({ phases, failsAfter });
    case 'process exits':
      return Outcome.processExits({ phases, failsAfter });
    case 'image cannot be pulled':
      return Outcome.imageCannotBePulled({ phases, failsAfter });
  }
}

/** Runs one way of waiting on one deployment, on a clock that moves only when something sleeps. */
export async function measure(wait: WayOfWaiting, deployment: Deployment): Promise<Measurement> {
  let sawActivating = false;
  const cloud: CloudFormation = await CloudFormation.start({
    transport: 'direct',
    lambda: { coldStartMs: COLD_START_MS },
    showsStateDetail: deployment.shares !== 'no state detail',
    onRequest: () => {
      sawActivating ||= cloud.emulator.service(SERVICE)?.stateDetail?.code === 'ACTIVATING_DEPLOYMENT';
    },
  });
  const { emulator, lambda } = cloud;
  try {
    emulator.createService({ serviceName: SERVICE });
    emulator.outcomes.byDefault(outcomeOf(deployment));
    emulator.faults.add({ operation: '*', fault: Fault.slow(CALL_MS) });

    const { state, transitions = 0 } = await wait(cloud);
    const reportedAt = emulator.clock.now();

    const [made] = emulator.deployments(SERVICE);
    if (state !== made.state) throw new Error(`${state} was reported, and the deployment is ${made.state}`);
    const usage = [...lambda!.usage.values()];
    return {
      delaySeconds: (reportedAt - (made.createdAt * 1000 + deployment.seconds * SECOND)) / SECOND,
      calls: cloud.calls('GetContainerServices').length + cloud.calls('GetContainerServiceDeployments').length,
      logCalls: cloud.calls('GetContainerLog').length,
      heldSeconds: usage.reduce((sum, { seconds }) => sum + seconds, 0),
      cost: usage.reduce((sum, { seconds, memoryMb, invocations }) =>
        sum + seconds * (memoryMb / 1024) * PRICES.gigabyteSecond + invocations * PRICES.invocation, transitions * PRICES.transition),
      sawActivating,
    };
  } finally {
    await cloud.stop();
  }
}
