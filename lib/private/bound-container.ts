import { Token } from 'aws-cdk-lib';
import type * as ecr from 'aws-cdk-lib/aws-ecr';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type * as lightsail from 'aws-cdk-lib/aws-lightsail';
import type { Construct } from 'constructs';
import { bindSecrets } from './bound-secrets';
import { containerFaults } from './container-validation';
import { repositoryFaults } from './private-registry-access';
import type { ContainerResourceProperties } from './resource-properties';
import { given, isMap, isStringOrToken } from './validation';
import type { ContainerImage } from '../container-image';
import type { ContainerProps } from '../container-props';

/** A container as it stands in the template, or what keeps it from that. */
export interface BoundContainer {
  readonly name: string;
  readonly properties: ContainerResourceProperties;
  /** The private repository that the image is pulled from. */
  readonly repository?: ecr.IRepository;
  /** What the handler needs to read the secrets. */
  readonly permissions: PolicyStatement[];
  readonly faults: string[];
  /** What the image or a secret threw. */
  readonly cause?: unknown;
}

/** Binds a container's image and secrets to a deployment, whatever else is wrong with the container, so that all faults come out at once. */
export function bindContainer(scope: Construct, service: lightsail.IContainerRef, name: string, props: ContainerProps): BoundContainer {
  const property = `containers.${Token.isUnresolved(name) ? '<token>' : name}`;
  const faults = containerFaults(property, name, props);
  if (!isMap(props)) return { name, properties: { Image: '' }, permissions: [], faults };

  const image = bindImage(scope, service, `${property}.image`, props.image);
  const secrets = bindSecrets(scope, `${property}.secrets`, props);
  return {
    name,
    properties: {
      Image: image.name, Command: props.command, Environment: props.environment, Secrets: secrets.properties, Ports: props.ports,
    },
    repository: image.repository,
    permissions: secrets.permissions,
    faults: [...faults, ...image.faults, ...secrets.faults],
    cause: image.cause ?? secrets.cause,
  };
}

interface BoundImage {
  readonly name: string;
  readonly repository?: ecr.IRepository;
  readonly faults: string[];
  readonly cause?: unknown;
}

function bindImage(scope: Construct, service: lightsail.IContainerRef, property: string, image: ContainerImage): BoundImage {
  const failed = (fault: string, cause?: unknown) => ({ name: '', faults: [`${property}: ${fault}`], cause });
  if (image === undefined) return failed("missing. Give one, for example ContainerImage.fromRegistry('nginx:1.27').");
  if (typeof image === 'string') {
    return failed(`${given(image)} is a string. Use ContainerImage.fromRegistry('${Token.isUnresolved(image) ? '<token>' : image}').`);
  }
  if (typeof image !== 'object' || typeof image?.bind !== 'function') {
    return failed(`${given(image)} is not a ContainerImage. Give one, for example ContainerImage.fromRegistry('nginx:1.27').`);
  }

  // That it is a service is checked beside this, so that all faults come out at once.
  const { serviceName: containerServiceName = '' }: Partial<lightsail.ContainerReference> = service?.containerRef ?? {};
  try {
    const config = image.bind(scope, { containerServiceName });
    const { imageName, ecrRepository: repository } = config ?? {};
    if (!isStringOrToken(imageName) || imageName === '') {
      return failed(`its bind() returned ${given(config)}. It must return { imageName: … }, the image as the Lightsail API names it.`);
    }
    const faults = repository === undefined ? [] : repositoryFaults(repository, service, scope);
    return { name: imageName, repository, faults: faults.map((fault) => `${property}: ${fault}`) };
  } catch (error) {
    return failed(error instanceof Error ? error.message : String(error), error);
  }
}
