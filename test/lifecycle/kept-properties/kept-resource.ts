import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ContainerShape, EndpointShape } from '../../emulator';

/** What a version of the library left on a container service. */
export interface KeptService {
  /** The hash that stands for the stack is replaced by `OWNER`: each run of a test has a stack of its own. */
  readonly tags: Readonly<Record<string, string>>;
  readonly deployment: { readonly containers: Readonly<Record<string, ContainerShape>>; readonly publicEndpoint?: EndpointShape };
}

/** A custom resource that a version of the library created: what CloudFormation keeps of it, and sends back as `OldResourceProperties`. */
export interface KeptResource {
  readonly ResourceType: string;
  readonly LogicalResourceId: string;
  readonly PhysicalResourceId: string;
  /** With references resolved, and numbers and booleans as strings, as CloudFormation sends them. */
  readonly ResourceProperties: Readonly<Record<string, unknown>>;
  /** Absent: it leaves nothing on a service that a later event reads. */
  readonly Service?: KeptService;
}

/** One folder for each version of the contract, one file for each resource. */
export const KEPT_FOLDER = join(__dirname, '..', '..', 'lambda', 'fixtures', 'resource-properties');

export const OWNER_TAG = 'cdk-lightsail-containers:owner';
export const OWNER = '${owner}';

/** Who owns a deployment, as every version wrote it into the tag. It is repeated here: a change of the handler must not change the test. */
export function ownerOf(stackId: string, logicalId: string): string {
  return createHash('sha256').update(`${stackId}/${logicalId}`).digest('hex').slice(0, 32);
}

/** The names of the versions, oldest first. */
export function keptVersions(): string[] {
  return readdirSync(KEPT_FOLDER).sort();
}

export function keptFiles(version: string): string[] {
  return readdirSync(join(KEPT_FOLDER, version)).sort();
}

export function keptText(version: string, file: string): string {
  return readFileSync(join(KEPT_FOLDER, version, file), 'utf8');
}

export function keptResources(version: string): KeptResource[] {
  return keptFiles(version).map((file) => JSON.parse(keptText(version, file)) as KeptResource);
}
