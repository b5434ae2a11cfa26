import { App, Aws, CfnParameter, Duration, Fn, Lazy, RemovalPolicy, Stack, Stage, Token } from 'aws-cdk-lib';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as lightsail from 'aws-cdk-lib/aws-lightsail';
import * as route53 from 'aws-cdk-lib/aws-route53';
import { DomainFixture, resourcesIn } from './domain-fixture';
import { Certificate, CertificateValidation, ContainerService, ContainerServicePower } from '../../../lib';
import { messageOf } from '../fixture';

/*
 * Input that is known to fail, from any language: it fails at synthesis, with the path of the construct, before a resource is defined.
 */

const ENV = { account: '111111111111', region: 'eu-central-1' };
const names = (count: number) => Array.from({ length: count }, (_, index) => `n${index}.example.com`);
const lazy = (value: unknown) => Lazy.any({ produce: () => value }) as any;
const IN_FULL = "is not a domain name. Write it in full and in ASCII, without scheme, port, path or wildcard, for example 'www.example.com'.";
const TOO_LONG = 'is not a domain name. Use at most 253 characters, and at most 63 between two dots.';
const NO_WILDCARD = 'is not a domain name. Lightsail has no certificates for wildcards. Write each domain name in full.';

let fixture: DomainFixture;
beforeEach(() => {
  fixture = new DomainFixture({ env: ENV });
});

/** The error of a definition, which defines no resource. */
function errorOf(define: () => unknown): string {
  const before = resourcesIn(fixture.app);
  const message = messageOf(define);
  expect(resourcesIn(fixture.app)).toEqual(before);
  return message;
}

const newCertificate = (props: Record<string, unknown>, scope = fixture.stack) =>
  new Certificate(scope, 'Certificate', { domainName: 'example.com', validation: CertificateValidation.fromDns(fixture.zone), ...props } as any);
const certificateError = (props: Record<string, unknown>) => errorOf(() => newCertificate(props)).replace('[Stack/Certificate] ', '');

const issued = (...subjectAlternativeNames: string[]) => new Certificate(fixture.stack, 'Issued', {
  domainName: 'example.com', subjectAlternativeNames, validation: CertificateValidation.fromDns(fixture.zone),
});

const domainsError = (domains: unknown, others: Record<string, unknown> = {}) =>
  errorOf(() => fixture.service({ domains, ...others } as any)).replace('[Stack/Service] ', '');

const addError = (domainName: unknown, options: unknown = { hostedZone: fixture.zone }) => {
  const service = fixture.service();
  return errorOf(() => service.addDomain(domainName as string, options as any)).replace('[Stack/Service] ', '');
};

const BAD_NAMES: [string, unknown, string][] = [
  ['one label', 'example', `"example" ${IN_FULL}`],
  ['a URL', 'https://example.com/', `"https://example.com/" ${IN_FULL}`],
  ['a port', 'example.com:443', `"example.com:443" ${IN_FULL}`],
  ['a dot at the end', 'example.com.', '"example.com." is not a domain name. Write it without the dot at the end: "example.com".'],
  ['two dots', 'www..example.com', `"www..example.com" ${IN_FULL}`],
  ['an underscore', 'a_b.example.com', `"a_b.example.com" ${IN_FULL}`],
  ['a label of 64 characters', `${'a'.repeat(64)}.example.com`, `"${'a'.repeat(64)}.example.com" ${TOO_LONG}`],
  ['254 characters', `${'a.'.repeat(121)}aexample.com`, `"${`${'a.'.repeat(121)}aexample.com`.slice(0, 199)}… ${TOO_LONG}`],
  ['letters that are not ASCII', 'Bücher.example.com', '"Bücher.example.com" is not a domain name. Write it in ASCII: "xn--bcher-kva.example.com".'],
  ['letters that are not ASCII, and a dot at the end', 'bücher.de.', '"bücher.de." is not a domain name. Write it in ASCII and without the dot at the end: "xn--bcher-kva.de".'],
  ['letters that are not ASCII in a URL', 'https://bücher.de/', `"https://bücher.de/" ${IN_FULL}`],
  ['an IP address', '192.168.0.1', `"192.168.0.1" ${IN_FULL}`],
  ['nothing', '', `"" ${IN_FULL}`],
  ['undefined', undefined, `undefined ${IN_FULL}`],
  ['null', null, `null ${IN_FULL}`],
  ['a number', 5, `5 ${IN_FULL}`],
  ['a list', ['example.com'], `["example.com"] ${IN_FULL}`],
  ['a wildcard', '*.example.com', `"*.example.com" ${NO_WILDCARD}`],
  ['a wildcard before a token', `*.${Token.asString({ Ref: 'Domain' })}`, `"*.<token>" ${NO_WILDCARD}`],
  ['a scheme before a token', `https://${Token.asString({ Ref: 'Domain' })}`, `"https://<token>" ${IN_FULL}`],
  ['a missing variable', `${undefined}.example.com`, '"undefined.example.com" contains undefined.'],
];

