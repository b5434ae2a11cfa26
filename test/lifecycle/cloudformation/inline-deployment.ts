import type { DeploymentShape } from '../../emulator';

/** The property ContainerServiceDeployment of AWS::Lightsail::Container, references resolved. */
export interface InlineDeployment {
  readonly Containers?: readonly InlineContainer[];
  readonly PublicEndpoint?: {
    readonly ContainerName: string;
    readonly ContainerPort: number;
    readonly HealthCheckConfig?: InlineHealthCheck;
  };
}

interface InlineContainer {
  readonly ContainerName: string;
  readonly Image: string;
  readonly Command?: readonly string[];
  readonly Environment?: ReadonlyArray<{ readonly Variable: string; readonly Value: string }>;
  readonly Ports?: ReadonlyArray<{ readonly Port: string; readonly Protocol: string }>;
}

interface InlineHealthCheck {
  readonly HealthyThreshold?: number;
  readonly UnhealthyThreshold?: number;
  readonly TimeoutSeconds?: number;
  readonly IntervalSeconds?: number;
  readonly Path?: string;
  readonly SuccessCodes?: string;
}

/** The request of CreateContainerServiceDeployment that AWS's own handler makes of the property (Translator.java). */
export function deploymentRequest({ Containers = [], PublicEndpoint: endpoint }: InlineDeployment): object {
  return {
    containers: Object.fromEntries(Containers.map(({ ContainerName, Image, Command, Environment, Ports }) => [ContainerName, {
      image: Image,
      ...(Command && { command: [...new Set(Command)] }),
      ...(Environment && { environment: Object.fromEntries(Environment.map(({ Variable, Value }) => [Variable, Value])) }),
      ...(Ports && { ports: Object.fromEntries(Ports.map(({ Port, Protocol }) => [Port, Protocol])) }),
    }])),
    ...(endpoint && {
      publicEndpoint: {
        containerName: endpoint.ContainerName,
        containerPort: endpoint.ContainerPort,
        ...(endpoint.HealthCheckConfig && { healthCheck: healthCheckOf(endpoint.HealthCheckConfig) }),
      },
    }),
  };
}

function healthCheckOf(check: InlineHealthCheck): object {
  const { HealthyThreshold, UnhealthyThreshold, TimeoutSeconds, IntervalSeconds, Path, SuccessCodes } = check;
  const given = {
    healthyThreshold: HealthyThreshold,
    unhealthyThreshold: UnhealthyThreshold,
    timeoutSeconds: TimeoutSeconds,
    intervalSeconds: IntervalSeconds,
    path: Path,
    successCodes: SuccessCodes,
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

/**
 * Whether AWS's own handler deploys at an update (Container.java, isDeploymentRequired): never without the property. Boxed integers are compared by
 * identity there, so that a number above 127 always differs. An endpoint without a health check always differs from a deployment that has Lightsail's.
 */
export function isDeploymentRequired(desired: InlineDeployment | undefined, current: DeploymentShape | undefined): boolean {
  if (desired === undefined) return false;
  if (current === undefined) return true;

  const containers = desired.Containers ?? [];
  if (containers.length !== Object.keys(current.containers ?? {}).length) return true;
  return containers.some((container) => isContainerUpdated(container, current)) || isEndpointUpdated(desired.PublicEndpoint, current.publicEndpoint);
}

function isContainerUpdated({ ContainerName, Image, Command, Environment, Ports }: InlineContainer, { containers = {} }: DeploymentShape): boolean {
  const current = containers[ContainerName];
  if (!current) return true;
  const { command = [], environment = {}, ports = {} } = current;
  return current.image !== Image
    || !isSameMap(Object.fromEntries((Command ?? []).map((word) => [word, ''])), Object.fromEntries(command.map((word) => [word, ''])))
    || !isSameMap(Object.fromEntries((Environment ?? []).map(({ Variable, Value }) => [Variable, Value])), environment)
    || !isSameMap(Object.fromEntries((Ports ?? []).map(({ Port, Protocol }) => [Port, Protocol])), ports);
}

function isEndpointUpdated(desired: InlineDeployment['PublicEndpoint'], current: DeploymentShape['publicEndpoint']): boolean {
  if (desired === undefined || current === undefined) return desired !== current;

  const { HealthCheckConfig: wanted } = desired;
  const actual = current.healthCheck;
  if (desired.ContainerName !== current.containerName || !isSameBoxed(desired.ContainerPort, current.containerPort)) return true;
  if (wanted === undefined || actual === undefined) return wanted !== actual;
  return !isSameBoxed(wanted.HealthyThreshold, actual.healthyThreshold)
    || !isSameBoxed(wanted.UnhealthyThreshold, actual.unhealthyThreshold)
    || !isSameBoxed(wanted.TimeoutSeconds, actual.timeoutSeconds)
    || !isSameBoxed(wanted.IntervalSeconds, actual.intervalSeconds)
    || (wanted.Path !== undefined && wanted.Path !== actual.path)
    || (wanted.SuccessCodes !== undefined && wanted.SuccessCodes !== actual.successCodes);
}

/** Java keeps one object for each integer from -128 to 127. */
function isSameBoxed(one: number | undefined, other: number | undefined): boolean {
  return one === other && (one === undefined || (one >= -128 && one <= 127));
}

function isSameMap(one: Readonly<Record<string, string>>, other: Readonly<Record<string, string>>): boolean {
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => one[name] === other[name]);
}
