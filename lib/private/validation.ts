import { Token, type Duration } from 'aws-cdk-lib';
import type { ContainerProps } from '../container-props';
import { ContainerProtocol } from '../container-protocol';
import type { HealthCheck, PublicEndpoint } from '../public-endpoint';

/*
 * The rules of the Lightsail API that can be checked at synthesis. Each function returns the faults
 * that it finds, as sentences that name the property, what was given and what is allowed. Values
 * that are not known before the deployment (tokens) pass.
 */

const NAME_PATTERN = /^(?:[a-z0-9]{1,2}|[a-z0-9][a-z0-9-]+[a-z0-9])$/;
const SERVICE_NAME_MAX_LENGTH = 63;
const CONTAINER_NAME_MAX_LENGTH = 53;
const MAX_CONTAINERS = 10;
const MAX_PORT = 65535;

// The grammar of image references of the OCI distribution project: [registry[:port]/]path[:tag][@digest].
const REGISTRY_HOST = '(?:[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?(?::[0-9]+)?/)';
const IMAGE_PATH_PART = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*';
const IMAGE_REFERENCE = new RegExp(
  `^${REGISTRY_HOST}?${IMAGE_PATH_PART}(?:/${IMAGE_PATH_PART})*(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(?:@sha256:[a-f0-9]{64})?$`,
);

const ENDPOINT_PROTOCOLS: readonly string[] = [ContainerProtocol.HTTP, ContainerProtocol.HTTPS];

/**
 * Throws one error that tells all faults of one construct.
 *
 * @param path where the construct stands in the tree
 */
export function throwFaults(path: string, faults: string[]): void {
  if (faults.length > 0) {
    throw new Error(faults.length === 1 ? `[${path}] ${faults[0]}` : `[${path}]\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
  }
}

export function containerServiceNameFaults(property: string, name: string): string[] {
  return nameFaults(property, name, 'container service', SERVICE_NAME_MAX_LENGTH);
}

/** The faults of a container by itself, whatever else the deployment holds. The image's name is checked apart. */
export function containerFaults(name: string, props: ContainerProps): string[] {
  const property = `containers.${Token.isUnresolved(name) ? '<token>' : name}`;

  return [
    ...nameFaults('containers', name, 'container', CONTAINER_NAME_MAX_LENGTH),
    ...(props.image === undefined ? [`${property}.image: missing. Give one, for example ContainerImage.fromRegistry('nginx:1.27').`] : []),
    ...commandFaults(`${property}.command`, props.command),
    ...environmentFaults(`${property}.environment`, props.environment),
    ...portsFaults(`${property}.ports`, props.ports),
  ];
}

export function imageNameFaults(containerName: string, imageName: string): string[] {
  if (Token.isUnresolved(imageName) || IMAGE_REFERENCE.test(imageName)) return [];

  return [`containers.${containerName}.image: ${given(imageName)} is not the name of an image in a registry. `
    + "Write it as [registry/]path[:tag][@sha256:digest] with a lower-case path, for example 'public.ecr.aws/nginx/nginx:1.27'."];
}

/** The faults of a public endpoint by itself; whether its container has the port is for `deploymentFaults`. */
export function publicEndpointFaults(endpoint: PublicEndpoint): string[] {
  return [
    ...portNumberFaults('publicEndpoint.containerPort', endpoint.containerPort),
    ...healthCheckFaults(endpoint.healthCheck ?? {}),
  ];
}

/** The faults that only show when all containers are known. */
export function deploymentFaults(
  containers: ReadonlyMap<string, Pick<ContainerProps, 'ports'>>, endpoint: PublicEndpoint | undefined,
): string[] {
  const faults = [];
  if (containers.size === 0) {
    faults.push('containers: none given. A deployment needs at least one: add it to containers, or call addContainer().');
  }
  if (containers.size > MAX_CONTAINERS) {
    faults.push(`containers: ${containers.size} given (${[...containers.keys()].join(', ')}), and a deployment holds at most ${MAX_CONTAINERS}. `
      + 'Move some to another container service.');
  }
  if (endpoint) {
    faults.push(...endpointTargetFaults(containers, endpoint));
  }
  return faults;
}

export function timeoutFaults(timeout: Duration): string[] {
  return durationFaults('timeout', timeout, 60, 3600, 'CloudFormation gives a custom resource one hour at most');
}

function endpointTargetFaults(containers: ReadonlyMap<string, Pick<ContainerProps, 'ports'>>, endpoint: PublicEndpoint): string[] {
  const names = [...containers.keys()];
  if (Token.isUnresolved(endpoint.containerName) || names.some((name) => Token.isUnresolved(name))) return [];

  const container = containers.get(endpoint.containerName);
  if (!container) {
    return [`publicEndpoint.containerName: ${given(endpoint.containerName)} is none of the deployment's containers `
      + `(${names.join(', ') || 'there are none'}). Name one of them, or add a container of that name.`];
  }

  const ports = container.ports ?? {};
  const isEndpointPort = (port: string) => Token.isUnresolved(ports[port]) || ENDPOINT_PROTOCOLS.includes(ports[port]);
  if (Token.isUnresolved(endpoint.containerPort) || Token.isUnresolved(ports) || Object.keys(ports).some((port) => Token.isUnresolved(port))) {
    return [];
  }

  const port = String(endpoint.containerPort);
  if (!(port in ports)) {
    const candidates = Object.keys(ports).filter(isEndpointPort);
    return [`publicEndpoint.containerPort: container ${given(endpoint.containerName)} does not open port ${port}`
      + `${candidates.length > 0 ? ` (it opens ${candidates.join(', ')})` : ''}. `
      + `Add '${port}': ContainerProtocol.HTTP to its ports, or name a port that it opens as HTTP or HTTPS.`];
  }
  if (!isEndpointPort(port)) {
    return [`publicEndpoint.containerPort: container ${given(endpoint.containerName)} opens port ${port} as ${ports[port]}, `
      + 'and a public endpoint needs HTTP or HTTPS. Change the protocol of the port, or name another port.'];
  }
  return [];
}