describe('a domain name', () => {
  test.each(BAD_NAMES)('fails as domainName: %s', (_, name, message) => {
    expect(certificateError({ domainName: name, validation: undefined })).toContain(`domainName: ${message}`);
  });

  test.each(BAD_NAMES)('fails among the others: %s', (_, name, message) => {
    expect(certificateError({ subjectAlternativeNames: ['www.example.com', name], validation: undefined })).toContain(`subjectAlternativeNames[1]: ${message}`);
  });

  test.each(BAD_NAMES)('fails on a service: %s', (_, name, message) => {
    expect(domainsError([{ certificate: Certificate.fromCertificateName(fixture.stack, 'Imported', 'example'), domainNames: [name] }]))
      .toContain(`domains[0].domainNames[0]: ${message}`);
  });

  test.each(BAD_NAMES)('fails in addDomain(): %s', (_, name, message) => {
    expect(addError(name)).toContain(`domainName: ${message}`);
  });

  test.each(BAD_NAMES.filter(([, name]) => typeof name === 'string' && !Token.isUnresolved(name)))('fails at synthesis as a Lazy: %s', (_, name, message) => {
    const value = Token.asString(lazy(name));
    new Certificate(fixture.stack, 'Certificate', { domainName: value });
    fixture.service({ domains: [{ certificate: Certificate.fromCertificateName(fixture.stack, 'Imported', 'example'), domainNames: [value] }] });

    const error = messageOf(() => fixture.app.synth());
    expect(error).toContain('[Stack/Certificate] domainName: ');
    expect(error).toContain('[Stack/Service] domains[0]: ');
    expect(error).toContain(message);
  });

  test.each(['example.com', 'a.b.c.example.com', 'xn--bcher-kva.example.com', '1.example.com', 'EXAMPLE.com', `${'a'.repeat(63)}.example.com`])('%s passes', (name) => {
    newCertificate({ domainName: name });
    fixture.service().addDomain(name, { hostedZone: fixture.zone });
    expect(() => fixture.app.synth()).not.toThrow();
  });
});

