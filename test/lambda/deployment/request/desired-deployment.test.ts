import type { ContainerServiceDeployment } from '@aws-sdk/client-lightsail';
import type { DesiredDeployment } from '../../../../lambda/clients/lightsail';
import { matches } from '../../../../lambda/deployment/request/desired-deployment';

const DESIRED: DesiredDeployment = {
  containers: { app: { image: 'nginx', command: ['a', 'b', 'a'], environment: { A: '1', B: '2' }, ports: { 80: 'HTTP', 81: 'TCP' } } },
  publicEndpoint: { containerName: 'app', containerPort: 80, healthCheck: { path: '/x' } },
};

const RUNNING: ContainerServiceDeployment = {
  version: 1,
  state: 'ACTIVE',
  containers: { app: { image: 'nginx', command: ['a', 'b', 'a'], environment: { B: '2', A: '1' }, ports: { 81: 'TCP', 80: 'HTTP' } } },
  publicEndpoint: {
    containerName: 'app',
    containerPort: 80,
    healthCheck: { healthyThreshold: 2, unhealthyThreshold: 2, timeoutSeconds: 2, intervalSeconds: 5, path: '/x', successCodes: '200-499' },
  },
};

test('holds what is asked, whatever the order of keys, with defaults filled in', () => {
  expect(matches(RUNNING, DESIRED)).toBe(true);
});

test('holds a container without anything set, whichever side leaves out what is empty', () => {
  expect(matches({ containers: { app: { image: 'a', command: [], environment: {} } } }, { containers: { app: { image: 'a' } } })).toBe(true);
});

test('there is no deployment to hold it', () => {
  expect(matches(undefined, DESIRED)).toBe(false);
});

const app = DESIRED.containers.app;
const endpoint = DESIRED.publicEndpoint!;

test.each<[string, DesiredDeployment]>([
  ['image', { ...DESIRED, containers: { app: { ...app, image: 'nginx:1' } } }],
  ['order of the command', { ...DESIRED, containers: { app: { ...app, command: ['b', 'a', 'a'] } } }],
  ['repeated word of the command', { ...DESIRED, containers: { app: { ...app, command: ['a', 'b'] } } }],
  ['environment', { ...DESIRED, containers: { app: { ...app, environment: { A: '1', B: '3' } } } }],
  ['fewer variables', { ...DESIRED, containers: { app: { ...app, environment: { A: '1' } } } }],
  ['protocol', { ...DESIRED, containers: { app: { ...app, ports: { 80: 'HTTP', 81: 'UDP' } } } }],
  ['name of the container', { ...DESIRED, containers: { web: app } }],
  ['one more container', { ...DESIRED, containers: { app, other: app } }],
  ['no endpoint', { containers: DESIRED.containers }],
  ['port of the endpoint', { ...DESIRED, publicEndpoint: { ...endpoint, containerPort: 81 } }],
  ['container of the endpoint', { ...DESIRED, publicEndpoint: { ...endpoint, containerName: 'web' } }],
  ['path back to the default', { ...DESIRED, publicEndpoint: { ...endpoint, healthCheck: {} } }],
  ['threshold', { ...DESIRED, publicEndpoint: { ...endpoint, healthCheck: { path: '/x', healthyThreshold: 3 } } }],
])('does not hold another %s', (_, desired) => {
  expect(matches(RUNNING, desired)).toBe(false);
});

test.each<[string, ContainerServiceDeployment, DesiredDeployment, boolean]>([
  ['no containers and none', {}, { containers: {} }, true],
  ['no image and an empty one', { containers: { app: {} } }, { containers: { app: { image: '' } } }, true],
  ['two containers in another order', { containers: { a: { image: '1' }, b: { image: '2' } } }, { containers: { b: { image: '2' }, a: { image: '1' } } }, true],
  ['an endpoint that none was asked for', { ...RUNNING }, { containers: DESIRED.containers }, false],
  ['no endpoint where one is asked for', { containers: RUNNING.containers }, DESIRED, false],
])('compares %s', (_, deployment, desired, expected) => {
  expect(matches(deployment, desired)).toBe(expected);
});
