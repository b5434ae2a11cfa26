import { App, Lazy, PhysicalName, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { messageOf } from './fixture';
import { ContainerService, ContainerServicePower, type ContainerServiceProps, type PublicDomainNames } from '../../lib';
import { describeValue } from '../../lib/private/validation/validation';

let stack: Stack;
beforeEach(() => {
  stack = new Stack(new App(), 'Stack');
});

/** A value that users of JavaScript, and of languages with weaker types, can pass. */
const untyped = (value: unknown) => value as any;

function service(props: Partial<ContainerServiceProps>): ContainerService {
  return new ContainerService(stack, 'Service', { power: ContainerServicePower.NANO, ...props });
}

function errors(props: Partial<ContainerServiceProps>): string {
  return messageOf(() => service(props)).replace('[Stack/Service] ', '');
}

function withDomainNames(...publicDomainNames: PublicDomainNames[]): Partial<ContainerServiceProps> {
  return { publicDomainNames };
}

const domains = (count: number, suffix = 'example.com') => Array.from({ length: count }, (_, index) => `d${index}.${suffix}`);

const certificates = (count: number) => Array.from({ length: count }, (_, index) => ({ certificateName: `c${index}`, domainNames: [`c${index}.example.com`] }));

describe('the name', () => {
  test.each(['a', '0', 'ab', 'a-b', 'a--b', 'a'.repeat(63)])('%j passes', (containerServiceName) => {
    expect(() => service({ containerServiceName })).not.toThrow();
  });

  test.each(['', '-', '-a', 'a-', 'Web', 'a_b', 'a.b', 'a'.repeat(64)])('fails for %j', (containerServiceName) => {
    expect(errors({ containerServiceName })).toBe(
      `containerServiceName: ${describeValue(containerServiceName)} is not a valid name for a container service. `
      + 'Use 1-63 characters: a-z, 0-9 and hyphens, with a letter or a digit at both ends.');
  });

  test('fails for a name to be generated if it is needed', () => {
    expect(errors({ containerServiceName: PhysicalName.GENERATE_IF_NEEDED })).toBe(
      'containerServiceName: PhysicalName.GENERATE_IF_NEEDED is not supported. Leave the name out to generate one. '
      + 'To use the service in another account or Region, write a name.');
  });
});

describe('the power', () => {
  test.each(['', 'Nano', 'nano-1', 'nano ', 'x large', 'nano\n', 'ä'])('fails for the name %j', (name) => {
    expect(errors({ power: ContainerServicePower.of(name) })).toBe(
      `power: ${describeValue(name)} is not the name of a power. Use lower-case letters and digits, for example ContainerServicePower.of('nano'). `
      + "Use the power's name (nano), not its id (nano-1).");
  });

  test.each(['nano', undefined, null, 1, {}])('fails for %j instead of a power', (power) => {
    expect(errors({ power: untyped(power) })).toBe(
      `power: ${describeValue(power)} is not a ContainerServicePower. Use one of its constants, for example ContainerServicePower.NANO.`);
  });
});

describe('the scale', () => {
  test.each([1, 2, 20])('%j passes', (scale) => {
    expect(() => service({ scale })).not.toThrow();
  });

  test.each([0, -1, 21, 1.5, NaN, untyped('1'), untyped(null)])('fails for %j', (scale) => {
    expect(errors({ scale })).toBe(`scale: ${describeValue(scale)} given. Use a whole number from 1 to 20.`);
  });
});

describe('the removal policy', () => {
  test.each([RemovalPolicy.DESTROY, RemovalPolicy.RETAIN, RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE])('%s passes', (removalPolicy) => {
    expect(() => service({ removalPolicy })).not.toThrow();
  });

  test('fails for a snapshot', () => {
    expect(errors({ removalPolicy: RemovalPolicy.SNAPSHOT })).toBe(
      'removalPolicy: "snapshot" given. Use RemovalPolicy.DESTROY, RETAIN or RETAIN_ON_UPDATE_OR_DELETE. Lightsail has no snapshots of container services.');
  });
});

describe.each(['isDisabled', 'privateRegistryAccess'])('%s', (property) => {
  test.each([true, false, untyped(Lazy.any({ produce: () => true }))])('%p passes', (value) => {
    service({ [property]: value });

    expect(() => Template.fromStack(stack)).not.toThrow();
  });
});

describe('the public domain names', () => {
  const LABEL = 'a'.repeat(63);

  test.each([
    'example.com', 'www.example.com', 'a.b', '1.example.com', 'a-b.example.com', 'xn--bcher-kva.example', 'Example.COM', `${LABEL}.com`,
    `${LABEL}.${LABEL}.${LABEL}.${'a'.repeat(61)}`,
  ])('%j passes', (name) => {
    expect(() => service(withDomainNames({ certificateName: 'c', domainNames: [name] }))).not.toThrow();
  });

  test.each([
    '', 'example', 'https://example.com', 'example.com/', 'example.com:443', '.example.com', 'a..b',
    '-a.example.com', 'a-.example.com', 'a_b.example.com', '192.168.0.1', 'example.com\n', ' example.com', untyped(1), untyped(undefined),
  ])('fails for %j', (name) => {
    expect(errors(withDomainNames({ certificateName: 'c', domainNames: ['example.com', name] }))).toBe(
      `publicDomainNames[0].domainNames[1]: ${describeValue(name)} is not a domain name. Write it in full and in ASCII, without scheme, port, path or wildcard, `
      + "for example 'www.example.com'.");
  });

  test.each([
    ['example.com.', 'Write it without the dot at the end: "example.com".'], ['bücher.example', 'Write it in ASCII: "xn--bcher-kva.example".'],
    [`${LABEL}a.com`, 'Use at most 253 characters, and at most 63 between two dots.'],
    [`${LABEL}.${LABEL}.${LABEL}.${'a'.repeat(62)}`, 'Use at most 253 characters, and at most 63 between two dots.'],
  ])('fails for %j, with what to write instead', (name, remedy) => {
    expect(errors(withDomainNames({ certificateName: 'c', domainNames: ['example.com', name] })))
      .toBe(`publicDomainNames[0].domainNames[1]: ${describeValue(name)} is not a domain name. ${remedy}`);
  });

  test.each(['*.example.com', '*', 'www.*.com'])('fails for the wildcard %j', (name) => {
    expect(errors(withDomainNames({ certificateName: 'c', domainNames: [name] }))).toBe(
      `publicDomainNames[0].domainNames[0]: "${name}" is not a domain name. Lightsail has no certificates for wildcards. Write each domain name in full.`);
  });

  test('none passes', () => {
    expect(() => service(withDomainNames())).not.toThrow();
  });

  test('four of one certificate pass', () => {
    expect(() => service(withDomainNames({ certificateName: 'c', domainNames: domains(4) }))).not.toThrow();
  });

  test('four of four certificates pass', () => {
    expect(() => service(withDomainNames(...certificates(4)))).not.toThrow();
  });

  test('fails for five', () => {
    expect(errors(withDomainNames({ certificateName: 'a', domainNames: domains(3) }, { certificateName: 'b', domainNames: domains(2, 'example.org') })))
      .toBe('publicDomainNames: 5 domain names given, but a container service has at most 4. Remove some.');
  });

  test('fails for five certificates', () => {
    expect(errors(withDomainNames(...certificates(5))))
      .toContain('  - publicDomainNames: 5 certificates given, but a container service has at most 4. Remove some.');
  });

  test('fails for a certificate that is given twice', () => {
    expect(errors(withDomainNames(...['a', 'b', 'c'].map((name) => ({ certificateName: 'c', domainNames: [`${name}.example.com`] })))))
      .toBe('publicDomainNames: certificate "c" is given more than once. Put its domain names into one list.');
  });

  test('fails for a domain name that is given twice', () => {
    expect(errors(withDomainNames({ certificateName: 'a', domainNames: ['example.com'] }, { certificateName: 'b', domainNames: ['Example.com'] })))
      .toBe('publicDomainNames: domain name "example.com" is given more than once. Remove all but one.');
  });

  test.each(['', undefined, 1])('fails for the certificate %j', (name) => {
    expect(errors(withDomainNames({ certificateName: untyped(name), domainNames: ['example.com'] })))
      .toBe(`publicDomainNames[0].certificateName: ${describeValue(name)} given. Use the name of the Lightsail certificate of the domain names.`);
  });

  test('fails for a certificate without domain names', () => {
    expect(errors(withDomainNames({ certificateName: 'c', domainNames: [] })))
      .toBe('publicDomainNames[0].domainNames: none given. Add at least one, or remove the certificate.');
  });

  test.each(['example.com', undefined])('fails for %j instead of a list of domain names', (domainNames) => {
    expect(errors(withDomainNames({ certificateName: 'c', domainNames: untyped(domainNames) })))
      .toBe(`publicDomainNames[0].domainNames: ${describeValue(domainNames)} is not a list. Write the domain names as a list of strings.`);
  });

  test.each(['example.com', null, 1])('fails for %j instead of a certificate with its domain names', (entry) => {
    expect(errors({ publicDomainNames: [untyped(entry)] }))
      .toBe(`publicDomainNames[0]: ${describeValue(entry)} is not a certificate with its domain names. Use { certificateName, domainNames }.`);
  });

  test('pass as a token', () => {
    expect(() => service({ publicDomainNames: untyped(Lazy.any({ produce: () => [{ certificateName: 'c', domainNames: ['example.com'] }] })) })).not.toThrow();
  });

  test('fails for a map of certificates', () => {
    expect(errors({ publicDomainNames: untyped({ c: ['example.com'] }) }))
      .toBe('publicDomainNames: {"c":["example.com"]} is not a list. Use a list of { certificateName, domainNames }.');
  });
});

test('fails with all errors at once, and defines nothing', () => {
  expect(messageOf(() => service({
    containerServiceName: 'Web',
    power: ContainerServicePower.of('NANO'),
    scale: 0,
    publicDomainNames: [{ certificateName: '', domainNames: ['x'] }],
    privateRegistryAccess: untyped('yes'),
    isDisabled: untyped('yes'),
    removalPolicy: untyped('bogus'),
  })).split('\n').map((line) => line.split(':')[0])).toEqual([
    '[Stack/Service]', '  - containerServiceName', '  - power', '  - scale',
    '  - publicDomainNames[0].certificateName', '  - publicDomainNames[0].domainNames[0]', '  - privateRegistryAccess', '  - isDisabled', '  - removalPolicy',
  ]);
  expect(stack.node.findChild('Service').node.children).toEqual([]);
});
