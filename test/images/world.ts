import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { makeCertificate, type Certificate } from './certificate';
import { CREDENTIALS } from './credentials';
import { FaultProxy, type FaultProxyOptions } from './fault-proxy';
import { writeImageLayout, type LayerContent } from './image-layout';
import { Registry, type RegistryOptions } from './registry';
import { TokenService } from './token-service';
import { ensureTools, type Tools } from './tools';

const run = promisify(execFile);

/** Real registries, tools and images of one test file. All of them are gone after `stop`. */
export class World {
  public static async start(parent = tmpdir()): Promise<World> {
    const tools = await ensureTools();
    const folder = await mkdtemp(join(parent, 'images-'));
    return new World(tools, folder, await makeCertificate(folder));
  }

  private readonly running: Array<{ stop(): Promise<void> }> = [];
  private layouts = 0;

  private constructor(public readonly tools: Tools, public readonly folder: string, public readonly certificate: Certificate) {}

  public async registry(program: 'registry2' | 'registry3', auth?: RegistryOptions['auth']): Promise<Registry> {
    return this.keep(await Registry.start({ program: this.tools[program], folder: this.folder, certificate: this.certificate, auth }));
  }

  public async tokenService(): Promise<TokenService> {
    return this.keep(await TokenService.start(this.certificate));
  }

  public async proxy(options: Omit<FaultProxyOptions, 'certificate'>): Promise<FaultProxy> {
    return this.keep(await FaultProxy.start({ ...options, certificate: this.certificate }));
  }

  /** Writes an image and pushes it with crane. */
  public async push(
    registry: Registry, name: string, layers: readonly LayerContent[], platform?: { os: string; architecture: string },
  ): Promise<{ digest: string; blobs: string[] }> {
    const layout = join(this.folder, `layout-${this.layouts += 1}`);
    const image = await writeImageLayout(layout, layers, platform);
    await this.crane(['push', layout, `${registry.host}/${name}`]);
    await rm(layout, { recursive: true });
    return image;
  }

  public async crane(args: readonly string[]): Promise<string> {
    return this.tool('crane', args);
  }

  public async tool(name: 'crane' | 'skopeo' | 'regctl', args: readonly string[]): Promise<string> {
    const { stdout } = await run(this.tools[name], [...args], { env: this.toolEnvironment(), maxBuffer: 16 * 1024 * 1024 });
    return stdout.trim();
  }

  /** Trusts the registries' certificate, and holds the credentials of crane and regctl. */
  public toolEnvironment(): Record<string, string> {
    return { PATH: process.env.PATH!, HOME: this.folder, DOCKER_CONFIG: this.folder, SSL_CERT_FILE: this.certificate.certificateFile };
  }

  public async logIn(registry: { readonly host: string }): Promise<void> {
    await this.crane(['auth', 'login', registry.host, '-u', CREDENTIALS.username, '-p', CREDENTIALS.password]);
  }

  public async stop(): Promise<void> {
    await Promise.all(this.running.map(async (each) => each.stop()));
    await rm(this.folder, { recursive: true, force: true });
  }

  private keep<T extends { stop(): Promise<void> }>(started: T): T {
    this.running.push(started);
    return started;
  }
}
