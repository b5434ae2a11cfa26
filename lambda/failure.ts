const MAX_REASON_LENGTH = 2000;

/**
 * What the handler throws to fail the resource: the message becomes the reason in the CloudFormation event.
 */
export class DeploymentFailure extends Error {
  constructor(message: string) {
    const reason = message.length <= MAX_REASON_LENGTH ? message : `${message.slice(0, MAX_REASON_LENGTH - 1)}…`;
    super(reason);
    this.name = 'DeploymentFailure';
    // The Provider framework appends the lines of the stack but the first to the reason, where they
    // tell a user nothing and take the place of what does.
    this.stack = `${this.name}: ${reason.split('\n', 1)[0]}`;
  }
}
