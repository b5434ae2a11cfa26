import { BlobStream } from './blob-stream';
import type { Blob } from './manifest';
import { WRONG_CONTENT, WRONG_CONTENT_REMEDY, type Download, type Puller } from './puller';
import type { Pusher } from './pusher';
import { RegistryFailure } from '../http/registry-failure';
import { pause, type Patience } from '../http/retry';
import { anyOf, controller } from '../http/signals';

/** How often a cut download continues in the same upload, if little came in between. */
const MAX_RECONNECTS = 5;

/** So much between two cuts is progress. */
const PROGRESS_BYTES = 1024 * 1024;

/** What both sides need to copy blobs. */
export interface Route {
  readonly source: Puller;
  readonly target: Pusher;
  readonly patience: Patience;
  readonly idleMs: number;
}

/** How far the copy of a blob is. */
export interface Progress {
  readonly received: number;
  readonly waitedForTargetMs: number;
}

/**
 * One try to copy one blob: from the source to the target as a stream, in a new upload session, with a check of its digest.
 * If the source is cut, it is asked for the rest, and the same upload continues. A target that is cut ends the try.
 */
export async function transferBlob(route: Route, blob: Blob, onStart: (progress: Progress) => void): Promise<void> {
  const { source, target, patience, idleMs } = route;
  // Ends what is left of both sides when one of them fails.
  const end = controller();
  const signal = anyOf(patience.signal, end.signal);
  let session: URL | undefined;
  try {
    // Side by side: each of them is a round trip.
    const [download, startedSession] = await both(source.openBlob(blob, 0, signal), target.startSession(blob, signal), end);
    session = startedSession;
    const { upload, sent } = await target.openUpload(session, blob, signal);
    const stream = new BlobStream(upload, blob, idleMs);
    onStart(stream);

    const isWhole = await sendAll(route, stream, download, blob, signal);
    const answer = await target.client.answerOf(upload, blob.what, signal);
    await target.finishUpload(answer, sent, blob, signal);
    if (!isWhole) throw target.client.problem('transient', blob.what, 'the registry answered before it had the whole content');
    session = undefined;
  } finally {
    end.abort(new Error('the try has ended'));
    if (session && !patience.signal.aborted) target.abandon(session, blob, patience.signal);
  }
}

/**
 * Sends the whole content, in as many downloads as it takes.
 *
 * @returns false if the target answered before
 */
async function sendAll(route: Route, stream: BlobStream, first: Download, blob: Blob, signal: AbortSignal): Promise<boolean> {
  const { source, target, patience } = route;
  let cuts = 0;
  for (let download = first; ;) {
    const before = stream.received;
    const outcome = await stream.pump(download.body);
    switch (outcome.ended) {
      case 'sent':
        return true;
      case 'answered':
        return false;
      case 'target':
        throw target.client.failureOf(outcome.error, blob.what, patience.signal);
      case 'wrong':
        throw source.client.problem('transient', blob.what, outcome.problem, WRONG_CONTENT_REMEDY, WRONG_CONTENT);
      case 'source': {
        const failure = source.client.failureOf(outcome.error, blob.what, patience.signal);
        if (!(failure instanceof RegistryFailure)) throw failure;
        cuts = stream.received - before >= PROGRESS_BYTES ? 1 : cuts + 1;
        const next = await reconnect(route, stream, blob, failure, cuts, signal);
        if (!next) return false;
        download = next;
      }
    }
  }
}

/** @returns the rest of the content, or undefined if the target answered before */
async function reconnect(
  { source, target, patience }: Route, stream: BlobStream, blob: Blob, cut: RegistryFailure, cuts: number, signal: AbortSignal,
): Promise<Download | undefined> {
  const open = async (): Promise<Download | RegistryFailure> => source.openBlob(blob, stream.received, signal).catch((error: unknown) => {
    if (error instanceof RegistryFailure) return error;
    throw error;
  });

  let failure = cut;
  for (let tries = cuts; tries <= MAX_RECONNECTS && failure.mayPass; tries += 1) {
    let next: Download | RegistryFailure | undefined;
    try {
      next = await stream.whileOpen(pause(patience, tries, failure).then(open));
    } catch (error) {
      throw target.client.failureOf(error, blob.what, patience.signal);
    }
    if (next === undefined) return undefined;
    if (!(next instanceof RegistryFailure)) {
      if (next.offset === stream.received) return next;
      next.body.destroy();
      throw source.client.problem('transient', blob.what, 'the download was cut, and the registry does not continue it in the middle');
    }
    failure = next;
  }
  throw failure;
}

async function both<A, B>(a: Promise<A>, b: Promise<B>, end: AbortController): Promise<[A, B]> {
  try {
    return await Promise.all([a, b]);
  } catch (error) {
    // The other one must neither continue nor become an unhandled rejection.
    end.abort(new Error('the other side has failed'));
    await Promise.allSettled([a, b]);
    throw error;
  }
}
