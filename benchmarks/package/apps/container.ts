import type { Stack } from 'aws-cdk-lib';
import { CfnContainer } from 'aws-cdk-lib/aws-lightsail';

/** A container service without a deployment. */
export function define(stack: Stack, index: number): void {
  new CfnContainer(stack, `Service${index}`, { serviceName: `service-${index}`, power: 'nano', scale: 1 });
}
