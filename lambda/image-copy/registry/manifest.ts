import { createHash } from 'node:crypto';
import {
  isForeignLayer, isImageConfig, isIndex, isLayer, isManifest, isSchema1, ociTypeOf,
} from './media-types';
import { isDigest } from './reference';

/** A blob that a manifest names: a layer or the image's config. */
export interface Blob {
  readonly digest: string;
  readonly size: number;
  /** For people: `layer 2 of 5 (sha256:0123456789ab…, 20.0 MiB)`. */
  readonly what: string;
}

/** A manifest as it came. */
export interface RawManifest {
  readonly body: Buffer;
  readonly mediaType: string;
  readonly digest: string;
}

/** The manifest of one image for one platform. */
export interface ImageManifest extends RawManifest {
  readonly config: Blob;
  readonly layers: readonly Blob[];
  /** Whether the document itself says what type it is. Some registries take it only so. */
  readonly namesItsType: boolean;
}

export interface IndexEntry {
  readonly digest: string;
  readonly platform?: { readonly os: string; readonly architecture: string; readonly variant?: string };
}

/** What a manifest is, or why no image can be made of it: `problem` is the end of a sentence, `remedy` whole sentences. */
export type Parsed<T> = T | Unusable;

export class Unusable {
  constructor(public readonly problem: string, public readonly remedy?: string) {}
}

/** The only platform that Lightsail runs. */
const PLATFORM = { os: 'linux', architecture: 'amd64' };
const PLATFORM_REMEDY = 'Build it with platform: Platform.LINUX_AMD64 (docker build --platform linux/amd64), or choose another tag.';

export function digestOf(body: Buffer): string {
  return `sha256:${createHash('sha256').update(body).digest('hex')}`;
}

/** Every blob once: an image may hold the same layer several times, often the empty one. */
export function blobsOf({ config, layers }: ImageManifest): Blob[] {
  return [...new Map([...layers, config].map((blob) => [blob.digest, blob])).values()];
}

/** The same image in a document that says what type it is. Its digest differs. */
export function namingItsType(manifest: ImageManifest): RawManifest {
  const { schemaVersion, ...rest } = parseObject(manifest.body) as Record<string, unknown>;
  const body = Buffer.from(JSON.stringify({ schemaVersion, mediaType: manifest.mediaType, ...rest }));
  return { body, mediaType: manifest.mediaType, digest: digestOf(body) };
}

/** What a document is: an image's manifest, or the entries of an index. */
export function parseManifest(body: Buffer, contentType: string): Parsed<ImageManifest | readonly IndexEntry[]> {
  const document = parseObject(body);
  if (!document) return new Unusable('it is not JSON');

  const named = typeof document.mediaType === 'string' ? document.mediaType : undefined;
  const header = contentType.split(';')[0]!.trim().toLowerCase();
  const mediaType = named ?? (isIndex(header) || isManifest(header) || isSchema1(header) ? header : ociTypeOf(document));
  if (isSchema1(mediaType) || document.schemaVersion === 1) {
    return new Unusable('it has a manifest of schema 1, which was given up in 2017', 'Push the image again with a tool of today.');
  }
  if (named !== undefined && (isIndex(header) || isManifest(header)) && header !== named) {
    return new Unusable(`the registry says that it is ${header}, and the document says ${named}`);
  }
  if (isIndex(mediaType)) return parseIndex(document);
  if (isManifest(mediaType)) return parseImage(document, { body, mediaType, digest: digestOf(body) }, named !== undefined);
  return new Unusable(`it is no image, but ${JSON.stringify(mediaType)}`, 'Give the reference of an image.');
}

/** The image for linux/amd64. */
export function chooseImage(entries: readonly IndexEntry[]): Parsed<IndexEntry> {
  const images = entries.filter(({ platform }) => !(platform?.os === 'unknown' && platform.architecture === 'unknown'));
  const fitting = images.filter(({ platform }) => platform?.os === PLATFORM.os && platform.architecture === PLATFORM.architecture);
  // A variant asks for a newer processor.
  const chosen = fitting.find(({ platform }) => !platform?.variant) ?? fitting.find(({ platform }) => platform?.variant === 'v1') ?? fitting[0];
  if (chosen) return chosen;

  const [only, ...others] = images;
  // An index with one image may leave out which platform it is for; the image's config says it.
  if (only && others.length === 0 && !only.platform) return only;
  const platforms = [...new Set(images.map(({ platform }) => (platform ? platformName(platform) : 'one that is not named')))];
  return new Unusable(`there is no image for linux/amd64, only for ${platforms.join(', ') || 'nothing'}`, PLATFORM_REMEDY);
}

