const OCI_INDEX = 'application/vnd.oci.image.index.v1+json';
const DOCKER_LIST = 'application/vnd.docker.distribution.manifest.list.v2+json';
const OCI_MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const DOCKER_MANIFEST = 'application/vnd.docker.distribution.manifest.v2+json';

const CONFIGS = new Set(['application/vnd.oci.image.config.v1+json', 'application/vnd.docker.container.image.v1+json']);

const LAYERS = new Set([
  'application/vnd.oci.image.layer.v1.tar',
  'application/vnd.oci.image.layer.v1.tar+gzip',
  'application/vnd.oci.image.layer.v1.tar+zstd',
  'application/vnd.docker.image.rootfs.diff.tar',
  'application/vnd.docker.image.rootfs.diff.tar.gzip',
  'application/vnd.docker.image.rootfs.diff.tar.zstd',
]);

/** All types of manifests that are understood. A registry that does not find the stored type here converts it or hides it. */
export const ACCEPTED_MANIFESTS = [OCI_MANIFEST, DOCKER_MANIFEST, OCI_INDEX, DOCKER_LIST].join(', ');

export const isIndex = (mediaType: string) => mediaType === OCI_INDEX || mediaType === DOCKER_LIST;
export const isManifest = (mediaType: string) => mediaType === OCI_MANIFEST || mediaType === DOCKER_MANIFEST;
export const isSchema1 = (mediaType: string) => /^application\/vnd\.docker\.distribution\.manifest\.v1\+(?:json|prettyjws)$/.test(mediaType);
export const isImageConfig = (mediaType: string) => CONFIGS.has(mediaType);
export const isLayer = (mediaType: string) => LAYERS.has(mediaType);

/** Layers that a registry must not hand out: their content is at some other address, or nowhere. */
export const isForeignLayer = (mediaType: string) => /\.nondistributable\.|\.foreign\./.test(mediaType);

/** The type of an OCI document that names none. */
export const ociTypeOf = (document: { readonly manifests?: unknown }) => (document.manifests !== undefined ? OCI_INDEX : OCI_MANIFEST);
