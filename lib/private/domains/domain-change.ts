import { CustomResource, Duration, Lazy, Token, type CfnResource } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { ServiceDomains } from './service-domains';
import { DeploymentProvider } from '../provider/deployment-provider';
import { serviceTimeoutOf } from '../provider/service-timeout';
import type { DomainChangeResourceProperties, ResourceType } from '../resource-properties';

const TIMEOUT = Duration.minutes(30);
const TYPE: ResourceType = 'Custom::LightsailDomainChange';

/**
 * Comes before each update of the service: if its certificates change, the old ones leave the service when the new ones come. See
 * decisions/0027-certificates-that-are-replaced.md.
 */
export class DomainChange extends Construct {
  /** @param serviceName the name, and not a reference: the service comes after this */
  constructor(scope: Construct, service: CfnResource, serviceName: string, domains: ServiceDomains) {
    super(scope, 'Domains');
    const provider = DeploymentProvider.of(this);
    const properties: Record<keyof DomainChangeResourceProperties, unknown> = {
      ServiceName: serviceName,
      PublicDomainNames: Lazy.uncachedAny({
        produce: () => domains.render()?.filter((entry) => !Token.isUnresolved(entry))
          .map(({ certificateName, domainNames }) => ({ CertificateName: certificateName, DomainNames: domainNames })),
      }),
      Timeout: TIMEOUT.toSeconds(),
    };
    const change = new CustomResource(this, 'Resource', {
      resourceType: TYPE, serviceToken: provider.serviceToken, serviceTimeout: serviceTimeoutOf(TIMEOUT), properties,
    });
    change.node.addDependency(provider.prerequisites, provider.changeDomainsPolicy());
    service.node.addDependency(change);
  }
}
