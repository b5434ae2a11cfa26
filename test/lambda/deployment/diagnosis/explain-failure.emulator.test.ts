import {
  GetContainerLogCommand, GetContainerServiceDeploymentsCommand, type ContainerServiceDeployment, type CreateContainerServiceDeploymentRequest,
} from '@aws-sdk/client-lightsail';
import type { ContainerLogSource } from '../../../../lambda/deployment/diagnosis/container-log/container-log-tail';
import { explainFailure, type FailureToExplain } from '../../../../lambda/deployment/diagnosis/explain-failure';
import { Outcome, Fault } from '../../../emulator';
import { Fixture, LONG, webDeployment } from '../../../emulator/fixture';
import { deployRequest } from '../deploy-request';

const POLL_MS = 5_000;
const TIMEOUT_SECONDS = 1_200;

let fixture: Fixture;

beforeEach(async () => {
  fixture = await Fixture.start();
  fixture.emulator.createService({ serviceName: 'web' });
});

afterEach(() => fixture.stop());

/** `GetContainerLog` over HTTP. */
const logs: ContainerLogSource = {
  async getContainerLog(serviceName, containerName, since, pageToken) {
    const command = new GetContainerLogCommand({ serviceName, containerName, startTime: since, pageToken });
    const { logEvents = [], nextPageToken } = await fixture.client.send(command);
    return { events: logEvents.map(({ createdAt, message = '' }) => ({ createdAt, message })), nextPageToken };
  },
};

async function newestDeployment(): Promise<ContainerServiceDeployment> {
  const { deployments } = await fixture.client.send(new GetContainerServiceDeploymentsCommand({ serviceName: 'web' }));
  return deployments!.reduce((newest, each) => (each.version! > newest.version! ? each : newest));
}

/** Deploys with an outcome and follows it to its end or to the time-out; then asks why at once, while the log still lags. */
async function explained(outcome: Outcome, given: Partial<CreateContainerServiceDeploymentRequest> = {}) {
  fixture.emulator.outcomes.forNextDeployment('web', outcome);
  await fixture.deploy(given);
  const { clock } = fixture.emulator;
  const timedOutAt = clock.now() + TIMEOUT_SECONDS * 1000;
  let service = await fixture.service();
  let stateDetail: string | undefined;
  while (service.nextDeployment && clock.now() < timedOutAt) {
    stateDetail = service.stateDetail?.code ?? stateDetail;
    fixture.advance(POLL_MS);
    service = await fixture.service();
  }

  const { containers, publicEndpoint } = { ...webDeployment(), ...given };
  const deployment = await newestDeployment();
  const failure: FailureToExplain = {
    request: deployRequest({ timeoutSeconds: TIMEOUT_SECONDS, desired: { containers: containers!, publicEndpoint } }),
    version: deployment.version!,
    end: service.nextDeployment ? 'timed out' : 'FAILED',
    deployment,
    service,
    stateDetail,
    deadline: clock.now() + LONG,
  };
  const begun = clock.now();
  const { message } = await explainFailure({ logs, clock, log: () => undefined }, failure);
  return { lines: message.split('\n'), seconds: (clock.now() - begun) / 1000 };
}

const FAILED = 'Deployment version 1 of container service "web" FAILED: container "app"';

test('imageCannotBePulled', async () => {
  const { lines, seconds } = await explained(Outcome.imageCannotBePulled());

  expect(lines).toEqual([
    `${FAILED} logged nothing: its image "nginx:1.27" could not be pulled, or its process did not start. No deployment is active.`,
    'Next step: check that the image exists under this name and tag, is public and is built for linux/amd64, and that its command starts.',
    'Service state READY, last state detail CREATING_DEPLOYMENT.',
    'Full log: aws lightsail get-container-log --service-name web --container-name app',
    'Last lines of container "app":',
    '| [deployment:1] Creating your deployment',
    '| [deployment:1] Started 1 new node (3 times)',
  ]);
  expect(seconds).toBe(0);
});

test('wrongArchitecture', async () => {
  const { lines } = await explained(Outcome.wrongArchitecture());

  expect(lines[0]).toBe(`${FAILED} cannot run its image: it is not built for linux/amd64. No deployment is active.`);
  expect(lines[1]).toContain('docker build --platform linux/amd64');
  expect(lines.at(-1)).toBe('| exec /docker-entrypoint.sh: exec format error (3 times)');
});

test.each([
  [{ exitCode: 3 }, 'exits with status 3'],
  [{ logLines: ['loading', 'Error: no luck', '    at main (/app/index.js:1:1)'] }, 'exits; its log says "Error: no luck"'],
  [{ logLines: ["Error: Cannot find module 'express'"] }, 'exits: "express" is not in the image'],
  [{ logLines: ['boom', 'bye'] }, 'exits; its log says "bye"'],
])('processExits %j', async (options, cause) => {
  const { lines } = await explained(Outcome.processExits(options));

  expect(lines[0]).toBe(`${FAILED} ${cause}. No deployment is active.`);
});

