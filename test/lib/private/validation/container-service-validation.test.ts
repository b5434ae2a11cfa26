import { Lazy, PhysicalName, RemovalPolicy, Token } from 'aws-cdk-lib';
import { ContainerServicePower } from '../../../../lib/container-service-power';
import type { ContainerServiceProps } from '../../../../lib/container-service-props';
import {
  validateContainerServiceArn, validateContainerService, validateHostName, validatePrincipalArn,
} from '../../../../lib/private/validation/container-service-validation';
import { describeValue } from '../../../../lib/private/validation/validation';

const TOKEN = Lazy.string({ produce: () => 'later' });
const ARN = 'arn:aws:lightsail:eu-central-1:111111111111:ContainerService/0123-abc';
const ROLE = 'arn:aws:iam::111111111111:role/amazon/lightsail/web';

function errors(props: object): string[] {
  return validateContainerService({ power: ContainerServicePower.NANO, ...props } as ContainerServiceProps);
}

function domains(certificateName: unknown, ...domainNames: unknown[]) {
  return { certificateName, domainNames };
}

test.each<[string, object]>([
  ['nothing but a power', {}],
  ['a name', { containerServiceName: 'web' }],
  ['a name that is a token', { containerServiceName: TOKEN }],
  ['a power that the class does not list', { power: ContainerServicePower.of('2xlarge') }],
  ['a power that is a token', { power: ContainerServicePower.of(TOKEN) }],
  ['the least scale', { scale: 1 }],
  ['the most scale', { scale: 20 }],
  ['a scale that is a token', { scale: Lazy.number({ produce: () => 7 }) }],
  ['DESTROY', { removalPolicy: RemovalPolicy.DESTROY }],
  ['no domains', { publicDomainNames: [] }],
  ['four certificates', { publicDomainNames: ['a', 'b', 'c', 'd'].map((name) => domains(name, `${name}.example.com`)) }],
  ['four domains', { publicDomainNames: [domains('a', 'example.com', 'www.example.com', 'EXAMPLE.org', 'a-1.example.org')] }],
  ['tokens', { publicDomainNames: [{ certificateName: TOKEN, domainNames: Token.asList(Lazy.any({ produce: () => [] })) }, domains('b', TOKEN)] }],
  ['an entry that is a token', { publicDomainNames: [Lazy.any({ produce: () => domains('a', 'a.com') })] }],
  ['a label of 63 characters', { publicDomainNames: [domains('a', `${'a'.repeat(63)}.com`)] }],
])('validateContainerService() accepts %s', (_, props) => {
  expect(errors(props)).toEqual([]);
});

const notDomain = "is not a domain name. Write it in full and in ASCII, without scheme, port, path or wildcard, for example 'www.example.com'.";

test.each<[object, string]>([
  [{ containerServiceName: 'Web' }, 'containerServiceName: "Web" is not a valid name for a container service. '
    + 'Use 1-63 characters: a-z, 0-9 and hyphens, with a letter or a digit at both ends.'],
  [{ containerServiceName: PhysicalName.GENERATE_IF_NEEDED }, 'containerServiceName: PhysicalName.GENERATE_IF_NEEDED is not supported. '
    + 'Leave the name out to generate one. To use the service in another account or Region, write a name.'],
  [{ power: ContainerServicePower.of('nano-1') }, 'power: "nano-1" is not the name of a power. Use lower-case letters and digits, '
    + "for example ContainerServicePower.of('nano'). Use the power's name (nano), not its id (nano-1)."],
  [{ power: ContainerServicePower.of('Nano') }, 'power: "Nano" is not the name of a power. Use lower-case letters and digits, '
    + "for example ContainerServicePower.of('nano'). Use the power's name (nano), not its id (nano-1)."],
  [{ power: ContainerServicePower.of('') }, 'power: "" is not the name of a power. Use lower-case letters and digits, '
    + "for example ContainerServicePower.of('nano'). Use the power's name (nano), not its id (nano-1)."],
  [{ power: 'nano' }, 'power: "nano" is not a ContainerServicePower. Use one of its constants, for example ContainerServicePower.NANO.'],
  [{ power: undefined }, 'power: undefined is not a ContainerServicePower. Use one of its constants, for example ContainerServicePower.NANO.'],
  [{ scale: 0 }, 'scale: 0 given. Use a whole number from 1 to 20.'],
  [{ scale: 21 }, 'scale: 21 given. Use a whole number from 1 to 20.'],
  [{ scale: 1.5 }, 'scale: 1.5 given. Use a whole number from 1 to 20.'],
  [{ privateRegistryAccess: 'true' }, 'privateRegistryAccess: "true" given. Use true or false.'],
  [{ isDisabled: 0 }, 'isDisabled: 0 given. Use true or false.'],
  [{ removalPolicy: RemovalPolicy.SNAPSHOT }, 'removalPolicy: "snapshot" given. '
    + 'Use RemovalPolicy.DESTROY, RETAIN or RETAIN_ON_UPDATE_OR_DELETE. Lightsail has no snapshots of container services.'],
  [{ publicDomainNames: { a: ['b'] } }, 'publicDomainNames: {"a":["b"]} is not a list. Use a list of { certificateName, domainNames }.'],
  [{ publicDomainNames: [null] }, 'publicDomainNames[0]: null is not a certificate with its domain names. Use { certificateName, domainNames }.'],
  [{ publicDomainNames: [domains('', 'example.com')] }, 'publicDomainNames[0].certificateName: "" given. Use the name of the Lightsail certificate of the domain names.'],
  [{ publicDomainNames: [domains(7, 'example.com')] }, 'publicDomainNames[0].certificateName: 7 given. Use the name of the Lightsail certificate of the domain names.'],
  [{ publicDomainNames: [domains('a')] }, 'publicDomainNames[0].domainNames: none given. Add at least one, or remove the certificate.'],
  [{ publicDomainNames: [{ certificateName: 'a', domainNames: 'example.com' }] },
    'publicDomainNames[0].domainNames: "example.com" is not a list. Write the domain names as a list of strings.'],
  ...['example', 'https://example.com', 'example.com:80', '-a.com', 'a-.com', 'a..com', '.com']
    .map((name): [object, string] => [{ publicDomainNames: [domains('a', 'ok.com', name)] }, `publicDomainNames[0].domainNames[1]: ${describeValue(name)} ${notDomain}`]),
  [{ publicDomainNames: [domains('a', 7)] }, `publicDomainNames[0].domainNames[0]: 7 ${notDomain}`],
  [{ publicDomainNames: [domains('a', 'a.com'), domains('a', 'b.com')] },
    'publicDomainNames: certificate "a" is given more than once. Put its domain names into one list.'],
  [{ publicDomainNames: [domains('a', 'a.com'), domains('b', 'A.com', 'a.COM')] }, 'publicDomainNames: domain name "a.com" is given more than once. Remove all but one.'],
  [{ publicDomainNames: ['a', 'b', 'c', 'd', 'e'].map((certificateName) => ({ certificateName, domainNames: Token.asList(Lazy.any({ produce: () => [] })) })) },
    'publicDomainNames: 5 certificates given, but a container service has at most 4. Remove some.'],
  [{ publicDomainNames: [domains('a', 'a.com', 'b.com', 'c.com', 'd.com', 'e.com')] },
    'publicDomainNames: 5 domain names given, but a container service has at most 4. Remove some.'],
])('validateContainerService() refuses %j', (props, error) => {
  expect(errors(props)).toEqual([error]);
});

