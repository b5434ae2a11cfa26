import { Duration, Lazy, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { CfnContainer, type IContainerRef } from 'aws-cdk-lib/aws-lightsail';
import type { ContainerProps } from '../../../../lib/container-props';
import {
  validateContainers, validateDeployment, validateInlineDeployment, validateRemovalPolicy, validateService,
  validateTimeout, validateTriggers, validateWaitForUrl,
} from '../../../../lib/private/validation/deployment-validation';
import type { PublicEndpoint } from '../../../../lib/public-endpoint';

const TOKEN = Lazy.string({ produce: () => 'later' });
const RESOLVABLE = Lazy.any({ produce: () => ({}) });
const EXAMPLE = "Use a map of names to containers, for example { web: { image: ContainerImage.fromRegistry('nginx:1.27') } }";

describe('validateService()', () => {
  const stack = new Stack(undefined, 'Stack', { env: { account: '111111111111', region: 'eu-central-1' } });
  const env = { account: '111111111111', region: 'eu-central-1' };
  const reference = { serviceName: 'web', containerArn: 'arn' };
  const errors = (service: unknown) => validateService(service as IContainerRef, stack);

  test.each<[string, object]>([
    ['the same environment', { env }],
    ['an environment that is not known', { env: { account: TOKEN, region: TOKEN } }],
    ['tokens', { containerRef: { serviceName: TOKEN, containerArn: TOKEN }, env }],
  ])('accepts a service with %s', (_, change) => {
    expect(errors({ containerRef: reference, ...change })).toEqual([]);
  });

  test('accepts a service in a stack without an environment', () => {
    const anywhere = new Stack(undefined, 'Anywhere');

    expect(validateService({ containerRef: reference, env } as IContainerRef, anywhere)).toEqual([]);
  });

  const none = "Use a ContainerService, ContainerService.fromContainerServiceName(this, 'Service', 'name') or a CfnContainer.";

  test.each<[unknown, string]>([
    ['web', 'service: "web" is a string. Write it as ContainerService.fromContainerServiceName(this, \'Service\', "web").'],
    [undefined, `service: missing. ${none}`],
    [null, `service: null is not a container service. ${none}`],
    [{}, `service: {} is not a container service. ${none}`],
    [{ containerRef: { serviceName: 'web' } }, `service: {"containerRef":{"serviceName":"web"}} is not a container service. ${none}`],
    [{ containerRef: { containerArn: 'arn' } }, `service: {"containerRef":{"containerArn":"arn"}} is not a container service. ${none}`],
    [{ containerRef: { ...reference, serviceName: 'Web' }, env },
      'service: "Web" is not a valid name for a container service. Use 1-63 characters: a-z, 0-9 and hyphens, with a letter or a digit at both ends.'],
    [{ containerRef: reference, env: { ...env, account: '222222222222' } },
      'service: it is in account "222222222222", and the stack in "111111111111". Put the deployment into a stack in the account of the service.'],
    [{ containerRef: reference, env: { ...env, region: 'us-east-1' } },
      'service: it is in region "us-east-1", and the stack in "eu-central-1". Put the deployment into a stack in the region of the service.'],
  ])('refuses %j', (service, error) => {
    expect(errors(service)).toEqual([error]);
  });
});

test.each<[unknown, string[]]>([
  [{}, []],
  [{ web: {} }, []],
  [undefined, [`containers: missing. ${EXAMPLE}. Use {} if addContainer() adds all containers.`]],
  [[], [`containers: a list is not a map that is known at synthesis. ${EXAMPLE}.`]],
  [RESOLVABLE, [`containers: a token is not a map that is known at synthesis. ${EXAMPLE}.`]],
])('validateContainers() of %j returns %j', (containers, errors) => {
  expect(validateContainers(containers as Record<string, ContainerProps>)).toEqual(errors);
});

test.each<[number, string[]]>([
  [59, ['timeout: 59 seconds given. Use 60 to 3600 seconds, in whole seconds. CloudFormation waits at most one hour for a custom resource.']],
  [60, []],
  [3600, []],
  [3601, ['timeout: 3601 seconds given. Use 60 to 3600 seconds, in whole seconds. CloudFormation waits at most one hour for a custom resource.']],
])('validateTimeout() of %i seconds', (seconds, errors) => {
  expect(validateTimeout(Duration.seconds(seconds))).toEqual(errors);
});

test.each<[unknown, string[]]>([
  [undefined, []],
  [{}, []],
  [{ a: '', b: TOKEN }, []],
  [RESOLVABLE, []],
  [{ Ref: 'a' }, [expect.stringContaining('triggers: "Ref" is reserved by CloudFormation')]],
  ['a', ['triggers: "a" is not a map. Use names and values, for example { build: \'42\' }.']],
  [{ a: 7, b: 'x', c: null }, ['triggers.a: 7 is not a string. Quote it.', expect.stringContaining('triggers.c: null given, not a string. ')]],
])('validateTriggers() of %j returns %j', (triggers, errors) => {
  expect(validateTriggers(triggers as Record<string, string>)).toEqual(errors);
});

test.each<[unknown, string[]]>([
  [undefined, []],
  [RemovalPolicy.RETAIN, []],
  [RemovalPolicy.DESTROY, []],
  [RemovalPolicy.SNAPSHOT, ['removalPolicy: "snapshot" given. Use RemovalPolicy.RETAIN, which keeps the containers running, '
    + 'or RemovalPolicy.DESTROY, which disables the container service.']],
])('validateRemovalPolicy() of %j', (policy, errors) => {
  expect(validateRemovalPolicy(policy as RemovalPolicy)).toEqual(errors);
});

test.each<[unknown, object | undefined, string[]]>([
  [undefined, undefined, []],
  [false, undefined, []],
  [true, {}, []],
  [true, undefined, ['waitForUrl: true given, but there is no publicEndpoint. So the URL would always answer 404. Add a publicEndpoint, or remove waitForUrl.']],
  [RESOLVABLE, {}, []],
  ['true', {}, ['waitForUrl: "true" given. Use true or false.']],
])('validateWaitForUrl() of %j with the endpoint %j returns %j', (waitForUrl, endpoint, errors) => {
  expect(validateWaitForUrl(waitForUrl as boolean, endpoint as PublicEndpoint)).toEqual(errors);
});

describe('validateDeployment()', () => {
  const containers = (count: number) => new Map(Array.from({ length: count }, (_, index) => [`c${index}`, { Ports: { 80: 'HTTP' } }]));

  test.each([1, 10])('accepts %i containers', (count) => {
    expect(validateDeployment(containers(count), undefined)).toEqual([]);
    expect(validateDeployment(containers(count), { containerName: 'c0', containerPort: 80 })).toEqual([]);
  });

  test('refuses a deployment without a container', () => {
    expect(validateDeployment(new Map(), undefined)).toEqual([
      'containers: none given. A deployment needs at least one. Add it to containers, or call addContainer().',
    ]);
  });

  test('refuses eleven containers, and an endpoint of another container', () => {
    expect(validateDeployment(containers(11), { containerName: 'web', containerPort: 80 })).toEqual([
      'containers: 11 given (c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10), but a deployment has at most 10. Move some to another container service.',
      expect.stringContaining('publicEndpoint.containerName: "web" is not a container of'),
    ]);
  });
});

test('validateInlineDeployment() refuses a CfnContainer with a deployment of its own', () => {
  const service = new CfnContainer(new Stack(undefined, 'Stack'), 'Service', { serviceName: 'web', power: 'nano', scale: 1 });
  expect(validateInlineDeployment(service)).toEqual([]);

  service.containerServiceDeployment = {};
  expect(validateInlineDeployment(service)).toEqual([
    'service: Stack/Service has a containerServiceDeployment of its own. Remove it there, or remove this deployment: a service runs only one.',
  ]);
});

test('validateInlineDeployment() accepts a service that is not a CfnContainer', () => {
  expect(validateInlineDeployment({ containerRef: { serviceName: 'web', containerArn: 'arn' } } as IContainerRef)).toEqual([]);
});
