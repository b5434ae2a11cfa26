import type { ContainerServiceProtocol, EndpointRequest } from '@aws-sdk/client-lightsail';
import type {
  ContainerResourceProperties, DeploymentResourceProperties, HealthCheckResourceProperties, PublicEndpointResourceProperties,
} from '../../../lib/private/resource-properties';
import type { DesiredDeployment } from '../../clients/lightsail';
import { parseResourceRequest, type ProviderEvent, type ResourceRequest } from '../../shared/events/event';
import { flag, invalid, isRecord, list, mapValues, namedRecord, record, text, wholeNumber, type Raw } from '../../shared/events/property-values';
import { ResourceFailure } from '../../shared/reasons/resource-failure';
import { parseSecretReference } from '../../shared/secrets/secret-properties';
import type { SecretReference } from '../../shared/secrets/secret-reference';

/** The secrets of a deployment: those of each container, by the name of the variable. */
export type SecretReferences = Readonly<Record<string, Readonly<Record<string, SecretReference>>>>;

/** What a resource wants to run. */
export interface DesiredState {
  /** Without the values of the secrets, unless they are resolved. */
  readonly desired: DesiredDeployment;
  readonly secrets: SecretReferences;
}

/** A Create or an Update. */
export interface DeployRequest extends ResourceRequest, DesiredState {
  /** Whether deleting the resource disables the service: removalPolicy DESTROY. Creating it then enables the service. */
  readonly disablesOnDelete: boolean;
  /** Whether the resource deploys to this service for the first time: a Create, or an Update that names another service. */
  readonly isNewToService: boolean;
  readonly triggersChanged: boolean;
  /** Whether an Update has the containers and the public endpoint of the one before. */
  readonly isUnchanged: boolean;
  readonly waitForUrl: boolean;
  /** The size of the resource properties as JSON. */
  readonly propertiesBytes: number;
  /** Absent where no image is pulled from a private Amazon ECR repository. */
  readonly pullAccess?: PullAccess;
  /** The variables before the update: the version that is still serving may have them. */
  readonly previousVariables?: VariableNames;
}

export interface PullAccess {
  /** Whether the resource did not have the access before, so that it may not have effect yet. */
  readonly isNew: boolean;
  /** The images that the handler may look up. */
  readonly ecrImages: readonly string[];
}

export interface DeleteRequest extends ResourceRequest, DesiredState {}

/** The names of environment variables, by container. */
export type VariableNames = Readonly<Record<string, { readonly plain: readonly string[]; readonly secret: readonly string[] }>>;

/** The old properties as they are in an event: whole for onEvent, and what is carried of them for isComplete. */
type OldProperties = Raw<DeploymentResourceProperties & CarriedOldProperties>;

/** What isComplete needs of the old properties. Containers are the most of an event, and Step Functions limits its size. */
export interface CarriedOldProperties {
  readonly ServiceName?: unknown;
  readonly Triggers?: unknown;
  readonly PrivateRegistryAccess?: unknown;
  /** The names of the variables of each container, for the mask of reasons and logs. */
  readonly Variables?: unknown;
  readonly IsUnchanged: boolean;
}

const PROTOCOLS: readonly string[] = ['HTTP', 'HTTPS', 'TCP', 'UDP'] satisfies ContainerServiceProtocol[];

/** Reads an event of a Create or an Update. CloudFormation sends every number and boolean as a string. */
export function parseDeployRequest(event: ProviderEvent): DeployRequest {
  if (event.RequestType !== 'Create' && event.RequestType !== 'Update') {
    throw invalid('RequestType', event.RequestType, "'Create', 'Update' or 'Delete'");
  }
  const properties: Raw<DeploymentResourceProperties> = record('ResourceProperties', event.ResourceProperties);
  const old = oldProperties(event);
  const isNewToService = old.ServiceName !== properties.ServiceName;

  return {
    ...parseResourceRequest(event),
    disablesOnDelete: disablesOnDelete(properties),
    ...desiredState(properties),
    isNewToService,
    triggersChanged: !isNewToService && !isSame(triggers(properties.Triggers), triggers(old.Triggers)),
    isUnchanged: isUnchanged(properties, old),
    previousVariables: previousVariables(old),
    propertiesBytes: Buffer.byteLength(JSON.stringify(properties)),
    waitForUrl: properties.WaitForUrl === undefined ? false : flag('WaitForUrl', properties.WaitForUrl),
    pullAccess: registryAccess(properties, isNewToService ? {} : old),
  };
}

