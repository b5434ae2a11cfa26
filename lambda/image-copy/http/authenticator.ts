import { parseChallenge, type Challenge } from './challenge';
import type { HttpClient } from './http-client';
import type { Redaction } from './redaction';
import type { Clock } from '../../shared/clock';

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/** The token service or the registry does not accept who asks. */
export class AuthenticationError extends Error {
  constructor(message: string, public readonly kind: 'denied' | 'refused' | 'throttled' | 'transient', public readonly status?: number, public readonly retryAfter?: string) {
    super(message);
  }
}

interface Token {
  readonly header: string;
  /** From then on a new one is asked for. */
  readonly renewAt: number;
}

/** A token without a lifetime lives so long, as the specification says. */
const DEFAULT_LIFETIME_S = 60;

/** A token is renewed so long before its end, so that no request is on its way when it ends. */
const RESERVE_MS = 10_000;

const MAX_ANSWER_BYTES = 1024 * 1024;

/**
 * Knows what to send with the requests to one repository: nothing, a user name with a password, or a token of a token service.
 * The registry's challenge decides: a password is sent only to a registry that asks for Basic, or to its token service.
 */
export class Authenticator {
  private challenge?: Challenge;
  private token?: Token;
  private renewal?: Promise<void>;

  constructor(
    private readonly http: HttpClient, private readonly clock: Clock, private readonly redaction: Redaction,
    private readonly scope: string, private readonly credentials: Credentials | undefined,
  ) {
    if (credentials) redaction.hide(credentials.password, basic(credentials));
  }

  public get isAnonymous(): boolean {
    return this.credentials === undefined;
  }

  /** The header to send now, if it is known that one is asked for. */
  public async header(signal: AbortSignal): Promise<string | undefined> {
    if (this.challenge?.scheme === 'bearer' && (!this.token || this.clock.now() >= this.token.renewAt)) await this.renew(signal);
    return this.token?.header;
  }

  /**
   * Takes note that a request was answered with 401.
   *
   * @param sent the header that the request had
   * @returns whether there is another header now, so that the request should be sent again
   */
  public async challenged(wwwAuthenticate: string | undefined, sent: string | undefined, signal: AbortSignal): Promise<boolean> {
    // Another request, answered earlier, got a new one already.
    if (this.token !== undefined && this.token.header !== sent) return true;

    const challenge = parseChallenge(wwwAuthenticate);
    if (!challenge) return false;
    if (challenge.scheme === 'basic') {
      if (!this.credentials || sent !== undefined) return false;
      this.challenge = challenge;
      this.token = { header: `Basic ${basic(this.credentials)}`, renewAt: Infinity };
      return true;
    }
    this.challenge = challenge;
    await this.renew(signal);
    return true;
  }

  /** However many requests wait for a token, the token service is asked once. */
  private async renew(signal: AbortSignal): Promise<void> {
    this.renewal ??= this.fetchToken(signal).finally(() => { this.renewal = undefined; });
    await this.renewal;
  }

  private async fetchToken(signal: AbortSignal): Promise<void> {
    if (this.challenge?.scheme !== 'bearer') return;
    const { realm, service, scope } = this.challenge;
    const url = tokenUrl(realm);
    if (service !== undefined) url.searchParams.set('service', service);
    // What is usual is asked for even if the registry names nothing. Its own wish may go beyond that.
    const wishes = (scope ?? '').split(' ').filter((wish) => wish !== '' && !isWithin(wish, this.scope));
    for (const each of [this.scope, ...wishes]) url.searchParams.append('scope', each);

    const answer = await this.http.send({
      method: 'GET',
      url,
      signal,
      headers: { 'accept': 'application/json', 'user-agent': USER_AGENT, ...(this.credentials && { authorization: `Basic ${basic(this.credentials)}` }) },
    });
    const { body, isWhole } = await this.http.read(answer, MAX_ANSWER_BYTES);
    const status = answer.statusCode ?? 0;
    const place = `the token service ${url.host}`;
    if (status === 401 || status === 403) throw new AuthenticationError(`${place} answered ${status}`, 'denied', status);
    if (status === 429) throw new AuthenticationError(`${place} answered 429`, 'throttled', status, answer.headers['retry-after']);
    if (status >= 500 || status === 408) throw new AuthenticationError(`${place} answered ${status}`, 'transient', status, answer.headers['retry-after']);
    if (status !== 200) throw new AuthenticationError(`${place} answered ${status}`, 'refused', status);
    if (!isWhole) throw new AuthenticationError(`the answer of ${place} was cut off`, 'transient');

    const { token, access_token: accessToken, expires_in: expiresIn } = parseJson(body, place);
    const value = typeof token === 'string' && token !== '' ? token : accessToken;
    if (typeof value !== 'string' || !/^[\x21-\x7e]+$/.test(value)) throw new AuthenticationError(`${place} gave no token`, 'refused');

    this.redaction.hide(value);
    const lifetimeMs = (typeof expiresIn === 'number' && expiresIn > 0 ? expiresIn : DEFAULT_LIFETIME_S) * 1000;
    this.token = { header: `Bearer ${value}`, renewAt: this.clock.now() + lifetimeMs - Math.min(RESERVE_MS, lifetimeMs / 2) };
  }
}

export const USER_AGENT = 'cdk-lightsail-containers';

function basic({ username, password }: Credentials): string {
  return Buffer.from(`${username}:${password}`).toString('base64');
}

/** Whether a scope, such as `repository:team/app:pull`, asks for no more than another one. */
function isWithin(scope: string, other: string): boolean {
  const split = (text: string) => {
    const colon = text.lastIndexOf(':');
    return { resource: text.slice(0, colon), actions: text.slice(colon + 1).split(',') };
  };
  const [inner, outer] = [split(scope), split(other)];
  return inner.resource === outer.resource && inner.actions.every((action) => outer.actions.includes(action));
}

function tokenUrl(realm: string): URL {
  try {
    return new URL(realm);
  } catch {
    throw new AuthenticationError('the registry names a token service with an address that is no URL', 'refused');
  }
}

function parseJson(body: Buffer, place: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // The parser would quote the text, and that may hold a token.
  }
  throw new AuthenticationError(`the answer of ${place} is not JSON`, 'refused');
}
