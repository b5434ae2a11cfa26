import type { SynthesizedStack } from './template';
import type { ImageResourceProperties } from '../../../lib/private/resource-properties';

export interface ImageOptions extends Partial<ImageResourceProperties> {
  /** The reference of the image in the source registry. */
  readonly Source: string;
}

/** The logical id of the image. */
export const IMAGE = 'Image';

/** The same app, whose container runs an image that is copied to the service. */
export function withImage(stack: SynthesizedStack, options: ImageOptions): SynthesizedStack {
  const deployments = Object.entries(stack.resources).filter(([, { Type }]) => Type === 'Custom::LightsailContainerServiceDeployment');
  const [[deploymentId, deployment]] = deployments;
  const properties = deployment.Properties as { ServiceName: unknown; Containers: Record<string, object> };
  const Containers = { ...properties.Containers, app: { ...properties.Containers.app, Image: { 'Fn::GetAtt': [IMAGE, 'Image'] } } };
  return {
    ...stack,
    resources: {
      ...stack.resources,
      [IMAGE]: {
        Type: 'Custom::LightsailContainerImage',
        Properties: { ServiceToken: 'images', ServiceName: properties.ServiceName, Label: 'app', KeepVersions: 3, Timeout: 1800, ...options },
      },
      [deploymentId]: { ...deployment, Properties: { ...properties, Containers } },
    },
  };
}

/** A stack of images only. */
export function imagesOnly(stack: SynthesizedStack, images: Readonly<Record<string, ImageOptions & Pick<ImageResourceProperties, 'ServiceName'>>>): SynthesizedStack {
  return {
    ...stack,
    resources: Object.fromEntries(Object.entries(images).map(([id, options]) => [id, {
      Type: 'Custom::LightsailContainerImage',
      Properties: { ServiceToken: 'images', Label: 'app', KeepVersions: 3, Timeout: 1800, ...options },
    }])),
  };
}
