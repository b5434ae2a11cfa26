import { webApp } from './apps/apps';
import { CloudFormation } from './cloudformation/cloudformation';

const DEPLOYMENTS = 200;
const REQUESTS_PER_SECOND = 10;

let cloud: CloudFormation;

beforeEach(async () => {
  cloud = await CloudFormation.start({ limits: { services: 2 * DEPLOYMENTS } });
});

afterEach(() => cloud.stop());

/** Deploys to as many services at once, and returns how many seconds of the emulator's clock that took. */
async function deployAtOnce(count: number, name: string) {
  const template = cloud.synthesize(webApp());
  const services = Array.from({ length: count }, (_, index) => `${name}-${index}`);
  const events = services.map((serviceName) => {
    cloud.emulator.createService({ serviceName });
    return cloud.event(template, 'Create', `Deployment${serviceName}`, {
      ServiceName: serviceName,
      Containers: { app: { Image: 'nginx:1.27', Ports: { 80: 'HTTP' } } },
      PublicEndpoint: { ContainerName: 'app', ContainerPort: 80 },
      Timeout: 1800,
    });
  });
  const begunAt = cloud.emulator.clock.now();
  const answers = await cloud.emulator.clock.concurrently(events.map((event) => () => cloud.provider.handle(event)));
  return { services, answers, seconds: (cloud.emulator.clock.now() - begunAt) / 1000 };
}

test('two hundred throttled deployments at once all succeed, in twice the time of one plus the throttled time', async () => {
  const alone = await deployAtOnce(1, 'alone');
  const forced = (DEPLOYMENTS * cloud.emulator.requests.length) / REQUESTS_PER_SECOND;
  cloud.emulator.throttle({ requestsPerSecond: REQUESTS_PER_SECOND });

  const { services, answers, seconds } = await deployAtOnce(DEPLOYMENTS, 'many');

  expect(answers.filter(({ status, data }) => status === 'SUCCESS' && data?.DeploymentVersion === '1')).toHaveLength(DEPLOYMENTS);
  for (const serviceName of services) {
    expect(cloud.emulator.deployments(serviceName).map(({ version, state }) => `${version} ${state}`)).toEqual(['1 ACTIVE']);
  }
  expect(seconds).toBeLessThanOrEqual(2 * alone.seconds + forced);
}, 300_000);
