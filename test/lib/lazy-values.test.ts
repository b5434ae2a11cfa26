import { CfnParameter, Duration, Lazy } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { container, Fixture, IMAGE, messageOf, WEB } from './fixture';
import {
  ContainerImage, ContainerProtocol, ContainerSecret, ContainerService, ContainerServicePower,
  type ContainerProps, type ContainerServiceProps,
} from '../../lib';

/*
 * The value of a `Lazy` follows the same rules as other values, and has the same errors.
 */
let fixture: Fixture;
beforeEach(() => {
  fixture = new Fixture();
});

const untyped = (value: unknown) => value as any;
const text = (value: unknown) => Lazy.string({ produce: () => untyped(value) });
const number = (value: number) => Lazy.number({ produce: () => value });
const any = (value: unknown) => untyped(Lazy.any({ produce: () => value }));

/** What synthesis fails with, line by line and without the path of the construct. */
function errors(path = 'Stack/Deployment'): string[] {
  return messageOf(() => fixture.app.synth()).split('\n').filter((line) => line.includes(`[${path}] `)).map((line) => line.trim().replace(`[${path}] `, ''));
}

const PORT_ERROR = 'is not a port. Use a whole number from 1 to 65535, written as a string without leading zeros.';

const IN_CONTAINER: Array<[string, () => Partial<ContainerProps>, string]> = [
  ['word of the command', () => ({ command: ['run', any(1)] }), 'containers.late.command[1]: a number is not a string. Quote it.'],
  ['command', () => ({ command: any('run') }), 'containers.late.command: a string is not a list. Write the program and its arguments as a list of strings.'],
  ['environment value', () => ({ environment: { PORT: any(80) } }), 'containers.late.environment.PORT: a number is not a string. Quote it.'],
  ['environment', () => ({ environment: any({ 'A=B': 'x' }) }),
    "containers.late.environment: \"A=…\" is not the name of an environment variable. It must not be empty or contain '='."],
  ['port', () => ({ ports: { [text('0')]: ContainerProtocol.HTTP } }), `containers.late.ports: "0" ${PORT_ERROR}`],
  ['ports', () => ({ ports: any({ 65536: 'HTTP' }) }), `containers.late.ports: "65536" ${PORT_ERROR}`],
  ['protocol', () => ({ ports: { 80: untyped(text('http')) } }), 'containers.late.ports.80: "http" is not a protocol. Use one of HTTP, HTTPS, TCP, UDP.'],
  ['image of a registry', () => ({ image: ContainerImage.fromRegistry(text('Nginx')) }),
    'ContainerImage.fromRegistry(): "Nginx" is not the name of an image in a registry. '
      + "Write it as [registry/]path[:tag][@sha256:digest] with a lower-case path, for example 'public.ecr.aws/nginx/nginx:1.27'."],
  ['label of an image stored on the service', () => ({ image: ContainerImage.fromContainerService(text('LATEST')) }),
    'ContainerImage.fromContainerService(): label: "LATEST" is not a valid name for a stored image. '
      + 'Use 1-53 characters: a-z, 0-9 and hyphens, with a letter or a digit at both ends.'],
  ['version of an image stored on the service', () => ({ image: ContainerImage.fromContainerService('app', number(0)) }),
    'ContainerImage.fromContainerService(): version: 0 given. Use a whole number of at least 1.'],
  ['environment that has the name of a secret', () => ({
    environment: any({ DB_PASSWORD: 'x' }),
    secrets: { DB_PASSWORD: ContainerSecret.fromSecretsManager(secretsmanager.Secret.fromSecretNameV2(fixture.stack, 'Secret', 'db')) },
  }), 'containers.late.secrets.DB_PASSWORD: environment also has a variable of that name. Remove it from one of them.'],
];

