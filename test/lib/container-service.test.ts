import { App, CfnOutput, CfnParameter, Duration, NestedStack, RemovalPolicy, Stack, Tags, TreeInspector } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as lightsail from 'aws-cdk-lib/aws-lightsail';
import { Fixture, RESOURCE_TYPE, WEB } from './fixture';
import { ContainerService, ContainerServicePower, type ContainerServiceProps } from '../../lib';

const ENV = { region: 'eu-central-1', account: '111111111111' };
const CONTAINER_TYPE = 'AWS::Lightsail::Container';

let fixture: Fixture;
beforeEach(() => {
  fixture = new Fixture();
});

/** A service that is good, but for the props given. */
function service(props: Partial<ContainerServiceProps> = {}, id = 'Service', stack = fixture.stack): ContainerService {
  return new ContainerService(stack, id, { power: ContainerServicePower.NANO, ...props });
}

/** The only service in the template of a stack. */
function resource(stack: Stack = fixture.stack): Record<string, any> {
  const [only, ...others] = Object.values(Template.fromStack(stack).findResources(CONTAINER_TYPE));
  expect(others).toEqual([]);
  return only;
}

function nameIn(stack: Stack): string {
  return resource(stack).Properties.ServiceName;
}

describe('the resource of a ContainerService', () => {
  test('has the required properties and a scale of 1, and no others', () => {
    service({ containerServiceName: 'web' });

    expect(resource()).toEqual({ Type: CONTAINER_TYPE, Properties: { ServiceName: 'web', Power: 'nano', Scale: 1 } });
  });

  test('has all given properties', () => {
    service({
      containerServiceName: 'web',
      power: ContainerServicePower.XLARGE,
      scale: 20,
      isDisabled: true,
      privateRegistryAccess: true,
      publicDomainNames: [
        { certificateName: 'example-com', domainNames: ['example.com', 'www.example.com'] },
        { certificateName: 'example-org', domainNames: ['example.org'] },
      ],
    });

    expect(resource().Properties).toEqual({
      ServiceName: 'web',
      Power: 'xlarge',
      Scale: 20,
      IsDisabled: true,
      PrivateRegistryAccess: { EcrImagePullerRole: { IsActive: true } },
      PublicDomainNames: [
        { CertificateName: 'example-com', DomainNames: ['example.com', 'www.example.com'] },
        { CertificateName: 'example-org', DomainNames: ['example.org'] },
      ],
    });
  });

  test('keeps a property that is false', () => {
    service({ isDisabled: false, privateRegistryAccess: false });

    expect(resource().Properties).toMatchObject({ IsDisabled: false, PrivateRegistryAccess: { EcrImagePullerRole: { IsActive: false } } });
  });

  test('is the child Resource of the construct', () => {
    expect(service().node.defaultChild).toBeInstanceOf(lightsail.CfnContainer);
  });

  test('has the tags of the app', () => {
    service();
    Tags.of(fixture.app).add('team', 'shop');

    expect(resource().Properties.Tags).toEqual([{ Key: 'team', Value: 'shop' }]);
  });

  test.each([
    [RemovalPolicy.DESTROY, 'Delete', 'Delete'],
    [RemovalPolicy.RETAIN, 'Retain', 'Retain'],
    [RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE, 'RetainExceptOnCreate', 'Retain'],
  ])('with removalPolicy %s says %s on delete and %s on replacement', (removalPolicy, onDelete, onReplace) => {
    service({ removalPolicy });

    expect(resource()).toMatchObject({ DeletionPolicy: onDelete, UpdateReplacePolicy: onReplace });
  });

  test('accepts tokens', () => {
    const text = (id: string) => new CfnParameter(fixture.stack, id).valueAsString;
    const certificate = new lightsail.CfnCertificate(fixture.stack, 'Certificate', { certificateName: 'c', domainName: 'example.com' });
    service({
      containerServiceName: text('Name'),
      power: ContainerServicePower.of(text('Power')),
      scale: new CfnParameter(fixture.stack, 'Scale', { type: 'Number' }).valueAsNumber,
      publicDomainNames: [
        { certificateName: certificate.ref, domainNames: [text('Domain'), text('Domain2')] },
        { certificateName: 'list', domainNames: new CfnParameter(fixture.stack, 'Domains', { type: 'CommaDelimitedList' }).valueAsList },
      ],
    });

    expect(resource().Properties).toEqual({
      ServiceName: { Ref: 'Name' },
      Power: { Ref: 'Power' },
      Scale: { Ref: 'Scale' },
      PublicDomainNames: [
        { CertificateName: { Ref: 'Certificate' }, DomainNames: [{ Ref: 'Domain' }, { Ref: 'Domain2' }] },
        { CertificateName: 'list', DomainNames: { Ref: 'Domains' } },
      ],
    });
  });
});