test.each([404, 500])('healthCheckFails with %d, by the success codes and by Lightsail\'s own', async (statusCode) => {
  const healthCheck = { path: '/healthz', successCodes: '200-299' };
  const strict = await explained(Outcome.healthCheckFails({ statusCode }), { publicEndpoint: { containerName: 'app', containerPort: 80, healthCheck } });
  fixture.advance(LONG);
  const lax = await explained(Outcome.healthCheckFails({ statusCode }));

  expect(strict.lines[0]).toBe(`${FAILED} answers the health check GET /healthz with ${statusCode} (port 80). No deployment is active.`);
  expect(strict.lines).toContain('Service state READY, last state detail EVALUATING_HEALTH_CHECK.');
  expect(lax.lines[0]).toBe(`${FAILED.replace('version 1', 'version 2')} answers the health check GET / with ${statusCode} (port 80). No deployment is active.`);
});

test.each([
  ['creating', 'did not become ACTIVE within 1200 seconds: container "app" logged nothing: its image "nginx:1.27" could not be pulled'],
  ['evaluating', 'did not become ACTIVE within 1200 seconds (service state DEPLOYING, last state detail EVALUATING_HEALTH_CHECK)'],
  ['activating', 'did not become ACTIVE within 1200 seconds (service state DEPLOYING, last state detail ACTIVATING_DEPLOYMENT)'],
] as const)('neverEnds, stuck in %s', async (stuckIn, words) => {
  const { lines, seconds } = await explained(Outcome.neverEnds({ stuckIn }));

  expect(lines[0]).toContain(words);
  expect(lines[1]).toContain('increase `timeout` (1200 s)');
  expect(seconds).toBe(0);
});

describe('over a version that serves, and writes to the same log', () => {
  beforeEach(async () => {
    fixture.emulator.outcomes.forNextDeployment('web', Outcome.succeeds({ logLines: ['Error: an old one'] }));
    await fixture.deploy();
    fixture.advance(LONG);
  });

  test.each([
    [Outcome.imageCannotBePulled(), 'logged nothing: its image'],
    [Outcome.wrongArchitecture(), 'cannot run its image'],
    [Outcome.processExits({ logLines: ['boom'] }), 'exits; its log says "boom"'],
    [Outcome.healthCheckFails(), 'answers the health check GET / with 404 (port 80)'],
  ])('%j', async (outcome, cause) => {
    const { lines } = await explained(outcome);

    expect(lines[0]).toContain(`Deployment version 2 of container service "web" FAILED: container "app" ${cause}`);
    expect(lines[0]).toMatch(/ Version 1 is still serving\.$/);
    expect(lines.join('\n')).not.toContain('an old one');
  });
});

test('the container that fails is named, of several', async () => {
  const containers = { side: { image: 'redis:7' }, app: { image: 'nginx:1.27', ports: { 80: 'HTTP' as const } } };

  const { lines } = await explained(Outcome.processExits({ containerName: 'side', logLines: ['Error: no luck'] }), { containers });

  expect(lines[0]).toContain('FAILED: container "side" exits; its log says "Error: no luck". No deployment');
  expect(lines).toContain('Full log: aws lightsail get-container-log --service-name web --container-name <container>');
});

test.each([
  ['denied', Fault.accessDenied()],
  ['throttled', Fault.throttled()],
  ['reset', Fault.connectionReset()],
])('a log call that is %s ends as a remark', async (_, fault) => {
  fixture.emulator.faults.add({ operation: 'GetContainerLog', fault });

  const { lines, seconds } = await explained(Outcome.healthCheckFails());

  expect(lines[0]).toContain(`${FAILED} did not pass the health check GET / (port 80). No deployment is active.`);
  expect(lines.join('\n')).toMatch(/Log of container "app" could not be read: GetContainerLog failed: \w/);
  expect(seconds).toBeLessThanOrEqual(60);
});

test('a log of many pages is read whole', async () => {
  await fixture.stop();
  fixture = await Fixture.start({ limits: { logPageSize: 3 } });
  fixture.emulator.createService({ serviceName: 'web' });

  const { lines } = await explained(Outcome.processExits({ logLines: ['one', 'two', 'Error: no luck'] }));

  expect(lines[0]).toContain('exits; its log says "Error: no luck"');
  expect(lines.slice(-3)).toEqual(['| one (3 times)', '| two (3 times)', '| Error: no luck (3 times)']);
});
