import { randomBytes } from 'node:crypto';
import type { Amount, FinishedCopy } from './copy/copy-image';
import type { ImageDependencies } from './image-dependencies';
import type { ImageProgress, ImageRequest, SourceImage, WantedImage } from './image-request';
import { versionsOf, versionWith, type LabelVersion } from './label-versions';
import { OldVersions } from './old-versions';
import { previousImage } from './previous-image';
import { humanSize } from './registry/manifest';
import { RegistryCall, registryCall } from './registry-call';
import { sourceAccess } from './source-access';
import type { ImageResourceAttributes } from '../../lib/private/resource-properties';
import { CallFailure } from '../clients/call-failure';
import type { RegistryLogin } from '../clients/lightsail-images';
import { deadlinesOf } from '../shared/polling/deadlines';
import { poll, type Step } from '../shared/polling/poll';
import { RequestMemory } from '../shared/polling/request-memory';
import { unlessThrottled } from '../shared/polling/retried-reads';
import { RetryPolicy } from '../shared/polling/retry-policy';
import { ResourceFailure } from '../shared/reasons/resource-failure';
import { StackOperation } from '../shared/stack-operation';

/** The repository of Lightsail's registry that takes all images. It keeps those that are registered. */
const REPOSITORY = 'sr';

/** As many images are stored on a service. */
const MAX_IMAGES = 150;

/** A new service may not have its registry yet. */
const REGISTRY_PATIENCE_MS = 120_000;

/** A source that has only so long to answer is asked by the next call. */
const MIN_RESOLVE_MS = 5_000;

const REMOVED_MS = 1_000;

/** How long one call of the handler copies. */
export interface Slice {
  /** From then on no layer is begun, in milliseconds since the epoch. */
  readonly yieldAt: number;
  /** At this time what is at work is cut. */
  readonly deadline: number;
}

/** What the calls of one request remember. It makes reasons better, and waits as registries ask. */
interface Memory {
  readonly retry: RetryPolicy;
  /** A registry asked to wait until then, in milliseconds since the epoch. */
  notBefore: number;
  /** What the last slice left. */
  missing?: Amount;
  /** What kept a layer from being copied in the last slice. */
  trouble?: string;
}

interface StepContext {
  readonly memory: Memory;
  /** When onEvent began, in milliseconds since the epoch. */
  readonly startedAt: number;
  readonly slice: Slice;
}

/**
 * Carries a Create or an Update to its end: finds out what the source's reference stands for, copies that image to the registry of the
 * service, registers it once, and removes old versions. Each call derives from what is stored how far the ones before have come.
 */
export class ImageLifecycle {
  private readonly memory = new RequestMemory<Memory>();
  private readonly oldVersions: OldVersions;

  constructor(private readonly dependencies: ImageDependencies) {
    this.oldVersions = new OldVersions(dependencies);
  }

  /** Finds out what is to be registered. If a registry does not answer now, a later call does it. */
  public async begin(request: ImageRequest): Promise<ImageProgress> {
    const { clock } = this.dependencies;
    const startedAt = clock.now();
    const { patience } = deadlinesOf(startedAt, request.timeoutSeconds);
    const memory = this.memory.restart(request.requestId, newMemory(startedAt));

    const wanted = await poll<WantedImage>(this.dependencies, {
      requestId: request.requestId,
      retry: memory.retry,
      deadline: Infinity,
      yieldAt: patience,
      step: async () => {
        await this.requireService(request);
        return { done: await this.find(request, memory, Math.max(patience, clock.now() + MIN_RESOLVE_MS)) };
      },
      lastStart: () => Infinity,
      failed: (failure) => notRegistered(request, failure.message),
      timedOut: (failure) => timedOut(request, memory, failure),
    });
    return { startedAt, ...(wanted && { wanted }) };
  }