test.each([
  ['nano', ContainerServicePower.NANO],
  ['micro', ContainerServicePower.MICRO],
  ['small', ContainerServicePower.SMALL],
  ['medium', ContainerServicePower.MEDIUM],
  ['large', ContainerServicePower.LARGE],
  ['xlarge', ContainerServicePower.XLARGE],
  ['2xlarge', ContainerServicePower.of('2xlarge')],
])('the power %s', (name, power) => {
  service({ power });

  expect(power.name).toBe(name);
  expect(resource().Properties.Power).toBe(name);
});

test('every property of the resource can be given, but the inline deployment', () => {
  const tags = [{ key: 'team', value: 'web' }];
  const { stack } = fixture;
  const inspector = new TreeInspector();
  new lightsail.CfnContainer(stack, 'L1', { serviceName: 'l1', power: 'nano', scale: 1, tags }).inspect(inspector);
  const known = Object.keys(inspector.attributes['aws:cdk:cloudformation:props'] as object);

  const l2 = service({
    containerServiceName: 'web',
    scale: 2,
    isDisabled: false,
    privateRegistryAccess: true,
    publicDomainNames: [{ certificateName: 'c', domainNames: ['example.com'] }],
  });
  Tags.of(l2).add('team', 'web');
  const logicalId = stack.getLogicalId(l2.node.defaultChild as lightsail.CfnContainer);
  const { [logicalId]: { Properties: properties } } = Template.fromStack(stack).findResources(CONTAINER_TYPE);

  const given = Object.keys(properties).map((name) => name[0].toLowerCase() + name.slice(1));
  expect(known.filter((name) => !given.includes(name))).toEqual(['containerServiceDeployment']);
});

describe('the name of a ContainerService', () => {
  const GOOD_NAME = /^[a-z0-9][a-z0-9-]+[a-z0-9]$/;

  test('is built from the names of the stack and of the construct, if none is given', () => {
    service({}, 'WebService');

    expect(nameIn(fixture.stack)).toMatch(/^stack-webservice-[0-9a-f]{8}$/);
  });

  test('is the same at each synthesis, and another one for another construct or stack', () => {
    const nameOf = (stackName: string, id: string) => {
      const stack = new Stack(new App(), stackName);
      service({}, id, stack);
      return nameIn(stack);
    };

    expect(nameOf('Shop', 'Web')).toBe(nameOf('Shop', 'Web'));
    expect(new Set([nameOf('Shop', 'Web'), nameOf('Shop', 'web'), nameOf('Shop', 'Api'), nameOf('Blog', 'Web')]).size).toBe(4);
  });

  test.each([
    ['long names', 'S'.repeat(128), 'Service'.repeat(20)],
    ['a stack whose name ends with a hyphen', 'Shop-', 'Default'],
    ['an id that holds no letter of a name', 'Shop', '__Ä__'],
    ['an id with hyphens at its ends', 'Shop', '-web-'],
    ['one letter each', 'S', 's'],
  ])('keeps to the rules of Lightsail with %s', (_, stackName, id) => {
    const stack = new Stack(new App(), 'Stack', { stackName });
    service({}, id, stack);

    expect(nameIn(stack)).toMatch(GOOD_NAME);
    expect(nameIn(stack).length).toBeLessThanOrEqual(63);
  });

  test('keeps to the rules of Lightsail in a nested stack', () => {
    const nested = new NestedStack(fixture.stack, 'Nested');
    service({}, 'Web', nested);

    expect(nameIn(nested)).toMatch(/^stack-nested-web-[0-9a-f]{8}$/);
  });

  test('is known in another Region, if it is given', () => {
    const app = new App();
    const web = service({ containerServiceName: 'web' }, 'Service', new Stack(app, 'Here', { env: ENV }));
    const there = new Stack(app, 'There', { env: { ...ENV, region: 'us-east-1' } });
    new CfnOutput(there, 'Name', { value: web.containerServiceName });

    Template.fromStack(there).hasOutput('Name', { Value: 'web' });
  });

  test('fails to be known in another Region, if it is generated', () => {
    const app = new App();
    const web = service({}, 'Service', new Stack(app, 'Here', { env: ENV }));
    const there = new Stack(app, 'There', { env: { ...ENV, region: 'us-east-1' } });
    new CfnOutput(there, 'Name', { value: web.containerServiceName });

    expect(() => app.synth()).toThrow("the resource's physical name must be explicit set");
  });
});

