import { copyImage, resolveImage, type CopyRequest, type CopyResult, type ResolvedImage } from './copy/copy-image';
import type { Credentials } from './http/authenticator';
import type { ImageReference } from './registry/reference';
import type { CopyEnvironment, Repository } from './registry/repository-client';

/** The registries of the world. Every method throws a `RegistryFailure`. */
export interface Copier {
  /** Finds out which image a reference stands for now. */
  resolve(reference: ImageReference, credentials: Credentials | undefined, deadline: number): Promise<ResolvedImage>;

  /** Copies as much of an image as the time allows. */
  copy(request: CopyRequest): Promise<CopyResult>;
}

/** Where a registry is found, and how it is trusted. */
export type Place = Pick<Repository, 'registry' | 'certificateAuthority' | 'plainHttp'>;

/**
 * Over the network.
 *
 * @param placeOf the place of a registry; by default, each is at the host that its name is, with a certificate that all trust
 */
export function networkCopier(environment: CopyEnvironment, placeOf: (registry: string) => Place = (registry) => ({ registry })): Copier {
  return {
    resolve: (reference, credentials, deadline) => {
      const { registry, ...access } = placeOf(reference.registry);
      return resolveImage({ ...access, credentials, reference: { ...reference, registry } }, deadline, environment);
    },
    copy: ({ source, target, ...request }) => copyImage({
      ...request, source: { ...source, ...placeOf(source.registry) }, target: { ...target, ...placeOf(target.registry) },
    }, environment),
  };
}