  /**
   * Copies and registers as much as the slice allows.
   *
   * @returns the attributes, or undefined if it is to be called again
   */
  public async waitUntilRegistered(
    request: ImageRequest, { startedAt, wanted }: ImageProgress, slice: Slice,
  ): Promise<ImageResourceAttributes | undefined> {
    const { clock } = this.dependencies;
    const { answer } = deadlinesOf(startedAt, request.timeoutSeconds);
    const memory = this.memory.of(request.requestId, () => newMemory(startedAt));
    const { yieldAt, deadline } = { yieldAt: Math.min(slice.yieldAt, answer), deadline: Math.min(slice.deadline, answer) };
    let known = wanted;

    return poll<ImageResourceAttributes>(this.dependencies, {
      requestId: request.requestId,
      retry: memory.retry,
      deadline: answer,
      yieldAt,
      step: async () => {
        if (clock.now() < memory.notBefore) return { againInMs: memory.notBefore - clock.now() };
        known ??= await this.find(request, memory, Math.max(deadline, clock.now() + MIN_RESOLVE_MS));
        const stored = await this.versions(request);
        if (!('restoredImage' in known)) return this.step(request, known, stored, { memory, startedAt, slice: { yieldAt, deadline } });

        const { restoredImage } = known;
        const restored = stored.find(({ image }) => image === restoredImage);
        if (restored) return { done: attributesOf(restored) };
        // Someone removed it since: it is looked for once more, and then copied again.
        known = undefined;
        return { againInMs: REMOVED_MS };
      },
      lastStart: () => answer,
      failed: (failure) => (clock.now() < answer ? notRegistered(request, failure.message) : timedOut(request, memory, failure)),
      timedOut: (failure) => timedOut(request, memory, failure),
    });
  }

  /** What the request wants: in a rollback what ran before, else what the source's reference stands for now. */
  private async find(request: ImageRequest, { retry }: Memory, deadline: number): Promise<WantedImage> {
    const { copier, log } = this.dependencies;
    const { requestId, serviceName, source, reference } = request;
    const restoredImage = await previousImage(this.dependencies, request, this.operation(request));
    if (restoredImage !== undefined) return { restoredImage };

    const access = await sourceAccess(this.dependencies, request, retry);
    const found = await registryCall(access.isByOwnRole, () => copier.resolve(reference, access.credentials, deadline));
    const { digest, digestNamingItsType, blobs } = found;
    log('found the image', { requestId, serviceName, image: source, digest, layers: blobs.count, bytes: blobs.bytes });
    return { digest, digestNamingItsType };
  }

  private async step(
    request: ImageRequest, wanted: SourceImage, stored: readonly LabelVersion[], context: StepContext,
  ): Promise<Step<ImageResourceAttributes>> {
    const { clock, log } = this.dependencies;
    const { requestId, serviceName } = request;
    const { memory, startedAt } = context;
    const digests = [wanted.digest, wanted.digestNamingItsType];
    const registered = versionWith(stored, digests);
    if (registered) return { done: await this.end(request, stored, registered) };

    const copied = await this.copy(request, wanted.digest, context);
    if (!copied) return memory.notBefore > clock.now() ? { againInMs: memory.notBefore - clock.now() } : 'later';

    // A waiter whose operation was cancelled must leave nothing behind that nobody removes.
    await this.operation(request).assertStillCurrent({ startedAt });
    const made = await this.register(request, copied.digest);
    log('registered', { requestId, serviceName, image: made.image, digest: made.digest });
    // Another delivery of the same event may have registered the same image meanwhile. Both answer the older one.
    const now = await this.versions(request);
    return { done: await this.end(request, now, versionWith(now, digests) ?? made) };
  }

  private async end(request: ImageRequest, stored: readonly LabelVersion[], registered: LabelVersion): Promise<ImageResourceAttributes> {
    await this.oldVersions.prune(request, stored, registered.image);
    return attributesOf(registered);
  }

  /** @returns undefined if the time did not suffice */
  private async copy(request: ImageRequest, digest: string, { memory, startedAt, slice }: StepContext): Promise<FinishedCopy | undefined> {
    const { copier, clock, log } = this.dependencies;
    const { requestId, serviceName, source, reference: { registry, repository } } = request;
    const login = await this.registryLogin(clock.now() - startedAt < REGISTRY_PATIENCE_MS);
    const access = await sourceAccess(this.dependencies, request, memory.retry);
    const result = await registryCall(access.isByOwnRole, () => copier.copy({
      source: { registry, repository, credentials: access.credentials },
      target: { registry: login.registry, repository: REPOSITORY, credentials: login },
      digest,
      // A new one for each try: registries may refuse to move a tag.
      tag: `cdk-${clock.now()}-${randomBytes(6).toString('hex')}`,
      ...slice,
    }));
    const { copied: { count: layers, bytes } } = result;
    if (result.isFinished) {
      log('copied', { requestId, serviceName, image: source, digest: result.digest, layers, bytes });
      return result;
    }
    memory.missing = result.missing;
    memory.trouble = result.trouble?.message;
    memory.notBefore = result.notBefore ?? 0;
    log('copied a part', { requestId, serviceName, image: source, layers, bytes, missingLayers: result.missing.count, missingBytes: result.missing.bytes });
    // What kept a layer from being copied counts as a failed call, so that the next try waits, unless a registry said how long.
    if (result.trouble && result.notBefore === undefined) throw new RegistryCall(result.trouble.kind, result.trouble.message);
    return undefined;
  }

