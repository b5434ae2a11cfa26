import { LastSeen } from '../../../lambda/deployment/last-seen';

test('keeps the service as it was seen last, and the last state detail that it had', () => {
  const seen = new LastSeen();
  seen.saw({ containerServiceName: 'web', state: 'DEPLOYING', stateDetail: { code: 'EVALUATING_HEALTH_CHECK' } });
  seen.saw({ containerServiceName: 'web', state: 'READY' });

  expect(seen).toMatchObject({ service: { state: 'READY' }, stateDetail: 'EVALUATING_HEALTH_CHECK' });
});
