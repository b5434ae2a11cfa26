import { Duration, Lazy, RemovalPolicy } from 'aws-cdk-lib';
import { container, Fixture, messageOf, WEB } from './fixture';
import { ContainerImage, ContainerService, ContainerServicePower } from '../../lib';

/*
 * Values that users of JavaScript, and of languages with weaker types, can pass. Each error says what to
 * write instead.
 */

type Props = Record<string, any>;

const USE_A_CONTAINER = "Use one, for example { image: ContainerImage.fromRegistry('nginx:1.27') }.";
const USE_AN_IMAGE = "Use one, for example ContainerImage.fromRegistry('nginx:1.27').";
const USE_CONTAINERS = "Use a map of names to containers, for example { web: { image: ContainerImage.fromRegistry('nginx:1.27') } }";
const USE_A_REMOVAL_POLICY = 'Use RemovalPolicy.DESTROY, RETAIN or RETAIN_ON_UPDATE_OR_DELETE. Lightsail has no snapshots of container services.';
const USE_A_SERVICE = "Use a ContainerService, ContainerService.fromContainerServiceName(this, 'Service', 'name') or a CfnContainer.";
const USE_SUCCESS_CODES = "Use codes from 200 to 499: one ('200'), several ('200,202'), a range ('200-299') or both ('200,301-302').";

function messageFor(props: Props): string {
  const fixture = new Fixture();
  const message = messageOf(() => fixture.deployment({
    service: ContainerService.fromContainerServiceName(fixture.stack, 'Service', 'web'), ...props,
  }));
  expect(message).toMatch(/^\[Stack\/Deployment\] /);
  return message.slice('[Stack/Deployment] '.length);
}

const circular: Props = {};
circular.itself = circular;

test.each<[string, Props, string]>([
  ['a missing service', { service: undefined }, `service: missing. ${USE_A_SERVICE}`],
  ['null as service', { service: null }, `service: null is not a container service. ${USE_A_SERVICE}`],
  ['a name as service', { service: 'web' },
    'service: "web" is a string. Write it as ContainerService.fromContainerServiceName(this, \'Service\', "web").'],
  ['another object as service', { service: { name: 'web' } }, `service: {"name":"web"} is not a container service. ${USE_A_SERVICE}`],
  ['another construct as service', { service: new Fixture().app }, `service: an instance of App is not a container service. ${USE_A_SERVICE}`],
  ['a reference without an ARN', { service: { containerRef: { serviceName: 'web' } } },
    `service: {"containerRef":{"serviceName":"web"}} is not a container service. ${USE_A_SERVICE}`],

  ['missing containers', { containers: undefined }, `containers: missing. ${USE_CONTAINERS}. Use {} if addContainer() adds all containers.`],
  ['null as containers', { containers: null }, `containers: null is not a map that is known at synthesis. ${USE_CONTAINERS}.`],
  ['a list of containers', { containers: ['web'] }, `containers: a list is not a map that is known at synthesis. ${USE_CONTAINERS}.`],
  ['a JavaScript Map of containers', { containers: new Map([['web', WEB]]) }, `containers: an instance of Map is not a map that is known at synthesis. ${USE_CONTAINERS}.`],
  ['a token as containers', { containers: Lazy.any({ produce: () => ({}) }) }, `containers: a token is not a map that is known at synthesis. ${USE_CONTAINERS}.`],
  ['a missing container', { containers: { web: undefined } }, `containers.web: undefined is not a container. ${USE_A_CONTAINER}`],
  ['an image as container', { containers: { web: 'nginx' } }, `containers.web: a string is not a container. ${USE_A_CONTAINER}`],

  ['a name as public endpoint', { publicEndpoint: 'web' },
    'publicEndpoint: "web" is not a public endpoint. Use one, for example { containerName: \'web\', containerPort: 80 }.'],
  ['a missing container name', { publicEndpoint: { containerPort: 80 } },
    'publicEndpoint.containerName: missing. Use the name of a container of this deployment.'],
  ['a number as container name', { publicEndpoint: { containerName: 5, containerPort: 80 } },
    'publicEndpoint.containerName: 5 is not a string. Use the name of a container of this deployment.'],
  ['a missing container port', { publicEndpoint: { containerName: 'web' } },
    'publicEndpoint.containerPort: missing. Use a port that the container opens as HTTP or HTTPS, for example 80.'],
  ['a container port that is no number', { publicEndpoint: { containerName: 'web', containerPort: NaN } },
    'publicEndpoint.containerPort: NaN given. Use a whole number from 1 to 65535.'],

  ['a number as timeout', { timeout: 5 }, 'timeout: 5 is not a Duration. Write it as Duration.seconds(5).'],
  ['a text as timeout', { timeout: '30m' }, 'timeout: "30m" is not a Duration. Write it as Duration.seconds(…).'],
  ['no number as timeout', { timeout: NaN }, 'timeout: NaN is not a Duration. Write it as Duration.seconds(…).'],
  ['a token as timeout', { timeout: Lazy.number({ produce: () => 60 }) }, 'timeout: <token> is not a Duration. Write it as Duration.seconds(…).'],
  ['a list of triggers', { triggers: ['42'] }, 'triggers: ["42"] is not a map. Use names and values, for example { build: \'42\' }.'],
  ['a text as triggers', { triggers: '42' }, 'triggers: "42" is not a map. Use names and values, for example { build: \'42\' }.'],
  ['a value that refers to itself', { removalPolicy: circular },
    'removalPolicy: a map given. Use RemovalPolicy.RETAIN, which keeps the containers running, or RemovalPolicy.DESTROY, which disables the container service.'],
])('fails for %s', (_, props, message) => {
  expect(messageFor(props)).toBe(message);
});

