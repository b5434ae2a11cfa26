import { Duration } from 'aws-cdk-lib';
import { ContainerImage } from '../../lib';
import { Fault } from '../emulator';
import { app, webApp } from './apps/apps';
import { CloudFormation } from './cloudformation/cloudformation';

/*
 * What only the service can refuse, and what follows from that.
 */
let cloud: CloudFormation;

beforeEach(async () => {
  cloud = await CloudFormation.start();
});

afterEach(() => cloud.stop());

test('a deployment to a service that stays busy fails in time, and deploys nothing', async () => {
  cloud.emulator.createService({ serviceName: 'web' });
  cloud.emulator.setServiceState('web', 'UPDATING');

  const { reason } = await cloud.deploy(webApp('nginx:1.27', { timeout: Duration.minutes(5) }));

  expect(reason).toMatch(/^Nothing was deployed to container service "web": it was not ready for a deployment within 300 seconds \(service state UPDATING/);
  expect(cloud.calls('CreateContainerServiceDeployment')).toHaveLength(0);
});

test('a deployment to a service that is DELETING fails at once and says what to do', async () => {
  cloud.emulator.createService({ serviceName: 'web' });
  cloud.emulator.setServiceState('web', 'DELETING');

  const { reason, events } = await cloud.deploy(webApp());

  expect(reason).toContain('container service "web" is DELETING. Wait until it is gone');
  expect(events[0].durationSeconds).toBe(0);
});

test.each(['NotFoundException', 'InvalidInputException'] as const)('a deployment to a missing service (%s) fails and says what to do', async (missingServiceError) => {
  const event = cloud.createEvent(webApp());
  cloud.emulator.faults.add({ operation: '*', fault: Fault.error(missingServiceError, 400, 'The container service "web" does not exist.') });

  const answer = await cloud.provider.handle(event);

  expect(answer.reason).toContain('there is no container service "web" in this account and Region. Create it first');
});

test('a failure quotes what the service says about an input that it refuses', async () => {
  const { reason } = await cloud.deploy(app({ containers: { app: { image: imageNamed(':web.missing.LATEST') } } }));

  expect(reason).toContain('CreateContainerServiceDeployment failed: InvalidInputException: Container "app" has invalid image ":web.missing.LATEST".');
  expect(reason).toMatch(/^Nothing was deployed to container service "web": .* No deployment is active\.$/m);
});

test('a call that is denied fails after a minute and a half, and the failure names the operation', async () => {
  cloud.emulator.faults.add({ operation: 'CreateContainerServiceDeployment', fault: Fault.accessDenied() });

  const { reason, events } = await cloud.deploy(webApp());

  expect(reason).toContain('CreateContainerServiceDeployment failed: AccessDeniedException: ');
  expect(events[0].durationSeconds).toBeGreaterThanOrEqual(90);
  expect(events[0].durationSeconds).toBeLessThan(120);
});

test('a create call that is denied for a moment does not fail the deployment', async () => {
  cloud.emulator.faults.add({ operation: 'CreateContainerServiceDeployment', fault: Fault.accessDenied(), times: 2 });

  expect((await cloud.deploy(webApp())).status).toBe('CREATE_COMPLETE');
});

test('reads that are denied for a moment do not fail the deployment', async () => {
  for (const operation of ['GetContainerServices', 'GetContainerServiceDeployments']) cloud.emulator.faults.add({ operation, fault: Fault.accessDenied(), times: 2 });

  expect((await cloud.deploy(webApp())).status).toBe('CREATE_COMPLETE');
  expect(cloud.versions()).toEqual({ 1: 'ACTIVE' });
});

/** An image that synthesis does not check, so that only the service can refuse it. */
function imageNamed(imageName: string): ContainerImage {
  return new class extends ContainerImage {
    public bind() {
      return { imageName };
    }
  }();
}
