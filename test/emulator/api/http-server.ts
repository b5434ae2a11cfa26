import { createServer, IncomingMessage, Server, ServerResponse } from 'node:http';
import { AddressInfo } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { ApiError, errors } from './errors';
import { CONTENT_TYPE, OPERATION_NAMES, TARGET_PREFIX } from './model';
import { signatureOf } from './request-record';

/** A request of AWS JSON 1.1, taken apart. */
export interface WireRequest {
  readonly operation: string;
  readonly input: Record<string, unknown>;
  readonly headers: IncomingMessage['headers'];
  readonly requestId: string;
  /** What is wrong with the request itself, if anything. */
  readonly refusal?: ApiError;
}

/** What to do with a request: answer it, in words or not in JSON at all, or leave it. */
export type WireAnswer =
  | { readonly kind: 'result'; readonly body: object }
  | { readonly kind: 'error'; readonly error: ApiError }
  | { readonly kind: 'malformed'; readonly text: string }
  | { readonly kind: 'endless'; readonly body: object; readonly dripEveryMs?: number }
  | { readonly kind: 'unknown-host' }
  | { readonly kind: 'reset' }
  | { readonly kind: 'silence' };

/** A request as a client sends it. */
export interface RawRequest {
  readonly method?: string;
  readonly url?: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** What a client gets for it, or how the connection ends. An answer is endless if its headers arrive and its body never ends. */
export type RawAnswer =
  | { readonly kind: 'answer'; readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: string }
  | { readonly kind: 'endless'; readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: string; readonly dripEveryMs?: number }
  | { readonly kind: 'unknown-host' }
  | { readonly kind: 'reset' }
  | { readonly kind: 'silence' };

export interface ProtocolOptions {
  readonly nextRequestId: () => string;
  readonly answer: (request: WireRequest) => Promise<WireAnswer>;
}

export interface HttpServerOptions extends ProtocolOptions {
  readonly port: number;
}

/** AWS JSON 1.1, over HTTP or without. */
export async function speak(options: ProtocolOptions, request: RawRequest): Promise<RawAnswer> {
  const wireRequest = parse(request, options.nextRequestId());
  return rendered(wireRequest.requestId, await options.answer(wireRequest));
}

/** Speaks AWS JSON 1.1 over HTTP, on the loopback interface only. */
export class HttpServer {
  public static async listen(options: HttpServerOptions): Promise<HttpServer> {
    const server = createServer((request, response) => {
      handle(options, request, response).catch((error: unknown) => {
        process.stderr.write(`Lightsail emulator: ${error instanceof Error ? error.stack : String(error)}\n`);
        response.destroy();
      });
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(options.port, '127.0.0.1', resolve);
    });
    return new HttpServer(server);
  }

  public readonly url: string;
  private closed?: Promise<void>;

  private constructor(private readonly server: Server) {
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  /** Also breaks the connections that are open: a client's keep-alive must not hold the process. */
  public async close(): Promise<void> {
    this.closed ??= new Promise<void>((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
    await this.closed;
    // Node.js frees a closed server at the end of a turn of its event loop. Tests without sockets never end a turn by themselves.
    await setImmediate();
  }
}

async function handle(options: HttpServerOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await readBody(request);
  if (body === undefined) {
    return; // The client has gone.
  }
  const { method, url, headers } = request;
  send(response, await speak(options, { method, url, headers, body }));
}

async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of request) {
      chunks.push(chunk as Buffer);
    }
  } catch {
    return undefined;
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parse(request: RawRequest, requestId: string): WireRequest {
  const target = String(request.headers['x-amz-target'] ?? '');
  const operation = target.startsWith(`${TARGET_PREFIX}.`) ? target.slice(TARGET_PREFIX.length + 1) : '';
  const input = parseBody(request.body);
  return { operation, input: input ?? {}, headers: request.headers, requestId, refusal: refusalOf(request, operation, input) };
}

function refusalOf(request: RawRequest, operation: string, input: object | undefined): ApiError | undefined {
  if (request.method !== 'POST' || request.url !== '/' || !OPERATION_NAMES.includes(operation)) {
    return errors.unknownOperation();
  }
  if (request.headers['content-type']?.split(';')[0].trim() !== CONTENT_TYPE) {
    return errors.unknownOperation();
  }
  if (!signatureOf(request.headers)) {
    return errors.unauthenticated();
  }
  return input ? undefined : errors.serialization('The body is not a JSON object');
}

/** An empty body counts as an empty object. */
function parseBody(body: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(body || '{}');
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function rendered(requestId: string, answer: WireAnswer): RawAnswer {
  switch (answer.kind) {
    case 'reset':
    case 'silence':
    case 'unknown-host':
      return answer;
    case 'endless': {
      const { status, headers, body } = written(requestId, 200, JSON.stringify(answer.body));
      return { kind: 'endless', status, headers, body, dripEveryMs: answer.dripEveryMs };
    }
    case 'malformed':
      return written(requestId, 200, answer.text);
    case 'result':
      return written(requestId, 200, JSON.stringify(answer.body));
    case 'error': {
      const { errorName, status, message, details } = answer.error;
      return written(requestId, status, JSON.stringify({ __type: errorName, ...(message ? { message } : {}), ...details }));
    }
  }
}

function written(requestId: string, status: number, body: string): Extract<RawAnswer, { kind: 'answer' }> {
  const headers = { 'x-amzn-RequestId': requestId, 'Content-Type': CONTENT_TYPE, 'Content-Length': String(Buffer.byteLength(body)) };
  return { kind: 'answer', status, headers, body };
}

function send(response: ServerResponse, answer: RawAnswer): void {
  switch (answer.kind) {
    case 'reset':
    case 'unknown-host':
      // A reset, not an orderly end: a client must not take it for an empty answer.
      response.socket?.resetAndDestroy();
      return;
    case 'silence':
      return;
    case 'answer':
      response.writeHead(answer.status, answer.headers);
      response.end(answer.body);
      return;
    case 'endless':
      writeEndlessly(response, answer);
  }
}

/** Half of the body and no more, or white space without end, which is still JSON. */
function writeEndlessly(response: ServerResponse, { status, headers, body, dripEveryMs }: Extract<RawAnswer, { kind: 'endless' }>): void {
  const { 'Content-Length': length, ...others } = headers;
  if (dripEveryMs === undefined) {
    response.writeHead(status, { ...others, 'Content-Length': length });
    response.write(body.slice(0, body.length / 2));
    return;
  }
  response.writeHead(status, others);
  response.write(body.slice(0, 1));
  const drip = setInterval(() => response.write(' '), dripEveryMs).unref();
  response.once('close', () => clearInterval(drip));
}
