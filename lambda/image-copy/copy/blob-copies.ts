import { Semaphore } from './semaphore';
import { RegistryFailure } from '../http/registry-failure';
import { OutOfTime, retrying } from '../http/retry';
import { anyOf, controller } from '../http/signals';
import { transferBlob, type Progress, type Route } from '../registry/blob-transfer';
import type { Blob } from '../registry/manifest';
import { WRONG_CONTENT } from '../registry/puller';

/** How many large blobs are copied at once, and twice as many small ones: what those cost is round trips. */
const LARGE_AT_ONCE = 8;
const SMALL_BYTES = 4 * 1024 * 1024;

/** How many blobs the target is asked for at once. */
const LOOKS_AT_ONCE = 16;

/** How often it is looked whether what is at work ends in time. */
const LOOKS_BEFORE_DEADLINE = 8;
const MIN_LOOK_MS = 100;

/** A blob that is being copied. */
interface Copy {
  readonly blob: Blob;
  readonly startedAt: number;
  readonly cancel: AbortController;
  progress: Progress;
}

/** The blobs of one image, and which of them the target has. */
export class BlobCopies {
  /** The last failure that may pass, of a blob that is missing. */
  public trouble?: RegistryFailure;
  public notBefore?: number;
  /** The copy that was cut at the deadline with the most bytes. */
  public slowest?: Progress & { readonly blob: Blob; readonly elapsedMs: number };

  private readonly there = new Set<Blob>();
  private readonly sent = new Set<Blob>();
  private readonly atWork = new Set<Copy>();
  private readonly blobs: readonly Blob[];
  private endedBytes = 0;
  private hasBegun = false;

  /** @param yieldAt from then on no blob is begun, but for the first: each call gets on */
  constructor(private readonly route: Route, private readonly yieldAt: number, blobs: readonly Blob[]) {
    // The largest first, so that none of them is left alone at the end.
    this.blobs = [...blobs].sort((a, b) => b.size - a.size);
  }

  public get copied(): { count: number; bytes: number } {
    return amount([...this.sent]);
  }

  public get missing(): { count: number; bytes: number } {
    return amount(this.blobs.filter((blob) => !this.there.has(blob)));
  }

  public assumeAllIsThere(): void {
    this.blobs.forEach((blob) => this.there.add(blob));
  }

  public forgetWhatIsThere(): void {
    this.there.clear();
  }

