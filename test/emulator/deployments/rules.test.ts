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

describe('a name of a service', () => {
  test.each([['a'], ['ab'], ['0'], ['a-b'], ['a--b'], ['x'.repeat(63)]])('%j', async (serviceName) => {
    expect((await create({ serviceName })).containerService!.containerServiceName).toBe(serviceName);
  });
  test.each([[''], ['A'], ['a_b'], ['-ab'], ['ab-'], ['a-'], ['abc def'], ['x'.repeat(64)], ['ab\n']])('fails for %j', async (serviceName) => {
    expect(await errorOf(create({ serviceName }))).toMatchObject({ name: 'InvalidInputException' });
  });
});

describe('a name of a container', () => {
  test.each([['a'], ['ab'], ['a-b'], ['x'.repeat(53)]])('%j', async (name) => {
    await fixture.deploy({ containers: { [name]: { image: 'nginx' } }, publicEndpoint: undefined });
  });
  test.each([[''], ['A'], ['-ab'], ['ab-'], ['x'.repeat(54)]])('fails for %j', async (name) => {
    const call = fixture.deploy({ containers: { [name]: { image: 'nginx' } }, publicEndpoint: undefined });
    expect(await errorOf(call)).toMatchObject({ name: 'InvalidInputException' });
  });
});

describe('a scale', () => {
  test.each([[1], [20]])('%d', async (scale) => {
    expect((await create({ scale })).containerService!.scale).toBe(scale);
  });
  test.each([[0], [21], [-1]])('fails for %d', async (scale) => {
    expect(await errorOf(create({ scale }))).toMatchObject({ name: 'InvalidInputException' });
    const update = fixture.client.send(new UpdateContainerServiceCommand({ serviceName: 'web', scale }));
    expect(await errorOf(update)).toMatchObject({ name: 'InvalidInputException' });
  });
  test('fails for one that is no whole number', async () => {
    expect(await errorOf(create({ scale: 1.5 }))).toMatchObject({ name: 'SerializationException' });
  });
});

describe('a power', () => {
  test.each(DEFAULT_POWERS.map(({ name, powerId }) => [name, powerId]))('%s', async (power, powerId) => {
    expect((await create({ power })).containerService).toMatchObject({ power, powerId });
  });
  test('fails for an unknown one', async () => {
    expect(await errorOf(create({ power: 'huge' }))).toMatchObject({ name: 'InvalidInputException', message: expect.stringContaining('enum value set') });
  });
  test('fails for one that is no longer active', async () => {
    const other = await Fixture.start({ powers: DEFAULT_POWERS.map((power) => ({ ...power, isActive: power.name !== 'nano' })) });
    const call = other.client.send(new CreateContainerServiceCommand({ serviceName: 'web', power: 'nano', scale: 1 }));
    expect(await errorOf(call)).toMatchObject({ name: 'InvalidInputException' });
    await other.stop();
  });
});

test.each([['serviceName'], ['power'], ['scale']])('fails without %s', async (member) => {
  expect(() => fixture.emulator.invoke('CreateContainerService', { serviceName: 'other', power: 'nano', scale: 1, [member]: null }))
    .toThrow(`Value null at '${member}' failed to satisfy constraint: Member must not be null`);
});

describe('containers in a deployment', () => {
  test.each([[1], [10]])('%d', async (count) => {
    await fixture.deploy({ containers: times(count), publicEndpoint: undefined });
  });
  test.each([[0], [11]])('fails for %d', async (count) => {
    expect(await errorOf(fixture.deploy({ containers: times(count), publicEndpoint: undefined }))).toMatchObject({ name: 'InvalidInputException' });
  });
  test('fails without any', async () => {
    expect(() => fixture.emulator.invoke('CreateContainerServiceDeployment', { serviceName: 'web' })).toThrow('at least one container');
  });
});

describe('a port', () => {
  test.each([['1'], ['65535']])('%s', async (port) => {
    await fixture.deploy({ containers: app('nginx', { [port]: 'TCP' }), publicEndpoint: undefined });
  });
  test.each([['0'], ['65536'], ['-1'], ['http'], ['080'], ['8.5'], ['']])('fails for %j', async (port) => {
    const call = fixture.deploy({ containers: app('nginx', { [port]: 'TCP' }), publicEndpoint: undefined });
    expect(await errorOf(call)).toMatchObject({ name: 'InvalidInputException', message: expect.stringContaining(`invalid port "${port}"`) });
  });
  test('fails for an unknown protocol', async () => {
    const call = fixture.deploy({ containers: app('nginx', { 80: 'SCTP' }), publicEndpoint: undefined });
    expect(await errorOf(call)).toMatchObject({ name: 'InvalidInputException', message: expect.stringContaining('[HTTP, HTTPS, TCP, UDP]') });
  });
});

