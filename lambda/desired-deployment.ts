import type { Container, ContainerServiceDeployment, EndpointRequest } from '@aws-sdk/client-lightsail';
import { healthCheckOf } from './health-check';

/** What a deployment is asked to hold, in the shape of the Lightsail API. */
export interface DesiredDeployment {
  readonly containers: Record<string, Container>;
  readonly publicEndpoint?: EndpointRequest;
}

/** Whether a deployment of the service holds exactly what is asked, defaults filled in. */
export function holds(deployment: ContainerServiceDeployment | undefined, desired: DesiredDeployment): boolean {
  return deployment !== undefined && fingerprint(deployment) === fingerprint(desired);
}

function fingerprint({ containers = {}, publicEndpoint }: Pick<ContainerServiceDeployment, 'containers' | 'publicEndpoint'>): string {
  return JSON.stringify([
    sortedEntries(containers).map(([name, container]) => [
      name,
      container.image ?? '',
      container.command ?? [],
      sortedEntries(container.environment ?? {}),
      sortedEntries(container.ports ?? {}),
    ]),
    publicEndpoint === undefined ? null : [
      publicEndpoint.containerName,
      publicEndpoint.containerPort,
      sortedEntries(healthCheckOf({ publicEndpoint })),
    ],
  ]);
}

function sortedEntries<T>(record: Record<string, T>): [string, T][] {
  return Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
}
