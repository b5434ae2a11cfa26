import type { Step } from '../shared/poll';

/** Nothing ends sooner after its creation. */
const FIRST_LOOK_SECONDS = 20;

/** The rest is quick, and its end is to be noticed within seconds. See decisions/0015-step-functions-waits.md. */
const ACTIVATING_SECONDS = 3.5;

/** The pause while Lightsail reports something that should pass at once. */
const CONFIRMING_SECONDS = 5;

/** What the next look depends on. */
export interface PollSituation {
  readonly stateDetail?: string;
  /** Whether the last look found what should not last: the next ones confirm or dismiss it. */
  readonly isConfirming?: boolean;
}

/** How long until the first look: a deployment that was created a moment ago is not worth one. */
export function msUntilFirstLook(createdAt: number | undefined, now: number): number {
  return createdAt === undefined ? 0 : Math.max(0, createdAt + FIRST_LOOK_SECONDS * 1000 - now);
}

/** When to look again. The handler stays only while the end is near. At all other times Step Functions waits. */
export function nextLook({ stateDetail, isConfirming }: PollSituation): Exclude<Step<never>, { done: never }> {
  if (isConfirming) return { againInMs: CONFIRMING_SECONDS * 1000 };
  return stateDetail === 'ACTIVATING_DEPLOYMENT' ? { againInMs: ACTIVATING_SECONDS * 1000 } : 'later';
}
