import { type Stack } from 'aws-cdk-lib';
import * as lightsail from 'aws-cdk-lib/aws-lightsail';
import { CloudFormation } from './cloudformation';
import { sdkCloudFormation } from '../../../lambda/clients/sdk/cloudformation';
import { ContainerImage, ContainerServiceDeployment } from '../../../lib';
import { Outcome, Fault } from '../../emulator';
import { webApp } from '../apps/apps';

/*
 * The order in which CloudFormation, Lambda and Step Functions do things around the handler.
 */
const MINUTE = 60_000;

let cloud: CloudFormation;

beforeEach(async () => {
  cloud = await CloudFormation.start();
});

afterEach(() => cloud.stop());

function cloudFormation() {
  return sdkCloudFormation({ endpoint: cloud.api.url, region: 'us-east-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } });
}

describe('what CloudFormation reports', () => {
  test('an operation on a resource begins just before its event and ends with the answer', async () => {
    const begunAt = cloud.emulator.clock.now();
    const create = await cloud.begin(webApp());
    const { StackId: stackId, LogicalResourceId: logicalId } = create.event;
    cloud.emulator.clock.advance(MINUTE);

    expect(stackId).toMatch(/^arn:aws:cloudformation:us-east-1:123456789012:stack\/Stack\/[0-9a-f-]{36}$/);
    expect(await cloudFormation().beganAt(stackId, logicalId)).toBe(begunAt);
    expect(await cloudFormation().isRollingBack(stackId)).toBe(false);

    expect((await create.finish()).status).toBe('CREATE_COMPLETE');
    expect(await cloudFormation().beganAt(stackId, logicalId)).toBeUndefined();
  });

  test('a rollback is a new operation, until it ends', async () => {
    await cloud.deploy(webApp('nginx:1.26'));
    const update = await cloud.begin(webApp('nginx:1.27'));
    const { StackId: stackId, LogicalResourceId: logicalId } = update.event;
    const begunAt = await cloudFormation().beganAt(stackId, logicalId);

    const cancelled = update.cancel();
    expect(await cloudFormation().beganAt(stackId, logicalId)).toBeUndefined();
    expect(await cloudFormation().isRollingBack(stackId)).toBe(true);

    const rollBack = await cancelled.beginRollBack();
    expect(await cloudFormation().beganAt(stackId, logicalId)).toBeGreaterThan(begunAt!);
    expect(await cloudFormation().isRollingBack(stackId)).toBe(true);

    await rollBack.finish();
    expect(await cloudFormation().beganAt(stackId, logicalId)).toBeUndefined();
    expect(await cloudFormation().isRollingBack(stackId)).toBe(false);
  });

  test('a failed create is rolling back while its resource is deleted', async () => {
    cloud.emulator.outcomes.byDefault(Outcome.processExits());
    const create = await cloud.begin(webApp());
    const seen: boolean[] = [];
    const start = cloud.provider.start.bind(cloud.provider);
    jest.spyOn(cloud.provider, 'start').mockImplementation(async (event) => {
      const { StackId: stackId, LogicalResourceId: logicalId } = event;
      seen.push(await cloudFormation().isRollingBack(stackId), await cloudFormation().beganAt(stackId, logicalId) !== undefined);
      return start(event);
    });

    expect((await create.finish()).status).toBe('ROLLBACK_COMPLETE');

    expect(seen).toEqual([true, true]);
    expect(await cloudFormation().isRollingBack(cloud.stackId)).toBe(false);
  });

  test.each([
    ['throttled', Fault.throttled()],
    ['denied', Fault.accessDenied()],
    ['transient', Fault.serverError()],
    ['transient', Fault.malformedAnswer()],
    ['refused', Fault.error('ValidationError', 400, 'No')],
  ])('a call of CloudFormation can fail as %s', async (kind, fault) => {
    cloud.api.faults.add({ operation: 'DescribeStacks', fault, times: 1 });

    await expect(cloudFormation().isRollingBack(cloud.stackId)).rejects.toMatchObject({ kind });
    expect(await cloudFormation().isRollingBack(cloud.stackId)).toBe(false);
  });

  test('a stack knows nothing of another stack on the same service', async () => {
    const other = cloud.anotherStack('Other');
    const create = await cloud.begin(webApp());

    expect(other.stackId).toContain(':stack/Other/');
    expect(await cloudFormation().beganAt(other.stackId, create.event.LogicalResourceId)).toBeUndefined();
    await create.finish();
    await other.deploy(webApp('nginx:1.28'));
    expect(cloud.versions()).toEqual({ 1: 'INACTIVE', 2: 'ACTIVE' });
  });
});

describe('the container service of the stack', () => {
  const stackOf = (scale: number, image?: string, tags: Array<{ key: string; value: string }> = []) => (stack: Stack) => {
    const service = new lightsail.CfnContainer(stack, 'Service', { serviceName: 'web', power: 'nano', scale, tags });
    if (image) new ContainerServiceDeployment(stack, 'Deployment', { service, containers: { app: { image: ContainerImage.fromRegistry(image) } } });
  };
  const tagsOf = (serviceName: string) => Object.fromEntries(cloud.emulator.service(serviceName)!.tags.map(({ key, value }) => [key, value]));

  test('an update of the service changes its settings, and removes live tags that the template lacks', async () => {
    await cloud.deploy(stackOf(1, 'nginx:1.27', [{ key: 'team', value: 'a' }]));
    cloud.emulator.invoke('TagResource', { resourceName: 'web', tags: [{ key: 'by-hand', value: 'yes' }] });

    const { status, events } = await cloud.deploy(stackOf(2, 'nginx:1.27', [{ key: 'team', value: 'b' }]));

    expect({ status, events }).toEqual({ status: 'UPDATE_COMPLETE', events: [] });
    expect(cloud.emulator.service('web')).toMatchObject({ scale: 2, state: 'RUNNING' });
    expect(tagsOf('web')).toEqual({ team: 'b' });
  });

  test('a deployment that does not change the service leaves its tags', async () => {
    await cloud.deploy(stackOf(1, 'nginx:1.26'));
    cloud.emulator.invoke('TagResource', { resourceName: 'web', tags: [{ key: 'by-hand', value: 'yes' }] });
    await cloud.deploy(stackOf(1, 'nginx:1.27'));

    expect(tagsOf('web')).toEqual({ 'by-hand': 'yes' });
  });

  test('an update whose deployment fails restores the service, and removes live tags again', async () => {
    await cloud.deploy(stackOf(1, 'nginx:1.26'));
    cloud.emulator.outcomes.forImage('nginx:broken', Outcome.processExits());
    const outcome = cloud.deploy(stackOf(2, 'nginx:broken'));

    expect((await outcome).status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(cloud.emulator.service('web')).toMatchObject({ scale: 1, currentDeployment: { version: 1 } });
    expect(tagsOf('web')).toEqual({});
  });
});

describe('a replacement that fails', () => {
  test("a failed replacement rolls back with the new properties as the old ones, and deletes the new service's deployment", async () => {
    await cloud.deploy(webApp('nginx:1.26'));
    cloud.emulator.outcomes.forImage('nginx:broken', Outcome.processExits());
    const sent = jest.spyOn(cloud.provider, 'start');

    const { status, events } = await cloud.deploy(webApp('nginx:broken', { serviceName: 'web-2' }));

    expect(status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(events).toMatchObject([
      { requestType: 'Update', status: 'FAILED', physicalResourceId: 'web-2' },
      { requestType: 'Update', status: 'SUCCESS', physicalResourceId: 'web' },
      { requestType: 'Delete', status: 'SUCCESS', physicalResourceId: 'web-2' },
    ]);
    const broken = { ServiceName: 'web-2', Containers: { app: { Image: 'nginx:broken' } } };
    const old = { ServiceName: 'web', Containers: { app: { Image: 'nginx:1.26' } } };
    expect(sent.mock.calls.map(([event]) => event)).toMatchObject([
      { RequestType: 'Update', PhysicalResourceId: 'web', ResourceProperties: broken, OldResourceProperties: old },
      { RequestType: 'Update', PhysicalResourceId: 'web-2', ResourceProperties: old, OldResourceProperties: broken },
      { RequestType: 'Delete', PhysicalResourceId: 'web-2', ResourceProperties: broken },
    ]);
    expect(cloud.versions('web')).toEqual({ 1: 'ACTIVE' });
  });

  test('a failed replacement leaves the old properties for the next update', async () => {
    await cloud.deploy(webApp('nginx:1.26'));
    cloud.emulator.outcomes.forImage('nginx:broken', Outcome.processExits());
    await cloud.deploy(webApp('nginx:broken', { serviceName: 'web-2' }));

    expect(await cloud.deploy(webApp('nginx:1.27'))).toMatchObject({ status: 'UPDATE_COMPLETE', events: [{ requestType: 'Update', physicalResourceId: 'web' }] });
  });
});

describe('a rollback that fails itself', () => {
  test('a rollback that fails leaves the stack in UPDATE_ROLLBACK_FAILED', async () => {
    await cloud.deploy(webApp('nginx:1.26'));
    cloud.emulator.outcomes.forImage('nginx:broken', Outcome.processExits());
    const update = await cloud.begin(webApp('nginx:broken'));
    cloud.emulator.clock.advance(60 * MINUTE);
    cloud.planCrash({ function: 'onEvent', call: 'getService', when: 'before' });

    const { status, reason, events } = await update.finish();

    expect(status).toBe('UPDATE_ROLLBACK_FAILED');
    expect(reason).toContain('Deployment version 2 of container service "web" FAILED');
    expect(events.map((event) => `${event.requestType} ${event.status}`)).toEqual(['Update FAILED', 'Update FAILED']);
  });
});

describe('a stack operation that is cancelled during its event', () => {
  beforeEach(async () => {
    await cloud.deploy(webApp('nginx:1.26'));
  });

  test.each([
    ['after its orphan', async () => {
      const update = await cloud.begin(webApp('nginx:1.27'));
      const cancelled = update.cancel();
      const orphan = await update.wait();
      return { orphan, outcome: await cancelled.rollBack() };
    }],
    ['before its orphan', async () => {
      const update = await cloud.begin(webApp('nginx:1.27'));
      const outcome = await update.cancel().rollBack();
      return { orphan: await update.wait(), outcome };
    }],
    ['around its orphan', async () => {
      const update = await cloud.begin(webApp('nginx:1.27'));
      const rollBack = await update.cancel().beginRollBack();
      const orphan = await update.wait();
      return { orphan, outcome: await rollBack.finish() };
    }],
    ['beside its orphan', async () => {
      const update = await cloud.begin(webApp('nginx:1.27'));
      const cancelled = update.cancel();
      let orphan;
      let outcome;
      await cloud.emulator.clock.concurrently<void>([
        async () => { orphan = await update.wait(); },
        async () => { outcome = await cancelled.rollBack(); },
      ]);
      return { orphan, outcome };
    }],
  ])('a cancelled update is rolled back %s, whose answer is ignored', async (_, run) => {
    const { orphan, outcome } = await run();

    expect(orphan).toMatchObject({ physicalResourceId: 'web' });
    expect(outcome).toMatchObject({
      status: 'UPDATE_ROLLBACK_COMPLETE',
      reason: 'Resource update cancelled',
      events: [{ requestType: 'Update', status: 'SUCCESS', physicalResourceId: 'web' }],
    });
    // What the stack holds after that is the old app.
    expect((await cloud.deploy(webApp('nginx:1.26'))).events).toEqual([]);
  });

  test('a cancelled update cannot be finished', async () => {
    const update = await cloud.begin(webApp('nginx:1.27'));
    update.cancel();

    await expect(update.finish()).rejects.toThrow('It was cancelled');
  });

  test('a rollback gets the properties of the cancelled update, and the known physical id', async () => {
    const update = await cloud.begin(webApp('nginx:1.27', { serviceName: 'web-2' }));
    const rollBack = await update.cancel().beginRollBack();

    expect(rollBack.event).toMatchObject({
      RequestType: 'Update',
      PhysicalResourceId: 'web',
      ResourceProperties: { ServiceName: 'web' },
      OldResourceProperties: { ServiceName: 'web-2' },
    });
    expect((await rollBack.finish()).events).toHaveLength(1);
  });

  test('a cancelled create gets a Delete with an invented physical id', async () => {
    const other = cloud.anotherStack('Other');
    const create = await other.begin(webApp('nginx:1.27'));
    const rollBack = await create.cancel().beginRollBack();

    expect(rollBack.event).toMatchObject({ RequestType: 'Delete', PhysicalResourceId: expect.stringMatching(/^Other-\w+-\w+$/), ResourceProperties: { ServiceName: 'web' } });
    expect(await rollBack.finish()).toMatchObject({ status: 'ROLLBACK_COMPLETE', reason: 'Resource creation cancelled', events: [{ requestType: 'Delete' }] });
    expect(await create.wait()).toMatchObject({ physicalResourceId: 'web' });
  });
});

describe('a function that crashes', () => {
  test('an onEvent that times out is answered FAILED by the framework', async () => {
    cloud.planCrash({ function: 'onEvent', call: 'createDeployment', when: 'after' });

    const { status, reason, events } = await cloud.deploy(webApp());

    expect(status).toBe('ROLLBACK_COMPLETE');
    expect(reason).toMatch(/^2025-01-01T\S+ \S+ Task timed out after 600\.00 seconds\n\nLogs: \/aws\/lambda\/handler$/);
    expect(events).toMatchObject([
      { requestType: 'Create', status: 'FAILED', durationSeconds: 600, physicalResourceId: 'AWSCDK::CustomResourceProviderFramework::CREATE_FAILED' },
      { requestType: 'Delete', status: 'SUCCESS' },
    ]);
    expect(cloud.calls('CreateContainerServiceDeployment')).toHaveLength(1);
  });

  test('an isComplete that times out is answered FAILED by the framework', async () => {
    cloud.planCrash({ function: 'isComplete', call: 'getService', when: 'before', nth: 3 });

    const { reason, events } = await cloud.deploy(webApp());

    expect(reason).toContain('Task timed out after 600.00 seconds');
    expect(events[0]).toMatchObject({ requestType: 'Create', status: 'FAILED', physicalResourceId: 'web' });
  });

  test.each(['before', 'after'] as const)('a framework that crashes %s onEvent deploys gets the event again from Lambda a minute later', async (when) => {
    cloud.planCrash({ function: 'onEvent', call: 'createDeployment', when, victim: 'framework' });

    const { status, events } = await cloud.deploy(webApp());

    expect(status).toBe('CREATE_COMPLETE');
    expect(events[0].durationSeconds).toBeGreaterThan(60);
    expect(cloud.calls('CreateContainerServiceDeployment')).toHaveLength(1);
  });

  test('a framework that crashes at every onEvent leaves CloudFormation without an answer', async () => {
    for (let time = 0; time < 3; time++) cloud.planCrash({ function: 'onEvent', call: 'getService', when: 'before', victim: 'framework' });

    await expect(cloud.deploy(webApp())).rejects.toThrow('CloudFormation gets no answer');
  });

  test('a framework that crashes at isComplete is called again with the same input', async () => {
    const create = await cloud.begin(webApp());
    cloud.planCrash({ function: 'isComplete', call: 'getService', when: 'after', nth: 1, victim: 'framework' });
    cloud.planCrash({ function: 'isComplete', call: 'getService', when: 'before', nth: 3, victim: 'framework' });

    expect(await create.finish()).toMatchObject({ status: 'CREATE_COMPLETE', events: [{ data: { DeploymentVersion: '1' } }] });
    expect(cloud.calls('CreateContainerServiceDeployment')).toHaveLength(1);
  });

  test('a crashed function does nothing more, and other invocations continue', async () => {
    cloud.emulator.createService({ serviceName: 'web' });
    cloud.emulator.setServiceState('web', 'UPDATING', MINUTE);
    const create = await cloud.begin(webApp());
    cloud.planCrash({ function: 'isComplete', call: 'createDeployment', when: 'before' });
    const answers = await cloud.emulator.clock.concurrently([() => create.wait(), () => create.wait()]);

    expect(answers.map(({ status }) => status).sort()).toEqual(['FAILED', 'SUCCESS']);
    expect(cloud.calls('CreateContainerServiceDeployment')).toHaveLength(1);
  });
});

test('an event that is delivered again runs from its start', async () => {
  const create = await cloud.begin(webApp());
  await create.finish();
  const begin = jest.spyOn(cloud.provider, 'begin');

  expect(await cloud.redeliver(create.event)).toMatchObject({ physicalResourceId: 'web' });

  expect(begin.mock.calls).toEqual([[create.event]]);
  expect(await cloudFormation().beganAt(cloud.stackId, create.event.LogicalResourceId)).toBeUndefined();
  expect(cloud.versions()).toEqual({ 1: 'ACTIVE' });
});

test('two waiters at once take no more time than one', async () => {
  const alone = await cloud.deploy(webApp('nginx:1.26'));
  const begunAt = cloud.emulator.clock.now();
  const update = await cloud.begin(webApp('nginx:1.27'));

  const answers = await cloud.emulator.clock.concurrently([() => update.wait(), () => update.wait()]);

  expect(answers).toMatchObject([{ data: { DeploymentVersion: '2' } }, { data: { DeploymentVersion: '2' } }]);
  expect(cloud.emulator.clock.now() - begunAt).toBeLessThan(alone.events[0].durationSeconds * 1500);
});
