import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SCENARIO_PREFIX, synthesizeScenario } from './synthesis';
import { putImage } from '../lambda/image-copy/images';
import { appAsStack, repositoryName, templatesOf } from '../lifecycle/apps/cloud-assembly';
import { ImageRegistries } from '../lifecycle/aws/image-registries';
import { CloudFormation } from '../lifecycle/cloudformation/cloudformation';

/*
 * The integration tests are for a real account. Here each is deployed to the emulator, so that whoever has an account does not stumble over what can be
 * known before.
 */
const SCENARIOS = readdirSync(__dirname).filter((file) => /^integ\..*\.ts$/.test(file)).map((file): [string] => [file]);

const HANDLER = join(__dirname, '..', '..', 'assets', 'deployment-handler', 'index.js');

let assembly: string;
let cloud: CloudFormation;
let registries: ImageRegistries;

beforeEach(async () => {
  assembly = mkdtempSync(join(tmpdir(), 'integ-'));
  registries = await ImageRegistries.start();
  cloud = await CloudFormation.start({ registries });
});
afterEach(async () => {
  await cloud.stop();
  await registries.stop();
  rmSync(assembly, { recursive: true, force: true });
});

test('each scenario of the project has a file', () => {
  expect(SCENARIOS.flat().sort()).toEqual([
    'integ.basic.ts', 'integ.dockerfile.ts', 'integ.domain.ts', 'integ.private-ecr.ts', 'integ.secrets.ts', 'integ.two-containers.ts',
  ]);
});

test.each(SCENARIOS)('%s is deployed, asserts by a call and by the URL, and keeps nothing when it is deleted', async (file) => {
  await synthesizeScenario(join(__dirname, file), assembly);
  const [name, ...others] = Object.keys(templatesOf(assembly)).filter((stackName) => stackName.startsWith(SCENARIO_PREFIX));
  expect(others).toEqual([]);

  // Functions of the CDK look like the handler.
  const stack = { ...appAsStack(assembly, name), handlerFile: HANDLER };
  for (const [logicalId, { Type, Properties = {} }] of Object.entries(stack.resources)) {
    if (Type === 'AWS::ECR::Repository') cloud.sources.repositories.set(repositoryName(logicalId), ['1.0.0']);
    if (Type === 'AWS::SecretsManager::Secret') cloud.sources.put(logicalId, JSON.stringify({ user: 'web', password: 'p4ssw0rd' }));
    if (Type === 'AWS::SSM::Parameter') cloud.sources.put(logicalId, String(Properties.Value));
    if (Type !== 'Custom::LightsailContainerImage') continue;
    const [, repository, tag] = /^[^/]+\/([^:]+):([^:]+)$/.exec(String(Properties.Source))!;
    putImage(registries.source, { repository, tag });
  }
  const { status, reason, events } = await cloud.deploy(withLogicalIds(stack));

  expect({ status, reason }).toEqual({ status: 'CREATE_COMPLETE', reason: undefined });
  const { physicalResourceId } = events.find(({ data }) => data?.DeploymentState === 'ACTIVE')!;
  const { currentDeployment } = cloud.emulator.service(physicalResourceId!)!;
  const { containerName, containerPort } = currentDeployment!.publicEndpoint!;
  expect(Object.keys(currentDeployment!.containers[containerName].ports!)).toContain(String(containerPort));

  const { Resources } = Object.entries(templatesOf(assembly)).find(([stackName]) => stackName.includes('DeployAssert'))![1];
  expect(Object.values(Resources).map(({ Type }) => Type)).toEqual(expect.arrayContaining([
    expect.stringContaining('GetContainerServices'), expect.stringContaining('HttpCall'),
  ]));
  expect(resourcesThatStay(templatesOf(assembly)[name].Resources)).toEqual([]);
});

/** What the stack itself makes and a secret reads has the name of its logical id. */
function withLogicalIds<T>(stack: T): T {
  return JSON.parse(JSON.stringify(stack), (_, value: unknown) => {
    const { Ref } = (value ?? {}) as { Ref?: string };
    return Ref !== undefined && /^(Database|Greeting)/.test(Ref) ? Ref : value;
  }) as T;
}

/** What a delete of the stack would leave. The policies are those of the template: what is absent is deleted. */
function resourcesThatStay(resources: Readonly<Record<string, object>>): string[] {
  return Object.entries(resources).filter(([, resource]) => (resource as { DeletionPolicy?: string }).DeletionPolicy === 'Retain').map(([logicalId]) => logicalId);
}