describe('the domain names of a certificate', () => {
  test('fail for eleven, and ten pass', () => {
    expect(certificateError({ subjectAlternativeNames: names(10) })).toBe('subjectAlternativeNames: the certificate has 11 domain names with its domainName. '
      + 'A Lightsail certificate has at most 10. Use several certificates.');
    fixture = new DomainFixture();
    expect(() => newCertificate({ subjectAlternativeNames: names(9) })).not.toThrow();
  });

  test.each<[string, string[], string]>([
    ['among the others', ['www.example.com', 'WWW.example.com'], 'subjectAlternativeNames: domain name "www.example.com" is given more than once. Remove all but one.'],
    ['as the primary one too', ['Example.com'],
      'subjectAlternativeNames: domain name "example.com" is given more than once, because it is also the domainName. Remove all but one.'],
  ])('fail for one that is given twice: %s', (_, subjectAlternativeNames, message) => {
    expect(certificateError({ subjectAlternativeNames })).toBe(message);
  });

  test('fail for one that is given twice, which is found only at synthesis', () => {
    newCertificate({ subjectAlternativeNames: ['www.example.com', Lazy.string({ produce: () => 'WWW.example.com' })] });
    expect(messageOf(() => fixture.app.synth())).toContain('[Stack/Certificate] subjectAlternativeNames: domain name "www.example.com" is given more than once.');
  });

  test('fail for a token that is given twice', () => {
    const name = new CfnParameter(fixture.stack, 'Name').valueAsString;
    expect(certificateError({ domainName: name, subjectAlternativeNames: [name] })).toContain('domain name <token> is given more than once');
  });

  test.each<[string, unknown, string]>([
    ['a text', 'www.example.com', 'subjectAlternativeNames: "www.example.com" is not a list. Write the domain names as a list of strings.'],
    ['a list that is a token', Fn.split(',', Fn.importValue('Names')), 'subjectAlternativeNames: a token given. Use a list of strings whose length is known at synthesis.'],
    ['a list that is a token of another kind', Lazy.list({ produce: () => ['www.example.com'] }), 'subjectAlternativeNames: a token given.'],
  ])('fail for %s', (_, subjectAlternativeNames, message) => {
    expect(certificateError({ subjectAlternativeNames })).toContain(message);
  });
});

describe('the other props of a certificate', () => {
  test.each<[string, Record<string, unknown>, string]>([
    ['a name of one letter', { certificateName: 'a' }, 'certificateName: "a" is not a valid name for a certificate. Use 2-255 letters, digits, hyphens, underscores and dots, '
      + 'with a letter or a digit at both ends. Or leave it out to generate one.'],
    ['a name with a space', { certificateName: 'my certificate' }, 'certificateName: "my certificate" is not a valid name'],
    ['a name with a space before a token', { certificateName: `my ${Token.asString({ Ref: 'Name' })}` }, 'is not a valid name for a certificate.'],
    ['a name that ends with a hyphen', { certificateName: 'web-' }, 'certificateName: "web-" is not a valid name'],
    ['a name of 256 characters', { certificateName: 'a'.repeat(256) }, 'is not a valid name for a certificate.'],
    ['a number as name', { certificateName: 5 }, 'certificateName: 5 is not a valid name'],
    ['an ARN as name', { certificateName: 'arn:aws:acm:us-east-1:111111111111:certificate/1' }, 'is the ARN of a certificate in AWS Certificate Manager, which Lightsail cannot use.'],
    ['a timeout of a second', { timeout: Duration.seconds(1) }, 'timeout: 1 seconds given. Use 60 to 3600 seconds'],
    ['a timeout of two hours', { timeout: Duration.hours(2) }, 'timeout: 7200 seconds given. Use 60 to 3600 seconds'],
    ['a number as timeout', { timeout: 300 }, 'timeout: 300 is not a Duration. Write it as Duration.seconds(300).'],
    ['a snapshot', { removalPolicy: RemovalPolicy.SNAPSHOT }, 'removalPolicy: "snapshot" given. Use RemovalPolicy.DESTROY, RETAIN or RETAIN_ON_UPDATE_OR_DELETE. '
      + 'Lightsail has no snapshots of certificates.'],
    ['an unknown property', { hostedZone: 'Z' }, 'hostedZone: unknown property. Use validation: CertificateValidation.fromDns(hostedZone).'],
    ['a validation method', { validationMethod: 'DNS' }, 'validationMethod: unknown property. Lightsail validates with DNS only.'],
    ['a list of all names', { domainNames: [] }, 'domainNames: unknown property. Use subjectAlternativeNames.'],
    ['null as validation', { validation: null }, 'validation: null is not a CertificateValidation of this library.'],
    ['a text as validation', { validation: 'DNS' }, 'validation: a string is not a CertificateValidation of this library. Use CertificateValidation.fromDns(hostedZone) of cdk-lightsail-containers.'],
    ['the validation of another library', { validation: acm.CertificateValidation.fromDns() }, 'validation: an instance of CertificateValidation is not a CertificateValidation of this library.'],
  ])('fail for %s', (_, props, message) => {
    expect(certificateError(props)).toContain(message);
  });

  test('fail for a hosted zone as validation', () => {
    expect(certificateError({ validation: fixture.zone })).toContain('is not a CertificateValidation of this library.');
  });

  test.each([undefined, null, 'example.com', ['example.com']])('fail for %j as props', (props) => {
    expect(errorOf(() => new Certificate(fixture.stack, 'Certificate', props as any)))
      .toMatch(/^\[Stack\/Certificate\] props: .* Use \{ domainName \}, for example \{ domainName: 'www.example.com' \}\.$/);
  });

  test('fail in a Region without Lightsail', () => {
    const stack = new Stack(fixture.app, 'Elsewhere', { env: { ...ENV, region: 'af-south-1' } });
    expect(errorOf(() => newCertificate({ validation: undefined }, stack))).toContain('[Elsewhere/Certificate] env.region: Lightsail has no container services in "af-south-1".');
  });

  test('are all reported at once', () => {
    expect(certificateError({ domainName: 'a', subjectAlternativeNames: ['b'], certificateName: '', timeout: 1, validation: undefined }).split('\n').slice(1).map((line) => line.split(':')[0]))
      .toEqual(['  - domainName', '  - subjectAlternativeNames[0]', '  - certificateName', '  - timeout']);
  });
});

