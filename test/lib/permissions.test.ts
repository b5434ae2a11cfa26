import { CfnOutput, CfnParameter, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as lightsail from 'aws-cdk-lib/aws-lightsail';
import { Fixture, RESOURCE_TYPE } from './fixture';
import { ContainerService, ContainerServicePower, type ContainerServiceDeployment } from '../../lib';

const HANDLERS = ['index.handler'];
const DEPLOY = 'lightsail:CreateContainerServiceDeployment';
const DISABLE = ['lightsail:UpdateContainerService', 'lightsail:TagResource'];
const ANY_SERVICE = {
  'Fn::Join': ['', [
    'arn:', { Ref: 'AWS::Partition' }, ':lightsail:', { Ref: 'AWS::Region' }, ':', { Ref: 'AWS::AccountId' }, ':ContainerService/*',
  ]],
};

const READS: Record<string, unknown[]> = {
  'index.handler': [
    allow(['lightsail:GetContainerServices', 'lightsail:GetContainerServiceDeployments', 'lightsail:GetContainerLog'], '*'),
    allow(['cloudformation:DescribeStackEvents', 'cloudformation:DescribeStackResource', 'cloudformation:DescribeStacks'], { Ref: 'AWS::StackId' }),
  ],
};

let fixture: Fixture;
beforeEach(() => {
  fixture = new Fixture();
});

function allow(actions: string | string[], resource: unknown) {
  return { Action: actions, Effect: 'Allow', Resource: resource };
}

function arnOf(service: lightsail.CfnContainer) {
  return { 'Fn::GetAtt': [fixture.stack.getLogicalId(service), 'ContainerArn'] };
}

interface Policy {
  readonly logicalId: string;
  readonly statements: unknown[];
}

/** The policies of a handler's role, that of its function first. */
function policiesOf(template: Template, handler: string): Policy[] {
  const [fn] = Object.values(template.findResources('AWS::Lambda::Function', { Properties: { Handler: handler } }));
  const [role] = fn.Properties.Role['Fn::GetAtt'];
  return Object.entries(template.findResources('AWS::IAM::Policy'))
    .filter(([, { Properties }]) => Properties.Roles.some(({ Ref }: { Ref: string }) => Ref === role))
    .map(([logicalId, { Properties }]) => ({ logicalId, statements: Properties.PolicyDocument.Statement }))
    .sort((a, b) => Number(b.logicalId.includes('DefaultPolicy')) - Number(a.logicalId.includes('DefaultPolicy')));
}

function statementsOf(template: Template, handler: string): unknown[] {
  return policiesOf(template, handler).flatMap(({ statements }) => statements);
}

/** The policies that a custom resource exists between. */
function policiesAround(template: Template, deployment: ContainerServiceDeployment): unknown[] {
  const logicalId = fixture.stack.getLogicalId(deployment.node.findChild('Resource').node.defaultChild as lightsail.CfnContainer);
  const { DependsOn } = template.findResources(RESOURCE_TYPE)[logicalId];
  const policies = template.findResources('AWS::IAM::Policy');
  return (DependsOn ?? []).flatMap((id: string) => policies[id].Properties.PolicyDocument.Statement);
}

describe.each(HANDLERS)('%s', (handler) => {
  test('is allowed to read, and to deploy to the CfnContainer only', () => {
    const service = fixture.service();
    fixture.deployment({ service });

    expect(statementsOf(fixture.template(), handler)).toEqual([...READS[handler], allow(DEPLOY, arnOf(service))]);
  });

  test('is allowed to deploy to all services of the account and Region if only the name is known', () => {
    fixture.deployment();

    expect(statementsOf(fixture.template(), handler)).toEqual([...READS[handler], allow(DEPLOY, ANY_SERVICE)]);
  });

  test('is allowed to disable and tag the CfnContainer under removalPolicy DESTROY', () => {
    const service = fixture.service();
    fixture.deployment({ service, removalPolicy: RemovalPolicy.DESTROY });

    expect(statementsOf(fixture.template(), handler)).toEqual([
      ...READS[handler], allow(DEPLOY, arnOf(service)), allow(DISABLE, arnOf(service)),
    ]);
  });

  test('is allowed to deploy to several services, and to disable only the one under removalPolicy DESTROY', () => {
    const services = ['A', 'B'].map((id) => fixture.service(id));
    fixture.deployment({ service: services[0] }, 'DeploymentA');
    fixture.deployment({ service: services[1], removalPolicy: RemovalPolicy.DESTROY }, 'DeploymentB');

    const [reads, ...others] = policiesOf(fixture.template(), handler).map(({ statements }) => statements);
    expect(reads).toEqual(READS[handler]);
    expect(others).toHaveLength(3);
    expect(others).toEqual(expect.arrayContaining([
      [allow(DEPLOY, arnOf(services[0]))], [allow(DEPLOY, arnOf(services[1]))], [allow(DISABLE, arnOf(services[1]))],
    ]));
  });
});

describe('the policies', () => {
  test('are shared by services of one ARN, for all removal policies', () => {
    const retained = fixture.deployment({ service: ContainerService.fromContainerServiceName(fixture.stack, 'A', 'a') }, 'First');
    const destroyed = fixture.deployment({
      service: ContainerService.fromContainerServiceName(fixture.stack, 'B', 'b'), removalPolicy: RemovalPolicy.DESTROY,
    }, 'Second');

    const template = fixture.template();
    expect(policiesOf(template, 'index.handler')).toHaveLength(3);
    expect(policiesAround(template, retained)).toEqual([allow(DEPLOY, ANY_SERVICE)]);
    expect(policiesAround(template, destroyed)).toEqual(expect.arrayContaining([allow(DEPLOY, ANY_SERVICE), allow(DISABLE, ANY_SERVICE)]));
  });

  test('exist around the deployment to their service, and no other', () => {
    const services = ['A', 'B'].map((id) => fixture.service(id));
    const deployments = services.map((service, index) => fixture.deployment({ service }, `Deployment${index}`));

    const template = fixture.template();
    deployments.forEach((deployment, index) =>
      expect(policiesAround(template, deployment)).toEqual([allow(DEPLOY, arnOf(services[index]))]));
  });

  test.each<[string, (first: ContainerServiceDeployment) => Partial<lightsail.CfnContainerProps>]>([
    ['name', (first) => ({ serviceName: first.containerServiceName })],
    ['tag', (first) => ({ tags: [{ key: 'peer', value: first.url }] })],
  ])('let the %s of a second service come from the deployment to the first', (_, props) => {
    const first = fixture.deployment({ service: fixture.service('First'), removalPolicy: RemovalPolicy.DESTROY }, 'FirstDeployment');
    const second = new lightsail.CfnContainer(fixture.stack, 'Second', { serviceName: 'second', power: 'nano', scale: 1, ...props(first) });
    fixture.deployment({ service: second, removalPolicy: RemovalPolicy.DESTROY }, 'SecondDeployment');

    // Finds dependency cycles.
    expect(() => Template.fromStack(fixture.stack)).not.toThrow();
  });

  test('keep services of equal logical ids in other stacks apart', () => {
    const others = ['Other', 'Another'].map((id) => new Stack(fixture.app, id));
    const services = others.map((stack) => fixture.service('Service', stack, stack.stackName.toLowerCase()));
    services.forEach((service, index) => fixture.deployment({ service }, `Deployment${index}`));

    const resources = policiesOf(fixture.template(), 'index.handler').slice(1).map(({ statements }) => (statements as any[])[0].Resource);
    expect(resources).toHaveLength(2);
    others.forEach(({ stackName }) =>
      expect(resources).toContainEqual({ 'Fn::ImportValue': expect.stringMatching(`^${stackName}:ExportsOutputFnGetAttServiceContainerArn`) }));
  });

  test('have the same logical ids in every synthesis, whatever was defined before', () => {
    const idsOf = (before: (other: Fixture) => void) => {
      fixture = new Fixture();
      before(fixture);
      fixture.deployment({ service: fixture.service() });
      fixture.deployment({}, 'Named');
      return policiesOf(fixture.template(), 'index.handler').map(({ logicalId }) => logicalId);
    };

    expect(idsOf((other) => new CfnOutput(other.stack, 'Output', { value: other.stack.stackId }))).toEqual(idsOf(() => undefined));
  });
});

describe('the permission to disable a service under removalPolicy DESTROY', () => {
  /** The logical id of the policy that the deployment depends on, and the resources of the policy. */
  function disablePolicy(define: (stack: Stack) => lightsail.IContainerRef): [logicalId: string, resource: unknown] {
    const { stack } = fixture = new Fixture();
    fixture.deployment({ service: define(stack), removalPolicy: RemovalPolicy.DESTROY });
    const { Resources } = fixture.template().toJSON();
    const [deployment] = Object.values<any>(Resources).filter(({ Type }) => Type === RESOURCE_TYPE);
    const policies = Object.entries<any>(Resources).filter(([, { Type, Properties }]) => Type === 'AWS::IAM::Policy'
      && JSON.stringify(Properties.PolicyDocument.Statement[0].Action) === JSON.stringify(DISABLE));
    expect(policies).toHaveLength(1);
    const [[logicalId, policy]] = policies;
    expect(deployment.DependsOn).toContain(logicalId);
    return [logicalId, policy.Properties.PolicyDocument.Statement[0].Resource];
  }

  const l1 = (serviceName: string) => (stack: Stack) => new lightsail.CfnContainer(stack, 'Service', { serviceName, power: 'nano', scale: 1 });
  const l2 = (containerServiceName: string) => (stack: Stack) =>
    new ContainerService(stack, 'Service', { containerServiceName, power: ContainerServicePower.NANO });

  test.each([['a CfnContainer', l1], ['a ContainerService', l2]])('exists until the deployment has left %s that gets another name', (_, named) => {
    const [before, resource] = disablePolicy(named('web'));

    expect(disablePolicy(named('web'))).toEqual([before, resource]);
    expect(disablePolicy(named('shop'))[0]).not.toBe(before);
    expect(disablePolicy(named('shop'))[1]).toEqual(resource);
  });

  test('has an id without the name, if the name is a token', () => {
    const parameter = (stack: Stack, id: string) => new CfnParameter(stack, id).valueAsString;

    expect(disablePolicy((stack) => l1(parameter(stack, 'A'))(stack))).toEqual(disablePolicy((stack) => l1(parameter(stack, 'B'))(stack)));
  });
});
