import { Duration, Fn, Lazy, Stack } from 'aws-cdk-lib';
import type { ContainerResourceProperties } from '../../../../lib/private/resource-properties';
import { validateAtSynthesis, type SynthesisValues } from '../../../../lib/private/validation/synthesis-validation';

const untyped = (value: unknown) => value as never;
const lazy = (value: unknown) => untyped(Lazy.any({ produce: () => value }));
const text = (value: string) => Lazy.string({ produce: () => value });
const seconds = (value: unknown) => Duration.seconds(Lazy.number({ produce: () => untyped(value) }));
const app = { Image: 'nginx:1.27', Ports: { 80: 'HTTP' } };

function errors({ containers = { web: app }, ...values }: Partial<Omit<SynthesisValues, 'containers'>> & { containers?: Record<string, ContainerResourceProperties> }) {
  return validateAtSynthesis(new Stack(undefined, 'Stack'), { serviceName: 'web', containers: new Map(Object.entries(containers)), ...values });
}

test.each<[string, Parameters<typeof errors>[0]]>([
  ['what is known at once', {
    publicEndpoint: { containerName: 'web', containerPort: 80, healthCheck: { path: '/', interval: Duration.seconds(10), timeout: Duration.seconds(5) } },
    timeout: Duration.minutes(10),
    triggers: { build: '1' },
  }],
  ['what a Lazy becomes', {
    serviceName: text('web'),
    containers: { web: lazy(app) },
    publicEndpoint: { containerName: text('web'), containerPort: lazy(80), healthCheck: { path: text('/'), interval: seconds(10) } },
    timeout: seconds(600),
    triggers: lazy({ build: '1' }),
  }],
  ['what only CloudFormation knows', {
    serviceName: Fn.ref('Name'), triggers: { build: Fn.ref('Build') }, timeout: Duration.seconds(Lazy.number({ produce: () => untyped({ Ref: 'Seconds' }) })),
  }],
  ['an endpoint without a health check', { publicEndpoint: { containerName: 'web', containerPort: 80 } }],
  ['a secret beside other variables', { containers: { web: { ...app, Environment: { A: 'x' }, Secrets: { B: { SsmParameter: { Name: '/b' } } } } } }],
])('validateAtSynthesis() accepts %s', (_, values) => {
  expect(errors(values)).toEqual([]);
});

test.each<[string, Parameters<typeof errors>[0], string]>([
  ['the name of the service', { serviceName: text('Web') }, 'service: "Web" is not a valid name for a container service.'],
  ['the name of a container', { containers: { [text('Web')]: app } }, '"Web" is not a valid name for a container.'],
  ['a command', { containers: { web: lazy({ ...app, Command: 'run' }) } }, 'containers.web.command: a string is not a list.'],
  ['an environment', { containers: { web: lazy({ ...app, Environment: { A: 7 } }) } }, 'containers.web.environment.A: a number is not a string.'],
  ['ports', { containers: { web: lazy({ ...app, Ports: { 0: 'HTTP' } }) } }, 'containers.web.ports: "0" is not a port.'],
  ['a secret', { containers: { web: lazy({ ...app, Environment: { B: 'x' }, Secrets: { B: {} } }) } }, 'containers.web.secrets.B: environment also has a variable of that name.'],
  ['no containers', { containers: {} }, 'containers: none given.'],
  ['the container of an endpoint', { publicEndpoint: { containerName: text('db'), containerPort: 80 } }, 'publicEndpoint.containerName: "db" is not a container'],
  ['the port of an endpoint', { publicEndpoint: { containerName: 'web', containerPort: lazy(81) } }, 'publicEndpoint.containerPort: container "web" does not open port 81'],
  ['a path', { publicEndpoint: { containerName: 'web', containerPort: 80, healthCheck: { path: lazy(7) } } }, 'publicEndpoint.healthCheck.path: 7'],
  ['an interval', { publicEndpoint: { containerName: 'web', containerPort: 80, healthCheck: { interval: seconds(4) } } },
    'publicEndpoint.healthCheck.interval: 4 seconds given.'],
  ['a timeout of a health check', { publicEndpoint: { containerName: 'web', containerPort: 80, healthCheck: { timeout: seconds(0) } } },
    'publicEndpoint.healthCheck.timeout: 0 seconds given.'],
  ['a timeout', { timeout: seconds(0) }, 'timeout: 0 seconds given.'],
  ['triggers', { triggers: lazy({ build: 1 }) }, 'triggers.build: 1 is not a string.'],
])('validateAtSynthesis() refuses %s', (_, values, error) => {
  expect(errors(values)).toEqual([expect.stringContaining(error)]);
});

test.each([-1, 'ten'])('validateAtSynthesis() ignores a timeout that becomes %p: the CDK refuses it', (value) => {
  expect(errors({ timeout: seconds(value) })).toEqual([]);
});

test('validateAtSynthesis() reports containers with the same name once', () => {
  const containers = Object.fromEntries(['web', 'web', 'web', 'db', 'cache'].map((name) => [text(name), app]));

  expect(errors({ containers })).toEqual(['containers: there is more than one container "web". Use a different name for each.']);
});
