import { msUntilFirstLook, nextLook, type PollSituation } from '../../../lambda/deployment/poll-interval';

const SECOND = 1000;

/** A look at an activation, with ages in seconds. */
function activating(age: number, activatingAge = age, activatingLooks = 1): PollSituation {
  return { stateDetail: 'ACTIVATING_DEPLOYMENT', ageMs: age * SECOND, activatingAgeMs: activatingAge * SECOND, activatingLooks };
}

/** All ages of looks at an activation that does not end, while calls of the handler stay and Step Functions waits 7 seconds in between. */
function looksAt(from: number, to: number): number[] {
  const ages: number[] = [];
  for (let age = from; age <= to;) {
    ages.push(age);
    const step = nextLook(activating(age, from, ages.length));
    age += step === 'later' ? 7 : step.againInMs / SECOND;
  }
  return ages;
}

test.each([undefined, 'CREATING_DEPLOYMENT', 'EVALUATING_HEALTH_CHECK', 'a code of the future'])('leaves the wait to Step Functions while the state detail is %s', (stateDetail) => {
  expect(nextLook({ stateDetail, ageMs: 60_000 })).toBe('later');
});

test.each([undefined, 'ACTIVATING_DEPLOYMENT'])('stays while it confirms what should not last (%s)', (stateDetail) => {
  expect(nextLook({ stateDetail, ageMs: 60_000, isConfirming: true })).toEqual({ againInMs: 5_000 });
});

test('confirms what should not last, even when the calls are used up', () => {
  expect(nextLook({ ...activating(60, 50, 1000), isConfirming: true })).toEqual({ againInMs: 5_000 });
});

test('the first look at a created version comes after 45 seconds, at a found one at once', () => {
  expect(msUntilFirstLook(2_000, 5_000)).toBe(42_000);
  expect(msUntilFirstLook(2_000, 47_000)).toBe(0);
  expect(msUntilFirstLook(2_000, 50_000)).toBe(0);
  expect(msUntilFirstLook(undefined, 1_000)).toBe(0);
});

describe('while Lightsail activates the deployment', () => {
  test.each([
    ['a version of 0 seconds, first look', activating(0), 2],
    ['a version of 90 seconds, first look', activating(90), 2],
    ['a version of 99 seconds, first look', activating(99), 2.2],
    ['a version of 38 seconds, next looks', activating(38, 36, 2), 2],
    ['a version of 114 seconds, next looks', activating(114, 112, 2), 3],
    ['an old version, first look', activating(300), 3.65],
    ['an old version, next looks', activating(570, 565, 2), 3.65],
    ['an old version after 30 seconds', activating(570, 540, 8), 3.65],
    ['an old version after more than 30 seconds', activating(571, 540, 8), 4.8],
    ['a version of 340 seconds after more than 30 seconds', activating(340, 300, 8), 4.25],
    ['a young version after more than 30 seconds', activating(90, 50, 10), 3.65],
  ])('looks again after a pause that grows with the age: %s', (_, situation, seconds) => {
    expect(nextLook(situation)).toEqual({ againInMs: expect.closeTo(seconds * SECOND, 6) });
  });

  test('what it does not know of the activation it takes for new', () => {
    expect(nextLook({ stateDetail: 'ACTIVATING_DEPLOYMENT', ageMs: 300_000 })).toEqual(nextLook(activating(300)));
  });

  test.each([10, 50, 120, 300, 430, 570, 1200])('at no time more calls than half as many again as Terraform makes, if the activation begins after %i seconds', (from) => {
    const before = 2 + Math.max(0, from - 45) / 7;
    for (const [index, age] of looksAt(from, from + 900).entries()) {
      const terraform = 3.1 + age / 10;
      // Step Functions looks every 7 seconds, whether that is affordable or not.
      expect(before + index + 1).toBeLessThanOrEqual(1.5 * terraform + 1.1);
    }
  });

  test.each([50, 120, 300, 430, 570, 1200])('an activation that begins after %i seconds is looked at every 4.8 seconds or sooner, for a half minute at least', (from) => {
    const ages = looksAt(from, from + 30);
    ages.slice(1).forEach((age, index) => expect(age - ages[index]).toBeLessThan(4.81));
  });

  test.each([[81, 34], [216, 84], [439, 171]])('an activation from second %i that lasts %i seconds is affordable to its end', (from, seconds) => {
    const ages = looksAt(from, from + seconds);
    ages.slice(1).forEach((age, index) => expect(age - ages[index]).toBeLessThan(4.81));
  });

  test('leaves the wait to Step Functions when the calls are used up, and comes back when they are not', () => {
    expect(nextLook(activating(100, 50, 17))).toEqual({ againInMs: 3_650 });
    expect(nextLook(activating(100, 50, 18))).toBe('later');
    expect(nextLook(activating(107, 50, 18))).toEqual({ againInMs: 3_650 });
  });
});
