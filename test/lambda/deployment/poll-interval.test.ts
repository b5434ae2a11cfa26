import { msUntilFirstLook, nextLook } from '../../../lambda/deployment/poll-interval';

test.each([undefined, 'CREATING_DEPLOYMENT', 'EVALUATING_HEALTH_CHECK', 'a code of the future'])('leaves the wait to Step Functions while the state detail is %s', (stateDetail) => {
  expect(nextLook({ stateDetail })).toBe('later');
});

test('stays while Lightsail activates the deployment, and looks again after three and a half seconds', () => {
  expect(nextLook({ stateDetail: 'ACTIVATING_DEPLOYMENT' })).toEqual({ againInMs: 3_500 });
});

test.each([undefined, 'ACTIVATING_DEPLOYMENT'])('stays while it confirms what should not last (%s)', (stateDetail) => {
  expect(nextLook({ stateDetail, isConfirming: true })).toEqual({ againInMs: 5_000 });
});

test('the first look at a created version comes after twenty seconds, at a found one at once', () => {
  expect(msUntilFirstLook(2_000, 5_000)).toBe(17_000);
  expect(msUntilFirstLook(2_000, 50_000)).toBe(0);
  expect(msUntilFirstLook(undefined, 1_000)).toBe(0);
});
