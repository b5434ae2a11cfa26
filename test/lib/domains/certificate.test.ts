import { App, CfnOutput, CfnParameter, Duration, Lazy, NestedStack, RemovalPolicy, Stack, Tags } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import * as lightsail from 'aws-cdk-lib/aws-lightsail';
import * as route53 from 'aws-cdk-lib/aws-route53';
import { CERTIFICATE, DomainFixture, RECORD, RECORDS, VALIDATION } from './domain-fixture';
import { Certificate, CertificateValidation, type CertificateProps } from '../../../lib';

let fixture: DomainFixture;
beforeEach(() => {
  fixture = new DomainFixture();
});

function certificate(props: Partial<CertificateProps> = {}, id = 'Certificate', scope = fixture.stack): Certificate {
  return new Certificate(scope, id, { domainName: 'example.com', validation: CertificateValidation.fromDns(fixture.zone), ...props });
}

const nameOf = (props: Partial<CertificateProps>, id?: string, stack = new Stack(new App(), 'Stack')) =>
  (new Certificate(stack, id ?? 'Certificate', { domainName: 'example.com', ...props }).node.defaultChild as lightsail.CfnCertificate).certificateName;

describe('the resources of a certificate', () => {
  test('are the certificate, its records, a CNAME record for each domain name and what waits, in this order', () => {
    certificate({ subjectAlternativeNames: ['www.example.com'] });

    const [own, records, validation] = [CERTIFICATE, RECORDS, VALIDATION].map((type) => fixture.idOf(type));
    const published = ['Value0', 'Value1'].map((value) => fixture.idOf(RECORD, value));
    expect(fixture.before(records)).toContain(own);
    published.forEach((id) => expect(fixture.before(id)).toContain(records));
    [own, records, ...published].forEach((id) => expect(fixture.before(validation)).toContain(id));
    [records, ...published, validation].forEach((id) => expect(fixture.before(own)).not.toContain(id));
  });

  test('read and wait for the domain names in one order, for as long as given', () => {
    certificate({ subjectAlternativeNames: ['www.example.com', 'Api.example.com'], timeout: Duration.minutes(20) });

    const own = { Ref: fixture.idOf(CERTIFICATE) };
    const domainNames = ['example.com', 'api.example.com', 'www.example.com'];
    expect(fixture.only(RECORDS)).toMatchObject({ CertificateName: own, DomainNames: domainNames, Timeout: 600 });
    expect(fixture.only(VALIDATION)).toMatchObject({ CertificateName: own, DomainNames: domainNames, Timeout: 1200, ServiceTimeout: '1380' });
    expect(fixture.only(CERTIFICATE)).toMatchObject({ DomainName: 'example.com', SubjectAlternativeNames: ['api.example.com', 'www.example.com'] });
  });

  test('wait for an hour if no timeout is given', () => {
    certificate();

    expect(fixture.only(VALIDATION)).toMatchObject({ Timeout: 3600, ServiceTimeout: '3600' });
  });

  test('publish each record under its full name, with its own value', () => {
    certificate({ subjectAlternativeNames: ['www.example.com'] });

    const records = fixture.idOf(RECORDS);
    expect(fixture.all(RECORD)).toHaveLength(2);
    [0, 1].forEach((index) => fixture.template().hasResourceProperties(RECORD, {
      HostedZoneId: 'ZEXAMPLECOM',
      Type: 'CNAME',
      TTL: '300',
      Name: { 'Fn::Join': ['', [{ 'Fn::GetAtt': [records, `Name${index}`] }, '.']] },
      ResourceRecords: [{ 'Fn::GetAtt': [records, `Value${index}`] }],
    }));
  });

  test('let the handler read certificates, before and as long as it needs to', () => {
    certificate();

    const policy = fixture.idOf('AWS::IAM::Policy', 'lightsail:GetCertificates');
    [RECORDS, VALIDATION].forEach((type) => expect(fixture.before(fixture.idOf(type))).toContain(policy));
    fixture.template().hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: { Statement: [{ Action: 'lightsail:GetCertificates', Effect: 'Allow', Resource: '*' }], Version: Match.anyValue() },
    });
  });

  test('wait for the log groups of the functions, which new apps of the CDK have', () => {
    fixture = new DomainFixture({}, { '@aws-cdk/aws-lambda:useCdkManagedLogGroup': true });
    certificate();

    const logGroups = Object.keys(fixture.template().findResources('AWS::Logs::LogGroup'));
    expect(logGroups).not.toEqual([]);
    [RECORDS, VALIDATION].forEach((type) => expect([...fixture.before(fixture.idOf(type))]).toEqual(expect.arrayContaining(logGroups)));
  });

  test('have the tags of the app', () => {
    certificate();
    Tags.of(fixture.app).add('team', 'shop');

    expect(fixture.only(CERTIFICATE).Tags).toEqual([{ Key: 'team', Value: 'shop' }]);
  });

  test.each([
    [RemovalPolicy.RETAIN, 'Retain'], [RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE, 'RetainExceptOnCreate'], [RemovalPolicy.DESTROY, 'Delete'],
  ])('with removalPolicy %s keep the records with the certificate: %s', (removalPolicy, policy) => {
    certificate({ removalPolicy });

    [CERTIFICATE, RECORD].forEach((type) => fixture.template().hasResource(type, { DeletionPolicy: policy }));
  });

  test('with applyRemovalPolicy() keep the records with the certificate, too', () => {
    certificate({ subjectAlternativeNames: ['www.example.com'] }).applyRemovalPolicy(RemovalPolicy.RETAIN);

    fixture.template().hasResource(CERTIFICATE, { DeletionPolicy: 'Retain' });
    fixture.template().allResources(RECORD, { DeletionPolicy: 'Retain' });
  });
});

