import type { Copier } from '../../../lambda/image-copy/copier';
import type { ImageRegistry, SteppedClock } from '../../emulator';
import { FakeRegistry, PASSWORD, USERNAME, type FakeAuth } from '../../lambda/image-copy/fake-registry';
import { putImage, type ImageOptions } from '../../lambda/image-copy/images';

/** Hosts that stand for the source registry: anybody's, and Amazon ECR's. Others do, too. */
export const SOURCE = 'registry.example.com';
export const ECR_SOURCE = '123456789012.dkr.ecr.eu-west-1.amazonaws.com';

/** The host that stands for Lightsail's registry. */
export const TARGET = '012345678901.dkr.ecr.us-east-1.amazonaws.com';

/** The registries that images come from and go to, in memory. The hosts that the handler knows stand for them. */
export class ImageRegistries {
  public static async start(auth: FakeAuth = 'basic'): Promise<ImageRegistries> {
    return new ImageRegistries(await FakeRegistry.start(auth), await FakeRegistry.start('basic'));
  }

  private constructor(public readonly source: FakeRegistry, public readonly target: FakeRegistry) {}

  /** Pushes an image to the source. Its layers differ with each call. */
  public push(tag: string, options: ImageOptions = {}): string {
    return putImage(this.source, { repository: 'team/app', tag, ...options });
  }

  /** Lightsail's registry, as the emulator hands it out. */
  public get ofLightsail(): ImageRegistry {
    return { host: TARGET, login: { username: USERNAME, password: PASSWORD }, holds: (digest) => this.target.manifests.has(`sr@${digest}`) };
  }

  /** What the source and the target were asked. */
  public get requests(): string[] {
    return [...this.source.requests, ...this.target.requests].map(({ method, path }) => `${method} ${path}`);
  }

  /** The bundled copier, for which the hosts lead here. */
  public copier({ networkCopier }: Pick<typeof import('../../../lambda/image-index'), 'networkCopier'>, clock: SteppedClock): Copier {
    const hosts: Record<string, string> = { [TARGET]: this.target.host };
    const timeouts = { connectMs: 2_000, idleMs: 2_000, answerMs: 2_000 };
    return networkCopier({ clock, random: () => 0.5, timeouts }, (registry) => ({ registry: hosts[registry] ?? this.source.host, plainHttp: true }));
  }

  public async stop(): Promise<void> {
    await Promise.all([this.source.stop(), this.target.stop()]);
  }
}
