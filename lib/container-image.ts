import { Token } from 'aws-cdk-lib';
import type * as ecr from 'aws-cdk-lib/aws-ecr';
import type { Construct } from 'constructs';
import { isImageReference, isPrivateEcrImage, isTag, isTagOrDigest } from './private/validation/image-reference';
import { resolveKnown } from './private/validation/known-value';
import { describeValue, validateName, validateWholeNumber } from './private/validation/validation';
import { warnAtSynthesis } from './private/warnings/synthesis-warning';

const LABEL_MAX_LENGTH = 53;

/**
 * What a `ContainerImage` is told of the deployment that uses it.
 */
export interface ContainerImageBindOptions {
  /**
   * The name of the container service that the deployment goes to. It is a token where the service is
   * created by the same app.
   */
  readonly containerServiceName: string;
}

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

  /**
   * The private Amazon ECR repository that the image is pulled from. The deployment sees to it that the
   * container service may pull from it.
   *
   * @default - nothing is done about access: the image is public, or stored on the container service
   */
  readonly ecrRepository?: ecr.IRepository;
}

/**
 * The image that a container runs. Lightsail runs images for linux/amd64 only.
 */
export abstract class ContainerImage {
  /**
   * An image of a public registry: Docker Hub, Amazon ECR Public or any other that needs no credentials.
   *
   * The name is checked at synthesis, when the image is used in a deployment. What only the deployment makes known is not checked.
   *
   * @param name the image, with its tag or digest: `nginx`, `nginx:1.27`,
   *   `public.ecr.aws/nginx/nginx:1.27`, `ghcr.io/owner/image@sha256:…`. Without a tag the registry's
   *   `latest` is meant. The repository's path is lower case.
   */
  public static fromRegistry(name: string): ContainerImage {
    return new RegistryImage(name);
  }

  /**
   * An image of a private Amazon ECR repository, which the container service is given access to.
   *
   * Before it deploys, the deployment
   *
   * - turns on the role that the container service pulls such images with. For a `ContainerService` or a `CfnContainer` of
   *   the app, it sets `privateRegistryAccess` where that is not set; it stays on for as long as an image needs it. For a
   *   service that exists already, it is turned on at deploy time, and stays on;
   * - adds a statement to the policy of the repository that allows this role, and nobody else, to pull. Where the app cannot
   *   write that policy, synthesis warns, and the warning holds the statement;
   * - waits the 30 seconds that AWS asks for, where the access is new;
   * - looks the image up, and fails if it is not there. It cannot look into a repository of another account.
   *
   * The repository has to be in the Region of the container service. A repository in another stack than the
   * deployment's needs the service in a stack of its own: the policy names the role of the service, so the
   * repository has to come after the service, and before the deployment.
   *
   * A tag that names another image now is no change: use `triggers` or a digest for that.
   *
   * @param repository the repository. It has to hold the image when the deployment is made
   * @param tagOrDigest the tag, or the digest (`sha256:…`), of the image. A token is taken for a tag. Default: `latest`
   */
  public static fromEcrRepository(repository: ecr.IRepository, tagOrDigest?: string): ContainerImage {
    return new EcrImage(repository, tagOrDigest ?? 'latest');
  }

  /**
   * An image that is stored on the container service that the deployment goes to, as `aws lightsail push-container-image`
   * puts it there: `:<service>.<label>.<version>`.
   *
   * Without a version, a new image is no change of the deployment: use `triggers` or a version for that.
   *
   * @param label the label of the image: 1-53 characters, a-z, 0-9 and hyphens, with a letter or a digit
   *   at both ends (Lightsail API: `ContainerLabel`)
   * @param version the version of the image, a whole number of at least 1. The versions of a service are counted
   *   through, whatever the label. Default: the latest of the label
   */
  public static fromContainerService(label: string, version?: number): ContainerImage {
    return new StoredImage(label, version);
  }

  /**
   * Called when the image is used in a deployment: once for each container that runs it.
   *
   * A kind of image checks here what it was given. The message of an error that it throws is told
   * with the name of the container, together with whatever else is wrong with the deployment. The
   * name that it returns is deployed as it is: besides images in registries, Lightsail knows those
   * that are stored on the container service, for example `:service.label.7`.
   *
   * @param scope the deployment that uses the image
   * @param options what the image may need to know of the deployment
   * @throws if there is no such image
   */
  public abstract bind(scope: Construct, options: ContainerImageBindOptions): ContainerImageConfig;
}

class RegistryImage extends ContainerImage {
  constructor(private readonly name: string) {
    super();
  }

  public bind(scope: Construct, _options: ContainerImageBindOptions): ContainerImageConfig {
    check(scope, 'fromRegistry', this.name, (name) => Token.isUnresolved(name) || isImageReference(name) ? []
      : [`${describeValue(name)} is not the name of an image in a registry. `
        + "Write it as [registry/]path[:tag][@sha256:digest] with a lower-case path, for example 'public.ecr.aws/nginx/nginx:1.27'."]);
    if (isPrivateEcrImage(this.name)) {
      warnAtSynthesis(scope, 'cdk-lightsail-containers:privateImageFromRegistry',
        `ContainerImage.fromRegistry(${describeValue(this.name)}) names an image in a private Amazon ECR repository, and gives the container service no access to it. `
        + 'Use ContainerImage.fromEcrRepository(), which sets up the access; for a repository that exists already, with ecr.Repository.fromRepositoryName().');
    }
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
    check(scope, 'fromEcrRepository', this.tagOrDigest, (tagOrDigest) => Token.isUnresolved(tagOrDigest) || this.isValidReference(tagOrDigest) ? []
      : [`${describeValue(tagOrDigest)} is neither a tag nor a digest. A tag has 1-128 characters: letters, digits, '_', '.' and '-', `
        + "with none of the last two first; a digest is 'sha256:' and 64 hexadecimal digits in lower case, and is none that a token stands for."]);
    return { imageName: this.repository.repositoryUriForTagOrDigest(this.tagOrDigest), ecrRepository: this.repository };
  }

  /** A token is taken for a tag. */
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

/** Checks a value that an image was given: now, and again at synthesis, when a `Lazy` in it has become something. */
function check<T>(scope: Construct, factory: string, value: T, validate: (value: T) => string[]): void {
  const errors = validate(value);
  if (errors.length > 0) throw new Error(errors.join(' '));

  scope.node.addValidation({
    validate: () => validate(resolveKnown(value, scope)).map((error) => `ContainerImage.${factory}(): ${error}`),
  });
}
