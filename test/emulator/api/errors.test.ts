import {
  CreateContainerServiceCommand, CreateContainerServiceRegistryLoginCommand, DeleteContainerServiceCommand, GetContainerImagesCommand,
  GetContainerLogCommand, GetContainerServiceDeploymentsCommand, UpdateContainerServiceCommand,
} from '@aws-sdk/client-lightsail';
import { ServiceState } from '..';
import { errorOf, LONG, useFixture } from '../fixture';

const fixture = useFixture({ limits: { services: 3 } });

describe('known errors, word for word', () => {
  test('a deployment fails while another deployment is in progress', async () => {
    fixture.emulator.createService({ serviceName: 'warren-app' });
    for (let version = 1; version < 8; version++) {
      await fixture.deploy({ serviceName: 'warren-app' });
      fixture.advance(LONG);
    }
    await fixture.deploy({ serviceName: 'warren-app' });
    expect(await errorOf(fixture.deploy({ serviceName: 'warren-app' }))).toMatchObject({
      name: 'InvalidInputException',
      message: 'Sorry, deployment 8 is in progress for service "warren-app". Please wait for it to complete before trying again.',
      $metadata: { httpStatusCode: 400 },
    });
  });

  test('a deployment fails for a container name against the pattern', async () => {
    fixture.emulator.createService({ serviceName: 'web' });
    expect(await errorOf(fixture.deploy({ containers: { backend_api: { image: 'nginx' } } }))).toMatchObject({
      name: 'InvalidInputException',
      message: 'Container name "backend_api" does not match pattern: ^(?:[a-z0-9]{1,2}|[a-z0-9][a-z0-9-]+[a-z0-9])$',
    });
  });

  test('a deployment fails for a stored image of the wrong form', async () => {
    fixture.emulator.createService({ serviceName: 'container-service-1' });
    const containers = { 'frontend-ui': { image: ':container-service-1.my-react-ui.LATEST' } };
    expect(await errorOf(fixture.deploy({ serviceName: 'container-service-1', containers, publicEndpoint: undefined }))).toMatchObject({
      name: 'InvalidInputException',
      message: 'Container "frontend-ui" has invalid image ":container-service-1.my-react-ui.LATEST". Example of valid image: ":container-service-1.frontend-ui.123".',
    });
  });

  test('a deployment fails for an endpoint port that the container does not open', async () => {
    fixture.emulator.createService({ serviceName: 'web' });
    expect(await errorOf(fixture.deploy({ publicEndpoint: { containerName: 'app', containerPort: 8080 } }))).toMatchObject({
      name: 'InvalidInputException',
      message: 'Invalid port specified. You must specify a port that is in the list of ports of the specified container.',
    });
  });

  test('a create fails for one service too many', async () => {
    for (const serviceName of ['one', 'two', 'three']) {
      fixture.emulator.createService({ serviceName });
    }
    const call = fixture.client.send(new CreateContainerServiceCommand({ serviceName: 'four', power: 'nano', scale: 1 }));
    expect(await errorOf(call)).toMatchObject({
      name: 'InvalidInputException',
      message: "Sorry, you've either reached or will exceed your maximum limit of Lightsail Container Services.",
      $metadata: { httpStatusCode: 400 },
    });
  });

  test('a delete fails for a service in transition', async () => {
    fixture.emulator.createService({ serviceName: 'web' });
    fixture.emulator.setServiceState('web', 'UPDATING');
    expect(await errorOf(fixture.client.send(new DeleteContainerServiceCommand({ serviceName: 'web' })))).toMatchObject({
      name: 'InvalidInputException',
      message: 'The specified service is in a transition state ("UPDATING") and cannot be deleted.',
    });
  });

  test('a registry login fails in an account without a service', async () => {
    expect(await errorOf(fixture.client.send(new CreateContainerServiceRegistryLoginCommand({})))).toMatchObject({
      name: 'InvalidInputException',
      message: 'You must create a container service before retrieving container registry login credentials',
    });
  });
});

describe('a service that is busy', () => {
  beforeEach(() => {
    fixture.emulator.createService({ serviceName: 'web' });
  });

  test.each<ServiceState>(['PENDING', 'UPDATING', 'DISABLED', 'DELETING'])('a deployment fails while the service is %s, and the error says so', async (state) => {
    fixture.emulator.setServiceState('web', state);
    expect(await errorOf(fixture.deploy())).toMatchObject({ name: 'InvalidInputException', message: expect.stringContaining(`"${state}"`) });
    expect(fixture.emulator.deployments('web')).toEqual([]);
  });

  test.each<ServiceState>(['PENDING', 'UPDATING', 'DEPLOYING', 'DELETING'])('a delete fails while the service is %s', async (state) => {
    fixture.emulator.setServiceState('web', state);
    const call = fixture.client.send(new DeleteContainerServiceCommand({ serviceName: 'web' }));
    expect(await errorOf(call)).toMatchObject({ name: 'InvalidInputException', message: expect.stringContaining(`"${state}"`) });
  });

  test.each<ServiceState>(['PENDING', 'UPDATING', 'DEPLOYING', 'DELETING'])('an update fails while the service is %s', async (state) => {
    fixture.emulator.setServiceState('web', state);
    const call = fixture.client.send(new UpdateContainerServiceCommand({ serviceName: 'web', scale: 2 }));
    expect(await errorOf(call)).toMatchObject({ name: 'InvalidInputException', message: expect.stringContaining(`"${state}"`) });
    expect(fixture.emulator.service('web')!.scale).toBe(1);
  });

  test('a delete succeeds while the service is DISABLED', async () => {
    fixture.emulator.setServiceState('web', 'DISABLED');
    await fixture.client.send(new DeleteContainerServiceCommand({ serviceName: 'web' }));
    expect(fixture.emulator.service('web')!.state).toBe('DELETING');
  });
});

describe('a service that is missing', () => {
  const serviceName = 'nobody';
  test.each([
    ['UpdateContainerService', async () => fixture.client.send(new UpdateContainerServiceCommand({ serviceName }))],
    ['DeleteContainerService', async () => fixture.client.send(new DeleteContainerServiceCommand({ serviceName }))],
    ['CreateContainerServiceDeployment', async () => fixture.deploy({ serviceName })],
    ['GetContainerServiceDeployments', async () => fixture.client.send(new GetContainerServiceDeploymentsCommand({ serviceName }))],
    ['GetContainerLog', async () => fixture.client.send(new GetContainerLogCommand({ serviceName, containerName: 'app' }))],
    ['GetContainerImages', async () => fixture.client.send(new GetContainerImagesCommand({ serviceName }))],
  ])('%s fails for a missing service', async (_, call) => {
    expect(await errorOf(call())).toMatchObject({ name: 'NotFoundException', message: 'The container service "nobody" does not exist.' });
  });
});