describe('an image', () => {
  test.each([
    ['nginx'], ['nginx:1.27'], ['library/nginx'], ['public.ecr.aws/nginx/nginx:1.27'], ['amazon/amazon-lightsail:hello-world'],
    ['ghcr.io/org/my_app.web-1:v1.0_x'], ['localhost:5000/a'], [`nginx@sha256:${'0'.repeat(64)}`],
    ['123456789012.dkr.ecr.us-east-1.amazonaws.com/repo:tag'], [`123456789012.dkr.ecr.us-east-1.amazonaws.com/repo@sha256:${'a'.repeat(64)}`],
  ])('%s', async (image) => {
    await fixture.deploy({ containers: app(image) });
  });
  test.each([
    [''], ['Nginx'], ['nginx latest'], ['nginx:'], ['nginx@sha256:12'], [':other.label.1'], [':web.label'], [':web.label.0'], [':web.Label.1'], [':'],
  ])('fails for %j', async (image) => {
    expect(await errorOf(fixture.deploy({ containers: app(image) }))).toMatchObject({
      name: 'InvalidInputException', message: `Container "app" has invalid image "${image}". Example of valid image: ":web.app.123".`,
    });
  });
  test('fails where there is none', async () => {
    expect(await errorOf(fixture.deploy({ containers: { app: { ports: { 80: 'HTTP' } } } }))).toMatchObject({ name: 'InvalidInputException' });
  });
});

describe('a public endpoint', () => {
  test.each([['HTTP'], ['HTTPS']])('on a port that is open as %s', async (protocol) => {
    await fixture.deploy({ containers: app('nginx', { 80: protocol }) });
  });
  test.each([['TCP'], ['UDP']])('fails on a port that is open as %s', async (protocol) => {
    const call = fixture.deploy({ containers: app('nginx', { 80: protocol }) });
    expect(await errorOf(call)).toMatchObject({ name: 'InvalidInputException', message: expect.stringContaining(`open as ${protocol}`) });
  });
  test.each([['other'], ['constructor']])('fails on the missing container %j', async (containerName) => {
    const call = fixture.deploy({ publicEndpoint: { containerName, containerPort: 80 } });
    expect(await errorOf(call)).toMatchObject({ name: 'InvalidInputException', message: expect.stringContaining(`"${containerName}"`) });
  });
  test("fails on another container's port", async () => {
    const containers = { ...app('nginx'), side: { image: 'nginx', ports: { 81: 'HTTP' } as PortMap } };
    const call = fixture.deploy({ containers, publicEndpoint: { containerName: 'app', containerPort: 81 } });
    expect(await errorOf(call)).toMatchObject({ message: expect.stringContaining('Invalid port specified.') });
  });
  test('fails without its port', async () => {
    const call = () => fixture.emulator.invoke('CreateContainerServiceDeployment', {
      serviceName: 'web', containers: app('nginx'), publicEndpoint: { containerName: 'app' },
    });
    expect(call).toThrow("'publicEndpoint.containerPort'");
  });
});

describe('a health check', () => {
  test.each([
    [{ timeoutSeconds: 2 }], [{ timeoutSeconds: 60 }], [{ intervalSeconds: 5 }], [{ intervalSeconds: 300 }],
    [{ healthyThreshold: 1 }], [{ unhealthyThreshold: 10 }], [{ path: '.' }],
    [{ successCodes: '200' }], [{ successCodes: '499' }], [{ successCodes: '200,202' }], [{ successCodes: '200-299' }], [{ successCodes: '200-499' }],
  ])('%j', async (healthCheck) => {
    const { nextDeployment } = await fixture.deploy(endpoint(healthCheck));
    expect(nextDeployment!.publicEndpoint!.healthCheck).toMatchObject(healthCheck);
  });
  test.each([
    [{ timeoutSeconds: 1 }], [{ timeoutSeconds: 61 }], [{ intervalSeconds: 4 }], [{ intervalSeconds: 301 }],
    [{ healthyThreshold: 0 }], [{ unhealthyThreshold: 0 }],
    [{ successCodes: '199' }], [{ successCodes: '500' }], [{ successCodes: '299-200' }], [{ successCodes: '200-' }], [{ successCodes: 'ok' }],
    [{ successCodes: '' }], [{ successCodes: '200, 202' }],
  ])('fails for %j', async (healthCheck) => {
    expect(await errorOf(fixture.deploy(endpoint(healthCheck)))).toMatchObject({
      name: 'InvalidInputException', message: expect.stringContaining(Object.keys(healthCheck)[0]),
    });
  });
});

test('an inline deployment is held to the same rules, and leaves no service behind', async () => {
  const deployment = { containers: app('nginx'), publicEndpoint: { containerName: 'app', containerPort: 81 } };
  expect(await errorOf(create({ deployment }))).toMatchObject({ name: 'InvalidInputException' });
  expect(fixture.emulator.service('other')).toBeUndefined();
});

describe('public domain names', () => {
  test('four, of four certificates', async () => {
    await create({ publicDomainNames: { a: ['a.example'], b: ['b.example'], c: ['c.example'], d: ['d.example'] } });
  });
  test('fails for five domains', async () => {
    const publicDomainNames = { a: ['a.example', 'b.example', 'c.example', 'd.example', 'e.example'] };
    expect(await errorOf(create({ publicDomainNames }))).toMatchObject({ message: expect.stringContaining('at most 4 public domain names') });
  });
  test('fails for five certificates', async () => {
    const publicDomainNames = { a: ['a.example'], b: ['b.example'], c: ['c.example'], d: ['d.example'], e: [] };
    expect(await errorOf(create({ publicDomainNames }))).toMatchObject({ message: expect.stringContaining('at most 4 certificates') });
  });
});
