import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CfnResource, type App } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import flagsOfNewApps from 'aws-cdk-lib/recommended-feature-flags.json';
import { NagSuppressions } from 'cdk-nag';
import { APPS, EVERYTHING, synthesize, titleOf } from './apps';
import { watchWithNag, type NagReport } from './nag';

import { Fixture } from '../lib/fixture';

/** The findings of cdk-nag on an app, and the messages of its synthesis. */
async function reportOf(app: string, context?: Record<string, unknown>): Promise<NagReport & { messages: string[] }> {
  const outdir = await mkdtemp(join(tmpdir(), 'cdk-lightsail-nag-'));
  try {
    const file = join(outdir, 'report.json');
    await synthesize(app, { outdir, context, runner: join(__dirname, 'run-with-nag.ts'), env: { REPORT: file } });
    return JSON.parse(await readFile(file, 'utf8')) as NagReport & { messages: string[] };
  } finally {
    await rm(outdir, { recursive: true, force: true });
  }
}

describe.each(APPS.map((app) => [titleOf(app), app]))('%s', (_, app) => {
  test.each([
    ['no feature flags', {}],
    ['the feature flags of a new app', flagsOfNewApps],
  ])('the app passes cdk-nag with %s, and every suppression is needed', async (__, context) => {
    const { findings, unused, messages } = await reportOf(app, context);

    expect({ findings, unused }).toEqual({ findings: [], unused: [] });
    // Nor has the library or the CDK itself anything to say.
    expect(messages).toEqual([]);
  });

  test('the app passes cdk-nag where the CDK makes a policy for each statement', async () => {
    expect((await reportOf(app, { '@aws-cdk/aws-lambda:createNewPoliciesWithAddToRolePolicy': true })).findings).toEqual([]);
  });
});

test('the suppressed findings are the known ones, and no more', async () => {
  const { suppressed } = await reportOf(EVERYTHING);

  const withoutPlace = suppressed.map((one) => one.replace(/^.* AwsSolutions-/, '').replace(/LightsailContainer(?:ServiceDeployment|Image)Provider|[0-9A-F]{8}(?=\.Arn>)/g, ''));
  expect([...new Set(withoutPlace)].sort()).toEqual([
    'IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]',
    'IAM5[Resource::*]',
    'IAM5[Resource::<Handler.Arn>:*]',
    'IAM5[Resource::<frameworkisComplete.Arn>:*]',
    'IAM5[Resource::<frameworkonTimeout.Arn>:*]',
    'IAM5[Resource::arn:<AWS::Partition>:lightsail:eu-west-1:111111111111:ContainerService/*]',
    'L1',
    'SF1',
    'SF2',
  ]);
});

describe('suppressions', () => {
  let fixture: Fixture;
  let report: () => NagReport;
  beforeEach(() => {
    fixture = new Fixture();
    fixture.deployment({ service: fixture.service() });
    report = watchWithNag(fixture.app);
  });

  const resourcesOf = (app: App) => app.node.findAll().filter((construct) => CfnResource.isCfnResource(construct));

  /** A function of the handler, or of the framework that calls it. */
  const functionAt = (path: string) => fixture.stack.node.findChild('LightsailContainerServiceDeploymentProvider')
    .node.findAll().find((construct) => construct.node.path.endsWith(`/${path}`)) as lambda.Function;

  test.each(['Handler', 'Provider/framework-onEvent', 'Provider/framework-isComplete', 'Provider/framework-onTimeout'])(
    'a suppression does not hide other findings in the permissions of %s', (path) => {
      const role = functionAt(path).role!;
      role.addToPrincipalPolicy(new iam.PolicyStatement({ actions: ['s3:Get*'], resources: ['arn:aws:s3:::bucket/*'] }));
      role.addManagedPolicy(iam.ManagedPolicy.fromAwsManagedPolicyName('AdministratorAccess'));
      fixture.app.synth();

      const place = `${role.node.path}/`;
      expect(report().findings.sort()).toEqual([
        `${place}DefaultPolicy/Resource AwsSolutions-IAM5[Action::s3:Get*]`,
        `${place}DefaultPolicy/Resource AwsSolutions-IAM5[Resource::arn:aws:s3:::bucket/*]`,
        `${place}Resource AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/AdministratorAccess]`,
      ]);
    });

  test('suppressions are added to those of the user', () => {
    const role = functionAt('Handler').role!;
    role.addManagedPolicy(iam.ManagedPolicy.fromAwsManagedPolicyName('AdministratorAccess'));
    NagSuppressions.addResourceSuppressions(role, [{ id: 'AwsSolutions-IAM4', reason: 'Only in this test.', appliesTo: [{ regex: '/AdministratorAccess$/' }] }]);
    fixture.app.synth();

    expect(report()).toMatchObject({ findings: [], unused: [] });
  });

  test('the reason of a suppression is in the template as it is written', () => {
    const suppressions = resourcesOf(fixture.app).flatMap((resource) => (resource as CfnResource).getMetadata('cdk_nag')?.rules_to_suppress ?? []);
    expect(suppressions.length).toBeGreaterThan(10);
    for (const { reason } of suppressions) {
      // cdk-nag would encode anything else.
      expect(reason).toMatch(/^[ -~]{50,}\.$/);
    }
  });

  test('resources of others get no suppression', () => {
    const outside = resourcesOf(fixture.app).filter(({ node }) => !node.path.includes('/LightsailContainerServiceDeploymentProvider/'));
    expect(outside.map((resource) => (resource as CfnResource).getMetadata('cdk_nag')).filter((metadata) => metadata !== undefined)).toEqual([]);
    expect(fixture.stack.templateOptions.metadata).toBeUndefined();
  });
});
