import type { IncomingMessage } from 'node:http';
import { registryHost } from './reference';
import type { Clock } from '../../shared/clock';
import { sameNetworkOrPublic, type AddressPolicy } from '../http/addresses';
import { AuthenticationError, Authenticator, USER_AGENT, type Credentials } from '../http/authenticator';
import { Connections } from '../http/connections';
import { abortReason, DEFAULT_TIMEOUTS, ForbiddenUrl, HttpClient, NetworkError, type Timeouts, type Upload } from '../http/http-client';
import { Redaction } from '../http/redaction';
import { RegistryFailure, type RegistryFailureKind, type Subject } from '../http/registry-failure';
import { responseFailure } from '../http/response-failure';
import { retryAfterMs } from '../http/retry';

/** A repository of a registry, and how to get to it. */
export interface Repository {
  /** `docker.io`, or a host with or without a port. */
  readonly registry: string;
  readonly repository: string;
  /** Without, requests are anonymous. */
  readonly credentials?: Credentials;
  /** Certificates in PEM that are trusted in place of the public ones. */
  readonly certificateAuthority?: string;
  /** Without TLS. Only for registries on the same machine. */
  readonly plainHttp?: boolean;
}

/** What the copier needs of the world outside. */
export interface CopyEnvironment {
  readonly clock: Clock;
  /** From 0 up to 1. Math.random by default. */
  readonly random?: () => number;
  readonly addresses?: AddressPolicy;
  readonly timeouts?: Partial<Timeouts>;
  /** Connections that several calls share; whoever gives them closes them. By default each call has its own. */
  readonly connections?: Connections;
}

/** Which side of the copy a repository is: it decides what may be done there, and which remedy helps. */
export type Role = 'source' | 'target';

export interface RepositoryRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE';
  /** Below `/v2/<repository>/`, or a whole address that an answer of the registry gave. */
  readonly path: string | URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  /** What the request is about, for an error. */
  readonly what: string;
  /** Answers that are no failure. */
  readonly accept: (status: number) => boolean;
  readonly signal: AbortSignal;
}

export interface StartedUpload {
  readonly upload: Upload;
  /** The credentials that went with it. */
  readonly sent: string | undefined;
}

const MAX_REDIRECTS = 5;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const MAX_ERROR_BYTES = 4096;

/** Certificates do not get better by waiting. */
const CERTIFICATE_CODES = /CERT|UNABLE_TO_|SELF_SIGNED|ERR_TLS|ERR_SSL|EPROTO/;

/** Requests to one repository, with its credentials. Every failure is a `RegistryFailure` that tells which request it was. */
export class RepositoryClient {
  public readonly http: HttpClient;
  private readonly redaction = new Redaction();
  private readonly ownConnections = new Connections();
  private readonly auth: Authenticator;
  private readonly base: URL;
  private readonly clock: Clock;

  constructor(private readonly place: Repository, private readonly role: Role, { clock, addresses, timeouts, connections }: CopyEnvironment) {
    const host = registryHost(place.registry);
    this.clock = clock;
    this.base = new URL(`${place.plainHttp ? 'http' : 'https'}://${host}/v2/`);
    this.http = new HttpClient({
      host,
      plainHttp: place.plainHttp ?? false,
      agent: (connections ?? this.ownConnections).agentFor(host, place.plainHttp ?? false, place.certificateAuthority),
      addresses: addresses ?? sameNetworkOrPublic,
      timeouts: { ...DEFAULT_TIMEOUTS, ...timeouts },
    });
    const scope = `repository:${place.repository}:${role === 'source' ? 'pull' : 'pull,push'}`;
    this.auth = new Authenticator(this.http, clock, this.redaction, scope, place.credentials);
  }

  public close(): void {
    this.ownConnections.close();
  }

