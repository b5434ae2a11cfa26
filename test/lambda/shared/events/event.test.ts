import { parseResourceRequest, parseStartedAt } from '../../../../lambda/shared/events/event';

const EVENT = { RequestType: 'Create', RequestId: 'r-1', StackId: 'stack', LogicalResourceId: 'Access', ResourceProperties: { ServiceName: 'web', Timeout: '1800' } };

test('reads what every custom resource needs', () => {
  expect(parseResourceRequest(EVENT)).toEqual({ requestId: 'r-1', stackId: 'stack', logicalResourceId: 'Access', serviceName: 'web', timeoutSeconds: 1800 });
});

test('an event without ids has empty ones', () => {
  expect(parseResourceRequest({ RequestType: 'Create', ResourceProperties: EVENT.ResourceProperties })).toMatchObject({ requestId: '', stackId: '', logicalResourceId: '' });
});

test.each([['3600', 3600], ['3601', 3600], [99999, 3600]])('a timeout of %s seconds is %i, as CloudFormation waits for an hour at most', (Timeout, expected) => {
  expect(parseResourceRequest({ ...EVENT, ResourceProperties: { ServiceName: 'web', Timeout } }).timeoutSeconds).toBe(expected);
});

test.each([
  [undefined, 'ResourceProperties must be a map'],
  [{ Timeout: '1800' }, 'ServiceName must be a string, but it is missing'],
  [{ ServiceName: 'web' }, 'Timeout must be a whole number, but it is missing'],
])('refuses the properties %j', (ResourceProperties, message) => {
  expect(() => parseResourceRequest({ ...EVENT, ResourceProperties })).toThrow(message);
});

test('reads when onEvent began', () => {
  expect(parseStartedAt({ ...EVENT, StartedAt: '5' })).toBe(5);
  expect(() => parseStartedAt(EVENT)).toThrow('StartedAt must be a whole number');
});
