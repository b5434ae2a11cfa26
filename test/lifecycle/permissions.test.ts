import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EVERYTHING, synthesize } from '../apps/apps';
import { Outcome } from '../emulator';
import { webApp } from './apps/apps';
import { appAsStack, repositoryName } from './apps/cloud-assembly';
import type { SynthesizedStack } from './apps/template';
import { ImageRegistries } from './aws/image-registries';
import { CloudFormation } from './cloudformation/cloudformation';
import { ecrAction } from './images/copier-actions';
import { PASSWORD, USERNAME } from '../lambda/image-copy/fake-registry';
import { putImage } from '../lambda/image-copy/images';

interface Statement {
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Resource: unknown;
}

let registries: ImageRegistries;
let cloud: CloudFormation;

beforeEach(async () => {
  registries = await ImageRegistries.start();
  cloud = await CloudFormation.start({ registries });
});

afterEach(async () => {
  await cloud.stop();
  await registries.stop();
});

/** What the roles of the handlers allow: that of the deployments, and of the images if there is one. Or only that of one provider. */
function statementsOf({ resources }: SynthesizedStack, provider = ''): Statement[] {
  const roles = Object.entries(resources)
    .filter(([id, { Type, Properties }]) => id.startsWith(provider) && Type === 'AWS::Lambda::Function' && Properties?.Handler === 'index.handler')
    .map(([, { Properties }]) => (Properties!.Role as { 'Fn::GetAtt': string[] })['Fn::GetAtt'][0]);
  return Object.values(resources)
    .filter(({ Type, Properties }) => Type === 'AWS::IAM::Policy' && (Properties!.Roles as { Ref: string }[]).some(({ Ref }) => roles.includes(Ref)))
    .flatMap(({ Properties }) => (Properties!.PolicyDocument as { Statement: Statement[] }).Statement);
}

/** The Lightsail operations that the role of the handler allows, each with the resource that it allows it on. */
function allowed(stack: SynthesizedStack): Record<string, unknown> {
  return Object.fromEntries(statementsOf(stack).flatMap(({ Action, Resource }) => [Action].flat()
    .filter((action) => action.startsWith('lightsail:'))
    .map((action) => [action.replace('lightsail:', ''), Resource])));
}

test('the handler calls exactly the operations that its role allows, and can change only its own service', async () => {
  // A busy service, so that isComplete deploys; an update that fails, and its rollback, so that both make all their calls.
  cloud.emulator.createService({ serviceName: 'web' });
  cloud.emulator.setServiceState('web', 'UPDATING', 60_000);
  await cloud.deploy(webApp('nginx:1.26'));
  cloud.emulator.outcomes.forImage('nginx:broken', Outcome.healthCheckFails());
  await cloud.deploy(webApp('nginx:broken'));
  await cloud.delete(webApp('nginx:1.26'));

  const called = cloud.emulator.requests.filter(({ functionTag }) => functionTag !== undefined).map(({ operation }) => operation);
  const expected = [...new Set(called)].map((operation) =>
    [operation, operation.startsWith('Get') ? '*' : { 'Fn::GetAtt': ['Service', 'ContainerArn'] }]);

  expect(allowed(cloud.synthesize(webApp()))).toEqual(Object.fromEntries(expected));
});

