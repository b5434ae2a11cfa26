import type { ContainerServiceProtocol, EndpointRequest } from '@aws-sdk/client-lightsail';
import type { DesiredDeployment } from './desired-deployment';
import { DeploymentFailure } from './failure';
import type {
  ContainerResourceProperties, DeploymentResourceProperties, HealthCheckResourceProperties, PublicEndpointResourceProperties,
} from '../lib/private/resource-properties';

/** What onEvent found out and did, as the Provider framework hands it on to isComplete. */
export interface Progress {
  /** When the deployment was begun, in milliseconds since the epoch. */
  readonly StartedAt: number;
  /** The newest version that the service had before. What this request created is newer. */
  readonly BaselineVersion: number;
  /** The version that this request created, or found to be what it asks for. Absent while the service is busy. */
  readonly Version?: number;
}

/** The parts of an event that the handler reads, whatever else it holds. */
export interface ProviderEvent extends Partial<Progress> {
  readonly RequestType: string;
  readonly RequestId?: string;
  readonly PhysicalResourceId?: string;
  readonly ResourceProperties?: unknown;
}

export interface DeployRequest {
  readonly requestType: 'Create' | 'Update';
  readonly requestId: string;
  readonly serviceName: string;
  readonly desired: DesiredDeployment;
  readonly timeoutSeconds: number;
}

type Raw<T> = { readonly [K in keyof T]?: unknown };

const PROTOCOLS: readonly string[] = ['HTTP', 'HTTPS', 'TCP', 'UDP'] satisfies ContainerServiceProtocol[];
const MAX_TIMEOUT_SECONDS = 3600;

/** Reads an event of a Create or an Update. CloudFormation sends every number and boolean as a string. */
export function parseDeployRequest(event: ProviderEvent): DeployRequest {
  if (event.RequestType !== 'Create' && event.RequestType !== 'Update') {
    throw invalid('RequestType', event.RequestType, "'Create', 'Update' or 'Delete'");
  }
  const properties: Raw<DeploymentResourceProperties> = record('ResourceProperties', event.ResourceProperties);

  return {
    requestType: event.RequestType,
    requestId: event.RequestId ?? '',
    serviceName: text('ServiceName', properties.ServiceName),
    desired: {
      containers: mapValues(record('Containers', properties.Containers), (value, name) => container(`Containers.${name}`, value)),
      ...(properties.PublicEndpoint === undefined ? {} : { publicEndpoint: publicEndpoint(properties.PublicEndpoint) }),
    },
    timeoutSeconds: Math.min(wholeNumber('Timeout', properties.Timeout), MAX_TIMEOUT_SECONDS),
  };
}

export function parseProgress(event: ProviderEvent): Progress {
  return {
    StartedAt: wholeNumber('StartedAt', event.StartedAt),
    BaselineVersion: wholeNumber('BaselineVersion', event.BaselineVersion),
    ...(event.Version === undefined ? {} : { Version: wholeNumber('Version', event.Version) }),
  };
}

function container(path: string, value: unknown) {
  const properties: Raw<ContainerResourceProperties> = record(path, value);
  return {
    image: text(`${path}.Image`, properties.Image),
    command: list(`${path}.Command`, properties.Command ?? []).map((word, index) => text(`${path}.Command[${index}]`, word)),
    environment: mapValues(record(`${path}.Environment`, properties.Environment ?? {}),
      (setting, name) => text(`${path}.Environment.${name}`, setting)),
    ports: mapValues(record(`${path}.Ports`, properties.Ports ?? {}), (protocol, port) => protocolName(`${path}.Ports.${port}`, protocol)),
  };
}

function publicEndpoint(value: unknown): EndpointRequest {
  const properties: Raw<PublicEndpointResourceProperties> = record('PublicEndpoint', value);
  return {
    containerName: text('PublicEndpoint.ContainerName', properties.ContainerName),
    containerPort: wholeNumber('PublicEndpoint.ContainerPort', properties.ContainerPort),
    ...(properties.HealthCheck === undefined ? {} : { healthCheck: healthCheck(properties.HealthCheck) }),
  };
}

function healthCheck(value: unknown) {
  const path = 'PublicEndpoint.HealthCheck';
  const properties: Raw<HealthCheckResourceProperties> = record(path, value);
  const optional = <T>(name: keyof HealthCheckResourceProperties, read: (path: string, value: unknown) => T) =>
    properties[name] === undefined ? undefined : read(`${path}.${name}`, properties[name]);
  return {
    healthyThreshold: optional('HealthyThreshold', wholeNumber),
    unhealthyThreshold: optional('UnhealthyThreshold', wholeNumber),
    timeoutSeconds: optional('TimeoutSeconds', wholeNumber),
    intervalSeconds: optional('IntervalSeconds', wholeNumber),
    path: optional('Path', text),
    successCodes: optional('SuccessCodes', text),
  };
}

function protocolName(path: string, value: unknown): ContainerServiceProtocol {
  if (typeof value === 'string' && PROTOCOLS.includes(value)) return value as ContainerServiceProtocol;
  throw invalid(path, value, `one of ${PROTOCOLS.join(', ')}`);
}

function record(path: string, value: unknown): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw invalid(path, value, 'a map');
}

function list(path: string, value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  throw invalid(path, value, 'a list');
}

function text(path: string, value: unknown): string {
  if (typeof value === 'string') return value;
  throw invalid(path, value, 'a string');
}

function wholeNumber(path: string, value: unknown): number {
  const number = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  if (typeof number === 'number' && Number.isSafeInteger(number) && number >= 0) return number;
  throw invalid(path, value, 'a whole number');
}

function mapValues<V, W>(values: Record<string, V>, change: (value: V, key: string) => W): Record<string, W> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, change(value, key)]));
}

/** Tells the type of what was given, not the value: it may be one that somebody holds secret. */
function invalid(path: string, value: unknown, expected: string): DeploymentFailure {
  const found = value === undefined ? 'it is missing' : `it is ${value === null ? 'null' : `of type ${Array.isArray(value) ? 'list' : typeof value}`}`;
  return new DeploymentFailure(`The resource property ${path} must be ${expected}, and ${found}. `
    + 'It was probably written by another version of cdk-lightsail-containers: synthesize and deploy the app again.');
}
