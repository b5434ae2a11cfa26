import { parseProgress, renderProgress } from '../../../lambda/deployment/progress';

const EVENT = { RequestType: 'Create', PhysicalResourceId: 'web' };
const FIELDS = { StartedAt: 5, BaselineVersion: 3, Version: 4, CreatedAt: 6, Forced: true, RoleSeenAt: 7, OperationBeganAt: 2 };

test('without a version the request is waiting', () => {
  expect(parseProgress({ ...EVENT, StartedAt: 5, BaselineVersion: 0 })).toEqual({ phase: 'waiting', startedAt: 5, baselineVersion: 0 });
});

test('with a version the request follows it', () => {
  expect(parseProgress({ ...EVENT, ...FIELDS })).toStrictEqual({
    phase: 'following', startedAt: 5, baselineVersion: 3, version: 4, createdAt: 6, forced: true, roleSeenAt: 7, operationBeganAt: 2,
  });
});

test.each([FIELDS, { StartedAt: 5 }, { StartedAt: 5, BaselineVersion: 0, Forced: false }])('%j survives its way through an event', (fields) => {
  expect(JSON.parse(JSON.stringify(renderProgress(parseProgress({ ...EVENT, ...fields }))))).toEqual(fields);
});

test.each(Object.keys(FIELDS))('refuses %s with the wrong type', (name) => {
  expect(() => parseProgress({ ...EVENT, ...FIELDS, [name]: 'x' })).toThrow(`The resource property ${name} must be `);
});

test('refuses an event without the time at which the request began', () => {
  expect(() => parseProgress(EVENT)).toThrow('StartedAt must be a whole number, but it is missing');
});
