import { ContainerServiceProtocol, CreateContainerServiceCommand, EndpointRequest, UpdateContainerServiceCommand } from '@aws-sdk/client-lightsail';
import { DEFAULT_POWERS } from '..';
import { errorOf, Fixture, useFixture } from '../fixture';

type PortMap = Record<string, ContainerServiceProtocol>;

const fixture = useFixture({ services: ['web'] });

const create = async (input: object) => fixture.client.send(
  new CreateContainerServiceCommand({ serviceName: 'other', power: 'nano', scale: 1, ...input }),
);
const app = (image: string, ports: object = { 80: 'HTTP' }) => ({ app: { image, ports: ports as PortMap } });
const times = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`c${index}`, { image: 'nginx' }]));
const endpoint = (healthCheck: object): { publicEndpoint: EndpointRequest } =>
  ({ publicEndpoint: { containerName: 'app', containerPort: 80, healthCheck } });

describe('names of services', () => {
  test.each([['a'], ['ab'], ['0'], ['a-b'], ['a--b'], ['x'.repeat(63)]])('the service name %j is accepted', async (serviceName) => {
    expect((await create({ serviceName })).containerService!.containerServiceName).toBe(serviceName);
  });
  test.each([[''], ['A'], ['a_b'], ['-ab'], ['ab-'], ['a-'], ['abc def'], ['x'.repeat(64)], ['ab\n']])('the service name %j is refused', async (serviceName) => {
    expect(await errorOf(create({ serviceName }))).toMatchObject({ name: 'InvalidInputException' });
  });
});

describe('names of containers', () => {
  test.each([['a'], ['ab'], ['a-b'], ['x'.repeat(53)]])('the container name %j is accepted', async (name) => {
    await fixture.deploy({ containers: { [name]: { image: 'nginx' } }, publicEndpoint: undefined });
  });
  test.each([[''], ['A'], ['-ab'], ['ab-'], ['x'.repeat(54)]])('the container name %j is refused', async (name) => {
    const call = fixture.deploy({ containers: { [name]: { image: 'nginx' } }, publicEndpoint: undefined });
    expect(await errorOf(call)).toMatchObject({ name: 'InvalidInputException' });
  });
});

describe('scales', () => {
  test.each([[1], [20]])('the scale %d is accepted', async (scale) => {
    expect((await create({ scale })).containerService!.scale).toBe(scale);
  });
  test.each([[0], [21], [-1]])('the scale %d is refused', async (scale) => {
    expect(await errorOf(create({ scale }))).toMatchObject({ name: 'InvalidInputException' });
    const update = fixture.client.send(new UpdateContainerServiceCommand({ serviceName: 'web', scale }));
    expect(await errorOf(update)).toMatchObject({ name: 'InvalidInputException' });
  });
  test('a scale that is not an integer is refused', async () => {
    expect(await errorOf(create({ scale: 1.5 }))).toMatchObject({ name: 'SerializationException' });
  });
});

describe('powers', () => {
  test.each(DEFAULT_POWERS.map(({ name, powerId }) => [name, powerId]))('the power %s is accepted', async (power, powerId) => {
    expect((await create({ power })).containerService).toMatchObject({ power, powerId });
  });
  test('an unknown power is refused', async () => {
    expect(await errorOf(create({ power: 'huge' }))).toMatchObject({ name: 'InvalidInputException', message: expect.stringContaining('enum value set') });
  });
  test('a power that is no longer active is refused', async () => {
    const other = await Fixture.start({ powers: DEFAULT_POWERS.map((power) => ({ ...power, isActive: power.name !== 'nano' })) });
    const call = other.client.send(new CreateContainerServiceCommand({ serviceName: 'web', power: 'nano', scale: 1 }));
    expect(await errorOf(call)).toMatchObject({ name: 'InvalidInputException' });
    await other.stop();
  });
});

