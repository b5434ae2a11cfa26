import type { Dependencies } from './dependencies';
import { Observation } from './poll-state';
import type { ResourceFailure } from './resource-failure';
import { CallFailure } from '../clients/call-failure';
import { msUntilNextLook } from '../deployment/poll-interval';
import type { ResourceRequest } from '../deployment/request/request';

/** The answer must be there before the timeout. */
const ANSWER_RESERVE_MS = 30_000;

export interface Steps<T> {
  /** @returns what it came to, or undefined while the service is at work. From the deadline on nothing is begun. */
  step(seen: Observation, deadline: number): Promise<T | undefined>;
  /** How it ends if a call fails that will not succeed later. */
  failed(call: CallFailure): ResourceFailure;
  timedOut(seen: Observation): ResourceFailure;
}

/**
 * Takes one step after the other, through calls that fail and may succeed later, but no longer than until `waitUntil`.
 *
 * @returns what it came to, or undefined if it is to be called again
 */
export async function untilDone<T>(
  { clock, log }: Pick<Dependencies, 'clock' | 'log'>, { requestId, timeoutSeconds }: ResourceRequest, startedAt: number, waitUntil: number, steps: Steps<T>,
): Promise<T | undefined> {
  const timeoutMs = timeoutSeconds * 1000;
  const deadline = startedAt + timeoutMs - Math.min(ANSWER_RESERVE_MS, timeoutMs / 4);
  const seen = new Observation(startedAt);

  for (;;) {
    try {
      const outcome = await steps.step(seen, deadline);
      if (outcome !== undefined) return outcome;
      // What kept it from its end is told, even if it is too late now to try once more.
      if (clock.now() < deadline) seen.passed();
    } catch (error) {
      if (!(error instanceof CallFailure)) throw error;
      if (!seen.bears(error, clock.now())) throw steps.failed(error);
      log('call failed, trying again', { requestId, operation: error.operation, error: error.message });
    }

    const now = clock.now();
    if (now >= deadline) throw steps.timedOut(seen);
    if (now >= waitUntil) return undefined;
    await clock.sleep(Math.min(msUntilNextLook(seen, requestId), deadline - now));
  }
}
