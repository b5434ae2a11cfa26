import { parseReference, type ImageReference } from './registry/reference';
import type { ImageResourceProperties, RegistryCredentialsResourceProperties } from '../../lib/private/resource-properties';
import { parseResourceRequest, type OnEventResponse, type ProviderEvent, type ResourceRequest } from '../shared/events/event';
import { invalid, isRecord, name, record, text, wholeNumber, type Raw } from '../shared/events/property-values';
import { ResourceFailure } from '../shared/reasons/resource-failure';
import { parseSecretReference } from '../shared/secrets/secret-properties';
import type { SecretReference } from '../shared/secrets/secret-reference';

/** A label of a service, whose versions are the images that are registered under it. */
export interface LabelRequest extends ResourceRequest {
  readonly label: string;
}

/** A Create or an Update. */
export interface ImageRequest extends LabelRequest {
  /** The reference as the user wrote it. */
  readonly source: string;
  readonly reference: ImageReference;
  /** Absent: Amazon ECR's own login if it is Amazon ECR, else none. */
  readonly credentials?: RegistryCredentials;
  /** How many versions of the label stay, the new one included. */
  readonly keepVersions: number;
  readonly isUpdate: boolean;
}

export interface RegistryCredentials {
  /** Absent: the secret is JSON that holds it. */
  readonly username?: string;
  readonly secret: SecretReference;
}

/** What is known of a request from onEvent. The framework repeats it in every event of isComplete. */
export interface ImageProgress {
  /** When onEvent began, in milliseconds since the epoch. */
  readonly startedAt: number;
  /** What is to be registered. Absent: the source did not answer yet. */
  readonly wanted?: WantedImage;
}

/** What a request comes to: what the source has, or what is registered already. */
export type WantedImage = SourceImage | RestoredImage;

/** What the source's reference stands for. */
export interface SourceImage {
  readonly digest: string;
  /** The digest of the same image at registries that take only manifests that name their type. */
  readonly digestNamingItsType: string;
}

/** What ran before the update that is rolled back. */
export interface RestoredImage {
  /** As a deployment names it: `:service.label.N`. */
  readonly restoredImage: string;
}

/** The progress as it is in an event. */
export interface ImageProgressFields extends Pick<OnEventResponse, 'StartedAt'> {
  readonly SourceDigest?: string;
  readonly DigestNamingItsType?: string;
  readonly RestoredImage?: string;
}

/** Reads an event of a Create or an Update. */
export function parseImageRequest(event: ProviderEvent): ImageRequest {
  if (event.RequestType !== 'Create' && event.RequestType !== 'Update') {
    throw invalid('RequestType', event.RequestType, "'Create', 'Update' or 'Delete'");
  }
  const properties: Raw<ImageResourceProperties> = record('ResourceProperties', event.ResourceProperties);
  const source = name('Source', properties.Source);
  const keepVersions = wholeNumber('KeepVersions', properties.KeepVersions);
  if (keepVersions < 1) throw invalid('KeepVersions', properties.KeepVersions, 'a whole number of at least 1');
  return {
    ...parseLabelRequest(event),
    source,
    reference: referenceOf(source),
    credentials: properties.Credentials === undefined ? undefined : credentials(properties.Credentials),
    keepVersions,
    isUpdate: event.RequestType === 'Update',
  };
}

/** Reads an event of a Delete; undefined if it names nothing that this handler could have made. */
export function parseDeleteRequest(event: ProviderEvent): LabelRequest | undefined {
  if (!isRecord(event.ResourceProperties)) return undefined;
  try {
    return parseLabelRequest(event);
  } catch (error) {
    if (error instanceof ResourceFailure) return undefined;
    throw error;
  }
}

export function parseImageProgress(event: ProviderEvent & Raw<ImageProgressFields>): ImageProgress {
  const startedAt = wholeNumber('StartedAt', event.StartedAt);
  if (event.RestoredImage !== undefined) return { startedAt, wanted: { restoredImage: text('RestoredImage', event.RestoredImage) } };
  if (event.SourceDigest === undefined) return { startedAt };
  const digest = text('SourceDigest', event.SourceDigest);
  return { startedAt, wanted: { digest, digestNamingItsType: text('DigestNamingItsType', event.DigestNamingItsType) } };
}

export function renderImageProgress({ startedAt, wanted }: ImageProgress): ImageProgressFields {
  if (!wanted) return { StartedAt: startedAt };
  return 'restoredImage' in wanted
    ? { StartedAt: startedAt, RestoredImage: wanted.restoredImage }
    : { StartedAt: startedAt, SourceDigest: wanted.digest, DigestNamingItsType: wanted.digestNamingItsType };
}

function parseLabelRequest(event: ProviderEvent): LabelRequest {
  const properties: Raw<ImageResourceProperties> = record('ResourceProperties', event.ResourceProperties);
  return { ...parseResourceRequest(event), label: name('Label', properties.Label) };
}

function referenceOf(source: string): ImageReference {
  try {
    return parseReference(source);
  } catch (error) {
    throw new ResourceFailure(`Nothing was copied: ${(error as Error).message} Correct the reference of the image, and deploy again.`);
  }
}

function credentials(value: unknown): RegistryCredentials {
  const { Username, Secret }: Raw<RegistryCredentialsResourceProperties> = record('Credentials', value);
  return {
    username: Username === undefined ? undefined : name('Credentials.Username', Username),
    secret: parseSecretReference('Credentials.Secret', Secret),
  };
}
