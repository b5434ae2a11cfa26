import { errors } from '../api/errors';
import { ContainerImageShape, epochSeconds } from '../api/shapes';

/** The label in `:service.label.N` or `:service.label.latest`, if the image is one of that service's. */
export function storedImageLabel(serviceName: string, image: string): string | undefined {
  const prefix = `:${serviceName}.`;
  return image.startsWith(prefix) ? /^([a-z0-9-]+)\.(?:[1-9]\d*|latest)$/.exec(image.slice(prefix.length))?.[1] : undefined;
}

/** The images that are registered on one service. Their numbers count across labels. */
export class StoredImages {
  /** Oldest first. */
  private images: ContainerImageShape[] = [];
  private lastNumber = 0;

  constructor(private readonly serviceName: string, private readonly limit: number) {}

  /** Newest first, as the API lists them. */
  public list(): ContainerImageShape[] {
    return [...this.images].reverse();
  }

  public register(label: string, digest: string, now: number): ContainerImageShape {
    if (!/^sha256:[0-9a-f]{64}$/.test(digest)) {
      throw errors.imageDigest(digest);
    }
    if (this.images.length >= this.limit) {
      throw errors.imageLimit(this.limit);
    }
    this.lastNumber += 1;
    const image = { image: `:${this.serviceName}.${label}.${this.lastNumber}`, digest, createdAt: epochSeconds(now) };
    this.images.push(image);
    return image;
  }

  /** The registered image that a name stands for: itself, or the newest of the label for `latest`. */
  public resolve(image: string): string | undefined {
    if (!image.endsWith('.latest')) {
      return this.images.find((stored) => stored.image === image)?.image;
    }
    const label = storedImageLabel(this.serviceName, image);
    return this.list().find((stored) => storedImageLabel(this.serviceName, stored.image) === label)?.image;
  }

  public delete(image: string, inUse: ReadonlySet<string>): void {
    if (!this.images.some((stored) => stored.image === image)) {
      throw errors.imageNotFound(image);
    }
    if (inUse.has(image)) {
      throw errors.imageInUse(image);
    }
    this.images = this.images.filter((stored) => stored.image !== image);
  }
}
