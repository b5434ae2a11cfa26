import { withoutControls } from './plain-text';
import { MAX_REASON_BYTES, MAX_REASON_LENGTH, shorten } from './reason-limits';

/**
 * What the handler throws to fail the resource: the message becomes the reason in the CloudFormation event.
 */
export class ResourceFailure extends Error {
  constructor(message: string) {
    const reason = shorten(withoutControls(message), MAX_REASON_LENGTH, MAX_REASON_BYTES);
    super(reason);
    this.name = 'ResourceFailure';
    // The Provider framework appends the lines of the stack but the first to the reason, where they
    // tell a user nothing and take the place of what does.
    this.stack = `${this.name}: ${reason.split('\n', 1)[0]}`;
  }
}