describe('a hosted zone', () => {
  const NOT_IN = 'the hosted zone of "example.com" does not contain "www.example.org". Use the hosted zone of that domain.';

  test.each<[string, string, boolean]>([
    ['itself', 'example.com', true],
    ['a subdomain', 'a.b.example.com', true],
    ['upper case', 'WWW.EXAMPLE.COM', true],
    ['another domain', 'www.example.org', false],
    ['the parent domain', 'com.example', false],
    ['a domain that only ends alike', 'wwwexample.com', false],
    ['a token', '<token>', true],
    ['a token below it', '<token>.example.com', true],
    ['a token that can be below it', '<token>example.com', true],
    ['a token that may hold all of it but the end', '<token>.com', true],
    ['a token in another domain', '<token>.example.org', false],
    ['a token that can only end alike', 'www.<token>le.org', false],
  ])('with %s: %s, contains it: %s', (_, pattern, contains) => {
    const domainName = pattern.replace('<token>', new CfnParameter(fixture.stack, 'Part').valueAsString);
    const define = () => newCertificate({ domainName });
    if (contains) expect(define).not.toThrow();
    else expect(errorOf(define)).toContain('validation: the hosted zone of "example.com" does not contain ');
  });

  test('fails for each domain name that it does not contain', () => {
    expect(certificateError({ subjectAlternativeNames: ['www.example.org'] })).toBe(`validation: ${NOT_IN}`);
    expect(addError('www.example.org')).toBe(`hostedZone: ${NOT_IN}`);
  });

  test('fails for what a Lazy produces', () => {
    const name = Lazy.string({ produce: () => 'www.example.org' });
    newCertificate({ subjectAlternativeNames: [name] });
    fixture.service().addDomain(name, { hostedZone: fixture.zone });

    const message = messageOf(() => fixture.app.synth());
    expect(message).toContain(`[Stack/Certificate] validation: ${NOT_IN}`);
    expect(message).toContain(`[Stack/Service] hostedZone: ${NOT_IN}`);
  });

  test('fails for each domain name that has none in the map', () => {
    expect(certificateError({ subjectAlternativeNames: ['www.example.org'], validation: CertificateValidation.fromDnsMultiZone({ 'example.com': fixture.zone }) }))
      .toBe('validation: no hosted zone given for "www.example.org". Add it to the map, or a hosted zone for a parent domain.');
  });

  test('fails for the wrong zone in the map', () => {
    expect(certificateError({
      subjectAlternativeNames: ['www.example.org'], validation: CertificateValidation.fromDnsMultiZone({ 'example.com': fixture.zone, 'example.org': fixture.zone }),
    })).toBe(`validation["example.org"]: ${NOT_IN}`);
  });

  test.each<[string, unknown]>([['a list', []], ['a text', 'example.com'], ['null', null], ['nothing', undefined]])('fails for %s as map', (_, map) => {
    expect(certificateError({ validation: CertificateValidation.fromDnsMultiZone(map as any) })).toContain('is not a map. Use domain names and their hosted zones');
  });

  test.each<[string, unknown, string]>([
    ['a text', 'Z0123', '"Z0123" is not a hosted zone. Use one, for example HostedZone.fromHostedZoneAttributes('],
    ['a map', { zoneName: 'example.com' }, '{"zoneName":"example.com"} is not a hosted zone.'],
    ['null', null, 'null is not a hosted zone.'],
  ])('fails for %s', (_, zone, message) => {
    expect(certificateError({ validation: CertificateValidation.fromDns(zone as any) })).toContain(`validation: ${message}`);
    expect(addError('www.example.com', { hostedZone: zone })).toContain(`hostedZone: ${message}`);
  });

  test.each([undefined, null, 'example.com'])('fails for %j instead of the options of addDomain()', (options) => {
    const service = fixture.service();
    expect(errorOf(() => service.addDomain('www.example.com', options as any))).toMatch(/options: .* Use \{ hostedZone \}\.$/);
  });

  test('fails if it is missing', () => {
    const message = addError('www.example.com', { zone: fixture.zone });
    expect(message).toContain('hostedZone: undefined is not a hosted zone.');
    expect(message).toContain('zone: unknown property. Use hostedZone.');
  });

  test('fails if it is private', () => {
    const vpc = ec2.Vpc.fromVpcAttributes(fixture.stack, 'Vpc', { vpcId: 'vpc-1', availabilityZones: ['a'] });
    const zones = [
      new route53.PrivateHostedZone(fixture.stack, 'Private', { zoneName: 'example.com', vpc }),
      new route53.HostedZone(fixture.stack, 'WithVpc', { zoneName: 'example.com', vpcs: [vpc] }),
    ];
    for (const zone of zones) {
      expect(certificateError({ validation: CertificateValidation.fromDns(zone) })).toBe(`validation: ${zone.node.path} is a private hosted zone. `
        + 'A certificate is validated on the Internet. Use a public hosted zone.');
      fixture.stack.node.tryRemoveChild('Certificate');
    }
  });

  test('fails in another account', () => {
    const zone = fixture.zoneOf('example.com', new Stack(fixture.app, 'Other', { env: { ...ENV, account: '222222222222' } }));
    expect(certificateError({ validation: CertificateValidation.fromDns(zone) })).toContain('validation: the hosted zone is in account "222222222222", and the stack in "111111111111".');
  });

  test('passes in another Region', () => {
    const zone = fixture.zoneOf('example.com', new Stack(fixture.app, 'Other', { env: { ...ENV, region: 'us-east-1' } }));
    expect(() => newCertificate({ validation: CertificateValidation.fromDns(zone) })).not.toThrow();
  });
});

