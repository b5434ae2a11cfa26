import { SharedTime } from './shared-time';

/**
 * Where the emulator's time comes from. Nothing in the emulator reads `Date.now()` or sets a timer for its state: states
 * follow from the clock at each request.
 */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;

  /** Resolves when `ms` milliseconds of this clock have passed. */
  sleep(ms: number): Promise<void>;
}

/** The wall clock. */
export class RealClock implements Clock {
  public now(): number {
    return Date.now();
  }

  public async sleep(ms: number): Promise<void> {
    await timer(ms);
  }
}

/** Runs `factor` times as fast as the wall clock, from the moment it is made. It shows `start` then, or what the wall clock does. */
export class ScaledClock implements Clock {
  private readonly startedAt = Date.now();

  constructor(private readonly factor: number, private readonly start = Date.now()) {
    if (!(factor > 0)) {
      throw new Error(`The factor of a scaled clock must be greater than 0, got: ${JSON.stringify(factor)}`);
    }
  }

  public now(): number {
    return this.start + (Date.now() - this.startedAt) * this.factor;
  }

  public async sleep(ms: number): Promise<void> {
    await timer(ms / this.factor);
  }
}

/** Stands still until a test moves it. Sleeping on it is a step as well, so that nothing ever waits for a test to go on. */
export class SteppedClock implements Clock {
  private time: number;
  private readonly shared = new SharedTime(this);

  constructor(start: number | Date = Date.UTC(2025, 0, 1)) {
    this.time = start.valueOf();
  }

  public now(): number {
    return this.time;
  }

  public advance(ms: number): void {
    if (!(ms >= 0)) {
      throw new Error(`A clock only goes forward, got: ${JSON.stringify(ms)} ms`);
    }
    this.time += ms;
  }

  public advanceTo(time: number | Date): void {
    this.advance(time.valueOf() - this.time);
  }

  /** In whole milliseconds, like the wall clock. */
  public async sleep(ms: number): Promise<void> {
    const whole = Math.ceil(ms);
    if (this.shared.isShared) await this.shared.sleep(whole);
    else this.advance(whole);
  }

  /** Runs tasks beside each other: they share the time that they sleep, instead of each moving the clock by its own. */
  public async concurrently<T>(tasks: ReadonlyArray<() => Promise<T>>): Promise<T[]> {
    return this.shared.run(tasks);
  }
}

/** Unreferenced, so that a slow answer never keeps the process alive. */
async function timer(ms: number): Promise<void> {
  await new Promise<void>((resolve) => setTimeout(resolve, ms).unref());
}
