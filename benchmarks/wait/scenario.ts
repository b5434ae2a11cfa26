import { LightsailClient } from '@aws-sdk/client-lightsail';
import { Outcome, LightsailEmulator, SteppedClock } from '../../test/emulator';

const SECOND = 1000;
const SERVICE = 'web';

/** The ways in which a deployment ends after so many seconds. */
export const ENDS = {
  'succeeds': (seconds: number) => Outcome.succeeds({ phases: phases(seconds) }),
  'fails its health check': (seconds: number) => Outcome.healthCheckFails({ failsAfter: seconds * SECOND }),
  'fails, as its container ends': (seconds: number) => Outcome.processExits({ failsAfter: seconds * SECOND }),
};
export type End = keyof typeof ENDS;

/** A deployment that all ways of waiting are measured on. */
export interface Deployment {
  readonly seconds: number;
  readonly end: End;
}

export interface Measurement {
  /** From the deployment's end until it was told. */
  readonly delaySeconds: number;
  /** Calls of the Lightsail API, other than the one that created the deployment. */
  readonly calls: number;
}

/** Creates the deployment, waits, and tells how it ended. */
export type WayOfWaiting = (world: World) => Promise<'ACTIVE' | 'FAILED'>;

export interface World {
  readonly serviceName: string;
  readonly client: LightsailClient;
  readonly clock: SteppedClock;
  readonly emulatorUrl: string;
}

/** The emulator's own proportions; see test/emulator/timings.ts. */
function phases(seconds: number) {
  return { creating: seconds * SECOND * 0.5, evaluating: seconds * SECOND * 0.22, activating: seconds * SECOND * 0.28 };
}

/** Runs one way of waiting on one deployment, over HTTP, on a clock that only moves when somebody sleeps. */
export async function measure(wait: WayOfWaiting, { seconds, end }: Deployment): Promise<Measurement> {
  const clock = new SteppedClock();
  const emulator = await LightsailEmulator.start({ clock });
  const client = new LightsailClient({
    endpoint: emulator.url, region: 'us-east-1', credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' }, maxAttempts: 1,
  });
  try {
    emulator.createService({ serviceName: SERVICE });
    emulator.outcomes.byDefault(ENDS[end](seconds));

    const told = await wait({ serviceName: SERVICE, client, clock, emulatorUrl: emulator.url });
    const toldAt = clock.now();

    const [deployment] = emulator.deployments(SERVICE);
    if (told !== deployment.state) throw new Error(`It told ${told}, and the deployment is ${deployment.state}`);
    return {
      delaySeconds: (toldAt - (deployment.createdAt * 1000 + seconds * SECOND)) / SECOND,
      calls: emulator.requests.filter(({ operation }) => operation !== 'CreateContainerServiceDeployment').length,
    };
  } finally {
    client.destroy();
    await emulator.stop();
  }
}
