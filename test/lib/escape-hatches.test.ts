import { Aspects, CfnParameter, Lazy, Token, type CfnResource } from 'aws-cdk-lib';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import type { IConstruct } from 'constructs';
import { container, Fixture, messageOf, RESOURCE_TYPE, WEB } from './fixture';
import { ContainerSecret, ContainerService, ContainerServiceDeployment } from '../../lib';

let fixture: Fixture;
beforeEach(() => {
  fixture = new Fixture();
});

const secret = (id = 'Secret') => ContainerSecret.fromSecretsManager(new secretsmanager.Secret(fixture.stack, id));

/** Runs at synthesis, for each deployment. */
function inAspect(change: (deployment: ContainerServiceDeployment) => void): void {
  Aspects.of(fixture.app).add({
    visit: (node: IConstruct) => {
      if (node instanceof ContainerServiceDeployment) change(node);
    },
  });
}

test('the default child of a deployment is its resource in the template', () => {
  const deployment = fixture.deployment();
  (deployment.node.defaultChild as CfnResource).addPropertyOverride('Timeout', 600);

  expect(deployment.node.defaultChild!.node.path).toBe('Stack/Deployment/Resource/Default');
  expect(fixture.properties().Timeout).toBe(600);
});

describe('addDeployment() of an imported service', () => {
  test('deploys to it', () => {
    ContainerService.fromContainerServiceName(fixture.stack, 'Service', 'api').addDeployment('Deployment', { containers: { web: WEB } });

    expect(fixture.properties().ServiceName).toBe('api');
  });

  test('fails after synthesis', () => {
    const service = ContainerService.fromContainerServiceName(fixture.stack, 'Service', 'api');
    fixture.app.synth();

    expect(messageOf(() => service.addDeployment('Deployment', { containers: { web: WEB } })))
      .toBe('[Stack/Service/Deployment] addDeployment(): called after synthesis, so nothing would be deployed. Call it before app.synth().');
  });
});

describe('addEnvironment()', () => {
  test('adds and replaces a variable of one container in an Aspect', () => {
    fixture.deployment({ containers: { web: container({ environment: { A: '1', B: '2' } }), other: container() } });
    inAspect((deployment) => {
      deployment.addEnvironment('web', 'B', '3');
      deployment.addEnvironment('web', 'C', '4');
    });

    const { web, other } = fixture.properties().Containers;
    expect(web.Environment).toEqual({ A: '1', B: '3', C: '4' });
    expect(other.Environment).toBeUndefined();
  });

  test.each<[string, () => void, string]>([
    ['an unknown container', () => fixture.deployment().addEnvironment('api', 'A', '1'),
      'addEnvironment(): there is no container "api". Use the name of a container of this deployment.'],
    ['a name that is not valid', () => fixture.deployment().addEnvironment('web', '', '1'),
      'containers.web.environment: "" is not the name of an environment variable. It must not be empty or contain \'=\'.'],
    ['the name of a secret', () => fixture.withContainer({ secrets: { A: secret() } }).addEnvironment('web', 'A', '1'),
      'containers.web.secrets.A: environment also has a variable of that name. Remove it from one of them.'],
    ['an environment that is a token', () => fixture.withContainer({ environment: Token.asAny(Lazy.any({ produce: () => ({}) })) as any }).addEnvironment('web', 'A', '1'),
      'containers.web.environment: it is a token, so nothing can be added to it. Use a map of names to values that is known at synthesis.'],
    ['a deployment after synthesis', () => {
      const deployment = fixture.deployment();
      fixture.app.synth();
      deployment.addEnvironment('web', 'A', '1');
    }, 'addEnvironment(): called after synthesis, so nothing would be deployed. Call it before app.synth().'],
  ])('fails for %s', (_, act, error) => {
    expect(messageOf(act)).toBe(`[Stack/Deployment] ${error}`);
  });

  test('takes a token as value', () => {
    fixture.deployment().addEnvironment('web', 'A', new CfnParameter(fixture.stack, 'Value').valueAsString);

    expect(fixture.properties().Containers.web.Environment).toEqual({ A: { Ref: 'Value' } });
  });
});

describe('addSecret()', () => {
  test('adds a secret to one container in an Aspect, and lets the handler read it', () => {
    fixture.deployment({ containers: { web: container({ environment: { A: '1' } }) } });
    const added = secret();
    inAspect((deployment) => deployment.addSecret('web', 'PASSWORD', added));

    const template = fixture.template();
    const [secretId] = Object.keys(template.findResources('AWS::SecretsManager::Secret'));
    const [resource] = Object.values(template.findResources(RESOURCE_TYPE));
    const [[policyId, policy]] = Object.entries(template.findResources('AWS::IAM::Policy')).filter(([id]) => id.includes('SecretsPolicy'));
    expect(resource.Properties.Containers.web).toMatchObject({
      Environment: { A: '1' }, Secrets: { PASSWORD: { SecretsManager: { SecretId: { Ref: secretId } } } },
    });
    expect(policy.Properties.PolicyDocument.Statement[0].Resource).toEqual({ Ref: secretId });
    expect(resource.DependsOn).toContain(policyId);
  });

  test.each<[string, () => void, RegExp]>([
    ['an unknown container', () => fixture.deployment().addSecret('api', 'A', secret()), /addSecret\(\): there is no container "api"/],
    ['the name of a variable', () => fixture.withContainer({ environment: { A: '1' } }).addSecret('web', 'A', secret()), /environment also has a variable of that name/],
    ['a text', () => fixture.deployment().addSecret('web', 'A', 'hunter2' as any), /^(?!.*hunter2).*Use a ContainerSecret/],
  ])('fails for %s', (_, act, error) => {
    expect(messageOf(act)).toMatch(error);
  });
});

describe('the container that addContainer() returns', () => {
  test('takes variables and secrets', () => {
    const added = fixture.deployment().addContainer('worker', container({ environment: { A: '1' } }));
    added.addEnvironment('B', '2');
    added.addSecret('PASSWORD', secret());

    expect(added.containerName).toBe('worker');
    expect(fixture.properties().Containers).toMatchObject({
      worker: { Environment: { A: '1', B: '2' }, Secrets: { PASSWORD: { SecretsManager: { SecretId: expect.anything() } } } },
    });
    expect(fixture.properties().Containers.web.Environment).toBeUndefined();
  });

  test('fails as the methods of the deployment do', () => {
    const added = fixture.deployment().addContainer('worker', container({ environment: { A: '1' } }));

    expect(messageOf(() => added.addSecret('A', secret()))).toMatch(/environment also has a variable of that name/);
    fixture.app.synth();
    expect(messageOf(() => added.addEnvironment('B', '2')))
      .toBe('[Stack/Deployment] addEnvironment(): called after synthesis, so nothing would be deployed. Call it before app.synth().');
  });
});
