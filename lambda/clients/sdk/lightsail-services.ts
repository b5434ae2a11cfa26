import {
  GetContainerServiceDeploymentsCommand, GetContainerServicesCommand, type ContainerService, type ContainerServiceDeployment, type LightsailClient,
} from '@aws-sdk/client-lightsail';
import type { DescribedDeployment, DescribedService, Lightsail } from '../lightsail';
import { call, incompleteResponse, undefinedIfNotFound } from './call';

/** Reads container services and their versions. */
export function serviceReads(reader: Pick<LightsailClient, 'send'>): Pick<Lightsail, 'getService' | 'getDeployments'> {
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