test('validateContainerService() reports all errors at once', () => {
  expect(errors({ containerServiceName: 'Web', power: 'nano', scale: 0, publicDomainNames: 7, removalPolicy: RemovalPolicy.SNAPSHOT })).toHaveLength(5);
});

const arnShape = 'is not the ARN of a container service. Write it as arn:<partition>:lightsail:<region>:<account>:ContainerService/<id>.';

test.each<[string, string[]]>([
  [ARN, []],
  [ARN.replace('arn:aws:', 'arn:aws-us-gov:'), []],
  [TOKEN, []],
  ...['web', `x${ARN}`, `${ARN}/x`, `${ARN}:x`, `${ARN} `, ARN.replace('111111111111', '11111111111'), ARN.replace('lightsail', 'ecs'), ARN.replace(/[^/]+$/, '')]
    .map((arn): [string, string[]] => [arn, [`containerServiceArn: "${arn}" ${arnShape}`]]),
  ['arn:aws:lightsail:eu-central-1:111111111111:ContainerService/web', [
    'containerServiceArn: "arn:aws:lightsail:eu-central-1:111111111111:ContainerService/web" ends with the name of the container service, '
      + "but Lightsail's ARNs end with an id. Copy the ARN from `aws lightsail get-container-services`.",
  ]],
])('validateContainerServiceArn() of %j returns %j', (arn, expected) => {
  expect(validateContainerServiceArn(arn, 'web')).toEqual(expected);
});

test.each<[string | undefined, boolean]>([
  [undefined, true], [TOKEN, true], [ROLE, true], [ROLE.replace('arn:aws:', 'arn:aws-cn:'), true],
  ['', false], [`x${ROLE}`, false], [`${ROLE} x`, false], [ROLE.replace('role/', 'user/'), false], ['arn:aws:iam::111111111111:role/', false],
])('validatePrincipalArn() accepts %j: %p', (arn, passes) => {
  expect(validatePrincipalArn('principalArn', arn)).toEqual(passes ? []
    : [`principalArn: "${arn}" is not the ARN of a role. Copy it from \`aws lightsail get-container-services\`, or leave it out.`]);
});

const HOST = 'web.abcdefghij012.eu-central-1.cs.amazonlightsail.com';
const ARN_OF_HOST = 'arn:aws:lightsail:eu-central-1:111111111111:ContainerService/0a1b2c3d';

test.each<[string, unknown, string, string[]]>([
  ['none', undefined, ARN_OF_HOST, []],
  ['one in the Region of the ARN', HOST, ARN_OF_HOST, []],
  ['a token', TOKEN, ARN_OF_HOST, []],
  ['one with an ARN that is a token', HOST, TOKEN, []],
  ['one in another Region', HOST, ARN_OF_HOST.replace('eu-central-1', 'us-east-1'),
    [`hostName: "${HOST}" is in Region "eu-central-1", and the containerServiceArn in "us-east-1". Use both of one service.`]],
  ...[5, '', `https://${HOST}`, `${HOST}/`, `x/${HOST}`, HOST.replace('cs.', '')].map((host): [string, unknown, string, string[]] => [
    `the invalid ${host}`, host, ARN_OF_HOST, [`hostName: ${JSON.stringify(host)} is not the host name of a container service. `
      + 'Write it as <name>.<id>.<region>.cs.amazonlightsail.com, without scheme and slashes. It is in the URL of the service.'],
  ]),
])('validateHostName() of %s', (_, host, arn, expected) => {
  expect(validateHostName(host as string, arn)).toEqual(expected);
});
