import {
  ArnFormat, CfnDeletionPolicy, Lazy, Names, Resource, Stack, Token, type CfnResource, type IResource, type RemovalPolicy, type ResourceProps,
} from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import * as lightsail from 'aws-cdk-lib/aws-lightsail';
import * as route53 from 'aws-cdk-lib/aws-route53';
import { Construct } from 'constructs';
import { ContainerServiceDeployment } from './container-service-deployment';
import type { ContainerServiceDeploymentOptions } from './container-service-deployment-props';
import type { ContainerServiceProps } from './container-service-props';
import { Certificate, type ICertificate } from './domains/certificate';
import { CertificateValidation } from './domains/certificate-validation';
import type { AddDomainOptions } from './domains/container-service-domain';
import { ContainerServiceTarget } from './domains/container-service-target';
import { ContainerServicePrincipal, UnknownContainerServicePrincipal } from './private/access/container-service-principal';
import { DomainChange } from './private/domains/domain-change';
import { ServiceDomains } from './private/domains/service-domains';
import { validateExportsOfService } from './private/exports/exported-attributes';
import { DeploymentProvider } from './private/provider/deployment-provider';
import { hostNameOf } from './private/tree/host-name';
import { regionOf } from './private/tree/hosted-zone-ids';
import { resolveKnown } from './private/tree/known-value';
import {
  validateContainerServiceArn, validateContainerService, validateHostName, validatePrincipalArn,
} from './private/validation/container-service-validation';
import { comparable } from './private/validation/domains/domain-name';
import { validateAddDomain, validateEnvironmentsByName, validateServiceDomains } from './private/validation/domains/service-domains';
import { validateTargetRegion } from './private/validation/domains/target';
import { SERVICE, SERVICE_ATTRIBUTES, validatePropertyNames, validateProps } from './private/validation/property-names';
import { validateRegion } from './private/validation/region';
import { validateContainerServiceName, isStringOrToken, throwIfInvalid } from './private/validation/validation';

/**
 * An Amazon Lightsail container service.
 */
export interface IContainerService extends IResource, lightsail.IContainerRef, iam.IGrantable {
  /**
   * The name of the container service.
   *
   * @attribute
   */
  readonly containerServiceName: string;

  /**
   * The ARN of the container service, for IAM policies.
   *
   * The ARN ends with an id from Lightsail, not with the name. If only the name of the service is known,
   * the ARN ends with a wildcard and matches every container service of the account and Region.
   *
   * @attribute
   */
  readonly containerServiceArn: string;

  /**
   * The domain name of the container service inside the Lightsail network: `<name>.service.local`. It comes from the name,
   * so two container services can use the domain names of each other, in other stacks too.
   *
   * @attribute
   */
  readonly privateDomainName: string;

  /**
   * The host name in the URL of the container service, without a scheme and slashes. CNAME records and CloudFront origins use it.
   *
   * @attribute
   * @throws if the service was imported without its host name
   */
  readonly hostName: string;

  /**
   * Deploys containers to the container service.
   *
   * Lightsail runs one deployment at a time on a container service. Synthesis fails if there are two.
   *
   * @param id the id of the deployment, inside the container service
   * @param options the containers and the public endpoint
   * @throws if the Lightsail API refuses a value
   */
  addDeployment(id: string, options: ContainerServiceDeploymentOptions): ContainerServiceDeployment;
}

/**
 * Attributes of a container service that exists already, or that another stack creates.
 */
export interface ContainerServiceAttributes {
  /**
   * The name of the container service.
   */
  readonly containerServiceName: string;

  /**
   * The ARN of the container service. It ends with an id from Lightsail, not with the name.
   * `aws lightsail get-container-services` shows it. The account and Region of the service are taken from the ARN.
   */
  readonly containerServiceArn: string;

  /**
   * The host name in the URL of the container service, without a scheme and slashes: `<name>.<id>.<region>.cs.amazonlightsail.com`.
   * Alias records (`ContainerServiceTarget`) need it.
   *
   * @default - not known: `hostName` fails
   */
  readonly hostName?: string;

  /**
   * The ARN of the IAM role of the container service, to grant permissions to.
   *
   * @default - not known: granting a permission to the container service fails
   */
  readonly principalArn?: string;

