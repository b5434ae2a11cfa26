import type { Construct } from 'constructs';

/**
 * What a `ContainerImage` is, once it is bound to a deployment.
 */
export interface ContainerImageConfig {
  /**
   * The image as the Lightsail API names it, for example `public.ecr.aws/nginx/nginx:1.27`.
   *
   * Lightsail API: `Container.image`.
   */
  readonly imageName: string;
}

/**
 * The image that a container runs. Lightsail runs images for linux/amd64 only.
 */
export abstract class ContainerImage {
  /**
   * An image of a public registry: Docker Hub, Amazon ECR Public or any other that needs no credentials.
   *
   * The name is checked at synthesis, when the image is used in a deployment.
   *
   * @param name the image, with its tag or digest: `nginx`, `nginx:1.27`,
   *   `public.ecr.aws/nginx/nginx:1.27`, `ghcr.io/owner/image@sha256:…`. Without a tag the registry's
   *   `latest` is meant. The repository's path is lower case.
   */
  public static fromRegistry(name: string): ContainerImage {
    return new RegistryImage(name);
  }

  /**
   * Called when the image is used in a deployment.
   *
   * @param scope the deployment that uses the image
   */
  public abstract bind(scope: Construct): ContainerImageConfig;
}

class RegistryImage extends ContainerImage {
  constructor(private readonly name: string) {
    super();
  }

  public bind(_scope: Construct): ContainerImageConfig {
    return { imageName: this.name };
  }
}