describe('without a hosted zone', () => {
  test('the deployment waits, and no record is published', () => {
    certificate({ validation: CertificateValidation.fromDns() });

    expect(fixture.all(RECORD)).toEqual([]);
    expect(fixture.before(fixture.idOf(VALIDATION))).toContain(fixture.idOf(RECORDS));
  });

  test('and without a validation nothing waits, and nothing runs at deploy time', () => {
    const { certificateName, status } = certificate({ validation: undefined });

    expect(fixture.template().toJSON().Resources).toEqual({ [fixture.idOf(CERTIFICATE)]: expect.anything() });
    expect(fixture.stack.resolve({ certificateName, status })).toEqual({
      certificateName: { Ref: fixture.idOf(CERTIFICATE) }, status: { 'Fn::GetAtt': [fixture.idOf(CERTIFICATE), 'Status'] },
    });
  });

  test('and without a validation the records can be read', () => {
    const records = certificate({ validation: undefined, subjectAlternativeNames: ['www.example.com'] }).validationRecords;
    records.forEach(({ domainName, name, value }) => new CfnOutput(fixture.stack, domainName, { value: `${name} CNAME ${value}` }));

    const id = fixture.idOf(RECORDS);
    expect(records.map(({ domainName }) => domainName)).toEqual(['example.com', 'www.example.com']);
    expect(fixture.stack.resolve(records.map(({ name, value }) => [name, value]))).toEqual([0, 1].map((index) => [
      { 'Fn::GetAtt': [id, `Name${index}`] }, { 'Fn::GetAtt': [id, `Value${index}`] },
    ]));
    expect(fixture.all(VALIDATION)).toEqual([]);
  });
});

describe('several hosted zones', () => {
  const zoneIds = () => Object.fromEntries(fixture.all(RECORD).map(({ HostedZoneId, Name }) => [Name['Fn::Join'][1][0]['Fn::GetAtt'][1], HostedZoneId]));

  test('each domain name uses its own, or that of the closest parent domain', () => {
    const [org, shop] = ['example.org', 'shop.example.com'].map((name) => fixture.zoneOf(name));
    certificate({
      subjectAlternativeNames: ['www.example.org', 'shop.example.com', 'api.shop.example.com', 'a.b.example.com'],
      validation: CertificateValidation.fromDnsMultiZone({ 'example.com': fixture.zone, 'Example.org': org, 'shop.example.com': shop }),
    });

    // example.com, then shop.example.com, www.example.org, a.b.example.com, api.shop.example.com
    expect(zoneIds()).toEqual({ Name0: 'ZEXAMPLECOM', Name1: 'ZSHOPEXAMPLECOM', Name2: 'ZEXAMPLEORG', Name3: 'ZEXAMPLECOM', Name4: 'ZSHOPEXAMPLECOM' });
  });

  test('a domain name that is a token can be a key', () => {
    const domainName = new CfnParameter(fixture.stack, 'Domain').valueAsString;
    certificate({ domainName, validation: CertificateValidation.fromDnsMultiZone({ [domainName]: fixture.zone }) });

    expect(zoneIds()).toEqual({ Name0: 'ZEXAMPLECOM' });
  });

  test('a zone that is known by its id only works', () => {
    const zone = route53.HostedZone.fromHostedZoneId(fixture.stack, 'ById', 'Z42') as route53.IHostedZone;
    certificate({ validation: CertificateValidation.fromDns(zone) });

    expect(zoneIds()).toEqual({ Name0: 'Z42' });
  });
});

