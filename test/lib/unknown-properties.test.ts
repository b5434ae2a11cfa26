import { Duration } from 'aws-cdk-lib';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { container, Fixture, messageOf, WEB } from './fixture';
import {
  Certificate, ContainerImage, ContainerSecret, ContainerService, ContainerServiceDeployment, ContainerServicePower, ContainerServiceTarget,
  type ContainerServiceDeploymentProps,
} from '../../lib';

/*
 * A property that the library does not know would be ignored, and something else deployed. JavaScript, imported JSON and `any` can hold any property.
 */

type Props = Record<string, any>;

let fixture: Fixture;
beforeEach(() => {
  fixture = new Fixture();
});

const DEFINITIONS: Record<string, (props: Props) => unknown> = {
  'the deployment': (props) => fixture.deployment(props),
  'a container': (props) => fixture.withContainer(props),
  'addContainer()': (props) => fixture.deployment().addContainer('late', container(props)),
  'the public endpoint': (props) => fixture.withEndpoint(props),
  'the health check': (props) => fixture.withHealthCheck(props),
  'addDeployment()': (props) => new ContainerService(fixture.stack, 'Service', { power: ContainerServicePower.NANO })
    .addDeployment('Deployment', { containers: { web: WEB }, ...props }),
  'the container service': (props) => new ContainerService(fixture.stack, 'Service', { power: ContainerServicePower.NANO, ...props }),
  'a certificate': (props) => new ContainerService(fixture.stack, 'Service', {
    power: ContainerServicePower.NANO, publicDomainNames: [{ certificateName: 'one', domainNames: ['example.com'], ...props }],
  }),
  'a new certificate': (props) => new Certificate(fixture.stack, 'Certificate', { domainName: 'example.com', ...props }),
  'an entry of domains': (props) => new ContainerService(fixture.stack, 'Service', {
    power: ContainerServicePower.NANO,
    domains: [{ certificate: Certificate.fromCertificateName(fixture.stack, 'Certificate', 'one'), domainNames: ['example.com'], ...props }],
  }),
  'addDomain()': (props) => new ContainerService(fixture.stack, 'Service', { power: ContainerServicePower.NANO }).addDomain('example.com', {
    hostedZone: HostedZone.fromHostedZoneAttributes(fixture.stack, 'Zone', { hostedZoneId: 'Z1', zoneName: 'example.com' }), ...props,
  }),
  'the target': (props) => new ContainerServiceTarget(new ContainerService(fixture.stack, 'Service', { power: ContainerServicePower.NANO }), props),
  'fromContainerServiceAttributes()': (props) => ContainerService.fromContainerServiceAttributes(fixture.stack, 'Service', {
    containerServiceName: 'web', containerServiceArn: 'arn:aws:lightsail:eu-central-1:111111111111:ContainerService/1234', ...props,
  }),
  'the version of a secret': (props) => fixture.withContainer({
    secrets: { A: ContainerSecret.fromSecretsManagerVersion(Secret.fromSecretNameV2(fixture.stack, 'Secret', 'db'), { versionStage: 'AWSPREVIOUS', ...props }) },
  }),
  'the result of an image\'s bind()': (props) => fixture.withContainer({ image: { bind: () => ({ imageName: 'nginx:1', ...props }) } }),
  'the result of a secret\'s bind()': (props) => fixture.withContainer({ secrets: { A: { bind: () => ({ secretId: 'db', ...props }) } } }),
};

const error = (place: string, props: Props) => messageOf(() => DEFINITIONS[place](props));

test.each(Object.keys(DEFINITIONS))('an unknown property of %s is refused, with the properties that there are', (place) => {
  expect(error(place, { zzzzzz: 1 })).toMatch(/zzzzzz: unknown property\. The properties are \w+(?:, \w+)+\.$/);
});

