import { Token } from 'aws-cdk-lib';
import type * as ecr from 'aws-cdk-lib/aws-ecr';
import type * as lightsail from 'aws-cdk-lib/aws-lightsail';
import type { Construct } from 'constructs';
import { bindCopy } from './bound-copy';
import type { ContainerImage, ContainerImageConfig } from '../../container-image';
import type { ContainerServiceDeploymentOptions } from '../../container-service-deployment-props';
import type { ImageCopy } from '../access/image-copies';
import { validateRepository } from '../access/private-registry-access';
import { IMAGE_CONFIG, validatePropertyNames } from '../validation/property-names';
import { validateNoSecretReference } from '../validation/secret-reference';
import { describeValue, isOfCdk, isStringOrToken } from '../validation/validation';

/** What uses an image. */
export interface ImageUse {
  readonly scope: Construct;
  readonly service: lightsail.IContainerRef;
  readonly containerName: string;
  /** The place of the image, for an error. */
  readonly property: string;
  /** The triggers of the deployment. */
  readonly triggers: ContainerServiceDeploymentOptions['triggers'];
}

/** The image of a container, or its errors. */
export interface BoundImage {
  /** Empty if the image is copied. */
  readonly name: string;
  /** The repository that Lightsail pulls from. */
  readonly repository?: ecr.IRepository;
  readonly copy?: ImageCopy & { readonly property: string };
  readonly errors: string[];
  readonly cause?: unknown;
}

export function bindImage(use: ImageUse, image: ContainerImage): BoundImage {
  const { property } = use;
  const failed = (error: string, cause?: unknown) => ({ name: '', errors: [`${property}: ${error}`], cause });
  if (image === undefined) return failed("missing. Use one, for example ContainerImage.fromRegistry('nginx:1.27').");
  if (typeof image === 'string') {
    return failed(`${describeValue(image)} is a string. Use ContainerImage.fromRegistry('${Token.isUnresolved(image) ? '<token>' : image}').`);
  }
  const foreign = foreignImage(image);
  if (foreign !== undefined) return failed(foreign);
  if (typeof image !== 'object' || typeof image?.bind !== 'function') {
    return failed(`${describeValue(image)} is not a ContainerImage. Use one, for example ContainerImage.fromRegistry('nginx:1.27').`);
  }

  try {
    const plan = image._plan?.();
    return plan ? bindLater(use, image, plan) : bindConfig(use, call(use, image));
  } catch (error) {
    return failed(error instanceof Error ? error.message : String(error), error);
  }
}

function call({ scope, service, containerName }: ImageUse, image: ContainerImage): ContainerImageConfig {
  // Whether it is a service is checked elsewhere, so that all errors are reported at once.
  const { serviceName: containerServiceName = '' }: Partial<lightsail.ContainerReference> = service?.containerRef ?? {};
  return image.bind(scope, { containerServiceName, containerName });
}

function bindConfig(use: ImageUse, config: ContainerImageConfig): BoundImage {
  const { property, scope, service } = use;
  const { imageName, ecrRepository: repository, copy } = config ?? {};
  if (!isStringOrToken(imageName) || imageName === '') {
    const given = copy ? describeValue(imageName) : undefined;
    return {
      name: '',
      errors: [`${property}: ${given ? `${given} is not the name of an image in a registry. Use one, for example 'ghcr.io/owner/image:1.0'.`
        : `its bind() returned ${describeValue(config)}. It must return { imageName: … }, the image in the form of the Lightsail API.`}`],
    };
  }
  const errors = [
    ...validatePropertyNames('', config, IMAGE_CONFIG).map((error) => `its bind() returned ${error}`),
    ...validateNoSecretReference('image', imageName, (factory) => `Use the name of an image. To give a secret to the container, use secrets: { NAME: ${factory} }.`)
      .map((error) => error.replace(/^image: /, '')),
  ].map((error) => `${property}: ${error}`);
  if (copy !== undefined) {
    const bound = bindCopy(use, copy, { reference: imageName, repository });
    return { name: '', copy: bound.copy, errors: [...errors, ...bound.errors], cause: bound.cause };
  }
  return {
    name: imageName,
    repository,
    errors: [...errors, ...(repository === undefined ? [] : validateRepository(repository, service, scope)).map((error) => `${property}: ${error}`)],
  };
}

/** For an image that defines constructs: only when the whole deployment is valid. */
function bindLater(use: ImageUse, image: ContainerImage, { errors, copy, identity }: ReturnType<NonNullable<ContainerImage['_plan']>>): BoundImage {
  if (errors.length > 0) return { name: '', errors: errors.map((error) => `${use.property}: ${error}`) };

  return {
    name: '',
    ...bindCopy(use, copy, {
      identity,
      define: () => {
        const { imageName: reference, ecrRepository: repository } = call(use, image);
        return { reference, repository };
      },
    }),
  };
}

/** What to use instead of an object of aws-cdk-lib that stands for an image elsewhere. Some of them have a `bind()` too. */
function foreignImage(image: unknown): string | undefined {
  if (typeof image !== 'object' || image === null) return undefined;

  const { repositoryUriForTagOrDigest, imageUri, imageTag } = image as Record<string, unknown>;
  if (typeof repositoryUriForTagOrDigest === 'function') return `${describeValue(image)} is a repository. Use ContainerImage.fromEcrRepository(repository, 'tag').`;
  if (isStringOrToken(imageUri) && isStringOrToken(imageTag)) {
    return `${describeValue(image)} is an asset. Use ContainerImage.fromDockerImageAsset(asset).`;
  }
  return isOfCdk(image) ? `${describeValue(image)} of aws-cdk-lib is not a ContainerImage of cdk-lightsail-containers. `
    + "Import ContainerImage from cdk-lightsail-containers, for example ContainerImage.fromRegistry('nginx:1.27')." : undefined;
}
