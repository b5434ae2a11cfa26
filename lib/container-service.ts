import { ArnFormat, Names, Resource, Stack, type IResource, type ResourceProps } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import * as lightsail from 'aws-cdk-lib/aws-lightsail';
import { Construct } from 'constructs';
import { ContainerServiceDeployment } from './container-service-deployment';
import type { ContainerServiceDeploymentOptions } from './container-service-deployment-props';
import type { ContainerServiceProps } from './container-service-props';
import { ContainerServicePrincipal, UnknownContainerServicePrincipal } from './private/access/container-service-principal';
import { validateContainerServiceArn, validateContainerService, validatePrincipalArn } from './private/validation/container-service-validation';
import { resolveKnown } from './private/validation/known-value';
import { validateContainerServiceName, throwIfInvalid } from './private/validation/validation';

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
   * The ARN of the container service, as it can be used in an IAM policy.
   *
   * The ARN ends with an id that Lightsail gives, not with the name. For a service that is known by
   * its name only, it ends with a wildcard and matches every container service of the account and Region.
   *
   * @attribute
   */
  readonly containerServiceArn: string;
}

/**
 * What is known of a container service that exists already, or that another stack creates.
 */
export interface ContainerServiceAttributes {
  /**
   * The name of the container service.
   */
  readonly containerServiceName: string;

  /**
   * The ARN of the container service. It ends with an id that Lightsail gives, not with the name;
   * `aws lightsail get-container-services` tells it. The service's account and Region are those of the ARN.
   */
  readonly containerServiceArn: string;

  /**
   * The ARN of the IAM role that the container service acts as, to grant permissions to.
   *
   * @default - not known: what grants a permission to the container service fails
   */
  readonly principalArn?: string;

  /**
   * The ARN of the IAM role that pulls images from private Amazon ECR repositories, for the policies of those.
   *
   * @default - found out by the deployment that needs it, which only a repository of its own stack can wait for
   */
  readonly ecrImagePullerPrincipalArn?: string;
}

/**
 * An Amazon Lightsail container service: the nodes that containers are deployed to, with their URL.
 *
 * `addDeployment()`, or a `ContainerServiceDeployment`, says what runs on it. Until then its URL answers 404.
 *
 * **Permissions.** The container service acts as an IAM role in an AWS-owned account (`principalArn`). Nothing can be
 * added to the policies of that role, and there is no task role that could take its place. What there is are the
 * policies of the resources: `bucket.grantRead(service)` writes the policy of the bucket, and of its KMS key if it has
 * one of its own. What is encrypted with an AWS managed KMS key stays closed to other accounts, and so to the service.
 * A resource without a policy cannot be granted; synthesis warns of such a grant
 * (`cdk-lightsail-containers:grantWithoutResourcePolicy`; acknowledge it where the policy stands outside of the app). Instead, let the containers assume a role
 * of your account: `new iam.Role(this, 'Role', { assumedBy: service.grantPrincipal })`.
 *
 * **Network.** A container service is in no VPC, and has no security groups.
 *
 * **Tags.** It takes them as other resources do: `Tags.of(service).add('team', 'web')`.
 *
 * @resource AWS::Lightsail::Container
 */
