import { Observation } from '../../../lambda/shared/poll-state';
import { failing, START } from '../fake-world';

let seen: Observation;

beforeEach(() => {
  seen = new Observation(START);
});

test('remembers the service, and the last state detail that it had', () => {
  seen.saw({ containerServiceName: 'web', state: 'DEPLOYING', stateDetail: { code: 'EVALUATING_HEALTH_CHECK' } });
  seen.saw({ containerServiceName: 'web', state: 'READY' });

  expect(seen).toMatchObject({ service: { state: 'READY' }, stateDetail: 'EVALUATING_HEALTH_CHECK' });
});

test.each([
  ['busy', 99_000_000, true],
  ['throttled', 99_000_000, true],
  ['transient', 99_000_000, true],
  ['denied', 0, true],
  ['denied', 29_999, true],
  ['denied', 30_000, false],
  ['missing', 0, false],
  ['refused', 0, false],
] as const)('a call that is %s after %i ms is borne: %p', (kind, ms, borne) => {
  expect(seen.bears(failing(kind), START + ms)).toBe(borne);
  expect(seen).toMatchObject({ troubles: 1, lastTrouble: { kind } });
});

test('counts the calls that failed one after the other', () => {
  seen.bears(failing('busy'), START);
  seen.bears(failing('throttled'), START);
  expect(seen).toMatchObject({ troubles: 2, lastTrouble: { kind: 'throttled' } });

  seen.passed();
  expect(seen.troubles).toBe(0);
  expect(seen.lastTrouble).toBeUndefined();
});
