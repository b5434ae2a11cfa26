/** Whether the operation has taken effect by the time the fault strikes. */
export type FaultMoment = 'before' | 'after';

/** What goes wrong between a client and the service. */
export type Fault =
  | { readonly kind: 'throttled' }
  | { readonly kind: 'access-denied' }
  | { readonly kind: 'server-error'; readonly when: FaultMoment }
  | { readonly kind: 'connection-reset'; readonly when: FaultMoment }
  | { readonly kind: 'malformed-answer'; readonly text: string }
  | { readonly kind: 'other-answer'; readonly body: object }
  | { readonly kind: 'slow'; readonly ms: number }
  | { readonly kind: 'no-answer'; readonly when: FaultMoment }
  | { readonly kind: 'late-effect'; readonly ms: number }
  | { readonly kind: 'stalled-body' }
  | { readonly kind: 'dripping-body'; readonly everyMs: number }
  | { readonly kind: 'unknown-host' }
  | { readonly kind: 'altered-answer'; readonly change: (body: any) => object }
  | { readonly kind: 'error'; readonly errorName: string; readonly status: number; readonly message: string };

interface Moment {
  readonly when?: FaultMoment;
}

export const Fault = {
  throttled: (): Fault => ({ kind: 'throttled' }),
  accessDenied: (): Fault => ({ kind: 'access-denied' }),
  serverError: ({ when = 'before' }: Moment = {}): Fault => ({ kind: 'server-error', when }),
  /** The connection breaks; with `after`, an operation has done its work and only the answer is lost. */
  connectionReset: ({ when = 'before' }: Moment = {}): Fault => ({ kind: 'connection-reset', when }),
  /** The operation has taken effect, but its answer is no JSON. */
  malformedAnswer: (text = '{"containerService": {"containerServiceNa'): Fault => ({ kind: 'malformed-answer', text }),
  /** The operation has taken effect, but this is what its answer says. */
  otherAnswer: (body: object): Fault => ({ kind: 'other-answer', body }),
  /** The answer takes this long, on the emulator's clock; a stepped clock is moved by it. */
  slow: (ms: number): Fault => ({ kind: 'slow', ms }),
  /** The connection stays open and nothing comes. */
  noAnswer: ({ when = 'before' }: Moment = {}): Fault => ({ kind: 'no-answer', when }),
  /** The connection stays open and nothing comes, but the operation takes effect after this long, on the emulator's clock. */
  lateEffect: (ms: number): Fault => ({ kind: 'late-effect', ms }),
  /** The operation has taken effect. The headers of its answer arrive with half of the body, and the rest never comes. */
  stalledBody: (): Fault => ({ kind: 'stalled-body' }),
  /** The operation has taken effect. The headers of its answer arrive, and then one character after the other, without end. */
  drippingBody: (everyMs = 1000): Fault => ({ kind: 'dripping-body', everyMs }),
  /** The name of the endpoint cannot be resolved (ENOTFOUND). Only clients without sockets see this; others get a reset connection. */
  unknownHost: (): Fault => ({ kind: 'unknown-host' }),
  /** The operation has taken effect, but its answer is a changed one. */
  alteredAnswer: (change: (body: any) => object): Fault => ({ kind: 'altered-answer', change }),
  /** Any other exception. */
  error: (errorName: string, status: number, message: string): Fault => ({ kind: 'error', errorName, status, message }),
};

export interface FaultRule {
  /** The operation that it strikes, or `*` for each. */
  readonly operation: string;
  readonly fault: Fault;
  /** How often. Default: until it is removed */
  readonly times?: number;
  /** How many requests go well before. Default: 0 */
  readonly skip?: number;
  /** The rule applies only while this is true. Default: always */
  readonly while?: () => boolean;
}

interface ActiveRule extends FaultRule {
  seen: number;
}

/** Decides for each request whether it is throttled. */
export type ThrottlePattern = () => boolean;

/** How a service throttles that is busy with the requests of others. */
export const ThrottlePattern = {
  /** Every second request, for example. */
  everyNth: (n: number): ThrottlePattern => {
    let seen = 0;
    return () => ++seen % n === 0;
  },
  /** A share of the requests, at random but the same in each run; for a time or for good. */
  share: (share: number, { seed = 1, during = () => true }: { readonly seed?: number; readonly during?: () => boolean } = {}): ThrottlePattern => {
    const random = randomFrom(seed);
    return () => during() && random() < share;
  },
};

/** Numbers from 0 to 1 that look random, and are the same for the same seed. */
export function randomFrom(seed: number): () => number {
  // Lehmer's generator.
  let state = (seed % 2_147_483_646) + 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

/** The faults that a test has set. */
export class Faults {
  private rules: ActiveRule[] = [];
  private pattern?: ThrottlePattern;

  public add(rule: FaultRule): { remove(): void } {
    const active: ActiveRule = { ...rule, seen: 0 };
    this.rules.push(active);
    return {
      remove: () => {
        this.rules = this.rules.filter((other) => other !== active);
      },
    };
  }

  /** Throttles requests by a pattern, or no longer. A request that is throttled has no other fault. */
  public throttle(pattern: ThrottlePattern | undefined): void {
    this.pattern = pattern;
  }

  public clear(): void {
    this.rules = [];
    this.pattern = undefined;
  }

  /** The fault that strikes this request, if any: that of the first rule whose turn it is. */
  public take(operation: string): Fault | undefined {
    if (this.pattern?.()) return Fault.throttled();
    let struck: Fault | undefined;
    for (const rule of this.rules.filter((candidate) => (candidate.operation === '*' || candidate.operation === operation) && (candidate.while?.() ?? true))) {
      const { skip = 0, times = Infinity } = rule;
      const due = rule.seen >= skip && rule.seen < skip + times;
      if (due && struck) {
        continue;
      }
      rule.seen += 1;
      struck = due ? rule.fault : struck;
    }
    return struck;
  }
}
