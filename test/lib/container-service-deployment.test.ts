import childProcess from 'child_process';
import { CfnOutput, Duration, Fn, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Fact, FactName } from 'aws-cdk-lib/region-info';
import { container, Fixture, RESOURCE_TYPE, WEB } from './fixture';
import { ContainerImage, ContainerProtocol, ContainerService, ContainerServiceDeployment } from '../../lib';

/** The functions of the handler in a template, by their export. */
function handlersOf(template: Template): Record<string, any> {
  const functions = Object.values(template.findResources('AWS::Lambda::Function')).map((resource) => resource.Properties);
  return Object.fromEntries(functions.filter(({ Handler }) => Handler.startsWith('index.')).map((properties) => [properties.Handler, properties]));
}

describe('the request', () => {
  test('holds every property given', () => {
    const fixture = new Fixture();
    fixture.deployment({
      containers: {
        web: {
          image: ContainerImage.fromRegistry('nginx:1.27'),
          command: ['run', '-v', '--tag', 'b', '--tag', 'a', '-v', ''],
          environment: { LOG_LEVEL: 'info', EMPTY: '' },
          ports: {
            80: ContainerProtocol.HTTP, 443: ContainerProtocol.HTTPS, 5000: ContainerProtocol.TCP, 5353: ContainerProtocol.UDP,
          },
        },
        cache: { image: ContainerImage.fromRegistry('redis') },
      },
      publicEndpoint: {
        containerName: 'web',
        containerPort: 443,
        healthCheck: {
          path: '/healthz',
          interval: Duration.minutes(1),
          timeout: Duration.seconds(3),
          healthyThreshold: 4,
          unhealthyThreshold: 5,
          successCodes: '200,202',
        },
      },
      timeout: Duration.minutes(10),
      triggers: { build: '42' },
      removalPolicy: RemovalPolicy.DESTROY,
      waitForUrl: true,
    });

    expect(fixture.properties()).toEqual({
      ServiceToken: expect.anything(),
      ServiceTimeout: '780',
      Timeout: 600,
      ServiceName: 'web',
      Containers: {
        web: {
          Image: 'nginx:1.27',
          Command: ['run', '-v', '--tag', 'b', '--tag', 'a', '-v', ''],
          Environment: { LOG_LEVEL: 'info', EMPTY: '' },
          Ports: { 80: 'HTTP', 443: 'HTTPS', 5000: 'TCP', 5353: 'UDP' },
        },
        cache: { Image: 'redis' },
      },
      PublicEndpoint: {
        ContainerName: 'web',
        ContainerPort: 443,
        HealthCheck: {
          Path: '/healthz',
          IntervalSeconds: 60,
          TimeoutSeconds: 3,
          HealthyThreshold: 4,
          UnhealthyThreshold: 5,
          SuccessCodes: '200,202',
        },
      },
      Triggers: { build: '42' },
      RemovalPolicy: 'Destroy',
      WaitForUrl: true,
    });
  });

  test('holds nothing that was not given, and waits 30 minutes', () => {
    const fixture = new Fixture();
    fixture.withContainer({});

    expect(fixture.properties()).toEqual({
      ServiceToken: expect.anything(),
      ServiceTimeout: '1980',
      Timeout: 1800,
      ServiceName: 'web',
      Containers: { web: { Image: 'public.ecr.aws/nginx/nginx:1.27' } },
    });
  });

  test('holds nothing that was given as its default', () => {
    const fixture = new Fixture();
    fixture.deployment({ triggers: {}, removalPolicy: RemovalPolicy.RETAIN, waitForUrl: false });

    expect(Object.keys(fixture.properties()).sort()).toEqual(['Containers', 'ServiceName', 'ServiceTimeout', 'ServiceToken', 'Timeout']);
  });

  test.each([RemovalPolicy.RETAIN, RemovalPolicy.DESTROY])('reaches the handler when it is deleted, also with the removal policy %s', (removalPolicy) => {
    const fixture = new Fixture();
    fixture.deployment({ removalPolicy });

    fixture.template().hasResource(RESOURCE_TYPE, { DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Delete' });
  });

  test('leaves the health check to Lightsail when none is given', () => {
    const fixture = new Fixture();
    fixture.withEndpoint({});

    expect(fixture.properties().PublicEndpoint).toEqual({ ContainerName: 'web', ContainerPort: 80 });
  });

  test('holds of a health check only what was given', () => {
    const fixture = new Fixture();
    fixture.withHealthCheck({ path: '/healthz' });

    expect(fixture.properties().PublicEndpoint.HealthCheck).toEqual({ Path: '/healthz' });
  });

  test('holds the containers that are added after construction', () => {
    const fixture = new Fixture();
    const deployment = fixture.deployment({ containers: {}, publicEndpoint: { containerName: 'web', containerPort: 80 } });
    deployment.addContainer('web', WEB);
    deployment.addContainer('worker', container({ command: ['work'], environment: { QUEUE: 'a' } }));

    expect(fixture.properties().Containers).toEqual({
      web: { Image: 'public.ecr.aws/nginx/nginx:1.27', Ports: { 80: 'HTTP' } },
      worker: { Image: 'public.ecr.aws/nginx/nginx:1.27', Command: ['work'], Environment: { QUEUE: 'a' } },
    });
  });
});

describe('the attributes', () => {
  test.each([
    ['deploymentId', 'DeploymentId'],
    ['deploymentVersion', 'DeploymentVersion'],
    ['deploymentState', 'DeploymentState'],
    ['deploymentCreatedAt', 'DeploymentCreatedAt'],
    ['containerServiceName', 'ContainerServiceName'],
    ['containerServiceArn', 'ContainerServiceArn'],
    ['containerServiceState', 'ContainerServiceState'],
    ['containerServiceCreatedAt', 'ContainerServiceCreatedAt'],
    ['url', 'Url'],
    ['principalArn', 'PrincipalArn'],
    ['privateDomainName', 'PrivateDomainName'],
    ['publicDomainNames', 'PublicDomainNames'],
    ['power', 'Power'],
    ['powerId', 'PowerId'],
    ['scale', 'Scale'],
    ['isDisabled', 'IsDisabled'],
    ['resourceType', 'ResourceType'],
    ['availabilityZone', 'AvailabilityZone'],
    ['regionName', 'RegionName'],
    ['ecrImagePullerPrincipalArn', 'EcrImagePullerPrincipalArn'],
  ] as const)('%s is Fn::GetAtt %s of the custom resource', (property, attribute) => {
    const fixture = new Fixture();
    const deployment = fixture.deployment();
    const [logicalId] = Object.keys(fixture.template().findResources(RESOURCE_TYPE));

    expect(fixture.stack.resolve(deployment[property])).toEqual({ 'Fn::GetAtt': [logicalId, attribute] });
  });

  test('hostName is the host of the URL, and an empty URL does not fail', () => {
    const fixture = new Fixture();
    const { hostName } = fixture.deployment();
    const [logicalId] = Object.keys(fixture.template().findResources(RESOURCE_TYPE));

    const resolved = fixture.stack.resolve(hostName);
    expect(resolved).toEqual({ 'Fn::Select': [2, { 'Fn::Split': ['/', { 'Fn::Join': ['', [{ 'Fn::GetAtt': [logicalId, 'Url'] }, '//']] }] }] });
    const [index, { 'Fn::Split': [separator, { 'Fn::Join': [, [, suffix]] }] }] = resolved['Fn::Select'];
    const selected = (url: string) => `${url}${suffix}`.split(separator)[index];
    expect(selected('https://web.abc.eu-central-1.cs.amazonlightsail.com/')).toBe('web.abc.eu-central-1.cs.amazonlightsail.com');
    expect(selected('')).toBe('');
  });

  test('publicDomainNames can be used as a list', () => {
    const fixture = new Fixture();
    const { publicDomainNames } = fixture.deployment();
    new CfnOutput(fixture.stack, 'Domains', { value: Fn.join(',', publicDomainNames) });

    fixture.template().hasOutput('Domains', {
      Value: { 'Fn::Join': [',', { 'Fn::GetAtt': [Match.anyValue(), 'PublicDomainNames'] }] },
    });
  });

  test('publicDomainNames is a list in another stack', () => {
    const fixture = new Fixture();
    const { publicDomainNames } = fixture.deployment();
    const other = new Stack(fixture.app, 'Other');
    new CfnOutput(other, 'Domains', { value: Fn.join(',', publicDomainNames) });

    const imported = { 'Fn::ImportValue': Match.stringLikeRegexp('PublicDomainNames') };
    Template.fromStack(other).hasOutput('Domains', { Value: { 'Fn::Join': [',', { 'Fn::Split': ['||', imported] }] } });
    const [exported] = Object.values(fixture.template().toJSON().Outputs) as any[];
    expect(exported.Value).toEqual({ 'Fn::Join': ['||', { 'Fn::GetAtt': [expect.any(String), 'PublicDomainNames'] }] });
  });
});

describe('the container service', () => {
  test('is a CfnContainer as it is, and is there before the deployment', () => {
    const fixture = new Fixture();
    const service = fixture.service();
    fixture.deployment({ service });

    // CloudFormation creates and updates the target of a Ref before the resource with the Ref.
    expect(fixture.properties().ServiceName).toEqual({ Ref: fixture.stack.getLogicalId(service) });
  });

  test('is a name', () => {
    const fixture = new Fixture();
    fixture.deployment({ service: ContainerService.fromContainerServiceName(fixture.stack, 'Imported', 'other-service') });

    expect(fixture.properties().ServiceName).toBe('other-service');
  });
});

describe('the provider', () => {
  test('is one for all deployments of a stack', () => {
    const fixture = new Fixture();
    ['A', 'B', 'C'].forEach((id) => fixture.deployment({ service: fixture.service(`Service${id}`) }, id));

    const template = fixture.template();
    template.resourceCountIs('AWS::Lambda::Function', 4);
    template.resourceCountIs('AWS::StepFunctions::StateMachine', 1);
    const tokens = Object.values(template.findResources(RESOURCE_TYPE)).map(({ Properties }) => JSON.stringify(Properties.ServiceToken));
    expect(tokens).toHaveLength(3);
    expect(new Set(tokens).size).toBe(1);
  });

  test('is another one in another stack', () => {
    const fixture = new Fixture();
    fixture.deployment();
    const other = new Stack(fixture.app, 'Other');
    new ContainerServiceDeployment(other, 'Deployment', {
      service: ContainerService.fromContainerServiceName(other, 'Service', 'other'),
      containers: { web: WEB },
    });

    for (const template of [fixture.template(), Template.fromStack(other)]) {
      template.resourceCountIs('AWS::Lambda::Function', 4);
      template.resourceCountIs('AWS::StepFunctions::StateMachine', 1);
      template.resourceCountIs(RESOURCE_TYPE, 1);
      // A token of the other stack would be an Fn::ImportValue.
      template.hasResourceProperties(RESOURCE_TYPE, { ServiceToken: { 'Fn::GetAtt': [Match.anyValue(), 'Arn'] } });
    }
  });

  test('runs the handler on the latest Node.js that the Region has', () => {
    const region = 'test-region-1';
    Fact.register({ region, name: FactName.LATEST_NODE_RUNTIME, value: 'nodejs99.x' }, true);
    const fixture = new Fixture({ env: { region, account: '111111111111' } });
    fixture.deployment();

    expect(lambda.determineLatestNodeRuntime(fixture.stack).name).toBe('nodejs99.x');
    const handlers = handlersOf(fixture.template());
    expect(Object.entries(handlers).map(([handler, { Runtime }]) => [handler, Runtime])).toEqual([['index.handler', 'nodejs99.x']]);
  });

  test('has the time for a call that waits, and writes JSON logs', () => {
    const fixture = new Fixture();
    fixture.deployment();

    for (const handler of Object.values(handlersOf(fixture.template()))) {
      expect(handler).toMatchObject({ Timeout: 600, MemorySize: 256, Architectures: ['x86_64'], LoggingConfig: { LogFormat: 'JSON' } });
    }
  });

  test('waits up to one hour, and asks again after seven seconds', () => {
    const fixture = new Fixture();
    fixture.deployment();

    fixture.template().hasResourceProperties('AWS::StepFunctions::StateMachine', {
      DefinitionString: { 'Fn::Join': ['', Match.arrayWith([Match.stringLikeRegexp('"IntervalSeconds":7,"MaxAttempts":514,"BackoffRate":1')])] },
    });
  });

  test('keeps the framework from logging events, which hold the ResponseURL', () => {
    const fixture = new Fixture();
    fixture.deployment();

    const framework = Object.values(fixture.template().findResources('AWS::Lambda::Function'))
      .map(({ Properties }) => Properties).filter(({ Handler }) => Handler.startsWith('framework.'));
    expect(framework.map(({ LoggingConfig }) => LoggingConfig.ApplicationLogLevel)).toEqual(['FATAL', 'FATAL', 'FATAL']);
    const [waiter] = Object.values(fixture.template().findResources('AWS::StepFunctions::StateMachine'));
    expect(waiter.Properties.LoggingConfiguration).toBeUndefined();
  });

  test('is synthesized without esbuild, Docker or any other program', () => {
    const programs = (['spawnSync', 'spawn', 'execSync', 'execFileSync'] as const).map((name) =>
      jest.spyOn(childProcess, name).mockImplementation(() => { throw new Error('a program was started'); }));
    try {
      const fixture = new Fixture();
      fixture.deployment();
      fixture.app.synth();
      programs.forEach((program) => expect(program).not.toHaveBeenCalled());
    } finally {
      programs.forEach((program) => program.mockRestore());
    }
  });
});
