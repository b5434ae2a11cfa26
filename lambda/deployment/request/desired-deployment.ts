import type { ContainerServiceDeployment } from '@aws-sdk/client-lightsail';
import { healthCheckOf } from './health-check';
import type { DesiredDeployment } from '../../clients/lightsail';

/** Whether a deployment of the service holds exactly what is desired, with defaults filled in. */
export function matches(deployment: ContainerServiceDeployment | undefined, desired: DesiredDeployment): boolean {
  return deployment !== undefined && fingerprint(deployment) === fingerprint(desired);
}

/**
 * The same, but for what Lightsail may have rewritten in its answer: the number that `:service.label.latest` stood for, a line break at the end
 * of a value, and a variable without a value. It is not known whether Lightsail does so.
 */
export function matchesAsRewritten(deployment: ContainerServiceDeployment, desired: DesiredDeployment): boolean {
  return fingerprint(rewritten(deployment, desired)) === fingerprint(rewritten(desired, desired));
}

function rewritten(
  { containers = {}, publicEndpoint }: Pick<ContainerServiceDeployment, 'containers' | 'publicEndpoint'>, desired: DesiredDeployment,
): Pick<ContainerServiceDeployment, 'containers' | 'publicEndpoint'> {
  return {
    publicEndpoint,
    containers: Object.fromEntries(Object.entries(containers).map(([name, { image, environment = {}, ...others }]) => [name, {
      ...others,
      image: isLatestOf(desired.containers[name]?.image, image) ? desired.containers[name]?.image : image,
      environment: Object.fromEntries(Object.entries(environment)
        .map(([variable, value]) => [variable, value.replace(/\r?\n$/, '')] as const)
        .filter(([, value]) => value !== '')),
    }])),
  };
}

/** Whether an image is a numbered one of a label whose latest is desired: `:web.app.7` for `:web.app.latest`. */
function isLatestOf(desired = '', image = ''): boolean {
  const [, label] = /^(:.+\.)latest$/.exec(desired) ?? [];
  return label !== undefined && image.startsWith(label) && /^\d+$/.test(image.slice(label.length));
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
