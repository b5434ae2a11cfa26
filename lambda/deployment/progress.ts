import type { ProviderEvent } from '../shared/events/event';
import { flag, wholeNumber, type Raw } from '../shared/events/property-values';

/** What is known of a request from its earlier steps. */
interface Known {
  /** When onEvent began, in milliseconds since the epoch, as all times here. */
  readonly startedAt: number;
  /** The newest version that the service had before. A version that this request created is newer. Absent before Lightsail answered. */
  readonly baselineVersion?: number;
  /** Whether the request needs a new version even if the running one matches. */
  readonly forced?: boolean;
  /** When the role that pulls private images was first seen. */
  readonly roleSeenAt?: number;
  /** When CloudFormation began the operation. Asked only if the deployment could not be created at once. */
  readonly operationBeganAt?: number;
}

/** No version answers the request yet. */
export interface Waiting extends Known {
  readonly phase: 'waiting';
}

/** A version answers the request. */
export interface Following extends Known {
  readonly phase: 'following';
  readonly version: number;
  /** When this request created the version; absent if it found the version. */
  readonly createdAt?: number;
}

/** A rollback has nothing to undo: nothing can run on the service, and the update deployed nothing. */
export interface Restored extends Known {
  readonly phase: 'restored';
}

/**
 * How far a request has come. onEvent returns it, and the Provider framework repeats that in every event of isComplete. What isComplete
 * finds out is lost at its end: the next call reads it from the service again.
 */
export type Progress = Waiting | Following | Restored;

/** The progress as it is in an event. */
export interface ProgressFields {
  readonly StartedAt: number;
  readonly BaselineVersion?: number;
  readonly Version?: number;
  readonly CreatedAt?: number;
  readonly Forced?: boolean;
  readonly RoleSeenAt?: number;
  readonly OperationBeganAt?: number;
  readonly Restored?: boolean;
}

export function parseProgress(event: ProviderEvent & Raw<ProgressFields>): Progress {
  const optional = <T>(name: keyof ProgressFields, read: (path: string, value: unknown) => T) =>
    event[name] === undefined ? undefined : read(name, event[name]);
  const known: Known = {
    startedAt: wholeNumber('StartedAt', event.StartedAt),
    baselineVersion: optional('BaselineVersion', wholeNumber),
    forced: optional('Forced', flag),
    roleSeenAt: optional('RoleSeenAt', wholeNumber),
    operationBeganAt: optional('OperationBeganAt', wholeNumber),
  };
  const version = optional('Version', wholeNumber);
  const createdAt = optional('CreatedAt', wholeNumber);
  if (optional('Restored', flag)) return { ...known, phase: 'restored' };
  return version === undefined ? { ...known, phase: 'waiting' } : { ...known, phase: 'following', version, createdAt };
}

export function renderProgress(progress: Progress): ProgressFields {
  const { startedAt, baselineVersion, forced, roleSeenAt, operationBeganAt } = progress;
  return {
    StartedAt: startedAt,
    BaselineVersion: baselineVersion,
    Forced: forced,
    RoleSeenAt: roleSeenAt,
    OperationBeganAt: operationBeganAt,
    ...(progress.phase === 'restored' ? { Restored: true } : {}),
    ...(progress.phase === 'following' ? { Version: progress.version, CreatedAt: progress.createdAt } : {}),
  };
}