describe('an app that uses everything', () => {
  /** What CDK's grantRead() allows beside what is called, and what Secrets Manager and Systems Manager call on behalf of the role. */
  const GRANTED_WITH_THE_REST = ['secretsmanager:DescribeSecret', 'ssm:DescribeParameters', 'ssm:GetParameters', 'ssm:GetParameterHistory', 'kms:Decrypt'];
  const SOURCE_ACTIONS: Record<string, string> = {
    GetSecretValue: 'secretsmanager:GetSecretValue',
    GetParameter: 'ssm:GetParameter',
    DescribeImages: 'ecr:DescribeImages',
    GetAuthorizationToken: 'ecr:GetAuthorizationToken',
  };

  let assembly: string;

  beforeAll(async () => {
    assembly = mkdtempSync(join(tmpdir(), 'permissions-'));
    await synthesize(EVERYTHING, { outdir: assembly });
  });

  afterAll(() => rmSync(assembly, { recursive: true, force: true }));

  beforeEach(() => {
    for (const owner of ['us-east-1:123456789012', 'eu-west-1:111111111111']) {
      cloud.sources.put(`arn:aws:secretsmanager:${owner}:secret:database-AbCdEf`, JSON.stringify({ password: 'p4ssw0rd' }));
    }
    cloud.sources.put('/everything/api-token', 't0ken');
    cloud.sources.put('arn:aws:secretsmanager:us-east-1:111111111111:secret:login-AbCdEf', JSON.stringify({ username: USERNAME, password: PASSWORD }));
  });

  /** Deploys all of a stack, to services that are busy at first where they exist already; then another version of all, of which one fails; then deletes all. */
  async function live(stack: SynthesizedStack): Promise<void> {
    const deployments = Object.values(stack.resources).filter(({ Type }) => Type === 'Custom::LightsailContainerServiceDeployment');
    for (const [logicalId, { Type, Properties }] of Object.entries(stack.resources)) {
      if (Type === 'Custom::LightsailContainerImage') {
        const [, repository, tag] = /^[^/]+\/([^:]+):([^:]+)$/.exec(String(Properties!.Source))!;
        putImage(registries.source, { repository, tag });
      }
      if (Type === 'AWS::ECR::Repository') cloud.sources.repositories.set(repositoryName(logicalId), ['1.0.0']);
      if (Type !== 'AWS::Lightsail::Container') continue;

      const serviceName = String(Properties!.ServiceName);
      cloud.emulator.createService({ serviceName });
      for (const digit of ['1', '2', '3']) {
        cloud.emulator.invoke('RegisterContainerImage', { serviceName, label: 'stored', digest: `sha256:${digit.repeat(64)}` });
      }
      // An old version of an image that the stack copies: the delete removes it.
      cloud.emulator.invoke('RegisterContainerImage', { serviceName, label: 'built', digest: `sha256:${'4'.repeat(64)}` });
    }
    for (const serviceName of deployments.map(({ Properties }) => Properties!.ServiceName)) {
      // What the stack itself creates is there when it is ready.
      if (typeof serviceName !== 'string') continue;
      cloud.emulator.createService({ serviceName });
      cloud.emulator.setServiceState(serviceName, 'UPDATING', 60_000);
    }
    const { status, reason } = await cloud.deploy(stack);
    expect({ status, reason }).toEqual({ status: 'CREATE_COMPLETE', reason: undefined });

    cloud.emulator.outcomes.forImage('public.ecr.aws/nginx/nginx:1.27', Outcome.healthCheckFails());
    const again = Object.entries(stack.resources).map(([logicalId, resource]) =>
      [logicalId, deployments.includes(resource) ? { ...resource, Properties: { ...resource.Properties, Triggers: { again: 'yes' } } } : resource]);
    expect(await cloud.deploy({ ...stack, resources: Object.fromEntries(again) })).toMatchObject({ status: 'UPDATE_ROLLBACK_COMPLETE' });
    // One service has lost its tags, as an update of the service takes them away.
    const [owner] = deployments.filter(({ Properties }) => Properties!.RemovalPolicy === 'Destroy').map(({ Properties }) => Properties!.ServiceName);
    const lost = cloud.emulator.requests.filter(({ operation }) => operation === 'TagResource').map(({ input }) => String((input as { resourceName?: string }).resourceName));
    if (owner !== undefined) cloud.emulator.invoke('UntagResource', { resourceName: lost[0], tagKeys: ['cdk-lightsail-containers:owner'] });
    expect(await cloud.delete(stack)).toMatchObject({ status: 'DELETE_COMPLETE' });
  }

  /** The requests of the handler. */
  const called = () => [
    ...cloud.emulator.requests.filter(({ functionTag }) => functionTag !== undefined).map(({ operation }) => `lightsail:${operation}`),
    ...cloud.api.requests.map(({ operation }) => `cloudformation:${operation}`),
    ...cloud.sources.requests.map(({ operation }) => SOURCE_ACTIONS[operation]),
    ...registries.source.requests.map(ecrAction),
  ];

  test.each(['Everything', 'Imported'])('%s calls exactly the operations that the roles of the whole app allow', async (stackName) => {
    const stack = appAsStack(assembly, stackName);
    await live(stack);

    const actions = [...new Set(statementsOf(stack).flatMap(({ Action }) => Action))];
    expect(actions).toEqual(expect.arrayContaining(GRANTED_WITH_THE_REST));
    expect([...new Set(called())].sort()).toEqual(actions.filter((action) => !GRANTED_WITH_THE_REST.includes(action)).sort());
  });

  test.each(['Everything', 'Imported'])('%s may read only the named secrets, keys and repositories', (stackName) => {
    const stack = appAsStack(assembly, stackName);
    const resourcesOf = (action: string) => statementsOf(stack, 'LightsailContainerServiceDeploymentProvider')
      .filter(({ Action }) => [Action].flat().includes(action)).flatMap(({ Resource }) => Resource);
    const idOf = (type: string) => Object.keys(stack.resources).find((id) => stack.resources[id].Type === type);

    expect(JSON.stringify(resourcesOf('secretsmanager:GetSecretValue'))).toMatch(/^\[[^[]*(\[.*)?:secret:database-AbCdEf"[^,]*\]$/);
    expect(JSON.stringify(resourcesOf('ssm:GetParameter'))).toMatch(/^\[[^[]*(\[.*)?:parameter\/everything\/api-token"[^,]*\]$/);
    expect(new Set(resourcesOf('kms:Decrypt').map((resource) => JSON.stringify(resource)))).toEqual(new Set([JSON.stringify({ 'Fn::GetAtt': [idOf('AWS::KMS::Key'), 'Arn'] })]));
    expect(resourcesOf('ecr:DescribeImages')).toEqual([{ 'Fn::GetAtt': [idOf('AWS::ECR::Repository'), 'Arn'] }]);
  });
});
