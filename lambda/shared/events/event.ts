import { name, record, wholeNumber, type Raw } from './property-values';

/** An event as the Provider framework hands it on: the parts that the handler reads. */
export interface ProviderEvent {
  readonly RequestType: string;
  readonly RequestId?: string;
  readonly ResourceType?: string;
  readonly StackId?: string;
  readonly LogicalResourceId?: string;
  readonly PhysicalResourceId?: string;
  readonly ResourceProperties?: unknown;
  readonly OldResourceProperties?: unknown;
  /** From onEvent's answer: the framework repeats the answer in every event of isComplete. What isComplete finds out is not kept. */
  readonly StartedAt?: unknown;
}

/** What onEvent returns. The framework adds the members to every event of isComplete. */
export interface OnEventResponse {
  readonly PhysicalResourceId: string;
  /** When onEvent began, in milliseconds since the epoch. Its presence marks an event of isComplete. */
  readonly StartedAt: number;
}

/** What every custom resource of this library needs to know of a request. */
export interface ResourceRequest {
  readonly requestId: string;
  readonly stackId: string;
  readonly logicalResourceId: string;
  readonly serviceName: string;
  /** Counted from when onEvent began. */
  readonly timeoutSeconds: number;
}

/** The properties that every custom resource of this library has. */
interface CommonProperties {
  readonly ServiceName: string;
  readonly Timeout: number;
}

/** CloudFormation waits an hour for a custom resource at most. */
const MAX_TIMEOUT_SECONDS = 3600;

export function parseResourceRequest(event: ProviderEvent): ResourceRequest {
  const properties: Raw<CommonProperties> = record('ResourceProperties', event.ResourceProperties);
  return {
    requestId: event.RequestId ?? '',
    stackId: event.StackId ?? '',
    logicalResourceId: event.LogicalResourceId ?? '',
    serviceName: name('ServiceName', properties.ServiceName),
    timeoutSeconds: parseTimeout(properties.Timeout),
  };
}

/** In seconds. */
export function parseTimeout(timeout: unknown): number {
  return Math.min(wholeNumber('Timeout', timeout), MAX_TIMEOUT_SECONDS);
}

export function parseStartedAt(event: ProviderEvent): number {
  return wholeNumber('StartedAt', event.StartedAt);
}