describe.each<[string, (props: ContainerProps) => void]>([
  ['the constructor', (props) => fixture.deployment({ containers: { late: props } })],
  ['addContainer()', (props) => fixture.deployment().addContainer('late', props)],
])('a container given to %s', (_, add) => {
  test.each(IN_CONTAINER)('fails at synthesis for a lazy %s', (__, props, error) => {
    add(container(props()));

    expect(errors()).toEqual([error]);
  });
});

describe('the image of a private Amazon ECR repository', () => {
  const withTag = (tag: string) => fixture.withContainer({
    image: ContainerImage.fromEcrRepository(ecr.Repository.fromRepositoryName(fixture.stack, 'Repository', 'repo'), tag),
  });

  test.each(['-1', 'a b', `sha256:${'0'.repeat(64)}`])('fails at synthesis for the lazy tag %j', (tag) => {
    withTag(text(tag));

    expect(errors()).toEqual([expect.stringMatching(new RegExp(`^ContainerImage\\.fromEcrRepository\\(\\): "${tag}" is neither a tag nor a digest\\.`))]);
  });

  test('passes with a lazy tag', () => {
    withTag(text('1.4.2'));

    expect(() => fixture.app.synth()).not.toThrow();
  });
});

describe('the deployment', () => {
  test.each<[string, () => void, string]>([
    ['name of the service', () => fixture.deployment({ service: ContainerService.fromContainerServiceName(fixture.stack, 'Service', text('Web')) }),
      'service: "Web" is not a valid name for a container service. Use 1-63 characters: a-z, 0-9 and hyphens, with a letter or a digit at both ends.'],
    ['name of a container', () => fixture.deployment({ containers: { [text('Web')]: container() } }),
      'containers: "Web" is not a valid name for a container. Use 1-53 characters: a-z, 0-9 and hyphens, with a letter or a digit at both ends.'],
    ['name of another container', () => fixture.deployment({ containers: { web: container(), [text('web')]: container() } }),
      'containers: there is more than one container "web". Use a different name for each.'],
    ['container of the endpoint', () => fixture.withEndpoint({ containerName: text('wep') }),
      'publicEndpoint.containerName: "wep" is not a container of this deployment (containers: web). Use one of these, or add it.'],
    ['port of the endpoint', () => fixture.withEndpoint({ containerPort: number(81) }),
      "publicEndpoint.containerPort: container \"web\" does not open port 81 (it opens 80). Add '81': ContainerProtocol.HTTP to its ports, "
        + 'or use a port that it opens as HTTP or HTTPS.'],
    ['protocol of the endpoint', () => fixture.withEndpoint({}, { web: container({ ports: { 80: untyped(text('TCP')) } }) }),
      'publicEndpoint.containerPort: container "web" opens port 80 as TCP, but a public endpoint needs HTTP or HTTPS. '
        + 'Change the protocol of the port, or use another port.'],
    ['interval', () => fixture.withHealthCheck({ interval: Duration.seconds(number(4)) }),
      'publicEndpoint.healthCheck.interval: 4 seconds given. Use 5 to 300 seconds, in whole seconds.'],
    ['timeout of the health check', () => fixture.withHealthCheck({ timeout: Duration.seconds(number(61)) }),
      'publicEndpoint.healthCheck.timeout: 61 seconds given. Use 2 to 60 seconds, in whole seconds.'],
    ['threshold', () => fixture.withHealthCheck({ healthyThreshold: number(0) }),
      'publicEndpoint.healthCheck.healthyThreshold: 0 given. Use a whole number of at least 1.'],
    ['path', () => fixture.withHealthCheck({ path: text('') }),
      "publicEndpoint.healthCheck.path: \"\" is empty. Use a path, for example '/healthz', or leave it out for '/'."],
    ['success codes', () => fixture.withHealthCheck({ successCodes: text('200-599') }),
      'publicEndpoint.healthCheck.successCodes: "200-599" are no success codes. '
        + "Use codes from 200 to 499: one ('200'), several ('200,202'), a range ('200-299') or both ('200,301-302')."],
    ['timeout', () => fixture.deployment({ timeout: Duration.seconds(number(59)) }),
      'timeout: 59 seconds given. Use 60 to 3600 seconds, in whole seconds. CloudFormation waits at most one hour for a custom resource.'],
    ['trigger', () => fixture.deployment({ triggers: { build: any(42) } }), 'triggers.build: 42 is not a string. Quote it.'],
  ])('fails at synthesis for a lazy %s', (_, define, error) => {
    define();

    expect(errors()).toEqual([error]);
  });

  test('fails with all errors at once', () => {
    fixture.withEndpoint({ containerPort: number(0), healthCheck: { path: text('') } }, { web: container({ ports: { 80: untyped(text('http')) } }) });

    expect(errors().map((error) => error.split(': ')[0])).toEqual([
      'containers.web.ports.80', 'publicEndpoint.containerPort', 'publicEndpoint.healthCheck.path', 'publicEndpoint.containerPort',
    ]);
  });

  test('passes with what only CloudFormation knows beside what a Lazy produces', () => {
    const parameter = new CfnParameter(fixture.stack, 'Text').valueAsString;
    fixture.withEndpoint({ containerName: text('web'), healthCheck: { path: parameter } }, {
      web: container({
        image: ContainerImage.fromRegistry(`nginx:${parameter}`),
        command: ['run', parameter, text('now')],
        environment: { A: parameter, B: `${text('b')}${parameter}` },
        ports: { [text('80')]: untyped(parameter) },
      }),
    });

    expect(fixture.properties().Containers.web).toMatchObject({ Command: ['run', { Ref: 'Text' }, 'now'], Ports: { 80: { Ref: 'Text' } } });
  });
});

