import { errors } from '../api/errors';
import { ContainerShape, DeploymentRequestShape, EndpointShape, HealthCheckShape } from '../api/shapes';
import { storedImageLabel, StoredImages } from '../services/stored-images';

/** What a deployment is checked against. */
export interface DeploymentContext {
  readonly serviceName: string;
  readonly storedImages: StoredImages;
  readonly maxContainers: number;
}

/** A deployment with every default filled in. */
export interface CheckedDeployment {
  readonly containers: Record<string, ContainerShape>;
  readonly publicEndpoint?: EndpointShape;
}

export const DEFAULT_HEALTH_CHECK: Required<HealthCheckShape> = {
  healthyThreshold: 2,
  unhealthyThreshold: 2,
  timeoutSeconds: 2,
  intervalSeconds: 5,
  path: '/',
  successCodes: '200-499',
};

/** The rules for a deployment that the model does not hold. Throws on the first that is broken. */
export function checkDeployment(request: DeploymentRequestShape, context: DeploymentContext): CheckedDeployment {
  const containers = Object.entries(request.containers ?? {});
  if (containers.length === 0) {
    throw errors.noContainers();
  }
  if (containers.length > context.maxContainers) {
    throw errors.tooManyContainers(containers.length, context.maxContainers);
  }
  for (const [name, container] of containers) {
    checkImage(name, container.image ?? '', context);
    checkPorts(name, container);
  }
  return {
    containers: Object.fromEntries(containers.map(([name, container]) => [name, withDefaults(container)])),
    ...(request.publicEndpoint ? { publicEndpoint: checkEndpoint(request.publicEndpoint, Object.fromEntries(containers)) } : {}),
  };
}

/** The port that must be open is the container's own: an endpoint ends TLS at the load balancer. */
function checkEndpoint(endpoint: EndpointShape, containers: Record<string, ContainerShape>): EndpointShape {
  if (!Object.hasOwn(containers, endpoint.containerName)) {
    throw errors.endpointContainer(endpoint.containerName);
  }
  const ports = containers[endpoint.containerName].ports ?? {};
  const protocol = ports[String(endpoint.containerPort)];
  if (protocol === undefined) {
    throw errors.endpointPort();
  }
  if (protocol !== 'HTTP' && protocol !== 'HTTPS') {
    throw errors.endpointProtocol(endpoint.containerPort, protocol);
  }
  const healthCheck = { ...DEFAULT_HEALTH_CHECK, ...endpoint.healthCheck };
  checkHealthCheck(healthCheck);
  return { ...endpoint, healthCheck };
}

function checkHealthCheck(healthCheck: Required<HealthCheckShape>): void {
  checkBetween('timeoutSeconds', healthCheck.timeoutSeconds, 2, 60);
  checkBetween('intervalSeconds', healthCheck.intervalSeconds, 5, 300);
  // Only the default of the thresholds is documented. That they are counted from 1 on is an inference.
  checkBetween('healthyThreshold', healthCheck.healthyThreshold, 1, Number.MAX_SAFE_INTEGER);
  checkBetween('unhealthyThreshold', healthCheck.unhealthyThreshold, 1, Number.MAX_SAFE_INTEGER);
  if (!healthCheck.successCodes.split(',').every(isCodeOrRange)) {
    throw errors.healthCheckCodes(healthCheck.successCodes);
  }
}

function checkBetween(member: string, value: number, min: number, max: number): void {
  if (value < min || value > max) {
    throw errors.healthCheckRange(member, value, min, max);
  }
}

function isCodeOrRange(text: string): boolean {
  const [, low, high = low] = /^([2-4]\d\d)(?:-([2-4]\d\d))?$/.exec(text) ?? [];
  return low !== undefined && low <= high;
}

function checkImage(containerName: string, image: string, { serviceName, storedImages }: DeploymentContext): void {
  if (!image.startsWith(':')) {
    if (!isImageReference(image)) {
      throw errors.invalidImage(containerName, image, serviceName);
    }
    return;
  }
  if (storedImageLabel(serviceName, image) === undefined) {
    throw errors.invalidImage(containerName, image, serviceName);
  }
  if (storedImages.resolve(image) === undefined) {
    throw errors.storedImageMissing(containerName, image);
  }
}

/** `[host[:port]/]path[:tag][@digest]`, the path in lower case, as container registries have it. */
export function isImageReference(image: string): boolean {
  return /^(?:[A-Za-z0-9.-]+(?::\d+)?\/)?[a-z0-9]+(?:[._/-]+[a-z0-9]+)*(?::\w[\w.-]{0,127})?(?:@sha256:[0-9a-f]{64})?$/.test(image);
}

function checkPorts(containerName: string, container: ContainerShape): void {
  for (const port of Object.keys(container.ports ?? {})) {
    if (!/^[1-9]\d{0,4}$/.test(port) || Number(port) > 65535) {
      throw errors.containerPort(containerName, port);
    }
  }
}

/** The service answers `command` and `environment` even where none was given; `ports` only where there are some. */
function withDefaults(container: ContainerShape): ContainerShape {
  return { ...container, command: container.command ?? [], environment: container.environment ?? {} };
}
