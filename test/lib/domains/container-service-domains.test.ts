import { App, CfnParameter, Fn, Lazy, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as lightsail from 'aws-cdk-lib/aws-lightsail';
import { CERTIFICATE, CHANGE, CONTAINER, DomainFixture, RECORD, RECORDS, VALIDATION } from './domain-fixture';
import { Certificate, CertificateValidation, type ICertificate } from '../../../lib';
import { messageOf, WEB } from '../fixture';

let fixture: DomainFixture;
beforeEach(() => {
  fixture = new DomainFixture();
});

function certificate(id = 'Certificate', ...others: string[]): Certificate {
  return new Certificate(fixture.stack, id, {
    domainName: 'example.com', subjectAlternativeNames: others, validation: CertificateValidation.fromDns(fixture.zone),
  });
}

const attached = (stack = fixture.stack) => fixture.only(CONTAINER, stack).PublicDomainNames;

describe('domains', () => {
  test('are attached when their certificate is issued', () => {
    fixture.service({ domains: [{ certificate: certificate('Certificate', 'www.example.com'), domainNames: ['www.example.com', 'Example.com'] }] });

    expect(attached()).toEqual([
      { CertificateName: { 'Fn::GetAtt': [fixture.idOf(VALIDATION), 'CertificateName'] }, DomainNames: ['www.example.com', 'example.com'] },
    ]);
    expect(fixture.before(fixture.idOf(CONTAINER))).toContain(fixture.idOf(RECORD, 'Value1'));
  });

  test('and publicDomainNames are both attached', () => {
    fixture.service({
      publicDomainNames: [{ certificateName: 'old', domainNames: ['old.example.com'] }], domains: [{ certificate: certificate(), domainNames: ['example.com'] }],
    });

    expect(attached().map(({ DomainNames }: { DomainNames: string[] }) => DomainNames)).toEqual([['old.example.com'], ['example.com']]);
  });

  test('of one certificate in two entries become one', () => {
    const own = certificate('Certificate', 'www.example.com');
    fixture.service({ domains: [{ certificate: own, domainNames: ['www.example.com'] }, { certificate: own, domainNames: ['example.com'] }] });

    expect(attached()).toMatchObject([{ DomainNames: ['example.com', 'www.example.com'] }]);
  });

  test('of two references to one certificate become one, which waits once', () => {
    const [one, other] = ['A', 'B'].map((id) => Certificate.fromCertificateName(fixture.stack, id, 'example'));
    fixture.service({ domains: [{ certificate: one, domainNames: ['www.example.com'] }, { certificate: other, domainNames: ['example.com'] }] });

    expect(attached()).toHaveLength(1);
    expect(fixture.only(VALIDATION)).toMatchObject({ CertificateName: 'example', DomainNames: ['example.com', 'www.example.com'] });
  });

  test.each<[string, () => ICertificate, () => unknown]>([
    ['imported', () => Certificate.fromCertificateName(fixture.stack, 'Imported', 'example'), () => 'example'],
    ['without a validation', () => new Certificate(fixture.stack, 'Own', { domainName: 'example.com' }), () => ({ Ref: fixture.idOf(CERTIFICATE) })],
    ['a CfnCertificate', () => new lightsail.CfnCertificate(fixture.stack, 'L1', { certificateName: 'l1', domainName: 'example.com' }),
      () => ({ Ref: fixture.idOf(CERTIFICATE) })],
  ])('wait for a certificate that is %s', (_, create, name) => {
    fixture.service({ domains: [{ certificate: create(), domainNames: ['example.com'] }] });

    expect(fixture.only(VALIDATION)).toMatchObject({ CertificateName: name(), DomainNames: ['example.com'], Timeout: 3600 });
    expect(attached()).toEqual([{ CertificateName: { 'Fn::GetAtt': [fixture.idOf(VALIDATION), 'CertificateName'] }, DomainNames: ['example.com'] }]);
    expect(fixture.all(RECORDS)).toEqual([]);
  });

  test('use a certificate of another stack, which waits there', () => {
    const other = new Stack(fixture.app, 'Other');
    fixture.service({ domains: [{ certificate: certificate(), domainNames: ['example.com'] }] }, 'Service', other);

    expect(fixture.all(VALIDATION, other)).toEqual([]);
    expect(attached(other)).toEqual([{ CertificateName: { 'Fn::ImportValue': expect.stringContaining('CertificateName') }, DomainNames: ['example.com'] }]);
  });

  test('wait in their own stack for a certificate of another stack that does not wait', () => {
    const other = new Stack(fixture.app, 'Other');
    const own = new Certificate(fixture.stack, 'Certificate', { domainName: 'example.com' });
    fixture.service({ domains: [{ certificate: own, domainNames: ['example.com'] }] }, 'Service', other);

    expect(fixture.all(VALIDATION)).toEqual([]);
    expect(fixture.only(VALIDATION, other)).toMatchObject({ CertificateName: { 'Fn::ImportValue': expect.any(String) } });
  });

  test('can be tokens', () => {
    const name = new CfnParameter(fixture.stack, 'Domain').valueAsString;
    const own = new Certificate(fixture.stack, 'Certificate', { domainName: name, validation: CertificateValidation.fromDns(fixture.zone) });
    fixture.service({ domains: [{ certificate: own, domainNames: [name] }] });

    expect(attached()).toMatchObject([{ DomainNames: [{ Ref: 'Domain' }] }]);
  });
});

describe('addDomain()', () => {
  const add = (...names: string[]) => {
    const service = fixture.service();
    names.forEach((name) => service.addDomain(name, { hostedZone: fixture.zone }));
    return service;
  };
  const aliasOf = (name: string) => fixture.idOf(RECORD, `"Name":"${name}."`);

  test('creates a certificate, validates it, attaches the domain and adds the alias, in this order', () => {
    add('www.example.com');

    expect(fixture.only(CERTIFICATE)).toMatchObject({ DomainName: 'www.example.com' });
    const order = [
      fixture.idOf(CERTIFICATE), fixture.idOf(RECORDS), fixture.idOf(RECORD, 'CNAME'), fixture.idOf(VALIDATION), fixture.idOf(CONTAINER),
      aliasOf('www.example.com'),
    ];
    order.forEach((id, index) => {
      const before = fixture.before(id);
      expect(order.filter((other) => before.has(other))).toEqual(order.slice(0, index));
    });
    expect(attached()).toEqual([{ CertificateName: { 'Fn::GetAtt': [fixture.idOf(VALIDATION), 'CertificateName'] }, DomainNames: ['www.example.com'] }]);
  });

  test('the alias is an A record for the host of the service', () => {
    add('example.com');

    fixture.template().hasResourceProperties(RECORD, {
      Type: 'A',
      Name: 'example.com.',
      HostedZoneId: 'ZEXAMPLECOM',
      AliasTarget: {
        DNSName: { 'Fn::Select': [2, { 'Fn::Split': ['/', { 'Fn::Join': ['', [{ 'Fn::GetAtt': [fixture.idOf(CONTAINER), 'Url'] }, '//']] }] }] },
        EvaluateTargetHealth: true,
      },
    });
  });

  // CloudFormation creates a record of another name before it deletes the old one, and Route 53 would refuse that.
  test('another letter case changes nothing', () => {
    const templateOf = (domainName: string) => {
      fixture = new DomainFixture({ env: { region: 'eu-central-1' } });
      add(domainName);
      return fixture.template().toJSON();
    };
    expect(templateOf('WWW.Example.com')).toEqual(templateOf('www.example.com'));
  });

  test('four domains share one certificate, whose name depends on all of them, and not on their order', () => {
    const names = ['www.example.com', 'example.com', 'b.a.example.com', 'api.example.com'];
    const rendered = (...some: string[]) => {
      fixture = new DomainFixture();
      add(...some);
      return {
        certificate: fixture.only(CERTIFICATE),
        attached: attached(),
        validation: fixture.only(VALIDATION).DomainNames,
        records: fixture.all(RECORD).length,
      };
    };

    const sorted = ['example.com', 'api.example.com', 'www.example.com', 'b.a.example.com'];
    expect(rendered(...names)).toMatchObject({
      certificate: { DomainName: sorted[0], SubjectAlternativeNames: sorted.slice(1) },
      attached: [{ DomainNames: sorted }],
      validation: sorted,
      records: 8,
    });
    expect(rendered(...names)).toEqual(rendered(...[...names].reverse()));
    expect(rendered(...names).certificate.CertificateName).not.toBe(rendered(...names.slice(1)).certificate.CertificateName);
  });

  test('each record has the value of its own domain, however many come later', () => {
    add('www.example.com', 'example.com');

    const records = fixture.idOf(RECORDS);
    // The ids of the records are made of the domain names.
    const byId = Object.fromEntries(Object.entries(fixture.template().findResources(RECORD, { Properties: { Type: 'CNAME' } }))
      .map(([id, { Properties }]) => [id.replace(/.*COM(.*)[0-9A-F]{8}$/, '$1'), Properties]));
    expect(fixture.only(RECORDS).DomainNames).toEqual(['example.com', 'www.example.com']);
    ['examplecom', 'wwwexamplecom'].forEach((id, index) => expect(byId[id]).toMatchObject({
      Name: { 'Fn::Join': ['', [{ 'Fn::GetAtt': [records, `Name${index}`] }, '.']] }, ResourceRecords: [{ 'Fn::GetAtt': [records, `Value${index}`] }],
    }));
  });

  test('domains of several zones share the certificate, and each has its records in its own zone', () => {
    const service = fixture.service();
    service.addDomain('example.com', { hostedZone: fixture.zone });
    service.addDomain('example.org', { hostedZone: fixture.zoneOf('example.org') });

    expect(fixture.all(CERTIFICATE)).toHaveLength(1);
    expect(fixture.all(RECORD).map(({ HostedZoneId, Type }) => `${Type} ${HostedZoneId}`).sort())
      .toEqual(['A ZEXAMPLECOM', 'A ZEXAMPLEORG', 'CNAME ZEXAMPLECOM', 'CNAME ZEXAMPLEORG']);
  });

  test('uses a given certificate, together with domains', () => {
    const own = certificate('Certificate', 'www.example.com');
    const service = fixture.service({ domains: [{ certificate: own, domainNames: ['example.com'] }] });
    service.addDomain('www.example.com', { hostedZone: fixture.zone, certificate: own });

    expect(fixture.all(CERTIFICATE)).toHaveLength(1);
    expect(attached()).toMatchObject([{ DomainNames: ['example.com', 'www.example.com'] }]);
    expect(fixture.all(RECORD).filter(({ Type }) => Type === 'A').map(({ Name }) => Name)).toEqual(['www.example.com.']);
  });

  test('accepts tokens', () => {
    const [one, two] = ['One', 'Two'].map((id) => new CfnParameter(fixture.stack, id).valueAsString);
    add(one, `${two}.example.com`);

    expect(fixture.only(CERTIFICATE)).toMatchObject({ DomainName: { Ref: 'One' } });
    expect(fixture.all(RECORD).filter(({ Type }) => Type === 'A').map(({ Name }) => Name)).toEqual([
      { 'Fn::Join': ['', [{ Ref: 'One' }, '.']] }, { 'Fn::Join': ['', [{ Ref: 'Two' }, '.example.com.']] },
    ]);
  });

  test('keeps the certificate of a service that is kept, but not one that is replaced', () => {
    fixture.service({ removalPolicy: RemovalPolicy.RETAIN }).addDomain('example.com', { hostedZone: fixture.zone });

    fixture.template().hasResource(CERTIFICATE, { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Delete' });
    fixture.template().hasResource(RECORD, { Properties: { Type: 'CNAME' }, DeletionPolicy: 'Retain' });
    const alias = fixture.template().findResources(RECORD, { Properties: { Type: 'A' } });
    expect(Object.values(alias).map(({ DeletionPolicy }) => DeletionPolicy)).toEqual([undefined]);
  });

  test.each([['before', true], ['after', false]])('keeps the certificate of a service that is kept by applyRemovalPolicy(), %s', (_, isBefore) => {
    const service = fixture.service();
    const keep = () => service.applyRemovalPolicy(RemovalPolicy.RETAIN);
    if (isBefore) keep();
    service.addDomain('example.com', { hostedZone: fixture.zone });
    if (!isBefore) keep();

    fixture.template().hasResource(CONTAINER, { DeletionPolicy: 'Retain' });
    fixture.template().hasResource(CERTIFICATE, { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Delete' });
    fixture.template().hasResource(RECORD, { Properties: { Type: 'CNAME' }, DeletionPolicy: 'Retain' });
  });

  test('keeps nothing if the policy is set back', () => {
    const service = fixture.service({ removalPolicy: RemovalPolicy.RETAIN });
    service.addDomain('example.com', { hostedZone: fixture.zone });
    service.applyRemovalPolicy(RemovalPolicy.DESTROY);

    [CONTAINER, CERTIFICATE].forEach((type) => fixture.template().hasResource(type, { DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Delete' }));
    fixture.template().hasResource(RECORD, { Properties: { Type: 'CNAME' }, DeletionPolicy: 'Delete' });
  });

  test('a deployment to the service comes after the certificate, without a circle', () => {
    add('example.com').addDeployment('Deployment', { containers: { web: WEB } });

    expect(fixture.before(fixture.idOf('Custom::LightsailContainerServiceDeployment'))).toContain(fixture.idOf(VALIDATION));
  });

  test('fails after synthesis', () => {
    const service = add('example.com');
    fixture.app.synth();

    expect(messageOf(() => service.addDomain('www.example.com', { hostedZone: fixture.zone })))
      .toBe('[Stack/Service] addDomain(): called after synthesis, so nothing would be added. Call it before app.synth().');
  });
});

describe('the change of certificates', () => {
  const add = () => {
    const service = fixture.service({ publicDomainNames: [{ certificateName: 'by-name', domainNames: ['a.example.com'] }] });
    service.addDomain('example.com', { hostedZone: fixture.zone });
    return service;
  };

  test('comes before the service, with the domain names of all certificates, and the name of the service', () => {
    add().addDomain('www.example.com', { hostedZone: fixture.zone });

    expect(fixture.before(fixture.idOf(CONTAINER))).toContain(fixture.idOf(CHANGE));
    const { PublicDomainNames, ServiceName } = fixture.only(CONTAINER);
    expect(fixture.only(CHANGE)).toMatchObject({ PublicDomainNames, ServiceName, Timeout: 1800, ServiceTimeout: '1980' });
    expect(PublicDomainNames).toHaveLength(2);
    expect(typeof ServiceName).toBe('string');
  });

  test('may update container services, and waits for that permission', () => {
    add();
    const policies = fixture.template().findResources('AWS::IAM::Policy');
    const [[id, { Properties }], ...others] = Object.entries(policies).filter(([, policy]) => JSON.stringify(policy).includes('lightsail:UpdateContainerService'));

    expect(others).toEqual([]);
    expect(Properties.PolicyDocument.Statement).toEqual([{
      Action: 'lightsail:UpdateContainerService',
      Effect: 'Allow',
      Resource: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':lightsail:', { Ref: 'AWS::Region' }, ':', { Ref: 'AWS::AccountId' }, ':ContainerService/*']] },
    }]);
    expect(fixture.before(fixture.idOf(CHANGE))).toContain(id);
  });

  test('is one for each service with domains, and none for one without', () => {
    add();
    fixture.service({ publicDomainNames: [{ certificateName: 'other', domainNames: ['b.example.com'] }] }, 'Other');

    fixture.template().resourceCountIs(CHANGE, 1);
  });
});

describe('a service without domains', () => {
  test('has none in the template', () => {
    fixture.service();
    expect(attached()).toBeUndefined();
  });

  test('can have publicDomainNames that are known only at deploy time', () => {
    const service = fixture.service({ publicDomainNames: Lazy.any({ produce: () => [{ certificateName: 'c', domainNames: ['example.com'] }] }) as any });

    expect(attached()).toEqual([{ CertificateName: 'c', DomainNames: ['example.com'] }]);
    expect(messageOf(() => service.addDomain('a.example.com', { hostedZone: fixture.zone }))).toContain('publicDomainNames: a token given');
  });

  test('has no other resources', () => {
    const stack = new Stack(new App(), 'Stack');
    fixture.service({ publicDomainNames: [{ certificateName: Fn.importValue('Name'), domainNames: ['example.com'] }] }, 'Service', stack);

    expect(Object.values(Template.fromStack(stack).toJSON().Resources).map(({ Type }: any) => Type)).toEqual([CONTAINER]);
  });
});
