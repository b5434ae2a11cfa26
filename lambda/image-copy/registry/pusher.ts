import type { IncomingMessage } from 'node:http';
import type { Blob, RawManifest } from './manifest';
import { ACCEPTED_MANIFESTS } from './media-types';
import type { RepositoryClient, StartedUpload } from './repository-client';

/** Registries send different ones of these. All mean success. */
const isSuccess = (status: number) => status >= 200 && status < 300;

/** Answers to HEAD that say nothing: who may push may not always look. */
const SAYS_NOTHING = new Set([400, 401, 403, 405]);

/** Writes to a repository. Asks for nothing that a registry may refuse to those who may only push. */
export class Pusher {
  constructor(public readonly client: RepositoryClient) {}

  /** Whether the repository has the blob; false if that is not known. */
  public async hasBlob({ digest, size, what }: Blob, signal: AbortSignal): Promise<boolean> {
    const answer = await this.client.request({
      method: 'HEAD', path: `blobs/${digest}`, what, signal, accept: (status) => isSuccess(status) || status === 404 || SAYS_NOTHING.has(status),
    });
    answer.resume();
    const length = answer.headers['content-length'];
    return isSuccess(answer.statusCode ?? 0) && (length === undefined || Number(length) === size);
  }

  /**
   * Whether the repository has the manifest, and so all that it names; false if that is not known. It is the first request to a
   * registry, too, so that it finds out once how the registry wants to be asked.
   */
  public async hasManifest(digest: string, signal: AbortSignal): Promise<boolean> {
    const answer = await this.client.request({
      method: 'HEAD', path: `manifests/${digest}`, what: `manifest ${digest}`, signal, headers: { accept: ACCEPTED_MANIFESTS }, accept: () => true,
    });
    answer.resume();
    return answer.statusCode === 200;
  }

  /** Begins a new session. No session is ever used twice: registries differ in what they keep of one that was cut. */
  public async startSession({ what }: Blob, signal: AbortSignal): Promise<URL> {
    const path = 'blobs/uploads/';
    const answer = await this.client.request({ method: 'POST', path, what, signal, accept: isSuccess });
    await this.client.drain(answer);
    const { location } = answer.headers;
    if (location === undefined) throw this.client.problem('refused', what, 'the registry began an upload without saying where', 'Check that this is the address of a container registry.');
    return this.client.follow(location, this.client.url(path), what);
  }

  /** Tells the registry that a session is given up. It forgets it some day even if this gets lost. */
  public abandon(session: URL, { what }: Blob, signal: AbortSignal): void {
    void this.client.request({ method: 'DELETE', path: session, what, signal, accept: () => true }).then((answer) => answer.resume(), () => {});
  }

  /** One PUT with the whole content. No Content-Range: some registries take the body for one chunk of many then. */
  public async openUpload(session: URL, { digest, size, what }: Blob, signal: AbortSignal): Promise<StartedUpload> {
    const url = new URL(session);
    // Added as text: what the registry put there must come back as it was.
    url.search = `${url.search ? `${url.search}&` : '?'}digest=${encodeURIComponent(digest)}`;
    return this.client.startUpload(url, { 'content-type': 'application/octet-stream', 'content-length': String(size) }, what, signal);
  }

  public async finishUpload(answer: IncomingMessage, sent: string | undefined, { what }: Blob, signal: AbortSignal): Promise<void> {
    await this.client.finishUpload(answer, sent, what, signal);
  }

  /** The digest is that of the bytes that are sent: not every registry tells it. */
  public async putManifest({ body, mediaType }: RawManifest, tag: string, signal: AbortSignal): Promise<void> {
    const answer = await this.client.request({
      method: 'PUT', path: `manifests/${tag}`, what: `manifest ${tag}`, signal, body, headers: { 'content-type': mediaType }, accept: isSuccess,
    });
    await this.client.drain(answer);
  }
}
