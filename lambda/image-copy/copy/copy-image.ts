import { BlobCopies } from './blob-copies';
import { DEFAULT_TIMEOUTS, seconds } from '../http/http-client';
import { RegistryFailure } from '../http/registry-failure';
import { OutOfTime, retrying, type Patience } from '../http/retry';
import { controller } from '../http/signals';
import { blobsOf, humanSize, namingItsType, type ImageManifest } from '../registry/manifest';
import { Puller } from '../registry/puller';
import { Pusher } from '../registry/pusher';
import { manifestName, type ImageReference } from '../registry/reference';
import { RepositoryClient, type CopyEnvironment, type Repository } from '../registry/repository-client';

/** What a reference stands for at the time that it is asked. */
export interface ResolvedImage {
  /** The digest of the manifest for linux/amd64, also if the reference leads to an index. */
  readonly digest: string;
  /** The digest that the image has at registries that take it only with a manifest that names its type; equal to `digest` if it does. */
  readonly digestNamingItsType: string;
  /** What has to be copied to a registry that has none of it. */
  readonly blobs: Amount;
}

export interface Amount {
  readonly count: number;
  readonly bytes: number;
}

export interface CopyRequest {
  readonly source: Repository;
  /** The digest that `resolveImage` found. */
  readonly digest: string;
  readonly target: Repository;
  /** The tag under which the manifest is pushed. Best one that was never used: registries may refuse to move a tag. */
  readonly tag: string;
  /** From this time on no blob is begun, in milliseconds since the epoch. */
  readonly yieldAt: number;
  /** At this time what is at work is cut. Leave time for that before the process is ended. */
  readonly deadline: number;
}

export type CopyResult = FinishedCopy | UnfinishedCopy;

export interface FinishedCopy {
  readonly isFinished: true;
  /** The digest of the manifest that was pushed. */
  readonly digest: string;
  /** What was sent by this call. */
  readonly copied: Amount;
}

/** Call again: what the target has is not sent again. */
export interface UnfinishedCopy {
  readonly isFinished: false;
  readonly copied: Amount;
  readonly missing: Amount;
  /** The last failure that may pass, if there was one that kept a blob from being copied. */
  readonly trouble?: RegistryFailure;
  /** A registry asked to wait until then. */
  readonly notBefore?: number;
}

/** Finds out which image a reference stands for, and refuses what Lightsail cannot run. Throws a `RegistryFailure`. */
export async function resolveImage(
  source: Omit<Repository, 'registry' | 'repository'> & { readonly reference: ImageReference }, deadline: number, environment: CopyEnvironment,
): Promise<ResolvedImage> {
  const { reference, ...access } = source;
  const name = manifestName(reference);
  const client = new RepositoryClient({ ...access, registry: reference.registry, repository: reference.repository }, 'source', environment);
  return withDeadline(deadline, environment, [client], async (patience) => {
    const puller = new Puller(client);
    const image = await retrying(patience, async () => puller.image(name, patience.signal));
    await retrying(patience, async () => puller.checkPlatform(image, name, patience.signal));
    const blobs = blobsOf(image);
    return {
      digest: image.digest,
      digestNamingItsType: image.namesItsType ? image.digest : namingItsType(image).digest,
      blobs: { count: blobs.length, bytes: blobs.reduce((sum, { size }) => sum + size, 0) },
    };
  }).catch((error: unknown) => {
    if (!(error instanceof OutOfTime)) throw error;
    throw error.trouble ?? client.problem('transient', `image ${name}`, 'the registry did not answer in time');
  });
}

/**
 * Copies as much of the image for one platform as the time allows. It never stores or changes a layer. It does not send what the target has:
 * the call after one that did not finish, or was killed, continues there.
 *
 * Throws a `RegistryFailure` if the copy cannot succeed, or not now.
 */
