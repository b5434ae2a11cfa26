import { Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { describeValue } from './validation';

/** Lets an app use a Region that has got container services after this version of the library was released. */
const ADDITIONAL_REGIONS = 'cdk-lightsail-containers:additionalRegions';

/**
 * The Regions that the Lightsail API does not know, as of its model in the AWS SDK 3.1169 (`RegionName`). A Region that is not in this list passes:
 * it may be new.
 */
const REGIONS_WITHOUT_LIGHTSAIL = /^(?:af-south-1|ap-east-2|ap-northeast-3|ap-south-2|ap-southeast-[467]|ca-west-1|eu-central-2|eu-south-1|il-central-1|me-central-1|me-south-1|mx-central-1|cn-.+|us-gov-.+|us-iso.*|eu-isoe-.+|eusc-.+)$/;

/** The errors of the Region of a container service, if the Region is known. */
export function validateRegion(region: string, scope: IConstruct): string[] {
  if (Token.isUnresolved(region) || !REGIONS_WITHOUT_LIGHTSAIL.test(region)) return [];

  const additional: unknown = scope.node.tryGetContext(ADDITIONAL_REGIONS);
  return Array.isArray(additional) && additional.includes(region) ? []
    : [`env.region: Lightsail has no container services in ${describeValue(region)}. Put the stack into a Region of Lightsail: \`aws lightsail get-regions\` lists them. `
      + `If the list contains ${describeValue(region)} now, set the context ${ADDITIONAL_REGIONS} to [${describeValue(region)}].`];
}
