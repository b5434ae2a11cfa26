import { Token } from 'aws-cdk-lib';
import type { ContainerResourceProperties } from '../resource-properties';
import { HEALTH_CHECK, PUBLIC_ENDPOINT, validatePropertyNames } from './property-names';
import { validatePlainValue } from './secret-reference';
import { validateDuration, describeValue, isMap, isStringOrToken, validateWholeNumber } from './validation';
import { ContainerProtocol } from '../../container-protocol';
import type { HealthCheck, PublicEndpoint } from '../../public-endpoint';
import { knownText, UNKNOWN } from '../tree/known-text';

const MAX_PORT = 65535;
const ENDPOINT_PROTOCOLS: readonly unknown[] = [ContainerProtocol.HTTP, ContainerProtocol.HTTPS];

/** The errors of a public endpoint alone. `validateEndpointTarget` validates its container and port. */
export function validatePublicEndpoint(endpoint: PublicEndpoint | undefined): string[] {
  if (endpoint === undefined) return [];
  if (!isMap(endpoint) || Token.isUnresolved(endpoint)) {
    return [`publicEndpoint: ${describeValue(endpoint)} is not a public endpoint. Use one, for example { containerName: 'web', containerPort: 80 }.`];
  }

  const { containerName, containerPort } = endpoint;
  return [
    ...validatePropertyNames('publicEndpoint', endpoint, PUBLIC_ENDPOINT),
    ...(isStringOrToken(containerName) ? validatePlainValue('publicEndpoint.containerName', containerName)
      : [`publicEndpoint.containerName: ${containerName === undefined ? 'missing' : `${describeValue(containerName)} is not a string`}. Use the name of a container of this deployment.`]),
    ...(containerPort !== undefined ? validateWholeNumber('publicEndpoint.containerPort', containerPort, 1, MAX_PORT)
      : ['publicEndpoint.containerPort: missing. Use a port that the container opens as HTTP or HTTPS, for example 80.']),
    ...validateHealthCheck('publicEndpoint.healthCheck', endpoint.healthCheck),
  ];
}

/** Whether the container of a public endpoint exists and opens the port. */
export function validateEndpointTarget(containers: ReadonlyMap<string, Pick<ContainerResourceProperties, 'Ports'>>, endpoint: PublicEndpoint): string[] {
  const names = [...containers.keys()];
  if (Token.isUnresolved(endpoint.containerName) || names.some((name) => Token.isUnresolved(name))) return [];

  const container = containers.get(endpoint.containerName);
  if (!container) {
    return [`publicEndpoint.containerName: ${describeValue(endpoint.containerName)} is not a container of this deployment `
      + `(containers: ${names.join(', ') || 'none'}). Use one of these, or add it.`];
  }

  const ports = container.Ports ?? {};
  const isEndpointPort = (port: string) => Token.isUnresolved(ports[port]) || ENDPOINT_PROTOCOLS.includes(ports[port]);
  if (Token.isUnresolved(endpoint.containerPort) || Token.isUnresolved(ports) || Object.keys(ports).some((port) => Token.isUnresolved(port))) {
    return [];
  }

  const port = String(endpoint.containerPort);
  if (!(port in ports)) {
    const candidates = Object.keys(ports).filter(isEndpointPort);
    return [`publicEndpoint.containerPort: container ${describeValue(endpoint.containerName)} does not open port ${port}`
      + `${candidates.length > 0 ? ` (it opens ${candidates.join(', ')})` : ''}. `
      + `Add '${port}': ContainerProtocol.HTTP to its ports, or use a port that it opens as HTTP or HTTPS.`];
  }
  if (!isEndpointPort(port)) {
    return [`publicEndpoint.containerPort: container ${describeValue(endpoint.containerName)} opens port ${port} as ${ports[port]}, `
      + 'but a public endpoint needs HTTP or HTTPS. Change the protocol of the port, or use another port.'];
  }
  return [];
}

function validateHealthCheck(property: string, healthCheck: HealthCheck | undefined): string[] {
  if (healthCheck === undefined) return [];
  if (!isMap(healthCheck) || Token.isUnresolved(healthCheck)) return [`${property}: ${describeValue(healthCheck)} is not a health check. Use one, for example { path: '/healthz' }.`];

  return [
    ...validatePropertyNames(property, healthCheck, HEALTH_CHECK),
    ...validateWholeNumber(`${property}.healthyThreshold`, healthCheck.healthyThreshold, 1),
    ...validateWholeNumber(`${property}.unhealthyThreshold`, healthCheck.unhealthyThreshold, 1),
    ...validateDuration(`${property}.interval`, healthCheck.interval, 5, 300),
    ...validateDuration(`${property}.timeout`, healthCheck.timeout, 2, 60),
    ...validatePath(`${property}.path`, healthCheck.path),
    ...validateSuccessCodes(`${property}.successCodes`, healthCheck.successCodes),
  ];
}

function validatePath(property: string, path: string | undefined): string[] {
  if (path === undefined) return [];

  // A path that begins with a token can begin with a slash. Terraform's acceptance tests deploy '.' to Lightsail.
  const known = knownText(path);
  if (isStringOrToken(path) && known !== '') {
    const errors = validatePlainValue(property, path);
    return errors.length > 0 || known.startsWith('/') || known.startsWith(UNKNOWN) || known === '.' ? errors
      : [`${property}: ${describeKnown(known)} does not begin with a slash. Write the path on the container, for example ${describeKnown(pathOf(known))}.`];
  }
  return [`${property}: ${describeValue(path)} ${path === '' ? 'is empty' : 'is not a string'}. Use a path, for example '/healthz', or leave it out for '/'.`];
}

function describeKnown(text: string): string {
  return describeValue(text.replaceAll(UNKNOWN, '<token>'));
}

/** The path of a URL, or of a path without its slash. */
function pathOf(text: string): string {
  return `/${text.replace(/^[a-z]+:\/\/[^/]*\/?/i, '')}`;
}

function validateSuccessCodes(property: string, codes: string | undefined): string[] {
  if (codes === undefined || Token.isUnresolved(codes)) return validatePlainValue(property, codes);
  if (typeof codes === 'string' && areSuccessCodes(codes)) return [];

  return [`${property}: ${describeValue(codes)} ${typeof codes === 'string' ? 'are no success codes' : 'is not a string'}. `
    + "Use codes from 200 to 499: one ('200'), several ('200,202'), a range ('200-299') or both ('200,301-302')."];
}

function areSuccessCodes(codes: string): boolean {
  const isCode = (code: number) => code >= 200 && code <= 499;
  return codes.split(',').every((part) => {
    const [from, to = from] = /^(\d{3})(?:-(\d{3}))?$/.exec(part)?.slice(1).filter((code) => code !== undefined).map(Number) ?? [];
    return isCode(from) && isCode(to) && from <= to;
  });
}
