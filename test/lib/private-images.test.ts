import { App, Duration, NestedStack, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lightsail from 'aws-cdk-lib/aws-lightsail';
import type { Construct } from 'constructs';
import { container, messageOf, RESOURCE_TYPE } from './fixture';
import {
  ContainerImage, ContainerService, ContainerServiceDeployment, ContainerServicePower,
  type ContainerImageConfig, type ContainerServiceProps, type IContainerService,
} from '../../lib';

const ENV = { account: '111111111111', region: 'eu-central-1' };
const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`;
const WARNING = 'cdk-lightsail-containers:ecrRepositoryPolicy';
const ACTIVATION = 'Custom::LightsailPrivateRegistryAccess';
const PULLER = 'arn:aws:iam::222222222222:role/amazon/lightsail/eu-central-1/containers/web/0123';
const SERVICE_ARN = 'arn:aws:lightsail:eu-central-1:111111111111:ContainerService/0a1b2c3d-0000-1111-2222-333344445555';

let app: App;
let stack: Stack;
beforeEach(() => {
  app = new App();
  stack = new Stack(app, 'Stack', { env: ENV });
});

function newService(props: Partial<ContainerServiceProps> = {}, scope: Construct = stack) {
  return new ContainerService(scope, 'Service', { containerServiceName: 'web', power: ContainerServicePower.NANO, ...props });
}

function newCfnService(props: Partial<lightsail.CfnContainerProps> = {}, scope: Construct = stack) {
  return new lightsail.CfnContainer(scope, 'Service', { serviceName: 'web', power: 'nano', scale: 1, ...props });
}

function deploy(service: lightsail.IContainerRef, repository: ecr.IRepository, tagOrDigest?: string, scope: Construct = stack) {
  return new ContainerServiceDeployment(scope, 'Deployment', {
    service, containers: { web: container({ image: ContainerImage.fromEcrRepository(repository, tagOrDigest) }) },
  });
}

function only(template: Template, type: string): Record<string, any> {
  const [resource, ...others] = Object.values(template.findResources(type));
  if (!resource || others.length > 0) throw new Error(`one ${type} expected, found ${resource ? others.length + 1 : 0}`);
  return resource;
}

/** The statements of the policy of the only repository. */
function repositoryPolicy(template: Template) {
  return only(template, 'AWS::ECR::Repository').Properties?.RepositoryPolicyText?.Statement;
}

function allowsPulling(principal: unknown) {
  return [{ Action: ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'], Effect: 'Allow', Principal: { AWS: principal } }];
}

/** The resources that the policies allow an action on, one for each policy. */
function resourcesOf(template: Template, action: string): unknown[] {
  return Object.values(template.findResources('AWS::IAM::Policy'))
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
    .filter(({ Action }) => [Action].flat().includes(action))
    .map(({ Resource }) => Resource);
}

/** The types of the resources that another waits for. */
function prerequisites(template: Template, type: string): string[] {
  const { Resources } = template.toJSON();
  return [only(template, type).DependsOn ?? []].flat().map((id: string) => Resources[id].Type).sort();
}

function warningsOf(of = stack): string[] {
  return Annotations.fromStack(of).findWarning('*', Match.stringLikeRegexp(WARNING)).map(({ entry }) => String(entry.data));
}

const ROLE_OF_SERVICE = (logicalId: string) => ({ 'Fn::GetAtt': [logicalId, 'PrivateRegistryAccess.EcrImagePullerRole.PrincipalArn'] });
const TURNED_ON = { EcrImagePullerRole: { IsActive: true } };

describe('the image', () => {
  test.each<[string | undefined, string]>([
    [undefined, ':latest'], ['latest', ':latest'], ['1.0_a-B', ':1.0_a-B'], ['_', ':_'], ['t'.repeat(128), `:${'t'.repeat(128)}`], [DIGEST, `@${DIGEST}`],
  ])('%s of a repository ends with %s', (tagOrDigest, end) => {
    const repository = ecr.Repository.fromRepositoryArn(stack, 'Repository', 'arn:aws:ecr:eu-central-1:111111111111:repository/team/repo');
    deploy(newCfnService(), repository, tagOrDigest);

    const image = { 'Fn::Join': ['', ['111111111111.dkr.ecr.eu-central-1.', { Ref: 'AWS::URLSuffix' }, `/team/repo${end}`]] };
    expect(only(Template.fromStack(stack), RESOURCE_TYPE).Properties).toMatchObject({ Containers: { web: { Image: image } }, EcrImages: [image] });
  });

  test.each(['', ':tag', '-tag', '.tag', 'a/b', 'a b', 't'.repeat(129), 'tag\n', '@sha256:x', 'sha256:abc', DIGEST.toUpperCase(), `latest@${DIGEST}`])(
    'fails for the tag or digest %j', (tagOrDigest) => {
      const repository = new ecr.Repository(stack, 'Repository');

      expect(messageOf(() => deploy(newCfnService(), repository, tagOrDigest))).toBe(
        `[Stack/Deployment] containers.web.image: ${JSON.stringify(tagOrDigest)} is neither a tag nor a digest. A tag has 1-128 characters: letters, digits, `
        + "'_', '.' and '-', and does not begin with '.' or '-'. A digest is 'sha256:' and 64 lower-case hexadecimal digits, and cannot be given as a token.");
    });

  test.each<[unknown, string]>([['repo', '"repo"'], [undefined, 'undefined'], [{}, '{}']])('fails for the repository %j', (repository, given) => {
    expect(messageOf(() => deploy(newCfnService(), repository as ecr.IRepository))).toBe(
      `[Stack/Deployment] containers.web.image: ${given} is not an Amazon ECR repository. `
      + "Give an ecr.Repository, or ecr.Repository.fromRepositoryName(this, 'Repository', 'name').");
  });

  test.each<[string, (id: string) => ecr.IRepository]>([
    ['its ARN', (id) => ecr.Repository.fromRepositoryArn(stack, id, 'arn:aws:ecr:us-east-1:111111111111:repository/repo')],
    ['attributes', (id) => ecr.Repository.fromRepositoryAttributes(stack, id, {
      repositoryArn: 'arn:aws:ecr:us-east-1:111111111111:repository/repo', repositoryName: 'repo',
    })],
    ['another stack', (id) => new ecr.Repository(new Stack(app, 'Other', { env: { ...ENV, region: 'us-east-1' } }), id, { repositoryName: 'repo' })],
  ])('fails for a repository of another Region, known by %s', (_, repository) => {
    expect(messageOf(() => deploy(newCfnService(), repository('Repository')))).toBe(
      '[Stack/Deployment] containers.web.image: it is in a repository in region "us-east-1", and the container service in "eu-central-1". '
      + 'Lightsail pulls from private repositories in its own Region only. Use a repository in that Region, for example one that ECR replicates the images to.');
  });

  test('passes where the Region is not known at synthesis', () => {
    const agnostic = new Stack(app, 'Agnostic');
    deploy(newCfnService({}, agnostic), ecr.Repository.fromRepositoryArn(agnostic, 'Repository', 'arn:aws:ecr:us-east-1:111111111111:repository/repo'), 'tag', agnostic);

    expect(() => Template.fromStack(agnostic)).not.toThrow();
  });

  test('fails together with a service that is none', () => {
    const message = messageOf(() => deploy('web' as any, ecr.Repository.fromRepositoryArn(stack, 'Repository', 'arn:aws:ecr:us-east-1:111111111111:repository/repo')));

    expect(message).toContain('  - service: "web" is a string.');
    expect(message).toContain('  - containers.web.image: it is in a repository in region "us-east-1"');
  });

  test('fails where bind() returns a repository that is none', () => {
    class OwnImage extends ContainerImage {
      public bind(): ContainerImageConfig {
        return { imageName: 'x', ecrRepository: 'repo' as any };
      }
    }
    expect(messageOf(() => new ContainerServiceDeployment(stack, 'Deployment', { service: newCfnService(), containers: { web: { image: new OwnImage() } } }))).toBe(
      '[Stack/Deployment] containers.web.image: its bind() returned "repo" as ecrRepository. It must be an ecr.IRepository or undefined.');
  });
});

test('a deployment without private images changes nothing', () => {
  new ContainerServiceDeployment(stack, 'Deployment', { service: newCfnService(), containers: { web: container() } });

  const template = Template.fromStack(stack);
  expect(only(template, 'AWS::Lightsail::Container').Properties).not.toHaveProperty('PrivateRegistryAccess');
  expect(Object.keys(only(template, RESOURCE_TYPE).Properties)).not.toEqual(expect.arrayContaining([expect.stringMatching(/Registry|Ecr/)]));
  expect(resourcesOf(template, 'ecr:DescribeImages')).toEqual([]);
  template.resourceCountIs(ACTIVATION, 0);
});

describe.each<[string, () => lightsail.IContainerRef, string]>([
  ['ContainerService', newService, 'ServiceDBC79909'],
  ['CfnContainer', newCfnService, 'Service'],
])('for a %s', (_, service, logicalId) => {
  test('the access is turned on, and only its role may pull', () => {
    deploy(service(), new ecr.Repository(stack, 'Repository'));

    const template = Template.fromStack(stack);
    expect(only(template, 'AWS::Lightsail::Container').Properties.PrivateRegistryAccess).toEqual(TURNED_ON);
    expect(repositoryPolicy(template)).toEqual(allowsPulling(ROLE_OF_SERVICE(logicalId)));
    expect(only(template, RESOURCE_TYPE).Properties.PrivateRegistryAccess).toBe(true);
    expect(resourcesOf(template, 'lightsail:UpdateContainerService')).toEqual([]);
    template.resourceCountIs(ACTIVATION, 0);
    expect(warningsOf()).toEqual([]);
  });

  test('the deployment waits for the policy of the repository, and for the permission to look into it', () => {
    deploy(service(), new ecr.Repository(stack, 'Repository'));

    const template = Template.fromStack(stack);
    const [id] = Object.keys(template.findResources('AWS::ECR::Repository'));
    expect(prerequisites(template, RESOURCE_TYPE)).toEqual(['AWS::ECR::Repository', 'AWS::IAM::Policy', 'AWS::IAM::Policy']);
    expect(resourcesOf(template, 'ecr:DescribeImages')).toEqual([{ 'Fn::GetAtt': [id, 'Arn'] }]);
  });

  test('a container that is added later is treated as one of the first', () => {
    const deployment = new ContainerServiceDeployment(stack, 'Deployment', { service: service(), containers: { web: container() } });
    deployment.addContainer('app', { image: ContainerImage.fromEcrRepository(new ecr.Repository(stack, 'Repository')) });

    const template = Template.fromStack(stack);
    expect(repositoryPolicy(template)).toEqual(allowsPulling(ROLE_OF_SERVICE(logicalId)));
    expect(only(template, RESOURCE_TYPE).Properties).toMatchObject({ PrivateRegistryAccess: true, EcrImages: [expect.anything()] });
    expect(prerequisites(template, RESOURCE_TYPE)).toContain('AWS::ECR::Repository');
  });

  test('what else stands below the repository may wait for the deployment', () => {
    const repository = new ecr.Repository(stack, 'Repository');
    const deployment = deploy(service(), repository);
    repository.onImageScanCompleted('Scan', { description: deployment.url });

    // Finds dependency cycles.
    expect(() => Template.fromStack(stack)).not.toThrow();
  });
});

test('one statement is enough for several images of a repository, and each repository has its own', () => {
  const [first, second] = ['First', 'Second'].map((id) => new ecr.Repository(stack, id));
  const additions = jest.spyOn(first, 'addToResourcePolicy');
  new ContainerServiceDeployment(stack, 'Deployment', {
    service: newCfnService(),
    containers: {
      a: { image: ContainerImage.fromEcrRepository(first, '1') },
      b: { image: ContainerImage.fromEcrRepository(first, '2') },
      c: { image: ContainerImage.fromEcrRepository(second, '1') },
    },
  });

  const template = Template.fromStack(stack);
  expect(additions).toHaveBeenCalledTimes(1);
  const policies = Object.values(template.findResources('AWS::ECR::Repository')).map(({ Properties }) => Properties.RepositoryPolicyText.Statement);
  expect(policies).toEqual([allowsPulling(ROLE_OF_SERVICE('Service')), allowsPulling(ROLE_OF_SERVICE('Service'))]);
  expect(only(template, RESOURCE_TYPE).Properties.EcrImages).toHaveLength(3);
  expect(resourcesOf(template, 'ecr:DescribeImages')).toHaveLength(2);
});

test('a repository that two services use allows both, and is looked into by one permission', () => {
  const repository = new ecr.Repository(stack, 'Repository');
  for (const id of ['A', 'B']) {
    new ContainerServiceDeployment(stack, `Deployment${id}`, {
      service: new lightsail.CfnContainer(stack, id, { serviceName: id.toLowerCase(), power: 'nano', scale: 1 }),
      containers: { web: { image: ContainerImage.fromEcrRepository(repository) } },
    });
  }

  const template = Template.fromStack(stack);
  expect(repositoryPolicy(template)).toEqual([...allowsPulling(ROLE_OF_SERVICE('A')), ...allowsPulling(ROLE_OF_SERVICE('B'))]);
  expect(resourcesOf(template, 'ecr:DescribeImages')).toHaveLength(1);
});

test('the handler\'s functions wait for no repository, so that a second service may wait for a deployment to the first', () => {
  const first = new ContainerServiceDeployment(stack, 'First', { service: newCfnService(), containers: { web: container() } });
  const second = new lightsail.CfnContainer(stack, 'Second', { serviceName: 'second', power: 'nano', scale: 1, tags: [{ key: 'peer', value: first.url }] });
  deploy(second, new ecr.Repository(stack, 'Repository'));

  // Finds dependency cycles.
  expect(() => Template.fromStack(stack)).not.toThrow();
});

describe('privateRegistryAccess of a service', () => {
  test.each<[string, () => lightsail.IContainerRef]>([
    ['ContainerService', () => newService({ privateRegistryAccess: true })],
    ['CfnContainer', () => newCfnService({ privateRegistryAccess: { ecrImagePullerRole: { isActive: true } } })],
    ['CfnContainer without a role', () => newCfnService({ privateRegistryAccess: {} })],
    ['CfnContainer with a role of which nothing is said', () => newCfnService({ privateRegistryAccess: { ecrImagePullerRole: {} } })],
  ])('of a %s is on in the end', (_, service) => {
    deploy(service(), new ecr.Repository(stack, 'Repository'));

    expect(only(Template.fromStack(stack), 'AWS::Lightsail::Container').Properties.PrivateRegistryAccess).toEqual(TURNED_ON);
  });

  test.each<[string, () => lightsail.IContainerRef]>([
    ['ContainerService', () => newService({ privateRegistryAccess: false })],
    ['CfnContainer', () => newCfnService({ privateRegistryAccess: { ecrImagePullerRole: { isActive: false } } })],
  ])('of a %s fails where it is turned off, and for a public image does not', (_, define) => {
    const service = define();

    expect(messageOf(() => deploy(service, new ecr.Repository(stack, 'Repository')))).toBe(
      '[Stack/Deployment] containers.web.image: it is in a private Amazon ECR repository, but privateRegistryAccess of Stack/Service turns off access to such repositories. '
      + 'Set it to true, or leave it out.');
    new ContainerServiceDeployment(stack, 'Public', { service, containers: { web: container() } });
    expect(only(Template.fromStack(stack), 'AWS::Lightsail::Container').Properties.PrivateRegistryAccess).toEqual({ EcrImagePullerRole: { IsActive: false } });
  });

  test('of a CfnContainer is left where it is a token', () => {
    const access = { ecrImagePullerRole: { isActive: stack.resolve({ 'Fn::If': ['Condition', true, false] }) } };
    const service = newCfnService();
    service.privateRegistryAccess = { resolve: () => access, creationStack: [] };
    deploy(service, new ecr.Repository(stack, 'Repository'));

    expect(service.privateRegistryAccess).toMatchObject({ creationStack: [] });
  });
});

describe('for a service that exists already', () => {
  const byName = () => ContainerService.fromContainerServiceName(stack, 'Service', 'web');
  const byArn = (ecrImagePullerPrincipalArn?: string): IContainerService => ContainerService.fromContainerServiceAttributes(stack, 'Service', {
    containerServiceName: 'web', containerServiceArn: SERVICE_ARN, ecrImagePullerPrincipalArn,
  });

  test('the access is turned on at deploy time, and only its role may pull', () => {
    new ContainerServiceDeployment(stack, 'Deployment', {
      service: byArn(),
      timeout: Duration.minutes(10),
      containers: { web: { image: ContainerImage.fromEcrRepository(new ecr.Repository(stack, 'Repository')) } },
    });

    const template = Template.fromStack(stack);
    const [id] = Object.keys(template.findResources(ACTIVATION));
    expect(only(template, ACTIVATION).Properties).toEqual({
      ServiceToken: only(template, RESOURCE_TYPE).Properties.ServiceToken, ServiceName: 'web', Timeout: 600, ServiceTimeout: '780',
    });
    expect(repositoryPolicy(template)).toEqual(allowsPulling({ 'Fn::GetAtt': [id, 'EcrImagePullerPrincipalArn'] }));
    expect(only(template, RESOURCE_TYPE).Properties.PrivateRegistryAccess).toBe(true);
    expect(warningsOf()).toEqual([]);
  });

  test('the permission to turn it on is limited to the service, and is there before it is used', () => {
    deploy(byArn(), new ecr.Repository(stack, 'Repository'));

    const template = Template.fromStack(stack);
    expect(resourcesOf(template, 'lightsail:UpdateContainerService')).toEqual([SERVICE_ARN]);
    expect(prerequisites(template, ACTIVATION)).toEqual(['AWS::IAM::Policy']);
    expect(prerequisites(template, RESOURCE_TYPE)).toEqual([
      'AWS::ECR::Repository', 'AWS::IAM::Policy', 'AWS::IAM::Policy', ACTIVATION,
    ]);
  });

  test('it is turned on once for several repositories', () => {
    new ContainerServiceDeployment(stack, 'Deployment', {
      service: byName(),
      containers: Object.fromEntries(['a', 'b'].map((id) => [id, { image: ContainerImage.fromEcrRepository(new ecr.Repository(stack, id)) }])),
    });

    Template.fromStack(stack).resourceCountIs(ACTIVATION, 1);
  });

  test('a role that is known is named by its ARN, also where the repository is in another stack', () => {
    const repositories = new Stack(app, 'Repositories', { env: ENV });
    deploy(byArn(PULLER), new ecr.Repository(repositories, 'Repository'));

    expect(repositoryPolicy(Template.fromStack(repositories))).toEqual(allowsPulling(PULLER));
    expect(prerequisites(Template.fromStack(stack), RESOURCE_TYPE)).toContain(ACTIVATION);
    expect(warningsOf()).toEqual([]);
  });

  test('a warning says what a repository of another stack has to hold, and how that is written', () => {
    const repositories = new Stack(app, 'Repositories', { env: ENV });
    deploy(byName(), new ecr.Repository(repositories, 'Repository'));

    expect(warningsOf()).toEqual([expect.stringContaining('cannot be changed: it names the role of the container service, so the stack "Repositories" '
      + 'of the repository would depend on the stack "Stack", which depends on the repository. '
      + 'To resolve this, pass ecrImagePullerPrincipalArn to ContainerService.fromContainerServiceAttributes(). ')]);
    expect(repositoryPolicy(Template.fromStack(repositories))).toBeUndefined();
  });

  test('a repository that exists already is not said to be one of another stack, wherever it is referred to', () => {
    deploy(byName(), ecr.Repository.fromRepositoryName(new Stack(app, 'Repositories', { env: ENV }), 'Repository', 'repo'));

    expect(warningsOf()).toEqual([expect.stringContaining('this app does not define the repository')]);
  });
});

describe('a repository whose policy the app cannot write', () => {
  const existing = () => ecr.Repository.fromRepositoryName(stack, 'Repository', 'repo');
  const STATEMENT = (arn: string) => JSON.stringify({ Action: ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'], Effect: 'Allow', Principal: { AWS: arn } });
  const QUERY = '--query containerServices[0].privateRegistryAccess.ecrImagePullerRole.principalArn';

  test('gets a warning with the exact statement, for a service of the app', () => {
    deploy(newService(), existing());

    expect(warningsOf()).toEqual([
      'The policy of the private Amazon ECR repository Stack/Repository cannot be changed: this app does not define the repository. '
      + 'The deployment needs this statement in that policy, before the deployment is made: '
      + `${STATEMENT('<ARN of the ECR image puller role>')}. `
      + 'The role gets its ARN when it is activated: deploy the container service with privateRegistryAccess first. To show the ARN: '
      + `aws lightsail get-container-services --service-name web ${QUERY} [ack: ${WARNING}]`,
    ]);
    expect(only(Template.fromStack(stack), 'AWS::Lightsail::Container').Properties.PrivateRegistryAccess).toEqual(TURNED_ON);
  });

  test('gets a warning with the exact statement, for a service that exists already', () => {
    deploy(ContainerService.fromContainerServiceName(stack, 'Service', 'web'), existing());

    expect(warningsOf()).toEqual([expect.stringContaining(
      `${STATEMENT('<ARN of the ECR image puller role>')}. The role gets its ARN when it is activated: `
      + 'aws lightsail update-container-service --service-name web --private-registry-access ecrImagePullerRole={isActive=true}. To show the ARN: '
      + `aws lightsail get-container-services --service-name web ${QUERY}`)]);
  });

  test('gets a warning with the role in the statement, where that is known', () => {
    const service = ContainerService.fromContainerServiceAttributes(stack, 'Service', {
      containerServiceName: 'web', containerServiceArn: SERVICE_ARN, ecrImagePullerPrincipalArn: PULLER,
    });
    deploy(service, existing());

    expect(warningsOf()).toEqual([expect.stringMatching(/made: (\{.+\})\. \[ack/)]);
    expect(warningsOf()[0]).toContain(STATEMENT(PULLER));
  });

  test('gets one warning, however many of its images run', () => {
    const repository = existing();
    const deployment = deploy(newService(), repository, '1');
    deployment.addContainer('other', { image: ContainerImage.fromEcrRepository(repository, '2') });

    expect(warningsOf()).toHaveLength(1);
  });

  test('of the same account can be looked into', () => {
    deploy(newService(), ecr.Repository.fromRepositoryArn(stack, 'Repository', 'arn:aws:ecr:eu-central-1:111111111111:repository/repo'));

    expect(resourcesOf(Template.fromStack(stack), 'ecr:DescribeImages')).toEqual(['arn:aws:ecr:eu-central-1:111111111111:repository/repo']);
  });

  test('of another account is not looked into', () => {
    deploy(newService(), ecr.Repository.fromRepositoryArn(stack, 'Repository', 'arn:aws:ecr:eu-central-1:333333333333:repository/repo'));

    const template = Template.fromStack(stack);
    expect(resourcesOf(template, 'ecr:DescribeImages')).toEqual([]);
    expect(only(template, RESOURCE_TYPE).Properties).not.toHaveProperty('EcrImages');
    expect(only(template, RESOURCE_TYPE).Properties.PrivateRegistryAccess).toBe(true);
    expect(warningsOf()).toEqual([expect.stringContaining('this app does not define the repository')]);
  });

  test('is one of another account that another stack defines, and gets a warning', () => {
    const other = new Stack(app, 'Other', { env: { ...ENV, account: '333333333333' } });
    deploy(newService(), new ecr.Repository(other, 'Repository', { repositoryName: 'repo' }));

    expect(warningsOf()).toEqual([expect.stringContaining(
      'cannot be changed: the repository is in another account, where the role of the container service is not known at synthesis. ')]);
    expect(repositoryPolicy(Template.fromStack(other))).toBeUndefined();
  });

  test('keeps what the app itself wrote into it', () => {
    const repository = new ecr.Repository(stack, 'Repository');
    repository.addToResourcePolicy(new iam.PolicyStatement({ principals: [new iam.AccountPrincipal('444444444444')], actions: ['ecr:BatchGetImage'] }));
    deploy(newCfnService(), repository);

    expect(repositoryPolicy(Template.fromStack(stack))).toHaveLength(2);
  });
});

describe('a repository in another stack', () => {
  let repository: ecr.Repository;
  let repositories: Stack;
  beforeEach(() => {
    repositories = new Stack(app, 'Repositories', { env: ENV });
    repository = new ecr.Repository(repositories, 'Repository');
  });

  test('has its policy written, where the service is in a stack of its own', () => {
    const services = new Stack(app, 'Services', { env: ENV });
    deploy(newService({}, services), repository);
    app.synth();

    expect(repositoryPolicy(Template.fromStack(repositories))).toEqual(
      allowsPulling({ 'Fn::ImportValue': expect.stringContaining('PrivateRegistryAccessEcrImagePullerRolePrincipalArn') }));
    expect(only(Template.fromStack(services), 'AWS::Lightsail::Container').Properties.PrivateRegistryAccess).toEqual(TURNED_ON);
    expect([repositories, stack].map(({ dependencies }) => dependencies.map(({ stackName }) => stackName).sort())).toEqual([['Services'], ['Repositories', 'Services']]);
    expect(warningsOf()).toEqual([]);
  });

  test('has its policy written, where it is in the stack of the service', () => {
    deploy(newService({}, repositories), repository);
    app.synth();

    expect(repositoryPolicy(Template.fromStack(repositories))).toEqual(allowsPulling(ROLE_OF_SERVICE('ServiceDBC79909')));
    expect(warningsOf()).toEqual([]);
  });

  test('gets a warning that says how to order the stacks, where the service is in the stack of the deployment', () => {
    deploy(newService(), repository);
    app.synth();

    expect(warningsOf()).toEqual([expect.stringContaining('cannot be changed: it names the role of the container service, so the stack "Repositories" '
      + 'of the repository would depend on the stack "Stack", which depends on the repository. '
      + 'To resolve this, create the container service in a stack of its own. ')]);
    expect(repositoryPolicy(Template.fromStack(repositories))).toBeUndefined();
  });

  test.each([1, 2])('gets a warning where the stack of the service waits for it over %i steps', (steps) => {
    const services = new Stack(app, 'Services', { env: ENV });
    const between = steps === 1 ? services : new Stack(app, 'Between', { env: ENV });
    if (between !== services) services.addDependency(between);
    between.addDependency(repositories);
    deploy(newService({}, services), repository);
    app.synth();

    expect(warningsOf()).toEqual([expect.stringContaining('the stack "Repositories" of the repository would depend on the stack "Services"')]);
  });

  test('has its policy written, where it is in a nested stack of the deployment\'s', () => {
    const nested = new NestedStack(stack, 'Nested');
    deploy(newService(), new ecr.Repository(nested, 'Repository'));
    app.synth();

    // Finds dependency cycles of the parent.
    expect(() => Template.fromStack(stack)).not.toThrow();
    expect(repositoryPolicy(Template.fromStack(nested))).toEqual(allowsPulling({ Ref: expect.stringContaining('PrivateRegistryAccessEcrImagePullerRole') }));
    expect(warningsOf()).toEqual([]);
  });

  test('gets a warning where the service is in a nested stack of the deployment\'s', () => {
    deploy(newService({}, new NestedStack(stack, 'Nested')), repository);
    app.synth();

    expect(warningsOf()).toEqual([expect.stringContaining('would depend on')]);
  });

  test.each<[string, () => Construct]>([
    ['the parent of', () => stack],
    ['a nested stack beside', () => new NestedStack(stack, 'Beside')],
    ['another stack than', () => repositories],
  ])('gets a warning where it is in %s the nested stack of service and deployment', (_, scope) => {
    const nested = new NestedStack(stack, 'Nested');
    deploy(newService({}, nested), new ecr.Repository(scope(), 'Other'), 'tag', nested);
    app.synth();

    expect(warningsOf()).toEqual([expect.stringContaining('would depend on')]);
  });
});
