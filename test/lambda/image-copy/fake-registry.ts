import { createHash } from 'node:crypto';
import * as http from 'node:http';
import type { AddressInfo } from 'node:net';

export type FakeAuth = 'none' | 'basic' | 'bearer';

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly authorization?: string;
  readonly headers: http.IncomingHttpHeaders;
}

export const USERNAME = 'user';
export const PASSWORD = 'pa55:word/+';

export type Intercept = (request: http.IncomingMessage, response: http.ServerResponse) => boolean;

/** A registry in memory: enough of the distribution specification for a copier, over plain HTTP on 127.0.0.1. */
export class FakeRegistry {
  public static async start(auth: FakeAuth = 'none'): Promise<FakeRegistry> {
    const registry = new FakeRegistry(auth);
    await new Promise<void>((resolve) => registry.server.listen(0, '127.0.0.1', resolve));
    return registry;
  }

  /** By repository and digest, and by repository and tag. */
  public blobs = new Map<string, Buffer>();
  public readonly manifests = new Map<string, { body: Buffer; type: string }>();
  public readonly requests: SeenRequest[] = [];
  /** What tokens are good for, in seconds. */
  public tokenLifetime = 300;
  public tokensGiven = 0;
  public validTokens = new Set<string>();

  private readonly server = http.createServer();
  private sessions = 0;

  private constructor(private readonly auth: FakeAuth) {
    this.server.on('request', (request, response) => void this.handle(request, response));
  }

  /** Answers in place of the registry if it gives true. */
  public intercept: Intercept = () => false;

  public get host(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  public async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  public putBlob(repository: string, content: Buffer): string {
    const digest = sha256(content);
    this.blobs.set(`${repository}@${digest}`, content);
    return digest;
  }

  public putManifest(repository: string, tag: string | undefined, document: object, type: string): string {
    const body = Buffer.from(JSON.stringify(document));
    const digest = sha256(body);
    this.manifests.set(`${repository}@${digest}`, { body, type });
    if (tag !== undefined) this.manifests.set(`${repository}:${tag}`, { body, type });
    return digest;
  }

  private async handle(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const url = new URL(request.url!, `http://${this.host}`);
    const { method, headers } = request;
    this.requests.push({ method: method!, path: url.pathname + url.search, authorization: headers.authorization, headers });
    request.on('error', () => {});
    if (this.intercept(request, response)) return;
    if (url.pathname === '/token') return this.giveToken(request, response, url);
    if (!this.isAllowed(request)) return this.challenge(response, url);
    if (url.pathname === '/v2/') return void response.writeHead(200).end('{}');

    const [, repository = '', kind, name = ''] = /^\/v2\/(.+)\/(blobs\/uploads|blobs|manifests)\/(.*)$/.exec(url.pathname) ?? [];
    if (kind === 'manifests') return this.manifest(request, response, repository, name);
    if (kind === 'blobs') return this.blob(request, response, repository, name);
    if (kind === 'blobs/uploads') return this.upload(request, response, repository, name, url);
    fail(response, 404, 'NAME_UNKNOWN');
  }

  private isAllowed({ headers: { authorization } }: http.IncomingMessage): boolean {
    if (this.auth === 'none') return true;
    if (this.auth === 'basic') return authorization === `Basic ${Buffer.from(`${USERNAME}:${PASSWORD}`).toString('base64')}`;
    return authorization !== undefined && this.validTokens.has(authorization.replace('Bearer ', ''));
  }

  private challenge(response: http.ServerResponse, url: URL): void {
    const repository = /^\/v2\/(.+)\/(?:blobs|manifests)\//.exec(url.pathname)?.[1];
    const scope = repository ? `,scope="repository:${repository}:pull"` : '';
    const header = this.auth === 'basic' ? 'Basic realm="fake"' : `Bearer realm="http://${this.host}/token",service="fake registry"${scope}`;
    fail(response, 401, 'UNAUTHORIZED', { 'www-authenticate': header });
  }

  private giveToken({ headers: { authorization } }: http.IncomingMessage, response: http.ServerResponse, url: URL): void {
    if (authorization !== `Basic ${Buffer.from(`${USERNAME}:${PASSWORD}`).toString('base64')}`) return void response.writeHead(401).end();
    this.tokensGiven += 1;
    const token = `token-${this.tokensGiven}-${url.searchParams.getAll('scope').join('+')}`;
    this.validTokens.add(token);
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ token, expires_in: this.tokenLifetime }));
  }

  private async manifest(request: http.IncomingMessage, response: http.ServerResponse, repository: string, name: string): Promise<void> {
    if (request.method === 'PUT') {
      const body = await read(request);
      const document = JSON.parse(body.toString()) as { config: { digest: string }; layers: Array<{ digest: string }> };
      const isComplete = [document.config, ...document.layers].every(({ digest }) => this.blobs.has(`${repository}@${digest}`));
      if (!isComplete) return fail(response, 400, 'MANIFEST_BLOB_UNKNOWN');
      const stored = { body, type: request.headers['content-type']! };
      this.manifests.set(`${repository}:${name}`, stored).set(`${repository}@${sha256(body)}`, stored);
      return void response.writeHead(201).end();
    }
    const found = this.manifests.get(`${repository}:${name}`) ?? this.manifests.get(`${repository}@${name}`);
    // As distribution v3 does: who says nothing of the types of today does not find them.
    if (!found || request.headers.accept === undefined) return fail(response, 404, 'MANIFEST_UNKNOWN');
    response.writeHead(200, { 'content-type': found.type, 'content-length': found.body.length }).end(request.method === 'HEAD' ? undefined : found.body);
  }

  private blob(request: http.IncomingMessage, response: http.ServerResponse, repository: string, digest: string): void {
    const found = this.blobs.get(`${repository}@${digest}`);
    if (!found) return fail(response, 404, 'BLOB_UNKNOWN');
    const from = /^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1];
    const content = found.subarray(Number(from ?? 0));
    response.writeHead(from ? 206 : 200, {
      'content-length': content.length,
      ...(from && { 'content-range': `bytes ${from}-${found.length - 1}/${found.length}` }),
    });
    response.end(request.method === 'HEAD' ? undefined : content);
  }

  private async upload(request: http.IncomingMessage, response: http.ServerResponse, repository: string, session: string, url: URL): Promise<void> {
    if (request.method === 'POST') {
      this.sessions += 1;
      return void response.writeHead(202, { location: `/v2/${repository}/blobs/uploads/${this.sessions}?_state=a%2Bb%3D` }).end();
    }
    if (request.method === 'DELETE') return void response.writeHead(204).end();
    if (url.searchParams.get('_state') !== 'a+b=' || !session) return fail(response, 404, 'BLOB_UPLOAD_UNKNOWN');
    const body = await read(request).catch(() => undefined);
    if (!body) return;
    if (sha256(body) !== url.searchParams.get('digest')) return fail(response, 400, 'DIGEST_INVALID');
    this.blobs.set(`${repository}@${sha256(body)}`, body);
    response.writeHead(201).end();
  }
}

export function sha256(content: Buffer): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}

export function fail(response: http.ServerResponse, status: number, code: string, headers: http.OutgoingHttpHeaders = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify({ errors: [{ code, message: `it is ${code}` }] }));
}

async function read(request: http.IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  if (!request.complete) throw new Error('cut');
  return Buffer.concat(chunks);
}
