// The grammar of image references of the OCI distribution project: [registry[:port]/]path[:tag][@digest].
const REGISTRY_HOST = '(?:[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?(?::[0-9]+)?/)';
const IMAGE_PATH_PART = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*';
const TAG = '[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}';
const DIGEST = 'sha256:[a-f0-9]{64}';
const IMAGE_REFERENCE = new RegExp(`^${REGISTRY_HOST}?${IMAGE_PATH_PART}(?:/${IMAGE_PATH_PART})*(?::${TAG})?(?:@${DIGEST})?$`);
const WHOLE_TAG = new RegExp(`^${TAG}$`);
const TAG_OR_DIGEST = new RegExp(`^(?:${TAG}|${DIGEST})$`);

// <account>.dkr.ecr.<region>.amazonaws.com, and what ECR calls its FIPS and dual-stack endpoints.
const PRIVATE_ECR_HOST = /^[^/]+\.dkr[.-]ecr(?:-fips)?\.[^/]+\//;

/** Whether this is the name of an image in a registry. */
export function isImageReference(name: unknown): boolean {
  return typeof name === 'string' && IMAGE_REFERENCE.test(name);
}

export function isTag(text: unknown): boolean {
  return typeof text === 'string' && WHOLE_TAG.test(text);
}

export function isTagOrDigest(text: unknown): boolean {
  return typeof text === 'string' && TAG_OR_DIGEST.test(text);
}

/** Whether an image is in a private Amazon ECR repository, by its name. The account and Region in the name can be tokens. */
export function isPrivateEcrImage(name: unknown): boolean {
  return typeof name === 'string' && PRIVATE_ECR_HOST.test(name);
}
