/**
 * Why a request to a registry failed, as far as a caller acts on it:
 * - `denied`: the credentials are missing, wrong, or do not allow this;
 * - `missing`: there is no such repository, tag or blob;
 * - `refused`: the same request will never succeed;
 * - `throttled`: the registry answers that there are too many requests;
 * - `transient`: anything that may be gone a moment later.
 */
export type RegistryFailureKind = 'denied' | 'missing' | 'refused' | 'throttled' | 'transient';

/** What was asked of which registry. */
export interface Subject {
  readonly registry: string;
  readonly repository: string;
  /** For people: `manifest 1.27`, `layer 2 of 5 (sha256:…, 20.0 MiB)`. */
  readonly what: string;
}

export interface FailureDetails {
  readonly kind: RegistryFailureKind;
  readonly subject: Subject;
  /** What happened. Must hold no credential and no query of a URL. */
  readonly problem: string;
  /** What to do about it: whole sentences. */
  readonly remedy?: string;
  /** The registry's own error code, such as `MANIFEST_UNKNOWN`. */
  readonly code?: string;
  readonly status?: number;
  /** How long the registry asks to wait. */
  readonly retryAfterMs?: number;
}

/** A request to a registry that failed: where, what, why, and what to do. */
export class RegistryFailure extends Error {
  public readonly kind: RegistryFailureKind;
  public readonly subject: Subject;
  public readonly code?: string;
  public readonly status?: number;
  public readonly retryAfterMs?: number;

  constructor(private readonly details: FailureDetails) {
    const { subject, problem, remedy } = details;
    super(`${subject.registry}/${subject.repository}, ${subject.what}: ${problem}.${remedy ? ` ${remedy}` : ''}`);
    this.name = 'RegistryFailure';
    this.kind = details.kind;
    this.subject = subject;
    this.code = details.code;
    this.status = details.status;
    this.retryAfterMs = details.retryAfterMs;
  }

  /** Whether the same request may succeed later. */
  public get mayPass(): boolean {
    return this.kind === 'transient' || this.kind === 'throttled';
  }

  public with(changes: Partial<FailureDetails>): RegistryFailure {
    return new RegistryFailure({ ...this.details, ...changes });
  }
}