test.each<[string, Props, string]>([
  ['a missing image', { image: undefined }, `image: missing. ${USE_AN_IMAGE}`],
  ['null as image', { image: null }, `image: null is not a ContainerImage. ${USE_AN_IMAGE}`],
  ['a name as image', { image: 'nginx' }, 'image: "nginx" is a string. Use ContainerImage.fromRegistry(\'nginx\').'],
  ['a token as image', { image: Lazy.string({ produce: () => 'nginx' }) }, "image: <token> is a string. Use ContainerImage.fromRegistry('<token>')."],
  ['another object as image', { image: { name: 'nginx' } }, `image: {"name":"nginx"} is not a ContainerImage. ${USE_AN_IMAGE}`],
  ['another construct as image', { image: new Fixture().app }, "image: an instance of App of aws-cdk-lib is not a ContainerImage of cdk-lightsail-containers. Import ContainerImage from cdk-lightsail-containers, for example ContainerImage.fromRegistry('nginx:1.27')."],
  ['a class as image', { image: ContainerImage }, `image: a function is not a ContainerImage. ${USE_AN_IMAGE}`],
  ['a map as command', { command: { run: 'it' } }, 'command: a map is not a list. Write the program and its arguments as a list of strings.'],
  ['a list of ports', { ports: [80] }, "ports: [80] is not a map. Write each port with its protocol, for example { '80': ContainerProtocol.HTTP }."],
  ['a number as ports', { ports: 80 }, "ports: 80 is not a map. Write each port with its protocol, for example { '80': ContainerProtocol.HTTP }."],
  ['a list as environment', { environment: ['TOKEN=secret'] }, "environment: a list given. Use a map of names to values, for example { LOG_LEVEL: 'info' }."],
  ['a text as environment', { environment: 'TOKEN=secret' }, "environment: a string given. Use a map of names to values, for example { LOG_LEVEL: 'info' }."],
  ['a JavaScript Map as environment', { environment: new Map([['TOKEN', 'secret']]) },
    "environment: an instance of Map given. Use a map of names to values, for example { LOG_LEVEL: 'info' }."],
])('fails for %s of a container', (_, props, message) => {
  expect(messageFor({ containers: { web: container(props) } })).toBe(`containers.web.${message}`);
});

test.each<[string, any, string]>([
  ['a path', '/healthz', '"/healthz" is not a health check. Use one, for example { path: \'/healthz\' }.'],
  ['null', null, "null is not a health check. Use one, for example { path: '/healthz' }."],
])('fails for %s as health check', (_, healthCheck, message) => {
  expect(messageFor({ publicEndpoint: { containerName: 'web', containerPort: 80, healthCheck } })).toBe(`publicEndpoint.healthCheck: ${message}`);
});

test.each<[string, Props, string]>([
  ['a number as path', { path: 5 }, "path: 5 is not a string. Use a path, for example '/healthz', or leave it out for '/'."],
  ['a number as success codes', { successCodes: 200 }, `successCodes: 200 is not a string. ${USE_SUCCESS_CODES}`],
  ['a list of success codes', { successCodes: ['200'] }, `successCodes: ["200"] is not a string. ${USE_SUCCESS_CODES}`],
  ['a number as interval', { interval: 5 }, 'interval: 5 is not a Duration. Write it as Duration.seconds(5).'],
  ['a number as timeout', { timeout: 2.5 }, 'timeout: 2.5 is not a Duration. Write it as Duration.seconds(2.5).'],
  ['a duration as threshold', { healthyThreshold: Duration.seconds(1) }, 'healthyThreshold: an instance of Duration given. Use a whole number of at least 1.'],
])('fails for %s of a health check', (_, healthCheck, message) => {
  expect(messageFor({ publicEndpoint: { containerName: 'web', containerPort: 80, healthCheck } })).toBe(`publicEndpoint.healthCheck.${message}`);
});

