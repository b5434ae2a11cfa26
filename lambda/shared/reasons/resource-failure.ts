import { withoutControls } from './plain-text';
import { MAX_REASON_BYTES, MAX_REASON_LENGTH, shorten } from './reason-limits';

/** The handler throws it to fail the resource. Its message becomes the reason in the CloudFormation event. */
export class ResourceFailure extends Error {
  constructor(message: string) {
    const reason = shorten(withoutControls(message), MAX_REASON_LENGTH, MAX_REASON_BYTES);
    super(reason);
    this.name = 'ResourceFailure';
    // The Provider framework appends all but the first line of the stack trace to the reason. That would not help users, and it
    // would take the room of text that does.
    this.stack = `${this.name}: ${reason.split('\n', 1)[0]}`;
  }
}
