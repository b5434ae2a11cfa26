import { Duration } from 'aws-cdk-lib';
import { webApp, type AppOptions } from './apps/apps';
import { CloudFormation } from './cloudformation/cloudformation';
import { ContainerImage, ContainerProtocol } from '../../lib';

const MINUTE = 60_000;

let cloud: CloudFormation;

beforeEach(async () => {
  cloud = await CloudFormation.start();
});

afterEach(() => cloud.stop());

function waiting(options: AppOptions = {}) {
  return webApp('nginx:1.27', { waitForUrl: true, ...options });
}

function checked(path: string, successCodes: string) {
  return waiting({
    containers: { app: { image: ContainerImage.fromRegistry('nginx:1.27'), ports: { 80: ContainerProtocol.HTTP } } },
    publicEndpoint: { containerName: 'app', containerPort: 80, healthCheck: { path, successCodes } },
  });
}

test('the URL is not requested without waitForUrl', async () => {
  await cloud.deploy(webApp());

  expect(cloud.publicUrl.requests).toEqual([]);
});

test.each([
  ['/healthz', 'healthz'],
  ['.', '.'],
  ['//other.example/x', '/other.example/x'],
])("the health check path %s is requested as %s below the service's URL", async (path, asked) => {
  await cloud.deploy(checked(path, '200-299'));

  expect(new Set(cloud.publicUrl.requests)).toEqual(new Set([cloud.emulator.service('web')!.url + asked]));
});

test.each([
  ['302', '300-399', true],
  ['302', '200-299', false],
  ['404', '200-499', true],
])('the status %s with the success codes %s: success is %p', async (status, codes, succeeds) => {
  cloud.publicUrl.answers({ status: Number(status) });

  expect((await cloud.deploy(checked('/', codes))).status).toBe(succeeds ? 'CREATE_COMPLETE' : 'ROLLBACK_COMPLETE');
});

test.each([
  [{ status: 502 }, 'answers 502, expected 200-299'],
  [{ error: 'ECONNRESET' }, 'gets no answer (ECONNRESET)'],
])('a URL that never answers well fails in time, with the last answer: %j', async (answer, words) => {
  cloud.publicUrl.answers({ status: 404 }, 4 * MINUTE);
  cloud.publicUrl.answers(answer);

  const { reason, events } = await cloud.deploy(checked('/healthz', '200-299'));

  expect(reason).toContain('Deployment version 1 of container service "web" is ACTIVE, but its public URL did not answer within 1800 seconds: '
    + `GET ${cloud.emulator.service('web')!.url}healthz ${words}.`);
  expect(events[0].durationSeconds).toBeLessThan(1800);
});

test('a deployment that is replaced while its URL is awaited fails as replaced', async () => {
  cloud.publicUrl.answers({ status: 503 });
  cloud.emulator.after(10 * MINUTE, () => {
    cloud.emulator.invoke('CreateContainerServiceDeployment', { serviceName: 'web', containers: { other: { image: 'redis:latest' } } });
  });

  const { reason } = await cloud.deploy(waiting({ timeout: Duration.minutes(60) }));

  expect(reason).toContain('Deployment version 1 of container service "web" is INACTIVE');
});