describe('privateDomainName', () => {
  test('is made of the name that is given, or generated', () => {
    expect(service({ containerServiceName: 'api' }, 'Api').privateDomainName).toBe('api.service.local');
    expect(service().privateDomainName).toBe(`${(fixture.stack.node.findChild('Service').node.defaultChild as lightsail.CfnContainer).serviceName}.service.local`);
    const name = new CfnParameter(fixture.stack, 'Name').valueAsString;
    expect(fixture.stack.resolve(service({ containerServiceName: name }, 'Token').privateDomainName))
      .toEqual({ 'Fn::Join': ['', [{ Ref: 'Name' }, '.service.local']] });
  });

  test('lets two services use each other, in one stack and across stacks, without a circle', () => {
    const use = (from: ContainerService, to: ContainerService) => from.addDeployment('Deployment', {
      containers: { web: { ...WEB, environment: { PEER: to.privateDomainName } } },
    });
    const other = new Stack(fixture.app, 'Other');
    const [a, b, c] = [service({}, 'A'), service({}, 'B'), service({}, 'C', other)];
    use(a, c);
    use(b, a);
    use(c, a);
    const [d, e] = [service({}, 'D'), service({}, 'E')];
    use(d, e);
    use(e, d);

    // Template.fromStack() refuses a circle of resources, and synthesis one of stacks.
    const peers = Object.values(fixture.template().findResources(RESOURCE_TYPE)).map(({ Properties }) => Properties.Containers.web.Environment.PEER);
    expect(peers).toEqual([c, a, e, d].map((peer) => peer.privateDomainName));
  });
});

test('hostName of a ContainerService is the host of its URL, without scheme and slashes', () => {
  const { hostName } = service({}, 'Web');
  const logicalId = Object.keys(fixture.template().findResources(CONTAINER_TYPE))[0];

  expect(fixture.stack.resolve(hostName)).toEqual({
    'Fn::Select': [2, { 'Fn::Split': ['/', { 'Fn::Join': ['', [{ 'Fn::GetAtt': [logicalId, 'Url'] }, '//']] }] }],
  });
});

test('the attributes of a ContainerService are the return values of its resource', () => {
  const { node, containerServiceName, containerServiceArn, url, principalArn, ecrImagePullerPrincipalArn, containerRef } = service();
  const logicalId = fixture.stack.getLogicalId(node.defaultChild as lightsail.CfnContainer);
  const getAtt = (name: string) => ({ 'Fn::GetAtt': [logicalId, name] });

  expect(fixture.stack.resolve({ containerServiceName, containerServiceArn, url, principalArn, ecrImagePullerPrincipalArn, containerRef })).toEqual({
    containerServiceName: { Ref: logicalId },
    containerServiceArn: getAtt('ContainerArn'),
    url: getAtt('Url'),
    principalArn: getAtt('PrincipalArn'),
    ecrImagePullerPrincipalArn: getAtt('PrivateRegistryAccess.EcrImagePullerRole.PrincipalArn'),
    containerRef: { serviceName: { Ref: logicalId }, containerArn: getAtt('ContainerArn') },
  });
});

describe('addDeployment()', () => {
  test('deploys to the service, in a resource of its own', () => {
    const web = service({ containerServiceName: 'web' });
    const deployment = web.addDeployment('Deployment', {
      containers: { web: WEB },
      publicEndpoint: { containerName: 'web', containerPort: 80 },
      timeout: Duration.minutes(5),
    });

    expect(deployment.node.path).toBe('Stack/Service/Deployment');
    expect(fixture.properties()).toMatchObject({
      ServiceName: fixture.stack.resolve(web.containerServiceName),
      Containers: { web: { Ports: { 80: 'HTTP' } } },
      PublicEndpoint: { ContainerName: 'web', ContainerPort: 80 },
      Timeout: 300,
    });
    expect(resource().Properties).toEqual({ ServiceName: 'web', Power: 'nano', Scale: 1 });
  });

  test('lets the handler deploy to this service only', () => {
    const web = service();
    web.addDeployment('Deployment', { containers: { web: WEB } });

    const statements = Object.values(fixture.template().findResources('AWS::IAM::Policy'))
      .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
      .filter(({ Action }) => Action === 'lightsail:CreateContainerServiceDeployment');
    expect(statements.map(({ Resource }) => Resource)).not.toHaveLength(0);
    expect(new Set(statements.map(({ Resource }) => JSON.stringify(Resource))))
      .toEqual(new Set([JSON.stringify(fixture.stack.resolve(web.containerServiceArn))]));
  });

  test('returns the deployment, which accepts more containers', () => {
    service().addDeployment('Deployment', { containers: {} }).addContainer('late', WEB);

    expect(Object.keys(fixture.properties().Containers)).toEqual(['late']);
  });
});

test('a deployment accepts a ContainerService as service', () => {
  const web = service();
  fixture.deployment({ service: web });

  fixture.template().hasResourceProperties(RESOURCE_TYPE, { ServiceName: fixture.stack.resolve(web.containerServiceName) });
});
