import type { IncomingMessage } from 'node:http';
import {
  checkConfig, chooseImage, digestOf, parseManifest, Unusable, type Blob, type ImageManifest, type IndexEntry, type Parsed,
} from './manifest';
import { ACCEPTED_MANIFESTS } from './media-types';
import { isDigest } from './reference';
import type { RepositoryClient } from './repository-client';
import { HTML_REMEDY, looksLikeHtml } from '../http/response-failure';

/** Registries take manifests of 4 MiB; a config is much the same kind of document. */
const MAX_DOCUMENT_BYTES = 4 * 1024 * 1024;

/** A download at work, from some offset on. */
export interface Download {
  readonly body: IncomingMessage;
  /** The first byte that comes: 0 if the registry did not care for the offset. */
  readonly offset: number;
}

/** Reads from a repository. No method asks with HEAD: some registries refuse it where they allow GET. */
export class Puller {
  constructor(public readonly client: RepositoryClient) {}

  /** The manifest of the image for linux/amd64. */
  public async image(name: string, signal: AbortSignal): Promise<ImageManifest> {
    const found = await this.manifest(name, signal);
    if (isImage(found)) return found;

    const { digest } = this.usable(chooseImage(found), `image ${name}`);
    const image = await this.manifest(digest, signal);
    if (!isImage(image)) throw this.client.problem('refused', `image ${name}`, 'its index holds another index for linux/amd64');
    return image;
  }

  /** Looks into the config of an image: its manifest does not say which platform it is for. */
  public async checkPlatform({ config }: ImageManifest, name: string, signal: AbortSignal): Promise<void> {
    if (config.size > MAX_DOCUMENT_BYTES) throw this.client.problem('refused', config.what, 'it is too long for the config of an image');
    const { body } = await this.openBlob(config, 0, signal);
    const document = await this.client.read(body, MAX_DOCUMENT_BYTES, config.what, signal);
    this.requireDigest(document, config.digest, config.what);
    const problem = checkConfig(document);
    if (problem) throw this.client.problem('refused', `image ${name}`, problem.problem, problem.remedy);
  }

  /** The content of a blob from an offset on. */
  public async openBlob({ digest, size, what }: Blob, offset: number, signal: AbortSignal): Promise<Download> {
    const answer = await this.client.request({
      method: 'GET',
      path: `blobs/${digest}`,
      what,
      signal,
      // The bytes themselves: their digest is checked.
      headers: { 'accept-encoding': 'identity', ...(offset > 0 && { range: `bytes=${offset}-` }) },
      accept: (status) => status === 200 || (offset > 0 && status === 206),
    });
    if (answer.statusCode === 200) return { body: answer, offset: 0 };

    const range = answer.headers['content-range']?.trim();
    if (range === `bytes ${offset}-${size - 1}/${size}` || range === `bytes ${offset}-${size - 1}/*`) return { body: answer, offset };
    answer.destroy();
    throw this.client.problem('transient', what, `the registry answered with another part than bytes ${offset} to ${size - 1}`);
  }

  private async manifest(name: string, signal: AbortSignal): Promise<ImageManifest | readonly IndexEntry[]> {
    const what = `image ${name}`;
    const answer = await this.client.request({
      method: 'GET', path: `manifests/${name}`, what, signal, headers: { accept: ACCEPTED_MANIFESTS }, accept: (status) => status === 200,
    });
    const contentType = answer.headers['content-type'] ?? '';
    const body = await this.client.read(answer, MAX_DOCUMENT_BYTES, what, signal);
    if (looksLikeHtml(contentType, body.toString('utf8', 0, 200))) {
      throw this.client.problem('refused', what, 'the registry answered with a web page (HTML) in place of a manifest', HTML_REMEDY);
    }
    // By tag, only the registry itself can say which digest it meant to send.
    const named = isDigest(name) ? name : answer.headers['docker-content-digest'];
    if (typeof named === 'string' && isDigest(named)) this.requireDigest(body, named, what);
    return this.usable(parseManifest(body, contentType), what);
  }

  private requireDigest(body: Buffer, digest: string, what: string): void {
    const actual = digestOf(body);
    if (actual !== digest) throw this.client.problem('transient', what, `what the registry sent has the digest ${actual}, not ${digest}`, WRONG_CONTENT_REMEDY, WRONG_CONTENT);
  }

  private usable<T>(parsed: Parsed<T>, what: string): T {
    if (parsed instanceof Unusable) throw this.client.problem('refused', what, parsed.problem, parsed.remedy);
    return parsed;
  }
}

function isImage(found: ImageManifest | readonly IndexEntry[]): found is ImageManifest {
  return 'config' in found;
}

/** The content is not what its digest says: on the way or in the registry. */
export const WRONG_CONTENT = 'WRONG_CONTENT';
export const WRONG_CONTENT_REMEDY = 'If it stays so, the registry holds damaged content: push the image again.';
