import { randomUUID, sign } from 'node:crypto';
import * as https from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Certificate } from './certificate';
import { CREDENTIALS } from './credentials';

export const SERVICE = 'test registry';
export const ISSUER = 'test token service';

/** Gives tokens to who knows the password, as the token service of a Docker registry does. */
export class TokenService {
  public static async start(certificate: Certificate): Promise<TokenService> {
    const service = new TokenService(certificate);
    await new Promise<void>((resolve) => service.server.listen(0, '127.0.0.1', resolve));
    return service;
  }

  public lifetimeSeconds = 300;
  public tokensGiven = 0;
  private readonly server: https.Server;

  private constructor(private readonly certificate: Certificate) {
    this.server = https.createServer({ key: certificate.key, cert: certificate.certificate }, (request, response) => {
      const { username, password } = CREDENTIALS;
      if (request.headers.authorization !== `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`) {
        response.writeHead(401).end();
        return;
      }
      this.tokensGiven += 1;
      const scopes = new URL(request.url!, this.realm).searchParams.getAll('scope').flatMap((scope) => scope.split(' '));
      response.writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify({ token: this.token(scopes), expires_in: this.lifetimeSeconds }));
    });
  }

  /** By name: crane refuses a token service at the address of this machine. */
  public get realm(): string {
    return `https://localhost:${(this.server.address() as AddressInfo).port}/token`;
  }

  public async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private token(scopes: readonly string[]): string {
    const now = Math.floor(Date.now() / 1000);
    const der = this.certificate.certificate.replace(/-----[^-]+-----|\s/g, '');
    const access = scopes.map((scope) => {
      const [type, name, actions = ''] = scope.split(':');
      return { type, name, actions: actions.split(',') };
    });
    const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
    const text = `${encode({ alg: 'ES256', typ: 'JWT', x5c: [der] })}.${encode({
      iss: ISSUER, sub: CREDENTIALS.username, aud: SERVICE, iat: now, nbf: now - 5, exp: now + this.lifetimeSeconds, jti: randomUUID(), access,
    })}`;
    return `${text}.${sign('sha256', Buffer.from(text), { key: this.certificate.key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
  }
}
