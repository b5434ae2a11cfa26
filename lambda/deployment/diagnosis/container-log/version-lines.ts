import { cleanLine, lightsailLineOf, type LogLine } from './log-line';
import type { ContainerLogEvent } from '../../../clients/lightsail';
import type { Mask } from '../../masking/secret-mask';

/** The start of a log shows the port of a process; its end shows why the process failed. */
const KEPT_FIRST = 50;
const KEPT_LAST = 150;

/** Longer lines are shortened at once, so that many of them cannot fill the memory. */
const MAX_RAW_LENGTH = 8_000;

/**
 * The lines of one container for one version of the deployment. The log contains all versions, oldest line first.
 *
 * Lightsail's own lines have the number of their version. Lines of other versions are dropped, and so are lines before
 * `[deployment:N] Creating your deployment`. Lines of a container have no number. If an older version with a container of the
 * same name is still serving, both versions write to one log. Then only the lines between the first `Started 1 new node` of this
 * version and its `Took too long` or `Canceled` can be its own. The lines of both versions look the same there, so the log is
 * marked as shared.
 */
export class VersionLines {
  private first: LogLine[] = [];
  private last: LogLine[] = [];
  private dropped = 0;
  private newest = -Infinity;
  private started = false;
  private ended = false;

  constructor(private readonly version: number, private readonly shared: boolean, private readonly mask: Mask) {}

  public push({ createdAt, message }: ContainerLogEvent): void {
    this.newest = Math.max(this.newest, createdAt?.getTime() ?? -Infinity);
    for (const text of message.split(/\r?\n/)) {
      if (text.trim() !== '') this.pushLine(text, createdAt?.getTime());
    }
  }

  /** The time of the newest event. */
  public get newestAt(): number {
    return this.newest;
  }

  /** Whether Lightsail has logged the end of this version: all earlier lines have arrived by then. */
  public get isComplete(): boolean {
    return this.ended;
  }

  /** How many lines in the middle were not kept. */
  public get skipped(): number {
    return this.dropped;
  }

  public lines(): LogLine[] {
    return [...this.first, ...this.last].map((line) => ({ ...line, text: cleanLine(line.text, this.mask) }));
  }

  private pushLine(text: string, at: number | undefined): void {
    const own = lightsailLineOf(text);
    if (own?.version !== undefined && own.version !== this.version) return;

    if (own?.kind === 'creating') {
      this.reset();
    } else if (own?.kind === 'started') {
      if (this.shared && !this.started) this.keepLightsailLines();
      this.started = true;
    } else if (own?.kind === 'ended') {
      this.ended = true;
    } else if (!own && this.shared && this.ended) {
      return;
    }
    this.keep({
      text: text.length > MAX_RAW_LENGTH ? cleanLine(text, this.mask) : text,
      at,
      ...(own && { lightsail: own.kind }),
    });
  }

  private keep(line: LogLine): void {
    if (this.first.length < KEPT_FIRST) {
      this.first.push(line);
      return;
    }
    this.last.push(line);
    if (this.last.length > KEPT_LAST) {
      this.last.shift();
      this.dropped++;
    }
  }

  private keepLightsailLines(): void {
    this.first = [...this.first, ...this.last].filter(({ lightsail }) => lightsail !== undefined);
    this.last = [];
    this.dropped = 0;
  }

  private reset(): void {
    this.first = [];
    this.last = [];
    this.dropped = 0;
    this.started = false;
    this.ended = false;
  }
}
