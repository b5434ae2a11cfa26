import { Clock } from '../time/clock';

export interface ThrottleOptions {
  readonly requestsPerSecond: number;
  /** How many may come at once. Default: as many as a second allows, but at least one */
  readonly burst?: number;
}

/** A token bucket on the emulator's clock. AWS publishes no rates, so there is none unless a test sets one. */
export class Throttle {
  private readonly capacity: number;
  private tokens: number;
  private filledAt: number;

  constructor(private readonly clock: Clock, private readonly options: ThrottleOptions) {
    this.capacity = options.burst ?? Math.max(1, options.requestsPerSecond);
    this.tokens = this.capacity;
    this.filledAt = clock.now();
  }

  public admits(): boolean {
    const now = this.clock.now();
    this.tokens = Math.min(this.capacity, this.tokens + ((now - this.filledAt) / 1000) * this.options.requestsPerSecond);
    this.filledAt = now;
    if (this.tokens < 1) {
      return false;
    }
    this.tokens -= 1;
    return true;
  }
}
