import { Token } from 'aws-cdk-lib';
import type * as ecr from 'aws-cdk-lib/aws-ecr';
import { DockerImageAsset, Platform } from 'aws-cdk-lib/aws-ecr-assets';
import type { Construct } from 'constructs';
import type { ContainerImageAssetOptions, ContainerImageCopyOptions, ContainerImageOptions } from './container-image-options';
import { platformOf } from './private/tree/asset-platform';
import { knownText } from './private/tree/known-text';
import { resolveKnown } from './private/tree/known-value';
import { validateAsset, validateAssetPlatform } from './private/validation/images/image-asset';
import { LABEL_MAX_LENGTH, validateCopy } from './private/validation/images/image-copy';
import { validateImageName, validateTag } from './private/validation/images/image-name';
import { isPrivateEcrImage, isTag, isTagOrDigest } from './private/validation/images/image-reference';
import { IMAGE_OPTIONS, validatePropertyNames } from './private/validation/property-names';
import { describeValue, isMap, isStringOrToken, validateName, validateWholeNumber } from './private/validation/validation';
import { warnAtSynthesis } from './private/warnings/synthesis-warning';

/**
 * What a `ContainerImage` receives about the deployment that uses it.
 */
export interface ContainerImageBindOptions {
  /**
   * The name of the container service of the deployment. It is a token if the app creates the service.
   */
  readonly containerServiceName: string;

  /**
   * The name of the container that uses the image.
   *
   * @default - it is not known
   */
  readonly containerName?: string;
}

/**
 * A `ContainerImage` that is bound to a deployment.
 */
export interface ContainerImageConfig {
  /**
   * The image as the Lightsail API names it, for example `public.ecr.aws/nginx/nginx:1.27`. With `copy`, the image to copy.
   *
   * Lightsail API: `Container.image`.
   */
  readonly imageName: string;

  /**
   * The private Amazon ECR repository of the image. The deployment gives the container service access to it. With `copy`, it gives
   * the handler access that copies the image.
   *
   * @default - no access is set up: the image is public, or stored on the container service
   */
  readonly ecrRepository?: ecr.IRepository;

  /**
   * How the image is copied to the registry of the container service. The container then runs the copy.
   *
   * @default - the image is not copied: Lightsail pulls it
   */
  readonly copy?: ContainerImageCopyOptions;
}

/**
 * The image that a container runs. Lightsail runs images for linux/amd64 only.
 */
export abstract class ContainerImage {
  /**
   * An image that `cdk deploy` builds from a Dockerfile.
   *
   * The CDK CLI builds the image with Docker, or with the program in `CDK_DOCKER`, and pushes it to the repository of the bootstrap stack.
   * The deployment copies it from there to the registry of the container service. Nothing has to be pushed before, and
   * the container service can be new. An unchanged directory copies nothing and deploys nothing. A rollback finds the earlier image.
   *
   * The image is built for linux/amd64 on every machine. Old versions of the image are removed: see `keepVersions`.
   *
   * The files are checked when the image is used in a deployment.
   *
   * @param directory the directory of the Dockerfile and of the files that it copies. A relative path begins at the working directory of the app:
   *   `path.join(__dirname, 'app')` does not depend on it
   * @param options how the image is built and stored
   */
  public static fromAsset(directory: string, options?: ContainerImageAssetOptions): ContainerImage {
    return new AssetImage(directory, options);
  }

  /**
   * An image that `cdk deploy` builds, as with `fromAsset()`, from a `DockerImageAsset` of the app. Several constructs can use the asset.
   *
   * Set `platform: Platform.LINUX_AMD64` in the asset. Without a platform, the image is built for the CPU of the machine that builds it, and synthesis warns.
   * Synthesis fails for another platform, if it is known.
   *
   * @param asset the asset
   * @param options how the image is stored
   */
  public static fromDockerImageAsset(asset: DockerImageAsset, options?: ContainerImageOptions): ContainerImage {
    return new DockerAssetImage(asset, options);
  }

  /**
   * A copy of an image in any registry, also of one that needs a login: Docker Hub, GitHub, GitLab, Quay, or a private Amazon ECR repository
   * of another Region or account. Lightsail itself pulls only from public registries, and from private repositories of Amazon ECR in its own Region.
   *
   * The deployment copies the image to the registry of the container service, and the container runs the copy. The image for linux/amd64 is copied.
   * A tag is looked up when the image is copied. If the tag moves to another image, CloudFormation sees no change: use `triggers` or a digest.
   *
   * The role of the handler gets access to a private Amazon ECR repository. If the repository is in another account, its policy must also allow
   * the account of the stack `ecr:BatchGetImage` and `ecr:GetDownloadUrlForLayer`.
   *
   * @param reference the image, with its tag or digest: `ghcr.io/owner/image:1.0`, `owner/image` (Docker Hub). Without a tag, `latest` is copied
   * @param options the login of the registry, and how the image is stored
   */
  public static fromCopy(reference: string, options?: ContainerImageCopyOptions): ContainerImage {
    return new CopiedImage(reference, options);
  }

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
   * `aws lightsail push-container-image` stores it there. `fromAsset()` and `fromCopy()` store an image themselves.
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
   * deployed unchanged, unless the result has `copy`. It names an image in a registry, or one that is stored on the container service,
   * for example `:service.label.7`.
   *
   * @param scope the deployment that uses the image
   * @param options what the image can use of the deployment
   * @throws if a value of the image is not valid
   */
  public abstract bind(scope: Construct, options: ContainerImageBindOptions): ContainerImageConfig;

