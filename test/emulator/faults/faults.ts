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
}

interface ActiveRule extends FaultRule {
  seen: number;
}

/** The faults that a test has asked for. */
export class Faults {
  private rules: ActiveRule[] = [];

  public add(rule: FaultRule): { remove(): void } {
    const active: ActiveRule = { ...rule, seen: 0 };
    this.rules.push(active);
    return {
      remove: () => {
        this.rules = this.rules.filter((other) => other !== active);
      },
    };
  }

  public clear(): void {
    this.rules = [];
  }

  /** The fault that strikes this request, if any: that of the first rule whose turn it is. */
  public take(operation: string): Fault | undefined {
    let struck: Fault | undefined;
    for (const rule of this.rules.filter((candidate) => candidate.operation === '*' || candidate.operation === operation)) {
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