function nameFaults(property: string, name: string, what: string, maxLength: number): string[] {
  if (Token.isUnresolved(name)) return [];
  if (typeof name === 'string' && name.length <= maxLength && NAME_PATTERN.test(name)) return [];

  return [`${property}: ${given(name)} is not a name for a ${what}. `
    + `Use 1-${maxLength} characters: a-z, 0-9 and hyphens, with a letter or a digit at both ends.`];
}

function commandFaults(property: string, command: string[] | undefined): string[] {
  if (command === undefined || Token.isUnresolved(command)) return [];
  if (!Array.isArray(command)) return [`${property}: ${given(command)} is not a list. Give the program and its arguments as a list of strings.`];

  return command.flatMap((word, index) => isStringOrToken(word) ? []
    : [`${property}[${index}]: ${given(word)} is not a string. Quote it.`]);
}

function environmentFaults(property: string, environment: Record<string, string> | undefined): string[] {
  if (environment === undefined || Token.isUnresolved(environment)) return [];

  return Object.entries(environment).flatMap(([name, value]) => [
    ...(name === '' || /[=\0]/.test(name) ? [`${property}: ${given(name)} is not the name of an environment variable. It must not be empty, nor hold '='.`] : []),
    ...(isStringOrToken(value) ? [] : [`${property}.${name}: ${given(value)} is not a string. Quote it.`]),
  ]);
}

function portsFaults(property: string, ports: Record<string, string> | undefined): string[] {
  if (ports === undefined || Token.isUnresolved(ports)) return [];

  return Object.entries(ports).flatMap(([port, protocol]) => [
    ...(Token.isUnresolved(port) || (/^[1-9][0-9]*$/.test(port) && Number(port) <= MAX_PORT) ? []
      : [`${property}: ${given(port)} is not a port. Use a whole number from 1 to ${MAX_PORT}, written as a string without leading zeros.`]),
    ...(Token.isUnresolved(protocol) || Object.values<string>(ContainerProtocol).includes(protocol) ? []
      : [`${property}.${port}: ${given(protocol)} is not a protocol. Use one of ${Object.values(ContainerProtocol).join(', ')}.`]),
  ]);
}

function portNumberFaults(property: string, port: number): string[] {
  return wholeNumberFaults(property, port, 1, MAX_PORT);
}

function healthCheckFaults(healthCheck: HealthCheck): string[] {
  const property = 'publicEndpoint.healthCheck';

  return [
    ...wholeNumberFaults(`${property}.healthyThreshold`, healthCheck.healthyThreshold, 1),
    ...wholeNumberFaults(`${property}.unhealthyThreshold`, healthCheck.unhealthyThreshold, 1),
    ...durationFaults(`${property}.interval`, healthCheck.interval, 5, 300),
    ...durationFaults(`${property}.timeout`, healthCheck.timeout, 2, 60),
    ...(healthCheck.path === '' ? [`${property}.path: "" is empty. Give a path, for example '/healthz', or leave it out for '/'.`] : []),
    ...successCodesFaults(`${property}.successCodes`, healthCheck.successCodes),
  ];
}

function successCodesFaults(property: string, codes: string | undefined): string[] {
  if (codes === undefined || Token.isUnresolved(codes)) return [];

  const isCode = (code: number) => code >= 200 && code <= 499;
  const range = /^(\d{3})-(\d{3})$/.exec(codes)?.slice(1).map(Number);
  const list = /^\d{3}(?:,\d{3})*$/.test(codes) ? codes.split(',').map(Number) : undefined;
  if (range ? range.every(isCode) && range[0] <= range[1] : list?.every(isCode)) return [];

  return [`${property}: ${given(codes)} are no success codes. Use codes from 200 to 499: one ('200'), several ('200,202') or a range ('200-299').`];
}

function durationFaults(property: string, duration: Duration | undefined, min: number, max: number, why?: string): string[] {
  if (duration === undefined || duration.isUnresolved()) return [];

  const seconds = duration.toSeconds({ integral: false });
  if (Number.isInteger(seconds) && seconds >= min && seconds <= max) return [];

  return [`${property}: ${seconds} seconds given. Use ${min} to ${max} seconds, in whole seconds${why ? `; ${why}` : ''}.`];
}

function wholeNumberFaults(property: string, value: number | undefined, min: number, max?: number): string[] {
  if (value === undefined || Token.isUnresolved(value)) return [];
  if (Number.isInteger(value) && value >= min && (max === undefined || value <= max)) return [];

  return [`${property}: ${given(value)} given. Use a whole number ${max === undefined ? `of at least ${min}` : `from ${min} to ${max}`}.`];
}

function isStringOrToken(value: unknown): boolean {
  return typeof value === 'string' || Token.isUnresolved(value);
}

function given(value: unknown): string {
  return JSON.stringify(value) ?? String(value);
}
