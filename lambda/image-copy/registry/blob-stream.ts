import { createHash, type Hash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Blob } from './manifest';
import { NetworkError, networkError, seconds, type Upload } from '../http/http-client';

/** How a download ended, and whose doing it was. */
export type PumpOutcome =
  /** The whole content went to the target. */
  | { readonly ended: 'sent' }
  /** The target answered before it had the whole content. */
  | { readonly ended: 'answered' }
  /** The source sent something else than what the digest says. */
  | { readonly ended: 'wrong'; readonly problem: string }
  | { readonly ended: 'source' | 'target'; readonly error: Error };

/** The upload of one blob, fed by one download after the other. */
export class BlobStream {
  public received = 0;
  /** How long the source had to wait for the target. */
  public waitedForTargetMs = 0;
  private readonly hash: Hash = createHash('sha256');

  constructor(private readonly upload: Upload, private readonly blob: Blob, private readonly idleMs: number) {}

  /**
   * Passes on what comes, until the download ends. The last bytes go only if all of them are right, so that no wrong blob is
   * ever complete at the target.
   */
  public async pump(body: IncomingMessage): Promise<PumpOutcome> {
    const { request, answer } = this.upload;
    const { size } = this.blob;
    return new Promise<PumpOutcome>((resolve) => {
      let isOver = false;
      let pausedAt: number | undefined;
      let lastSeen = -1;

      const finish = (outcome: PumpOutcome) => {
        if (isOver) return;
        isOver = true;
        clearInterval(watchdog);
        request.removeListener('drain', onDrain);
        body.removeListener('data', onData);
        // The end of the body is read, so that its connection can be used again.
        if (outcome.ended === 'sent') body.resume();
        else body.destroy();
        resolve(outcome);
      };
      const onDrain = () => {
        if (pausedAt !== undefined) this.waitedForTargetMs += performance.now() - pausedAt;
        pausedAt = undefined;
        body.resume();
      };
      const onData = (chunk: Buffer) => {
        this.received += chunk.length;
        if (this.received > size) return finish({ ended: 'wrong', problem: `the registry sent more than the ${size} bytes that the manifest names` });
        this.hash.update(chunk);
        if (this.received === size) return finish(this.complete(chunk));
        if (!request.write(chunk)) {
          pausedAt = performance.now();
          body.pause();
        }
      };
      const onEnd = () => {
        if (isOver) return;
        if (this.received === size) finish(this.complete());
        else if (isDelimited(body)) finish({ ended: 'wrong', problem: `the registry sent ${this.received} bytes, and the manifest names ${size}` });
        else finish({ ended: 'source', error: new NetworkError('the download ended early', 'ECONNRESET') });
      };

      // Looks now and then: a timer for each chunk would cost more than the chunk.
      const watchdog = setInterval(() => {
        if (this.received === lastSeen) {
          finish({ ended: pausedAt === undefined ? 'source' : 'target', error: new NetworkError(`no byte moved within ${seconds(this.idleMs)}`, 'ETIMEDOUT') });
        }
        lastSeen = this.received;
      }, this.idleMs);

      body.on('error', (error) => finish({ ended: 'source', error: networkError(error) }));
      body.on('close', () => finish({ ended: 'source', error: new NetworkError('the download was cut', 'ECONNRESET') }));
      body.on('end', onEnd);
      answer.then(() => finish({ ended: 'answered' }), (error: Error) => finish({ ended: 'target', error }));
      request.on('drain', onDrain);
      body.on('data', onData);
    });
  }

  /**
   * Waits for something that the upload needs, but not for longer than the upload lives.
   *
   * @returns undefined if the target answered first
   */
  public async whileOpen<T>(needed: Promise<T>): Promise<T | undefined> {
    return Promise.race([needed, this.upload.answer.then(() => undefined)]);
  }

  private complete(last?: Buffer): PumpOutcome {
    const actual = `sha256:${this.hash.digest('hex')}`;
    if (actual !== this.blob.digest) return { ended: 'wrong', problem: `what the registry sent has the digest ${actual}` };
    this.upload.request.end(last);
    return { ended: 'sent' };
  }
}

/** Whether the answer itself tells where it ends. Otherwise its end looks the same as a cut. */
function isDelimited({ headers }: IncomingMessage): boolean {
  return headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;
}
