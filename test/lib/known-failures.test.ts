import { App, Aws, CfnParameter, Fn, Lazy, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as lightsail from 'aws-cdk-lib/aws-lightsail';
import { container, Fixture, IMAGE, messageOf, WEB } from './fixture';
import {
  ContainerImage, ContainerProtocol, ContainerService, ContainerServiceDeployment, ContainerServicePower, type ContainerServiceProps,
} from '../../lib';

/*
 * What is known to fail at deploy time is refused at synthesis.
 */

let fixture: Fixture;
beforeEach(() => {
  fixture = new Fixture();
});

const POWER = ContainerServicePower.NANO;
const untyped = (value: unknown) => value as any;
const lazy = (value: string) => Lazy.string({ produce: () => value });
const MISSING = 'It comes from a missing value, for example an environment variable such as process.env.NAME. Set that value before synthesis.';
const service = (props: Partial<ContainerServiceProps> = {}, id = 'Service') => new ContainerService(fixture.stack, id, { power: POWER, ...props });

/** Where a value is refused: at once, or at synthesis if a `Lazy` produces it. */
function failure(define: () => unknown): string {
  return messageOf(() => {
    define();
    fixture.app.synth();
  });
}

describe('a deployment to a disabled service', () => {
  const ERROR = 'Stack/Service has isDisabled: true, and a disabled container service refuses deployments. Set isDisabled to false, or remove this deployment: '
    + 'under RemovalPolicy.RETAIN, the service keeps its containers, and runs them again when you enable it.';

  test.each<[string, () => lightsail.IContainerRef]>([
    ['a ContainerService', () => service({ isDisabled: true })],
    ['a CfnContainer', () => Object.assign(fixture.service(), { isDisabled: true })],
    ['a ContainerService that a Lazy disables', () => service({ isDisabled: untyped(Lazy.any({ produce: () => true })) })],
  ])('is refused for %s', (_, define) => {
    fixture.deployment({ service: define() });

    expect(failure(() => undefined)).toContain(`[Stack/Deployment] service: ${ERROR}`);
  });

  test('is refused under RemovalPolicy.DESTROY, which would enable the service', () => {
    service({ isDisabled: true }).addDeployment('Deployment', { containers: { web: WEB }, removalPolicy: RemovalPolicy.DESTROY });

    expect(failure(() => undefined)).toContain(ERROR);
  });

  test('is refused in another stack of the app', () => {
    const other = new Stack(fixture.app, 'Other');
    new ContainerServiceDeployment(other, 'Deployment', { service: service({ isDisabled: true }), containers: { web: WEB } });

    expect(failure(() => undefined)).toContain(ERROR);
  });

  test.each<[string, unknown]>([
    ['false', false], ['a condition', Fn.conditionIf('Condition', true, false)],
  ])('passes if isDisabled is %s', (_, isDisabled) => {
    service({ isDisabled: untyped(isDisabled) }).addDeployment('Deployment', { containers: { web: WEB } });

    expect(() => fixture.app.synth()).not.toThrow();
  });
});

describe('the policies of the handler', () => {
  const deployments = (count: number) => {
    for (let index = 0; index < count; index++) fixture.deployment({ service: service({}, `Service${index}`) }, `Deployment${index}`);
  };

  test('are refused above the 10,240 characters that IAM allows a role, once, with the number of deployments', () => {
    deployments(60);

    const message = failure(() => undefined);
    expect(message).toMatch(/\[Stack\/Deployment0\] service: the 60 deployments of the stack need at least 1\d{4} characters of policies for one IAM role, but IAM allows 10240\. /);
    expect(message.match(/characters of policies/g)).toHaveLength(1);
  });

  test('pass for 40 services', () => {
    deployments(40);

    expect(() => fixture.app.synth()).not.toThrow();
  });
});

describe('the size of a deployment', () => {
  const environment = (bytes: number) => ({ CONFIG: 'x'.repeat(bytes) });
  const ERROR = /\[Stack\/Deployment\] containers: the deployment has at least 1[2-9]\d{4} bytes \(.*\), but at most 120000 fit through CloudFormation and Step Functions\./;

  test('is refused above 120,000 bytes, with the largest containers, before anything is defined', () => {
    const message = messageOf(() => fixture.deployment({
      containers: {
        a: container({ environment: environment(1_000) }),
        b: container({ environment: environment(70_000) }),
        c: container({ environment: environment(50_000) }),
      },
    }));

    expect(message).toMatch(ERROR);
    expect(message).toMatch(/\(b: 70\d{3}, c: 50\d{3}, a: 1\d{3}\)/);
    expect(fixture.stack.node.findChild('Deployment').node.children).toEqual([]);
  });

  test.each<[string, () => unknown]>([
    ['addContainer()', () => fixture.deployment({ containers: { web: container({ environment: environment(70_000) }) } }).addContainer('b', container({ environment: environment(60_000) }))],
    ['a Lazy', () => fixture.withContainer({ environment: { CONFIG: lazy('x'.repeat(121_000)) } })],
    ['the known parts of Fn.join()', () => fixture.withContainer({ environment: { CONFIG: Fn.join('', ['x'.repeat(121_000), Aws.REGION]) } })],
    ['a text with a token', () => fixture.withContainer({ environment: { CONFIG: `${'x'.repeat(121_000)}${Aws.REGION}` } })],
    ['the command', () => fixture.withContainer({ command: ['sh', '-c', 'x'.repeat(121_000)] })],
    ['the triggers', () => fixture.deployment({ triggers: { config: 'x'.repeat(121_000) } })],
    ['letters of several bytes', () => fixture.withContainer({ environment: { CONFIG: '€'.repeat(41_000) } })],
  ])('counts %s', (_, define) => {
    expect(failure(define)).toMatch(ERROR);
  });

  test('passes below', () => {
    fixture.withContainer({ environment: environment(119_000) });

    expect(() => fixture.app.synth()).not.toThrow();
  });
});

describe('the path of a health check', () => {
  test.each<[string, () => string, string]>([
    ['without a slash', () => 'healthz', '"healthz" does not begin with a slash. Write the path on the container, for example "/healthz".'],
    ['that is a URL', () => 'http://localhost:8080/healthz', '"http://localhost:8080/healthz" does not begin with a slash. Write the path on the container, for example "/healthz".'],
    ['with a space before the slash', () => ' /x', '" /x" does not begin with a slash.'],
    ['with a token after its beginning', () => `health/${Aws.REGION}`, '"health/<token>" does not begin with a slash. Write the path on the container, for example "/health/<token>".'],
    ['that Fn.join() begins without a slash', () => Fn.join('/', ['health', Aws.REGION]), '"health/<token>" does not begin with a slash.'],
    ['that a Lazy produces', () => lazy('healthz'), '"healthz" does not begin with a slash.'],
  ])('%s is refused', (_, path, error) => {
    expect(failure(() => fixture.withHealthCheck({ path: path() }))).toContain(`[Stack/Deployment] publicEndpoint.healthCheck.path: ${error}`);
  });

  test.each<[string, () => string]>([
    ['a token', () => new CfnParameter(fixture.stack, 'Path').valueAsString],
    ['a token and more', () => `${new CfnParameter(fixture.stack, 'Path').valueAsString}/health`],
    ['a slash and a token', () => `/${Aws.REGION}`],
    ['a dot, which Terraform\'s acceptance tests deploy', () => '.'],
  ])('passes as %s', (_, path) => {
    fixture.withHealthCheck({ path: path() });

    expect(() => fixture.app.synth()).not.toThrow();
  });
});

describe('a missing value in a name', () => {
  const repository = () => new ecr.Repository(fixture.stack, 'Repository');

  test.each<[string, () => ContainerImage, string]>([
    ['the tag', () => ContainerImage.fromRegistry(`repo:${undefined}`), '"repo:undefined" contains undefined.'],
    ['the tag, as null', () => ContainerImage.fromRegistry(`repo:${null}`), '"repo:null" contains null.'],
    ['the tag, as no number', () => ContainerImage.fromRegistry(`repo:${NaN}`), '"repo:NaN" contains NaN.'],
    ['a part of the tag', () => ContainerImage.fromRegistry('repo:1.0-undefined'), 'contains undefined.'],
    ['the digest', () => ContainerImage.fromRegistry(`repo@${undefined}`), '"repo@undefined" contains undefined.'],
    ['the path', () => ContainerImage.fromRegistry(`ghcr.io/${undefined}/app:1`), 'contains undefined.'],
    ['the registry', () => ContainerImage.fromRegistry(`${undefined}.dkr.ecr.eu-central-1.amazonaws.com/app:1`), 'contains undefined.'],
    ['the Region of the registry', () => ContainerImage.fromRegistry(`111111111111.dkr.ecr.${null}.amazonaws.com/app:1`), 'contains null.'],
    ['the tag after a token', () => ContainerImage.fromRegistry(`${repository().repositoryUri}:${undefined}`), 'contains undefined.'],
    ['the tag of a Lazy', () => ContainerImage.fromRegistry(lazy('repo:undefined')), 'contains undefined.'],
    ['the tag of a repository', () => ContainerImage.fromEcrRepository(repository(), `${undefined}`), '"undefined" contains undefined.'],
    ['a part of the tag of a repository', () => ContainerImage.fromEcrRepository(repository(), 'build-undefined'), 'contains undefined.'],
    ['the label', () => ContainerImage.fromContainerService(`${undefined}`), 'label: "undefined" contains undefined.'],
  ])('is refused in an image, as %s', (_, image, error) => {
    const message = failure(() => fixture.withContainer({ image: image() }));

    expect(message).toContain(error);
    expect(message).toContain(MISSING);
  });

  test.each<[string, () => unknown, string]>([
    ['a container', () => fixture.deployment({ containers: { [`web-${undefined}`]: WEB } }), 'containers: "web-undefined" contains undefined.'],
    ['a service', () => service({ containerServiceName: `web-${undefined}` }), 'containerServiceName: "web-undefined" contains undefined.'],
    ['an existing service', () => ContainerService.fromContainerServiceName(fixture.stack, 'Named', `${undefined}`), 'containerServiceName: "undefined" contains undefined.'],
    ['a certificate', () => service({ publicDomainNames: [{ certificateName: `${undefined}`, domainNames: ['example.com'] }] }),
      'publicDomainNames[0].certificateName: "undefined" contains undefined.'],
    ['a domain', () => service({ publicDomainNames: [{ certificateName: 'one', domainNames: [`${undefined}.example.com`] }] }),
      'publicDomainNames[0].domainNames[0]: "undefined.example.com" contains undefined.'],
  ])('is refused in the name of %s', (_, define, error) => {
    expect(failure(define)).toContain(`${error} ${MISSING}`);
  });

  test.each(['nullable/app:nullsafe', 'app:not-null', 'null-safe/app:1'])('passes in %s, where it is only a part of a word or has a meaning', (name) => {
    fixture.withContainer({ image: ContainerImage.fromRegistry(name) });

    expect(() => fixture.app.synth()).not.toThrow();
  });
});

describe('the name of a certificate', () => {
  const withName = (certificateName: string) => service({ publicDomainNames: [{ certificateName, domainNames: ['example.com'] }] });
  const ACM = 'is the ARN of a certificate in AWS Certificate Manager, which Lightsail cannot use. Use the name of a certificate in Lightsail: `aws lightsail get-certificates` lists them.';
  const ARN = 'is an ARN, not a name. Use the name of a certificate in Lightsail: `aws lightsail get-certificates` lists them.';
  const ACM_ARN = 'arn:aws:acm:us-east-1:111111111111:certificate/1234';
  const certificate = () => new acm.Certificate(fixture.stack, 'Certificate', { domainName: 'example.com' });
  const lightsailCertificate = () => new lightsail.CfnCertificate(fixture.stack, 'Certificate', { certificateName: 'one', domainName: 'example.com' });

  test.each<[string, () => string, string]>([
    ['the ARN of an ACM certificate', () => ACM_ARN, ACM],
    ['the ARN of an ACM certificate of the app', () => certificate().certificateArn, ACM],
    ['the ARN of an ACM certificate of another stack', () => new acm.Certificate(new Stack(fixture.app, 'Other'), 'Certificate', { domainName: 'example.com' }).certificateArn, ACM],
    ['the ARN of an imported ACM certificate', () => acm.Certificate.fromCertificateArn(fixture.stack, 'Imported', ACM_ARN).certificateArn, ACM],
    ['the ARN of an ACM certificate with a token', () => `arn:aws:acm:us-east-1:${Aws.ACCOUNT_ID}:certificate/1234`, ACM],
    ['the ARN that a Lazy produces', () => lazy(ACM_ARN), ACM],
    ['the ARN of a Lightsail certificate', () => 'arn:aws:lightsail:us-east-1:111111111111:Certificate/1234', ARN],
    ['the ARN of a Lightsail certificate of the app', () => lightsailCertificate().attrCertificateArn, ARN],
  ])('is refused if it is %s', (_, name, error) => {
    const message = failure(() => withName(name()));

    expect(message).toContain('publicDomainNames[0].certificateName: ');
    expect(message).toContain(error);
  });

  test('passes if it is the Ref of a Lightsail certificate', () => {
    withName(lightsailCertificate().ref);

    expect(() => fixture.app.synth()).not.toThrow();
  });
});

test('the ARN of a service as its name is refused, also as a token', () => {
  expect(failure(() => ContainerService.fromContainerServiceName(fixture.stack, 'Named', fixture.service().attrContainerArn)))
    .toContain('containerServiceName: a token for ContainerArn is not the name of a container service. Use the name, for example container.ref.');
});

describe('a key that is known only at deploy time', () => {
  const parameter = () => fixture.stack.node.tryFindChild('Parameter') as CfnParameter | undefined ?? new CfnParameter(fixture.stack, 'Parameter', { type: 'Number' });
  const error = (property: string, what: string) => `[Stack/Deployment] ${property}: <token> is known only at deploy time, but ${what} must be known at synthesis. `
    + "Use a literal, or a value that synthesis knows, for example from this.node.tryGetContext('name').";

  test.each<[string, () => unknown, string]>([
    ['a port, as a string', () => fixture.withContainer({ ports: { [parameter().valueAsString]: ContainerProtocol.HTTP } }), error('containers.web.ports', 'a port')],
    ['a port, as a number', () => fixture.withContainer({ ports: { [parameter().valueAsNumber]: ContainerProtocol.HTTP } }), error('containers.web.ports', 'a port')],
    ['a port, as Fn.select()', () => fixture.withContainer({ ports: { [Fn.select(0, Fn.split(',', Aws.REGION))]: ContainerProtocol.HTTP } }), error('containers.web.ports', 'a port')],
    ['a port, as Fn.join()', () => fixture.withContainer({ ports: { [Fn.join('', ['8', Aws.REGION])]: ContainerProtocol.HTTP } }), error('containers.web.ports', 'a port')],
    ['a port, as a part of a text', () => fixture.withContainer({ ports: { [`80${parameter().valueAsString}`]: ContainerProtocol.HTTP } }), error('containers.web.ports', 'a port')],
    ['a port, as a Lazy', () => fixture.withContainer({ ports: { [Lazy.string({ produce: () => parameter().valueAsString })]: ContainerProtocol.HTTP } }),
      error('containers.web.ports', 'a port')],
    ['a port in addContainer()', () => fixture.deployment().addContainer('late', container({ ports: { [parameter().valueAsNumber]: ContainerProtocol.HTTP } })),
      error('containers.late.ports', 'a port')],
    ['the name of a variable', () => fixture.withContainer({ environment: { [parameter().valueAsString]: 'x' } }), error('containers.web.environment', 'the name of a variable')],
    ['the name of a trigger', () => fixture.deployment({ triggers: { [parameter().valueAsString]: 'x' } }), error('triggers', 'the name of a trigger')],
    ['the name of a container', () => fixture.deployment({ containers: { [parameter().valueAsString]: WEB } }), error('containers', 'the name of a container')],
    ['the name of a container, as a Lazy', () => fixture.deployment({ containers: { [Lazy.string({ produce: () => parameter().valueAsString })]: WEB } }),
      error('containers', 'the name of a container')],
  ])('is refused as %s, with the path of the construct', (_, define, message) => {
    expect(failure(define)).toContain(message);
  });

  test.each<[string, () => string | number]>([
    ['a string', () => lazy('8080')], ['a number', () => Lazy.number({ produce: () => 8080 })],
  ])('is none if a Lazy produces a port as %s', (_, port) => {
    fixture.withContainer({ ports: { [port()]: ContainerProtocol.HTTP } });

    expect(fixture.properties().Containers.web.Ports).toEqual({ 8080: 'HTTP' });
  });

  test('is no matter for the port of the endpoint, which is a value', () => {
    fixture.withEndpoint({ containerPort: parameter().valueAsNumber });

    expect(fixture.properties().PublicEndpoint.ContainerPort).toEqual({ Ref: 'Parameter' });
  });
});

describe('a Region without container services', () => {
  const inRegion = (region: string, context = {}) => new Stack(new App({ context }), 'Stack', { env: { region, account: '111111111111' } });
  const deploy = (stack: Stack) => new ContainerServiceDeployment(stack, 'Deployment', {
    service: ContainerService.fromContainerServiceName(stack, 'Service', 'web'), containers: { web: { image: IMAGE } },
  });
  const ERROR = (region: string) => `env.region: Lightsail has no container services in "${region}". Put the stack into a Region of Lightsail: \`aws lightsail get-regions\` lists them.`;

  test.each(['me-south-1', 'af-south-1', 'eu-central-2', 'cn-north-1', 'us-gov-west-1'])('is refused: %s', (region) => {
    expect(messageOf(() => deploy(inRegion(region)))).toContain(`[Stack/Deployment] ${ERROR(region)}`);
    expect(messageOf(() => new ContainerService(inRegion(region), 'Service', { power: POWER }))).toContain(`[Stack/Service] ${ERROR(region)}`);
  });

  test.each(['us-east-1', 'eu-north-1', 'ap-southeast-3', 'xx-new-1'])('is not one that Lightsail has, or that is new: %s passes', (region) => {
    expect(() => deploy(inRegion(region))).not.toThrow();
  });

  test('passes if the context of the app says that Lightsail is there now', () => {
    expect(() => deploy(inRegion('me-south-1', { 'cdk-lightsail-containers:additionalRegions': ['me-south-1'] }))).not.toThrow();
  });
});

test.each(['200,301-302', '200-204,301', '200-204,301-302,404'])('success codes that mix codes and ranges pass: %s', (successCodes) => {
  fixture.withHealthCheck({ successCodes });

  expect(fixture.properties().PublicEndpoint.HealthCheck).toEqual({ SuccessCodes: successCodes });
});

test('success codes reach the handler if they are given, also if they equal the default', () => {
  fixture.withEndpoint({ healthCheck: { successCodes: '200-499' } }, undefined, { waitForUrl: true });
  expect(fixture.properties()).toMatchObject({ WaitForUrl: true, PublicEndpoint: { HealthCheck: { SuccessCodes: '200-499' } } });

  fixture = new Fixture();
  fixture.withEndpoint({ healthCheck: { path: '/' } }, undefined, { waitForUrl: true });
  expect(fixture.properties().PublicEndpoint.HealthCheck).toEqual({ Path: '/' });
});

describe('addContainer() and addDeployment() after synthesis', () => {
  test('are refused, because nothing would be deployed', () => {
    const target = service();
    const deployment = fixture.deployment({ service: fixture.service('Other') });
    fixture.app.synth();

    expect(messageOf(() => deployment.addContainer('late', WEB)))
      .toBe('[Stack/Deployment] addContainer(): container "late" was added after synthesis, so it would not be deployed. Add it before app.synth().');
    expect(messageOf(() => target.addDeployment('Late', { containers: { web: WEB } })))
      .toContain('[Stack/Service/Late] addDeployment(): called after synthesis, so nothing would be deployed. Call it before app.synth().');
    expect(target.node.tryFindChild('Late')).toBeUndefined();
  });

  test('are not lost if something resolves the deployment before', () => {
    const deployment = fixture.deployment();
    fixture.stack.resolve((deployment.node.findChild('Resource').node.defaultChild as any)._toCloudFormation());
    deployment.addContainer('late', container());

    expect(Object.keys(fixture.properties().Containers)).toEqual(['web', 'late']);
  });
});