test.each([['serviceName'], ['power'], ['scale']])('a create without %s is refused', async (member) => {
  expect(() => fixture.emulator.invoke('CreateContainerService', { serviceName: 'other', power: 'nano', scale: 1, [member]: null }))
    .toThrow(`Value null at '${member}' failed to satisfy constraint: Member must not be null`);
});

describe('the number of containers', () => {
  test.each([[1], [10]])('%d containers are accepted', async (count) => {
    await fixture.deploy({ containers: times(count), publicEndpoint: undefined });
  });
  test.each([[0], [11]])('%d containers are refused', async (count) => {
    expect(await errorOf(fixture.deploy({ containers: times(count), publicEndpoint: undefined }))).toMatchObject({ name: 'InvalidInputException' });
  });
  test('a deployment without containers is refused', async () => {
    expect(() => fixture.emulator.invoke('CreateContainerServiceDeployment', { serviceName: 'web' })).toThrow('at least one container');
  });
});

describe('ports', () => {
  test.each([['1'], ['65535']])('the port %s is accepted', async (port) => {
    await fixture.deploy({ containers: app('nginx', { [port]: 'TCP' }), publicEndpoint: undefined });
  });
  test.each([['0'], ['65536'], ['-1'], ['http'], ['080'], ['8.5'], ['']])('the port %j is refused', async (port) => {
    const call = fixture.deploy({ containers: app('nginx', { [port]: 'TCP' }), publicEndpoint: undefined });
    expect(await errorOf(call)).toMatchObject({ name: 'InvalidInputException', message: expect.stringContaining(`invalid port "${port}"`) });
  });
  test('an unknown protocol is refused', async () => {
    const call = fixture.deploy({ containers: app('nginx', { 80: 'SCTP' }), publicEndpoint: undefined });
    expect(await errorOf(call)).toMatchObject({ name: 'InvalidInputException', message: expect.stringContaining('[HTTP, HTTPS, TCP, UDP]') });
  });
});

describe('images', () => {
  test.each([
    ['nginx'], ['nginx:1.27'], ['library/nginx'], ['public.ecr.aws/nginx/nginx:1.27'], ['amazon/amazon-lightsail:hello-world'],
    ['ghcr.io/org/my_app.web-1:v1.0_x'], ['localhost:5000/a'], [`nginx@sha256:${'0'.repeat(64)}`],
    ['123456789012.dkr.ecr.us-east-1.amazonaws.com/repo:tag'], [`123456789012.dkr.ecr.us-east-1.amazonaws.com/repo@sha256:${'a'.repeat(64)}`],
  ])('the image %s is accepted', async (image) => {
    await fixture.deploy({ containers: app(image) });
  });
  test.each([
    [''], ['Nginx'], ['nginx latest'], ['nginx:'], ['nginx@sha256:12'], [':other.label.1'], [':web.label'], [':web.label.0'], [':web.Label.1'], [':'],
  ])('the image %j is refused', async (image) => {
    expect(await errorOf(fixture.deploy({ containers: app(image) }))).toMatchObject({
      name: 'InvalidInputException', message: `Container "app" has invalid image "${image}". Example of valid image: ":web.app.123".`,
    });
  });
  test('a container without an image is refused', async () => {
    expect(await errorOf(fixture.deploy({ containers: { app: { ports: { 80: 'HTTP' } } } }))).toMatchObject({ name: 'InvalidInputException' });
  });
});

