import { RegistryFailure } from './registry-failure';
import type { Clock } from '../../shared/clock';

/** How long a call may try again. */
export interface Patience {
  readonly clock: Clock;
  /** From 0 up to 1; makes the waits of many that were refused together differ. */
  readonly random: () => number;
  /** No wait ends later. */
  readonly until: number;
  readonly signal: AbortSignal;
}

/** No time is left to try again. The failure before may pass. */
export class OutOfTime extends Error {
  constructor(public readonly trouble?: RegistryFailure, public readonly notBefore?: number) {
    super('out of time');
  }
}

export const MAX_TRIES = 6;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 16_000;

/** Whoever is asked to wait longer gives up: what the registry counts is counted in hours. */
const LONGEST_RETRY_AFTER_MS = 300_000;

/** Tries again what may pass, each time after a longer wait. */
export async function retrying<T>(patience: Patience, attempt: (number: number) => Promise<T>): Promise<T> {
  for (let number = 1; ; number += 1) {
    try {
      return await attempt(number);
    } catch (error) {
      if (!(error instanceof RegistryFailure) || !error.mayPass || number >= MAX_TRIES) throw error;
      await pause(patience, number, error);
    }
  }
}

/** Waits before the next try. */
export async function pause({ clock, random, until, signal }: Patience, triesSoFar: number, failure: RegistryFailure): Promise<void> {
  const asked = failure.retryAfterMs ?? 0;
  if (asked > LONGEST_RETRY_AFTER_MS) throw failure.with({ kind: 'throttled', remedy: `The registry asks to wait for ${Math.ceil(asked / 60_000)} minutes. Deploy again after that.` });

  const backoff = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (triesSoFar - 1)) * (0.5 + random() / 2);
  const wait = Math.max(backoff, asked);
  if (clock.now() + wait > until) throw new OutOfTime(failure, clock.now() + wait);
  await abortable(clock.sleep(wait), signal);
}

/** `Retry-After` is a number of seconds or a date. */
export function retryAfterMs(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  const wait = /^\s*\d+\s*$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isFinite(wait) && wait > 0 ? wait : undefined;
}

async function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  let onAbort = () => {};
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason as Error);
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