export class ContainerService extends Resource implements IContainerService {
  /**
   * A container service that exists already, or that another stack creates, by its name.
   *
   * Lightsail's ARNs hold an id instead of the name, so permissions for this service can only be
   * limited to the container services of its account and Region; `fromContainerServiceAttributes()` limits
   * them to the service. Nothing can be granted to a service that is known by its name only.
   *
   * @param scope the scope of the reference
   * @param id the id of the reference
   * @param containerServiceName the name: 1-63 characters, a-z, 0-9 and hyphens, with a letter or a
   *   digit at both ends (Lightsail API: `ContainerServiceName`)
   * @throws if the name is none that a container service can have
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
   * @param attributes what is known of the container service
   * @throws if an attribute is none that a container service can have
   */
  public static fromContainerServiceAttributes(scope: Construct, id: string, attributes: ContainerServiceAttributes): IContainerService {
    const { containerServiceName, containerServiceArn, principalArn, ecrImagePullerPrincipalArn } = attributes;
    throwIfInvalid(`${scope.node.path}/${id}`, [
      ...validateContainerServiceName('containerServiceName', containerServiceName),
      ...validateContainerServiceArn(containerServiceArn, containerServiceName),
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
   * The ARN of the container service. It ends with an id that Lightsail gives, not with the name.
   *
   * @attribute
   */
  public readonly containerServiceArn: string;

  /**
   * The public URL of the container service, with a slash at the end. Until a deployment with a public
   * endpoint is active, it answers 404; the `url` of the deployment is known only from then on.
   *
   * @attribute
   */
  public readonly url: string;

  /**
   * The ARN of the IAM role that the container service acts as. The role is in an AWS-owned account:
   * only resource policies can allow it something.
   *
   * @attribute
   */
  public readonly principalArn: string;

  /**
   * The ARN of the IAM role that pulls images from private Amazon ECR repositories. There is one only
   * with `privateRegistryAccess`.
   *
   * @attribute
   */
  public readonly ecrImagePullerPrincipalArn: string;

  /**
   * The principal to grant permissions to: the role `principalArn`. They go into the policy of the
   * resource; synthesis warns of those that found no policy to go into.
   */
  public readonly grantPrincipal: iam.IPrincipal;

  /**
   * @throws if a value is given that the Lightsail API refuses
   */
  constructor(scope: Construct, id: string, props: ContainerServiceProps) {
    super(scope, id, { physicalName: props.containerServiceName });
    throwIfInvalid(this.node.path, validateContainerService(props));
    this.node.addValidation({ validate: () => validateContainerService(resolveKnown(props, this)) });

    const { privateRegistryAccess } = props;
    const resource = new lightsail.CfnContainer(this, 'Resource', {
      serviceName: props.containerServiceName ?? this.generatedName(),
      power: props.power.name,
      scale: props.scale ?? 1,
      publicDomainNames: props.publicDomainNames,
      privateRegistryAccess: privateRegistryAccess === undefined ? undefined : { ecrImagePullerRole: { isActive: privateRegistryAccess } },
      isDisabled: props.isDisabled,
    });
    if (props.removalPolicy !== undefined) {
      resource.applyRemovalPolicy(props.removalPolicy);
    }

    this.containerServiceName = this.getResourceNameAttribute(resource.ref);
    this.containerServiceArn = resource.attrContainerArn;
    this.url = resource.attrUrl;
    this.principalArn = resource.attrPrincipalArn;
    this.ecrImagePullerPrincipalArn = resource.attrPrivateRegistryAccessEcrImagePullerRolePrincipalArn;
    this.grantPrincipal = new ContainerServicePrincipal(this, this.principalArn, resource);
  }

  /**
   * What other constructs refer to the container service by.
   */
  public get containerRef(): lightsail.ContainerReference {
    return { serviceName: this.containerServiceName, containerArn: this.containerServiceArn };
  }

  /**
   * Deploys containers to the container service.
   *
   * Lightsail runs one deployment at a time on a container service: with two of them, each update replaces the other.
   *
   * @param id the id of the deployment, inside the container service
   * @param options the containers, and which of them is public
   * @throws if a value is given that the Lightsail API refuses
   */
  public addDeployment(id: string, options: ContainerServiceDeploymentOptions): ContainerServiceDeployment {
    return new ContainerServiceDeployment(this, id, { ...options, service: this });
  }

  /** `ServiceName` is required: CloudFormation gives none. */
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
  public readonly grantPrincipal: iam.IPrincipal;
  public readonly ecrImagePullerPrincipalArn?: string;

  constructor(scope: Construct, id: string, attributes: ContainerServiceAttributes, environment?: ResourceProps) {
    super(scope, id, environment);

    const { principalArn } = attributes;
    this.containerServiceName = attributes.containerServiceName;
    this.containerServiceArn = attributes.containerServiceArn;
    this.ecrImagePullerPrincipalArn = attributes.ecrImagePullerPrincipalArn;
    this.grantPrincipal = principalArn === undefined ? new UnknownContainerServicePrincipal(this)
      : new ContainerServicePrincipal(this, principalArn, new Construct(this, 'Principal'));
  }

  public get containerRef(): lightsail.ContainerReference {
    return { serviceName: this.containerServiceName, containerArn: this.containerServiceArn };
  }
}
