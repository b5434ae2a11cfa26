/**
 * What CloudFormation is doing, asked only where an event alone cannot tell. Every method sends its
 * call once and throws a `CallFailure`.
 */
export interface CloudFormation {
  /**
   * When CloudFormation began what it does to the resource now, in milliseconds since the epoch;
   * undefined if it does nothing to it (any more).
   */
  beganAt(stackId: string, logicalResourceId: string): Promise<number | undefined>;

  /** Whether the stack is on its way back after a failure or a cancellation. */
  isRollingBack(stackId: string): Promise<boolean>;

  /** The times in which CloudFormation created or updated the resource, as far back as its events go. */
  operationTimes(stackId: string, logicalResourceId: string): Promise<readonly OperationTime[]>;
}

/** In milliseconds since the epoch. */
export interface OperationTime {
  readonly from: number;
  readonly until: number;
}
