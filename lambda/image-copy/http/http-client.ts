import * as dns from 'node:dns';
import * as http from 'node:http';
import * as https from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import type { AddressPolicy } from './addresses';

/** How long to wait while nothing happens. */
export interface Timeouts {
  /** For a connection, with TLS. */
  readonly connectMs: number;
  /** While no byte of a body moves. */
  readonly idleMs: number;
  /** For the head of an answer, after the whole request was sent. A registry reads a large layer again before it answers. */
  readonly answerMs: number;
}

export const DEFAULT_TIMEOUTS: Timeouts = { connectMs: 10_000, idleMs: 60_000, answerMs: 120_000 };

export interface HttpClientOptions {
  /** The host and port that the user has configured: it may be at any address. */
  readonly host: string;
  readonly plainHttp: boolean;
  readonly agent: http.Agent | https.Agent;
  readonly addresses: AddressPolicy;
  readonly timeouts: Timeouts;
}

export interface HttpRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  readonly signal: AbortSignal;
}

/** A request whose body is written by the caller. */
export interface Upload {
  readonly request: http.ClientRequest;
  /** The head of the answer. It may come before the body is sent. */
  readonly answer: Promise<http.IncomingMessage>;
}

/** Something went wrong below HTTP: no answer. */
export class NetworkError extends Error {
  constructor(message: string, public readonly code: string) {
    super(message);
    this.name = 'NetworkError';
  }
}

/** Where an answer must not lead. */
export class ForbiddenUrl extends Error {}

/**
 * Requests over HTTP/1.1 with a connection for each that is at work: in HTTP/2 all layers would share the flow control of one.
 * Global `fetch` is no choice, because it keeps the whole body of a request in memory.
 */
export class HttpClient {
  private readonly lookup: LookupFunction;
  private registryAddress?: string;

  constructor(private readonly options: HttpClientOptions) {
    this.lookup = (hostname, lookupOptions, callback) => {
      dns.lookup(hostname, { ...lookupOptions, all: true }, (error, addresses) => {
        if (error) return callback(error, '', 0);
        const allowed = addresses.filter(({ address }) => this.allows(address));
        const [first] = allowed;
        if (!first) return callback(Object.assign(new ForbiddenUrl(forbidden(hostname)), { code: 'EFORBIDDEN' }), '', 0);
        return lookupOptions.all ? callback(null, allowed) : callback(null, first.address, first.family);
      });
    };
  }

  /** Throws if an answer of the registry must not send requests there. */
  public check(url: URL): void {
    if (url.protocol !== 'https:' && !(this.options.plainHttp && url.protocol === 'http:')) {
      throw new ForbiddenUrl(`${url.protocol}//${url.host} is not https`);
    }
    if (!this.isRegistry(url) && isIP(bare(url.hostname)) !== 0 && !this.allows(bare(url.hostname))) {
      throw new ForbiddenUrl(forbidden(url.hostname));
    }
  }

  /** The head of the answer; the caller must read its body to the end or destroy it. */
  public async send(request: HttpRequest): Promise<http.IncomingMessage> {
    const attempt = () => {
      const started = this.start(request);
      started.request.end(request.body);
      return { ...started, answer: this.awaitAnswer(started) };
    };

    const first = attempt();
    try {
      return await first.answer;
    } catch (error) {
      // The server closed a kept connection while the request was on its way to it. That says nothing about the server.
      const isStale = first.request.reusedSocket && error instanceof NetworkError && ['ECONNRESET', 'EPIPE'].includes(error.code);
      if (!isStale || request.signal.aborted) throw error;
      return attempt().answer;
    }
  }

  /** The caller writes the body, ends it, and then waits for the answer with `awaitAnswer`. */
  public start({ method, url, headers, body, signal }: HttpRequest): Upload {
    this.check(url);
    const isOwn = this.isRegistry(url);
    const secure = url.protocol === 'https:';
    const request = (secure ? https : http).request(url, {
      method,
      headers: { ...headers, ...(body && { 'content-length': String(body.length) }) },
      agent: this.options.agent,
      signal,
      ...(!isOwn && { lookup: this.lookup }),
    });

    request.on('socket', (socket) => {
      if (!socket.connecting) return;
      const timer = setTimeout(() => {
        request.destroy(new NetworkError(`no connection within ${seconds(this.options.timeouts.connectMs)}`, 'ETIMEDOUT'));
      }, this.options.timeouts.connectMs);
      socket.once(secure ? 'secureConnect' : 'connect', () => {
        clearTimeout(timer);
        if (isOwn) this.registryAddress = socket.remoteAddress;
      });
      socket.once('close', () => clearTimeout(timer));
    });

    const answer = new Promise<http.IncomingMessage>((resolve, reject) => {
      request.once('response', resolve);
      request.on('error', (error) => reject(signal.aborted ? abortReason(signal) : networkError(error)));
      request.once('close', () => reject(new NetworkError('the connection was closed', 'ECONNRESET')));
    });
    answer.catch(() => {});
    return { request, answer };
  }

  public async awaitAnswer({ request, answer }: Upload): Promise<http.IncomingMessage> {
    const { answerMs } = this.options.timeouts;
    const timer = setTimeout(() => request.destroy(new NetworkError(`no answer within ${seconds(answerMs)}`, 'ETIMEDOUT')), answerMs);
    try {
      return await answer;
    } finally {
      clearTimeout(timer);
    }
  }

  /** The body of an answer. A long one is cut. */
  public async read(message: http.IncomingMessage, maxBytes: number): Promise<{ readonly body: Buffer; readonly isWhole: boolean }> {
    const chunks: Buffer[] = [];
    let length = 0;
    const { idleMs } = this.options.timeouts;
    const timer = setTimeout(() => message.destroy(new NetworkError(`no byte came within ${seconds(idleMs)}`, 'ETIMEDOUT')), idleMs);
    try {
      for await (const chunk of message as AsyncIterable<Buffer>) {
        timer.refresh();
        length += chunk.length;
        if (length > maxBytes) return { body: Buffer.concat(chunks), isWhole: false };
        chunks.push(chunk);
      }
      return { body: Buffer.concat(chunks), isWhole: message.complete };
    } catch (error) {
      throw networkError(error as Error);
    } finally {
      clearTimeout(timer);
    }
  }

  private isRegistry(url: URL): boolean {
    return url.host === new URL(`${url.protocol}//${this.options.host}`).host;
  }

  private allows(address: string): boolean {
    return this.options.addresses(address, this.registryAddress);
  }
}

export function networkError(error: Error & { code?: string }): Error {
  if (error instanceof NetworkError || error instanceof ForbiddenUrl) return error;
  return new NetworkError(error.message, error.code ?? error.name);
}

export function abortReason(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new Error('aborted');
}

export function seconds(milliseconds: number): string {
  return `${Number((milliseconds / 1000).toFixed(1))} s`;
}

function bare(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '');
}

function forbidden(hostname: string): string {
  return `${hostname} is not at a public address`;
}
