import { CustomResource, Duration, Lazy } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { DeploymentProvider } from '../provider/deployment-provider';
import { serviceTimeoutOf } from '../provider/service-timeout';
import type {
  CertificateRecordsResourceAttributes, CertificateRecordsResourceProperties, CertificateValidationResourceAttributes,
  CertificateValidationResourceProperties, ResourceType,
} from '../resource-properties';

/** Lightsail has the records within seconds. */
const RECORDS_TIMEOUT = Duration.minutes(10);

/** Usually a few minutes. An hour is the longest that CloudFormation waits. */
export const DEFAULT_ISSUE_TIMEOUT = Duration.minutes(60);

export interface CertificateToRead {
  readonly certificateName: string;
  /** The domain names. More can be added until synthesis. */
  domainNames(): readonly string[];
}

/** Reads the validation records of a certificate. */
export class CertificateRecords {
  public readonly resource: CustomResource;

  constructor(scope: Construct, id: string, private readonly certificate: CertificateToRead) {
    this.resource = customResource(scope, id, 'Custom::LightsailCertificateRecords', certificate, RECORDS_TIMEOUT);
  }

  /** The name and the value of the record of a domain name, without dots at the end. */
  public of(domainName: string): { readonly name: string; readonly value: string } {
    // The place of a domain name changes if another one is added before it.
    const attribute = (kind: 'Name' | 'Value') => Lazy.uncachedString({
      produce: () => this.resource.getAttString(
        `${kind}${this.certificate.domainNames().indexOf(domainName)}` satisfies keyof CertificateRecordsResourceAttributes),
    });
    return { name: attribute('Name'), value: attribute('Value') };
  }
}

/** Waits until a certificate is issued. */
export class CertificateIssue {
  /** The name of the certificate. What refers to it waits as well. */
  public readonly certificateName: string;
  public readonly status: string;
  public readonly resource: CustomResource;

  constructor(scope: Construct, id: string, certificate: CertificateToRead, timeout: Duration = DEFAULT_ISSUE_TIMEOUT) {
    this.resource = customResource(scope, id, 'Custom::LightsailCertificateValidation', certificate, timeout);
    const attribute = (name: keyof CertificateValidationResourceAttributes) => this.resource.getAttString(name);
    this.certificateName = attribute('CertificateName');
    this.status = attribute('Status');
  }
}

function customResource(scope: Construct, id: string, resourceType: ResourceType, certificate: CertificateToRead, timeout: Duration): CustomResource {
  const provider = DeploymentProvider.of(scope);
  const properties: CertificateRecordsResourceProperties & CertificateValidationResourceProperties = {
    CertificateName: certificate.certificateName,
    DomainNames: Lazy.uncachedList({ produce: () => [...certificate.domainNames()] }),
    Timeout: timeout.toSeconds(),
  };
  const resource = new CustomResource(scope, id, {
    resourceType, serviceToken: provider.serviceToken, serviceTimeout: serviceTimeoutOf(timeout), properties,
  });
  resource.node.addDependency(provider.prerequisites, provider.getCertificatesPolicy());
  return resource;
}