describe('a certificate on a service', () => {
  const ON_SERVICE: [string, () => unknown, string][] = [
    ['the ARN of an ACM certificate', () => 'arn:aws:acm:us-east-1:111111111111:certificate/1', 'is the ARN of a certificate in AWS Certificate Manager, which Lightsail cannot use.'],
    ['an ACM certificate', () => acm.Certificate.fromCertificateArn(fixture.stack, 'Acm', 'arn:aws:acm:us-east-1:111111111111:certificate/1'),
      'Stack/Acm is a certificate in AWS Certificate Manager, which Lightsail cannot use. Use a Certificate of this library'],
    ['a name', () => 'example', '"example" is a string. Write it as Certificate.fromCertificateName(this, \'Certificate\', "example").'],
    ['a certificate of a load balancer', () => new lightsail.CfnLoadBalancerTlsCertificate(fixture.stack, 'Tls', {
      certificateName: 'tls', loadBalancerName: 'lb', certificateDomainName: 'example.com',
    }), 'AWS::Lightsail::LoadBalancerTlsCertificate given. A container service cannot use it.'],
    ['a hosted zone', () => fixture.zone, 'is not a certificate. Use a Certificate of this library'],
    ['a map', () => ({ domainName: 'example.com' }), '{"domainName":"example.com"} is not a certificate.'],
    ['null', () => null, 'null given. Use a Certificate of this library'],
    ['one of another Region', () => Certificate.fromCertificateName(new Stack(fixture.app, 'Other', { env: { ...ENV, region: 'us-east-1' } }), 'Certificate', 'example'),
      'the certificate is in Region "us-east-1", and the container service in "eu-central-1". Lightsail uses only certificates of the same account and Region. Create one there.'],
    ['one of another account', () => Certificate.fromCertificateName(new Stack(fixture.app, 'Other', { env: { ...ENV, account: '222222222222' } }), 'Certificate', 'example'),
      'the certificate is in account "222222222222", and the container service in "111111111111".'],
    ['one that lacks the domain name', () => issued('api.example.com'), 'Stack/Issued does not cover "www.example.com". It covers "example.com", "api.example.com". '
      + 'Add the domain name to its subjectAlternativeNames, or use another certificate.'],
    ['a CfnCertificate that lacks the domain name', () => new lightsail.CfnCertificate(fixture.stack, 'L1', { certificateName: 'l1', domainName: 'example.com' }),
      'Stack/L1 does not cover "www.example.com". It covers "example.com".'],
  ];

  test.each(ON_SERVICE)('fails for %s', (_, create, message) => {
    const certificate = create();
    const error = domainsError([{ certificate, domainNames: ['www.example.com'] }]);
    expect(error).toMatch(/^domains\[0\]\.certificate: /);
    expect(error).toContain(message);
  });

  test.each(ON_SERVICE)('fails in addDomain() for %s', (_, create, message) => {
    expect(addError('www.example.com', { hostedZone: fixture.zone, certificate: create() })).toContain(message);
  });

  test('fails by its name in another Region', () => {
    const other = new Stack(fixture.app, 'Other', { env: { ...ENV, region: 'us-east-1' }, crossRegionReferences: true });
    const { ref } = new lightsail.CfnCertificate(other, 'Certificate', { certificateName: 'l1', domainName: 'example.com' });
    expect(errorOf(() => fixture.service({ publicDomainNames: [{ certificateName: ref, domainNames: ['example.com'] }] })))
      .toContain('publicDomainNames[0].certificateName: the certificate is in Region "us-east-1"');
  });

  test('fails for a Lazy that it does not cover', () => {
    fixture.service({ domains: [{ certificate: issued(), domainNames: [Lazy.string({ produce: () => 'www.example.com' })] }] });
    expect(messageOf(() => fixture.app.synth())).toContain('[Stack/Service] domains: Stack/Issued does not cover "www.example.com".');
  });

  test('fails for a known domain name that the tokens of the certificate cannot cover', () => {
    const stage = new CfnParameter(fixture.stack, 'Stage').valueAsString;
    const certificate = new Certificate(fixture.stack, 'Tokens', { domainName: `${stage}.example.com` });
    expect(domainsError([{ certificate, domainNames: ['www.example.org'] }])).toContain('does not cover "www.example.org"');
    const other = new CfnParameter(fixture.stack, 'OtherStage').valueAsString;
    ['www.example.com', `${other}.example.com`].forEach((name, index) =>
      expect(() => fixture.service({ domains: [{ certificate, domainNames: [name] }] }, `Other${index}`)).not.toThrow());
  });

  test.each<[string, unknown]>([
    ['an ARN of ACM', 'arn:aws:acm:us-east-1:111111111111:certificate/1'], ['an ARN of Lightsail', 'arn:aws:lightsail:us-east-1:111111111111:Certificate/1'],
    ['nothing', ''], ['undefined', undefined], ['a number', 5], ['a text that cannot be a name', 'my certificate'], ['a URL', 'https://example.com/'],
  ])('fails to be imported from %s', (_, name) => {
    expect(errorOf(() => Certificate.fromCertificateName(fixture.stack, 'Imported', name as string)))
      .toMatch(/^\[Stack\/Imported\] certificateName: .*`aws lightsail get-certificates` lists them\.$/);
  });
});