describe('one record for a domain name and zone in a stack', () => {
  const recordIds = (stack: Stack) => Object.keys(new DomainFixture().template(stack).findResources(RECORD));

  test('a certificate that is renamed keeps its records', () => {
    const idsWith = (id: string) => {
      const other = new DomainFixture();
      new Certificate(other.stack, id, { domainName: 'example.com', validation: CertificateValidation.fromDns(other.zone) });
      return recordIds(other.stack);
    };

    expect(idsWith('Certificate')).toEqual(idsWith('Renamed'));
  });

  test('a change of the other domain names, or of their order, keeps a record', () => {
    const idsWith = (subjectAlternativeNames: string[]) => {
      const other = new DomainFixture();
      new Certificate(other.stack, 'Certificate', { domainName: 'example.com', subjectAlternativeNames, validation: CertificateValidation.fromDns(other.zone) });
      return recordIds(other.stack);
    };

    expect(idsWith(['a.example.com', 'b.example.com'])).toEqual(expect.arrayContaining(idsWith(['b.example.com'])));
    expect(idsWith(['a.example.com', 'b.example.com']).sort()).toEqual(idsWith(['b.example.com', 'a.example.com']).sort());
  });

  test('two certificates with one domain name share it, and both wait for it', () => {
    certificate({}, 'A');
    certificate({ subjectAlternativeNames: ['www.example.com'] }, 'B');

    expect(fixture.all(RECORD)).toHaveLength(2);
    const shared = fixture.idOf(RECORD, fixture.idOf(RECORDS, '"DomainNames":["example.com"],'));
    Object.keys(fixture.template().findResources(VALIDATION)).forEach((id) => expect(fixture.before(id)).toContain(shared));
  });

  test('a domain name in two zones has two', () => {
    const delegated = route53.HostedZone.fromHostedZoneAttributes(fixture.stack, 'Other', { hostedZoneId: 'Z2', zoneName: 'example.com' });
    certificate({}, 'A');
    certificate({ validation: CertificateValidation.fromDns(delegated) }, 'B');

    expect(fixture.all(RECORD).map(({ HostedZoneId }) => HostedZoneId).sort()).toEqual(['Z2', 'ZEXAMPLECOM']);
  });

  test('domain names that are tokens have one each, the same in every synthesis', () => {
    const idsWith = (unrelated: number) => {
      const other = new DomainFixture();
      Array.from({ length: unrelated }, () => Lazy.string({ produce: () => 'x' }));
      const names = ['A', 'B'].map((id) => new CfnParameter(other.stack, id).valueAsString);
      new Certificate(other.stack, 'Certificate', { domainName: names[0], subjectAlternativeNames: [names[1]], validation: CertificateValidation.fromDns(other.zone) });
      return recordIds(other.stack);
    };

    expect(idsWith(0)).toHaveLength(2);
    expect(idsWith(3)).toEqual(idsWith(0));
  });
});

