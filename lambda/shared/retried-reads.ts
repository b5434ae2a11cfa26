import { quickBackoffMs } from './backoff';
import type { Clock } from './clock';
import type { Dependencies } from './dependencies';
import { CallFailure } from '../clients/call-failure';

/** How often a read is made before its failure counts: within about eight seconds. */
const READ_ATTEMPTS = 5;
const WRITE_ATTEMPTS = 4;

/**
 * The same world, with reads that are throttled or fail for a moment made again where they are. A step makes several reads: without this, one
 * throttled read would start all of them anew. Container logs are read again by the diagnosis itself.
 */
export function withRetriedReads(world: Dependencies): Dependencies {
  const { lightsail, ecr, cloudFormation, secrets, clock } = world;
  return {
    ...world,
    lightsail: retried(lightsail, ['getService', 'getDeployments', 'getCertificate'], clock),
    ecr: retried(ecr, ['hasImage'], clock),
    cloudFormation: retried(cloudFormation, ['beganAt', 'isRollingBack', 'operationTimes'], clock),
    secrets: retried(secrets, ['getSecretText', 'getParameter'], clock),
  };
}

/** The same client, with some of its methods made again where they fail for a moment. */
export function retried<T extends object>(client: T, reads: readonly (keyof T)[], clock: Clock): T {
  return new Proxy(client, {
    get: (target, name) => {
      const method = Reflect.get(target, name) as unknown;
      if (typeof method !== 'function' || !reads.includes(name as keyof T)) return typeof method === 'function' ? method.bind(target) : method;

      return (...args: unknown[]) => retry(() => method.apply(target, args) as Promise<unknown>, clock);
    },
  });
}

async function retry<T>(read: () => Promise<T>, clock: Clock): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await read();
    } catch (error) {
      const mayPass = error instanceof CallFailure && (error.kind === 'throttled' || error.kind === 'transient');
      if (!mayPass || attempt === READ_ATTEMPTS) throw error;
      await clock.sleep(quickBackoffMs(attempt, error.operation, clock.now()));
    }
  }
}

/** A write that is throttled had no effect: it is made again where it is, a few times. Only for writes that may be late. */
export async function unlessThrottled<T>(write: () => Promise<T>, clock: Clock): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await write();
    } catch (error) {
      if (!(error instanceof CallFailure) || error.kind !== 'throttled' || attempt === WRITE_ATTEMPTS) throw error;
      await clock.sleep(quickBackoffMs(attempt, error.operation, clock.now()));
    }
  }
}