describe('the container service', () => {
  test.each<[string, () => Partial<ContainerServiceProps>, string]>([
    ['name', () => ({ containerServiceName: text('Web') }), 'containerServiceName: "Web" is not a valid name for a container service.'],
    ['power', () => ({ power: ContainerServicePower.of(text('nano-1')) }), 'power: "nano-1" is not the name of a power.'],
    ['scale', () => ({ scale: number(21) }), 'scale: 21 given. Use a whole number from 1 to 20.'],
    ['isDisabled', () => ({ isDisabled: any('yes') }), 'isDisabled: "yes" given. Use true or false.'],
    ['privateRegistryAccess', () => ({ privateRegistryAccess: any(1) }), 'privateRegistryAccess: 1 given. Use true or false.'],
    ['domain name', () => ({ publicDomainNames: [{ certificateName: 'c', domainNames: [text('*.example.com')] }] }),
      'publicDomainNames[0].domainNames[0]: "*.example.com" is not a domain name.'],
    ['list of domain names', () => ({ publicDomainNames: [{ certificateName: 'c', domainNames: Lazy.list({ produce: () => ['a.com', 'A.com'] }) }] }),
      'publicDomainNames: domain name "a.com" is given more than once.'],
    ['list of certificates', () => ({
      publicDomainNames: any(Array.from({ length: 5 }, (_, index) => ({
        certificateName: `c${index}`, domainNames: index === 0 ? ['example.com'] : [`www${index}.example.com`],
      }))),
    }), 'publicDomainNames: 5 certificates given, but a container service has at most 4.'],
  ])('fails at synthesis for a lazy %s', (_, props, error) => {
    new ContainerService(fixture.stack, 'Service', { power: ContainerServicePower.NANO, ...props() });

    expect(errors('Stack/Service')).toContainEqual(expect.stringContaining(error));
  });

  test('passes with lazy values that keep to the rules', () => {
    new ContainerService(fixture.stack, 'Service', {
      containerServiceName: text('web'),
      power: ContainerServicePower.of(text('nano')),
      scale: number(20),
      publicDomainNames: any([{ certificateName: 'c', domainNames: ['example.com'] }]),
    }).addDeployment('Deployment', { containers: { web: { ...WEB, image: IMAGE } } });

    expect(() => fixture.app.synth()).not.toThrow();
  });
});
