import type { LogLine } from './log-line';
import { VersionLines } from './version-lines';
import { CallFailure } from '../../../clients/call-failure';
import type { ContainerLogEvent, Lightsail } from '../../../clients/lightsail';
import type { Clock } from '../../../shared/clock';
import type { Mask } from '../../masking/secret-mask';

/** Where container logs are read. */
export type ContainerLogSource = Pick<Lightsail, 'getContainerLog'>;

export interface ContainerLogQuery {
  readonly serviceName: string;
  readonly version: number;
  readonly containerNames: readonly string[];
  /** Containers that the serving version has as well: both versions write to the same log. */
  readonly sharedWith?: readonly string[];
  readonly since: Date;
  /** No call and no wait starts after it, in milliseconds since the epoch. A call that has started may end later. */
  readonly deadline: number;
  readonly mask: Mask;
}

/** The log of one container for one version, or why it is not known. */
export interface ContainerLogTail {
  readonly containerName: string;
  readonly lines: readonly LogLine[];
  /** Whether lines of an older version that is still serving may be among them. */
  readonly shared: boolean;
  /** Whether Lightsail has logged the end of the version. */
  readonly complete: boolean;
  /** How many lines in the middle were left out. */
  readonly skipped: number;
  /** Why the log could not be read, or is incomplete. */
  readonly readError?: string;
}

/** Logs lag, and it is not documented by how much. Each second of waiting delays the report of the failure: only an empty log is waited for. */
const LOOK_AGAIN_MS = 5_000;
const PATIENCE_MS = 20_000;

/** One long log must not use up the time for the others. */
const MAX_PAGES = 20;

/** If a log is too long, its newest lines are read from here on. */
const NEWEST_MS = 60_000;

/** The log of one container, with the query that it is read for. */
interface ContainerLog {
  readonly source: ContainerLogSource;
  readonly clock: Clock;
  readonly query: ContainerLogQuery;
  readonly containerName: string;
}

interface Look {
  readonly tail: ContainerLogTail;
  /** Whether the call will fail again. */
  readonly refused: boolean;
}

/**
 * Reads the logs of all containers at once. If no container has a line of the version yet, it reads them again for a limited time. It never
 * throws: an unreadable log must not hide the failure that it should explain.
 */
export async function tailContainerLogs(source: ContainerLogSource, clock: Clock, query: ContainerLogQuery): Promise<ContainerLogTail[]> {
  const begun = clock.now();
  const looks = new Map<string, Look>();

  for (;;) {
    const open = query.containerNames.filter((name) => !looks.get(name)?.refused);
    await Promise.all(open.map(async (name) => looks.set(name, await look({ source, clock, query, containerName: name }))));

    const found = [...looks.values()];
    const hasLines = found.some(({ tail }) => tail.complete || tail.lines.length > 0);
    const next = clock.now() + LOOK_AGAIN_MS;
    if (hasLines || found.every(({ refused }) => refused) || next > begun + PATIENCE_MS || next >= query.deadline) {
      return found.map(({ tail }) => tail);
    }
    await clock.sleep(LOOK_AGAIN_MS);
  }
}

async function look(log: ContainerLog): Promise<Look> {
  const { clock, query, containerName } = log;
  const shared = query.sharedWith?.includes(containerName) ?? false;
  const found = new VersionLines(query.version, shared, query.mask);
  let refused = false;
  let readError: string | undefined;

  try {
    const readToEnd = await readPages(log, query.since, (event) => found.push(event));
    if (!readToEnd && hasTime(log)) {
      const known = found.newestAt;
      const newest = new Date(Math.max(clock.now() - NEWEST_MS, query.since.getTime()));
      await readPages(log, newest, (event) => {
        if ((event.createdAt?.getTime() ?? Infinity) > known) found.push(event);
      });
    }
    if (!readToEnd) readError = hasTime(log) ? 'too long to read in full' : 'not enough time left';
  } catch (error) {
    // Other errors may be temporary: it is not known how Lightsail answers for a log without any line.
    refused = error instanceof CallFailure && error.kind === 'denied';
    const words = error instanceof Error ? error.message : String(error);
    readError = query.mask(/^GetContainerLog\b/.test(words) ? words : `GetContainerLog failed: ${words}`).replace(/\s+/g, ' ');
  }

  const lines = found.lines();
  return {
    refused,
    tail: { containerName, lines, shared, complete: found.isComplete, skipped: found.skipped, ...(readError === undefined ? {} : { readError }) },
  };
}

/** @returns whether the log has no more pages */
async function readPages(log: ContainerLog, since: Date, take: (event: ContainerLogEvent) => void): Promise<boolean> {
  const { source, query, containerName } = log;
  let pageToken: string | undefined;
  for (let page = 0; page < MAX_PAGES && hasTime(log); page++) {
    const answer = await source.getContainerLog(query.serviceName, containerName, since, pageToken);
    answer.events.forEach(take);
    pageToken = answer.nextPageToken;
    if (pageToken === undefined) return true;
  }
  return false;
}

function hasTime({ clock, query }: ContainerLog): boolean {
  return clock.now() < query.deadline;
}