test.each<[string, Props, string]>([
  ['a text as removal policy', { removalPolicy: 'bogus' }, `removalPolicy: "bogus" given. ${USE_A_REMOVAL_POLICY}`],
  ['null as removal policy', { removalPolicy: null }, `removalPolicy: null given. ${USE_A_REMOVAL_POLICY}`],
  ['a token as removal policy', { removalPolicy: Lazy.string({ produce: () => 'destroy' }) }, `removalPolicy: <token> given. ${USE_A_REMOVAL_POLICY}`],
  ['a text as isDisabled', { isDisabled: 'yes' }, 'isDisabled: "yes" given. Use true or false.'],
  ['a number as isDisabled', { isDisabled: 0 }, 'isDisabled: 0 given. Use true or false.'],
  ['null as isDisabled', { isDisabled: null }, 'isDisabled: null given. Use true or false.'],
  ['a text as privateRegistryAccess', { privateRegistryAccess: 'yes' }, 'privateRegistryAccess: "yes" given. Use true or false.'],
  ['a map as privateRegistryAccess', { privateRegistryAccess: { ecrImagePullerRole: { isActive: true } } },
    'privateRegistryAccess: {"ecrImagePullerRole":{"isActive":true}} given. Use true or false.'],
])('fails for %s of a container service, and defines nothing', (_, props, message) => {
  const { stack } = new Fixture();

  expect(messageOf(() => new ContainerService(stack, 'Service', { power: ContainerServicePower.NANO, ...props }))).toBe(`[Stack/Service] ${message}`);
  expect(stack.node.findChild('Service').node.children).toEqual([]);
});

test('fails for them in addContainer() as well', () => {
  const deployment = new Fixture().deployment();

  expect(messageOf(() => deployment.addContainer('other', undefined as any))).toBe(`[Stack/Deployment] containers.other: undefined is not a container. ${USE_A_CONTAINER}`);
  expect(messageOf(() => deployment.addContainer('other', { image: 'nginx' as any })))
    .toBe('[Stack/Deployment] containers.other.image: "nginx" is a string. Use ContainerImage.fromRegistry(\'nginx\').');
  expect(messageOf(() => deployment.addContainer(undefined as any, WEB))).toContain('[Stack/Deployment] containers: undefined is not a valid name for a container.');
});

test.each<[string, Props, string]>([
  ['a list of containers', { containers: [{ environment: { PASSWORD: 'hunter2' } }] }, `containers: a list is not a map that is known at synthesis. ${USE_CONTAINERS}.`],
  ['a text as containers', { containers: 'PASSWORD=hunter2' }, `containers: a string is not a map that is known at synthesis. ${USE_CONTAINERS}.`],
  ['a list as container', { containers: { web: [{ environment: { PASSWORD: 'hunter2' } }] } }, `containers.web: a list is not a container. ${USE_A_CONTAINER}`],
  ['a text as container', { containers: { web: 'PASSWORD=hunter2' } }, `containers.web: a string is not a container. ${USE_A_CONTAINER}`],
])('does not show what is in %s', (_, props, message) => {
  expect(messageFor(props)).toBe(message);
});

test('shows only the beginning of a long value', () => {
  const message = messageFor({ removalPolicy: 'x'.repeat(5000) });

  expect(message).toMatch(/^removalPolicy: "x{199}… given\. Use /);
});

test('reports all errors of untyped values at once', () => {
  const message = messageOf(() => new Fixture().deployment({
    service: 'web',
    containers: { web: 'nginx', cache: { image: 'redis' } },
    publicEndpoint: 'web',
    timeout: 5,
    triggers: '42',
    removalPolicy: RemovalPolicy.SNAPSHOT,
    waitForUrl: 1,
  } as any));

  expect(message.split('\n').slice(1).map((line) => line.split(': ')[0])).toEqual([
    '  - service', '  - containers.web', '  - containers.cache.image', '  - publicEndpoint', '  - timeout', '  - triggers', '  - removalPolicy', '  - waitForUrl',
  ]);
});

test('accepts objects of another copy of the libraries', () => {
  const fixture = new Fixture();
  const seconds = { toSeconds: () => 90, isUnresolved: () => false, unitLabel: () => 'seconds' } as unknown as Duration;
  fixture.deployment({ timeout: seconds, containers: { web: { image: { bind: () => ({ imageName: 'nginx' }) } as ContainerImage } } });

  expect(fixture.properties()).toMatchObject({ Timeout: 90, Containers: { web: { Image: 'nginx' } } });
});
