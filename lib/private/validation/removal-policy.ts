import { RemovalPolicy } from 'aws-cdk-lib';
import { describeValue } from './validation';

const REMOVAL_POLICIES = [RemovalPolicy.DESTROY, RemovalPolicy.RETAIN, RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE];

/**
 * The errors of the removal policy of a resource. The CDK must know the policy at synthesis.
 *
 * @param resources what Lightsail has no snapshots of
 */
export function validateRemovalPolicy(policy: RemovalPolicy | undefined, resources: string): string[] {
  return policy === undefined || REMOVAL_POLICIES.includes(policy) ? []
    : [`removalPolicy: ${describeValue(policy)} given. Use RemovalPolicy.DESTROY, RETAIN or RETAIN_ON_UPDATE_OR_DELETE. `
      + `Lightsail has no snapshots of ${resources}.`];
}
