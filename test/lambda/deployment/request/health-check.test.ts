import { healthCheckOf, isSuccessCode } from '../../../../lambda/deployment/request/health-check';

test('the defaults of a health check are those of Lightsail', () => {
  const defaults = { healthyThreshold: 2, unhealthyThreshold: 2, timeoutSeconds: 2, intervalSeconds: 5, path: '/', successCodes: '200-499' };

  expect(healthCheckOf({})).toEqual(defaults);
  expect(healthCheckOf({ publicEndpoint: {} })).toEqual(defaults);
  expect(healthCheckOf({ publicEndpoint: { healthCheck: { path: undefined, timeoutSeconds: 3 } } })).toEqual({ ...defaults, timeoutSeconds: 3 });
});

test.each([
  [199, '200', false],
  [200, '200', true],
  [201, '200', false],
  [202, '200,202', true],
  [201, '200,202', false],
  [199, '200-299', false],
  [200, '200-299', true],
  [299, '200-299', true],
  [300, '200-299', false],
  [301, '200-299,301', true],
  [499, '200-499', true],
  [500, '200-499', false],
  [200, '', false],
])('%i is a success code of %j: %p', (status, successCodes, expected) => {
  expect(isSuccessCode(status, successCodes)).toBe(expected);
});
