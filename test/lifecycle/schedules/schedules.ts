import * as fc from 'fast-check';
import { Outcome } from '../../emulator';
import { CONTENTS, type AppVariant, type Content } from '../apps/prepared-apps';
import type { Crash } from '../faults/crashes';
import { CALLS, isOfCloudFormation, NAMED_FAULTS, type Call } from '../faults/named-faults';

/*
 * What may happen to two stacks and the services that they share, one thing after the other and some beside each other.
 */
const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** CloudFormation does not cancel at once. Otherwise two events on one resource would begin at the same time, in an unknown order. */
const LEAST_UNTIL_CANCELLED = 1.5 * SECOND;

/** A handler that can never call CloudFormation cannot keep every promise, see decisions/0009. The fault matrix shows the consequences. */
const MOST_DENIALS_BY_CLOUDFORMATION = 3;

export const SERVICES = ['web', 'web-2'] as const;
/** The service of each stack's second deployment. */
export const SECOND_SERVICE = 'web-3';

/** What someone does to a service by hand. */
export type ManualAction =
  | { readonly kind: 'deploys'; readonly content: Content }
  | { readonly kind: 'disables' }
  | { readonly kind: 'enables' }
  | { readonly kind: 'rotates the secrets' }
  | { readonly kind: 'scales it in its own stack' }
  | { readonly kind: 'keeps it busy'; readonly state: 'UPDATING' | 'PENDING' | 'DEPLOYING'; readonly forMs: number };

export interface Problems {
  /** Of the next deployments of the service; the others succeed. */
  readonly outcomes: readonly Outcome[];
  readonly faults: ReadonlyArray<{ readonly call: Call; readonly name: string; readonly skip: number; readonly times: number }>;
  readonly crashes: readonly Crash[];
  /** A share of all calls that is throttled at random, for a time. */
  readonly throttling?: { readonly share: number; readonly seed: number; readonly forMs: number };
  /** How long after its first delivery the first event is delivered again. */
  readonly deliveredAgainAfter: readonly number[];
  readonly meanwhile?: { readonly afterMs: number; readonly action: ManualAction };
}

export type Step =
  | {
    readonly kind: 'change';
    readonly stack: 0 | 1;
    /** What of the stack's first deployment is to change. */
    readonly to: Partial<AppVariant>;
    /** What its second one is to hold, if it is to be there at all. */
    readonly second?: Content;
    readonly cancelledAfter?: number;
    /** Whether the next step begins at the rollback, while functions still run. */
    readonly isOvertaken: boolean;
    readonly problems: Problems;
  }
  | { readonly kind: 'delete'; readonly stack: 0 | 1; readonly problems: Problems }
  | { readonly kind: 'action'; readonly serviceName: typeof SERVICES[number]; readonly action: ManualAction }
  | { readonly kind: 'rest'; readonly forMs: number };

export type Schedule = readonly Step[];

const tenths = (min: number, max: number) => fc.integer({ min, max: Math.floor(max / 100) }).map((count) => count * 100);
/** Often at once or soon, for that is when most happens. */
const moment = (most: number) => fc.oneof(fc.constant(0), tenths(1, 10 * SECOND), tenths(1, most));
const seldom = <T>(arbitrary: fc.Arbitrary<T>, freq = 3) => fc.option(arbitrary, { nil: undefined, freq });
const phases = fc.record({
  creating: fc.integer({ min: 5, max: 400 }).map((seconds) => seconds * SECOND),
  evaluating: fc.integer({ min: 1, max: 300 }).map((seconds) => seconds * SECOND),
  activating: fc.integer({ min: 1, max: 120 }).map((seconds) => seconds * SECOND),
});

const outcome: fc.Arbitrary<Outcome> = fc.oneof(
  { weight: 4, arbitrary: phases.map((times) => Outcome.succeeds({ phases: times })) },
  { weight: 2, arbitrary: fc.integer({ min: 20, max: 600 }).map((seconds) => Outcome.processExits({ failsAfter: seconds * SECOND })) },
  { weight: 1, arbitrary: fc.constant(Outcome.imageCannotBePulled()) },
  { weight: 1, arbitrary: phases.map((times) => Outcome.healthCheckFails({ phases: times })) },
  { weight: 1, arbitrary: fc.constantFrom('creating', 'evaluating', 'activating').map((stuckIn) => Outcome.neverEnds({ stuckIn })) },
);

