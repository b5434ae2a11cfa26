/** An image of a private Amazon ECR repository, as the API names it. */
export interface EcrImage {
  readonly registryId: string;
  readonly repositoryName: string;
  readonly imageId: { readonly imageTag: string } | { readonly imageDigest: string };
}

/** The part of the Amazon ECR API that the handler uses. Every method sends its call once and throws a `CallFailure`. */
export interface Ecr {
  /** `DescribeImages` for one image: whether its repository contains it. */
  hasImage(image: EcrImage): Promise<boolean>;
}

/** Host of a private registry, with its account and Region: in any partition, FIPS and dual-stack endpoints included. */
const HOST = String.raw`(\d{12})\.dkr[.-]ecr(?:-fips)?\.([a-z]+(?:-[a-z]+)+-\d+)\.[^/]+`;
const IN_A_REPOSITORY = new RegExp(`^${HOST}/`);
const IMAGE = new RegExp(String.raw`^${HOST}/([^:@]+)(?::([^:@]+)|@(sha256:[0-9a-f]{64}))$`);

/** Parses the name of an image in a deployment; undefined if it is not in a private Amazon ECR repository. */
export function ecrImage(name: string): EcrImage | undefined {
  const found = IMAGE.exec(name);
  if (!found) return undefined;

  const [, registryId, , repositoryName, imageTag, imageDigest] = found;
  return {
    registryId: registryId!,
    repositoryName: repositoryName!,
    imageId: imageTag === undefined ? { imageDigest: imageDigest! } : { imageTag },
  };
}

/** The Region in the name of an image; undefined if it is not in a private Amazon ECR repository. */
export function regionOfEcrImage(name: string): string | undefined {
  return IN_A_REPOSITORY.exec(name)?.[2];
}
