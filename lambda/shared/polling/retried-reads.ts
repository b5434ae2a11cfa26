import { quickBackoffMs } from './backoff';
import { CallFailure, type CallFailureKind } from '../../clients/call-failure';
import type { Clock } from '../clock';
import type { Dependencies } from '../dependencies';

/** How often a call is made before its failure counts, and after which failures. */
interface Repetition {
  readonly attempts: number;
  readonly after: readonly CallFailureKind[];
}

/** Within about eight seconds. */
const READS: Repetition = { attempts: 5, after: ['throttled', 'transient'] };
const WRITES: Repetition = { attempts: 4, after: ['throttled'] };

/**
 * The same world, with reads that are throttled or fail for a moment made again where they are. A step makes several reads: without this, one
 * throttled read would start all of them anew. Container logs are read again by the diagnosis itself.
 */
export function withRetriedReads(world: Dependencies): Dependencies {
  const { lightsail, ecr, clock } = world;
  return {
    ...world,
    ...withRetriedLookups(world),
    lightsail: {
      getService: (serviceName) => retry(() => lightsail.getService(serviceName), clock),
      getDeployments: (serviceName) => retry(() => lightsail.getDeployments(serviceName), clock),
      getCertificate: (certificateName) => retry(() => lightsail.getCertificate(certificateName), clock),
      getContainerLog: (...log) => lightsail.getContainerLog(...log),
      createDeployment: (...deployment) => lightsail.createDeployment(...deployment),
      setDisabled: (...change) => lightsail.setDisabled(...change),
      setDomainNames: (...domains) => lightsail.setDomainNames(...domains),
      enableRegistryAccess: (serviceName) => lightsail.enableRegistryAccess(serviceName),
      tagService: (...tags) => lightsail.tagService(...tags),
    },
    ecr: { hasImage: (image) => retry(() => ecr.hasImage(image), clock) },
  };
}

/** What every function looks up beside its service: the stack and the secrets. Both clients only read. */
export function withRetriedLookups(
  { cloudFormation, secrets, clock }: Pick<Dependencies, 'cloudFormation' | 'secrets' | 'clock'>,
): Pick<Dependencies, 'cloudFormation' | 'secrets'> {
  return {
    cloudFormation: {
      beganAt: (...resource) => retry(() => cloudFormation.beganAt(...resource), clock),
      isRollingBack: (stackId) => retry(() => cloudFormation.isRollingBack(stackId), clock),
      operationTimes: (...resource) => retry(() => cloudFormation.operationTimes(...resource), clock),
    },
    secrets: {
      getSecretText: (secret) => retry(() => secrets.getSecretText(secret), clock),
      getParameter: (name) => retry(() => secrets.getParameter(name), clock),
    },
  };
}

/**
 * A write that is throttled had no effect: it is made again where it is, a few times. Only for writes that may be late.
 *
 * @param check what must hold at each attempt. It throws if it does not
 */
export function unlessThrottled<T>(write: () => Promise<T>, clock: Clock, check?: () => Promise<void>): Promise<T> {
  return retry(write, clock, WRITES, check);
}

/** Makes a call again that fails for a moment; by default, a read. */
export async function retry<T>(call: () => Promise<T>, clock: Clock, { attempts, after } = READS, check?: () => Promise<void>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    await check?.();
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof CallFailure) || !after.includes(error.kind) || attempt === attempts) throw error;
      await clock.sleep(quickBackoffMs(attempt, error.operation, clock.now()));
    }
  }
}