/** Whether the config of an image says that it is for another platform. */
export function checkConfig(body: Buffer): Unusable | undefined {
  const config = parseObject(body);
  if (!config) return new Unusable('its config is not JSON');
  const { os = PLATFORM.os, architecture = PLATFORM.architecture, variant } = config;
  if (os === PLATFORM.os && architecture === PLATFORM.architecture) return undefined;
  return new Unusable(`the image is for ${platformName({ os: String(os), architecture: String(architecture), ...(typeof variant === 'string' && { variant }) })}, and Lightsail runs linux/amd64`, PLATFORM_REMEDY);
}

function parseIndex({ manifests }: Record<string, unknown>): Parsed<readonly IndexEntry[]> {
  if (!Array.isArray(manifests)) return new Unusable('the index has no list of manifests');
  const entries: IndexEntry[] = [];
  for (const entry of manifests as unknown[]) {
    if (!isObject(entry) || typeof entry.digest !== 'string') return new Unusable('the index has an entry without a digest');
    const isAttestation = isObject(entry.annotations) && entry.annotations['vnd.docker.reference.type'] !== undefined;
    // crane names the type of the config here for images, too.
    const isArtifact = typeof entry.artifactType === 'string' && !isImageConfig(entry.artifactType);
    if (isAttestation || isArtifact || typeof entry.mediaType !== 'string' || !isManifest(entry.mediaType)) continue;
    if (!isDigest(entry.digest)) return new Unusable(`the index has the digest ${JSON.stringify(entry.digest)}, and only sha256 is understood`);
    entries.push({ digest: entry.digest, ...(isObject(entry.platform) && { platform: parsePlatform(entry.platform) }) });
  }
  return entries;
}

function parsePlatform({ os, architecture, variant }: Record<string, unknown>): NonNullable<IndexEntry['platform']> {
  return { os: String(os), architecture: String(architecture), ...(typeof variant === 'string' && variant !== '' && { variant }) };
}

function parseImage(document: Record<string, unknown>, raw: RawManifest, namesItsType: boolean): Parsed<ImageManifest> {
  const { config, layers } = document;
  if (!isObject(config) || !Array.isArray(layers)) return new Unusable('the manifest has no config or no layers');
  if (typeof config.mediaType !== 'string' || !isImageConfig(config.mediaType)) {
    return new Unusable(`it is no image, but an artifact whose config is ${JSON.stringify(config.mediaType)}`, 'Give the reference of an image.');
  }
  const parsedConfig = parseBlob(config, 'config');
  if (parsedConfig instanceof Unusable) return parsedConfig;

  const parsedLayers: Blob[] = [];
  for (const [index, layer] of (layers as unknown[]).entries()) {
    const name = `layer ${index + 1} of ${layers.length}`;
    if (!isObject(layer) || typeof layer.mediaType !== 'string') return new Unusable(`${name} has no media type`);
    if (isForeignLayer(layer.mediaType) || (Array.isArray(layer.urls) && layer.urls.length > 0)) {
      return new Unusable(`${name} (${layer.mediaType}) is a foreign layer, which registries do not hold`, 'Build the image without such layers. Windows images have them.');
    }
    if (!isLayer(layer.mediaType)) {
      return new Unusable(`it is no image: ${name} is ${JSON.stringify(layer.mediaType)}`, 'Give the reference of an image.');
    }
    const parsed = parseBlob(layer, name);
    if (parsed instanceof Unusable) return parsed;
    parsedLayers.push(parsed);
  }
  return { ...raw, config: parsedConfig, layers: parsedLayers, namesItsType };
}

function parseBlob({ digest, size }: Record<string, unknown>, name: string): Parsed<Blob> {
  if (typeof digest !== 'string' || !isDigest(digest)) return new Unusable(`${name} has the digest ${JSON.stringify(digest)}, and only sha256 is understood`);
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) return new Unusable(`${name} has no size`);
  return { digest, size, what: `${name} (${digest.slice(0, 19)}…, ${humanSize(size)})` };
}

export function humanSize(bytes: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB'];
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log(bytes) / Math.log(1024)));
  return power === 0 ? `${bytes} bytes` : `${(bytes / 1024 ** power).toFixed(1)} ${units[power]}`;
}

function platformName({ os, architecture, variant }: NonNullable<IndexEntry['platform']>): string {
  return [os, architecture, variant].filter(Boolean).join('/');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parseObject(body: Buffer): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