  /** The head of the answer. The caller reads its body to the end or destroys it. */
  public async request(request: RepositoryRequest): Promise<IncomingMessage> {
    return this.named(request.what, request.signal, async () => {
      const first = typeof request.path === 'string' ? new URL(`${this.place.repository}/${request.path}`, this.base) : request.path;
      let url = first;
      for (let redirects = 0; ; redirects += 1) {
        const answer = await this.authenticated(request, url);
        const status = answer.statusCode ?? 0;
        const location = REDIRECTS.has(status) ? answer.headers.location : undefined;
        if (location === undefined) {
          if (request.accept(status)) return answer;
          throw await this.failure(answer, request.what, url.origin !== first.origin);
        }
        answer.resume();
        if (redirects === MAX_REDIRECTS) throw this.problem('refused', request.what, `there were more than ${MAX_REDIRECTS} redirects`);
        url = this.follow(location, url, request.what);
      }
    });
  }

  /** An upload whose body the caller writes. Its 401 is answered by renewing the credentials, not by sending the body again. */
  public async startUpload(url: URL, headers: Readonly<Record<string, string>>, what: string, signal: AbortSignal): Promise<StartedUpload> {
    return this.named(what, signal, async () => {
      const sent = await this.authorization(url, signal);
      const allHeaders = { 'user-agent': USER_AGENT, ...headers, ...(sent !== undefined && { authorization: sent }) };
      return { upload: this.http.start({ method: 'PUT', url, headers: allHeaders, signal }), sent };
    });
  }

  public async answerOf(upload: Upload, what: string, signal: AbortSignal): Promise<IncomingMessage> {
    return this.named(what, signal, async () => this.http.awaitAnswer(upload));
  }

  /** Looks at the answer to an upload. */
  public async finishUpload(answer: IncomingMessage, sent: string | undefined, what: string, signal: AbortSignal): Promise<void> {
    await this.named(what, signal, async () => {
      const status = answer.statusCode ?? 0;
      if (status >= 200 && status < 300) return this.drain(answer);
      const challenge = answer.headers['www-authenticate'];
      const failure = await this.failure(answer, what, false);
      const isRenewed = status === 401 && await this.auth.challenged(challenge, sent, signal);
      throw isRenewed ? failure.with({ kind: 'transient' }) : failure;
    });
  }

  /** An address that an answer gave, made absolute. */
  public follow(location: string, from: URL, what: string): URL {
    try {
      const url = new URL(location, from);
      url.hash = '';
      // A registry behind a proxy that ends TLS may not know that it was asked over https.
      if (from.protocol === 'https:' && url.protocol === 'http:' && url.hostname === from.hostname && url.port === '') url.protocol = 'https:';
      url.username = '';
      url.password = '';
      this.http.check(url);
      return url;
    } catch (error) {
      if (error instanceof ForbiddenUrl) throw this.problem('refused', what, `the registry sends the request to another place: ${error.message}`, FORBIDDEN_REMEDY);
      throw this.problem('refused', what, 'the registry sends the request to an address that is no URL');
    }
  }

  public url(path: string): URL {
    return new URL(`${this.place.repository}/${path}`, this.base);
  }

  /** Reads a whole body. */
  public async read(answer: IncomingMessage, maxBytes: number, what: string, signal: AbortSignal): Promise<Buffer> {
    return this.named(what, signal, async () => {
      const { body, isWhole } = await this.http.read(answer, maxBytes);
      if (!isWhole) throw this.problem('refused', what, `it has more than ${maxBytes} bytes`);
      return body;
    });
  }

  /** Reads an answer whose body says nothing, so that its connection can be used again. */
  public async drain(answer: IncomingMessage): Promise<void> {
    await this.http.read(answer, MAX_ERROR_BYTES).catch(() => {});
  }

  public problem(kind: RegistryFailureKind, what: string, problem: string, remedy?: string, code?: string): RegistryFailure {
    return new RegistryFailure({ kind, subject: this.subject(what), problem: this.redaction.clean(problem), remedy, code });
  }

