import { Annotations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * Shows a warning at synthesis, at the resource of the deployment. An acknowledgement that comes before the warning covers only
 * the constructs below its own.
 *
 * @param deployment the deployment. Its resource can be defined later
 */
export function warnAtSynthesis(deployment: IConstruct, id: string, message: string): void {
  deployment.node.addValidation({
    validate: () => {
      Annotations.of(deployment.node.defaultChild ?? deployment).addWarningV2(id, message);
      return [];
    },
  });
}
