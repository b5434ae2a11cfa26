import { Token } from 'aws-cdk-lib';
import type * as ecr from 'aws-cdk-lib/aws-ecr';
import type { Construct } from 'constructs';
import { knownText } from './private/tree/known-text';
import { resolveKnown } from './private/tree/known-value';
import { validateImageName, validateTag } from './private/validation/image-name';
import { isPrivateEcrImage, isTag, isTagOrDigest } from './private/validation/image-reference';
import { describeValue, validateName, validateWholeNumber } from './private/validation/validation';
import { warnAtSynthesis } from './private/warnings/synthesis-warning';

const LABEL_MAX_LENGTH = 53;

/**
 * What a `ContainerImage` receives about the deployment that uses it.
 */
export interface ContainerImageBindOptions {
  /**
   * The name of the container service of the deployment. It is a token if the app creates the service.
   */
  readonly containerServiceName: string;
}

/**
 * A `ContainerImage` that is bound to a deployment.
 */
export interface ContainerImageConfig {
  /**
   * The image as the Lightsail API names it, for example `public.ecr.aws/nginx/nginx:1.27`.
   *
   * Lightsail API: `Container.image`.
   */
  readonly imageName: string;

  /**
   * The private Amazon ECR repository of the image. The deployment gives the container service access to it.
   *
   * @default - no access is set up: the image is public, or stored on the container service
   */
  readonly ecrRepository?: ecr.IRepository;
}

/**
 * The image that a container runs. Lightsail runs images for linux/amd64 only.
 */
export abstract class ContainerImage {
  /**
   * An image in a public registry: Docker Hub, Amazon ECR Public or any other that needs no credentials.
   *
   * The name is checked when the image is used in a deployment. A value that is known only at deploy time is not checked.
   *
   * @param name the image, with its tag or digest: `nginx`, `nginx:1.27`,
   *   `public.ecr.aws/nginx/nginx:1.27`, `ghcr.io/owner/image@sha256:…`. Without a tag, the registry's
   *   `latest` is used. The path of the repository is lower case.
   */
  public static fromRegistry(name: string): ContainerImage {
    return new RegistryImage(name);
  }

  /**
   * An image in a private Amazon ECR repository. The deployment gives the container service access to it.
   *
   * Before it deploys, the deployment
   *
   * - activates the role that pulls private images for the container service. For a `ContainerService` or a `CfnContainer` of
   *   the app, it sets `privateRegistryAccess` if that is not set. The role stays active as long as an image needs it.
   *   For a service that exists already, the role is activated at deploy time and stays active;
   * - adds a statement to the policy of the repository that allows only this role to pull. If the app cannot
   *   write that policy, synthesis warns and shows the statement;
   * - waits 30 seconds, as AWS recommends, if the access is new;
   * - checks that the repository contains the image, and fails if it does not. It cannot check a repository of another account.
   *
   * The repository must be in the Region of the container service. If the repository is in another stack than the
   * deployment, the service needs a stack of its own. The policy names the role of the service, so the
   * repository comes after the service and before the deployment.
   *
   * If the tag moves to another image, CloudFormation sees no change: use `triggers` or a digest.
   *
   * @param repository the repository. It must contain the image when the deployment is made
   * @param tagOrDigest the tag or the digest (`sha256:…`) of the image. A token is used as a tag. Default: `latest`
   */
  public static fromEcrRepository(repository: ecr.IRepository, tagOrDigest?: string): ContainerImage {
    return new EcrImage(repository, tagOrDigest ?? 'latest');
  }

  /**
   * An image that is stored on the container service of the deployment: `:<service>.<label>.<version>`.
   * `aws lightsail push-container-image` stores it there.
   *
   * Without a version, CloudFormation sees no change when you push a new image: use `triggers` or a version.
   *
   * @param label the label of the image: 1-53 characters, a-z, 0-9 and hyphens, with a letter or a digit
   *   at both ends (Lightsail API: `ContainerLabel`)
   * @param version the version of the image, a whole number of at least 1. All labels of a service share one
   *   sequence of versions. Default: the latest of the label
   */
  public static fromContainerService(label: string, version?: number): ContainerImage {
    return new StoredImage(label, version);
  }