  /** Makes a `RegistryFailure` of the error of a request. */
  public failureOf(error: unknown, what: string, signal: AbortSignal): Error {
    if (error instanceof RegistryFailure) return error;
    if (signal.aborted) return abortReason(signal);
    if (error instanceof ForbiddenUrl) return this.problem('refused', what, `the registry sends the request to another place: ${error.message}`, FORBIDDEN_REMEDY);
    if (error instanceof AuthenticationError) return this.authenticationFailure(error, what);
    if (error instanceof NetworkError) return this.networkFailure(error, what);
    return error as Error;
  }

  private async named<T>(what: string, signal: AbortSignal, action: () => Promise<T>): Promise<T> {
    try {
      return await action();
    } catch (error) {
      throw this.failureOf(error, what, signal);
    }
  }

  /** Sends a request, and once more with new credentials if the registry asks for some. */
  private async authenticated(request: RepositoryRequest, url: URL): Promise<IncomingMessage> {
    const { method, headers, body, signal } = request;
    for (let isSecond = false; ; isSecond = true) {
      const authorization = await this.authorization(url, signal);
      const answer = await this.http.send({
        method,
        url,
        body,
        signal,
        headers: {
          'user-agent': USER_AGENT,
          ...(method === 'POST' && !body && { 'content-length': '0' }),
          ...headers,
          ...(authorization !== undefined && { authorization }),
        },
      });
      if (answer.statusCode !== 401 || isSecond || !this.isOwn(url)) return answer;
      if (!await this.auth.challenged(answer.headers['www-authenticate'], authorization, signal)) return answer;
      await this.drain(answer);
    }
  }

  /** Credentials go to nobody but the registry itself: a presigned address answers 400 to them, and they are not meant for it. */
  private async authorization(url: URL, signal: AbortSignal): Promise<string | undefined> {
    return this.isOwn(url) ? this.auth.header(signal) : undefined;
  }

  private isOwn(url: URL): boolean {
    return url.origin === this.base.origin;
  }

  private async failure(answer: IncomingMessage, what: string, isElsewhere: boolean): Promise<RegistryFailure> {
    const body = answer.statusCode === undefined ? '' : await this.http.read(answer, MAX_ERROR_BYTES).then((read) => read.body.toString('utf8'), () => '');
    return responseFailure({
      status: answer.statusCode ?? 0,
      contentType: answer.headers['content-type'] ?? '',
      body,
      retryAfterMs: retryAfterMs(answer.headers['retry-after'], this.clock.now()),
      subject: this.subject(what),
      role: this.role,
      isAnonymous: this.auth.isAnonymous,
      isElsewhere,
      clean: (text) => this.redaction.clean(text),
    });
  }

  private authenticationFailure(error: AuthenticationError, what: string): RegistryFailure {
    const remedy = error.kind === 'denied'
      ? (this.auth.isAnonymous ? 'Give credentials that may use this repository.' : 'Check the user name and the password or token.')
      : undefined;
    return this.problem(error.kind, what, error.message, remedy)
      .with({ status: error.status, retryAfterMs: retryAfterMs(error.retryAfter, this.clock.now()) });
  }

  private networkFailure({ message, code }: NetworkError, what: string): RegistryFailure {
    if (CERTIFICATE_CODES.test(code)) {
      return this.problem('refused', what, `no connection that can be trusted: ${message} (${code})`, 'Check the name of the registry and its certificate.');
    }
    const remedy = code === 'ENOTFOUND' ? 'Check the name of the registry.'
      // Amazon ECR does this in place of an answer if the repository is missing or must not be written to.
      : what.startsWith('layer') && this.role === 'target' && (code === 'EPIPE' || code === 'ECONNRESET') ? 'If it stays so, check that the repository exists and that the credentials may push to it.'
        : undefined;
    return this.problem('transient', what, `${message} (${code})`, remedy, code);
  }

  private subject(what: string): Subject {
    return { registry: this.place.registry, repository: this.place.repository, what };
  }
}

const FORBIDDEN_REMEDY = 'Registries redirect to public addresses over https only. Check the configuration of this one.';
