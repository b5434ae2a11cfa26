import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import * as https from 'node:https';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Certificate } from './certificate';
import { HTPASSWD } from './credentials';
import { ISSUER, SERVICE, type TokenService } from './token-service';
import { ProcessGroup } from '../e2e/process-group';

export interface RegistryOptions {
  readonly program: string;
  readonly folder: string;
  readonly certificate: Certificate;
  readonly auth?: 'basic' | TokenService;
}

/** A real registry on a free port of this machine, with TLS. */
export class Registry {
  public static async start({ program, folder, certificate, auth }: RegistryOptions): Promise<Registry> {
    const data = await mkdtemp(join(folder, 'registry-'));
    const port = await freePort();
    const htpasswd = join(data, 'htpasswd');
    await writeFile(htpasswd, HTPASSWD);
    await mkdir(join(data, 'storage'));
    const config = {
      version: 0.1,
      log: { level: 'error', accesslog: { disabled: true } },
      storage: { filesystem: { rootdirectory: join(data, 'storage') }, delete: { enabled: true } },
      http: { addr: `127.0.0.1:${port}`, secret: 'test', tls: { certificate: certificate.certificateFile, key: certificate.keyFile } },
      ...(auth === 'basic' && { auth: { htpasswd: { realm: 'test', path: htpasswd } } }),
      ...(typeof auth === 'object' && {
        auth: { token: { realm: auth.realm, service: SERVICE, issuer: ISSUER, rootcertbundle: certificate.certificateFile, signingalgorithms: ['ES256'] } },
      }),
    };
    // JSON is YAML, too.
    const configFile = join(data, 'config.json');
    await writeFile(configFile, JSON.stringify(config));
    // The registry ends with this process, also if that is killed.
    const process_ = new ProcessGroup('setpriv', ['--pdeathsig', 'KILL', program, 'serve', configFile], { cwd: data, env: { PATH: process.env.PATH!, OTEL_TRACES_EXPORTER: 'none' } });
    const registry = new Registry(`127.0.0.1:${port}`, data, process_);
    await registry.ready(certificate);
    return registry;
  }

  private constructor(public readonly host: string, private readonly data: string, private readonly process: ProcessGroup) {}

  public async stop(): Promise<void> {
    await this.process.stop();
    await rm(this.data, { recursive: true, force: true });
  }

  /** Forgets everything that was pushed. */
  public async clear(): Promise<void> {
    await rm(join(this.data, 'storage'), { recursive: true, force: true });
    await mkdir(join(this.data, 'storage'));
  }

  private async ready({ certificate }: Certificate): Promise<void> {
    for (let tries = 0; tries < 200; tries += 1) {
      const answers = await new Promise<boolean>((resolve) => {
        https.get(`https://${this.host}/v2/`, { ca: certificate, agent: false }, (answer) => {
          answer.resume();
          resolve(true);
        }).on('error', () => resolve(false));
      });
      if (answers) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`The registry did not start: ${this.process.output}`);
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
