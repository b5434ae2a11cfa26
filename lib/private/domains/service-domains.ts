import { Token } from 'aws-cdk-lib';
import type * as route53 from 'aws-cdk-lib/aws-route53';
import type { Construct } from 'constructs';
import { sorted } from './domain-order';
import { issuedNameOf, plainNameOf } from './issued-name';
import type { PublicDomainNames } from '../../container-service-props';
import type { ICertificate } from '../../domains/certificate';
import type { ContainerServiceDomain } from '../../domains/container-service-domain';
import { knownTexts } from '../tree/known-value';
import { identityOf } from '../tree/reference-identity';
import { domainNamesOf, validateCoverage } from '../validation/domains/certificate';
import { comparable, validateDomainNames } from '../validation/domains/domain-name';
import { validateHostedZone } from '../validation/domains/hosted-zone';
import { markDomainNames, validateOtherService } from '../validation/domains/other-service';
import { knownDomainNamesIn, validateTotals } from '../validation/domains/public-domain-names';
import { describeValue } from '../validation/validation';

interface Attachment {
  readonly certificate: ICertificate;
  readonly certificateName: string;
  readonly domainNames: string[];
}

/** The custom domain names of a container service and their certificates. */
export class ServiceDomains {
  /** By the identity of the certificate. */
  private readonly attachments = new Map<string, Attachment>();
  private readonly zones: Array<{ readonly domainName: string; readonly zone: route53.IHostedZone }> = [];

  /** @param byName the domain names whose certificates are given by name. The service does not wait for these certificates */
  constructor(private readonly service: Construct, private readonly byName: PublicDomainNames[] | undefined) {
    markDomainNames(service, () => knownTexts(this.domainNames, service));
  }

  /** Attaches domain names to the service when their certificate is issued. */
  public attach(certificate: ICertificate, domainNames: readonly string[]): void {
    const identity = this.identityOf(certificate);
    const present = this.attachments.get(identity);
    if (present) {
      present.domainNames.splice(0, Infinity, ...sorted([...present.domainNames, ...domainNames]));
      return;
    }
    const names = domainNames.map(comparable);
    this.attachments.set(identity, { certificate, certificateName: issuedNameOf(this.service, certificate, () => names), domainNames: names });
  }

  /** Lets the zone of a domain name be validated at synthesis, when the value of each `Lazy` is known. */
  public remember(domainName: string, zone: route53.IHostedZone): void {
    this.zones.push({ domainName, zone });
  }

  /** The property of the resource. */
  public render(): PublicDomainNames[] | undefined {
    if (this.attachments.size === 0) return this.byName;
    return [...this.byName ?? [], ...[...this.attachments.values()].map(({ certificateName, domainNames }) => ({ certificateName, domainNames }))];
  }

  /**
   * The errors of all domain names together.
   *
   * @param added what will be attached
   */
  public validateTotals(property: string, added: ReadonlyArray<Partial<ContainerServiceDomain>>): string[] {
    const attached = new Set([
      ...this.attachments.keys(), ...added.map(({ certificate }) => (certificate === undefined ? 'a new certificate' : this.identityOf(certificate))),
    ]);
    const byName = this.certificatesByName();
    return [
      ...byName.filter((name) => attached.has(name)).map((name) =>
        `publicDomainNames: certificate ${describeValue(name)} is also given for other domain names. Move its domain names from publicDomainNames to domains.`),
      ...validateTotals(property, [...byName, ...attached], [...this.domainNames, ...added.flatMap(({ domainNames }) => domainNames ?? [])]),
    ];
  }

  /** The errors that can be found only at synthesis. */
  public validateAtSynthesis(): string[] {
    const { service } = this;
    const known = (names: readonly string[]) => knownTexts(names, service);
    return [
      ...[...this.attachments.values()].flatMap(({ certificate, domainNames }) => {
        const errors = validateDomainNames('domains', known(domainNames));
        const covered = domainNamesOf(certificate);
        return errors.length > 0 ? errors : validateCoverage('domains', certificate, known(domainNames), covered && known(covered));
      }),
      ...this.zones.flatMap(({ domainName, zone }) => validateHostedZone('hostedZone', zone, known([domainName]), service)),
      ...(this.attachments.size === 0 ? [] : validateTotals('domains', [], known(this.domainNames))),
      ...validateOtherService(service),
    ];
  }

  /** The domain names whose number is known. */
  private get domainNames(): string[] {
    return [...knownDomainNamesIn(this.byName), ...[...this.attachments.values()].flatMap(({ domainNames }) => domainNames)];
  }

  private certificatesByName(): string[] {
    if (!Array.isArray(this.byName) || Token.isUnresolved(this.byName)) return [];
    return this.byName.filter((entry) => !Token.isUnresolved(entry)).map(({ certificateName }) => identityOf(certificateName, this.service));
  }

  private identityOf(certificate: ICertificate): string {
    return identityOf(plainNameOf(certificate), this.service);
  }
}
