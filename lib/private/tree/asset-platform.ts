import { Stack } from 'aws-cdk-lib';
import type { DockerImageAsset } from 'aws-cdk-lib/aws-ecr-assets';

/** What is known about the platform of an asset. */
export interface AssetPlatform {
  readonly isKnown: boolean;
  /** Undefined if the asset has none: it is then built for the machine that builds it. */
  readonly platform?: string;
}

interface ImageSource {
  readonly platform?: string;
}

/**
 * The platform that a `DockerImageAsset` is built for. The asset itself does not show it. The synthesizers of the CDK keep it in the manifest of
 * the assets, or in the metadata of the stack. If it is in neither, nothing is known.
 */
export function platformOf({ assetHash, node }: DockerImageAsset): AssetPlatform {
  for (let stack: Stack | undefined = Stack.of(node.scope!); stack; stack = stack.nestedStackParent) {
    const source = inManifest(stack, assetHash) ?? inMetadata(stack, assetHash);
    if (source) return { isKnown: true, platform: source.platform };
  }
  return { isKnown: false };
}

/** DefaultStackSynthesizer, CliCredentialsStackSynthesizer. */
function inManifest(stack: Stack, assetHash: string): ImageSource | undefined {
  const synthesizer = stack.synthesizer as unknown as Record<string, { dockerImages?: Record<string, { source?: ImageSource }> } | undefined>;
  // A stack of an app inherits the properties of the app's synthesizer.
  for (const name in synthesizer) {
    const images = synthesizer[name]?.dockerImages;
    for (const [id, image] of Object.entries(images ?? {})) {
      // The id of an asset with a name ends with its hash.
      if ((id === assetHash || id.endsWith(`-${assetHash}`)) && image?.source) return image.source;
    }
  }
  return undefined;
}

/** LegacyStackSynthesizer. */
function inMetadata(stack: Stack, assetHash: string): ImageSource | undefined {
  const asset = stack.node.metadata.map(({ data }) => data as { id?: string; packaging?: string; sourceHash?: string } & ImageSource | undefined)
    .find((data) => data?.packaging === 'container-image' && [data.id, data.sourceHash].includes(assetHash));
  return asset;
}
