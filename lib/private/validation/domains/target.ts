import { Token } from 'aws-cdk-lib';
import type * as lightsail from 'aws-cdk-lib/aws-lightsail';
import type { ContainerServiceTargetProps } from '../../../domains/container-service-target';
import { cfnContainerOf } from '../../tree/cfn-container';
import { REGIONS_WITH_HOSTED_ZONE } from '../../tree/hosted-zone-ids';
import { TARGET, validatePropertyNames, validateProps } from '../property-names';
import { describeValue, isStringOrToken, validateBoolean } from '../validation';

const HOSTED_ZONE_ID = /^Z[A-Z0-9]+$/;

/** The errors of a container service as the target of an alias record. */
export function validateTarget(service: lightsail.IContainerRef): string[] {
  if (!isStringOrToken(service?.containerRef?.serviceName)) {
    return [`service: ${service === undefined ? 'missing' : `${describeValue(service)} is not a container service`}. Use a ContainerService, or `
      + 'ContainerService.fromContainerServiceAttributes() with its hostName.'];
  }
  if (cfnContainerOf(service)) return [];
  try {
    return isStringOrToken((service as { hostName?: unknown }).hostName) ? [] : [`service: the host name of ${service.node.path} is not known. Use a ContainerService, or `
      + 'ContainerService.fromContainerServiceAttributes() with its hostName.'];
  } catch (error) {
    // The reference throws, with its own path in the message.
    return [(error as Error).message.replace(/^\[[^\]]*\] /, '')];
  }
}

export function validateTargetProps(props: ContainerServiceTargetProps): string[] {
  const errors = validateProps('props', props, '{ evaluateTargetHealth: false }, or leave it out');
  if (errors.length > 0) return errors;

  const { hostedZoneId, evaluateTargetHealth } = props;
  return [
    ...validatePropertyNames('', props, TARGET),
    ...(hostedZoneId === undefined || Token.isUnresolved(hostedZoneId) || (typeof hostedZoneId === 'string' && HOSTED_ZONE_ID.test(hostedZoneId)) ? []
      : [`hostedZoneId: ${describeValue(hostedZoneId)} is not the id of a hosted zone. Use the id that AWS lists for the Region of the container service, `
        + 'or leave it out.']),
    ...validateBoolean('evaluateTargetHealth', evaluateTargetHealth),
  ];
}

/** The errors of the Region of the service, if it is known. */
export function validateTargetRegion(region: string | undefined): string[] {
  return region === undefined || REGIONS_WITH_HOSTED_ZONE.includes(region) ? []
    : [`service: the hosted zone of container services in ${describeValue(region)} is not known. It is known for ${REGIONS_WITH_HOSTED_ZONE.join(', ')}. `
      + 'If AWS documents one, pass it: new ContainerServiceTarget(service, { hostedZoneId }). A subdomain can also use a CNAME record to the hostName of the service.'];
}
