import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { APPS, synthesize } from './apps';
import { PASSWORD, USERNAME } from '../lambda/image-copy/fake-registry';
import { putImage } from '../lambda/image-copy/images';
import { appAsStack, repositoryName, templatesOf, type Template } from '../lifecycle/apps/cloud-assembly';
import { ImageRegistries } from '../lifecycle/aws/image-registries';
import { CloudFormation } from '../lifecycle/cloudformation/cloudformation';

/*
 * Each example, as the CDK CLI synthesizes it, and deployed in the order of events that CloudFormation documents.
 */
type Templates = Record<string, Template>;

const EXAMPLES = APPS.filter((app) => app.includes('/examples/')).map((app) => [basename(app), app]);

test('each use case has an example', () => {
  expect(EXAMPLES.map(([name]) => name)).toEqual([
    'blue-green', 'custom-domain', 'dockerfile', 'existing-service', 'many-services', 'private-ecr', 'private-registry', 'secrets', 'sidecar', 'typescript',
  ]);
});

/** The examples whose snapshots show a provider. The others show only what differs from it. */
const PROVIDERS: Readonly<Record<string, string>> = {
  LightsailContainerServiceDeploymentProvider: 'typescript',
  LightsailContainerImageProvider: 'dockerfile',
};

/** The templates of these examples, by the id of the provider. */
const shown: Record<string, Templates> = {};
beforeAll(async () => {
  for (const [provider, example] of Object.entries(PROVIDERS)) {
    const assembly = mkdtempSync(join(tmpdir(), 'cdk-lightsail-example-'));
    await synthesize(EXAMPLES.find(([name]) => name === example)![1], { outdir: assembly });
    shown[provider] = templatesIn(assembly);
    rmSync(assembly, { recursive: true, force: true });
  }
});

/** The templates of an app, without the hash that changes with each change of the handler. */
function templatesIn(assembly: string): Templates {
  const templates = templatesOf(assembly);
  for (const { Type, Properties } of Object.values(templates).flatMap(({ Resources }) => Object.values(Resources))) {
    if (Type === 'AWS::Lambda::Function' && String(Properties!.Handler).startsWith('index.')) {
      (Properties!.Code as { S3Key: string }).S3Key = '<hash of the handler>.zip';
    }
  }
  return templates;
}

/** The templates of an example without the parts of a provider that another example shows. */
function withoutProvider(provider: string, templates: Templates): Templates {
  // The description of each function quotes the path of its provider.
  const toText = (entry: [string, unknown]) => JSON.stringify(entry, (key, value: unknown) => (key === 'Description' ? undefined : value));
  const shared = new Set(Object.values(shown[provider]).flatMap(({ Resources }) => Object.entries(Resources)).map(toText));
  return Object.fromEntries(Object.entries(templates).map(([stackName, { Resources, ...template }]) => [stackName, {
    ...template,
    Resources: Object.fromEntries(Object.entries(Resources).filter((entry) => !entry[0].startsWith(provider) || !shared.has(toText(entry)))),
  }]));
}

describe.each(EXAMPLES)('the example %s', (name, app) => {
  let assembly: string;
  beforeAll(async () => {
    assembly = mkdtempSync(join(tmpdir(), 'cdk-lightsail-example-'));
    await synthesize(app, { outdir: assembly });
  });
  afterAll(() => rmSync(assembly, { recursive: true, force: true }));

  test('the templates equal the snapshot', () => {
    const elsewhere = Object.entries(PROVIDERS).filter(([, example]) => example !== name).map(([provider]) => provider);

    expect(elsewhere.reduce((templates, provider) => withoutProvider(provider, templates), templatesIn(assembly))).toMatchSnapshot();
  });

  describe('deployed', () => {
    let cloud: CloudFormation;
    let registries: ImageRegistries;

    beforeEach(async () => {
      registries = await ImageRegistries.start();
      cloud = await CloudFormation.start({ registries });
      cloud.emulator.createService({ serviceName: 'legacy' });
      cloud.sources.put('arn:aws:secretsmanager:us-east-1:123456789012:secret:web/database', JSON.stringify({ password: 'p4ssw0rd' }));
      cloud.sources.put('/web/api-token', 't0ken');
      cloud.sources.put('arn:aws:secretsmanager:us-east-1:123456789012:secret:web/registry', JSON.stringify({ username: USERNAME, password: PASSWORD }));
    });
    afterEach(async () => {
      await cloud.stop();
      await registries.stop();
    });

    test('the deployments are created as version 1, and deleted again', async () => {
      const stack = appAsStack(assembly);
      for (const [logicalId, { Type }] of Object.entries(stack.resources)) {
        if (Type === 'AWS::ECR::Repository') cloud.sources.repositories.set(repositoryName(logicalId), ['1.0.0']);
      }

      const images = Object.values(stack.resources).filter(({ Type }) => Type === 'Custom::LightsailContainerImage');
      for (const { Properties } of images) {
        const [, repository, tag] = /^[^/]+\/([^:]+):([^:]+)$/.exec(String(Properties!.Source))!;
        putImage(registries.source, { repository, tag });
      }

      const { status, reason, events } = await cloud.deploy(stack);

      expect({ status, reason }).toEqual({ status: 'CREATE_COMPLETE', reason: undefined });
      expect(events.filter(({ data }) => data?.DeploymentState !== undefined)).not.toHaveLength(0);
      for (const { physicalResourceId, data } of events) {
        if (data?.DeploymentState !== undefined) {
          expect(cloud.emulator.service(physicalResourceId!)).toMatchObject({ state: 'RUNNING', currentDeployment: { version: 1, state: 'ACTIVE' } });
        }
      }
      expect(events.map(({ data }) => data?.Image).filter((image) => image !== undefined)).toEqual(images.map(() => expect.stringMatching(/^:[a-z0-9-]+\.web\.1$/)));
      expect((await cloud.delete(stack)).status).toBe('DELETE_COMPLETE');
    });
  });
});
