import { Token } from 'aws-cdk-lib';
import type { ContainerResourceProperties } from './resource-properties';
import { durationFaults, given, isMap, isStringOrToken, wholeNumberFaults } from './validation';
import { ContainerProtocol } from '../container-protocol';
import type { HealthCheck, PublicEndpoint } from '../public-endpoint';

const MAX_PORT = 65535;
const ENDPOINT_PROTOCOLS: readonly unknown[] = [ContainerProtocol.HTTP, ContainerProtocol.HTTPS];

/** The faults of a public endpoint by itself; whether its container has the port is for `endpointTargetFaults`. */
export function publicEndpointFaults(endpoint: PublicEndpoint | undefined): string[] {
  if (endpoint === undefined) return [];
  if (!isMap(endpoint)) {
    return [`publicEndpoint: ${given(endpoint)} is not a public endpoint. Give one, for example { containerName: 'web', containerPort: 80 }.`];
  }

  const { containerName, containerPort } = endpoint;
  return [
    ...(isStringOrToken(containerName) ? [] : [`publicEndpoint.containerName: ${given(containerName)} is not a string. Name one of the deployment's containers.`]),
    ...(containerPort !== undefined ? wholeNumberFaults('publicEndpoint.containerPort', containerPort, 1, MAX_PORT)
      : ['publicEndpoint.containerPort: missing. Give a port that the container opens as HTTP or HTTPS, for example 80.']),
    ...healthCheckFaults('publicEndpoint.healthCheck', endpoint.healthCheck),
  ];
}

/** Whether the container of a public endpoint is there and opens the port. */
export function endpointTargetFaults(containers: ReadonlyMap<string, Pick<ContainerResourceProperties, 'Ports'>>, endpoint: PublicEndpoint): string[] {
  const names = [...containers.keys()];
  if (Token.isUnresolved(endpoint.containerName) || names.some((name) => Token.isUnresolved(name))) return [];

  const container = containers.get(endpoint.containerName);
  if (!container) {
    return [`publicEndpoint.containerName: ${given(endpoint.containerName)} is none of the deployment's containers `
      + `(${names.join(', ') || 'there are none'}). Name one of them, or add a container of that name.`];
  }

  const ports = container.Ports ?? {};
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

function healthCheckFaults(property: string, healthCheck: HealthCheck | undefined): string[] {
  if (healthCheck === undefined) return [];
  if (!isMap(healthCheck)) return [`${property}: ${given(healthCheck)} is not a health check. Give one, for example { path: '/healthz' }.`];

  return [
    ...wholeNumberFaults(`${property}.healthyThreshold`, healthCheck.healthyThreshold, 1),
    ...wholeNumberFaults(`${property}.unhealthyThreshold`, healthCheck.unhealthyThreshold, 1),
    ...durationFaults(`${property}.interval`, healthCheck.interval, 5, 300),
    ...durationFaults(`${property}.timeout`, healthCheck.timeout, 2, 60),
    ...pathFaults(`${property}.path`, healthCheck.path),
    ...successCodesFaults(`${property}.successCodes`, healthCheck.successCodes),
  ];
}

function pathFaults(property: string, path: string | undefined): string[] {
  if (path === undefined || Token.isUnresolved(path)) return [];
  if (typeof path === 'string' && path !== '') return [];

  return [`${property}: ${given(path)} ${path === '' ? 'is empty' : 'is not a string'}. Give a path, for example '/healthz', or leave it out for '/'.`];
}

function successCodesFaults(property: string, codes: string | undefined): string[] {
  if (codes === undefined || Token.isUnresolved(codes)) return [];
  if (typeof codes === 'string' && areSuccessCodes(codes)) return [];

  return [`${property}: ${given(codes)} ${typeof codes === 'string' ? 'are no success codes' : 'is not a string'}. `
    + "Use codes from 200 to 499: one ('200'), several ('200,202') or a range ('200-299')."];
}

function areSuccessCodes(codes: string): boolean {
  const isCode = (code: number) => code >= 200 && code <= 499;
  const range = /^(\d{3})-(\d{3})$/.exec(codes)?.slice(1).map(Number);
  if (range) return range.every(isCode) && range[0] <= range[1];

  return /^\d{3}(?:,\d{3})*$/.test(codes) && codes.split(',').map(Number).every(isCode);
}
