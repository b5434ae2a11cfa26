import type { CallFailure } from '../clients/call-failure';
import type { DescribedService } from '../clients/lightsail';

/** IAM may take a moment until a policy that the same stack operation wrote has effect. */
const PERMISSION_GRACE_MS = 30_000;

/** What one call of the handler has seen so far: when to look again depends on it, and the reason if it ends badly. */
export class Observation {
  public service?: DescribedService;
  public stateDetail?: string;
  /** What the public URL answered last. */
  public urlAnswer?: string;
  /** How long what the service waits for still takes, where that is known. */
  public msUntilReady?: number;
  /** The calls that failed one after the other, up to now. */
  public troubles = 0;
  public lastTrouble?: CallFailure;

  /** @param startedAt when the request was begun, in milliseconds since the epoch */
  constructor(private readonly startedAt: number) {}

  public saw(service: DescribedService): void {
    this.service = service;
    this.msUntilReady = undefined;
    this.stateDetail = service.stateDetail?.code ?? this.stateDetail;
  }

  /** Takes note of a call that failed, and tells whether it may succeed later. */
  public bears(failure: CallFailure, now: number): boolean {
    this.lastTrouble = failure;
    this.troubles += 1;
    return this.mayPass(failure, now);
  }

  /** Whether the same call may succeed later. */
  public mayPass({ kind }: CallFailure, now: number): boolean {
    switch (kind) {
      case 'missing':
      case 'refused':
        return false;
      case 'denied':
        return now - this.startedAt < PERMISSION_GRACE_MS;
      default:
        return true;
    }
  }

  public passed(): void {
    this.troubles = 0;
    this.lastTrouble = undefined;
  }
}
