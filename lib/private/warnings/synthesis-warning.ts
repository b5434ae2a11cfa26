import { Annotations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * Shows a warning at synthesis, and at the resource of the deployment: an acknowledgement that was given before the warning counts for what
 * is below its construct, and not for the construct itself.
 *
 * @param deployment the deployment, whose resource may be still to be defined
 */
export function warnAtSynthesis(deployment: IConstruct, id: string, message: string): void {
  deployment.node.addValidation({
    validate: () => {
      Annotations.of(deployment.node.defaultChild ?? deployment).addWarningV2(id, message);
      return [];
    },
  });
}
