import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import * as cdk from 'aws-cdk-lib';
import { App, Aspects, CfnResource, PropertyInjectors, RemovalPolicy, Stack, type InjectionContext, type IPropertyInjector } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import flagsOfNewApps from 'aws-cdk-lib/recommended-feature-flags.json';
import type { IConstruct } from 'constructs';
import { RESOURCE_TYPE, WEB } from './fixture';
import { ContainerImage, ContainerSecret, ContainerService, ContainerServicePower } from '../../lib';

/*
 * What runs at deploy time has no props of its own. These are the means of the CDK to set it, as docs/settings.md shows them.
 */
const PROVIDER = 'LightsailContainerServiceDeploymentProvider';
const ROLES = ['Handler/ServiceRole', ...['onEvent', 'isComplete', 'onTimeout'].map((name) => `Provider/framework-${name}/ServiceRole`),
  'Provider/waiter-state-machine/Role'];

/** Gives all constructs of a kind some properties, in place of those that their authors gave them. */
class Defaults implements IPropertyInjector {
  constructor(public readonly constructUniqueId: string, private readonly properties: (context: InjectionContext) => object) {}

  public inject(original: any, context: InjectionContext): any {
    return { ...original, ...this.properties(context) };
  }
}

const inStack = (injector: IPropertyInjector) => (stack: Stack) => PropertyInjectors.of(stack).add(injector);

