import { copyImage, resolveImage, type CopyRequest, type CopyResult, type ResolvedImage } from './copy/copy-image';
import type { Credentials } from './registry/authenticator';
import type { ImageReference } from './registry/reference';
import type { Clock } from '../shared/clock';

/** The registries of the world. Every method throws a `RegistryFailure`. */
export interface Copier {
  /** Finds out which image a reference stands for now. */
  resolve(reference: ImageReference, credentials: Credentials | undefined, deadline: number): Promise<ResolvedImage>;

  /** Copies an image as far as the time goes. */
  copy(request: CopyRequest): Promise<CopyResult>;
}

/** Over the network. */
export function networkCopier(clock: Clock): Copier {
  return {
    resolve: (reference, credentials, deadline) => resolveImage({ reference, credentials }, deadline, { clock }),
    copy: (request) => copyImage(request, { clock }),
  };
}
