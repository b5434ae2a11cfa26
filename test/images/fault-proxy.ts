import * as http from 'node:http';
import * as https from 'node:https';
import type { AddressInfo } from 'node:net';
import { Transform } from 'node:stream';
import type { Certificate } from './certificate';
import { CREDENTIALS } from './credentials';

/** A step of a copy, as the registry sees it. */
export type Step = 'head manifest' | 'get manifest' | 'get blob' | 'head blob' | 'post upload' | 'put blob' | 'put manifest';

/** What goes wrong there. Numbers are bytes of a body. */
export type Fault =
  | { readonly kind: 'answer'; readonly status: number; readonly headers?: http.OutgoingHttpHeaders; readonly body?: string }
  | { readonly kind: 'reset' }
  | { readonly kind: 'lose answer' }
  | { readonly kind: 'silent' }
  | { readonly kind: 'cut request' | 'stall request'; readonly after: number }
  | { readonly kind: 'cut answer' | 'stall answer' | 'end answer' | 'corrupt answer'; readonly after: number }
  | { readonly kind: 'delay'; readonly milliseconds: number }
  /** All requests of the kind together get so much. */
  | { readonly kind: 'slow request'; readonly bytesPerSecond: number }
  | { readonly kind: 'drip answer'; readonly bytesPerSecond: number; readonly bytes: number };

export interface PlannedFault {
  readonly step: Step;
  readonly fault: Fault;
  /** How often it comes: the first requests of this step. */
  times: number;
}

export interface SeenRequest {
  readonly step: Step | 'other' | 'bucket';
  readonly method: string;
  readonly path: string;
  readonly authorization?: string;
  readonly range?: string;
}

export interface FaultProxyOptions {
  readonly upstream: string;
  readonly certificate: Certificate;
  /** Behaves as Amazon ECR does where that differs. The registry behind it needs no credentials then. */
  readonly ecr?: boolean;
}

/** What must never be told to anybody. */
export const PRESIGNED_QUERY = 'X-Amz-Signature=5ec4e75160a7042e';

