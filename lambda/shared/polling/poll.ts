import { backoffMs } from './backoff';
import type { Dependencies } from '../dependencies';
import type { RetryPolicy } from './retry-policy';
import { CallFailure } from '../../clients/call-failure';

/** How long one call of the handler retries calls that fail before it leaves that to the next call. */
const RETRY_WINDOW_MS = 30_000;

/**
 * What a step came to: the end, or the pause until the next step is worth it. With `later` nothing is expected soon: the handler returns,
 * and Step Functions waits in its place.
 */
export type Step<T> = { readonly done: T } | { readonly againInMs: number } | 'later';

export interface PollOptions<T> {
  readonly requestId: string;
  readonly retry: RetryPolicy;
  /** From then on the request fails as timed out, in milliseconds since the epoch. */
  readonly deadline: number;
  /** No step begins after it: the handler is to be called again. */
  readonly yieldAt: number;
  step(): Promise<Step<T>>;
  /** From when on no step begins anything: the last failure is then part of the reason. */
  lastStart(): number;
  /** The error for a call that failed and is not to be retried. */
  failed(failure: CallFailure): Error | Promise<Error>;
  timedOut(lastFailure: CallFailure | undefined): Error | Promise<Error>;
}

/**
 * Takes one step after the other until one is done or nothing is expected soon. Calls that fail and may succeed later are retried.
 *
 * @returns what the last step came to, or undefined if the handler is to be called again
 */
export async function poll<T>({ clock, log }: Pick<Dependencies, 'clock' | 'log'>, options: PollOptions<T>): Promise<T | undefined> {
  const { requestId, retry, deadline, yieldAt } = options;
  const retryUntil = Math.min(yieldAt, clock.now() + RETRY_WINDOW_MS);
  // An earlier call of the handler may have ended in the pause after a failure.
  if (Math.min(retry.notBefore, deadline) > retryUntil) return undefined;
  await clock.sleep(Math.max(0, Math.min(retry.notBefore, deadline) - clock.now()));

  for (;;) {
    let pauseMs: number | 'later' = 'later';
    try {
      const failures = retry.failures;
      const step = await options.step();
      if (step !== 'later' && 'done' in step) return step.done;

      pauseMs = step === 'later' ? step : step.againInMs;
      if (retry.failures === failures && clock.now() < options.lastStart()) retry.reset();
    } catch (error) {
      if (!(error instanceof CallFailure)) throw error;
      if (retry.recordFailure(error, clock.now()) === 'fatal') throw await options.failed(error);
      log('call failed, trying again', { requestId, operation: error.operation, error: error.message });
    }

    const now = clock.now();
    if (now >= deadline) throw await options.timedOut(retry.lastFailure);

    const isRetry = retry.failures > 0;
    if (isRetry) pauseMs = backoffMs(retry.failures, retry.lastFailure, requestId);
    if (pauseMs === 'later') return undefined;

    const nextAt = Math.min(now + pauseMs, deadline);
    if (isRetry) retry.notBefore = nextAt;
    if (nextAt > (isRetry ? retryUntil : yieldAt)) return undefined;
    await clock.sleep(nextAt - now);
  }
}
