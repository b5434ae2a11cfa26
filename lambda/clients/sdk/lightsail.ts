import {
  CreateContainerServiceDeploymentCommand, GetContainerLogCommand, LightsailClient, TagResourceCommand, UpdateContainerServiceCommand,
  type LightsailClientConfig,
} from '@aws-sdk/client-lightsail';
import type { Lightsail } from '../lightsail';
import { ATTEMPTS, call, READ_TIMEOUTS, WRITE_TIMEOUTS, writeCall } from './call';
import { certificateReads } from './lightsail-certificates';
import { serviceReads } from './lightsail-services';

/** The Lightsail API through the AWS SDK, or through another client for its commands. */
export function sdkLightsail(
  config: LightsailClientConfig = {}, newClient: (config: LightsailClientConfig) => Pick<LightsailClient, 'send'> = (clientConfig) => new LightsailClient(clientConfig),
): Lightsail {
  const reader = newClient({ requestHandler: READ_TIMEOUTS, ...config, maxAttempts: ATTEMPTS });
  const writer = newClient({ requestHandler: WRITE_TIMEOUTS, ...config, maxAttempts: ATTEMPTS });

  return {
    ...serviceReads(reader),
    ...certificateReads(reader),

    getContainerLog: (serviceName, containerName, since, pageToken) => call('GetContainerLog', async (options) => {
      const { logEvents = [], nextPageToken } = await reader.send(
        new GetContainerLogCommand({ serviceName, containerName, startTime: since, pageToken }), options);
      return {
        events: logEvents.map(({ createdAt, message = '' }) => ({ createdAt, message })),
        ...(nextPageToken ? { nextPageToken } : {}),
      };
    }),

    createDeployment: (serviceName, desired) => writeCall('CreateContainerServiceDeployment', async (options) => {
      const { containerService } = await writer.send(new CreateContainerServiceDeploymentCommand({ serviceName, ...desired }), options);
      return containerService;
    }),

    setDisabled: (serviceName, isDisabled) => writeCall('UpdateContainerService', async (options) => {
      await writer.send(new UpdateContainerServiceCommand({ serviceName, isDisabled }), options);
    }),

    setDomainNames: (serviceName, domainNames) => writeCall('UpdateContainerService', async (options) => {
      const publicDomainNames = Object.fromEntries(Object.entries(domainNames).map(([certificateName, names]) => [certificateName, [...names]]));
      await writer.send(new UpdateContainerServiceCommand({ serviceName, publicDomainNames }), options);
    }),

    enableRegistryAccess: (serviceName) => writeCall('UpdateContainerService', async (options) => {
      const privateRegistryAccess = { ecrImagePullerRole: { isActive: true } };
      await writer.send(new UpdateContainerServiceCommand({ serviceName, privateRegistryAccess }), options);
    }),

    tagService: (serviceName, tags) => writeCall('TagResource', async (options) => {
      await writer.send(new TagResourceCommand({
        resourceName: serviceName,
        tags: Object.entries(tags).map(([key, value]) => ({ key, value })),
      }), options);
    }),
  };
}
