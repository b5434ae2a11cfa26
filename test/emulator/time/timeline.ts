import { Clock } from './clock';

/** What `Timeline.after` gives back. */
export interface Scheduled {
  cancel(): void;
}

interface Entry {
  readonly at: number;
  readonly action: () => void;
}

/**
 * What will happen, and when. Entries are applied lazily, in the order of their times, once a caller reads the state and the clock
 * has passed them: with a stepped clock everything is deterministic, and no timer outlives the emulator.
 */
export class Timeline {
  private entries: Entry[] = [];
  private held: number | undefined;

  constructor(private readonly clock: Clock) {}

  /** The time of the entry that is being applied, of the request that is being answered, or else the clock's. */
  public now(): number {
    return this.held ?? this.clock.now();
  }

  public after(ms: number, action: () => void): Scheduled {
    const entry: Entry = { at: this.now() + ms, action };
    const later = this.entries.findIndex((other) => other.at > entry.at);
    this.entries.splice(later < 0 ? this.entries.length : later, 0, entry);
    return {
      cancel: () => {
        this.entries = this.entries.filter((other) => other !== entry);
      },
    };
  }

  /** Brings the state up to the clock, then runs `action` with the time held still. */
  public run<T>(action: () => T): T {
    if (this.held !== undefined) {
      return action();
    }
    const now = this.clock.now();
    try {
      while (this.entries.length > 0 && this.entries[0].at <= now) {
        const entry = this.entries.shift()!;
        this.held = entry.at;
        entry.action();
      }
      this.held = now;
      return action();
    } finally {
      this.held = undefined;
    }
  }
}