test.each(Object.keys(DEFINITIONS))('an unknown property of %s that is undefined is ignored', (place) => {
  expect(() => DEFINITIONS[place]({ zzzzzz: undefined })).not.toThrow();
});

test.each<[string, Props, string]>([
  // Names of the Lightsail API.
  ['the health check', { intervalSeconds: 30 }, 'publicEndpoint.healthCheck.intervalSeconds: unknown property. Use interval: Duration.seconds(30).'],
  ['the health check', { timeoutSeconds: 10 }, 'publicEndpoint.healthCheck.timeoutSeconds: unknown property. Use timeout: Duration.seconds(10).'],
  ['the deployment', { serviceName: 'web' }, 'serviceName: unknown property. Use service.'],
  ['the container service', { serviceName: 'web' }, 'serviceName: unknown property. Use containerServiceName.'],
  ['the container service', { containerServiceDeployment: {} }, 'containerServiceDeployment: unknown property. Use addDeployment().'],
  // Names of other services.
  ['the health check', { healthCheckPath: '/x' }, 'healthCheckPath: unknown property. Use path.'],
  ['the health check', { healthCheckIntervalSeconds: 5 }, 'healthCheckIntervalSeconds: unknown property. Use interval: Duration.seconds(5).'],
  ['the health check', { healthyThresholdCount: 3 }, 'healthyThresholdCount: unknown property. Use healthyThreshold.'],
  ['the health check', { unhealthyThresholdCount: 3 }, 'unhealthyThresholdCount: unknown property. Use unhealthyThreshold.'],
  ['the health check', { healthyHttpCodes: '200' }, 'healthyHttpCodes: unknown property. Use successCodes.'],
  ['the health check', { matcher: { httpCode: '200' } }, 'matcher: unknown property. Use successCodes.'],
  ['the health check', { intervalMinutes: 1 }, 'intervalMinutes: unknown property. Use interval: Duration.minutes(1).'],
  ['a container', { env: {} }, 'containers.web.env: unknown property. Use environment.'],
  ['a container', { cmd: [] }, 'containers.web.cmd: unknown property. Use command.'],
  ['a container', { entryPoint: ['sh'] }, 'containers.web.entryPoint: unknown property. Lightsail has no entry point of its own. Set it in the image, or use command.'],
  ['a container', { portMappings: [] }, 'containers.web.portMappings: unknown property. Use ports.'],
  ['a container', { memoryLimitMiB: 512 }, 'containers.web.memoryLimitMiB: unknown property. The power of the container service sets it.'],
  ['the container service', { desiredCount: 2 }, 'desiredCount: unknown property. Use scale.'],
  ['the container service', { tags: [] }, "tags: unknown property. Use Tags.of(service).add('key', 'value')."],
  ['the public endpoint', { port: 80 }, 'publicEndpoint.port: unknown property. Use containerPort.'],
  ['a certificate', { certificateArn: 'x' }, 'publicDomainNames[0].certificateArn: unknown property. Use certificateName.'],
  ['the container service', { domainNames: ['example.com'] }, 'domainNames: unknown property. Use domains.'],
  ['the container service', { certificate: 'x' }, 'certificate: unknown property. It belongs to domains: [{ certificate, domainNames }].'],
  ['an entry of domains', { domains: [] }, 'domains[0].domains: unknown property. Use domainNames.'],
  ['addDomain()', { certificateName: 'x' }, 'certificateName: unknown property. Use certificate.'],
  ['a new certificate', { sans: [] }, 'sans: unknown property. Use subjectAlternativeNames.'],
  ['a new certificate', { name: 'x' }, 'name: unknown property. Use certificateName.'],
  ['the version of a secret', { stage: 'x' }, 'containers.web.secrets.A: stage: unknown property. Use versionStage.'],
  // Other ways to write a name, and slips of the pen.
  ['the health check', { success_codes: '200' }, 'success_codes: unknown property. Use successCodes.'],
  ['the health check', { SuccessCodes: '200' }, 'SuccessCodes: unknown property. Use successCodes.'],
  ['the health check', { unhealtyThreshold: 3 }, 'unhealtyThreshold: unknown property. Use unhealthyThreshold.'],
  ['a container', { enviroment: {} }, 'containers.web.enviroment: unknown property. Use environment.'],
  ['a container', { comand: [] }, 'containers.web.comand: unknown property. Use command.'],
  ['the deployment', { publicEndPoint: {} }, 'publicEndPoint: unknown property. Use publicEndpoint.'],
  ['the deployment', { removalpolicy: 'retain' }, 'removalpolicy: unknown property. Use removalPolicy.'],
  ['the container service', { isDisable: true }, 'isDisable: unknown property. Use isDisabled.'],
  // Properties in the wrong place.
  ['the deployment', { healthCheck: { path: '/x' } }, 'healthCheck: unknown property. It belongs to the public endpoint: publicEndpoint: { healthCheck: … }.'],
  ['a container', { healthCheck: { path: '/x' } }, 'containers.web.healthCheck: unknown property. It belongs to the public endpoint: publicEndpoint: { healthCheck: … }.'],
  ['the public endpoint', { path: '/x' }, 'publicEndpoint.path: unknown property. It is a property of publicEndpoint.healthCheck.'],
  ['the deployment', { environment: {} }, 'environment: unknown property. It is a property of a container in containers.'],
  ['the deployment', { scale: 2 }, 'scale: unknown property. It is a property of the ContainerService.'],
  ['the container service', { waitForUrl: true }, 'waitForUrl: unknown property. It is a property of the deployment.'],
  ['addDeployment()', { service: 'web' }, 'service: unknown property. addDeployment() deploys to its own container service.'],
])('an unknown property of %s is refused, with the one that is meant: %j', (place, props, message) => {
  expect(error(place, props)).toContain(message);
});

