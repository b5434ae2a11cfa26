import { Duration } from 'aws-cdk-lib';

/** The longest time that CloudFormation waits for a custom resource, and its default. */
const MAX_SERVICE_TIMEOUT_SECONDS = 3600;

/** How much later CloudFormation times out than the handler does. */
const SERVICE_TIMEOUT_RESERVE_SECONDS = 180;

/**
 * CloudFormation must time out after the handler, because it reports no reason. One hour is the maximum, and the value for a token.
 */
export function serviceTimeoutOf(timeout: Duration): Duration {
  return Duration.seconds(timeout.isUnresolved() ? MAX_SERVICE_TIMEOUT_SECONDS
    : Math.min(MAX_SERVICE_TIMEOUT_SECONDS, timeout.toSeconds() + SERVICE_TIMEOUT_RESERVE_SECONDS));
}
