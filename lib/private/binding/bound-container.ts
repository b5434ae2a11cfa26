import { Token } from 'aws-cdk-lib';
import type * as ecr from 'aws-cdk-lib/aws-ecr';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type * as lightsail from 'aws-cdk-lib/aws-lightsail';
import type { Construct } from 'constructs';
import { bindSecrets } from './bound-secrets';
import { renderPorts } from './rendering';
import type { ContainerImage } from '../../container-image';
import type { ContainerProps } from '../../container-props';
import { validateRepository } from '../access/private-registry-access';
import type { ContainerResourceProperties } from '../resource-properties';
import { validateContainer } from '../validation/container-validation';
import { IMAGE_CONFIG, validatePropertyNames } from '../validation/property-names';
import { validateNoSecretReference } from '../validation/secret-reference';
import { describeValue, isMap, isOfCdk, isStringOrToken } from '../validation/validation';

/** A container as resource properties, or its errors. */
export interface BoundContainer {
  readonly name: string;
  readonly properties: ContainerResourceProperties;
  /** The private repository of the image. */
  readonly repository?: ecr.IRepository;
  /** The permissions that the handler needs to read the secrets. */
  readonly permissions: PolicyStatement[];
  readonly errors: string[];
  /** The error that the image or a secret threw. */
  readonly cause?: unknown;
}

/** Binds a container's image and secrets to a deployment. It continues after an error, so that all errors are reported at once. */
export function bindContainer(scope: Construct, service: lightsail.IContainerRef, name: string, props: ContainerProps): BoundContainer {
  const property = `containers.${Token.isUnresolved(name) ? '<token>' : name}`;
  const errors = validateContainer(property, name, props);
  if (!isMap(props)) return { name, properties: { Image: '' }, permissions: [], errors };

  const image = bindImage(scope, service, `${property}.image`, props.image);
  const secrets = bindSecrets(scope, `${property}.secrets`, props);
  return {
    name,
    properties: {
      Image: image.name, Command: props.command, Environment: props.environment, Secrets: secrets.properties, Ports: renderPorts(props.ports),
    },
    repository: image.repository,
    permissions: secrets.permissions,
    errors: [...errors, ...image.errors, ...secrets.errors],
    cause: image.cause ?? secrets.cause,
  };
}

interface BoundImage {
  readonly name: string;
  readonly repository?: ecr.IRepository;
  readonly errors: string[];
  readonly cause?: unknown;
}

function bindImage(scope: Construct, service: lightsail.IContainerRef, property: string, image: ContainerImage): BoundImage {
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

  // Whether it is a service is checked elsewhere, so that all errors are reported at once.
  const { serviceName: containerServiceName = '' }: Partial<lightsail.ContainerReference> = service?.containerRef ?? {};
  try {
    const config = image.bind(scope, { containerServiceName });
    const { imageName, ecrRepository: repository } = config ?? {};
    if (!isStringOrToken(imageName) || imageName === '') {
      return failed(`its bind() returned ${describeValue(config)}. It must return { imageName: … }, the image in the form of the Lightsail API.`);
    }
    const errors = [
      ...validatePropertyNames('', config, IMAGE_CONFIG).map((error) => `its bind() returned ${error}`),
      ...validateNoSecretReference('image', imageName, (factory) => `Use the name of an image. To give a secret to the container, use secrets: { NAME: ${factory} }.`)
        .map((error) => error.replace(/^image: /, '')),
      ...(repository === undefined ? [] : validateRepository(repository, service, scope)),
    ];
    return { name: imageName, repository, errors: errors.map((error) => `${property}: ${error}`) };
  } catch (error) {
    return failed(error instanceof Error ? error.message : String(error), error);
  }
}

/** What to use instead of an object of aws-cdk-lib that stands for an image elsewhere. Some of them have a `bind()` too. */
function foreignImage(image: unknown): string | undefined {
  if (typeof image !== 'object' || image === null) return undefined;

  const { repositoryUriForTagOrDigest, imageUri, imageTag } = image as Record<string, unknown>;
  if (typeof repositoryUriForTagOrDigest === 'function') return `${describeValue(image)} is a repository. Use ContainerImage.fromEcrRepository(repository, 'tag').`;
  if (isStringOrToken(imageUri) && isStringOrToken(imageTag)) {
    return `${describeValue(image)} is an asset. Use ContainerImage.fromEcrRepository(asset.repository, asset.imageTag).`;
  }
  return isOfCdk(image) ? `${describeValue(image)} of aws-cdk-lib is not a ContainerImage of cdk-lightsail-containers. `
    + "Import ContainerImage from cdk-lightsail-containers, for example ContainerImage.fromRegistry('nginx:1.27')." : undefined;
}
