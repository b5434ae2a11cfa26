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

/** What CloudFormation tells of a stack and of its resources. */
export class StackStatus {
  public readonly stackId: string;
  public state: StackState = 'REVIEW_IN_PROGRESS';
  private readonly resources = new Map<string, ResourceStatus>();

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
    this.resources.set(logicalId, { status: `${requestType.toUpperCase()}_IN_PROGRESS`, since: this.clock.now() });
  }

  public end(logicalId: string, outcome: 'COMPLETE' | 'FAILED'): void {
    const begun = this.resources.get(logicalId)!;
    this.resources.set(logicalId, { status: begun.status.replace('IN_PROGRESS', outcome), since: this.clock.now() });
  }

  public resource(logicalId: string): ResourceStatus | undefined {
    return this.resources.get(logicalId);
  }
}
