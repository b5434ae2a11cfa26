import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CfnResource, PropertyInjectors, type App } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import flagsOfNewApps from 'aws-cdk-lib/recommended-feature-flags.json';
import { NagSuppressions } from 'cdk-nag';
import { APPS, EVERYTHING, synthesize, titleOf } from './apps';
import { watchWithNag, type NagReport } from './nag';

import { Fixture } from '../lib/fixture';

const PLANTED_FAULTS = join(__dirname, 'planted-faults');

/** The findings of cdk-nag 2 on an app, and the messages of its synthesis. */
const reportOf = (app: string, context?: Record<string, unknown>) => run<NagReport & { messages: string[] }>('run-with-nag.ts', app, context);

/** The findings of cdk-nag 3 on an app. */
const findingsOf3 = async (app: string, context?: Record<string, unknown>) => (await run<{ findings: string[] }>('run-with-nag-3.ts', app, context)).findings;

async function run<T>(runner: string, app: string, context?: Record<string, unknown>): Promise<T> {
  const outdir = await mkdtemp(join(tmpdir(), 'cdk-lightsail-nag-'));
  try {
    const file = join(outdir, 'report.json');
    await synthesize(app, { outdir, context, runner: join(__dirname, runner), env: { REPORT: file } });
    return JSON.parse(await readFile(file, 'utf8')) as T;
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

  test('the app passes cdk-nag 3 with the feature flags of a new app', async () => {
    expect(await findingsOf3(app, flagsOfNewApps)).toEqual([]);
  });

  test('the app passes cdk-nag where the CDK makes a policy for each statement', async () => {
    expect((await reportOf(app, { '@aws-cdk/aws-lambda:createNewPoliciesWithAddToRolePolicy': true })).findings).toEqual([]);
  });
});

test('an app with everything passes cdk-nag 3 with no feature flags', async () => {
  expect(await findingsOf3(EVERYTHING)).toEqual([]);
});

test('cdk-nag 2 and 3 show the same planted faults, in the permissions of each function and elsewhere', async () => {
  const { findings } = await reportOf(PLANTED_FAULTS);

  const places = ['Handler', 'Provider/framework-onEvent', 'Provider/framework-isComplete', 'Provider/framework-onTimeout']
    .map((name) => `Planted/LightsailContainerServiceDeploymentProvider/${name}/ServiceRole`);
  expect([...findings].sort()).toEqual([
    'Planted/Bucket/Resource AwsSolutions-S1',
    ...places.flatMap((place) => [
      `${place}/DefaultPolicy/Resource AwsSolutions-IAM5[Action::s3:Get*]`,
      `${place}/DefaultPolicy/Resource AwsSolutions-IAM5[Resource::arn:aws:s3:::bucket/*]`,
      `${place}/Resource AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/AdministratorAccess]`,
    ]),
  ].sort());
  expect(await findingsOf3(PLANTED_FAULTS)).toEqual([...findings].sort());
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
    'IAM5[Resource::arn:<AWS::Partition>:lightsail:<AWS::Region>:<AWS::AccountId>:ContainerService/*]',
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

  test('functions in a VPC and their log groups bring no other findings', () => {
    fixture = new Fixture({ env: { account: '111111111111', region: 'eu-central-1' } });
    const vpc = ec2.Vpc.fromVpcAttributes(fixture.stack, 'Vpc', { vpcId: 'vpc-1', availabilityZones: ['eu-central-1a'], privateSubnetIds: ['subnet-1'] });
    PropertyInjectors.of(fixture.stack).add({
      constructUniqueId: lambda.Function.PROPERTY_INJECTION_ID,
      inject: (props: object, { scope, id }) => ({ ...props, vpc, logGroup: new logs.LogGroup(scope, `${id}Logs`) }),
    });
    fixture.deployment({ service: fixture.service() });
    report = watchWithNag(fixture.app);
    fixture.app.synth();

    expect(report()).toMatchObject({ findings: [], unused: [] });
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
