import { CfnParameter, Duration, Lazy, RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import { container, Fixture, IMAGE, messageOf, WEB } from './fixture';
import {
  ContainerImage, ContainerProtocol, ContainerSecret, ContainerService, ContainerServiceDeployment,
  type ContainerProps, type ContainerServiceDeploymentProps,
} from '../../lib';

const HTTP = ContainerProtocol.HTTP;

let fixture: Fixture;
beforeEach(() => {
  fixture = new Fixture();
});

/** A value that users of JavaScript, and of languages with weaker types, can pass. */
const untyped = (value: unknown) => value as any;

const NOT_SET = 'undefined given, not a string. If it comes from an environment variable such as process.env.NAME, set that variable before synthesis. '
  + "Otherwise leave it out, or give a default: process.env.NAME ?? 'default'.";

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
      `[Stack/Deployment] containers: ${JSON.stringify(name)} is not a valid name for a container. `
      + 'Use 1-53 characters: a-z, 0-9 and hyphens, with a letter or a digit at both ends.');
  });

  test('fails in addContainer() as well', () => {
    expect(messageOf(() => fixture.deployment().addContainer('Web', WEB))).toContain('[Stack/Deployment] containers: "Web" is not a valid name');
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
  test.each([[1, 'a number is not a string. Quote it.'], [true, 'a boolean is not a string. Quote it.'], [undefined, NOT_SET],
    [{ a: 'b' }, 'a map is not a string. Convert it, for example with JSON.stringify().']])('fails for %j in the command', (word, error) => {
    expect(messageOf(() => fixture.withContainer({ command: ['run', untyped(word)] })))
      .toBe(`[Stack/Deployment] containers.web.command[1]: ${error}`);
  });

  test('fails for a command that is one string', () => {
    expect(messageOf(() => fixture.withContainer({ command: untyped('nginx -t') }))).toBe(
      '[Stack/Deployment] containers.web.command: a string is not a list. Write the program and its arguments as a list of strings.');
  });

  test.each([
    [80, 'a number is not a string. Quote it.'], [false, 'a boolean is not a string. Quote it.'], [undefined, NOT_SET], [null, NOT_SET.replace('undefined', 'null')],
    [['a'], 'a list is not a string. Convert it, for example with JSON.stringify().'], [{ a: 'b' }, 'a map is not a string. Convert it, for example with JSON.stringify().'],
  ])('fails for the environment value %j, and does not show it', (value, error) => {
    expect(messageOf(() => fixture.withContainer({ environment: { PORT: untyped(value) } })))
      .toBe(`[Stack/Deployment] containers.web.environment.PORT: ${error}`);
  });

  test.each([['', ''], ['A=B', 'A=…'], ['A=B=C\nD', 'A=…'], ['=', '='], ['A\0', 'A\0']])('fails for the environment name %j', (name, told) => {
    expect(messageOf(() => fixture.withContainer({ environment: { [name]: 'value' } }))).toBe(
      `[Stack/Deployment] containers.web.environment: ${JSON.stringify(told)} is not the name of an environment variable. It must not be empty or contain '='.`);
  });

  test.each(['lower', 'WITH.DOT', 'with-hyphen', '1ST', 'MIT LEERZEICHEN'])('the environment name %j passes', (name) => {
    fixture.withContainer({ environment: { [name]: 'a=b' } });

    expect(fixture.properties().Containers.web.Environment).toEqual({ [name]: 'a=b' });
  });

  test('fails without an image', () => {
    expect(messageOf(() => fixture.withContainer({ image: undefined }))).toBe(
      "[Stack/Deployment] containers.web.image: missing. Use one, for example ContainerImage.fromRegistry('nginx:1.27').");
  });
});

describe('a name that CloudFormation reserves for its functions', () => {
  const secret = (id = 'Parameter') =>
    ContainerSecret.fromSsmParameter(ssm.StringParameter.fromSecureStringParameterAttributes(fixture.stack, id, { parameterName: '/key' }));
  const PROPERTIES: Array<[string, (name: string, others: object) => unknown]> = [
    ['containers.web.environment', (name, others) => fixture.withContainer({ environment: { [name]: 'value', ...others } })],
    ['containers.web.secrets', (name, others) => fixture.withContainer({ secrets: { [name]: secret(), ...others } })],
    ['triggers', (name, others) => fixture.deployment({ triggers: { [name]: 'value', ...others } })],
  ];

  describe.each(PROPERTIES)('in %s', (property, define) => {
    const error = (name: string) => `[Stack/Deployment] ${property}: "${name}" is reserved by CloudFormation. `
      + 'Use another name.';

    test.each(['Ref', 'Fn::GetAtt', 'Fn::'])('fails for %s', (name) => {
      expect(messageOf(() => define(name, {}))).toBe(error(name));
    });

    test('fails beside other names, which may be removed later', () => {
      expect(messageOf(() => define('Ref', property.endsWith('secrets') ? { OTHER: secret('Other') } : { OTHER: 'value' }))).toBe(error('Ref'));
    });

    test.each(['REF', 'ref', 'Ref2', 'Fn', 'Fn:x', 'fn::x', 'xFn::'])('%s passes', (name) => {
      define(name, {});

      expect(JSON.stringify(fixture.properties())).toContain(`"${name}":`);
    });
  });

  test('fails in addContainer() as well', () => {
    expect(messageOf(() => fixture.deployment().addContainer('worker', container({ environment: { Ref: 'value' } }))))
      .toContain('[Stack/Deployment] containers.worker.environment: "Ref" is reserved by CloudFormation');
  });
});

