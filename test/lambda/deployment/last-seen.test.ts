import type { DescribedService } from '../../../lambda/clients/lightsail';
import { LastSeen } from '../../../lambda/deployment/last-seen';

const deploying = (code: NonNullable<DescribedService['stateDetail']>['code']): DescribedService => (
  { containerServiceName: 'web', state: 'DEPLOYING', stateDetail: { code } });

test('keeps the service as it was seen last, and the last state detail that it had', () => {
  const seen = new LastSeen();
  seen.saw(deploying('EVALUATING_HEALTH_CHECK'), 1_000);
  seen.saw({ containerServiceName: 'web', state: 'READY' }, 2_000);

  expect(seen).toMatchObject({ service: { state: 'READY' }, stateDetail: 'EVALUATING_HEALTH_CHECK' });
  expect(seen.activating).toBeUndefined();
});

test('counts the looks at an activation, also while the service shows no state detail any more', () => {
  const seen = new LastSeen();
  seen.saw(deploying('EVALUATING_HEALTH_CHECK'), 1_000);
  seen.saw(deploying('ACTIVATING_DEPLOYMENT'), 2_000);
  expect(seen.activating).toEqual({ since: 2_000, looks: 1 });

  seen.saw(deploying('ACTIVATING_DEPLOYMENT'), 3_000);
  seen.saw({ containerServiceName: 'web', state: 'RUNNING' }, 4_000);
  expect(seen.activating).toEqual({ since: 2_000, looks: 3 });
});

test('forgets the activation of an earlier version', () => {
  const seen = new LastSeen();
  seen.saw(deploying('ACTIVATING_DEPLOYMENT'), 1_000);
  seen.saw(deploying('CREATING_DEPLOYMENT'), 2_000);
  expect(seen.activating).toBeUndefined();

  seen.saw(deploying('ACTIVATING_DEPLOYMENT'), 3_000);
  expect(seen.activating).toEqual({ since: 3_000, looks: 1 });
});
