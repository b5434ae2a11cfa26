import type * as lightsail from 'aws-cdk-lib/aws-lightsail';
import type * as route53 from 'aws-cdk-lib/aws-route53';
import { cfnContainerOf } from '../private/tree/cfn-container';
import { hostNameOf } from '../private/tree/host-name';
import { hostedZoneIdOf, regionOf } from '../private/tree/hosted-zone-ids';
import { validateTarget, validateTargetProps, validateTargetRegion } from '../private/validation/domains/target';
import { throwIfInvalid } from '../private/validation/validation';

/**
 * Properties of a `ContainerServiceTarget`.
 */
export interface ContainerServiceTargetProps {
  /**
   * The id of the hosted zone of Lightsail's container services in the Region of the service. It is not the hosted zone of your domain.
   *
   * AWS documentation: "Route traffic for a domain to a Lightsail container service" (Amazon Lightsail User Guide).
   *
   * @default - the id that this documentation lists for the Region of the service
   */
  readonly hostedZoneId?: string;

  /**
   * Whether Route 53 considers the health of the container service, where it can choose among several records.
   *
   * @default true
   */
  readonly evaluateTargetHealth?: boolean;
}

/**
 * A container service as the target of an alias record in Amazon Route 53, for apex domains and subdomains:
 * `RecordTarget.fromAlias(new ContainerServiceTarget(service))`.
 *
 * The domain name must also be attached to the container service (`domains`). The record is created after that, if it
 * is in the stack of the service. `ContainerService.addDomain()` does both.
 */
export class ContainerServiceTarget implements route53.IAliasRecordTarget {
  /**
   * @param service the container service: a `ContainerService`, a `CfnContainer`, or one of `ContainerService.fromContainerServiceAttributes()` with its
   *   `hostName`. If its Region is known only at deploy time, it must be the Region of the record's stack
   * @param props the properties of the target
   * @throws if the host name of the service is not known, or if the hosted zone id of its Region is not known
   */
  constructor(private readonly service: lightsail.IContainerRef, private readonly props: ContainerServiceTargetProps = {}) {
    throwIfInvalid(service?.node?.path ?? 'ContainerServiceTarget', [
      ...validateTarget(service),
      ...validateTargetProps(props),
    ]);
  }

  /**
   * Returns the hosted zone id and the DNS name of the container service.
   *
   * @param record the alias record
   * @param _zone the hosted zone of the record
   */
  public bind(record: route53.IRecordSet, _zone?: route53.IHostedZone): route53.AliasRecordTargetConfig {
    const { service, props } = this;
    const region = regionOf(service.env.region, record);
    throwIfInvalid(record.node.path, props.hostedZoneId === undefined ? validateTargetRegion(region) : []);

    const container = cfnContainerOf(service);
    return {
      hostedZoneId: props.hostedZoneId ?? hostedZoneIdOf(region, record),
      dnsName: container ? hostNameOf(container.attrUrl) : (service as unknown as { hostName: string }).hostName,
      evaluateTargetHealth: props.evaluateTargetHealth ?? true,
    };
  }
}