const action: fc.Arbitrary<ManualAction> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...CONTENTS).map((content): ManualAction => ({ kind: 'deploys', content })) },
  { weight: 1, arbitrary: fc.constant<ManualAction>({ kind: 'disables' }) },
  { weight: 2, arbitrary: fc.constant<ManualAction>({ kind: 'enables' }) },
  { weight: 2, arbitrary: fc.constant<ManualAction>({ kind: 'rotates the secrets' }) },
  { weight: 2, arbitrary: fc.constant<ManualAction>({ kind: 'scales it in its own stack' }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('keeps it busy' as const),
      state: fc.constantFrom('UPDATING', 'PENDING', 'DEPLOYING'),
      forMs: fc.oneof({ weight: 6, arbitrary: fc.integer({ min: 1, max: 600 }) }, { weight: 1, arbitrary: fc.integer({ min: 600, max: 3600 }) })
        .map((seconds) => seconds * SECOND),
    }),
  },
);

const fault = fc.oneof(fc.constantFrom(...CALLS), fc.constantFrom('GetContainerServices' as const, 'CreateContainerServiceDeployment' as const)).chain((call) => fc.record({
  call: fc.constant(call),
  name: fc.constantFrom(...NAMED_FAULTS.filter((named) => named.of(call)).map(({ name }) => name)),
  skip: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 6 })),
  times: fc.oneof({ weight: 5, arbitrary: fc.integer({ min: 1, max: 3 }) }, { weight: 1, arbitrary: fc.integer({ min: 4, max: 200 }) }),
}).map((each) => (each.name === 'denied' && isOfCloudFormation(call) ? { ...each, times: Math.min(each.times, MOST_DENIALS_BY_CLOUDFORMATION) } : each)));

const crash: fc.Arbitrary<Crash> = fc.record({
  function: fc.constantFrom('onEvent', 'isComplete'),
  call: fc.constantFrom(
    'getService', 'getDeployments', 'createDeployment', 'setDisabled', 'enableRegistryAccess', 'tagService', 'beganAt', 'isRollingBack', 'getSecretText', 'getParameter', 'hasImage',
  ),
  when: fc.constantFrom('before', 'after'),
  nth: fc.integer({ min: 1, max: 4 }),
  victim: fc.constantFrom('handler', 'framework'),
});

/** After more than two crashes of the framework in one onEvent, or in the Delete that follows, there is no answer. */
const problems: fc.Arbitrary<Problems> = fc.record({
  outcomes: fc.array(outcome, { maxLength: 2 }),
  faults: fc.oneof({ weight: 1, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: fc.array(fault, { minLength: 1, maxLength: 3 }) }),
  crashes: fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: fc.array(crash, { minLength: 1, maxLength: 2 }) }),
  deliveredAgainAfter: fc.oneof(
    { weight: 3, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.array(moment(70 * MINUTE), { minLength: 1, maxLength: 2 }) },
  ),
  meanwhile: seldom(fc.record({ afterMs: moment(30 * MINUTE), action }), 5),
  throttling: seldom(fc.oneof(
    fc.record({ share: fc.constant(0.5), seed: fc.integer({ min: 1, max: 1000 }), forMs: fc.constant(60 * MINUTE) }),
    fc.record({ share: fc.constant(0.9), seed: fc.integer({ min: 1, max: 1000 }), forMs: fc.constant(2 * MINUTE) }),
  ), 5),
});

const stack = fc.oneof({ weight: 4, arbitrary: fc.constant(0 as const) }, { weight: 1, arbitrary: fc.constant(1 as const) });

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('change' as const),
      stack,
      to: fc.record({
        id: fc.constantFrom('Deployment', 'Renamed'),
        serviceName: fc.constantFrom(...SERVICES),
        content: fc.constantFrom(...CONTENTS),
        trigger: fc.constantFrom('a', 'b'),
        timeoutMinutes: fc.constantFrom(5, 30),
        removalPolicy: fc.constantFrom('retain' as const, 'destroy' as const),
        reads: fc.constantFrom('secrets' as const, 'secrets and a private image' as const, undefined),
      }, { requiredKeys: [] }),
      second: seldom(fc.constantFrom(CONTENTS[0], CONTENTS[1]), 4),
      cancelledAfter: seldom(moment(20 * MINUTE).map((ms) => Math.max(ms, LEAST_UNTIL_CANCELLED)), 2),
      isOvertaken: fc.boolean(),
      problems,
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('delete' as const), stack, problems }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('action' as const), serviceName: fc.constantFrom(...SERVICES), action }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('rest' as const), forMs: moment(120 * MINUTE) }) },
);

export function schedules(maxLength: number): fc.Arbitrary<Schedule> {
  return fc.array(step, { minLength: 1, maxLength });
}