describe.each<[string, Record<string, unknown>]>([
  ['the feature flags of a new app', flagsOfNewApps],
  ['no feature flags', {}],
])('with %s', (_, context) => {
  const managesLogGroups = '@aws-cdk/aws-lambda:useCdkManagedLogGroup' in context;
  let stack: Stack;
  beforeEach(() => {
    stack = new Stack(new App({ context }), 'Stack', { env: { account: '111111111111', region: 'eu-central-1' } });
  });

  /** A stack with a deployment to a new service, and one of a private image and a secret to another that exists. */
  function template(): Template {
    new ContainerService(stack, 'Service', { power: ContainerServicePower.NANO }).addDeployment('Deployment', { containers: { web: WEB } });
    ContainerService.fromContainerServiceName(stack, 'Other', 'other').addDeployment('Deployment', {
      containers: {
        web: {
          image: ContainerImage.fromEcrRepository(new ecr.Repository(stack, 'Repository'), '1'),
          secrets: { PASSWORD: ContainerSecret.fromSecretsManager(new secretsmanager.Secret(stack, 'Secret')) },
        },
      },
    });
    return Template.fromStack(stack);
  }

  const functionsOf = (result: Template) => Object.values(result.findResources('AWS::Lambda::Function'));

  test(`there are ${managesLogGroups ? 'four log groups, one for each function, which are kept for two years' : 'no log groups'}`, () => {
    const result = template();

    expect(functionsOf(result)).toHaveLength(4);
    const logGroups = Object.values(result.findResources('AWS::Logs::LogGroup'));
    expect(logGroups.map(({ Properties, DeletionPolicy }) => [Properties.RetentionInDays, DeletionPolicy]))
      .toEqual(managesLogGroups ? Array(4).fill([731, 'Retain']) : []);
  });

  test('every custom resource waits for the log groups of all functions', () => {
    const result = template();

    const logGroups = Object.keys(result.findResources('AWS::Logs::LogGroup'));
    expect(logGroups).toHaveLength(managesLogGroups ? 4 : 0);
    const resources = [RESOURCE_TYPE, 'Custom::LightsailPrivateRegistryAccess'].flatMap((type) => Object.values(result.findResources(type)));
    expect(resources).toHaveLength(3);
    for (const { DependsOn } of resources) expect(DependsOn).toEqual(expect.arrayContaining(logGroups));
  });

  test('every custom resource waits for a log group that an Aspect adds', () => {
    Aspects.of(stack).add({
      visit: (node: IConstruct) => {
        if (!(node instanceof lambda.Function) || node.node.tryFindChild('Added')) return;
        new logs.CfnLogGroup(node, 'Added', { logGroupName: `/aws/lambda/${node.functionName}` }).applyRemovalPolicy(RemovalPolicy.RETAIN);
      },
    });

    const result = template();
    const added = Object.keys(result.findResources('AWS::Logs::LogGroup')).filter((id) => id.includes('Added'));
    expect(added).toHaveLength(4);
    for (const { DependsOn } of Object.values(result.findResources(RESOURCE_TYPE))) expect(DependsOn).toEqual(expect.arrayContaining(added));
  });

  test('a property injector of functions sets their log group, its retention and its removal policy', () => {
    inStack(new Defaults(lambda.Function.PROPERTY_INJECTION_ID, ({ scope, id }) => ({
      logGroup: new logs.LogGroup(scope, `${id}Logs`, { retention: logs.RetentionDays.ONE_WEEK, removalPolicy: RemovalPolicy.DESTROY }),
    })))(stack);

    const result = template();
    const logGroups = result.findResources('AWS::Logs::LogGroup');
    expect(Object.values(logGroups).map(({ Properties, DeletionPolicy }) => [Properties.RetentionInDays, DeletionPolicy])).toEqual(Array(4).fill([7, 'Delete']));
    expect(functionsOf(result).map(({ Properties }) => Properties.LoggingConfig.LogGroup.Ref).sort()).toEqual(Object.keys(logGroups).sort());
  });

  test('a property injector of functions puts all functions into a VPC', () => {
    const vpc = new ec2.Vpc(stack, 'Vpc');
    const group = new ec2.SecurityGroup(stack, 'Group', { vpc });
    inStack(new Defaults(lambda.Function.PROPERTY_INJECTION_ID, () => ({
      vpc, vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS }, securityGroups: [group],
    })))(stack);

    const result = template();
    const ofProvider = Object.entries(result.findResources('AWS::Lambda::Function')).filter(([id]) => id.startsWith(PROVIDER)).map(([, resource]) => resource);
    expect(ofProvider).toHaveLength(4);
    for (const { Properties } of ofProvider) {
      expect(Properties.VpcConfig.SubnetIds).toEqual(stack.resolve(vpc.privateSubnets.map(({ subnetId }) => subnetId)));
      expect(Properties.VpcConfig.SecurityGroupIds).toEqual([stack.resolve(group.securityGroupId)]);
    }
    const roles = Object.entries(result.findResources('AWS::IAM::Role')).filter(([id]) => id.includes('ServiceRole') && id.startsWith(PROVIDER));
    expect(roles).toHaveLength(4);
    for (const [, { Properties }] of roles) expect(JSON.stringify(Properties.ManagedPolicyArns)).toContain('AWSLambdaVPCAccessExecutionRole');
  });

  test('the property injector of the guide sets log groups and VPC', () => {
    const vpc = new ec2.Vpc(stack, 'Vpc');
    const [, code] = /^```js\n(class FunctionDefaults .*?)^```$/ms.exec(readFileSync(join(__dirname, '..', '..', 'docs', 'settings.md'), 'utf8'))!;
    runInNewContext(code, { cdk, stack, vpc });

    const result = template();
    const ofProvider = Object.entries(result.findResources('AWS::Lambda::Function')).filter(([id]) => id.startsWith(PROVIDER));
    expect(ofProvider.filter(([, { Properties }]) => Properties.VpcConfig?.SubnetIds.length === vpc.privateSubnets.length)).toHaveLength(4);
    result.resourcePropertiesCountIs('AWS::Logs::LogGroup', { RetentionInDays: 30 }, 4);
  });

  test('PermissionsBoundary limits all roles', () => {
    iam.PermissionsBoundary.of(stack).apply(iam.ManagedPolicy.fromManagedPolicyName(stack, 'Boundary', 'boundary'));

    const roles = Object.values(template().findResources('AWS::IAM::Role'));
    expect(roles).toHaveLength(ROLES.length);
    for (const { Properties } of roles) expect(JSON.stringify(Properties.PermissionsBoundary)).toMatch(/:policy\/boundary"/);
  });

  test('Role.customizeRoles() has all roles and permissions made elsewhere', () => {
    iam.Role.customizeRoles(stack, {
      usePrecreatedRoles: Object.fromEntries(ROLES.map((path, index) => [`Stack/${PROVIDER}/${path}`, `role-${index}`])),
    });

    const result = template();
    result.resourceCountIs('AWS::IAM::Role', 0);
    result.resourceCountIs('AWS::IAM::Policy', 0);
    expect(functionsOf(result).map(({ Properties }) => JSON.stringify(Properties.Role)).sort())
      .toEqual([0, 1, 2, 3].map((index) => expect.stringContaining(`:role/role-${index}`)));
    result.resourceCountIs(RESOURCE_TYPE, 2);

    const { roles } = JSON.parse(readFileSync(join((stack.node.root as App).outdir, 'iam-policy-report.json'), 'utf8'));
    const reported: Array<{ Action: string | string[] }> = roles.find(({ roleName }: { roleName: string }) => roleName === 'role-0').identityPolicyStatements;
    expect(reported.flatMap(({ Action }) => Action)).toEqual(expect.arrayContaining([
      'lightsail:GetContainerServices', 'lightsail:CreateContainerServiceDeployment', 'lightsail:UpdateContainerService', 'ecr:DescribeImages', 'secretsmanager:GetSecretValue',
    ]));
  });
});

describe('with the feature flags of a new app', () => {
  test.each<[string, (stack: Stack) => void]>([
    ['a property injector of log groups', inStack(new Defaults(logs.LogGroup.PROPERTY_INJECTION_ID, () => ({
      retention: logs.RetentionDays.ONE_MONTH, removalPolicy: RemovalPolicy.DESTROY,
    })))],
    ['an Aspect', (stack) => Aspects.of(stack).add({
      visit: (node: IConstruct) => {
        if (CfnResource.isCfnResource(node) && node instanceof logs.CfnLogGroup) {
          node.retentionInDays = 30;
          node.applyRemovalPolicy(RemovalPolicy.DESTROY);
        }
      },
    })],
  ])('%s sets retention and removal policy of the log groups', (_, set) => {
    const stack = new Stack(new App({ context: flagsOfNewApps }), 'Stack');
    set(stack);
    new ContainerService(stack, 'Service', { power: ContainerServicePower.NANO }).addDeployment('Deployment', { containers: { web: WEB } });

    const logGroups = Object.values(Template.fromStack(stack).findResources('AWS::Logs::LogGroup'));
    expect(logGroups.map(({ Properties, DeletionPolicy }) => [Properties.RetentionInDays, DeletionPolicy])).toEqual(Array(4).fill([30, 'Delete']));
  });
});