  /** @param isEarly whether the service may be so new that its account has no registry yet */
  private async registryLogin(isEarly: boolean): Promise<RegistryLogin> {
    try {
      return await this.dependencies.images.createRegistryLogin();
    } catch (error) {
      const hasNoRegistry = error instanceof CallFailure && error.kind === 'refused' && /must create a container service/i.test(error.message);
      throw hasNoRegistry && isEarly ? new CallFailure(error.operation, 'busy', error.serviceMessage) : error;
    }
  }

  private async register(request: ImageRequest, digest: string): Promise<LabelVersion> {
    const { images, clock } = this.dependencies;
    const { serviceName, label } = request;
    const tryOnce = async () => {
      const made = await unlessThrottled(() => images.registerImage(serviceName, label, digest), clock);
      return { ...made, number: Number(/\d+$/.exec(made.image)?.[0]) };
    };
    try {
      return await tryOnce();
    } catch (error) {
      if (!(error instanceof CallFailure) || error.kind !== 'refused' || !await this.isFull(serviceName)) throw error;
      if (await this.oldVersions.makeRoom(request)) return tryOnce();
      throw notRegistered(request, `${error.message}. The service stores ${MAX_IMAGES} images, which is its limit, and each of label "${label}" is in use. `
        + `Remove images of other labels, for example with: aws lightsail delete-container-image --service-name ${serviceName} --image :${serviceName}.LABEL.NUMBER`);
    }
  }

  /** Lightsail's words for the limit are not known, so the images are counted. */
  private async isFull(serviceName: string): Promise<boolean> {
    return (await this.dependencies.images.getImages(serviceName) ?? []).length >= MAX_IMAGES;
  }

  private async versions({ serviceName, label, source }: ImageRequest): Promise<LabelVersion[]> {
    const stored = await this.dependencies.images.getImages(serviceName);
    if (!stored) throw noService({ serviceName, source });
    return versionsOf(stored, serviceName, label);
  }

  /** Fails early for a service that is gone: nothing need be copied then. A disabled one may store images. */
  private async requireService(request: ImageRequest): Promise<void> {
    const service = await this.dependencies.images.getService(request.serviceName);
    if (!service) throw noService(request);
    if (service.state === 'DELETING') {
      throw notRegistered(request, 'the service is DELETING. Wait until it is gone, create it again, then deploy again.');
    }
  }

  private operation(request: ImageRequest): StackOperation {
    // Without its permission the handler works without the answer, and does not wait for it.
    return new StackOperation(this.dependencies, request, new RetryPolicy(0), undefined, 'No image was registered on');
  }
}

function newMemory(startedAt: number): Memory {
  return { retry: new RetryPolicy(startedAt), notBefore: 0 };
}

function attributesOf({ image, digest, number }: LabelVersion): ImageResourceAttributes {
  return { Image: image, Digest: digest, Version: String(number) };
}

function notRegistered({ serviceName, source }: Pick<ImageRequest, 'serviceName' | 'source'>, cause: string): ResourceFailure {
  return new ResourceFailure(`Image "${source}" was not copied to container service "${serviceName}": ${cause}${/[.!?]$/.test(cause) ? '' : '.'}\n`
    + 'The deployment was not touched.');
}

function noService({ serviceName, source }: Pick<ImageRequest, 'serviceName' | 'source'>): ResourceFailure {
  return notRegistered({ serviceName, source }, 'there is no such service in this account and Region. Create it first, or use the name of an existing one.');
}

function timedOut(request: ImageRequest, { missing, trouble }: Memory, call: CallFailure | undefined): ResourceFailure {
  const left = missing && missing.count > 0 ? `, with ${missing.count} layers (${humanSize(missing.bytes)}) left` : '';
  const last = call?.message ?? trouble;
  return notRegistered(request, `it took more than ${request.timeoutSeconds} seconds${left}.${last === undefined ? '' : ` Last failure: ${last}`}\n`
    + 'Deploy again: what was copied is not copied again. Or increase `timeout` of the image');
}