test('a real file of the Lightsail API is refused, with all of its properties in one error', () => {
  const message = error('the public endpoint', { healthCheck: { healthyThreshold: 2, intervalSeconds: 30, timeoutSeconds: 10, path: '/', successCodes: '200' } });

  expect(message.split('\n').slice(1)).toEqual([
    '  - publicEndpoint.healthCheck.intervalSeconds: unknown property. Use interval: Duration.seconds(30).',
    '  - publicEndpoint.healthCheck.timeoutSeconds: unknown property. Use timeout: Duration.seconds(10).',
  ]);
});

test('an unknown property defines nothing in the stack', () => {
  error('the deployment', { enviroment: {} });

  expect(fixture.stack.node.findChild('Deployment').node.children).toEqual([]);
  expect(fixture.stack.node.tryFindChild('LightsailContainerServiceDeploymentProvider')).toBeUndefined();
});

test('the value of an unknown property is not shown, unless it is a duration', () => {
  expect(error('a container', { env: { PASSWORD: 'hunter2' }, secret: 'hunter2' })).not.toContain('hunter2');
});

test('members with a symbol as name, as jsii adds them, and inherited members are ignored', () => {
  const props = Object.assign(Object.create({ inherited: 1 }), { [Symbol.for('jsii.struct')]: 1, interval: Duration.seconds(7) });
  fixture.withHealthCheck(props);

  expect(fixture.properties().PublicEndpoint.HealthCheck).toEqual({ IntervalSeconds: 7 });
});

test('the props of a subclass can have properties of their own', () => {
  interface MoreProps extends ContainerServiceDeploymentProps {
    readonly team: string;
  }
  class Subclass extends ContainerServiceDeployment {
    constructor(props: MoreProps) {
      super(fixture.stack, 'Deployment', props);
    }
  }
  const props = { service: fixture.service(), containers: { web: { image: ContainerImage.fromRegistry('nginx:1') } } };

  expect(() => new Subclass({ ...props, team: 'web' })).not.toThrow();
});