  /**
   * For an image whose `bind()` defines constructs: what is known before. The deployment calls `bind()` only after all of it is valid.
   *
   * @internal
   */
  public _plan?(): ContainerImagePlan;
}

/** What is known about an image before it is bound. */
interface ContainerImagePlan {
  readonly errors: string[];
  /** Equal for two images that are built from the same. */
  readonly identity: string;
  readonly copy: ContainerImageCopyOptions;
}

class AssetImage extends ContainerImage {
  private readonly assets = new Map<Construct, DockerImageAsset>();

  constructor(private readonly directory: string, private readonly options: ContainerImageAssetOptions = {}) {
    super();
  }

  public override _plan(): ContainerImagePlan {
    const errors = validateAsset(this.directory, this.options);
    return { errors, copy: errors.length > 0 ? {} : copyOptionsOf(this.options), identity: `asset ${JSON.stringify([this.directory, this.options])}` };
  }

  public bind(scope: Construct, { containerName }: ContainerImageBindOptions): ContainerImageConfig {
    const { errors, copy } = this._plan();
    if (errors.length > 0) throw new Error(errors.join(' '));

    const asset = this.assets.get(scope) ?? this.defineAsset(scope, containerName);
    this.assets.set(scope, asset);
    return { imageName: asset.imageUri, ecrRepository: asset.repository, copy };
  }

  /** Once in a deployment, also for several containers. */
  private defineAsset(scope: Construct, containerName: string | undefined): DockerImageAsset {
    const { label, keepVersions, timeout, ...options } = this.options;
    const id = ['Asset', ...(containerName === undefined || Token.isUnresolved(containerName) ? [] : [containerName])].join('-');
    const sameId = scope.node.children.filter(({ node }) => node.id === id || node.id.startsWith(`${id}.`)).length;
    return new DockerImageAsset(scope, sameId === 0 ? id : `${id}.${sameId + 1}`, {
      ...options, directory: this.directory, platform: options.platform ?? Platform.LINUX_AMD64,
    });
  }
}

class DockerAssetImage extends ContainerImage {
  constructor(private readonly asset: DockerImageAsset, private readonly options: ContainerImageOptions = {}) {
    super();
  }

  public bind(scope: Construct, _options: ContainerImageBindOptions): ContainerImageConfig {
    const { asset, options } = this;
    if (!isStringOrToken(asset?.imageUri) || typeof asset?.repository?.repositoryUriForTagOrDigest !== 'function') {
      throw new Error(`${describeValue(asset)} is not a DockerImageAsset. Use one, or ContainerImage.fromAsset(directory).`);
    }
    if (!isMap(options)) throw new Error(`${describeValue(options)} is not a map of options. Use one, for example { keepVersions: 5 }.`);

    const { isKnown, platform } = platformOf(asset);
    const errors = [...validatePropertyNames('', options, IMAGE_OPTIONS), ...validateCopy(copyOptionsOf(options)), ...validateAssetPlatform(platform)];
    if (errors.length > 0) throw new Error(errors.join(' '));

    const id = 'cdk-lightsail-containers:assetWithoutPlatform';
    warnAtSynthesis(scope, id, () => !isKnown || platform !== undefined ? undefined
      : `The DockerImageAsset ${asset.node.path} has no platform, so it is built for the CPU of the machine that builds it. Lightsail runs images for linux/amd64 only: `
        + 'an image of a Mac with Apple silicon fails to deploy. Set platform: Platform.LINUX_AMD64 in the asset. '
        + `If only machines with amd64 build it, acknowledge this warning: Annotations.of(deployment).acknowledgeWarning('${id}').`);
    return { imageName: asset.imageUri, ecrRepository: asset.repository, copy: copyOptionsOf(options) };
  }
}

class CopiedImage extends ContainerImage {
  constructor(private readonly reference: string, private readonly options: ContainerImageCopyOptions = {}) {
    super();
  }

  public bind(_scope: Construct, _options: ContainerImageBindOptions): ContainerImageConfig {
    // The deployment validates what any image returns with `copy`.
    return { imageName: this.reference, copy: this.options };
  }
}

/** A change of the files changes the name of an asset, so that triggers have no use. */
function copyOptionsOf({ label, keepVersions, timeout }: ContainerImageOptions): ContainerImageCopyOptions {
  return { label, keepVersions, timeout, triggers: {} };
}

class RegistryImage extends ContainerImage {
  constructor(private readonly name: string) {
    super();
  }

  public bind(scope: Construct, _options: ContainerImageBindOptions): ContainerImageConfig {
    check(scope, 'fromRegistry', this.name, validateImageName);
    warnAtSynthesis(scope, 'cdk-lightsail-containers:privateImageFromRegistry', () => !isPrivateEcrImage(knownText(resolveKnown(this.name, scope))) ? undefined
      : `ContainerImage.fromRegistry(${describeValue(this.name)}) names an image in a private Amazon ECR repository, but does not give the container service access to it. `
        + 'Use ContainerImage.fromEcrRepository(), which sets up the access. If the repository exists already, import it with ecr.Repository.fromRepositoryName(). '
        + 'For a DockerImageAsset, use ContainerImage.fromDockerImageAsset(asset), or ContainerImage.fromAsset(directory).');
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
