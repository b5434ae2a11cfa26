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
const EXAMPLE = "Give a map of names to containers, for example { web: { image: ContainerImage.fromRegistry('nginx:1.27') } }";

describe('validateService()', () => {
  const stack = new Stack(undefined, 'Stack', { env: { account: '111111111111', region: 'eu-central-1' } });
  const env = { account: '111111111111', region: 'eu-central-1' };
  const reference = { serviceName: 'web', containerArn: 'arn' };
  const errors = (service: unknown) => validateService(service as IContainerRef, stack);

  test.each<[string, object]>([
    ['the same environment', { env }],
    ['an environment that is not known', { env: { account: TOKEN, region: TOKEN } }],
    ['tokens', { containerRef: { serviceName: TOKEN, containerArn: TOKEN }, env }],
  ])('passes a service with %s', (_, change) => {
    expect(errors({ containerRef: reference, ...change })).toEqual([]);
  });

  test('passes a service in a stack whose environment is not known', () => {
    const anywhere = new Stack(undefined, 'Anywhere');

    expect(validateService({ containerRef: reference, env } as IContainerRef, anywhere)).toEqual([]);
  });

  const none = "Give a CfnContainer, or ContainerService.fromContainerServiceName(this, 'Service', 'name').";

  test.each<[unknown, string]>([
    ['web', 'service: "web" is a string. Write it as ContainerService.fromContainerServiceName(this, \'Service\', "web").'],
    [undefined, `service: missing. ${none}`],
    [null, `service: null is not a container service. ${none}`],
    [{}, `service: {} is not a container service. ${none}`],
    [{ containerRef: { serviceName: 'web' } }, `service: {"containerRef":{"serviceName":"web"}} is not a container service. ${none}`],
    [{ containerRef: { containerArn: 'arn' } }, `service: {"containerRef":{"containerArn":"arn"}} is not a container service. ${none}`],
    [{ containerRef: { ...reference, serviceName: 'Web' }, env },
      'service: "Web" is not a name for a container service. Use 1-63 characters: a-z, 0-9 and hyphens, with a letter or a digit at both ends.'],
    [{ containerRef: reference, env: { ...env, account: '222222222222' } },
      'service: it is in account "222222222222", and the stack in "111111111111". Put the deployment into a stack of the service\'s account.'],
    [{ containerRef: reference, env: { ...env, region: 'us-east-1' } },
      'service: it is in region "us-east-1", and the stack in "eu-central-1". Put the deployment into a stack of the service\'s region.'],
  ])('fails (%#)', (service, error) => {
    expect(errors(service)).toEqual([error]);
  });
});

test.each<[unknown, string[]]>([
  [{}, []],
  [{ web: {} }, []],
  [undefined, [`containers: missing. ${EXAMPLE}; {} if all are added with addContainer().`]],
  [[], [`containers: a list is not a map that is known at synthesis. ${EXAMPLE}.`]],
  [RESOLVABLE, [`containers: a token is not a map that is known at synthesis. ${EXAMPLE}.`]],
])('validateContainers() (%#)', (containers, errors) => {
  expect(validateContainers(containers as Record<string, ContainerProps>)).toEqual(errors);
});

test.each<[number, string[]]>([
  [59, ['timeout: 59 seconds given. Use 60 to 3600 seconds, in whole seconds; CloudFormation gives a custom resource one hour at most.']],
  [60, []],
  [3600, []],
  [3601, ['timeout: 3601 seconds given. Use 60 to 3600 seconds, in whole seconds; CloudFormation gives a custom resource one hour at most.']],
])('validateTimeout() of %i seconds', (seconds, errors) => {
  expect(validateTimeout(Duration.seconds(seconds))).toEqual(errors);
});

test.each<[unknown, string[]]>([
  [undefined, []],
  [{}, []],
  [{ a: '', b: TOKEN }, []],
  [RESOLVABLE, []],
  [{ Ref: 'a' }, [expect.stringContaining('triggers: "Ref" is the name of a CloudFormation function')]],
  ['a', ['triggers: "a" is not a map. Give names and values, for example { build: \'42\' }.']],
  [{ a: 7, b: 'x', c: null }, ['triggers.a: 7 is not a string. Quote it.', 'triggers.c: null is not a string. Quote it.']],
])('validateTriggers() (%#)', (triggers, errors) => {
  expect(validateTriggers(triggers as Record<string, string>)).toEqual(errors);
});

test.each<[unknown, string[]]>([
  [undefined, []],
  [RemovalPolicy.RETAIN, []],
  [RemovalPolicy.DESTROY, []],
  [RemovalPolicy.SNAPSHOT, ['removalPolicy: "snapshot" given. Use RemovalPolicy.RETAIN, which leaves what runs as it is, '
    + 'or RemovalPolicy.DESTROY, which disables the container service.']],
])('validateRemovalPolicy() of %j', (policy, errors) => {
  expect(validateRemovalPolicy(policy as RemovalPolicy)).toEqual(errors);
});

test.each<[unknown, object | undefined, string[]]>([
  [undefined, undefined, []],
  [false, undefined, []],
  [true, {}, []],
  [true, undefined, ['waitForUrl: true given, and there is no publicEndpoint: the URL would answer 404 for ever. Give a publicEndpoint, or leave waitForUrl out.']],
  [RESOLVABLE, {}, []],
  ['true', {}, ['waitForUrl: "true" given. Use true or false.']],
])('validateWaitForUrl() (%#)', (waitForUrl, endpoint, errors) => {
  expect(validateWaitForUrl(waitForUrl as boolean, endpoint as PublicEndpoint)).toEqual(errors);
});

describe('validateDeployment()', () => {
  const containers = (count: number) => new Map(Array.from({ length: count }, (_, index) => [`c${index}`, { Ports: { 80: 'HTTP' } }]));

  test.each([1, 10])('passes %i containers', (count) => {
    expect(validateDeployment(containers(count), undefined)).toEqual([]);
    expect(validateDeployment(containers(count), { containerName: 'c0', containerPort: 80 })).toEqual([]);
  });

  test('fails without a container', () => {
    expect(validateDeployment(new Map(), undefined)).toEqual([
      'containers: none given. A deployment needs at least one: add it to containers, or call addContainer().',
    ]);
  });

  test('fails for eleven, and for an endpoint to none of them', () => {
    expect(validateDeployment(containers(11), { containerName: 'web', containerPort: 80 })).toEqual([
      'containers: 11 given (c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10), and a deployment holds at most 10. Move some to another container service.',
      expect.stringContaining('publicEndpoint.containerName: "web" is none of'),
    ]);
  });
});

test('validateInlineDeployment() fails for a CfnContainer with a deployment of its own', () => {
  const service = new CfnContainer(new Stack(undefined, 'Stack'), 'Service', { serviceName: 'web', power: 'nano', scale: 1 });
  expect(validateInlineDeployment(service)).toEqual([]);

  service.containerServiceDeployment = {};
  expect(validateInlineDeployment(service)).toEqual([
    'service: Stack/Service has a containerServiceDeployment of its own. Remove it there: this construct deploys instead.',
  ]);
});

test('validateInlineDeployment() passes a service that is no CfnContainer', () => {
  expect(validateInlineDeployment({ containerRef: { serviceName: 'web', containerArn: 'arn' } } as IContainerRef)).toEqual([]);
});