describe('the containers of a deployment', () => {
  test('fail at synthesis when there are none', () => {
    fixture.deployment({ containers: {} });

    expect(messageOf(() => fixture.app.synth())).toContain(
      '[Stack/Deployment] containers: none given. A deployment needs at least one. Add it to containers, or call addContainer().');
  });

  test('pass if there are ten', () => {
    fixture.deployment({ containers: containersOf(...names(10)) });

    expect(Object.keys(fixture.properties().Containers)).toEqual(names(10));
  });

  test('fail at synthesis when there are eleven', () => {
    const deployment = fixture.deployment({ containers: containersOf(...names(10)) });
    deployment.addContainer('c10', container());

    expect(messageOf(() => fixture.app.synth())).toContain(
      `[Stack/Deployment] containers: 11 given (${names(11).join(', ')}), but a deployment has at most 10. Move some to another container service.`);
  });

  test('fail for a name that is given twice, and keep the first', () => {
    const deployment = fixture.deployment();

    expect(messageOf(() => deployment.addContainer('web', container({ command: ['other'] }))))
      .toBe('[Stack/Deployment] containers: there is already a container "web". Use another name.');
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
      `[Stack/Deployment] timeout: ${seconds} seconds given. Use 60 to 3600 seconds, in whole seconds. `
      + 'CloudFormation waits at most one hour for a custom resource.');
  });
});

describe('triggers', () => {
  test('can contain tokens', () => {
    const build = new CfnParameter(fixture.stack, 'Build').valueAsString;
    fixture.deployment({ triggers: { build, lazy: Lazy.string({ produce: () => 'late' }), empty: '' } });

    expect(fixture.properties().Triggers).toEqual({ build: { Ref: 'Build' }, lazy: 'late', empty: '' });
  });

  test.each([
    [5, '5 is not a string. Quote it.'], [true, 'true is not a string. Quote it.'], [undefined, NOT_SET], [null, NOT_SET.replace('undefined', 'null')],
    [['a'], '["a"] is not a string. Convert it, for example with JSON.stringify().'],
  ])('fail for the value %j', (value, error) => {
    expect(messageOf(() => fixture.deployment({ triggers: { build: untyped(value) } })))
      .toBe(`[Stack/Deployment] triggers.build: ${error}`);
  });
});

describe('the removal policy', () => {
  test.each([RemovalPolicy.SNAPSHOT, RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE, 'Destroy', true])('fails for %j', (removalPolicy) => {
    expect(messageOf(() => fixture.deployment({ removalPolicy: untyped(removalPolicy) }))).toBe(
      `[Stack/Deployment] removalPolicy: ${JSON.stringify(removalPolicy)} given. Use RemovalPolicy.RETAIN, which keeps the containers running, `
      + 'or RemovalPolicy.DESTROY, which disables the container service.');
  });
});

describe('waiting for the URL', () => {
  test('fails without a public endpoint', () => {
    expect(messageOf(() => fixture.deployment({ waitForUrl: true }))).toBe(
      '[Stack/Deployment] waitForUrl: true given, but there is no publicEndpoint. So the URL would always answer 404. '
      + 'Add a publicEndpoint, or remove waitForUrl.');
  });

  test.each(['true', 1, null])('fails for %j', (waitForUrl) => {
    expect(messageOf(() => fixture.withEndpoint({}, undefined, { waitForUrl: untyped(waitForUrl) })))
      .toBe(`[Stack/Deployment] waitForUrl: ${JSON.stringify(waitForUrl)} given. Use true or false.`);
  });
});

describe('a duration that is known only at deployment', () => {
  const later = () => Lazy.number({ produce: () => 60 });
  const error = (property: string, unit: string) =>
    `[Stack/Deployment] ${property}: Duration.${unit}(<token>) cannot be converted to seconds before the token is known. Write it as Duration.seconds(<token>).`;

  test.each([
    ['millis', () => Duration.millis(later())], ['minutes', () => Duration.minutes(later())], ['hours', () => Duration.hours(later())],
    ['days', () => Duration.days(later())],
  ])('fails in %s', (unit, duration) => {
    expect(messageOf(() => fixture.deployment({ timeout: duration() }))).toBe(error('timeout', unit));
    expect(messageOf(() => new Fixture().withHealthCheck({ interval: duration() }))).toBe(error('publicEndpoint.healthCheck.interval', unit));
    expect(messageOf(() => new Fixture().withHealthCheck({ timeout: duration() }))).toBe(error('publicEndpoint.healthCheck.timeout', unit));
  });
});

describe('a construct with errors', () => {
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
    const [head, ...errors] = messageOf(() => fixture.deployment(faulty)).split('\n');

    expect(head).toBe('[Stack/Deployment]');
    expect(errors.map((error) => error.split(': ')[0])).toEqual([
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
    ['an error', faulty],
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
    expect(message).toContain('publicEndpoint.containerName: "web" is not a container');
  });

  test('shows its path in the tree', () => {
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

  test('are shown as <token> in an error', () => {
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
    ['port of the container', () => fixture.withEndpoint({}, { web: container({ ports: { [Lazy.string({ produce: () => '80' })]: HTTP } }) })],
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
