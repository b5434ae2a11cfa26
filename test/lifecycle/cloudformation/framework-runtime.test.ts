import { CloudFormation } from './cloudformation';
import { FrameworkRuntime } from './framework-runtime';
import { Outcome } from '../../emulator';
import { webApp } from '../apps/apps';

/*
 * The Provider framework with its own code, on a Lambda with a quota.
 */
let cloud: CloudFormation;

afterEach(() => cloud.stop());

const usageOf = (functionName: string) => cloud.lambda!.usage.get(`Stack-${functionName}`)!;

describe('without a quota', () => {
  beforeEach(async () => {
    cloud = await CloudFormation.start({ transport: 'direct', lambda: {} });
  });

  test('a deployment succeeds, with its attributes', async () => {
    const { status, events } = await cloud.deploy(webApp());

    expect(status).toBe('CREATE_COMPLETE');
    expect(events).toMatchObject([{ requestType: 'Create', physicalResourceId: 'web', data: { DeploymentVersion: '1' } }]);
    expect(usageOf('framework-onEvent')).toMatchObject({ invocations: 1, throttled: 0 });
    expect(usageOf('framework-onTimeout').invocations).toBe(0);
  });

  test('a function of the framework holds its slot as long as the handler', async () => {
    await cloud.deploy(webApp());

    expect(cloud.lambda!.mostAtOnce).toBe(2);
    expect(usageOf('framework-isComplete').seconds).toBe(usageOf('isComplete').seconds);
  });

  test('a failed deployment is answered with the reason of the handler, and rolled back', async () => {
    cloud.emulator.outcomes.byDefault(Outcome.processExits());

    const { status, reason, events } = await cloud.deploy(webApp());

    expect(status).toBe('ROLLBACK_COMPLETE');
    expect(reason).toContain('Deployment version 1 of container service "web" FAILED');
    expect(reason).toContain('\n\nLogs: /aws/lambda/Stack-isComplete');
    expect(events.map((event) => `${event.requestType} ${event.status}`)).toEqual(['Create FAILED', 'Delete SUCCESS']);
  });
});

describe('with another handler', () => {
  const EVENT = {
    RequestType: 'Create', RequestId: 'request-1', ResponseURL: 'https://answers.example/1', StackId: 'stack', ResourceType: 'Custom::Other', LogicalResourceId: 'Other', ResourceProperties: {},
  } as const;
  const RETRY = { IntervalSeconds: 5, MaxAttempts: 3, BackoffRate: 1 };

  async function answerTo(event: object, onEvent: () => object, isComplete: () => object) {
    cloud = await CloudFormation.start({ transport: 'direct', lambda: {} });
    const framework = new FrameworkRuntime({
      clock: cloud.emulator.clock,
      lambda: cloud.lambda!,
      waiter: RETRY,
      stackName: 'Stack',
      memoryMb: 128,
      timeoutSeconds: 900,
      onEvent: async () => onEvent(),
      isComplete: async () => isComplete(),
    });
    return { framework, answer: await framework.handle({ ...EVENT, ...event }) };
  }

  test('an event above 256 KB fails after onEvent, when the waiter starts', async () => {
    const onEvent = jest.fn(() => ({ PhysicalResourceId: 'made' }));

    const { answer } = await answerTo({ ResourceProperties: { Text: 'x'.repeat(262_144) } }, onEvent, () => ({ IsComplete: true }));

    expect(onEvent).toHaveBeenCalledTimes(1);
    expect(answer).toMatchObject({ status: 'FAILED', reason: expect.stringContaining('less than or equal to 262144') });
    expect(answer.physicalResourceId).toBe('AWSCDK::CustomResourceProviderFramework::CREATE_FAILED');
  });

  test('isComplete is called at the interval of the state machine, until it times out', async () => {
    const startedAt: number[] = [];

    const { answer, framework } = await answerTo({}, () => ({ PhysicalResourceId: 'made' }), () => {
      startedAt.push(cloud.emulator.clock.now());
      return { IsComplete: false };
    });

    expect(startedAt.map((at) => at - startedAt[0])).toEqual([0, 5_000, 10_000, 15_000]);
    expect(answer).toMatchObject({ status: 'FAILED', physicalResourceId: 'made', reason: 'Operation timed out' });
    expect(framework.stateMachine.transitions).toBe(5);
  });

  test('a handler that runs longer than its timeout fails as timed out', async () => {
    const { answer } = await answerTo({}, () => {
      cloud.emulator.clock.advance(901_000);
      return {};
    }, () => ({ IsComplete: true }));

    expect(answer.reason).toContain('Task timed out after 900.00 seconds');
  });
});

test('a quota of one slot leaves none for the handler, and the framework answers that', async () => {
  cloud = await CloudFormation.start({ transport: 'direct', lambda: { quota: 1 } });

  const { status, reason } = await cloud.deploy(webApp());

  expect(status).toBe('ROLLBACK_COMPLETE');
  expect(reason).toContain('Rate Exceeded');
  expect(usageOf('onEvent')).toMatchObject({ invocations: 0, throttled: 6 });
});

test('deployments at once share the quota', async () => {
  cloud = await CloudFormation.start({ transport: 'direct', lambda: { quota: 10 } });
  const stacks = Array.from({ length: 3 }, (_, index) => cloud.anotherStack(`Stack${index}`));

  const outcomes = await cloud.emulator.clock.concurrently(stacks.map((stack, index) => () => stack.deploy(webApp('nginx:1.27', { serviceName: `web-${index}` }))));

  expect(outcomes.map(({ status }) => status)).toEqual(Array(3).fill('CREATE_COMPLETE'));
  expect(cloud.lambda!.mostAtOnce).toBeLessThanOrEqual(10);
});