  /**
   * The ARN of the IAM role that pulls images from private Amazon ECR repositories, for the policies of these repositories.
   *
   * @default - the deployment reads it at deploy time. Only a repository in the stack of the deployment can then use it
   */
  readonly ecrImagePullerPrincipalArn?: string;
}

/**
 * An Amazon Lightsail container service: the nodes that run containers, and their URL.
 *
 * `addDeployment()` or a `ContainerServiceDeployment` deploys containers to it. Until then its URL answers 404.
 *
 * **Permissions.** The container service uses an IAM role in an AWS-owned account (`principalArn`). Nothing can be
 * added to the policies of that role, and there is no task role. Only the policies of the resources can allow it
 * something: `bucket.grantRead(service)` changes the policy of the bucket, and of its customer managed KMS key.
 * Other accounts, and so the service, cannot use data that is encrypted with an AWS managed KMS key.
 * A resource without a policy cannot grant a permission to the service. Synthesis warns of such a grant
 * (`cdk-lightsail-containers:grantWithoutResourcePolicy`); acknowledge the warning if the policy is outside the app. Instead, let the containers assume a role
 * of your account: `new iam.Role(this, 'Role', { assumedBy: service.grantPrincipal })`.
 *
 * **Network.** A container service is not in a VPC, and has no security groups.
 *
 * **Tags.** Use them like those of other resources: `Tags.of(service).add('team', 'web')`.
 *
 * @resource AWS::Lightsail::Container
 */
export class ContainerService extends Resource implements IContainerService {
  /**
   * A container service that exists already, or that another stack creates, by its name.
   *
   * Lightsail's ARNs contain an id instead of the name. The permissions of the handler therefore cover
   * all container services of the account and Region. `fromContainerServiceAttributes()` limits
   * them to one service. Nothing can be granted to a service if only its name is known.
   *
   * @param scope the scope of the reference
   * @param id the id of the reference
   * @param containerServiceName the name: 1-63 characters, a-z, 0-9 and hyphens, with a letter or a
   *   digit at both ends (Lightsail API: `ContainerServiceName`)
   * @throws if the name is not valid
   */
  public static fromContainerServiceName(scope: Construct, id: string, containerServiceName: string): IContainerService {
    throwIfInvalid(`${scope.node.path}/${id}`, validateContainerServiceName('containerServiceName', containerServiceName));

    return new ImportedContainerService(scope, id, {
      containerServiceName,
      containerServiceArn: Stack.of(scope).formatArn({
        service: 'lightsail',
        resource: 'ContainerService',
        resourceName: '*',
        arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
      }),
    });
  }

  /**
   * A container service that exists already, or that another stack creates, by its name and ARN.
   *
   * @param scope the scope of the reference
   * @param id the id of the reference
   * @param attributes the attributes of the container service
   * @throws if an attribute is not valid
   */
  public static fromContainerServiceAttributes(scope: Construct, id: string, attributes: ContainerServiceAttributes): IContainerService {
    throwIfInvalid(`${scope.node.path}/${id}`, validateProps('attributes', attributes, '{ containerServiceName, containerServiceArn }'));
    const { containerServiceName, containerServiceArn, hostName, principalArn, ecrImagePullerPrincipalArn } = attributes;
    throwIfInvalid(`${scope.node.path}/${id}`, [
      ...validatePropertyNames('', attributes, SERVICE_ATTRIBUTES),
      ...validateContainerServiceName('containerServiceName', containerServiceName),
      ...validateContainerServiceArn(containerServiceArn, containerServiceName),
      ...validateHostName(hostName, containerServiceArn),
      ...validatePrincipalArn('principalArn', principalArn),
      ...validatePrincipalArn('ecrImagePullerPrincipalArn', ecrImagePullerPrincipalArn),
    ]);

    return new ImportedContainerService(scope, id, attributes, { environmentFromArn: containerServiceArn });
  }

  /**
   * The name of the container service.
   *
   * @attribute
   */
  public readonly containerServiceName: string;

  /**
   * The ARN of the container service. It ends with an id from Lightsail, not with the name.
   *
   * @attribute
   */
  public readonly containerServiceArn: string;

