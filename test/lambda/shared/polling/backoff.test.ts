import { CallFailure, type CallFailureKind } from '../../../../lambda/clients/call-failure';
import { backoffMs } from '../../../../lambda/shared/polling/backoff';

function backoff(kind: CallFailureKind, failures: number, requestId = 'r-1'): number {
  return backoffMs(failures, new CallFailure('GetContainerServices', kind, 'words'), requestId) / 1000;
}

describe('after a call that failed', () => {
  const bounds = (kind: CallFailureKind, failures: number) => {
    const all = Array.from({ length: 200 }, (_, index) => backoff(kind, failures, `request-${index}`));
    return { least: Math.min(...all), most: Math.max(...all), distinct: new Set(all).size };
  };

  test.each([
    ['throttled', 1, 2, 6],
    ['throttled', 3, 8, 24],
    ['throttled', 5, 30, 90],
    ['throttled', 500, 30, 90],
    ['transient', 1, 1.5, 4.5],
    ['transient', 500, 10, 30],
    ['denied', 2, 3, 9],
  ] as const)('%s, time %i: waits %f to %f seconds, each request another time', (kind, failures, least, most) => {
    const seen = bounds(kind, failures);

    expect(seen.least).toBeGreaterThanOrEqual(least);
    expect(seen.most).toBeLessThanOrEqual(most);
    expect(seen.most - seen.least).toBeGreaterThan((most - least) * 0.8);
    expect(seen.distinct).toBeGreaterThan(190);
  });

  test('waits as after any other if nobody knows which', () => {
    expect(backoffMs(1, undefined, 'r-1') / 1000).toBe(backoff('transient', 1));
  });

  test('waits as long again for the same request, so that a run can be repeated', () => {
    expect(backoff('throttled', 2)).toBe(backoff('throttled', 2));
  });
});
