import { Annotations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * Shows a warning at synthesis, at the resource of the deployment. An acknowledgement that comes before the warning covers only
 * the constructs below its own.
 *
 * @param deployment the deployment. Its resource can be defined later
 * @param message the warning, or what finds out at synthesis whether there is one
 */
export function warnAtSynthesis(deployment: IConstruct, id: string, message: string | (() => string | undefined)): void {
  deployment.node.addValidation({
    validate: () => {
      const text = typeof message === 'string' ? message : message();
      if (text !== undefined) Annotations.of(deployment.node.tryFindChild('Resource') ?? deployment).addWarningV2(id, text);
      return [];
    },
  });
}
