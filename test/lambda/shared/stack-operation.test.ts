import type { Waiting } from '../../../lambda/deployment/progress';
import { RetryPolicy } from '../../../lambda/shared/polling/retry-policy';
import { StackOperation } from '../../../lambda/shared/stack-operation';
import { deployRequest } from '../deployment/deploy-request';
import { failing, FakeWorld, START } from '../fake-world';

const REQUEST = deployRequest({ desired: { containers: {} } });
const STARTED: Waiting = { phase: 'waiting', startedAt: START };
const BEGAN_AT = `beganAt ${REQUEST.stackId} ${REQUEST.logicalResourceId}`;

let world: FakeWorld;
let operation: StackOperation;

beforeEach(() => {
  world = new FakeWorld();
  operation = new StackOperation(world, REQUEST, new RetryPolicy(START));
});

describe('when it began', () => {
  test('is what CloudFormation tells', async () => {
    world.began = [START - 7];

    expect(await operation.beganAt()).toBe(START - 7);
    expect(world.calls).toEqual([`0 ${BEGAN_AT}`]);
  });

  test('may be told a moment later', async () => {
    world.began = [undefined, undefined, START];

    expect(await operation.beganAt()).toBe(START);
  });

  test('is over if it is not told within six seconds', async () => {
    world.began = [undefined];

    expect(await operation.beganAt()).toBe('ended');
    expect(world.calls).toEqual([`0 ${BEGAN_AT}`, `3 ${BEGAN_AT}`, `6 ${BEGAN_AT}`]);
  });
});

describe.each(['beganAt', 'isRollingBack'] as const)('%s, where the call fails', (method) => {
  test.each(['transient', 'throttled', 'busy', 'denied'] as const)('hands on what may pass: %s', async (kind) => {
    const failure = failing(kind);
    world.fail(method, failure);

    await expect(operation[method]()).rejects.toBe(failure);
    expect(world.logged).toEqual([]);
  });

  test.each([['missing', START], ['refused', START], ['denied', START - 90_000]] as const)('is not known, and the log tells, if it was %s', async (kind, startedAt) => {
    world.fail(method, failing(kind, 'Describe'));

    expect(await new StackOperation(world, REQUEST, new RetryPolicy(startedAt))[method]()).toBeUndefined();
    expect(world.logged).toEqual([{
      message: 'CloudFormation cannot be asked, continuing without its answer', requestId: 'r-1', operation: 'Describe', error: `Describe failed: it was ${kind}`,
    }]);
  });

  test('does not hide a fault of the handler', async () => {
    world.fail(method, new TypeError('a fault'));

    await expect(operation[method]()).rejects.toThrow(TypeError);
  });
});

test.each([true, false])('whether the stack is rolling back: %p', async (rollingBack) => {
  world.rollingBack = rollingBack;

  expect(await operation.isRollingBack()).toBe(rollingBack);
  expect(world.calls).toEqual([`0 isRollingBack ${REQUEST.stackId}`]);
});

describe('the progress', () => {
  test.each([
    ['began before the request', START - 60_000, START - 60_000],
    ['began with it, by a clock that differs', START + 1_000, START + 1_000],
    ['began after it', START + 1_001, undefined],
    ['is over', undefined, undefined],
  ])('is noted with the operation, as far as that is its own: it %s', async (_, began, noted) => {
    world.began = [began];

    expect(await operation.recordStart({ ...STARTED, baselineVersion: 3 })).toEqual({ ...STARTED, baselineVersion: 3, operationBeganAt: noted });
  });

  test('keeps the operation that it was noted with', async () => {
    const noted = { ...STARTED, operationBeganAt: 7 };

    expect(await operation.recordStart(noted)).toBe(noted);
    expect(world.calls).toEqual([]);
  });

  test('is noted without it if the call fails, whatever the cause', async () => {
    world.fail('beganAt', failing('transient', 'DescribeStackResource'));

    expect(await operation.recordStart(STARTED)).toBe(STARTED);
    expect(world.logged).toEqual([{
      message: 'CloudFormation did not report the operation, using the time of the request',
      requestId: 'r-1',
      operation: 'DescribeStackResource',
      error: 'DescribeStackResource failed: it was transient',
    }]);
  });

  test('does not hide a fault of the handler', async () => {
    world.fail('beganAt', new TypeError('a fault'));

    await expect(operation.recordStart(STARTED)).rejects.toThrow(TypeError);
  });
});

describe('it is still the one', () => {
  test.each([
    ['that was noted', START - 9_000, START - 9_000],
    ['though it began earlier than was noted', START - 9_000, START - 9_001],
    ['that the request came with', undefined, START + 1_000],
  ])('%s', async (_, noted, began) => {
    world.began = [began];

    await expect(operation.assertStillCurrent({ ...STARTED, operationBeganAt: noted })).resolves.toBeUndefined();
  });

  test('as far as can be told where CloudFormation may not be asked', async () => {
    world.fail('beganAt', failing('refused'));

    await expect(operation.assertStillCurrent(STARTED)).resolves.toBeUndefined();
  });

  test.each([
    ['it is over', undefined, undefined],
    ['it is another one than was noted', START - 9_000, START - 8_999],
    ['it began after the request', undefined, START + 1_001],
  ])('no longer: fails if %s', async (_, noted, began) => {
    world.began = [began];

    await expect(operation.assertStillCurrent({ ...STARTED, operationBeganAt: noted })).rejects.toThrow(expect.objectContaining({
      name: 'ResourceFailure',
      message: 'Nothing was deployed to container service "web": the stack operation was cancelled or has ended in the meantime.',
    }));
  });

  describe('and is asked again', () => {
    test.each([
      [999, START, 0],
      [1_000, START, 1],
      [0, undefined, 1],
    ])('%i ms after it was known to be: %p', async (ms, waitedAt, looks) => {
      const known = new StackOperation(world, REQUEST, new RetryPolicy(START), waitedAt);
      world.clock.advance(ms);

      await known.assertStillCurrent(STARTED);

      expect(world.callsOf('beganAt')).toHaveLength(looks);
    });

    test.each([[999, 1], [1_000, 2]])('%i ms after it was asked', async (ms, looks) => {
      await operation.assertStillCurrent(STARTED);
      world.clock.advance(ms);
      await operation.assertStillCurrent(STARTED);

      expect(world.callsOf('beganAt')).toHaveLength(looks);
    });

    test('from when it was asked, not from when the answer came', async () => {
      world.callMs = 1_000;
      await operation.assertStillCurrent(STARTED);
      await operation.assertStillCurrent(STARTED);

      expect(world.callsOf('beganAt')).toHaveLength(2);
    });
  });
});
