import {
  CreateContainerServiceDeploymentCommand, GetContainerLogCommand, GetContainerServiceDeploymentsCommand, GetContainerServicesCommand,
  LightsailClient, TagResourceCommand, UpdateContainerServiceCommand,
  type ContainerService, type ContainerServiceDeployment, type LightsailClientConfig,
} from '@aws-sdk/client-lightsail';
import type { DescribedDeployment, DescribedService, Lightsail } from '../lightsail';
import { ATTEMPTS, call, incompleteResponse, READ_TIMEOUTS, undefinedIfNotFound, WRITE_TIMEOUTS, writeCall } from './call';

/** The Lightsail API through the AWS SDK, or through another client for its commands. */
export function sdkLightsail(
  config: LightsailClientConfig = {}, newClient: (config: LightsailClientConfig) => Pick<LightsailClient, 'send'> = (clientConfig) => new LightsailClient(clientConfig),
): Lightsail {
  const reader = newClient({ requestHandler: READ_TIMEOUTS, ...config, maxAttempts: ATTEMPTS });
  const writer = newClient({ requestHandler: WRITE_TIMEOUTS, ...config, maxAttempts: ATTEMPTS });

  return {
    getService: (serviceName) => undefinedIfNotFound(call('GetContainerServices', async (options) => {
      const { containerServices } = await reader.send(new GetContainerServicesCommand({ serviceName }), options);
      if (!containerServices) throw incompleteResponse('GetContainerServices', 'a list of container services');
      return containerServices.map(describedService).find((service) => service.containerServiceName === serviceName);
    })),

    getDeployments: (serviceName) => call('GetContainerServiceDeployments', async (options) => {
      const { deployments } = await reader.send(new GetContainerServiceDeploymentsCommand({ serviceName }), options);
      if (!deployments) throw incompleteResponse('GetContainerServiceDeployments', 'a list of deployments');
      return deployments.map((deployment) => describedDeployment('GetContainerServiceDeployments', deployment));
    }),

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

function describedService(service: ContainerService): DescribedService {
  const { containerServiceName, state, currentDeployment, nextDeployment } = service;
  if (containerServiceName === undefined || state === undefined) {
    throw incompleteResponse('GetContainerServices', 'the name or the state of a container service');
  }
  return {
    ...service,
    containerServiceName,
    state,
    currentDeployment: currentDeployment && describedDeployment('GetContainerServices', currentDeployment),
    nextDeployment: nextDeployment && describedDeployment('GetContainerServices', nextDeployment),
  };
}

function describedDeployment(operation: string, deployment: ContainerServiceDeployment): DescribedDeployment {
  const { version, state } = deployment;
  if (version === undefined || state === undefined) throw incompleteResponse(operation, 'the version or the state of a deployment');
  return { ...deployment, version, state };
}
