import { Resource, type IResource, type RemovalPolicy } from 'aws-cdk-lib';
import * as lightsail from 'aws-cdk-lib/aws-lightsail';
import type * as route53 from 'aws-cdk-lib/aws-route53';
import type { Construct } from 'constructs';
import type { CertificateProps, CertificateValidationRecord } from './certificate-props';
import type { CertificateValidation } from './certificate-validation';
import { generatedCertificateName } from '../private/domains/certificate-name';
import { CertificateIssue, CertificateRecords, type CertificateToRead } from '../private/domains/certificate-resources';
import { sorted } from '../private/domains/domain-order';
import { markIssued } from '../private/domains/issued-name';
import { publishValidationRecord } from '../private/domains/validation-record';
import { DeploymentProvider } from '../private/provider/deployment-provider';
import { knownDuration, knownTexts, resolveKnown } from '../private/tree/known-value';
import { validateNewCertificate } from '../private/validation/domains/certificate';
import { validateCertificateName } from '../private/validation/domains/certificate-name';
import { comparable } from '../private/validation/domains/domain-name';
import { hostedZoneFor } from '../private/validation/domains/hosted-zone';
import { CERTIFICATE, validatePropertyNames, validateProps } from '../private/validation/property-names';
import { validateRegion } from '../private/validation/region';
import { describeValue, isStringOrToken, throwIfInvalid } from '../private/validation/validation';

/**
 * An Amazon Lightsail certificate. It is not a certificate of AWS Certificate Manager, and each service can use only its own kind.
 */
export interface ICertificate extends IResource {
  /**
   * The name of the certificate, unique in its account and Region.
   *
   * @attribute
   */
  readonly certificateName: string;
}

/**
 * An Amazon Lightsail certificate for custom domain names of container services.
 *
 * With a `validation`, one deployment creates the certificate, publishes its validation records and waits until the certificate is issued. A
 * construct that depends on the certificate waits as well.
 *
 * CloudFormation cannot change the domain names of a certificate. If they change, a new certificate is issued, and container services of the stack
 * use it before the old one is deleted. Keep the certificate in the stack of its container service: while another stack uses the name,
 * CloudFormation refuses to replace the certificate.
 *
 * @resource AWS::Lightsail::Certificate
 */
export class Certificate extends Resource implements ICertificate {
  /**
   * A certificate that exists already, or that another stack creates, by its name. A container service that uses it waits until it is issued.
   *
   * @param scope the scope of the reference
   * @param id the id of the reference
   * @param certificateName the name of a Lightsail certificate in the account and Region of the stack. It is not an ARN
   * @throws if the name is an ARN or empty
   */
  public static fromCertificateName(scope: Construct, id: string, certificateName: string): ICertificate {
    throwIfInvalid(`${scope.node.path}/${id}`, isStringOrToken(certificateName) && certificateName !== ''
      ? validateCertificateName('certificateName', certificateName)
      : [`certificateName: ${describeValue(certificateName)} given. Use the name of a certificate in Lightsail: \`aws lightsail get-certificates\` lists them.`]);

    return new ImportedCertificate(scope, id, certificateName);
  }

  /**
   * The ARN of the certificate. It ends with an id from Lightsail, not with the name.
   *
   * @attribute
   */
  public readonly certificateArn: string;

  private readonly resource: lightsail.CfnCertificate;
  private readonly source: CertificateToRead;
  private readonly issue?: CertificateIssue;
  private readonly published: Resource[] = [];
  private removalPolicy: CertificateProps['removalPolicy'];
  private names: string[];
  private records?: CertificateRecords;

