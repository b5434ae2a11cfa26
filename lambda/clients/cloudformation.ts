/**
 * What CloudFormation is doing. It is asked only if an event alone is not enough. Every method sends its call once and throws a
 * `CallFailure`.
 */
export interface CloudFormation {
  /**
   * When CloudFormation began its current operation on the resource, in milliseconds since the epoch; undefined if there is no
   * such operation.
   */
  beganAt(stackId: string, logicalResourceId: string): Promise<number | undefined>;

  /** Whether the stack is being rolled back after a failure or a cancellation. */
  isRollingBack(stackId: string): Promise<boolean>;

  /** The times in which CloudFormation created or updated the resource, as far back as its events go. */
  operationTimes(stackId: string, logicalResourceId: string): Promise<readonly OperationTime[]>;
}

/** In milliseconds since the epoch. */
export interface OperationTime {
  readonly from: number;
  readonly until: number;
}