describe('the domains of a service', () => {
  const imported = (id: string) => Certificate.fromCertificateName(fixture.stack, id, id);
  const entries = (count: number) => names(count).map((name, index) => ({ certificate: imported(`c${index}`), domainNames: [name] }));

  test('fail for five, and four pass', () => {
    expect(domainsError([{ certificate: imported('one'), domainNames: names(5) }])).toBe('domains: 5 domain names given, but a container service has at most 4. Remove some.');
    expect(() => fixture.service({ domains: [{ certificate: imported('other'), domainNames: names(4) }] }, 'Other')).not.toThrow();
  });

  test('fail for five certificates, and four pass', () => {
    expect(domainsError(entries(5))).toContain('  - domains: 5 certificates given, but a container service has at most 4. Remove some.');
    fixture = new DomainFixture({ env: ENV });
    expect(() => fixture.service({ domains: entries(4) }, 'Other')).not.toThrow();
  });

  test('fail for five together with publicDomainNames', () => {
    expect(domainsError(entries(2), { publicDomainNames: [{ certificateName: 'x', domainNames: ['a.example.com', 'b.example.com', 'c.example.com'] }] }))
      .toBe('domains: 5 domain names given, but a container service has at most 4. Remove some.');
  });

  test('fail for the fifth in addDomain()', () => {
    const service = fixture.service({ domains: entries(2) });
    ['y.example.com', 'z.example.com'].forEach((name) => service.addDomain(name, { hostedZone: fixture.zone }));

    expect(errorOf(() => service.addDomain('www.example.com', { hostedZone: fixture.zone })))
      .toBe('[Stack/Service] domainName: 5 domain names given, but a container service has at most 4. Remove some.');
    fixture.app.synth();
  });

  test('fail for the fifth certificate in addDomain()', () => {
    const service = fixture.service({ domains: [...entries(3), { certificate: imported('last'), domainNames: ['last.example.com'] }] });

    expect(errorOf(() => service.addDomain('www.example.com', { hostedZone: fixture.zone }))).toContain('domainName: 5 certificates given');
  });

  test.each<[string, () => unknown]>([
    ['twice in domains', () => fixture.service({ domains: [{ certificate: imported('one'), domainNames: ['www.example.com', 'WWW.example.com'] }] })],
    ['of two certificates', () => fixture.service({ domains: ['one', 'two'].map((id) => ({ certificate: imported(id), domainNames: ['www.example.com'] })) })],
    ['in domains and publicDomainNames', () => fixture.service({
      publicDomainNames: [{ certificateName: 'x', domainNames: ['www.example.com'] }], domains: [{ certificate: imported('one'), domainNames: ['Www.Example.com'] }],
    })],
  ])('fail for one that is given %s', (_, define) => {
    expect(errorOf(define)).toBe('[Stack/Service] domains: domain name "www.example.com" is given more than once. Remove all but one.');
  });

  test('fail for one that is added twice', () => {
    const service = fixture.service();
    service.addDomain('www.example.com', { hostedZone: fixture.zone });
    expect(errorOf(() => service.addDomain('Www.example.com', { hostedZone: fixture.zone }))).toContain('domainName: domain name "www.example.com" is given more than once.');
  });

  test('fail for one that is given twice, which is found only at synthesis', () => {
    fixture.service({ domains: [{ certificate: imported('one'), domainNames: ['www.example.com', Lazy.string({ produce: () => 'WWW.example.com' })] }] });
    expect(messageOf(() => fixture.app.synth())).toContain('[Stack/Service] domains: domain name "www.example.com" is given more than once. Remove all but one.');
  });

  test('fail for a certificate that is in publicDomainNames too', () => {
    expect(domainsError([{ certificate: imported('one'), domainNames: ['www.example.com'] }], { publicDomainNames: [{ certificateName: 'one', domainNames: ['example.com'] }] }))
      .toBe('publicDomainNames: certificate "one" is also given for other domain names. Move its domain names from publicDomainNames to domains.');
  });

  test.each<[string, unknown, string]>([
    ['a map', { certificate: 'x', domainNames: [] }, 'is not a list that is known at synthesis. Use a list of { certificate, domainNames }.'],
    ['a token', lazy([]), 'domains: <token> is not a list that is known at synthesis.'],
    ['a list of names', ['www.example.com'], 'domains[0]: "www.example.com" is not a certificate with its domain names. Use { certificate, domainNames }.'],
    ['null', null, 'domains: null is not a list'],
  ])('fail for %s', (_, domains, message) => {
    expect(domainsError(domains)).toContain(message);
  });

  test.each<[string, unknown, string]>([
    ['a text', 'www.example.com', 'domains[0].domainNames: "www.example.com" is not a list. Write the domain names as a list of strings.'],
    ['an empty list', [], 'domains[0].domainNames: none given. Add at least one, or remove the certificate.'],
    ['undefined', undefined, 'domains[0].domainNames: undefined is not a list.'],
    ['a list that is a token', Fn.split(',', Fn.importValue('Names')), 'domains[0].domainNames: a token given. Use a list of strings whose length is known at synthesis.'],
  ])('fail for %s as domain names', (_, domainNames, message) => {
    expect(domainsError([{ certificate: imported('one'), domainNames }])).toContain(message);
  });

  test('fail for a name instead of a certificate', () => {
    expect(domainsError([{ certificateName: 'one', domainNames: ['www.example.com'] }]))
      .toContain("domains[0].certificateName: unknown property. Use certificate: Certificate.fromCertificateName(this, 'Certificate', 'name').");
  });
});

