/** Time comes in from outside, so that a test runs a thirty-minute deployment in milliseconds. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  sleep(milliseconds: number): Promise<void>;
}

/** Lightsail may report the time of a deployment in whole seconds, and its clock is not CloudFormation's. */
export const CLOCK_TOLERANCE_MS = 5_000;

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
};
