import { sdkLightsail } from '../../lambda/sdk-lightsail';
import { Fault, LightsailEmulator, SteppedClock } from '../emulator';

let emulator: LightsailEmulator<SteppedClock>;

beforeEach(async () => {
  emulator = await LightsailEmulator.start({ clock: new SteppedClock() });
  emulator.createService({ serviceName: 'web' });
});

afterEach(() => emulator.stop());

function client() {
  return sdkLightsail({ endpoint: emulator.url, region: 'us-east-1', credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' } });
}

const DESIRED = { containers: { app: { image: 'nginx' } } };

test.each([
  ['busy', Fault.error('InvalidInputException', 400, 'Sorry, deployment 8 is in progress for service "web". Please wait for it to complete before trying again.')],
  ['busy', Fault.error('InvalidInputException', 400, 'The specified service is in a transition state ("UPDATING") and cannot be deployed to.')],
  ['missing', Fault.error('NotFoundException', 400, 'No such service')],
  ['missing', Fault.error('InvalidInputException', 400, 'The container service "web" does not exist.')],
  ['refused', Fault.error('InvalidInputException', 400, 'Container "app" has invalid image ":web.app.LATEST".')],
  ['denied', Fault.accessDenied()],
  ['denied', Fault.error('AccessDeniedException', 403, 'User: x is not authorized')],
  ['denied', Fault.error('UnauthenticatedException', 400, 'The security token is invalid')],
  ['transient', Fault.throttled()],
  ['transient', Fault.serverError()],
  ['transient', Fault.connectionReset()],
  ['transient', Fault.malformedAnswer()],
  ['transient', Fault.error('RegionSetupInProgressException', 400, 'Your Region is being set up')],
])('tells a failure that is %s, with the name of the operation (%#)', async (kind, fault) => {
  emulator.faults.add({ operation: 'CreateContainerServiceDeployment', fault });

  await expect(client().createDeployment('web', DESIRED))
    .rejects.toMatchObject({ kind, operation: 'CreateContainerServiceDeployment', message: expect.stringMatching(/^CreateContainerServiceDeployment failed: \w+/) });
});

test('sends a deployment once, and reads again what was not answered', async () => {
  emulator.faults.add({ operation: '*', fault: Fault.serverError(), times: 2 });
  await expect(client().createDeployment('web', DESIRED)).rejects.toMatchObject({ kind: 'transient' });

  expect(await client().getService('web')).toMatchObject({ containerServiceName: 'web', state: 'READY' });
  expect(emulator.requests.map(({ operation }) => operation))
    .toEqual(['CreateContainerServiceDeployment', 'GetContainerServices', 'GetContainerServices']);
});

test.each(['NotFoundException', 'InvalidInputException'])('knows no service where Lightsail says so with %s', async (name) => {
  emulator.faults.add({ operation: 'GetContainerServices', fault: Fault.error(name, 400, 'The container service "web" does not exist.') });

  expect(await client().getService('web')).toBeUndefined();
});
