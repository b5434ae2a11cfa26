import { createHandlers } from '../../../lambda';
import type { Lightsail } from '../../../lambda/clients/lightsail';

const SECRET = 'hunter2-secret';

const noService: Lightsail = {
  getService: async () => undefined,
  getDeployments: async () => [],
  getContainerLog: async () => ({ events: [] }),
  createDeployment: async () => undefined,
  setDisabled: async () => undefined,
  enableRegistryAccess: async () => undefined,
  tagService: async () => undefined,
};

test('logs JSON lines of chosen fields: no value of an environment variable, no ResponseURL', async () => {
  const lines = jest.spyOn(console, 'log').mockImplementation(() => undefined);
  const { onEvent } = createHandlers({ lightsail: noService });
  const event = {
    RequestType: 'Create',
    RequestId: 'r-1',
    ResourceType: 'Custom::LightsailContainerServiceDeployment',
    ResponseURL: 'https://example.com/presigned',
    ResourceProperties: { ServiceName: 'web', Containers: { app: { Image: 'nginx', Environment: { PASSWORD: SECRET } } }, Timeout: '60' },
  };

  await expect(onEvent(event)).rejects.toThrow('there is no container service "web"');

  const logged = lines.mock.calls.map(([line]) => JSON.parse(line as string));
  expect(logged).toContainEqual(expect.objectContaining({ message: 'failed', requestId: 'r-1', requestType: 'Create' }));
  expect(JSON.stringify(logged)).not.toContain(SECRET);
  expect(JSON.stringify(logged)).not.toContain('presigned');
  lines.mockRestore();
});
