import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { REGISTRY_FLOW, runStep, type StepResult } from './demo-flow';
import { LocalCloud } from './local-cloud';

const TWO_SERVICES = join(__dirname, 'apps', 'two-services');

/** The first run also installs MiniStack. */
const TIMEOUT = 10 * 60_000;

let cloud: LocalCloud;
beforeAll(async () => {
  cloud = await LocalCloud.start();
  const { exitCode, output } = await cloud.bootstrap(REGISTRY_FLOW.app);
  expect({ exitCode, output }).toMatchObject({ exitCode: 0 });
}, TIMEOUT);
afterAll(async () => {
  await cloud?.stop();
}, TIMEOUT);

describe('the TypeScript example, through the real CDK CLI', () => {
  const results: StepResult[] = [];
  beforeAll(() => REGISTRY_FLOW.prepare(cloud));

  // The steps build on each other.
  test.each(REGISTRY_FLOW.steps.map((step) => [step.title, step] as const))('%s', async (_, step) => {
    const result = await runStep(cloud, REGISTRY_FLOW, step);
    results.push(result);
    expect(result).toMatchObject({ situation: step.expected, differences: [] });
  }, TIMEOUT);

  test('the outputs of the stack are the attributes of the deployment', () => {
    const [first, update] = results;
    expect(first.output).toContain(`Url = ${first.url}`);
    expect(first.output).toMatch(/Version = 1$/m);
    expect(update.output).toMatch(/Version = 2$/m);
  });

  test('the CDK CLI shows the reason of the failure', () => {
    const [, , failure] = results;
    const withoutSpace = (text: string) => text.replace(/\s/g, '');
    expect(failure.reason).toMatch(/version 3/i);
    expect(failure.reason).toContain('FAILED');
    expect(withoutSpace(failure.output)).toContain(withoutSpace(failure.reason));
  });

  test('the rollback deploys nothing', () => {
    const deployed = cloud.emulator.requests.filter(({ operation }) => operation === 'CreateContainerServiceDeployment');
    expect(deployed).toHaveLength(3);
    expect(cloud.emulator.service(REGISTRY_FLOW.service)).toBeUndefined();
  });
});

test('two deployments in one stack share one provider', async () => {
  const deploy = await cloud.cdk(TWO_SERVICES, 'deploy', '--require-approval', 'never');
  expect(deploy).toMatchObject({ exitCode: 0 });
  for (const serviceName of ['front', 'back']) {
    expect(cloud.emulator.service(serviceName)).toMatchObject({ state: 'RUNNING', currentDeployment: { version: 1, state: 'ACTIVE' } });
  }
  const template = JSON.parse(await readFile(join(cloud.assemblyDirectory, 'TwoServices.template.json'), 'utf8')) as {
    Resources: Record<string, { Type: string }>;
  };
  const types = Object.values(template.Resources).map(({ Type }) => Type);
  expect(types.filter((type) => type === 'Custom::LightsailContainerServiceDeployment')).toHaveLength(2);
  // The handler's one and the Provider framework's three.
  expect(types.filter((type) => type === 'AWS::Lambda::Function')).toHaveLength(4);

  const destroy = await cloud.cdk(TWO_SERVICES, 'destroy', '--force');
  expect(destroy).toMatchObject({ exitCode: 0 });
  expect(await cloud.cloudFormation.stackStatus('TwoServices')).toBeUndefined();
  expect(['front', 'back'].map((name) => cloud.emulator.service(name))).toEqual([undefined, undefined]);
}, TIMEOUT);

test('no process is left running', async () => {
  expect(cloud.isAlive).toBe(true);
  await cloud.stop();
  expect(cloud.isAlive).toBe(false);
  await expect(fetch(cloud.endpoint)).rejects.toThrow();
}, TIMEOUT);
