import { App, CfnParameter, Fn, Stack } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import * as lightsail from 'aws-cdk-lib/aws-lightsail';
import * as route53 from 'aws-cdk-lib/aws-route53';
import { DomainFixture, RECORD } from './domain-fixture';
import { ContainerService, ContainerServiceTarget, type ContainerServiceTargetProps } from '../../../lib';
import { messageOf } from '../fixture';

const HOST = 'web.abcdefghij012.eu-central-1.cs.amazonlightsail.com';
const ARN = 'arn:aws:lightsail:eu-central-1:111111111111:ContainerService/0a1b2c3d-4e5f-6789-abcd-ef0123456789';

function alias(fixture: DomainFixture, service: lightsail.IContainerRef, props?: ContainerServiceTargetProps, stack = fixture.stack) {
  new route53.ARecord(stack, 'Alias', {
    zone: fixture.zone, recordName: 'www', target: route53.RecordTarget.fromAlias(new ContainerServiceTarget(service, props)),
  });
  return fixture.only(RECORD, stack).AliasTarget;
}

const inRegion = (region: string) => new DomainFixture({ env: { account: '111111111111', region } });

describe('the hosted zone of the target', () => {
  test.each([
    ['us-east-1', 'Z06246771KYU0IRHI74W4'], ['us-east-2', 'Z10362273VJ548563IY84'], ['us-west-2', 'Z0959753D43BBB908BAV'],
    ['ca-central-1', 'Z10450993RIRIJJUUMA5W'], ['sa-east-1', 'Z06385701RRVJGO1IDVWQ'], ['ap-south-1', 'Z10460781IQMISS0I0VVY'],
    ['ap-southeast-1', 'Z0625921354DRJH4EY9V0'], ['ap-southeast-2', 'Z09597943PQQZATPFE96E'], ['ap-southeast-3', 'Z03072883T5HFTY4T7CDL'],
    ['ap-southeast-5', 'Z09430204C5DXNNO314Y'], ['eu-west-1', 'Z0624732FELAMMKW3Y21'], ['eu-west-2', 'Z0624918ZXDYQZLOXA66'],
    ['eu-west-3', 'Z09594631DSW2QUR7CFGO'], ['eu-central-1', 'Z06137433FV04OY4EC6L0'], ['eu-north-1', 'Z016970523TDG2TZMUXKK'],
    ['eu-south-2', 'Z09429752610EUUODCNMZ'], ['ap-northeast-1', 'Z0626125UAU4JWQ9JSKN'], ['ap-northeast-2', 'Z06260262XZM84B2WPLHH'],
    ['ap-east-1', 'Z08783602ZZF1Q7DYQZ4Q'],
  ])('in %s is %s', (region, id) => {
    const fixture = inRegion(region);
    expect(alias(fixture, fixture.service()).HostedZoneId).toBe(id);
    expect(fixture.template().toJSON().Mappings).toBeUndefined();
    const agnostic = new DomainFixture();
    alias(agnostic, agnostic.service());
    expect(agnostic.template().toJSON().Mappings.LightsailContainerServiceHostedZones[region]).toEqual({ id });
  });

  test('is looked up at deploy time in one mapping, where the Region of the stack is not known', () => {
    const fixture = new DomainFixture();
    const service = fixture.service();
    ['a', 'b'].forEach((recordName) => new route53.ARecord(fixture.stack, recordName, {
      zone: fixture.zone, recordName, target: route53.RecordTarget.fromAlias(new ContainerServiceTarget(service)),
    }));

    const mappings = fixture.template().findMappings('*');
    expect(Object.keys(mappings)).toHaveLength(1);
    const [name] = Object.keys(mappings);
    expect(Object.keys(mappings[name])).toHaveLength(19);
    fixture.template().allResourcesProperties(RECORD, {
      AliasTarget: Match.objectLike({ HostedZoneId: { 'Fn::FindInMap': [name, { Ref: 'AWS::Region' }, 'id'] } }),
    });
  });

  test('is that of the service, and not of the stack of the record', () => {
    const fixture = inRegion('eu-west-1');
    const imported = ContainerService.fromContainerServiceAttributes(fixture.stack, 'Imported', { containerServiceName: 'web', containerServiceArn: ARN, hostName: HOST });

    expect(alias(fixture, imported)).toEqual({ HostedZoneId: 'Z06137433FV04OY4EC6L0', DNSName: HOST, EvaluateTargetHealth: true });
  });

  test('is that of the stack of the record, where the Region of the service is not known', () => {
    const fixture = inRegion('eu-west-1');
    const imported = ContainerService.fromContainerServiceAttributes(fixture.stack, 'Imported', {
      containerServiceName: 'web', containerServiceArn: Fn.importValue('Arn'), hostName: Fn.importValue('Host'),
    });

    expect(alias(fixture, imported)).toMatchObject({ HostedZoneId: 'Z0624732FELAMMKW3Y21', DNSName: { 'Fn::ImportValue': 'Host' } });
  });

  test('can be given', () => {
    const fixture = inRegion('xx-new-1');
    expect(alias(fixture, fixture.service(), { hostedZoneId: 'Z0NEW', evaluateTargetHealth: false }))
      .toMatchObject({ HostedZoneId: 'Z0NEW', EvaluateTargetHealth: false });
  });

  test('fails in a Region where it is not known, and adds no domain there', () => {
    const fixture = inRegion('xx-new-1');
    const service = fixture.service();
    const message = 'service: the hosted zone of container services in "xx-new-1" is not known. It is known for us-east-1, us-east-2, us-west-2,';

    expect(messageOf(() => alias(fixture, service))).toContain(`[Stack/Alias] ${message}`);
    expect(messageOf(() => service.addDomain('example.com', { hostedZone: fixture.zone }))).toContain(message);
    expect(service.node.children.map(({ node }) => node.id)).toEqual(['Resource']);
  });
});