describe('the name of a certificate', () => {
  test('is built from the stack, the path and the domain names', () => {
    expect(nameOf({})).toMatch(/^stack-certificate-[0-9a-f]{8}-[0-9a-f]{8}$/);
  });

  test('changes with the domain names', () => {
    const names = [
      {}, { domainName: 'www.example.com' }, { subjectAlternativeNames: ['www.example.com'] },
      { domainName: 'www.example.com', subjectAlternativeNames: ['example.com'] }, { subjectAlternativeNames: ['a.example.com', 'b.example.com'] },
    ].map((props) => nameOf(props));

    expect(new Set(names).size).toBe(names.length);
  });

  test('changes with the path and the stack', () => {
    expect(new Set([nameOf({}), nameOf({}, 'Other'), nameOf({}, undefined, new Stack(new App(), 'Other'))]).size).toBe(3);
  });

  test.each<[string, Partial<CertificateProps>, Partial<CertificateProps>]>([
    ['the order of the other domain names', { subjectAlternativeNames: ['a.example.com', 'b.example.com'] }, { subjectAlternativeNames: ['b.example.com', 'a.example.com'] }],
    ['upper and lower case', { domainName: 'Example.com' }, {}],
    ['an empty list', { subjectAlternativeNames: [] }, {}],
    ['the validation', { validation: CertificateValidation.fromDns() }, {}],
  ])('does not change with %s', (_, one, other) => {
    expect(nameOf(one)).toBe(nameOf(other));
  });

  test('keeps to the rules of Lightsail with long names', () => {
    expect(nameOf({}, 'C'.repeat(200), new Stack(new App(), 'S'.repeat(128)))).toMatch(/^[a-z][a-z0-9-]{1,80}[a-z0-9]$/);
    expect(nameOf({}, 'Default', new Stack(new App(), 'Shop-'))).toMatch(/^shop-[0-9a-f]{8}$|^shop.*[0-9a-f]{8}$/);
  });

  test('contains a domain name that is known only at deploy time, so that it changes with its value', () => {
    const stage = new CfnParameter(fixture.stack, 'Stage').valueAsString;
    certificate({ subjectAlternativeNames: [`${stage}.example.com`] });

    expect(fixture.only(CERTIFICATE).CertificateName).toEqual({
      'Fn::Join': ['', [expect.stringMatching(/^stack-certificate-[0-9a-f]{8}-[0-9a-f]{8}-$/), { Ref: 'Stage' }, '.example.com']],
    });
  });

  test('changes with what a Lazy produces', () => {
    const rendered = (value: string) => {
      const other = new DomainFixture();
      new Certificate(other.stack, 'Certificate', { domainName: Lazy.string({ produce: () => value }) });
      return other.only(CERTIFICATE);
    };

    expect(rendered('a.example.com').CertificateName).not.toBe(rendered('b.example.com').CertificateName);
    expect(rendered('A.example.com').CertificateName).toBe(rendered('a.example.com').CertificateName);
    expect(rendered('a.example.com').CertificateName).toMatch(/^stack-certificate-[0-9a-f]{8}-[0-9a-f]{8}$/);
  });

  test('is the given one, whatever the domain names are', () => {
    expect(nameOf({ certificateName: 'web' })).toBe('web');
    expect(nameOf({ certificateName: 'web', domainName: 'example.org' })).toBe('web');
  });
});

describe('the attributes of a certificate', () => {
  test('are known when the certificate is issued, if it has a validation', () => {
    const { certificateName, certificateArn, status } = certificate();

    const validation = fixture.idOf(VALIDATION);
    expect(fixture.stack.resolve({ certificateName, certificateArn, status })).toEqual({
      certificateName: { 'Fn::GetAtt': [validation, 'CertificateName'] },
      certificateArn: { 'Fn::GetAtt': [fixture.idOf(CERTIFICATE), 'CertificateArn'] },
      status: { 'Fn::GetAtt': [validation, 'Status'] },
    });
  });

  test('domainNames has all of them, the primary one first', () => {
    expect(certificate({ domainName: 'www.example.com', subjectAlternativeNames: ['example.com', 'A.example.com'] }).domainNames)
      .toEqual(['www.example.com', 'example.com', 'a.example.com']);
  });

  test('a construct that depends on the certificate waits until it is issued', () => {
    const own = certificate();
    const dependent = new lightsail.CfnContainer(fixture.stack, 'L1', { serviceName: 'l1', power: 'nano', scale: 1 });
    dependent.node.addDependency(own);

    expect(fixture.before(fixture.stack.getLogicalId(dependent))).toContain(fixture.idOf(VALIDATION));
  });

  test('a certificate in a nested stack works', () => {
    const nested = new NestedStack(fixture.stack, 'Nested');
    new Certificate(nested, 'Certificate', { domainName: 'example.com', validation: CertificateValidation.fromDns(fixture.zone) });

    expect(fixture.all(RECORD, nested)).toHaveLength(1);
    expect(fixture.all(VALIDATION, nested)).toHaveLength(1);
  });
});

test('fromCertificateName() has the name, and the environment of the stack', () => {
  const stack = new Stack(fixture.app, 'Known', { env: { account: '111111111111', region: 'eu-west-1' } });
  const imported = Certificate.fromCertificateName(stack, 'Certificate', 'example-com');

  expect(imported.certificateName).toBe('example-com');
  expect(imported.env).toEqual({ account: '111111111111', region: 'eu-west-1' });
});

test('stacks without a certificate get no permission for certificates', () => {
  fixture.service().addDeployment('Deployment', { containers: {} }).addContainer('web', { image: { bind: () => ({ imageName: 'nginx:1' }) } });

  expect(JSON.stringify(fixture.template().toJSON())).not.toContain('GetCertificates');
});
