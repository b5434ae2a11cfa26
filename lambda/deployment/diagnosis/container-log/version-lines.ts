import { cleanLine, lightsailLineOf, type LightsailLine, type LogLine } from './log-line';
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
 * Lightsail's own lines have the number of their version, and those of other versions are dropped. So are lines before
 * `[deployment:N] Creating your deployment`. Lines of a container have no number. If an older version with a container of the same
 * name is still serving, both versions write to one log. Then only the lines between the first `Started 1 new node` of this version
 * and its `Took too long` or `Canceled` can be its own. The lines of both versions look the same there, so the log is marked as
 * shared.
 *
 * A container can print Lightsail's words, too. It loses no line by that: it runs only after `Started 1 new node`, so a later
 * `Creating your deployment` is not Lightsail's. Words after `[deployment:N]` that are not known stay in the log. Of a phrase that
 * Lightsail writes with the number of the version, a line without the number is the container's. A version has ended only if no line
 * of its containers follows.
 */
export class VersionLines {
  private first: LogLine[] = [];
  private last: LogLine[] = [];
  private dropped = 0;
  private newest = -Infinity;
  private started = false;
  /** In a shared log, the lines since the version seemed to end. If it has, they are of the older version. */
  private afterEnd: LogLine[] | undefined;
  private endIsNumbered = false;
  private readonly numbered = new Set<string>();

  constructor(private readonly version: number, private readonly shared: boolean, private readonly mask: Mask) {}

  public push({ createdAt, message }: ContainerLogEvent): void {
    this.newest = Math.max(this.newest, createdAt?.getTime() ?? -Infinity);
    for (const text of message.split(/\r?\n/)) {
      const line = cleanLine(text);
      if (line.trim() !== '') this.pushLine(line, createdAt?.getTime());
    }
  }

  /** The time of the newest event. */
  public get newestAt(): number {
    return this.newest;
  }

  /** Whether Lightsail has logged the end of this version: all earlier lines have arrived by then. */
  public get isComplete(): boolean {
    return this.shared ? this.afterEnd !== undefined : this.latest?.lightsail === 'ended';
  }

  /** How many lines in the middle were not kept. */
  public get skipped(): number {
    return this.dropped;
  }

  public lines(): LogLine[] {
    return [...this.first, ...this.last];
  }

  private get latest(): LogLine | undefined {
    return this.last.at(-1) ?? this.first.at(-1);
  }

  private pushLine(line: string, at: number | undefined): void {
    const unmasked = line.length > MAX_RAW_LENGTH ? this.mask.cut(line, MAX_RAW_LENGTH) : line;
    const own = lightsailLineOf(line);
    if (own?.kind !== undefined && own.version !== undefined && own.version !== this.version) return;

    const lightsail = own?.kind !== undefined && this.isLightsails(own.kind, line, own.version) ? own.kind : undefined;
    const isUnclear = own !== undefined && own.kind === undefined;
    if (lightsail === 'creating') {
      this.reset();
    } else if (lightsail === 'started') {
      if (this.shared && !this.started) this.keepLightsailLines();
      this.started = true;
    } else if (lightsail === 'ended' && this.shared) {
      // After a line without a number, which a container can print, another end shows that the version still ran.
      if (!this.endIsNumbered) this.afterEnd?.forEach((each) => this.keep(each));
      this.endIsNumbered ||= own?.version !== undefined;
      this.afterEnd = [];
    }

    const kept: LogLine = { unmasked, at, ...(lightsail && { lightsail }), ...(isUnclear && { isUnclear }) };
    if (this.afterEnd && lightsail === undefined) {
      if (this.afterEnd.length < KEPT_LAST) this.afterEnd.push(kept);
    } else {
      this.keep(kept);
    }
  }

  /** A container may write the same words. */
  private isLightsails(kind: LightsailLine, line: string, version: number | undefined): boolean {
    if (kind === 'creating' && this.started) return false;

    const words = line.replace(/^.*\]/, '').trim().replace(/\d+ new nodes?/, 'nodes');
    if (version !== undefined) this.numbered.add(words);
    return version !== undefined || !this.numbered.has(words);
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
    this.first = this.lines().filter(({ lightsail }) => lightsail !== undefined);
    this.last = [];
    this.dropped = 0;
  }

  private reset(): void {
    this.first = [];
    this.last = [];
    this.dropped = 0;
    this.afterEnd = undefined;
    this.endIsNumbered = false;
  }
}
