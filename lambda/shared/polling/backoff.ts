import { createHash } from 'node:crypto';
import type { CallFailure } from '../../clients/call-failure';

const BACKOFF_SECONDS = { throttled: { first: 4, most: 60 }, other: { first: 3, most: 20 } };

/**
 * How long to wait after calls that failed in a row, in milliseconds. The pause grows exponentially. The request's id spreads it: hundreds
 * of requests that failed together must not come again together.
 */
export function backoffMs(failures: number, lastFailure: CallFailure | undefined, requestId: string): number {
  const { first, most } = lastFailure?.kind === 'throttled' ? BACKOFF_SECONDS.throttled : BACKOFF_SECONDS.other;
  const seconds = Math.min(most, first * 2 ** Math.min(failures - 1, 10));
  const spread = createHash('sha256').update(`${requestId}/${failures}`).digest().readUInt16BE(0) / 0x10000;
  return Math.round(seconds * (0.5 + spread) * 1000);
}

/** Half a second at first, and twice as long each time. */
const QUICK_BACKOFF_MS = 500;

/** How long to wait before a single call is made again. The time and the execution environment spread it. */
export function quickBackoffMs(attempt: number, operation: string, now: number): number {
  const seed = `${process.env.AWS_LAMBDA_LOG_STREAM_NAME ?? ''}/${operation}/${attempt}/${now}`;
  const spread = createHash('sha256').update(seed).digest().readUInt16BE(0) / 0x10000;
  return Math.round(QUICK_BACKOFF_MS * 2 ** (attempt - 1) * (0.5 + spread));
}
