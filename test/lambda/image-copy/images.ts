import { randomBytes } from 'node:crypto';
import type { FakeRegistry } from './fake-registry';

export const OCI = {
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  index: 'application/vnd.oci.image.index.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar+gzip',
  zstd: 'application/vnd.oci.image.layer.v1.tar+zstd',
};

export const DOCKER = {
  manifest: 'application/vnd.docker.distribution.manifest.v2+json',
  index: 'application/vnd.docker.distribution.manifest.list.v2+json',
  config: 'application/vnd.docker.container.image.v1+json',
  layer: 'application/vnd.docker.image.rootfs.diff.tar.gzip',
};

export interface ImageOptions {
  readonly repository?: string;
  readonly tag?: string;
  readonly types?: { readonly manifest: string; readonly config: string; readonly layer: string };
  readonly layers?: readonly Buffer[];
  readonly platform?: { readonly os: string; readonly architecture: string };
  readonly change?: (manifest: any) => void;
}

/** @returns the digest of the manifest */
export function putImage(registry: FakeRegistry, {
  repository = 'team/app', tag = '1', types = OCI, layers = [randomBytes(100_000), randomBytes(300_000)], platform = { os: 'linux', architecture: 'amd64' }, change = () => {},
}: ImageOptions = {}): string {
  const config = Buffer.from(JSON.stringify({ ...platform, rootfs: { type: 'layers', diff_ids: [] } }));
  const describe = (mediaType: string, content: Buffer) => ({ mediaType, size: content.length, digest: registry.putBlob(repository, content) });
  const manifest = {
    schemaVersion: 2,
    mediaType: types.manifest,
    config: describe(types.config, config),
    layers: layers.map((layer) => describe(types.layer, layer)),
  };
  change(manifest);
  return registry.putManifest(repository, tag, manifest, types.manifest);
}
