import type { Crash, FunctionName } from './crashes';
import { world, OPERATIONS, useCloud, endsFailed, settle, expectTheTruth, expectTheNextTryToEndWell } from './matrix';
import { Recorder } from '../invariants/recorder';

useCloud();

const METHODS: Record<string, Crash['call'] | Crash['call'][]> = {
  GetContainerServices: 'getService',
  GetContainerServiceDeployments: 'getDeployments',
  CreateContainerServiceDeployment: 'createDeployment',
  UpdateContainerService: ['setDisabled', 'enableRegistryAccess'],
  TagResource: 'tagService',
  DescribeStackResource: 'beganAt',
  DescribeStacks: 'isRollingBack',
  GetSecretValue: 'getSecretText',
  GetParameter: 'getParameter',
  DescribeImages: 'hasImage',
};

const CRASH_CASES = OPERATIONS.flatMap((operation) => (['onEvent', 'isComplete'] as FunctionName[]).flatMap((functionName) =>
  operation.calls[functionName].flatMap((call) => (['before', 'after'] as const).map((when) => ({
    operation, crashes: [METHODS[call]].flat().map((method): Crash => ({ function: functionName, call: method, when })), name: `${operation.name}: ${functionName} ${when} ${call}`,
  })))));

describe('a function that crashes', () => {
  test.each(CRASH_CASES)('the framework crashes and is invoked again: $name', async ({ operation, crashes }) => {
    const { cloud, recorder } = world();
    await operation.prepare(cloud);
    for (const crash of crashes) cloud.planCrash({ ...crash, victim: 'framework' });

    const outcome = await operation.run(cloud);
    settle();

    expect(dead(recorder)).toEqual(['framework']);
    expect(outcome.status).toBe(operation.ends);
    expectTheTruth(outcome);
  });

  /*
   * The framework answers FAILED. The started deployment continues: the rollback of an update waits for it and corrects it. The framework does
   * not forward the Delete of a create whose onEvent failed, so its deployment keeps running: CloudFormation knows that it failed.
   */
  test.each(CRASH_CASES)('the handler crashes and the framework answers FAILED: $name', async ({ operation, crashes }) => {
    const { cloud, recorder } = world();
    await operation.prepare(cloud);
    for (const crash of crashes) cloud.planCrash(crash);

    const outcome = await operation.run(cloud);
    settle();

    expect(dead(recorder)).toEqual(['handler']);
    expect(outcome.status).toBe(endsFailed(operation));
    expectTheTruth(outcome);
    await expectTheNextTryToEndWell(operation, outcome);
  });
});

function dead({ chronicle }: Recorder): string[] {
  return chronicle.flatMap((entry) => (entry.kind === 'delivered' ? entry.delivery.invocations.flatMap(({ crashed }) => crashed ?? []) : []));
}