  /**
   * The public URL of the container service, with a slash at the end. Until a deployment with a public
   * endpoint is active, it answers 404. The `url` of the deployment is known only after that.
   * `hostName` is its host alone.
   *
   * @attribute
   */
  public readonly url: string;

  /**
   * The host name in the URL of the container service, without a scheme and slashes. CNAME records and CloudFront origins use it.
   *
   * @attribute
   */
  public readonly hostName: string;

  /**
   * The domain name of the container service inside the Lightsail network: `<name>.service.local`. It comes from the name,
   * so two container services can use the domain names of each other, in other stacks too.
   *
   * @attribute
   */
  public readonly privateDomainName: string;

  /**
   * The ARN of the IAM role of the container service. The role is in an AWS-owned account:
   * only resource policies can give it permissions.
   *
   * @attribute
   */
  public readonly principalArn: string;

  /**
   * The ARN of the IAM role that pulls images from private Amazon ECR repositories. It exists only
   * with `privateRegistryAccess`. Synthesis fails if it is exported without.
   *
   * @attribute
   */
  public readonly ecrImagePullerPrincipalArn: string;

  /**
   * The principal to grant permissions to: the role `principalArn`. A grant changes the policy of the
   * resource. Synthesis warns if no policy contains the permission.
   */
  public readonly grantPrincipal: iam.IPrincipal;

  private readonly resource: lightsail.CfnContainer;
  private readonly serviceName: string;
  private readonly attachedDomains: ServiceDomains;
  private domainChange?: DomainChange;
  /** For the domain names that are added without one. */
  private sharedCertificate?: Certificate;
  private readonly publicDomainNames: ContainerServiceProps['publicDomainNames'];
  private removalPolicy: ContainerServiceProps['removalPolicy'];
  private isSynthesized = false;

  /**
   * @throws if the Lightsail API refuses a value
   */
  constructor(scope: Construct, id: string, props: ContainerServiceProps) {
    super(scope, id, { physicalName: isStringOrToken(props?.containerServiceName) ? props.containerServiceName : undefined });
    throwIfInvalid(this.node.path, validateProps('props', props, '{ power }, for example { power: ContainerServicePower.NANO }'));
    throwIfInvalid(this.node.path, [
      // The props of a subclass can have properties of their own.
      ...(this.constructor === ContainerService ? validatePropertyNames('', props, SERVICE) : []),
      ...validateContainerService(props),
      ...validateEnvironmentsByName(props.publicDomainNames, this),
      ...validateServiceDomains(props.domains, props.publicDomainNames, this),
      ...validateRegion(this.stack.region, this),
    ]);
    this.attachedDomains = new ServiceDomains(this, props.publicDomainNames);
    const domains = props.domains ?? [];
    throwIfInvalid(this.node.path, domains.length === 0 ? [] : [
      ...this.attachedDomains.validateTotals('domains', domains),
      ...DeploymentProvider.validate(this),
    ]);
    this.node.addValidation({
      validate: () => {
        this.isSynthesized = true;
        const { domains: _, ...others } = props;
        return [
          ...validateContainerService(resolveKnown(others, this)),
          ...this.attachedDomains.validateAtSynthesis(),
          ...validateExportsOfService(resource),
        ];
      },
    });
    this.publicDomainNames = props.publicDomainNames;

    const { privateRegistryAccess } = props;
    const serviceName = props.containerServiceName ?? this.generatedName();
    const resource = new lightsail.CfnContainer(this, 'Resource', {
      serviceName,
      power: props.power.name,
      scale: props.scale ?? 1,
      publicDomainNames: Token.isUnresolved(props.publicDomainNames) ? props.publicDomainNames
        : Lazy.uncachedAny({ produce: () => this.attachedDomains.render() }),
      privateRegistryAccess: privateRegistryAccess === undefined ? undefined : { ecrImagePullerRole: { isActive: privateRegistryAccess } },
      isDisabled: props.isDisabled,
    });
    if (props.removalPolicy !== undefined) {
      this.applyRemovalPolicy(props.removalPolicy);
    }

    this.resource = resource;
    this.serviceName = serviceName;
    domains.forEach(({ certificate, domainNames }) => this.attach(certificate, domainNames));

    this.containerServiceName = this.getResourceNameAttribute(resource.ref);
    this.containerServiceArn = resource.attrContainerArn;
    this.url = resource.attrUrl;
    this.hostName = hostNameOf(this.url);
    // The name and not a Ref: a Ref makes a circle of two services that use the domain names of each other.
    this.privateDomainName = privateDomainNameOf(serviceName);
    this.principalArn = resource.attrPrincipalArn;
    this.ecrImagePullerPrincipalArn = resource.attrPrivateRegistryAccessEcrImagePullerRolePrincipalArn;
    this.grantPrincipal = new ContainerServicePrincipal(this, this.principalArn, resource);
  }

