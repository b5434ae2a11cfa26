import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { realRegistry, type ImageRegistry } from '../../emulator';
import { makeCertificate, type Certificate } from '../../images/certificate';
import { CREDENTIALS } from '../../images/credentials';
import { Registry } from '../../images/registry';
import { ensureRegistryPrograms } from '../../images/tools';

const run = promisify(execFile);

const ROOT = join(__dirname, '..', '..', '..');

export interface ImageRegistriesOptions {
  /** Where their files go. */
  readonly directory: string;
  /** Host and port of MiniStack, which is Amazon ECR as well. */
  readonly cloudAddress: string;
}

/** The host of the registry that takes the place of the one of Lightsail. */
const HOST = 'registry.lightsail.test';

/**
 * The registries that images go through on the way to a container service. The CDK CLI builds with the program in `../docker` and pushes to
 * MiniStack's Amazon ECR. The handler reads from there: MiniStack redirects the requests of its functions to AWS to itself, without TLS. The handler
 * pushes to Debian's docker-registry, with TLS and a password.
 */
export class ImageRegistries {
  public static async start({ directory, cloudAddress }: ImageRegistriesOptions): Promise<ImageRegistries> {
    await ensureRegistryPrograms();
    await mkdir(directory, { recursive: true });
    const certificate = await makeCertificate(directory, [HOST]);
    const registry = await Registry.start({ program: 'docker-registry', folder: directory, certificate, auth: 'basic' });
    const docker = join(directory, 'docker');
    const words = [join(ROOT, 'node_modules', '.bin', 'tsx'), join(__dirname, '..', 'docker', 'main.ts')];
    await writeFile(docker, `#!/bin/sh\nexec ${words.map((word) => `'${word}'`).join(' ')} "$@"\n`, { mode: 0o755 });
    return new ImageRegistries(directory, cloudAddress, certificate, registry, docker);
  }

  private constructor(
    private readonly directory: string,
    private readonly cloudAddress: string,
    private readonly certificate: Certificate,
    private readonly registry: Registry,
    private readonly docker: string,
  ) {}

  /** What the emulator is given. */
  public get ofLightsail(): ImageRegistry {
    const registry = realRegistry({ host: this.registry.host, ...CREDENTIALS, certificateAuthority: this.certificate.certificate });
    const [, port] = this.registry.host.split(':');
    return { ...registry, host: `${HOST}:${port}` };
  }

  /** For the CDK CLI. */
  public get cliEnvironment(): Record<string, string> {
    return { CDK_DOCKER: this.docker, IMAGE_STORE: join(this.directory, 'images'), ECR_ADDRESS: this.cloudAddress };
  }

  /** For the functions of the local cloud. */
  public get functionEnvironment(): Record<string, string> {
    return {
      LIGHTSAIL_REGISTRY_HOST: HOST,
      NODE_EXTRA_CA_CERTS: this.certificate.certificateFile,
      NODE_OPTIONS: `--require=${join(__dirname, 'resolve-registry.cjs')}`,
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
    await this.registry.stop();
  }
}
