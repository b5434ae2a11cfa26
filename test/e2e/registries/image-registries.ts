import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { delimiter, join } from 'node:path';
import { createServer, type Server } from 'node:tls';
import { promisify } from 'node:util';
import { realRegistry, type ImageRegistry } from '../../emulator';
import { makeCertificate, type Certificate } from '../../images/certificate';
import { CREDENTIALS } from '../../images/credentials';
import { Registry } from '../../images/registry';

const run = promisify(execFile);

const ROOT = join(__dirname, '..', '..', '..');

export interface ImageRegistriesOptions {
  /** Where their files go. */
  readonly directory: string;
  /** Host and port of MiniStack, which is Amazon ECR as well. */
  readonly cloudAddress: string;
  /** The host of the account's registry of Amazon ECR. */
  readonly ecrHost: string;
}

/** What is not there to build and store images, or undefined. */
export async function missingPrograms(): Promise<string | undefined> {
  const missing: string[] = [];
  for (const program of ['docker-registry', 'skopeo', 'openssl', 'setpriv', 'tar']) {
    await run('/bin/sh', ['-c', `command -v ${program}`]).catch(() => missing.push(program));
  }
  return missing.length === 0 ? undefined
    : `${missing.join(', ')} not found. On Debian and Ubuntu: apt-get install docker-registry skopeo openssl util-linux tar`;
}

/**
 * The registries that images go through on the way to a container service. The CDK CLI builds with the program in `../docker` and pushes to
 * MiniStack's Amazon ECR. The handler reads from there, with TLS and under the name of the real registry. It pushes to a real registry, which
 * takes the place of the one of Lightsail.
 */
export class ImageRegistries {
  public static async start({ directory, cloudAddress, ecrHost }: ImageRegistriesOptions): Promise<ImageRegistries> {
    const missing = await missingPrograms();
    if (missing !== undefined) throw new Error(missing);

    await mkdir(directory, { recursive: true });
    const certificate = await makeCertificate(directory, [ecrHost]);
    const registry = await Registry.start({ program: 'docker-registry', folder: directory, certificate, auth: 'basic' });
    const front = new TlsFront(certificate, cloudAddress);
    await front.start();
    const docker = join(directory, 'docker');
    const words = [join(ROOT, 'node_modules', '.bin', 'tsx'), join(__dirname, '..', 'docker', 'main.ts')];
    await writeFile(docker, `#!/bin/sh\nexec ${words.map((word) => `'${word}'`).join(' ')} "$@"\n`, { mode: 0o755 });
    return new ImageRegistries(directory, cloudAddress, certificate, registry, front, docker);
  }

  private constructor(
    private readonly directory: string,
    private readonly cloudAddress: string,
    private readonly certificate: Certificate,
    private readonly registry: Registry,
    private readonly front: TlsFront,
    private readonly docker: string,
  ) {}

  /** What the emulator is given. */
  public get ofLightsail(): ImageRegistry {
    return realRegistry({ host: this.registry.host, ...CREDENTIALS, certificateAuthority: this.certificate.certificate });
  }

  /** For the CDK CLI. */
  public get cliEnvironment(): Record<string, string> {
    return { CDK_DOCKER: this.docker, IMAGE_STORE: join(this.directory, 'images'), ECR_ADDRESS: this.cloudAddress };
  }

  /** For the functions of the local cloud. */
  public get functionEnvironment(): Record<string, string> {
    return {
      ECR_TLS_ADDRESS: this.front.address,
      NODE_EXTRA_CA_CERTS: this.certificate.certificateFile,
      NODE_OPTIONS: `--require=${join(__dirname, 'ecr-on-this-machine.cjs')}`,
    };
  }

  /** The configuration of a stored image, as skopeo reads it. */
  public async inspect(digest: string): Promise<{ architecture: string; config: Record<string, unknown> }> {
    const { username, password } = CREDENTIALS;
    const { stdout } = await run('skopeo', ['inspect', '--config', '--creds', `${username}:${password}`, `docker://${this.registry.host}/sr@${digest}`], {
      env: { PATH: process.env.PATH ?? ['/usr/bin', '/bin'].join(delimiter), SSL_CERT_FILE: this.certificate.certificateFile },
    });
    return JSON.parse(stdout) as { architecture: string; config: Record<string, unknown> };
  }

  public async stop(): Promise<void> {
    await this.front.stop();
    await this.registry.stop();
  }
}

/** Takes TLS away: MiniStack speaks plain HTTP. */
class TlsFront {
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();

  constructor({ certificate, key }: Certificate, target: string) {
    const [host, port] = target.split(':');
    this.server = createServer({ cert: certificate, key }, (visitor) => {
      const behind = connect({ host, port: Number(port) });
      for (const [socket, other] of [[visitor, behind], [behind, visitor]] as const) {
        this.sockets.add(socket);
        socket.on('error', () => other.destroy()).on('close', () => {
          this.sockets.delete(socket);
          other.destroy();
        });
        socket.pipe(other);
      }
    });
  }

  public get address(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  public async start(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(0, '127.0.0.1', resolve);
    });
  }

  public async stop(): Promise<void> {
    this.sockets.forEach((socket) => socket.destroy());
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }
}
