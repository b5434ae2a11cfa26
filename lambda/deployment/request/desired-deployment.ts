import type { ContainerServiceDeployment } from '@aws-sdk/client-lightsail';
import { healthCheckOf } from './health-check';
import type { DesiredDeployment } from '../../clients/lightsail';

/** Whether a deployment of the service holds exactly what is asked, defaults filled in. */
export function matches(deployment: ContainerServiceDeployment | undefined, desired: DesiredDeployment): boolean {
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