describe('a domain name on two services', () => {
  const service = (id: string, scope: Stack, name = 'www.example.com') => new ContainerService(scope, id, {
    power: ContainerServicePower.NANO, domains: [{ certificate: Certificate.fromCertificateName(scope, `${id}Certificate`, 'example'), domainNames: [name] }],
  });
  const MESSAGE = 'domains: domain name "www.example.com" is also on Stack/One. A domain name can be on one container service only. Remove it from one of them.';

  test.each<[string, () => Stack]>([
    ['one stack', () => fixture.stack], ['two stacks', () => new Stack(fixture.app, 'Other', { env: ENV })],
  ])('fails in %s', (_, other) => {
    service('One', fixture.stack);
    service('Two', other(), Lazy.string({ produce: () => 'WWW.example.com' }));

    expect(messageOf(() => fixture.app.synth())).toContain(`/Two] ${MESSAGE}`);
  });

  test('fails for a token of one stack', () => {
    const name = new CfnParameter(fixture.stack, 'Name').valueAsString;
    service('One', fixture.stack, name);
    service('Two', fixture.stack, name);

    expect(messageOf(() => fixture.app.synth())).toContain('[Stack/Two] domains: domain name <token> is also on Stack/One.');
  });

  test('passes for a token that has another value in another stack', () => {
    service('One', fixture.stack, `${Aws.STACK_NAME}.example.com`);
    service('Two', new Stack(fixture.app, 'Other', { env: ENV }), `${Aws.STACK_NAME}.example.com`);

    expect(() => fixture.app.synth()).not.toThrow();
  });

  test('fails with publicDomainNames', () => {
    service('One', fixture.stack);
    fixture.service({ publicDomainNames: [{ certificateName: 'x', domainNames: ['www.example.com'] }] }, 'Two');

    expect(messageOf(() => fixture.app.synth())).toContain(`[Stack/Two] ${MESSAGE}`);
  });

  test.each<[string, () => Stack]>([
    ['another Region', () => new Stack(fixture.app, 'Other', { env: { ...ENV, region: 'us-east-1' } })],
    ['another stage', () => new Stack(new Stage(fixture.app, 'Stage'), 'Other')],
  ])('passes in %s', (_, other) => {
    service('One', fixture.stack);
    service('Two', other());

    expect(() => fixture.app.synth()).not.toThrow();
  });

  test('passes without an environment in two stages', () => {
    const app = new App();
    ['Beta', 'Prod'].forEach((id) => service('One', new Stack(new Stage(app, id), 'Stack')));

    expect(() => app.synth()).not.toThrow();
  });
});
