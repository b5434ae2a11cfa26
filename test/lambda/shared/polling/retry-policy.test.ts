import { RetryPolicy } from '../../../../lambda/shared/polling/retry-policy';
import { failing, START } from '../../fake-world';

let retry: RetryPolicy;

beforeEach(() => {
  retry = new RetryPolicy(START);
});

test.each([
  ['busy', 99_000_000, 'retry'],
  ['throttled', 99_000_000, 'retry'],
  ['transient', 99_000_000, 'retry'],
  ['denied', 0, 'retry'],
  ['denied', 89_999, 'retry'],
  ['denied', 90_000, 'fatal'],
  ['missing', 0, 'fatal'],
  ['refused', 0, 'fatal'],
] as const)('a call that is %s %i ms after the request began is %s', (kind, ms, expected) => {
  expect(retry.recordFailure(failing(kind), START + ms)).toBe(expected);
  expect(retry).toMatchObject({ failures: 1, lastFailure: { kind } });
});

test('counts the calls that failed one after the other, until it is reset', () => {
  retry.recordFailure(failing('busy'), START);
  retry.recordFailure(failing('throttled'), START);
  expect(retry).toMatchObject({ failures: 2, lastFailure: { kind: 'throttled' } });

  retry.reset();
  expect(retry.failures).toBe(0);
  expect(retry.lastFailure).toBeUndefined();
});

test('a question whether a call may be retried records nothing', () => {
  expect(retry.mayRetry(failing('denied'), START)).toBe(true);
  expect(retry.failures).toBe(0);
});

describe('a host name that is not found', () => {
  test('is looked up again for 25 seconds after the first failure', () => {
    expect(retry.recordFailure(failing('unreachable'), START + 1_000)).toBe('retry');
    expect(retry.recordFailure(failing('unreachable'), START + 25_999)).toBe('retry');
    expect(retry.recordFailure(failing('unreachable'), START + 26_000)).toBe('fatal');
  });

  test.each(['busy', 'denied', 'throttled'] as const)('passes if the service has answered before, if only that a call is %s', (kind) => {
    retry.recordFailure(failing(kind), START);
    expect(retry.recordFailure(failing('unreachable'), START + 89_000)).toBe('retry');
  });

  test('does not pass because a connection broke: that is no answer', () => {
    retry.recordFailure(failing('transient'), START);
    expect(retry.recordFailure(failing('unreachable'), START + 25_000)).toBe('fatal');
  });
});
