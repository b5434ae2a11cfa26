import { CallFailure, type CallFailureKind } from '../../../lambda/clients/call-failure';
import { msUntilFirstLook, msUntilNextLook, type Situation } from '../../../lambda/deployment/poll-interval';

function seconds(situation: Partial<Situation>, requestId = 'r-1'): number {
  return msUntilNextLook({ troubles: 0, ...situation }, requestId) / 1000;
}

function troubled(kind: CallFailureKind, troubles: number): Partial<Situation> {
  return { troubles, lastTrouble: new CallFailure('GetContainerServices', kind, 'words') };
}

test('asks rarely while Lightsail creates the deployment, and often while it activates it', () => {
  expect(seconds({ elapsedMs: 10_000, stateDetail: 'CREATING_DEPLOYMENT' })).toBe(40);
  expect(seconds({ elapsedMs: 10_000 })).toBe(40);
  expect(seconds({ elapsedMs: 60_000, stateDetail: 'ACTIVATING_DEPLOYMENT' })).toBe(3.8);
});

test.each([
  [10, 12],
  [48, 12],
  [60, 15],
  [100, 25],
  [600, 25],
])('evaluating a health check after %i seconds: the next look is in %i', (elapsed, expected) => {
  expect(seconds({ elapsedMs: elapsed * 1000, stateDetail: 'EVALUATING_HEALTH_CHECK' })).toBe(expected);
});

test('asks a busy service every ten seconds, and the public URL every five, whatever the state detail', () => {
  expect(seconds({ stateDetail: 'ACTIVATING_DEPLOYMENT' })).toBe(10);
  expect(seconds({ elapsedMs: 60_000, stateDetail: 'ACTIVATING_DEPLOYMENT', urlAnswer: 'GET https://… answers 404' })).toBe(5);
});

test('asks a service that is almost ready when it is', () => {
  expect(seconds({ msUntilReady: 29_000 })).toBe(29);
  expect(seconds({ msUntilReady: 29_000, ...troubled('transient', 1) })).toBeLessThan(5);
  expect(seconds({ msUntilReady: 29_000, elapsedMs: 1_000 })).toBe(40);
});

test('the first look at what was created comes after ten seconds, at what was found at once', () => {
  expect(msUntilFirstLook({ StartedAt: 0, Version: 1, CreatedAt: 2_000 }, 5_000)).toBe(7_000);
  expect(msUntilFirstLook({ StartedAt: 0, Version: 1, CreatedAt: 2_000 }, 50_000)).toBe(0);
  expect(msUntilFirstLook({ StartedAt: 0, Version: 1 }, 1_000)).toBe(0);
});

describe('after a call that failed', () => {
  const bounds = (kind: CallFailureKind, troubles: number) => {
    const all = Array.from({ length: 200 }, (_, index) => seconds(troubled(kind, troubles), `request-${index}`));
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
  ] as const)('%s, time %i: waits %f to %f seconds, each request another time', (kind, troubles, least, most) => {
    const seen = bounds(kind, troubles);

    expect(seen.least).toBeGreaterThanOrEqual(least);
    expect(seen.most).toBeLessThanOrEqual(most);
    expect(seen.most - seen.least).toBeGreaterThan((most - least) * 0.8);
    expect(seen.distinct).toBeGreaterThan(190);
  });

  test('waits as after any other if nobody knows which', () => {
    expect(seconds({ troubles: 1 })).toBe(seconds(troubled('transient', 1)));
  });

  test('waits as long again for the same request, so that a run can be repeated', () => {
    expect(seconds(troubled('throttled', 2))).toBe(seconds(troubled('throttled', 2)));
  });
});