  /**
   * Called when the image is used in a deployment: once for each container that runs it.
   *
   * A subclass validates its values here. The message of an error that it throws is shown with the name
   * of the container, together with all other errors of the deployment. The name that it returns is
   * deployed unchanged. It names an image in a registry, or one that is stored on the container service,
   * for example `:service.label.7`.
   *
   * @param scope the deployment that uses the image
   * @param options what the image can use of the deployment
   * @throws if a value of the image is not valid
   */
  public abstract bind(scope: Construct, options: ContainerImageBindOptions): ContainerImageConfig;
}

class RegistryImage extends ContainerImage {
  constructor(private readonly name: string) {
    super();
  }

  public bind(scope: Construct, _options: ContainerImageBindOptions): ContainerImageConfig {
    check(scope, 'fromRegistry', this.name, validateImageName);
    warnAtSynthesis(scope, 'cdk-lightsail-containers:privateImageFromRegistry', () => !isPrivateEcrImage(knownText(resolveKnown(this.name, scope))) ? undefined
      : `ContainerImage.fromRegistry(${describeValue(this.name)}) names an image in a private Amazon ECR repository, but does not give the container service access to it. `
        + 'Use ContainerImage.fromEcrRepository(), which sets up the access. For a repository that exists already, use it with ecr.Repository.fromRepositoryName(). '
        + 'For a DockerImageAsset, use ContainerImage.fromEcrRepository(asset.repository, asset.imageTag).');
    return { imageName: this.name };
  }
}

class EcrImage extends ContainerImage {
  constructor(private readonly repository: ecr.IRepository, private readonly tagOrDigest: string) {
    super();
  }

  public bind(scope: Construct, _options: ContainerImageBindOptions): ContainerImageConfig {
    if (typeof this.repository?.repositoryUriForTagOrDigest !== 'function') {
      throw new Error(`${describeValue(this.repository)} is not an Amazon ECR repository. Give an ecr.Repository, `
        + "or ecr.Repository.fromRepositoryName(this, 'Repository', 'name').");
    }
    check(scope, 'fromEcrRepository', this.tagOrDigest, (tagOrDigest) => Token.isUnresolved(tagOrDigest) || this.isValidReference(tagOrDigest) ? validateTag(tagOrDigest)
      : [`${describeValue(tagOrDigest)} is neither a tag nor a digest. A tag has 1-128 characters: letters, digits, '_', '.' and '-', `
        + "and does not begin with '.' or '-'. A digest is 'sha256:' and 64 lower-case hexadecimal digits, and cannot be given as a token."]);
    return { imageName: this.repository.repositoryUriForTagOrDigest(this.tagOrDigest), ecrRepository: this.repository };
  }

  /** A token is used as a tag. */
  private isValidReference(tagOrDigest: unknown): boolean {
    return Token.isUnresolved(this.tagOrDigest) ? isTag(tagOrDigest) : isTagOrDigest(tagOrDigest);
  }
}

class StoredImage extends ContainerImage {
  constructor(private readonly label: string, private readonly version: number | undefined) {
    super();
  }

  public bind(scope: Construct, { containerServiceName }: ContainerImageBindOptions): ContainerImageConfig {
    check(scope, 'fromContainerService', { label: this.label, version: this.version }, ({ label, version }) => [
      ...validateName('label', label, 'stored image', LABEL_MAX_LENGTH),
      ...validateWholeNumber('version', version, 1),
    ]);

    return { imageName: `:${containerServiceName}.${this.label}.${this.version ?? 'latest'}` };
  }
}

/** Validates a value of an image twice: now, and at synthesis, when each `Lazy` in it is known. */
function check<T>(scope: Construct, factory: string, value: T, validate: (value: T) => string[]): void {
  const errors = validate(value);
  if (errors.length > 0) throw new Error(errors.join(' '));

  scope.node.addValidation({
    validate: () => validate(resolveKnown(value, scope)).map((error) => `ContainerImage.${factory}(): ${error}`),
  });
}