  /**
   * The reference that other constructs use for the container service.
   */
  public get containerRef(): lightsail.ContainerReference {
    return { serviceName: this.containerServiceName, containerArn: this.containerServiceArn };
  }

  /**
   * What happens to the container service when it is removed from the stack, as with `removalPolicy`. The certificate of `addDomain()` is kept with it.
   *
   * @param policy DESTROY, RETAIN or RETAIN_ON_UPDATE_OR_DELETE
   */
  public override applyRemovalPolicy(policy: RemovalPolicy): void {
    super.applyRemovalPolicy(policy);
    this.removalPolicy = policy;
    this.keepSharedCertificate();
  }

  /**
   * Deploys containers to the container service.
   *
   * Lightsail runs one deployment at a time on a container service. Synthesis fails if there are two.
   *
   * @param id the id of the deployment, inside the container service
   * @param options the containers and the public endpoint
   * @throws if the Lightsail API refuses a value
   */
  public addDeployment(id: string, options: ContainerServiceDeploymentOptions): ContainerServiceDeployment {
    return deployTo(this, this.isSynthesized, id, options);
  }

  /**
   * Adds a custom domain name: certificate, validation, attachment and alias record in one deployment.
   *
   * All domain names that are added without a `certificate` share one. Its validation records and an alias record are written to the hosted zone.
   * The domain is attached to the service when the certificate is issued, and the alias record comes after that. It works for apex domains and subdomains.
   * A service can have four domain names.
   *
   * The hosted zone must not have another record of that name. If the zone is not in Route 53, use `domains` instead.
   *
   * @param domainName the domain name, in full and in ASCII, for example `www.example.com`
   * @param options the hosted zone, and optionally the certificate
   * @throws if a value is not valid, if the hosted zone does not contain the domain name, or if the certificate does not cover it
   */
  public addDomain(domainName: string, options: AddDomainOptions): void {
    const errors = [
      ...(this.isSynthesized ? ['addDomain(): called after synthesis, so nothing would be added. Call it before app.synth().'] : []),
      ...validateAddDomain(domainName, options, this.publicDomainNames, this),
      ...validateTargetRegion(regionOf(this.env.region, this)),
      ...DeploymentProvider.validate(this),
    ];
    throwIfInvalid(this.node.path, errors.length > 0 ? errors
      : this.attachedDomains.validateTotals('domainName', [{ certificate: options.certificate ?? this.sharedCertificate, domainNames: [domainName] }]));

    const { hostedZone, certificate = this.certificateFor(domainName, hostedZone) } = options;
    this.attach(certificate, [domainName]);
    this.attachedDomains.remember(domainName, hostedZone);
    new route53.ARecord(this, this.aliasId(domainName), {
      zone: hostedZone,
      // With the dot, the CDK does not add the name of the zone to it. Of a token it does not see the end.
      recordName: `${comparable(domainName)}.`,
      target: route53.RecordTarget.fromAlias(new ContainerServiceTarget(this)),
    });
  }

  private attach(certificate: ICertificate, domainNames: readonly string[]): void {
    this.attachedDomains.attach(certificate, domainNames);
    this.domainChange ??= new DomainChange(this, this.resource, this.serviceName, this.attachedDomains);
  }