/** Stands before a real registry: passes requests on, unless something is planned to go wrong. */
export class FaultProxy {
  public static async start(options: FaultProxyOptions): Promise<FaultProxy> {
    const proxy = new FaultProxy(options);
    for (const server of [proxy.front, proxy.bucket]) await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  public planned: PlannedFault[] = [];
  public readonly requests: SeenRequest[] = [];
  private readonly agent: https.Agent;
  private readonly front: https.Server;
  /** Where blobs are, in another place than the registry. */
  private readonly bucket: https.Server;
  private busyUntil = 0;
  /** How many bytes each upload session has got. */
  private readonly sessions = new Map<string, number>();

  private constructor(private readonly options: FaultProxyOptions) {
    const tls = { key: options.certificate.key, cert: options.certificate.certificate };
    this.agent = new https.Agent({ keepAlive: true, ca: options.certificate.certificate });
    this.front = https.createServer(tls, (request, response) => this.handle(request, response));
    this.bucket = https.createServer(tls, (request, response) => this.handleBucket(request, response));
    for (const server of [this.front, this.bucket]) server.on('clientError', () => {});
  }

  public get host(): string {
    return hostOf(this.front);
  }

  public async stop(): Promise<void> {
    for (const server of [this.front, this.bucket]) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
    this.agent.destroy();
  }

  private handle(request: http.IncomingMessage, response: http.ServerResponse): void {
    quiet(request, response);
    const step = stepOf(request);
    this.note(step, request);
    if (this.options.ecr && this.answersLikeEcr(step, request, response)) return;
    this.pass(request, response, this.next(step));
  }

  private handleBucket(request: http.IncomingMessage, response: http.ServerResponse): void {
    quiet(request, response);
    this.note('bucket', request);
    if (request.headers.authorization) {
      response.writeHead(400, { 'content-type': 'application/xml' })
        .end(`<Error><Code>InvalidArgument</Code><Message>Only one auth mechanism allowed</Message><Url>${request.url}</Url></Error>`);
      return;
    }
    this.pass(request, response, this.next('get blob'));
  }

  private note(step: SeenRequest['step'], { method, url, headers }: http.IncomingMessage): void {
    this.requests.push({ step, method: method!, path: url!, authorization: headers.authorization, range: headers.range });
  }

  private next(step: Step | 'other'): Fault | undefined {
    const planned = this.planned.find((each) => each.step === step && each.times > 0);
    if (planned) planned.times -= 1;
    return planned?.fault;
  }

  private answersLikeEcr(step: Step | 'other', request: http.IncomingMessage, response: http.ServerResponse): boolean {
    const { method, url, headers } = request;
    const answer = (status: number, extra: http.OutgoingHttpHeaders = {}, body = '') => {
      request.resume();
      response.writeHead(status, extra).end(body);
      return true;
    };
    if (headers.authorization !== `Basic ${Buffer.from(`${CREDENTIALS.username}:${CREDENTIALS.password}`).toString('base64')}`) {
      return answer(401, { 'www-authenticate': `Basic realm="https://${this.host}/",service="ecr.amazonaws.com"` }, 'Not Authorized\n');
    }
    delete headers.authorization;
    if (step === 'get blob') return answer(307, { location: `https://${hostOf(this.bucket)}${url}?${PRESIGNED_QUERY}` });
    // Who may only push gets this.
    if (method === 'HEAD' && url!.includes('/manifests/')) return answer(403);
    if (method === 'GET' && url!.includes('/blobs/uploads/')) return answer(404);
    if (step === 'put blob') {
      const session = url!.split('?')[0]!;
      const had = this.sessions.get(session);
      if (had !== undefined) {
        return answer(416, { 'content-type': 'application/json' }, JSON.stringify({
          errors: [{ code: 'BLOB_UPLOAD_INVALID', message: `First byte of the layer part is 0 instead of ${had}` }],
        }));
      }
      this.sessions.set(session, 0);
      request.on('data', (chunk: Buffer) => this.sessions.set(session, this.sessions.get(session)! + chunk.length));
    }
    return false;
  }

  private pass(request: http.IncomingMessage, response: http.ServerResponse, fault: Fault | undefined): void {
    if (fault?.kind === 'delay') {
      setTimeout(() => this.pass(request, response, undefined), fault.milliseconds);
      return;
    }
    if (fault?.kind === 'reset') return void request.socket.destroy();
    if (fault?.kind === 'silent') return void request.resume();
    if (fault?.kind === 'answer') {
      request.resume();
      response.writeHead(fault.status, fault.headers).end(fault.body);
      return;
    }
    const upstream = https.request(`https://${this.options.upstream}${request.url!.replace(`?${PRESIGNED_QUERY}`, '')}`, {
      method: request.method,
      agent: this.agent,
      headers: { ...request.headers, host: this.host },
    });
    const close = () => {
      upstream.destroy();
      request.socket.destroy();
    };
    upstream.on('error', () => request.socket.destroy());
    response.on('close', () => { if (!response.writableFinished) upstream.destroy(); });

    if (fault?.kind === 'cut request' || fault?.kind === 'stall request') {
      let left = fault.after;
      request.on('data', (chunk: Buffer) => {
        const part = chunk.subarray(0, left);
        left -= part.length;
        if (part.length > 0) upstream.write(part);
        if (left > 0) return;
        if (fault.kind === 'cut request') close();
        else request.pause();
      });
      request.on('end', () => upstream.end());
    } else if (fault?.kind === 'slow request') {
      request.pipe(this.sharing(fault.bytesPerSecond)).pipe(upstream);
    } else {
      request.pipe(upstream);
    }

    upstream.on('response', (answer) => {
      answer.on('error', () => request.socket.destroy());
      if (fault?.kind === 'lose answer') return close();
      response.writeHead(answer.statusCode!, this.changedHeaders(request.method!, answer.headers, fault));
      const changed = fault && 'after' in fault ? answer.pipe(spoil(fault, close, () => response.end())) : fault?.kind === 'drip answer' ? answer.pipe(drip(fault)) : answer;
      changed.pipe(response);
    });
  }

  private sharing(bytesPerSecond: number): Transform {
    return new Transform({
      transform: (chunk: Buffer, _encoding, callback) => {
        this.busyUntil = Math.max(this.busyUntil, Date.now()) + (chunk.length / bytesPerSecond) * 1000;
        setTimeout(() => callback(null, chunk), this.busyUntil - Date.now());
      },
    });
  }

  private changedHeaders(method: string, headers: http.IncomingHttpHeaders, fault: Fault | undefined): http.OutgoingHttpHeaders {
    const changed: http.OutgoingHttpHeaders = { ...headers };
    if (headers.location) changed.location = headers.location.replace(/^https:\/\/[^/]+/, `https://${this.host}`);
    if (this.options.ecr && method === 'PUT') {
      delete changed['docker-content-digest'];
      delete changed.location;
    }
    if (fault?.kind === 'end answer') delete changed['content-length'];
    return changed;
  }
}

function stepOf({ method, url }: http.IncomingMessage): Step | 'other' {
  const path = url!.split('?')[0]!;
  if (path.includes('/blobs/uploads/')) return method === 'POST' ? 'post upload' : method === 'PUT' ? 'put blob' : 'other';
  if (path.includes('/blobs/')) return method === 'HEAD' ? 'head blob' : 'get blob';
  if (path.includes('/manifests/')) return method === 'PUT' ? 'put manifest' : method === 'HEAD' ? 'head manifest' : 'get manifest';
  return 'other';
}

/** Passes so many bytes, and then does what the fault says. */
function spoil({ kind, after }: Extract<Fault, { after: number }>, close: () => void, end: () => void): Transform {
  let passed = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, callback) {
      const reaches = passed + chunk.length > after;
      const part = kind === 'corrupt answer' ? chunk : chunk.subarray(0, Math.max(0, after - passed));
      if (kind === 'corrupt answer' && reaches && passed <= after) chunk[after - passed] = 255 - chunk[after - passed]!;
      passed += chunk.length;
      if (kind === 'corrupt answer' || !reaches) return callback(null, part);
      this.push(part);
      // What was passed before is on its way by then.
      if (kind === 'cut answer') setTimeout(close, 20);
      if (kind === 'end answer') setTimeout(end, 20);
    },
  });
}

function drip({ bytesPerSecond, bytes }: { readonly bytesPerSecond: number; readonly bytes: number }): Transform {
  let dripped = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, callback) {
      const delay = dripped < bytes ? (chunk.length / bytesPerSecond) * 1000 : 0;
      dripped += chunk.length;
      setTimeout(() => callback(null, chunk), delay);
    },
  });
}

function quiet(request: http.IncomingMessage, response: http.ServerResponse): void {
  request.on('error', () => {});
  response.on('error', () => {});
}

function hostOf(server: https.Server): string {
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}
