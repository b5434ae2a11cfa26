/** What every handler of Lightsail has to load: the client, and the operations that the handler of deployments uses. */
import {
  CreateContainerServiceDeploymentCommand, GetContainerLogCommand, GetContainerServiceDeploymentsCommand, GetContainerServicesCommand,
  LightsailClient, TagResourceCommand, UpdateContainerServiceCommand,
} from '@aws-sdk/client-lightsail';

export const client = new LightsailClient({});
export const commands = {
  CreateContainerServiceDeploymentCommand,
  GetContainerLogCommand,
  GetContainerServiceDeploymentsCommand,
  GetContainerServicesCommand,
  TagResourceCommand,
  UpdateContainerServiceCommand,
};
