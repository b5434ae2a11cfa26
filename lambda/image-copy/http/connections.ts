import * as http from 'node:http';
import * as https from 'node:https';
import { createSecureContext } from 'node:tls';

/** Enough for all requests that are at work at once, so that none waits for another's connection. */
const MAX_SOCKETS = 40;

const POOL = { keepAlive: true, maxSockets: MAX_SOCKETS, maxFreeSockets: MAX_SOCKETS, scheduling: 'lifo' as const };

/** Connections that are kept for the next request. Each registry has its own: what one may lead to, another may not. */
export class Connections {
  private readonly agents = new Map<string, http.Agent | https.Agent>();

  public agentFor(host: string, plainHttp: boolean, certificateAuthority: string | undefined): http.Agent | https.Agent {
    const key = JSON.stringify([host, plainHttp, certificateAuthority]);
    const agent = this.agents.get(key) ?? (plainHttp
      ? new http.Agent(POOL)
      // Made once: otherwise each connection would read the certificates again.
      : new https.Agent({ ...POOL, secureContext: createSecureContext({ ca: certificateAuthority }) }));
    this.agents.set(key, agent);
    return agent;
  }

  public close(): void {
    this.agents.forEach((agent) => agent.destroy());
    this.agents.clear();
  }
}
