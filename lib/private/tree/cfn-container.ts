import { CfnResource } from 'aws-cdk-lib';
import type * as lightsail from 'aws-cdk-lib/aws-lightsail';
import type { IConstruct } from 'constructs';

/** The resource of a container service, if the app creates it: the service itself, or its default child. */
export function cfnContainerOf(service: IConstruct | undefined): lightsail.CfnContainer | undefined {
  return [service, service?.node?.defaultChild].find((construct): construct is lightsail.CfnContainer =>
    CfnResource.isCfnResource(construct) && construct.cfnResourceType === 'AWS::Lightsail::Container');
}
