import { createHash } from 'node:crypto';
import { errors } from '../api/errors';
import { epochSeconds, LogEventShape } from '../api/shapes';

interface Line {
  readonly at: number;
  readonly containerName: string;
  readonly message: string;
}

export interface LogQuery {
  readonly containerName: string;
  /** Epoch milliseconds, both inclusive. */
  readonly startTime?: number;
  readonly endTime?: number;
  readonly filterPattern?: string;
  readonly pageToken?: string;
}

export interface LogPage {
  readonly logEvents: LogEventShape[];
  readonly nextPageToken?: string;
}

/** What the containers of one service have written. Lines may be written ahead of time; they show once their time has come. */
export class ContainerLogs {
  private lines: Line[] = [];

  constructor(private readonly options: { readonly lag: number; readonly retention: number; readonly pageSize: number }) {}

  public write(at: number, containerName: string, message: string): void {
    this.lines.push({ at, containerName, message });
  }

  /** Forgets what was written ahead, because it will not come to that. */
  public dropAfter(now: number): void {
    this.lines = this.lines.filter((line) => line.at <= now);
  }

  public read(query: LogQuery, now: number): LogPage {
    const { startTime = -Infinity, endTime = Infinity } = query;
    if (startTime > endTime) {
      throw errors.timeRange();
    }
    const matches = compileFilter(query.filterPattern ?? '');
    const found = this.lines
      .filter((line) => line.containerName === query.containerName)
      .filter((line) => line.at + this.options.lag <= now && line.at > now - this.options.retention)
      .filter((line) => line.at >= startTime && line.at <= endTime && matches(line.message))
      .sort((a, b) => a.at - b.at);

    const start = decodeToken(query);
    const end = start + this.options.pageSize;
    return {
      logEvents: found.slice(start, end).map((line) => ({ createdAt: epochSeconds(line.at), message: line.message })),
      ...(end < found.length ? { nextPageToken: encodeToken(query, end) } : {}),
    };
  }
}

/**
 * `""` matches all, `ERROR` what holds it, `-ERROR` what does not; several terms must all match; of `?A ?B` one must. A
 * term with spaces has quotes. Optional terms beside plain ones are ignored, as CloudWatch Logs does.
 */
export function compileFilter(pattern: string): (message: string) => boolean {
  const terms = [...pattern.matchAll(/([-?]?)(?:"([^"]*)"|(\S+))/g)].map(([, sign, phrase, word]) => ({ sign, text: phrase ?? word }));
  const optional = terms.filter(({ sign }) => sign === '?');
  const plain = terms.filter(({ sign }) => sign !== '?');
  if (plain.length === 0 && optional.length > 0) {
    return (message) => optional.some(({ text }) => message.includes(text));
  }
  return (message) => plain.every(({ sign, text }) => message.includes(text) === (sign === ''));
}

/** A token is good for the query that it came from, and no other. */
function encodeToken(query: LogQuery, offset: number): string {
  return Buffer.from(`${offset}/${fingerprint(query)}`).toString('base64url');
}

function decodeToken(query: LogQuery): number {
  if (query.pageToken === undefined) {
    return 0;
  }
  const [offset, print] = Buffer.from(query.pageToken, 'base64url').toString().split('/');
  if (!/^\d+$/.test(offset) || print !== fingerprint(query)) {
    throw errors.pageToken();
  }
  return Number(offset);
}

function fingerprint({ containerName, startTime, endTime, filterPattern }: LogQuery): string {
  return createHash('sha256').update(JSON.stringify([containerName, startTime, endTime, filterPattern])).digest('hex').slice(0, 16);
}
