import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { APPS, synthesize } from './apps';
import { appAsStack, repositoryName, templatesOf } from '../lifecycle/apps/cloud-assembly';
import { CloudFormation } from '../lifecycle/cloudformation/cloudformation';

/*
 * Each example, as the CDK CLI synthesizes it, and through the order of events that CloudFormation documents.
 */
const EXAMPLES = APPS.filter((app) => app.includes('/examples/')).map((app) => [basename(app), app]);

test('there is one for each use case', () => {
  expect(EXAMPLES.map(([name]) => name)).toEqual([
    'blue-green', 'custom-domain', 'existing-service', 'many-services', 'private-ecr', 'secrets', 'sidecar', 'typescript',
  ]);
});

describe.each(EXAMPLES)('%s', (_, app) => {
  let assembly: string;
  beforeAll(async () => {
    assembly = mkdtempSync(join(tmpdir(), 'cdk-lightsail-example-'));
    await synthesize(app, { outdir: assembly });
  });
  afterAll(() => rmSync(assembly, { recursive: true, force: true }));

  test('the templates', () => {
    const templates = templatesOf(assembly);
    for (const { Type, Properties } of Object.values(templates).flatMap(({ Resources }) => Object.values(Resources))) {
      // The only thing that changes with each change of the handler.
      if (Type === 'AWS::Lambda::Function' && String(Properties!.Handler).startsWith('index.')) {
        (Properties!.Code as { S3Key: string }).S3Key = '<hash of the handler>.zip';
      }
    }
    expect(templates).toMatchSnapshot();
  });

  describe('deployed', () => {
    let cloud: CloudFormation;

    beforeEach(async () => {
      cloud = await CloudFormation.start();
      cloud.emulator.createService({ serviceName: 'legacy' });
      cloud.sources.put('arn:aws:secretsmanager:us-east-1:123456789012:secret:web/database', JSON.stringify({ password: 'p4ssw0rd' }));
      cloud.sources.put('/web/api-token', 't0ken');
    });
    afterEach(() => cloud.stop());

    test('is created, and deleted again', async () => {
      const stack = appAsStack(assembly);
      for (const [logicalId, { Type }] of Object.entries(stack.resources)) {
        if (Type === 'AWS::ECR::Repository') cloud.sources.repositories.set(repositoryName(logicalId), ['1.0.0']);
      }

      const { status, reason, events } = await cloud.deploy(stack);

      expect({ status, reason }).toEqual({ status: 'CREATE_COMPLETE', reason: undefined });
      expect(events.filter(({ data }) => data?.DeploymentState !== undefined)).not.toHaveLength(0);
      for (const { physicalResourceId, data } of events) {
        if (data?.DeploymentState !== undefined) {
          expect(cloud.emulator.service(physicalResourceId!)).toMatchObject({ state: 'RUNNING', currentDeployment: { version: 1, state: 'ACTIVE' } });
        }
      }
      expect((await cloud.delete(stack)).status).toBe('DELETE_COMPLETE');
    });
  });
});