  /**
   * @throws if a value is not valid, or a hosted zone does not contain a domain name. One error lists all such values
   */
  constructor(scope: Construct, id: string, props: CertificateProps) {
    super(scope, id);
    throwIfInvalid(this.node.path, validateProps('props', props, "{ domainName }, for example { domainName: 'www.example.com' }"));
    throwIfInvalid(this.node.path, [
      // The props of a subclass can have properties of their own.
      ...(this.constructor === Certificate ? validatePropertyNames('', props, CERTIFICATE) : []),
      ...validateNewCertificate(props, this),
      ...DeploymentProvider.validate(this),
      ...validateRegion(this.stack.region, this),
    ]);
    this.node.addValidation({ validate: () => this.validateResolved(props) });

    this.names = [comparable(props.domainName), ...sorted(props.subjectAlternativeNames ?? [])];
    this.resource = new lightsail.CfnCertificate(this, 'Resource', {
      certificateName: props.certificateName ?? generatedCertificateName(this, this.names),
      domainName: this.names[0],
      subjectAlternativeNames: this.alternativeNames(),
    });
    if (props.removalPolicy !== undefined) {
      this.applyRemovalPolicy(props.removalPolicy);
    }
    this.certificateArn = this.resource.attrCertificateArn;
    this.source = { certificateName: this.resource.ref, domainNames: () => this.names };

    const { validation } = props;
    if (validation !== undefined) {
      this.issue = new CertificateIssue(this, 'Validation', this.source, props.timeout);
      // Before the deployment waits, the log has the records: also those that others publish.
      this.issue.resource.node.addDependency(this.readRecords().resource);
      this.names.forEach((name) => this.publish(name, zoneOf(validation, name)));
      markIssued(this);
    }
  }

  /**
   * The name of the certificate. With a `validation`, it is known only when the certificate is issued. A resource that uses it therefore waits
   * until then.
   *
   * @attribute
   */
  public get certificateName(): string {
    return this.issue?.certificateName ?? this.resource.ref;
  }

  /**
   * The status of the certificate: `ISSUED`, or without a `validation` the status after its creation, usually `PENDING_VALIDATION`.
   *
   * @attribute
   */
  public get status(): string {
    return this.issue?.status ?? this.resource.attrStatus;
  }

  /**
   * The domain names of the certificate: the primary one, then the others in alphabetical order.
   */
  public get domainNames(): string[] {
    return [...this.names];
  }

  /**
   * The CNAME records that validate the certificate, one for each of `domainNames`. They are known soon after the certificate is created, before it is issued.
   */
  public get validationRecords(): CertificateValidationRecord[] {
    const records = this.readRecords();
    return this.names.map((domainName) => ({ domainName, ...records.of(domainName) }));
  }

  /**
   * What happens to the certificate and its records in Route 53 when they are removed from the stack, or the certificate is replaced, as with
   * `removalPolicy`.
   *
   * @param policy DESTROY, RETAIN or RETAIN_ON_UPDATE_OR_DELETE
   */
  public override applyRemovalPolicy(policy: RemovalPolicy): void {
    super.applyRemovalPolicy(policy);
    this.removalPolicy = policy;
    this.published.forEach((record) => record.applyRemovalPolicy(policy));
  }

  /**
   * Adds a domain name to a certificate that a container service shares among its domain names. Its name is generated.
   *
   * @internal
   */
  public _add(domainName: string, zone: route53.IHostedZone): void {
    this.names = sorted([...this.names, domainName]);
    this.resource.certificateName = generatedCertificateName(this, this.names);
    this.resource.domainName = this.names[0];
    this.resource.subjectAlternativeNames = this.alternativeNames();
    this.publish(comparable(domainName), zone);
  }

  private alternativeNames(): string[] | undefined {
    const [, ...others] = this.names;
    return others.length > 0 ? others : undefined;
  }

  private readRecords(): CertificateRecords {
    this.records ??= new CertificateRecords(this, 'Records', this.source);
    return this.records;
  }

  private publish(domainName: string, zone: route53.IHostedZone | undefined): void {
    if (zone === undefined) return;

    const record = publishValidationRecord(this, zone, domainName, this.readRecords().of(domainName));
    this.published.push(record);
    if (this.removalPolicy !== undefined) {
      record.applyRemovalPolicy(this.removalPolicy);
    }
    this.issue?.resource.node.addDependency(record);
  }

  /** The values of each `Lazy` are known only now. */
  private validateResolved(props: CertificateProps): string[] {
    const { domainName, subjectAlternativeNames, certificateName, timeout } = props;
    const [knownDomainName] = knownTexts([domainName], this);
    return validateNewCertificate({
      ...props,
      domainName: knownDomainName,
      subjectAlternativeNames: subjectAlternativeNames && knownTexts(subjectAlternativeNames, this),
      certificateName: resolveKnown(certificateName, this),
      timeout: knownDuration(timeout, this),
    }, this);
  }
}

class ImportedCertificate extends Resource implements ICertificate {
  constructor(scope: Construct, id: string, public readonly certificateName: string) {
    super(scope, id);
  }
}

function zoneOf({ hostedZone, hostedZones = {} }: CertificateValidation, domainName: string): route53.IHostedZone | undefined {
  return hostedZone ?? hostedZoneFor(hostedZones, domainName);
}