describe('public endpoints', () => {
  test.each([['HTTP'], ['HTTPS']])('an endpoint on a port that is open as %s is accepted', async (protocol) => {
    await fixture.deploy({ containers: app('nginx', { 80: protocol }) });
  });
  test.each([['TCP'], ['UDP']])('an endpoint on a port that is open as %s is refused', async (protocol) => {
    const call = fixture.deploy({ containers: app('nginx', { 80: protocol }) });
    expect(await errorOf(call)).toMatchObject({ name: 'InvalidInputException', message: expect.stringContaining(`open as ${protocol}`) });
  });
  test.each([['other'], ['constructor']])('an endpoint on the missing container %j is refused', async (containerName) => {
    const call = fixture.deploy({ publicEndpoint: { containerName, containerPort: 80 } });
    expect(await errorOf(call)).toMatchObject({ name: 'InvalidInputException', message: expect.stringContaining(`"${containerName}"`) });
  });
  test("an endpoint on another container's port is refused", async () => {
    const containers = { ...app('nginx'), side: { image: 'nginx', ports: { 81: 'HTTP' } as PortMap } };
    const call = fixture.deploy({ containers, publicEndpoint: { containerName: 'app', containerPort: 81 } });
    expect(await errorOf(call)).toMatchObject({ message: expect.stringContaining('Invalid port specified.') });
  });
  test('an endpoint without its port is refused', async () => {
    const call = () => fixture.emulator.invoke('CreateContainerServiceDeployment', {
      serviceName: 'web', containers: app('nginx'), publicEndpoint: { containerName: 'app' },
    });
    expect(call).toThrow("'publicEndpoint.containerPort'");
  });
});

describe('health checks', () => {
  test.each([
    [{ timeoutSeconds: 2 }], [{ timeoutSeconds: 60 }], [{ intervalSeconds: 5 }], [{ intervalSeconds: 300 }],
    [{ healthyThreshold: 1 }], [{ unhealthyThreshold: 10 }], [{ path: '.' }],
    [{ successCodes: '200' }], [{ successCodes: '499' }], [{ successCodes: '200,202' }], [{ successCodes: '200-299' }], [{ successCodes: '200-499' }],
  ])('the health check %j is accepted', async (healthCheck) => {
    const { nextDeployment } = await fixture.deploy(endpoint(healthCheck));
    expect(nextDeployment!.publicEndpoint!.healthCheck).toMatchObject(healthCheck);
  });
  test.each([
    [{ timeoutSeconds: 1 }], [{ timeoutSeconds: 61 }], [{ intervalSeconds: 4 }], [{ intervalSeconds: 301 }],
    [{ healthyThreshold: 0 }], [{ unhealthyThreshold: 0 }],
    [{ successCodes: '199' }], [{ successCodes: '500' }], [{ successCodes: '299-200' }], [{ successCodes: '200-' }], [{ successCodes: 'ok' }],
    [{ successCodes: '' }], [{ successCodes: '200, 202' }],
  ])('the health check %j is refused', async (healthCheck) => {
    expect(await errorOf(fixture.deploy(endpoint(healthCheck)))).toMatchObject({
      name: 'InvalidInputException', message: expect.stringContaining(Object.keys(healthCheck)[0]),
    });
  });
});

test('an inline deployment follows the same rules, and leaves no service when refused', async () => {
  const deployment = { containers: app('nginx'), publicEndpoint: { containerName: 'app', containerPort: 81 } };
  expect(await errorOf(create({ deployment }))).toMatchObject({ name: 'InvalidInputException' });
  expect(fixture.emulator.service('other')).toBeUndefined();
});

describe('public domain names', () => {
  test('four domains of four certificates are accepted', async () => {
    ['c1', 'c2', 'c3', 'c4'].forEach((name) => fixture.emulator.createCertificate(name, `${name}.example`));
    await create({ publicDomainNames: { c1: ['c1.example'], c2: ['c2.example'], c3: ['c3.example'], c4: ['c4.example'] } });
  });
  test('five domains are refused', async () => {
    const publicDomainNames = { a: ['a.example', 'b.example', 'c.example', 'd.example', 'e.example'] };
    expect(await errorOf(create({ publicDomainNames }))).toMatchObject({ message: expect.stringContaining('at most 4 public domain names') });
  });
  test('five certificates are refused', async () => {
    const publicDomainNames = { a: ['a.example'], b: ['b.example'], c: ['c.example'], d: ['d.example'], e: [] };
    expect(await errorOf(create({ publicDomainNames }))).toMatchObject({ message: expect.stringContaining('at most 4 certificates') });
  });
});
