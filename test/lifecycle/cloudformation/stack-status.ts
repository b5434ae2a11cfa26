import { randomUUID } from 'node:crypto';
import type { SteppedClock } from '../../emulator';

type Ended = 'CREATE_COMPLETE' | 'ROLLBACK_COMPLETE' | 'ROLLBACK_FAILED' | 'UPDATE_COMPLETE' | 'UPDATE_ROLLBACK_COMPLETE' | 'UPDATE_ROLLBACK_FAILED'
| 'DELETE_COMPLETE' | 'DELETE_FAILED';
type InProgress = 'REVIEW_IN_PROGRESS' | 'CREATE_IN_PROGRESS' | 'ROLLBACK_IN_PROGRESS' | 'UPDATE_IN_PROGRESS' | 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS'
| 'UPDATE_ROLLBACK_IN_PROGRESS' | 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS' | 'DELETE_IN_PROGRESS';

export type StackState = InProgress | Ended;
export type EndedStackState = Ended;

export interface ResourceStatus {
  readonly status: string;
  /** On the emulator's clock. */
  readonly since: number;
}

export interface StackEvent {
  readonly logicalId: string;
  readonly status: string;
  readonly at: number;
}

/** What CloudFormation reports about a stack and its resources. */
export class StackStatus {
  public readonly stackId: string;
  public state: StackState = 'REVIEW_IN_PROGRESS';
  private readonly resources = new Map<string, ResourceStatus>();
  private readonly history: StackEvent[] = [];

  constructor(public readonly stackName: string, private readonly clock: SteppedClock) {
    this.stackId = `arn:aws:cloudformation:us-east-1:123456789012:stack/${stackName}/${randomUUID()}`;
  }

  /** Whether CloudFormation is at work on the stack. */
  public get isInProgress(): boolean {
    return this.state !== 'REVIEW_IN_PROGRESS' && this.state.endsWith('_IN_PROGRESS');
  }

  /** CloudFormation begins something new with a resource, after all that it did to it before. */
  public begin(logicalId: string, requestType: string): void {
    const before = this.resources.get(logicalId);
    if (before) this.clock.advanceTo(Math.max(this.clock.now(), before.since + 1));
    this.set(logicalId, `${requestType.toUpperCase()}_IN_PROGRESS`);
  }

  public end(logicalId: string, outcome: 'COMPLETE' | 'FAILED'): void {
    const begun = this.resources.get(logicalId)!;
    this.set(logicalId, begun.status.replace('IN_PROGRESS', outcome));
  }

  /** All events, the newest first. */
  public get events(): readonly StackEvent[] {
    return [...this.history].reverse();
  }

  private set(logicalId: string, status: string): void {
    const since = this.clock.now();
    this.resources.set(logicalId, { status, since });
    this.history.push({ logicalId, status, at: since });
  }

  public resource(logicalId: string): ResourceStatus | undefined {
    return this.resources.get(logicalId);
  }
}
