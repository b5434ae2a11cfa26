import { Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { Fixture, messageOf } from './fixture';
import { DeploymentProvider } from '../../lib/private/provider/deployment-provider';

const { version } = jest.requireActual('../../package.json');
const ID = 'LightsailContainerServiceDeploymentProvider';
const SHARED = ['aws-cdk-lib', 'aws-cdk-lib/aws-iam', 'aws-cdk-lib/aws-lambda', 'aws-cdk-lib/custom-resources', 'constructs'];

/** The class of another copy of the library, which uses the same copy of the CDK. */
function anotherCopy(): typeof DeploymentProvider {
  const shared = SHARED.map((name) => [name, jest.requireActual(name)] as const);
  let copy: typeof DeploymentProvider | undefined;
  jest.isolateModules(() => {
    shared.forEach(([name, module]) => jest.doMock(name, () => module));
    copy = jest.requireActual('../../lib/private/provider/deployment-provider').DeploymentProvider;
  });
  SHARED.forEach((name) => jest.dontMock(name));
  return copy!;
}

test('a second copy of the library in one stack is refused, and defines nothing', () => {
  const fixture = new Fixture();
  const copy = anotherCopy();
  expect(copy).not.toBe(DeploymentProvider);
  copy.of(fixture.stack);

  expect(messageOf(() => fixture.deployment())).toBe('[Stack/Deployment] provider: another copy of cdk-lightsail-containers, '
    + `version ${version}, also has deployments in this stack. This copy has version ${version}. `
    + 'Run "npm ls cdk-lightsail-containers", and install the library only once.');
  expect(fixture.stack.node.findChild('Deployment').node.children).toEqual([]);
});

test('a foreign construct under the id of the provider is refused with its path', () => {
  const fixture = new Fixture();
  new Construct(fixture.stack, ID);

  expect(messageOf(() => fixture.deployment())).toBe(
    `[Stack/Deployment] provider: the construct Stack/${ID} has the id of the provider of this library. Use another id for it.`);
});

test('two copies of the library can deploy in two stacks of one app', () => {
  const fixture = new Fixture();
  anotherCopy().of(new Stack(fixture.app, 'Other'));
  fixture.deployment();

  expect(() => fixture.app.synth()).not.toThrow();
});

test('the deployments of one copy share its provider', () => {
  const fixture = new Fixture();
  fixture.deployment();

  expect(() => fixture.deployment({}, 'Other')).not.toThrow();
  expect(DeploymentProvider.of(fixture.stack)).toBe(fixture.stack.node.findChild(ID));
});