describe('the service of the target', () => {
  test('can be a CfnContainer', () => {
    const fixture = new DomainFixture();
    const container = new lightsail.CfnContainer(fixture.stack, 'L1', { serviceName: 'l1', power: 'nano', scale: 1 });

    expect(alias(fixture, container).DNSName).toMatchObject({ 'Fn::Select': [2, expect.anything()] });
  });

  test('fails if it was imported without its host name', () => {
    const fixture = new DomainFixture();
    const message = '[Stack/Imported] hostName: not known. Import the service with ContainerService.fromContainerServiceAttributes(), with its hostName.'
      + ' Or use the hostName of its deployment.';
    const imported = ContainerService.fromContainerServiceName(fixture.stack, 'Imported', 'web');

    expect(messageOf(() => new ContainerServiceTarget(imported))).toBe(message);
    expect(messageOf(() => imported.hostName)).toBe(message);
  });

  test.each<[string, unknown, string]>([
    ['nothing', undefined, '[ContainerServiceTarget] service: missing. Use a ContainerService'],
    ['a text', 'web', '[ContainerServiceTarget] service: "web" is not a container service. Use a ContainerService'],
  ])('fails for %s', (_, service, message) => {
    expect(messageOf(() => new ContainerServiceTarget(service as any))).toContain(message);
  });

  test.each<[object, string]>([
    [{ hostedZoneId: 'example.com' }, 'hostedZoneId: "example.com" is not the id of a hosted zone.'],
    [{ hostedZoneId: 5 }, 'hostedZoneId: 5 is not the id of a hosted zone.'],
    [{ evaluateTargetHealth: 'yes' }, 'evaluateTargetHealth: "yes" given. Use true or false.'],
    [{ evaluateHealth: true }, 'evaluateHealth: unknown property. Use evaluateTargetHealth.'],
  ])('fails for the props %j', (props, message) => {
    const fixture = new DomainFixture();
    expect(messageOf(() => new ContainerServiceTarget(fixture.service(), props as any))).toContain(`[Stack/Service] ${message}`);
  });

  test('accepts tokens as props', () => {
    const fixture = new DomainFixture();
    expect(alias(fixture, fixture.service(), { hostedZoneId: new CfnParameter(fixture.stack, 'ZoneId').valueAsString }).HostedZoneId).toEqual({ Ref: 'ZoneId' });
  });
});

describe('the host name of an imported service', () => {
  const stack = () => new Stack(new App(), 'Stack');
  const imported = (hostName: unknown, containerServiceArn = ARN) =>
    ContainerService.fromContainerServiceAttributes(stack(), 'Imported', { containerServiceName: 'web', containerServiceArn, hostName: hostName as string });

  test('is the given one', () => {
    expect(imported(HOST).hostName).toBe(HOST);
  });

  test.each([`https://${HOST}/`, `${HOST}/`, 'www.example.com', '', 5])('fails for %j', (hostName) => {
    expect(messageOf(() => imported(hostName))).toBe(`[Stack/Imported] hostName: ${JSON.stringify(hostName)} is not the host name of a container service. `
      + 'Write it as <name>.<id>.<region>.cs.amazonlightsail.com, without scheme and slashes. It is in the URL of the service.');
  });

  test('fails for another Region than that of the ARN', () => {
    expect(messageOf(() => imported(HOST, ARN.replace('eu-central-1', 'us-east-1'))))
      .toBe(`[Stack/Imported] hostName: "${HOST}" is in Region "eu-central-1", and the containerServiceArn in "us-east-1". Use both of one service.`);
  });
});