export async function copyImage(request: CopyRequest, environment: CopyEnvironment): Promise<CopyResult> {
  const source = new RepositoryClient(request.source, 'source', environment);
  const target = new RepositoryClient(request.target, 'target', environment);
  let copies: BlobCopies | undefined;
  try {
    return await withDeadline(request.deadline, environment, [source, target], async (patience) => {
      const puller = new Puller(source);
      const pusher = new Pusher(target);
      const [image, isThere] = await Promise.all([
        retrying(patience, async () => puller.image(request.digest, patience.signal)),
        retrying(patience, async () => pusher.hasManifest(request.digest, patience.signal)),
      ]);
      const idleMs = environment.timeouts?.idleMs ?? DEFAULT_TIMEOUTS.idleMs;
      copies = new BlobCopies({ source: puller, target: pusher, patience, idleMs }, request.yieldAt, blobsOf(image));

      for (let round = 1; ; round += 1) {
        // Registries keep what a manifest names. One that does not answers the manifest with MANIFEST_BLOB_UNKNOWN.
        if (isThere && round === 1) copies.assumeAllIsThere();
        else await copies.run();
        if (copies.missing.count > 0) throw new OutOfTime(copies.trouble, copies.notBefore);
        try {
          return { isFinished: true, digest: await pushManifest(pusher, image, request.tag, patience), copied: copies.copied } as const;
        } catch (error) {
          // Some layer went away since, or was never there.
          if (!(error instanceof RegistryFailure) || error.code !== 'MANIFEST_BLOB_UNKNOWN' || round > 1) throw error;
          copies.forgetWhatIsThere();
        }
      }
    });
  } catch (error) {
    if (!(error instanceof OutOfTime)) throw error;
    const tooSlow = copies?.slowest;
    if (tooSlow && copies?.copied.count === 0) throw slowFailure(tooSlow, source, target);
    return {
      isFinished: false,
      copied: copies?.copied ?? NOTHING,
      missing: copies?.missing ?? NOTHING,
      trouble: error.trouble ?? copies?.trouble,
      notBefore: error.notBefore ?? copies?.notBefore,
    };
  }
}

const NOTHING: Amount = { count: 0, bytes: 0 };

/** @returns the digest that the image has at the target */
async function pushManifest(pusher: Pusher, image: ImageManifest, tag: string, patience: Patience): Promise<string> {
  let manifest = { body: image.body, mediaType: image.mediaType, digest: image.digest };
  return retrying(patience, async (number) => {
    try {
      await pusher.putManifest(manifest, tag, patience.signal);
    } catch (error) {
      if (!(error instanceof RegistryFailure)) throw error;
      // An earlier try, whose answer got lost, has pushed it: a tag that is new here is refused only because of that.
      const isThere = number > 1 && error.kind === 'refused' && /immutable|already exists/i.test(error.message);
      if (isThere) return manifest.digest;
      // Amazon ECR has refused manifests that do not name their type.
      const mayNameItsType = error.kind === 'refused' && error.code !== 'MANIFEST_BLOB_UNKNOWN' && !image.namesItsType && manifest.digest === image.digest;
      if (!mayNameItsType) throw error;
      manifest = namingItsType(image);
      await pusher.putManifest(manifest, tag, patience.signal);
    }
    return manifest.digest;
  });
}

/** Calls the action with what it needs to stop in time, and closes all connections after it. */
async function withDeadline<T>(
  deadline: number, { clock, random = Math.random }: CopyEnvironment, clients: readonly RepositoryClient[],
  action: (patience: Patience) => Promise<T>,
): Promise<T> {
  const end = controller();
  const timer = setTimeout(() => end.abort(new OutOfTime()), Math.max(0, deadline - clock.now()));
  try {
    return await action({ clock, random, until: deadline, signal: end.signal });
  } finally {
    clearTimeout(timer);
    end.abort(new Error('the copy has ended'));
    clients.forEach((client) => client.close());
  }
}

/** A blob that had all the time of one call and did not end would not end in the next one, either. */
function slowFailure(
  { blob, received, elapsedMs, waitedForTargetMs }: NonNullable<BlobCopies['slowest']>, source: RepositoryClient, target: RepositoryClient,
): RegistryFailure {
  const isTargetSlow = waitedForTargetMs > elapsedMs / 2;
  const rate = `${humanSize(Math.round(received / (elapsedMs / 1000)))} a second`;
  return (isTargetSlow ? target : source).problem('transient', blob.what,
    `only ${humanSize(received)} were copied in ${seconds(elapsedMs)} (${rate}), which is all the time that one call has`,
    `The ${isTargetSlow ? 'target' : 'source'} is slow, or the function that copies has too little memory and so too little CPU. Make the layer smaller, or deploy again.`,
    'TOO_SLOW');
}
