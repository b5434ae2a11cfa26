import type { Step } from '../shared/polling/poll';

/** Deployments take minutes: none is known to end sooner after its creation. */
const FIRST_LOOK_SECONDS = 45;

/** The pause while Lightsail reports something that should pass at once. */
const CONFIRMING_SECONDS = 5;

/** How the handler looks at an activation. Why so: decisions/0015-step-functions-waits.md. */
const ACTIVATING = {
  /** The pauses of a young deployment are shares of its age: its activation may be over at once. */
  shortestPauseSeconds: 2,
  firstPauseShare: 1 / 45,
  pauseShare: 1 / 38,
  pauseSeconds: 3.65,
  /** After that the activation is not brief, and the calls of an old deployment are to last. */
  briefSeconds: 30,
  longPauseShare: 1 / 80,
  longestPauseSeconds: 4.8,
};

/** What a deployment may cost: one and a half times the calls of Terraform, which makes four in its first 19 seconds and then one every 10. */
const BUDGET = { factor: 1.5, firstCalls: 3.1, secondsPerCall: 10 };

/** The calls until the first look, and the pause of Step Functions from then on. */
const SPENT = { firstCalls: 2, secondsPerCall: 7 };

/** What the next look depends on. Ages are those of the version. */
export interface PollSituation {
  readonly stateDetail?: string;
  readonly ageMs: number;
  /** The age at which a look first found the activation. Absent: none has. */
  readonly activatingAgeMs?: number;
  /** The looks that found the activation. */
  readonly activatingLooks?: number;
  /** Whether the last look found what should not last: the next ones confirm or dismiss it. */
  readonly isConfirming?: boolean;
}

/** How long until the first look: a deployment that was created a moment ago is not worth one. */
export function msUntilFirstLook(createdAt: number | undefined, now: number): number {
  return createdAt === undefined ? 0 : Math.max(0, createdAt + FIRST_LOOK_SECONDS * 1000 - now);
}

/** When to look again. The handler stays only while the end is near. At all other times Step Functions waits. */
export function nextLook(situation: PollSituation): Exclude<Step<never>, { done: never }> {
  const { stateDetail, ageMs, activatingAgeMs = ageMs, activatingLooks = 1, isConfirming } = situation;
  if (isConfirming) return { againInMs: CONFIRMING_SECONDS * 1000 };
  if (stateDetail !== 'ACTIVATING_DEPLOYMENT') return 'later';

  const age = ageMs / 1000;
  const activatingAge = activatingAgeMs / 1000;
  const pause = activatingPause(age, age - activatingAge, activatingLooks);
  return callsUntil(activatingAge) + activatingLooks <= affordableCalls(age + pause) ? { againInMs: pause * 1000 } : 'later';
}

function activatingPause(age: number, activatingSeconds: number, looks: number): number {
  const { shortestPauseSeconds, firstPauseShare, pauseShare, pauseSeconds, briefSeconds, longPauseShare, longestPauseSeconds } = ACTIVATING;
  if (activatingSeconds > briefSeconds) return Math.min(longestPauseSeconds, Math.max(pauseSeconds, age * longPauseShare));
  return Math.min(pauseSeconds, Math.max(shortestPauseSeconds, age * (looks === 1 ? firstPauseShare : pauseShare)));
}

/** The calls before a look at that age. */
function callsUntil(age: number): number {
  return SPENT.firstCalls + Math.max(0, age - FIRST_LOOK_SECONDS) / SPENT.secondsPerCall;
}

function affordableCalls(age: number): number {
  return BUDGET.factor * (BUDGET.firstCalls + age / BUDGET.secondsPerCall);
}
