import { cleanLine, lightsailLineOf, type LogLine } from './log-line';
import type { ContainerLogEvent } from '../../../clients/lightsail';
import type { Mask } from '../../masking/secret-mask';

/** The start of a log tells on which port a process listens; its end tells why it failed. */
const KEPT_FIRST = 50;
const KEPT_LAST = 150;

/** Beyond this a line is cut when it comes, so that many long ones cannot fill the memory. */
const MAX_RAW_LENGTH = 8_000;

/**
 * What one container wrote for one version of the deployment, out of a log that holds all versions, oldest line first.
 *
 * Lightsail's own lines carry the number of their version: those of another one are dropped, and what stands before
 * `[deployment:N] Creating your deployment` belongs to what was there before. A line of a container carries no number.
 * Where a container of that name in an older version serves on, both write to the same log: of that time, only the lines
 * between the first `Started 1 new node` of this version and its `Took too long` or `Canceled` can be its own, and among
 * them the lines of the older version cannot be told apart. So the log counts as shared, and whoever reads it must know.
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

  /** When the newest event so far was written. */
  public get newestAt(): number {
    return this.newest;
  }

  /** Whether Lightsail has said that it gave this version up: what was written before has come by then. */
  public get isComplete(): boolean {
    return this.ended;
  }

  /** How many lines between the first and the last are not kept. */
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
