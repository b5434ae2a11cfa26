import { createHash } from 'node:crypto';
import type { CallFailure } from '../clients/call-failure';
import type { Progress } from './request/request';

/** Somebody else is at work on the service: that takes minutes, and half a minute more is no loss. */
const BUSY_SECONDS = 10;

/** The first look finds what ends at once. */
const FIRST_LOOK_SECONDS = 10;

/** How long Lightsail takes to get containers up is minutes; nothing is to be seen in the meantime. */
const CREATING_SECONDS = 40;
const EVALUATING_SECONDS = { least: 12, most: 25, shareOfElapsed: 1 / 4 };

/** What remains is soon done, and success is to be noticed within seconds. See decisions/0005-polling-inside-is-complete.md. */
const ACTIVATING_SECONDS = 3.8;

/** The URL is asked, not Lightsail alone, and the edge follows the activation by a little. */
const URL_SECONDS = 5;

const TROUBLE_SECONDS = { throttled: { first: 4, most: 60 }, other: { first: 3, most: 20 } };

/** What the next look depends on. */
export interface Situation {
  /** Since the deployment was created, or undefined before. */
  readonly elapsedMs?: number;
  readonly stateDetail?: string;
  /** How long what the service waits for still takes, where that is known. */
  readonly msUntilReady?: number;
  /** What the public URL answered, if only that is waited for. */
  readonly urlAnswer?: string;
  /** The calls that failed one after the other, up to now. */
  readonly troubles: number;
  readonly lastTrouble?: CallFailure;
}

/** When to look for the first time: what was created a moment ago is not worth it yet. */
export function msUntilFirstLook({ CreatedAt }: Progress, now: number): number {
  return CreatedAt === undefined ? 0 : Math.max(0, CreatedAt + FIRST_LOOK_SECONDS * 1000 - now);
}

/** When to look again, in milliseconds: rarely while Lightsail gets the containers up, often while it activates them. */
export function msUntilNextLook({ elapsedMs, stateDetail, msUntilReady, urlAnswer, troubles, lastTrouble }: Situation, requestId: string): number {
  if (troubles > 0) return backOffMs(troubles, lastTrouble?.kind === 'throttled' ? TROUBLE_SECONDS.throttled : TROUBLE_SECONDS.other, requestId);
  if (urlAnswer !== undefined) return URL_SECONDS * 1000;
  if (elapsedMs === undefined) return msUntilReady ?? BUSY_SECONDS * 1000;

  switch (stateDetail) {
    case 'ACTIVATING_DEPLOYMENT':
      return ACTIVATING_SECONDS * 1000;
    case 'EVALUATING_HEALTH_CHECK': {
      const { least, most, shareOfElapsed } = EVALUATING_SECONDS;
      return Math.min(most * 1000, Math.max(least * 1000, elapsedMs * shareOfElapsed));
    }
    default:
      return CREATING_SECONDS * 1000;
  }
}

/** Exponential, and spread by the request's id, so that hundreds that were refused together do not come again together. */
function backOffMs(troubles: number, { first, most }: { first: number; most: number }, requestId: string): number {
  const seconds = Math.min(most, first * 2 ** Math.min(troubles - 1, 10));
  const spread = createHash('sha256').update(`${requestId}/${troubles}`).digest().readUInt16BE(0) / 0x10000;
  return Math.round(seconds * (0.5 + spread) * 1000);
}