  private certificateFor(domainName: string, hostedZone: route53.IHostedZone): Certificate {
    if (this.sharedCertificate) {
      this.sharedCertificate._add(domainName, hostedZone);
      return this.sharedCertificate;
    }
    this.sharedCertificate = new Certificate(this, 'Certificate', {
      domainName,
      validation: CertificateValidation.fromDns(hostedZone),
    });
    this.keepSharedCertificate();
    return this.sharedCertificate;
  }

  /** A service that is kept uses its certificate, which could then not be deleted. */
  private keepSharedCertificate(): void {
    if (!this.sharedCertificate || this.removalPolicy === undefined) return;

    this.sharedCertificate.applyRemovalPolicy(this.removalPolicy);
    // A certificate that is replaced is not used any more.
    (this.sharedCertificate.node.defaultChild as CfnResource).cfnOptions.updateReplacePolicy = CfnDeletionPolicy.DELETE;
  }

  /** A token has no text for an id, and its number changes with the order of the code. */
  private aliasId(domainName: string): string {
    if (!Token.isUnresolved(domainName)) return `Alias:${domainName.toLowerCase()}`;
    return `Alias:${this.node.children.filter(({ node }) => /^Alias:\d+$/.test(node.id)).length}`;
  }

  /** `ServiceName` is required: CloudFormation does not generate one. */
  private generatedName(): string {
    return Names.uniqueResourceName(this, { maxLength: 63, separator: '-', allowedSpecialCharacters: '-' })
      .toLowerCase()
      // The id `Default` adds nothing to the name of the stack, which may end with a hyphen.
      .replace(/-+$/, '');
  }
}

class ImportedContainerService extends Resource implements IContainerService {
  public readonly containerServiceName: string;
  public readonly containerServiceArn: string;
  public readonly privateDomainName: string;
  public readonly grantPrincipal: iam.IPrincipal;
  public readonly ecrImagePullerPrincipalArn?: string;
  private readonly knownHostName?: string;
  private isSynthesized = false;

  constructor(scope: Construct, id: string, attributes: ContainerServiceAttributes, environment?: ResourceProps) {
    super(scope, id, environment);
    this.knownHostName = attributes.hostName;

    const { principalArn } = attributes;
    this.containerServiceName = attributes.containerServiceName;
    this.containerServiceArn = attributes.containerServiceArn;
    this.privateDomainName = privateDomainNameOf(attributes.containerServiceName);
    this.ecrImagePullerPrincipalArn = attributes.ecrImagePullerPrincipalArn;
    this.grantPrincipal = principalArn === undefined ? new UnknownContainerServicePrincipal(this)
      : new ContainerServicePrincipal(this, principalArn, new Construct(this, 'Principal'));
    this.node.addValidation({
      validate: () => {
        this.isSynthesized = true;
        return [];
      },
    });
  }

  public get hostName(): string {
    throwIfInvalid(this.node.path, this.knownHostName !== undefined ? [] : [
      'hostName: not known. Import the service with ContainerService.fromContainerServiceAttributes(), with its hostName. Or use the hostName of its deployment.',
    ]);
    return this.knownHostName!;
  }

  public addDeployment(id: string, options: ContainerServiceDeploymentOptions): ContainerServiceDeployment {
    return deployTo(this, this.isSynthesized, id, options);
  }

  public get containerRef(): lightsail.ContainerReference {
    return { serviceName: this.containerServiceName, containerArn: this.containerServiceArn };
  }
}

function privateDomainNameOf(containerServiceName: string): string {
  return `${containerServiceName}.service.local`;
}

function deployTo(
  own: IContainerService, isSynthesized: boolean, id: string, options: ContainerServiceDeploymentOptions,
): ContainerServiceDeployment {
  const { service = own } = (options ?? {}) as { service?: unknown };
  throwIfInvalid(`${own.node.path}/${id}`, [
    ...validateProps('options', options, "{ containers }, for example { containers: { web: { image: ContainerImage.fromRegistry('nginx:1.27') } } }"),
    ...(service === own ? [] : ['service: unknown property. addDeployment() deploys to its own container service. Use new ContainerServiceDeployment() for another one.']),
    ...(isSynthesized ? ['addDeployment(): called after synthesis, so nothing would be deployed. Call it before app.synth().'] : []),
  ]);
  return new ContainerServiceDeployment(own, id, { ...options, service: own });
}
