import type { Container, ContainerServiceDeployment, ContainerServiceHealthCheckConfig, EndpointRequest } from '@aws-sdk/client-lightsail';

/** What a deployment is asked to hold, in the shape of the Lightsail API. */
export interface DesiredDeployment {
  readonly containers: Record<string, Container>;
  readonly publicEndpoint?: EndpointRequest;
}

/** What Lightsail fills in for what a request leaves out. */
const HEALTH_CHECK_DEFAULTS: Required<ContainerServiceHealthCheckConfig> = {
  healthyThreshold: 2,
  unhealthyThreshold: 2,
  timeoutSeconds: 2,
  intervalSeconds: 5,
  path: '/',
  successCodes: '200-499',
};

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
      sortedEntries({ ...HEALTH_CHECK_DEFAULTS, ...withoutUndefined(publicEndpoint.healthCheck ?? {}) }),
    ],
  ]);
}

function sortedEntries<T>(record: Record<string, T>): [string, T][] {
  return Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
}

function withoutUndefined<T extends object>(record: T): Partial<T> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as Partial<T>;
}
