import { CustomResource, Token, type Duration } from 'aws-cdk-lib';
import type * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lightsail from 'aws-cdk-lib/aws-lightsail';
import { Construct } from 'constructs';
import { ImageProvider } from '../provider/image-provider';
import { RolePolicy } from '../provider/role-policy';
import { serviceTimeoutOf } from '../provider/service-timeout';
import type { ImageResourceAttributes, ImageResourceProperties, ResourceType } from '../resource-properties';
import { cfnContainerOf } from '../tree/cfn-container';
import { knownText, UNKNOWN } from '../tree/known-text';
import { resolveKnown } from '../tree/known-value';
import { LABEL_MAX_LENGTH } from '../validation/images/image-copy';
import { ecrRepositoryArnOf, validateKnownRepository, validateSourceReference } from '../validation/images/source-reference';
import { describeValue, validateName } from '../validation/validation';
import { usesLatestTag } from '../warnings/mutable-tag';
import { warnAtSynthesis } from '../warnings/synthesis-warning';

/** `:service.label.version`, where the service can be a token. */
const STORED_IMAGE = /^:[^.]*\.([^.]+)\.(?:\d+|latest)$/;

/** An image to copy to the registry of the container service, before anything of it is defined. */
export interface ImageCopy {
  readonly label: string;
  /** Equal for two copies that are the same. */
  readonly identity: string;
  readonly properties: Pick<ImageResourceProperties, 'Credentials' | 'KeepVersions' | 'Triggers'>;
  readonly timeout: Duration;
  /** The permissions that the handler needs to read the credentials. */
  readonly permissions: iam.PolicyStatement[];
  /** Where the image comes from. It can define constructs, and throws an error that names the container. */
  readonly source: () => ImageSource;
}

export interface ImageSource {
  readonly reference: string;
  /** The repository, if it is one of Amazon ECR that is known apart from the reference. */
  readonly repository?: ecr.IRepository;
}

interface PresentCopy extends ImageCopy {
  /** The name of the copy. */
  readonly image: string;
  readonly reference: string;
  readonly repositoryArn?: string;
}

/**
 * The images of a deployment that are copied to the registry of its container service: one resource for each label. The order is: the service,
 * the permissions, the images, the deployment.
 */
export class ImageCopies {
  private readonly present = new Map<string, PresentCopy>();

  constructor(private readonly deployment: Construct, private readonly service: lightsail.IContainerRef) {}

  /** The errors of copies beside each other and beside those that are there: a label names one image. */
  public validateNext(copies: ReadonlyArray<ImageCopy & { readonly property: string }>): string[] {
    const seen = new Map<string, string>([...this.present].map(([label, { identity }]) => [label, identity]));
    return copies.flatMap(({ label, identity, property }) => {
      const other = seen.get(label);
      seen.set(label, other ?? identity);
      return other === undefined || other === identity ? []
        : [`${property}: the label ${describeValue(label)} is already used for another image, or for other options, in this deployment. `
          + 'Set another label. To run one image in several containers, use one ContainerImage for all of them.'];
    });
  }

  /** Defines what copies an image, and returns the name of the copy. */
  public add(copy: ImageCopy): string {
    const present = this.present.get(copy.label);
    if (present) return present.image;

    const { reference, repository } = copy.source();
    const repositoryArn = repository?.repositoryArn ?? (copy.properties.Credentials ? undefined : ecrRepositoryArnOf(reference, this.deployment));
    const image = this.define(copy, reference, repositoryArn).getAttString('Image' satisfies keyof ImageResourceAttributes);
    this.present.set(copy.label, { ...copy, image, reference, repositoryArn });
    this.warnOfLatest(copy, reference);
    return image;
  }

  /**
   * The errors that can be found only at synthesis: the value of each `Lazy`, and images that are stored by hand.
   *
   * @param images the images of all containers of the deployment
   */
  public validate(images: readonly string[]): string[] {
    const copies = [...this.present.values()].map((copy) => ({ ...copy, label: resolveKnown(copy.label, this.deployment) }));
    const labels = copies.map(({ label }) => label);
    const stored = new Set(images.map((image) => STORED_IMAGE.exec(knownText(resolveKnown(image, this.deployment)))?.[1]));
    return [
      ...copies.flatMap(({ label, reference, repositoryArn, properties }) => [
        ...validateName('label', label, 'stored image', LABEL_MAX_LENGTH),
        ...validateSourceReference(resolveKnown(reference, this.deployment)),
        ...(properties.Credentials ? [] : validateKnownRepository(resolveKnown(reference, this.deployment), repositoryArn, this.deployment)),
      ]),
      ...labels.filter((label, index) => labels.indexOf(label) !== index)
        .map((label) => `containers: more than one image has the label ${describeValue(label)}. Set another label for each.`),
      ...labels.filter((label) => stored.has(label)).map((label) =>
        `containers: ContainerImage.fromContainerService(${describeValue(label)}) uses the label of an image that this deployment copies. `
        + 'Old versions of that label are removed. Set another label for the copied image.'),
    ];
  }

  /** The resource and its permissions. The handler has them before the resource is created and until after it is deleted. */
  private define({ label, properties, timeout, permissions }: ImageCopy, reference: string, repositoryArn: string | undefined): CustomResource {
    const { serviceName, containerArn } = this.service.containerRef;
    const provider = ImageProvider.of(this.deployment);
    const scope = this.scope();
    const id = Token.isUnresolved(label) ? `Token${scope.node.children.length}` : label;
    const all: ImageResourceProperties = { ServiceName: serviceName, Label: label, Source: reference, ...properties, Timeout: timeout.toSeconds() };
    const resource = new CustomResource(scope, id, {
      resourceType: 'Custom::LightsailContainerImage' satisfies ResourceType,
      serviceToken: provider.serviceToken,
      serviceTimeout: serviceTimeoutOf(timeout),
      properties: all,
    });
    resource.node.addDependency(
      provider.prerequisites, provider.permissionsFor(containerArn).toStoreImages(cfnContainerOf(this.service)?.serviceName),
    );
    if (repositoryArn !== undefined) {
      resource.node.addDependency(provider.registryLoginPolicy(), provider.pullPolicy(repositoryArn));
    }
    if (permissions.length > 0) {
      const document = new iam.PolicyDocument({ minimize: true });
      resource.node.addDependency(new RolePolicy(scope, `${id}Credentials`, provider.handlerRole, permissions, document));
    }
    return resource;
  }

  private scope(): Construct {
    return this.deployment.node.tryFindChild('Images') as Construct | undefined ?? new Construct(this.deployment, 'Images');
  }

  private warnOfLatest({ label, properties }: ImageCopy, reference: string): void {
    warnAtSynthesis(this.deployment, 'cdk-lightsail-containers:copiedImageFollowsLatest', () => {
      const known = knownText(resolveKnown(reference, this.deployment));
      const followsLatest = known.endsWith(':latest') || (!known.includes(UNKNOWN) && usesLatestTag(known));
      return properties.Triggers !== undefined || !followsLatest ? undefined
        : `The image with the label ${describeValue(label)} is a copy of ${describeValue(known.replaceAll(UNKNOWN, '<token>'))}, which uses the latest image: pushing a new image triggers no copy and no deployment. `
          + "Pin a version, tag or digest, or change `triggers` with each image, for example { build: '42' }.";
    });
  }
}
