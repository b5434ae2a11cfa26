import type { Template } from './stack-driver';

export interface DomainTemplateOptions {
  readonly certificateName?: string;
  /** The primary one first. */
  readonly domainNames?: readonly string[];
  /** Whether the records are in the template. Default: true */
  readonly isPublished?: boolean;
  readonly timeoutSeconds?: number;
  readonly validationTimeoutSeconds?: number;
  /** Whether a service uses the certificate. Default: true */
  readonly hasService?: boolean;
  /** The domains of the service. Default: all of the certificate */
  readonly attached?: readonly string[];
}

/**
 * What the constructs make of a certificate and a service with its domains. The references are the same, so is the order: certificate, records, CNAME
 * records, ISSUED, service, aliases.
 */
export function domainTemplate(options: DomainTemplateOptions = {}): Template {
  const { certificateName = 'web-1', domainNames = ['www.example.com', 'example.com'], isPublished = true, hasService = true } = options;
  const { timeoutSeconds = 600, validationTimeoutSeconds = 3600, attached = domainNames } = options;
  const [DomainName, ...SubjectAlternativeNames] = domainNames;
  const custom = (Timeout: number) => ({ ServiceToken: 'token', CertificateName: { Ref: 'Certificate' }, DomainNames: domainNames, Timeout });
  const published = isPublished ? domainNames.map((domainName, index): [string, Template[string]] => [`Record${idOf(domainName)}`, {
    Type: 'AWS::Route53::RecordSet',
    Properties: {
      Type: 'CNAME', Name: { 'Fn::GetAtt': ['Records', `Name${index}`] }, ResourceRecords: [{ 'Fn::GetAtt': ['Records', `Value${index}`] }],
    },
  }]) : [];
  const aliases = attached.map((domainName): [string, Template[string]] => [`Alias${idOf(domainName)}`, {
    Type: 'AWS::Route53::RecordSet', Properties: { Type: 'A', Name: domainName, AliasTarget: { DNSName: { 'Fn::GetAtt': ['Service', 'Url'] } } },
  }]);
  const PublicDomainNames = attached.length > 0 ? [{ CertificateName: { 'Fn::GetAtt': ['Validation', 'CertificateName'] }, DomainNames: attached }] : [];
  return {
    Certificate: { Type: 'AWS::Lightsail::Certificate', Properties: { CertificateName: certificateName, DomainName, SubjectAlternativeNames } },
    Records: { Type: 'Custom::LightsailCertificateRecords', Properties: custom(timeoutSeconds) },
    ...Object.fromEntries(published),
    Validation: {
      Type: 'Custom::LightsailCertificateValidation',
      DependsOn: ['Records', ...published.map(([logicalId]) => logicalId)],
      Properties: custom(validationTimeoutSeconds),
    },
    ...hasService ? {
      ...PublicDomainNames.length > 0 ? {
        Domains: { Type: 'Custom::LightsailDomainChange', Properties: { ServiceToken: 'token', ServiceName: 'web', PublicDomainNames, Timeout: 1800 } },
      } : {},
      Service: { Type: 'AWS::Lightsail::Container', ...PublicDomainNames.length > 0 ? { DependsOn: ['Domains'] } : {}, Properties: { ServiceName: 'web', Power: 'nano', Scale: 1, PublicDomainNames } },
      ...Object.fromEntries(aliases),
    } : {},
  };
}

function idOf(domainName: string): string {
  return domainName.replace(/\W/g, '');
}
