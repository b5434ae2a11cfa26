import { failure, result, type JsonAnswer } from './sdk/json-server';

export interface DescribeImages {
  readonly registryId: string;
  readonly repositoryName: string;
  readonly imageIds: Array<{ readonly imageTag?: string; readonly imageDigest?: string }>;
}

/** A private Amazon ECR registry that answers DescribeImages, and nothing else. */
export class EcrRegistry {
  /** What the registry holds: the tags and digests by repository. */
  public readonly repositories = new Map<string, string[]>();

  public describeImages({ registryId, repositoryName, imageIds }: DescribeImages): JsonAnswer {
    const images = this.repositories.get(repositoryName);
    if (!images) return failure(400, 'RepositoryNotFoundException', `The repository with name '${repositoryName}' does not exist in the registry with id '${registryId}'`);

    const missing = imageIds.find(({ imageTag, imageDigest }) => !images.includes((imageTag ?? imageDigest)!));
    return missing
      ? failure(400, 'ImageNotFoundException', `The image with imageId ${JSON.stringify(missing)} does not exist within the repository with name '${repositoryName}'`)
      : result({ imageDetails: imageIds.map((imageId) => ({ registryId, repositoryName, ...imageId })) });
  }
}
