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
}
