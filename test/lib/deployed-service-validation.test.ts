import { App, Aws, CfnParameter, Lazy, NestedStack, Stack, Stage } from 'aws-cdk-lib';
import * as lightsail from 'aws-cdk-lib/aws-lightsail';
import { Fixture, messageOf, WEB } from './fixture';
import { ContainerService, ContainerServiceDeployment, ContainerServicePower } from '../../lib';

let fixture: Fixture;
beforeEach(() => {
  fixture = new Fixture();
});

const GOOD_NAMES = ['a', '0', 'ab', '1a', 'a-b', 'a--b', '0-0', 'web-1'];
const BAD_NAMES = ['', '-', '-a', 'a-', 'ab-', '--', '-ab', 'A', 'Web', 'a_b', 'a.b', 'a b', 'a\n', 'ä'];

describe('the name of a container service', () => {
  test.each([...GOOD_NAMES, 'a'.repeat(63)])('%j passes', (name) => {
    fixture.deployment({ service: ContainerService.fromContainerServiceName(fixture.stack, 'Service', name) });

    expect(fixture.properties().ServiceName).toBe(name);
  });

  test.each([...BAD_NAMES, 'a'.repeat(64)])('fails for %j', (name) => {
    const reason = `${JSON.stringify(name)} is not a valid name for a container service. `
      + 'Use 1-63 characters: a-z, 0-9 and hyphens, with a letter or a digit at both ends.';

    expect(messageOf(() => ContainerService.fromContainerServiceName(fixture.stack, 'Service', name)))
      .toBe(`[Stack/Service] containerServiceName: ${reason}`);
    // Another library's reference to a service.
    const service = Object.create(fixture.service(), { containerRef: { value: { serviceName: name, containerArn: 'arn' } } });
    expect(messageOf(() => fixture.deployment({ service }))).toBe(`[Stack/Deployment] service: ${reason}`);
  });
});

describe('two deployments to one service', () => {
  const both = (first: string, second: string) => `[Stack/${second}] service: Stack/${first} and Stack/${second} deploy to the same container service, `
    + 'which runs only one deployment at a time. Put all containers into one deployment, or create a container service for each.';

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

  const deploymentIn = (other: Stack, service: lightsail.IContainerRef = ContainerService.fromContainerServiceName(other, 'Service', 'web')) =>
    new ContainerServiceDeployment(other, 'Deployment', { service, containers: { web: WEB } });

  test.each<[string, () => Stack]>([
    ['a stack beside the first', () => new Stack(fixture.app, 'Another')],
    ['a stack inside the first', () => new Stack(fixture.stack, 'Another')],
    ['a nested stack', () => new NestedStack(fixture.stack, 'Nested')],
    ['a nested stack of another stack', () => new NestedStack(new Stack(fixture.app, 'Another'), 'Nested')],
    ['a nested stack of a nested stack', () => new NestedStack(new NestedStack(fixture.stack, 'Nested'), 'Nested')],
  ])('fail at synthesis if one is in %s, by one name', (_, define) => {
    fixture.deployment();
    const { path } = deploymentIn(define()).node;

    expect(messageOf(() => fixture.app.synth())).toContain(`[${path}] service: Stack/Deployment and ${path} deploy to the same container service`);
  });

  test.each<[string, () => Stack]>([
    ['another stack', () => new Stack(fixture.app, 'Another')],
    ['a nested stack', () => new NestedStack(fixture.stack, 'Nested')],
  ])('fail at synthesis if one is in %s, by one construct', (_, define) => {
    const service = new ContainerService(fixture.stack, 'Service', { power: ContainerServicePower.NANO });
    fixture.deployment({ service });
    deploymentIn(define(), service);

    expect(messageOf(() => fixture.app.synth())).toContain('deploy to the same container service');
  });

  test('fail at synthesis in two stages of one environment', () => {
    const env = { account: '111111111111', region: 'eu-central-1' };
    const app = new App();
    ['Beta', 'Prod'].forEach((id) => deploymentIn(new Stack(new Stage(app, id, { env }), 'Stack')));

    expect(messageOf(() => app.synth())).toContain('[Prod/Stack/Deployment] service: Beta/Stack/Deployment and Prod/Stack/Deployment deploy to the same container service');
  });

  test('fail at synthesis if another copy of the library made one of them', () => {
    fixture.deployment();
    let copy!: typeof import('../../lib');
    jest.isolateModules(() => {
      copy = jest.requireActual('../../lib');
    });
    expect(copy.ContainerServiceDeployment).not.toBe(ContainerServiceDeployment);
    const other = new Stack(fixture.app, 'Another');
    new copy.ContainerServiceDeployment(other, 'Deployment', {
      service: ContainerService.fromContainerServiceName(other, 'Service', 'web'), containers: { web: { image: copy.ContainerImage.fromRegistry('nginx:1.27') } },
    });

    expect(messageOf(() => fixture.app.synth())).toContain('Stack/Deployment and Another/Deployment deploy to the same container service');
  });

  test.each<[string, () => void]>([
    ['two Regions', () => ['eu-central-1', 'us-east-1'].forEach((region) => deploymentIn(new Stack(fixture.app, region, { env: { region, account: '111111111111' } })))],
    ['two accounts', () => ['111111111111', '222222222222'].forEach((account) => deploymentIn(new Stack(fixture.app, `A${account}`, { env: { region: 'eu-central-1', account } })))],
    ['two stages without an environment', () => ['Beta', 'Prod'].forEach((id) => deploymentIn(new Stack(new Stage(fixture.app, id), 'Stack')))],
    ['two stacks with a parameter each', () => ['A', 'B'].forEach((id) => {
      const stack = new Stack(fixture.app, id);
      deploymentIn(stack, ContainerService.fromContainerServiceName(stack, 'Service', new CfnParameter(stack, 'Name').valueAsString));
    })],
    ['two stacks, by names with the name of the stack', () => ['A', 'B'].forEach((id) => {
      const stack = new Stack(fixture.app, id);
      deploymentIn(stack, ContainerService.fromContainerServiceName(stack, 'Service', `web-${Aws.STACK_NAME}`));
    })],
  ])('pass in %s', (_, define) => {
    define();

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
      + `Put the deployment into a stack in the ${part} of the service.`);
  });

  test('can be those of the stack, in another stack', () => {
    fixture = new Fixture({ env });
    const other = new Stack(fixture.app, 'Other', { env });
    fixture.deployment({ service: ContainerService.fromContainerServiceName(other, 'Service', 'web') });

    expect(fixture.properties().ServiceName).toBe('web');
  });

  test('can be unknown', () => {
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
      + 'Remove it there, or remove this deployment: a service runs only one.');
  });

  test('fails at synthesis, also when it was set after construction', () => {
    const service = fixture.service();
    fixture.deployment({ service });
    service.containerServiceDeployment = inline;

    expect(messageOf(() => fixture.app.synth())).toContain(
      '[Stack/Deployment] service: Stack/Service has a containerServiceDeployment of its own. Remove it there, or remove this deployment: a service runs only one.');
  });

  test('passes once it was removed', () => {
    const service = fixture.service();
    service.containerServiceDeployment = inline;
    fixture.deployment({ service });
    service.containerServiceDeployment = undefined;

    expect(() => fixture.app.synth()).not.toThrow();
  });
});
