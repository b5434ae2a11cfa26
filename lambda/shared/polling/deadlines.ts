/**
 * The answer must reach CloudFormation before the timeout. The last check may be slow: calls without an answer, and the diagnosis of a
 * failure. Once only this reserve is left, nothing is begun any more.
 */
const ANSWER_RESERVE_MS = 60_000;

/** What is left of the timeout when the diagnosis asks for no further log. */
const EXPLANATION_RESERVE_MS = 15_000;

/** How long onEvent itself retries before it leaves that to isComplete. */
const PATIENCE_MS = 60_000;

/** The moments that bound a request, in milliseconds since the epoch. */
export interface Deadlines {
  /** From then on onEvent leaves the rest to isComplete. */
  readonly patience: number;
  /** From then on there is no time left for a new deployment. */
  readonly lastCreate: number;
  /** From then on the request ends with what is known. */
  readonly answer: number;
  /** From then on the diagnosis reads no further log. */
  readonly explanation: number;
}

/** All deadlines of a request. Short timeouts get shorter reserves. */
export function deadlinesOf(startedAt: number, timeoutSeconds: number): Deadlines {
  const timeoutMs = timeoutSeconds * 1000;
  const end = startedAt + timeoutMs;
  const reserveMs = Math.min(ANSWER_RESERVE_MS, timeoutMs / 4);
  return {
    patience: startedAt + Math.min(PATIENCE_MS, timeoutMs / 4),
    lastCreate: end - 2 * reserveMs,
    answer: end - reserveMs,
    explanation: end - Math.min(EXPLANATION_RESERVE_MS, timeoutMs / 8),
  };
}