  /** Copies what the target does not have, until it has all or there is no time to begin another one. Throws what will not pass. */
  public async run(): Promise<void> {
    const { patience } = this.route;
    const looks = new Semaphore(LOOKS_AT_ONCE);
    const copies = new Semaphore(2 * LARGE_AT_ONCE);
    const failed = controller();
    const signal = anyOf(patience.signal, failed.signal);
    const stopWatching = this.watchTheTime();

    const outcomes = await Promise.allSettled(this.blobs.map(async (blob) => {
      try {
        const isThere = await looks.run(1, async () => this.look(blob, signal));
        if (isThere) this.there.add(blob);
        else await copies.run(blob.size > SMALL_BYTES ? 2 : 1, async () => this.copy(blob, signal));
      } catch (error) {
        if (!(error instanceof OutOfTime)) failed.abort(error);
        throw error;
      }
    }));
    stopWatching();

    if (failed.signal.aborted) throw failed.signal.reason;
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') this.note(outcome.reason as OutOfTime);
    }
  }

  private async look(blob: Blob, signal: AbortSignal): Promise<boolean> {
    signal.throwIfAborted();
    return retrying({ ...this.route.patience, signal }, async () => this.route.target.hasBlob(blob, signal));
  }

  private async copy(blob: Blob, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const { patience } = this.route;
    if (this.hasBegun && patience.clock.now() >= this.yieldAt) throw new OutOfTime();
    this.hasBegun = true;

    const cancel = controller();
    const copy: Copy = { blob, startedAt: patience.clock.now(), cancel, progress: { received: 0, waitedForTargetMs: 0 } };
    this.atWork.add(copy);
    try {
      await this.tryToCopy(copy, anyOf(signal, cancel.signal));
      this.there.add(blob);
      this.sent.add(blob);
    } catch (error) {
      if (patience.signal.aborted) this.noteSlow(copy);
      throw error;
    } finally {
      this.atWork.delete(copy);
      this.endedBytes += copy.progress.received;
    }
  }

  private async tryToCopy(copy: Copy, signal: AbortSignal): Promise<void> {
    const { blob } = copy;
    // A try that would begin later belongs to the next call. One that has begun continues until the deadline.
    const patience = { ...this.route.patience, signal, until: this.yieldAt };
    let hadWrongContent = false;
    await retrying(patience, async (number) => {
      // The try before may have succeeded, and only its answer got lost.
      if (number > 1 && await this.route.target.hasBlob(blob, signal)) return;
      try {
        await transferBlob({ ...this.route, patience: { ...this.route.patience, signal } }, blob, (progress) => { copy.progress = progress; });
      } catch (error) {
        if (!(error instanceof RegistryFailure) || error.code !== WRONG_CONTENT) throw error;
        // Once it may have been damaged on its way. What comes twice is what the registry has.
        if (hadWrongContent) throw error.with({ kind: 'refused' });
        hadWrongContent = true;
        throw error;
      }
    });
  }

  /** From `yieldAt` on, looks now and then whether what is at work ends in time. */
  private watchTheTime(): () => void {
    const { clock, until } = this.route.patience;
    const untilYield = Math.max(0, this.yieldAt - clock.now());
    const interval = Math.max(MIN_LOOK_MS, (until - clock.now() - untilYield) / LOOKS_BEFORE_DEADLINE);
    let before = { bytes: 0, time: clock.now() };
    let timer = setTimeout(look.bind(this), untilYield);

    function look(this: BlobCopies): void {
      const now = { bytes: this.movedBytes, time: clock.now() };
      this.keepWhatEndsInTime((now.bytes - before.bytes) / Math.max(1, now.time - before.time));
      before = now;
      timer = setTimeout(look.bind(this), interval);
    }
    return () => clearTimeout(timer);
  }

  /**
   * Gives up those of the large blobs at work for which no time is left, so that the others end. Otherwise several could share
   * the time of each call, and none would ever end.
   *
   * @param rate bytes a millisecond, of all together
   */
  private keepWhatEndsInTime(rate: number): void {
    const { clock, until } = this.route.patience;
    // Less than what seems possible: a part of what was moved is still in some buffer on the way.
    let room = 0.8 * rate * (until - clock.now());
    const copies = [...this.atWork].filter((copy) => left(copy) > SMALL_BYTES).sort((a, b) => left(a) - left(b));
    copies.forEach((copy, index) => {
      room -= left(copy);
      if (room < 0 && index > 0) copy.cancel.abort(new OutOfTime());
    });
  }

  /** Also what was given up. */
  private get movedBytes(): number {
    return this.endedBytes + [...this.atWork].reduce((sum, { progress }) => sum + progress.received, 0);
  }

  private noteSlow({ blob, startedAt, progress: { received, waitedForTargetMs } }: Copy): void {
    if (this.slowest && this.slowest.received >= received) return;
    this.slowest = { blob, received, waitedForTargetMs, elapsedMs: Math.max(1, this.route.patience.clock.now() - startedAt) };
  }

  private note({ trouble, notBefore }: OutOfTime): void {
    this.trouble = trouble ?? this.trouble;
    this.notBefore = Math.max(notBefore ?? 0, this.notBefore ?? 0) || undefined;
  }
}

function left({ blob, progress }: Copy): number {
  return blob.size - progress.received;
}

function amount(blobs: readonly Blob[]): { count: number; bytes: number } {
  return { count: blobs.length, bytes: blobs.reduce((sum, { size }) => sum + size, 0) };
}
