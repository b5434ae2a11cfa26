/** Which image of which repository, as `docker pull` understands it. */
export interface ImageReference {
  /** As it is written: `docker.io` for Docker Hub, otherwise the host with its port. */
  readonly registry: string;
  readonly repository: string;
  readonly tag?: string;
  /** Wins over the tag if both are given. */
  readonly digest?: string;
}

const DOCKER_HUB = 'docker.io';

const HOST_LABEL = '(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])';
const HOST = new RegExp(`^(?:${HOST_LABEL}(?:\\.${HOST_LABEL})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]{1,5})?$`);
const REPOSITORY = /^[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*)*$/;
const TAG = /^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$/;
const DIGEST = /^sha256:[a-f0-9]{64}$/;
const MAX_NAME_LENGTH = 255;

export function isTag(text: string): boolean {
  return TAG.test(text);
}

export function isDigest(text: string): boolean {
  return DIGEST.test(text);
}

/** @throws Error that says which part is wrong, and what it must be */
export function parseReference(text: string): ImageReference {
  const wrong = (problem: string) => new Error(`${JSON.stringify(text)} is not an image reference: ${problem}.`);

  const [beforeDigest = '', digest, ...more] = text.split('@');
  if (more.length > 0) throw wrong('it has more than one "@"');
  if (digest !== undefined && !DIGEST.test(digest)) throw wrong('after "@" it must have "sha256:" and 64 digits of 0-9 and a-f');

  // The colon of a port comes before a slash, that of a tag comes after the last one.
  const tagColon = beforeDigest.indexOf(':', beforeDigest.lastIndexOf('/') + 1);
  const name = tagColon < 0 ? beforeDigest : beforeDigest.slice(0, tagColon);
  const tag = tagColon < 0 ? undefined : beforeDigest.slice(tagColon + 1);
  if (tag !== undefined && !TAG.test(tag)) throw wrong('a tag has 1 to 128 characters: letters, digits, "_", "." and "-". It does not begin with "." or "-"');

  const { registry, repository } = splitName(name);
  if (!HOST.test(registry)) throw wrong(`${JSON.stringify(registry)} is not the name of a host`);
  if (!REPOSITORY.test(repository)) {
    throw wrong('the repository has small letters and digits, separated by "/", ".", "_", "__" or "-"');
  }
  if (name.length > MAX_NAME_LENGTH) throw wrong(`a name has at most ${MAX_NAME_LENGTH} characters`);

  return { registry, repository, ...(tag !== undefined && { tag }), ...(digest !== undefined && { digest }) };
}

/** The part of a manifest's address that names it: the digest, the tag, or else the tag `latest`. */
export function manifestName({ tag, digest }: ImageReference): string {
  return digest ?? tag ?? 'latest';
}

/** The host that speaks the registry's protocol. Docker Hub has another one than its name says. */
export function registryHost(registry: string): string {
  return registry === DOCKER_HUB || registry === 'index.docker.io' ? 'registry-1.docker.io' : registry;
}

function splitName(name: string): { registry: string; repository: string } {
  const slash = name.indexOf('/');
  const first = name.slice(0, Math.max(slash, 0));
  // Docker's rule: without a dot, a colon or a capital letter it is a part of a name on Docker Hub.
  const hasHost = slash > 0 && (/[.:A-Z]/.test(first) || first === 'localhost');
  const registry = hasHost ? first : DOCKER_HUB;
  const repository = hasHost ? name.slice(slash + 1) : name;
  const isOfficial = registryHost(registry) === registryHost(DOCKER_HUB) && !repository.includes('/');
  return { registry, repository: isOfficial ? `library/${repository}` : repository };
}
