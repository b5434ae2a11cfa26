import { CfnParameter, Duration, Lazy, RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import * as lightsail from 'aws-cdk-lib/aws-lightsail';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import { container, Fixture, IMAGE, messageOf, WEB } from './fixture';
import {
  ContainerImage, ContainerProtocol, ContainerSecret, ContainerService, ContainerServiceDeployment, ContainerServicePower,
  type ContainerProps, type ContainerServiceDeploymentProps,
} from '../../lib';

const HTTP = ContainerProtocol.HTTP;

let fixture: Fixture;
beforeEach(() => {
  fixture = new Fixture();
});

/** What users of JavaScript, and of languages whose types are less strict, can give. */
const untyped = (value: unknown) => value as any;

const names = (count: number) => Array.from({ length: count }, (_, index) => `c${index}`);

const containersOf = (...list: string[]) => Object.fromEntries(list.map((name) => [name, container()]));

const GOOD_NAMES = ['a', '0', 'ab', '1a', 'a-b', 'a--b', '0-0', 'web-1'];
const BAD_NAMES = ['', '-', '-a', 'a-', 'ab-', '--', '-ab', 'A', 'Web', 'a_b', 'a.b', 'a b', 'a\n', 'ä'];

describe('the name of a container', () => {
  test.each([...GOOD_NAMES, 'a'.repeat(53)])('%j passes', (name) => {
    fixture.deployment({ containers: containersOf(name) });

    expect(Object.keys(fixture.properties().Containers)).toEqual([name]);
  });

  test.each([...BAD_NAMES, 'a'.repeat(54)])('fails for %j', (name) => {
    expect(messageOf(() => fixture.deployment({ containers: containersOf(name) }))).toBe(
      `[Stack/Deployment] containers: ${JSON.stringify(name)} is not a name for a container. `
      + 'Use 1-53 characters: a-z, 0-9 and hyphens, with a letter or a digit at both ends.');
  });

  test('fails in addContainer() as well', () => {
    expect(messageOf(() => fixture.deployment().addContainer('Web', WEB))).toContain('[Stack/Deployment] containers: "Web" is not a name');
  });
});

describe('the name of a container service', () => {
  test.each([...GOOD_NAMES, 'a'.repeat(63)])('%j passes', (name) => {
    fixture.deployment({ service: ContainerService.fromContainerServiceName(fixture.stack, 'Service', name) });

    expect(fixture.properties().ServiceName).toBe(name);
  });

  test.each([...BAD_NAMES, 'a'.repeat(64)])('fails for %j', (name) => {
    const reason = `${JSON.stringify(name)} is not a name for a container service. `
      + 'Use 1-63 characters: a-z, 0-9 and hyphens, with a letter or a digit at both ends.';

    expect(messageOf(() => ContainerService.fromContainerServiceName(fixture.stack, 'Service', name)))
      .toBe(`[Stack/Service] containerServiceName: ${reason}`);
    // Another library's reference to a service.
    const service = Object.create(fixture.service(), { containerRef: { value: { serviceName: name, containerArn: 'arn' } } });
    expect(messageOf(() => fixture.deployment({ service }))).toBe(`[Stack/Deployment] service: ${reason}`);
  });
});

describe('the ports of a container', () => {
  test.each(['1', '80', '65535'])('%j passes', (port) => {
    fixture.withContainer({ ports: { [port]: HTTP } });

    expect(fixture.properties().Containers.web.Ports).toEqual({ [port]: 'HTTP' });
  });

  test.each(['', '0', '65536', '080', '-1', '80.5', '1e3', ' 80', '80\n', 'x', '80/tcp'])('fails for %j', (port) => {
    expect(messageOf(() => fixture.withContainer({ ports: { [port]: HTTP } }))).toBe(
      `[Stack/Deployment] containers.web.ports: ${JSON.stringify(port)} is not a port. `
      + 'Use a whole number from 1 to 65535, written as a string without leading zeros.');
  });

  test.each(Object.values(ContainerProtocol))('the protocol %s passes', (protocol) => {
    fixture.withContainer({ ports: { 80: protocol } });

    expect(fixture.properties().Containers.web.Ports).toEqual({ 80: protocol });
  });

  test.each(['http', 'TLS', '', 80, undefined])('fails for the protocol %j', (protocol) => {
    expect(messageOf(() => fixture.withContainer({ ports: { 80: untyped(protocol) } }))).toBe(
      `[Stack/Deployment] containers.web.ports.80: ${protocol === undefined ? 'undefined' : JSON.stringify(protocol)} is not a protocol. `
      + 'Use one of HTTP, HTTPS, TCP, UDP.');
  });
});

describe('command, environment and image of a container', () => {
  test.each([1, true, undefined, { a: 'b' }])('fails for %j in the command', (word) => {
    expect(messageOf(() => fixture.withContainer({ command: ['run', untyped(word)] })))
      .toBe(`[Stack/Deployment] containers.web.command[1]: ${JSON.stringify(word) ?? 'undefined'} is not a string. Quote it.`);
  });

  test('fails for a command that is one string', () => {
    expect(messageOf(() => fixture.withContainer({ command: untyped('nginx -t') }))).toBe(
      '[Stack/Deployment] containers.web.command: a string is not a list. Give the program and its arguments as a list of strings.');
  });

  test.each([
    [80, 'a number'], [false, 'a boolean'], [undefined, 'undefined'], [null, 'null'], [['a'], 'a list'], [{ a: 'b' }, 'a map'],
  ])('fails for the environment value %j, and does not tell it', (value, type) => {
    expect(messageOf(() => fixture.withContainer({ environment: { PORT: untyped(value) } })))
      .toBe(`[Stack/Deployment] containers.web.environment.PORT: ${type} given. Use a string: quote it.`);
  });

  test.each([['', ''], ['A=B', 'A=…'], ['A=B=C\nD', 'A=…'], ['=', '='], ['A\0', 'A\0']])('fails for the environment name %j', (name, told) => {
    expect(messageOf(() => fixture.withContainer({ environment: { [name]: 'value' } }))).toBe(
      `[Stack/Deployment] containers.web.environment: ${JSON.stringify(told)} is not the name of an environment variable. It must not be empty, nor hold '='.`);
  });

  test.each(['lower', 'WITH.DOT', 'with-hyphen', '1ST', 'MIT LEERZEICHEN'])('the environment name %j passes', (name) => {
    fixture.withContainer({ environment: { [name]: 'a=b' } });

    expect(fixture.properties().Containers.web.Environment).toEqual({ [name]: 'a=b' });
  });

  test('fails without an image', () => {
    expect(messageOf(() => fixture.withContainer({ image: undefined }))).toBe(
      "[Stack/Deployment] containers.web.image: missing. Give one, for example ContainerImage.fromRegistry('nginx:1.27').");
  });
});

describe('a name that CloudFormation takes for one of its functions', () => {
  const secret = (id = 'Parameter') =>
    ContainerSecret.fromSsmParameter(ssm.StringParameter.fromSecureStringParameterAttributes(fixture.stack, id, { parameterName: '/key' }));
  const PROPERTIES: Array<[string, (name: string, others: object) => unknown]> = [
    ['containers.web.environment', (name, others) => fixture.withContainer({ environment: { [name]: 'value', ...others } })],
    ['containers.web.secrets', (name, others) => fixture.withContainer({ secrets: { [name]: secret(), ...others } })],
    ['triggers', (name, others) => fixture.deployment({ triggers: { [name]: 'value', ...others } })],
  ];

  describe.each(PROPERTIES)('in %s', (property, define) => {
    const fault = (name: string) => `[Stack/Deployment] ${property}: "${name}" is the name of a CloudFormation function, `
      + 'and CloudFormation would call that instead of taking the map as it is. Use another name.';

    test.each(['Ref', 'Fn::GetAtt', 'Fn::'])('fails for %s', (name) => {
      expect(messageOf(() => define(name, {}))).toBe(fault(name));
    });

    test('fails beside other names, which may be removed later', () => {
      expect(messageOf(() => define('Ref', property.endsWith('secrets') ? { OTHER: secret('Other') } : { OTHER: 'value' }))).toBe(fault('Ref'));
    });

    test.each(['REF', 'ref', 'Ref2', 'Fn', 'Fn:x', 'fn::x', 'xFn::'])('%s passes', (name) => {
      define(name, {});

      expect(JSON.stringify(fixture.properties())).toContain(`"${name}":`);
    });
  });

  test('fails in addContainer() as well', () => {
    expect(messageOf(() => fixture.deployment().addContainer('worker', container({ environment: { Ref: 'value' } }))))
      .toContain('[Stack/Deployment] containers.worker.environment: "Ref" is the name of a CloudFormation function');
  });
});

describe('the health check', () => {
  test.each([5, 6, 299, 300])('an interval of %d seconds passes', (seconds) => {
    fixture.withHealthCheck({ interval: Duration.seconds(seconds) });

    expect(fixture.properties().PublicEndpoint.HealthCheck).toEqual({ IntervalSeconds: seconds });
  });

  test.each([
    [Duration.seconds(0), 0], [Duration.seconds(4), 4], [Duration.millis(5500), 5.5], [Duration.seconds(301), 301], [Duration.days(1), 86400],
  ])('fails for an interval of %s', (interval, seconds) => {
    expect(messageOf(() => fixture.withHealthCheck({ interval }))).toBe(
      `[Stack/Deployment] publicEndpoint.healthCheck.interval: ${seconds} seconds given. Use 5 to 300 seconds, in whole seconds.`);
  });

  test.each([2, 3, 59, 60])('a timeout of %d seconds passes', (seconds) => {
    fixture.withHealthCheck({ timeout: Duration.seconds(seconds) });

    expect(fixture.properties().PublicEndpoint.HealthCheck).toEqual({ TimeoutSeconds: seconds });
  });

  test.each([
    [Duration.seconds(1), 1], [Duration.millis(2500), 2.5], [Duration.seconds(61), 61],
  ])('fails for a timeout of %s', (timeout, seconds) => {
    expect(messageOf(() => fixture.withHealthCheck({ timeout }))).toBe(
      `[Stack/Deployment] publicEndpoint.healthCheck.timeout: ${seconds} seconds given. Use 2 to 60 seconds, in whole seconds.`);
  });

  describe.each([
    ['healthyThreshold', 'HealthyThreshold'], ['unhealthyThreshold', 'UnhealthyThreshold'],
  ])('%s', (property, rendered) => {
    test.each([1, 2, 100])('%d passes', (threshold) => {
      fixture.withHealthCheck({ [property]: threshold });

      expect(fixture.properties().PublicEndpoint.HealthCheck).toEqual({ [rendered]: threshold });
    });

    test.each([0, 1.5, -2, '2'])('fails for %j', (threshold) => {
      expect(messageOf(() => fixture.withHealthCheck({ [property]: threshold }))).toBe(
        `[Stack/Deployment] publicEndpoint.healthCheck.${property}: ${JSON.stringify(threshold)} given. Use a whole number of at least 1.`);
    });
  });

  test.each(['200', '499', '200,202', '200,204,302,404', '200-299', '200-499', '204-204'])('the success codes %j pass', (successCodes) => {
    fixture.withHealthCheck({ successCodes });

    expect(fixture.properties().PublicEndpoint.HealthCheck).toEqual({ SuccessCodes: successCodes });
  });

  test.each([
    '', '199', '500', '199,200', '200,500', '199-299', '200-500', '299-200', 'abc', '2xx', '20', '2000', '200,', ',200', '200, 202', '200-', '200-204,301',
    '200-204-206', '200\n',
  ])('fails for the success codes %j', (successCodes) => {
    expect(messageOf(() => fixture.withHealthCheck({ successCodes }))).toBe(
      `[Stack/Deployment] publicEndpoint.healthCheck.successCodes: ${JSON.stringify(successCodes)} are no success codes. `
      + "Use codes from 200 to 499: one ('200'), several ('200,202') or a range ('200-299').");
  });

  test.each(['/', '/healthz', 'healthz', '.'])('the path %j passes', (path) => {
    fixture.withHealthCheck({ path });

    expect(fixture.properties().PublicEndpoint.HealthCheck).toEqual({ Path: path });
  });

  test('fails for an empty path', () => {
    expect(messageOf(() => fixture.withHealthCheck({ path: '' }))).toBe(
      "[Stack/Deployment] publicEndpoint.healthCheck.path: \"\" is empty. Give a path, for example '/healthz', or leave it out for '/'.");
  });
});

describe('the public endpoint', () => {
  test.each([1, 65535])('the port %d passes', (containerPort) => {
    fixture.withEndpoint({ containerPort }, { web: container({ ports: { [containerPort]: HTTP } }) });

    expect(fixture.properties().PublicEndpoint.ContainerPort).toBe(containerPort);
  });

  test.each([0, 65536, 80.5, -1, '80'])('fails for the port %j', (containerPort) => {
    expect(messageOf(() => fixture.withEndpoint({ containerPort: untyped(containerPort) }))).toBe(
      `[Stack/Deployment] publicEndpoint.containerPort: ${JSON.stringify(containerPort)} given. Use a whole number from 1 to 65535.`);
  });

  test.each([HTTP, ContainerProtocol.HTTPS])('a port with %s passes', (protocol) => {
    fixture.withEndpoint({}, { web: container({ ports: { 80: protocol } }) });

    expect(() => fixture.app.synth()).not.toThrow();
  });

  test.each([ContainerProtocol.TCP, ContainerProtocol.UDP])('fails at synthesis for a port with %s', (protocol) => {
    fixture.withEndpoint({}, { web: container({ ports: { 80: protocol } }) });

    expect(messageOf(() => fixture.app.synth())).toContain(
      `[Stack/Deployment] publicEndpoint.containerPort: container "web" opens port 80 as ${protocol}, and a public endpoint needs HTTP or HTTPS. `
      + 'Change the protocol of the port, or name another port.');
  });

  test('fails at synthesis for a container that is not there', () => {
    fixture.withEndpoint({ containerName: 'wbe' }, untyped({ web: WEB, cache: container() }));

    expect(messageOf(() => fixture.app.synth())).toContain(
      '[Stack/Deployment] publicEndpoint.containerName: "wbe" is none of the deployment\'s containers (web, cache). '
      + 'Name one of them, or add a container of that name.');
  });

  test('fails at synthesis for a port that another container opens', () => {
    const ports = { 8080: HTTP, 8443: ContainerProtocol.HTTPS, 53: ContainerProtocol.UDP };
    fixture.withEndpoint({}, untyped({ web: container({ ports }), other: WEB }));

    expect(messageOf(() => fixture.app.synth())).toContain(
      '[Stack/Deployment] publicEndpoint.containerPort: container "web" does not open port 80 (it opens 8080, 8443). '
      + "Add '80': ContainerProtocol.HTTP to its ports, or name a port that it opens as HTTP or HTTPS.");
  });

  test('fails at synthesis for a container without ports', () => {
    fixture.withEndpoint({}, { web: container() });

    expect(messageOf(() => fixture.app.synth())).toContain('publicEndpoint.containerPort: container "web" does not open port 80. Add');
  });

  test('may name a container that is added later', () => {
    const deployment = fixture.withEndpoint({ containerName: 'late' });
    deployment.addContainer('late', WEB);

    expect(() => fixture.app.synth()).not.toThrow();
  });
});

describe('the containers together', () => {
  test('fail at synthesis when there are none', () => {
    fixture.deployment({ containers: {} });

    expect(messageOf(() => fixture.app.synth())).toContain(
      '[Stack/Deployment] containers: none given. A deployment needs at least one: add it to containers, or call addContainer().');
  });

  test('are ten at most', () => {
    fixture.deployment({ containers: containersOf(...names(10)) });

    expect(Object.keys(fixture.properties().Containers)).toEqual(names(10));
  });

  test('fail at synthesis when there are eleven', () => {
    const deployment = fixture.deployment({ containers: containersOf(...names(10)) });
    deployment.addContainer('c10', container());

    expect(messageOf(() => fixture.app.synth())).toContain(
      `[Stack/Deployment] containers: 11 given (${names(11).join(', ')}), and a deployment holds at most 10. Move some to another container service.`);
  });

  test('fail for a name that is given twice, and keep the first', () => {
    const deployment = fixture.deployment();

    expect(messageOf(() => deployment.addContainer('web', container({ command: ['other'] }))))
      .toBe('[Stack/Deployment] containers: there is a container "web" already. Give this one another name.');
    expect(fixture.properties().Containers.web.Command).toBeUndefined();
  });
});

describe('the timeout of the deployment', () => {
  test.each([60, 61, 3599, 3600])('%d seconds pass', (seconds) => {
    fixture.deployment({ timeout: Duration.seconds(seconds) });

    expect(fixture.properties()).toMatchObject({ Timeout: seconds });
  });

  test.each([[60, 240], [1800, 1980], [3419, 3599], [3420, 3600], [3421, 3600], [3600, 3600]])('of %d seconds leaves CloudFormation %d', (seconds, later) => {
    fixture.deployment({ timeout: Duration.seconds(seconds) });

    expect(fixture.properties()).toMatchObject({ Timeout: seconds, ServiceTimeout: String(later) });
  });

  test.each([
    [Duration.seconds(0), 0], [Duration.seconds(59), 59], [Duration.millis(60500), 60.5], [Duration.seconds(3601), 3601], [Duration.hours(2), 7200],
  ])('fails for %s', (timeout, seconds) => {
    expect(messageOf(() => fixture.deployment({ timeout }))).toBe(
      `[Stack/Deployment] timeout: ${seconds} seconds given. Use 60 to 3600 seconds, in whole seconds; `
      + 'CloudFormation gives a custom resource one hour at most.');
  });
});

describe('triggers', () => {
  test('may hold tokens', () => {
    const build = new CfnParameter(fixture.stack, 'Build').valueAsString;
    fixture.deployment({ triggers: { build, lazy: Lazy.string({ produce: () => 'late' }), empty: '' } });

    expect(fixture.properties().Triggers).toEqual({ build: { Ref: 'Build' }, lazy: 'late', empty: '' });
  });

  test.each([5, true, undefined, null, ['a'], { a: 'b' }])('fail for the value %j', (value) => {
    expect(messageOf(() => fixture.deployment({ triggers: { build: untyped(value) } })))
      .toBe(`[Stack/Deployment] triggers.build: ${JSON.stringify(value) ?? 'undefined'} is not a string. Quote it.`);
  });
});

describe('the removal policy', () => {
  test.each([RemovalPolicy.SNAPSHOT, RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE, 'Destroy', true])('fails for %j', (removalPolicy) => {
    expect(messageOf(() => fixture.deployment({ removalPolicy: untyped(removalPolicy) }))).toBe(
      `[Stack/Deployment] removalPolicy: ${JSON.stringify(removalPolicy)} given. Use RemovalPolicy.RETAIN, which leaves what runs as it is, `
      + 'or RemovalPolicy.DESTROY, which disables the container service.');
  });
});

describe('waiting for the URL', () => {
  test('fails without a public endpoint', () => {
    expect(messageOf(() => fixture.deployment({ waitForUrl: true }))).toBe(
      '[Stack/Deployment] waitForUrl: true given, and there is no publicEndpoint: the URL would answer 404 for ever. '
      + 'Give a publicEndpoint, or leave waitForUrl out.');
  });

  test.each(['true', 1, null])('fails for %j', (waitForUrl) => {
    expect(messageOf(() => fixture.withEndpoint({}, undefined, { waitForUrl: untyped(waitForUrl) })))
      .toBe(`[Stack/Deployment] waitForUrl: ${JSON.stringify(waitForUrl)} given. Use true or false.`);
  });
});

describe('a duration that is known only at deployment', () => {
  const later = () => Lazy.number({ produce: () => 60 });
  const fault = (property: string, unit: string) =>
    `[Stack/Deployment] ${property}: Duration.${unit}(<token>) cannot be converted to seconds before the token is known. Write it as Duration.seconds(<token>).`;

  test.each([
    ['millis', () => Duration.millis(later())], ['minutes', () => Duration.minutes(later())], ['hours', () => Duration.hours(later())],
    ['days', () => Duration.days(later())],
  ])('fails in %s', (unit, duration) => {
    expect(messageOf(() => fixture.deployment({ timeout: duration() }))).toBe(fault('timeout', unit));
    expect(messageOf(() => new Fixture().withHealthCheck({ interval: duration() }))).toBe(fault('publicEndpoint.healthCheck.interval', unit));
    expect(messageOf(() => new Fixture().withHealthCheck({ timeout: duration() }))).toBe(fault('publicEndpoint.healthCheck.timeout', unit));
  });
});

describe('two deployments to one service', () => {
  const both = (first: string, second: string) => `[Stack/${second}] service: Stack/${first} and Stack/${second} both deploy to it, `
    + 'and it runs one deployment at a time. Put all containers into one of them, or give each a container service of its own.';

  test('fail at synthesis, by one CfnContainer', () => {
    const service = fixture.service();
    ['A', 'B'].forEach((id) => fixture.deployment({ service }, id));

    const message = messageOf(() => fixture.app.synth());
    expect(message).toContain(both('A', 'B'));
    expect(message).not.toContain(both('B', 'A'));
  });

  test('fail at synthesis, by one name', () => {
    ['A', 'B', 'C'].forEach((id) => fixture.deployment({}, id));

    const message = messageOf(() => fixture.app.synth());
    expect(message).toContain(both('A', 'B'));
    expect(message).toContain(both('A', 'C'));
  });

  test('fail at synthesis, by one parameter', () => {
    const name = new CfnParameter(fixture.stack, 'Name').valueAsString;
    ['A', 'B'].forEach((id) => fixture.deployment({ service: ContainerService.fromContainerServiceName(fixture.stack, `${id}Service`, name) }, id));

    expect(messageOf(() => fixture.app.synth())).toContain(both('A', 'B'));
  });

  test('fail at synthesis, by a CfnContainer and its name', () => {
    const service = fixture.service();
    fixture.deployment({ service }, 'A');
    fixture.deployment({ service: ContainerService.fromContainerServiceName(fixture.stack, 'Same', service.ref) }, 'B');

    expect(messageOf(() => fixture.app.synth())).toContain(both('A', 'B'));
  });

  const named = (id: string, containerServiceName = 'same') =>
    new ContainerService(fixture.stack, id, { containerServiceName, power: ContainerServicePower.NANO });
  const imported = (id: string, name = 'same') => ContainerService.fromContainerServiceName(fixture.stack, id, name);
  const cfnContainer = (id: string, serviceName = 'same') => new lightsail.CfnContainer(fixture.stack, id, { serviceName, power: 'nano', scale: 1 });
  const parameter = () => (fixture.stack.node.tryFindChild('Name') as CfnParameter | undefined ?? new CfnParameter(fixture.stack, 'Name')).valueAsString;

  test.each<[string, () => [lightsail.IContainerRef, lightsail.IContainerRef]]>([
    ['a ContainerService and its name', () => [named('First'), imported('Second')]],
    ['the name of a ContainerService and the service', () => [imported('First'), named('Second')]],
    ['two ContainerServices of one name', () => [named('First'), named('Second')]],
    ['a ContainerService and a CfnContainer of its name', () => [named('First'), cfnContainer('Second')]],
    ['a ContainerService and a reference by its name as others refer to it', () => {
      const service = named('First');
      return [service, imported('Second', service.containerServiceName)];
    }],
    ['two ContainerServices of one parameter', () => [named('First', parameter()), named('Second', parameter())]],
    ['a ContainerService of a parameter, and the parameter', () => [named('First', parameter()), imported('Second', parameter())]],
    ['a ContainerService whose name a Lazy gives, and the name', () => [named('First', Lazy.string({ produce: () => 'same' })), imported('Second')]],
  ])('fail at synthesis, by %s', (_, define) => {
    define().forEach((service, index) => fixture.deployment({ service }, 'AB'[index]));

    expect(messageOf(() => fixture.app.synth())).toContain(both('A', 'B'));
  });

  test('fail at synthesis, by a ContainerService of another stack and its name', () => {
    const other = new Stack(fixture.app, 'Other');
    fixture.deployment({ service: new ContainerService(other, 'Service', { containerServiceName: 'same', power: ContainerServicePower.NANO }) }, 'A');
    fixture.deployment({ service: imported('Same') }, 'B');

    expect(messageOf(() => fixture.app.synth())).toContain(both('A', 'B'));
  });

  test.each<[string, () => [lightsail.IContainerRef, lightsail.IContainerRef]]>([
    ['generated', () => ['First', 'Second'].map((id) => new ContainerService(fixture.stack, id, { power: ContainerServicePower.NANO })) as any],
    ['given', () => [named('First', 'one'), named('Second', 'two')]],
    ['parameters', () => [named('First', parameter()), named('Second', new CfnParameter(fixture.stack, 'Other').valueAsString)]],
  ])('pass for services whose names differ, and are %s', (_, define) => {
    define().forEach((service, index) => fixture.deployment({ service }, 'AB'[index]));

    expect(() => fixture.app.synth()).not.toThrow();
  });

  test('pass for services of equal logical ids in other stacks', () => {
    const services = ['other', 'another'].map((name) => fixture.service('Service', new Stack(fixture.app, name), name));
    [fixture.service(), ...services].forEach((service, index) => fixture.deployment({ service }, `Deployment${index}`));

    expect(() => fixture.app.synth()).not.toThrow();
  });

  test.each<[string, () => Construct]>([
    ['beside', () => fixture.app],
    ['inside', () => fixture.stack],
  ])('pass in two stacks, the other one %s the first', (_, scope) => {
    const other = new Stack(scope(), 'Another');
    new ContainerServiceDeployment(other, 'Deployment', {
      service: ContainerService.fromContainerServiceName(other, 'Service', 'web'), containers: { web: WEB },
    });
    fixture.deployment();

    expect(() => fixture.app.synth()).not.toThrow();
  });
});

describe('the Region and account of the service', () => {
  const env = { region: 'eu-central-1', account: '111111111111' };

  test.each([
    ['region', { ...env, region: 'us-east-1' }],
    ['account', { ...env, account: '222222222222' }],
  ] as const)('fails for another %s than the stack', (part, otherEnv) => {
    fixture = new Fixture({ env });
    const other = new Stack(fixture.app, 'Other', { env: otherEnv });
    const service = ContainerService.fromContainerServiceName(other, 'Service', 'web');

    expect(messageOf(() => fixture.deployment({ service }))).toBe(
      `[Stack/Deployment] service: it is in ${part} "${otherEnv[part]}", and the stack in "${env[part]}". `
      + `Put the deployment into a stack of the service's ${part}.`);
  });

  test('may be those of the stack, in another stack', () => {
    fixture = new Fixture({ env });
    const other = new Stack(fixture.app, 'Other', { env });
    fixture.deployment({ service: ContainerService.fromContainerServiceName(other, 'Service', 'web') });

    expect(fixture.properties().ServiceName).toBe('web');
  });

  test('may be unknown', () => {
    const other = new Stack(fixture.app, 'Other', { env });

    expect(() => fixture.deployment({ service: ContainerService.fromContainerServiceName(other, 'Service', 'web') })).not.toThrow();
  });
});

describe('a CfnContainer with a deployment of its own', () => {
  const inline = { containers: [{ containerName: 'web', image: 'nginx' }] };

  test('fails at synthesis, also inside of a ContainerService', () => {
    const service = new ContainerService(fixture.stack, 'Service', { power: ContainerServicePower.NANO });
    service.addDeployment('Deployment', { containers: { web: WEB } });
    (service.node.defaultChild as lightsail.CfnContainer).containerServiceDeployment = inline;

    expect(messageOf(() => fixture.app.synth())).toContain('[Stack/Service/Deployment] service: Stack/Service/Resource has a containerServiceDeployment of its own. '
      + 'Remove it there: this construct deploys instead.');
  });

  test('fails at synthesis, also when it was set after construction', () => {
    const service = fixture.service();
    fixture.deployment({ service });
    service.containerServiceDeployment = inline;

    expect(messageOf(() => fixture.app.synth())).toContain(
      '[Stack/Deployment] service: Stack/Service has a containerServiceDeployment of its own. Remove it there: this construct deploys instead.');
  });

  test('passes once it was removed', () => {
    const service = fixture.service();
    service.containerServiceDeployment = inline;
    fixture.deployment({ service });
    service.containerServiceDeployment = undefined;

    expect(() => fixture.app.synth()).not.toThrow();
  });
});

describe('a construct with faults', () => {
  const faulty: Partial<ContainerServiceDeploymentProps> = {
    containers: {
      Web: container({ ports: { 0: HTTP }, environment: { PORT: untyped(80) }, image: ContainerImage.fromRegistry('Nginx') }),
      cache: container({ command: untyped('redis'), image: ContainerImage.fromRegistry('') }),
    },
    publicEndpoint: { containerName: 'Web', containerPort: 0, healthCheck: { timeout: Duration.seconds(1), path: '' } },
    timeout: Duration.seconds(1),
    triggers: { build: untyped(5) },
    removalPolicy: RemovalPolicy.SNAPSHOT,
    waitForUrl: untyped('yes'),
  };

  test('fails with all of them in one error', () => {
    const [head, ...faults] = messageOf(() => fixture.deployment(faulty)).split('\n');

    expect(head).toBe('[Stack/Deployment]');
    expect(faults.map((fault) => fault.split(': ')[0])).toEqual([
      '  - containers',
      '  - containers.Web.environment.PORT',
      '  - containers.Web.ports',
      '  - containers.Web.image',
      '  - containers.cache.command',
      '  - containers.cache.image',
      '  - publicEndpoint.containerPort',
      '  - publicEndpoint.healthCheck.timeout',
      '  - publicEndpoint.healthCheck.path',
      '  - timeout',
      '  - triggers.build',
      '  - removalPolicy',
      '  - waitForUrl',
    ]);
  });

  test.each<[string, Partial<ContainerServiceDeploymentProps>]>([
    ['a fault', faulty],
    ['an image that is none', { containers: { web: container({ image: ContainerImage.fromRegistry('Nginx') }) } }],
    ['a duration that cannot be rendered', { timeout: Duration.minutes(Lazy.number({ produce: () => 5 })) }],
  ])('defines nothing in the stack for %s', (_, props) => {
    const service = ContainerService.fromContainerServiceName(fixture.stack, 'Service', 'web');

    expect(() => fixture.deployment({ ...props, service })).toThrow('[Stack/Deployment]');
    expect(fixture.stack.node.findAll().map(({ node }) => node.path)).toEqual(['Stack', 'Stack/Service', 'Stack/Deployment']);
  });

  test('fails at synthesis with all of them', () => {
    fixture.deployment({
      containers: containersOf(...names(11)),
      publicEndpoint: { containerName: 'web', containerPort: 80 },
    });

    const message = messageOf(() => fixture.app.synth());
    expect(message).toContain('containers: 11 given');
    expect(message).toContain('publicEndpoint.containerName: "web" is none');
  });

  test('tells where it stands in the tree', () => {
    const inner = new Stack(fixture.stack, 'Inner');

    expect(messageOf(() => new ContainerServiceDeployment(inner, 'Deep', {
      service: ContainerService.fromContainerServiceName(inner, 'Service', 'web'),
      containers: containersOf('-'),
    }))).toMatch(/^\[Stack\/Inner\/Deep\] /);
  });
});

describe('values that are known only at deployment', () => {
  const text = () => new CfnParameter(fixture.stack, 'Text').valueAsString;
  const number = () => new CfnParameter(fixture.stack, 'Number', { type: 'Number' }).valueAsNumber;
  const list = () => new CfnParameter(fixture.stack, 'List', { type: 'CommaDelimitedList' }).valueAsList;

  test('pass as the name of the service', () => {
    fixture.deployment({ service: ContainerService.fromContainerServiceName(fixture.stack, 'Service', text()) });

    expect(fixture.properties().ServiceName).toEqual({ Ref: 'Text' });
  });

  test.each<[string, () => Partial<ContainerProps>, object]>([
    ['environment value', () => ({ environment: { A: text() } }), { Environment: { A: { Ref: 'Text' } } }],
    ['word of the command', () => ({ command: ['run', text()] }), { Command: ['run', { Ref: 'Text' }] }],
    ['command', () => ({ command: list() }), { Command: { Ref: 'List' } }],
    ['protocol', () => ({ ports: { 80: text() as ContainerProtocol } }), { Ports: { 80: { Ref: 'Text' } } }],
    ['lazy environment value', () => ({ environment: { A: Lazy.string({ produce: () => 'late' }) } }), { Environment: { A: 'late' } }],
    ['lazy command', () => ({ command: Lazy.list({ produce: () => ['late'] }) }), { Command: ['late'] }],
    ['resolvable command', () => ({ command: untyped(Lazy.any({ produce: () => ['late'] })) }), { Command: ['late'] }],
    ['resolvable word of the command', () => ({ command: [untyped(Lazy.any({ produce: () => 'late' }))] }), { Command: ['late'] }],
    ['resolvable environment', () => ({ environment: untyped(Lazy.any({ produce: () => ({ A: 'late' }) })) }), { Environment: { A: 'late' } }],
    ['resolvable ports', () => ({ ports: untyped(Lazy.any({ produce: () => ({ 80: 'HTTP' }) })) }), { Ports: { 80: 'HTTP' } }],
    ['lazy port', () => ({ ports: { [Lazy.string({ produce: () => '8080' })]: HTTP } }), { Ports: { 8080: 'HTTP' } }],
  ])('pass as %s', (_, props, rendered) => {
    fixture.withContainer(props());

    expect(fixture.properties().Containers.web).toEqual({ Image: 'public.ecr.aws/nginx/nginx:1.27', ...rendered });
  });

  test('pass as name of a container', () => {
    fixture.withEndpoint({ containerName: 'late' }, untyped({ [Lazy.string({ produce: () => 'late' })]: WEB }));

    expect(Object.keys(fixture.properties().Containers)).toEqual(['late']);
  });

  test('are not written out in an error', () => {
    const name = Lazy.string({ produce: () => 'late' });

    expect(messageOf(() => fixture.deployment({ containers: { [name]: container({ ports: { 0: HTTP } }) } })))
      .toContain('[Stack/Deployment] containers.<token>.ports: "0" is not a port.');
  });

  test('pass as the numbers and texts of the public endpoint', () => {
    const seconds = Duration.seconds(number());
    fixture.withEndpoint({
      containerName: text(),
      containerPort: Lazy.number({ produce: () => 8080 }),
      healthCheck: {
        interval: seconds,
        timeout: seconds,
        path: Lazy.string({ produce: () => '/late' }),
        successCodes: Lazy.string({ produce: () => '200' }),
        healthyThreshold: Lazy.number({ produce: () => 3 }),
        unhealthyThreshold: Lazy.number({ produce: () => 4 }),
      },
    });

    expect(fixture.properties().PublicEndpoint).toEqual({
      ContainerName: { Ref: 'Text' },
      ContainerPort: 8080,
      HealthCheck: {
        IntervalSeconds: { Ref: 'Number' },
        TimeoutSeconds: { Ref: 'Number' },
        Path: '/late',
        SuccessCodes: '200',
        HealthyThreshold: 3,
        UnhealthyThreshold: 4,
      },
    });
  });

  test.each<[string, () => void]>([
    ['port', () => fixture.withEndpoint({ containerPort: number() })],
    ['port of the container', () => fixture.withEndpoint({}, { web: container({ ports: { [text()]: HTTP } }) })],
    ['ports of the container', () => fixture.withEndpoint({}, { web: container({ ports: untyped(Token.asAny({ Ref: 'Ports' })) }) })],
    ['protocol', () => fixture.withEndpoint({}, { web: container({ ports: { 80: text() as ContainerProtocol } }) })],
  ])('pass at synthesis as %s of the public endpoint', (_, define) => {
    define();

    // Keys of a template are literals, so that only the validation is run here.
    expect(fixture.stack.node.findChild('Deployment').node.validate()).toEqual([]);
  });

  test('pass as timeout of the deployment', () => {
    fixture.deployment({ timeout: Duration.seconds(number()) });

    expect(fixture.properties()).toMatchObject({ Timeout: { Ref: 'Number' }, ServiceTimeout: '3600' });
  });

  test('an image that another library defines is used by its name', () => {
    fixture.withContainer({ image: { bind: () => ({ imageName: text() }) } });

    expect(fixture.properties().Containers.web.Image).toEqual({ Ref: 'Text' });
    expect(IMAGE.bind(fixture.stack, { containerServiceName: 'web' }).imageName).toBe('public.ecr.aws/nginx/nginx:1.27');
  });
});
