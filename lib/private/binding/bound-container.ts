import { Token } from 'aws-cdk-lib';
import type * as ecr from 'aws-cdk-lib/aws-ecr';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type * as lightsail from 'aws-cdk-lib/aws-lightsail';
import type { Construct } from 'constructs';
import { bindImage } from './bound-image';
import { bindSecrets } from './bound-secrets';
import { renderPorts } from './rendering';
import type { ContainerProps } from '../../container-props';
import type { ContainerServiceDeploymentOptions } from '../../container-service-deployment-props';
import type { ImageCopy } from '../access/image-copies';
import type { ContainerResourceProperties } from '../resource-properties';
import { validateContainer } from '../validation/container-validation';
import { isMap } from '../validation/validation';

/** A container as resource properties, or its errors. */
export interface BoundContainer {
  readonly name: string;
  readonly properties: ContainerResourceProperties;
  /** The private repository of the image. */
  readonly repository?: ecr.IRepository;
  /** The image, if it is copied. The properties then have no image yet. */
  readonly copy?: ImageCopy & { readonly property: string };
  /** The permissions that the handler needs to read the secrets. */
  readonly permissions: PolicyStatement[];
  readonly errors: string[];
  /** The error that the image or a secret threw. */
  readonly cause?: unknown;
}

/** Binds a container's image and secrets to a deployment. It continues after an error, so that all errors are reported at once. */
export function bindContainer(
  scope: Construct, service: lightsail.IContainerRef, name: string, props: ContainerProps, triggers?: ContainerServiceDeploymentOptions['triggers'],
): BoundContainer {
  const property = `containers.${Token.isUnresolved(name) ? '<token>' : name}`;
  const errors = validateContainer(property, name, props);
  if (!isMap(props)) return { name, properties: { Image: '' }, permissions: [], errors };

  const image = bindImage({ scope, service, containerName: name, property: `${property}.image`, triggers }, props.image);
  const secrets = bindSecrets(scope, `${property}.secrets`, props);
  return {
    name,
    properties: {
      Image: image.name, Command: props.command, Environment: props.environment, Secrets: secrets.properties, Ports: renderPorts(props.ports),
    },
    repository: image.repository,
    copy: image.copy,
    permissions: secrets.permissions,
    errors: [...errors, ...image.errors, ...secrets.errors],
    cause: image.cause ?? secrets.cause,
  };
}