/** The old properties without containers, for the events of isComplete; undefined if there are none. */
export function carriedOldProperties(event: ProviderEvent): CarriedOldProperties | undefined {
  if (event.RequestType !== 'Update' || !isRecord(event.ResourceProperties)) return undefined;

  const old = oldProperties(event);
  const { ServiceName, Triggers, PrivateRegistryAccess } = old;
  return { ServiceName, Triggers, PrivateRegistryAccess, Variables: previousVariables(old), IsUnchanged: isUnchanged(event.ResourceProperties, old) };
}

function oldProperties(event: ProviderEvent): OldProperties {
  return event.RequestType === 'Update' && isRecord(event.OldResourceProperties) ? event.OldResourceProperties : {};
}

/** The names of the variables before the update; undefined if they are not known. */
function previousVariables(old: OldProperties): VariableNames | undefined {
  if (isRecord(old.Variables)) return old.Variables as VariableNames;
  if (!isRecord(old.Containers)) return undefined;

  const namesOf = (value: unknown) => (isRecord(value) ? Object.keys(value) : []);
  return mapValues(old.Containers, (value) => {
    const { Environment, Secrets }: Raw<ContainerResourceProperties> = isRecord(value) ? value : {};
    return { plain: namesOf(Environment), secret: namesOf(Secrets) };
  });
}

function isUnchanged(properties: Raw<DeploymentResourceProperties>, old: OldProperties): boolean {
  return old.IsUnchanged === true || (isSame(properties.Containers, old.Containers) && isSame(properties.PublicEndpoint, old.PublicEndpoint));
}

/**
 * Reads an event of a Delete; undefined where nothing is to be done: what runs is kept, or the properties are none that
 * this handler could have deployed.
 */
export function parseDeleteRequest(event: ProviderEvent): DeleteRequest | undefined {
  if (!isRecord(event.ResourceProperties)) return undefined;

  try {
    const properties = event.ResourceProperties;
    return disablesOnDelete(properties) ? { ...parseResourceRequest(event), ...desiredState(properties) } : undefined;
  } catch (error) {
    if (error instanceof ResourceFailure) return undefined;
    throw error;
  }
}

function desiredState(properties: Raw<DeploymentResourceProperties>): DesiredState {
  return {
    desired: desiredDeployment(properties),
    secrets: mapValues(namedRecord('Containers', properties.Containers), (value, name) => secrets(`Containers.${name}`, value)),
  };
}

function desiredDeployment(properties: Raw<DeploymentResourceProperties>): DesiredDeployment {
  return {
    containers: mapValues(namedRecord('Containers', properties.Containers), (value, name) => container(`Containers.${name}`, value)),
    ...(properties.PublicEndpoint === undefined ? {} : { publicEndpoint: publicEndpoint(properties.PublicEndpoint) }),
  };
}

function registryAccess(properties: Raw<DeploymentResourceProperties>, old: Raw<DeploymentResourceProperties>): PullAccess | undefined {
  if (properties.PrivateRegistryAccess === undefined || !flag('PrivateRegistryAccess', properties.PrivateRegistryAccess)) return undefined;

  const images = list('EcrImages', properties.EcrImages ?? []).map((image, index) => text(`EcrImages[${index}]`, image));
  return { isNew: String(old.PrivateRegistryAccess) !== 'true', ecrImages: [...new Set(images)] };
}

function triggers(value: unknown): [string, unknown][] {
  return isRecord(value) ? Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)) : [];
}

/** Whether two properties are equal, in the order in which CloudFormation has them. */
function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
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

function secrets(path: string, value: unknown): Record<string, SecretReference> {
  const properties: Raw<ContainerResourceProperties> = record(path, value);
  return mapValues(record(`${path}.Secrets`, properties.Secrets ?? {}), (secret, name) => parseSecretReference(`${path}.Secrets.${name}`, secret));
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

function disablesOnDelete({ RemovalPolicy: value }: Raw<DeploymentResourceProperties>): boolean {
  if (value === undefined || value === 'Retain') return false;
  if (value === 'Destroy') return true;
  throw invalid('RemovalPolicy', value, "'Retain' or 'Destroy'");
}
