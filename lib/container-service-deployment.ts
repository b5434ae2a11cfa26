import { Annotations, CustomResource, Duration, Lazy, RemovalPolicy, ResolutionTypeHint, Stack, Token, type CfnResource } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lightsail from 'aws-cdk-lib/aws-lightsail';
import { Construct } from 'constructs';
import type { IContainerDefinition } from './container-definition';
import type { ContainerProps } from './container-props';
import type { ContainerSecret } from './container-secret';
import type { ContainerServiceDeploymentProps } from './container-service-deployment-props';
import { ImageCopies } from './private/access/image-copies';
import { validatePolicySize } from './private/access/policy-size';
import { PrivateRegistryAccess } from './private/access/private-registry-access';
import { bindContainer, type BoundContainer } from './private/binding/bound-container';
import { bindSecrets } from './private/binding/bound-secrets';
import { renderPublicEndpoint, renderRemovalPolicy, renderTriggers } from './private/binding/rendering';
import { exportWarnings, exportsOfDeployment, validateExports } from './private/exports/exported-attributes';
import { DeploymentProvider } from './private/provider/deployment-provider';
import { ImageProvider } from './private/provider/image-provider';
import { RolePolicy } from './private/provider/role-policy';
import { serviceTimeoutOf } from './private/provider/service-timeout';
import type {
  ContainerResourceProperties, DeploymentResourceAttributes, DeploymentResourceProperties, ResourceType,
} from './private/resource-properties';
import { cfnContainerOf } from './private/tree/cfn-container';
import { hostNameOf } from './private/tree/host-name';
import { validateEnvironment, validateNoClash } from './private/validation/container-validation';
import { validateSize } from './private/validation/deployment-size';
import {
  validateContainers, validateEnabled, validateInlineDeployment, validateRemovalPolicy, validateService, validateTimeout, validateTriggers,
  validateWaitForUrl,
} from './private/validation/deployment-validation';
import { validatePublicEndpoint } from './private/validation/endpoint-validation';
import { deploymentsOf, markDeployment, validateOtherDeployment } from './private/validation/other-deployment';
import { DEPLOYMENT, validatePropertyNames, validateProps } from './private/validation/property-names';
import { validateAtSynthesis, validateKeys } from './private/validation/synthesis-validation';
import { describeValue, throwIfInvalid } from './private/validation/validation';
import { warnOfDeployment } from './private/warnings/deployment-warnings';

/**
 * A deployment to an Amazon Lightsail container service: the containers to run, and the one that
 * receives the traffic of the public URL.
 *
 * On create and on update, a custom resource calls Lightsail's `CreateContainerServiceDeployment` and
 * waits until that version is `ACTIVE`. If it fails, or is not active in time, the stack operation
 * fails and reports the reason. Lightsail keeps the earlier version running. Deleting the construct leaves
 * the containers running, unless `removalPolicy` is DESTROY.
 *
 * @resource Custom::LightsailContainerServiceDeployment
 */
export class ContainerServiceDeployment extends Construct {
  /**
   * The id of the deployment: `<container service name>/<version>`.
   *
   * @attribute
   */
  public readonly deploymentId: string;

  /**
   * The version of the deployment, a whole number.
   *
   * @attribute
   */
  public readonly deploymentVersion: string;

  /**
   * The state of the deployment: `ACTIVE`.
   *
   * @attribute
   */
  public readonly deploymentState: string;

  /**
   * When the deployment was created, as ISO 8601 in UTC.
   *
   * @attribute
   */
  public readonly deploymentCreatedAt: string;

  /**
   * The name of the container service. It is known only when the deployment is active, unlike the name of
   * `service`. A resource that uses it therefore waits for the deployment.
   *
   * @attribute
   */
  public readonly containerServiceName: string;

  /**
   * The ARN of the container service.
   *
   * @attribute
   */
  public readonly containerServiceArn: string;

  /**
   * The state of the container service after the deployment, usually `RUNNING`.
   *
   * @attribute
   */
  public readonly containerServiceState: string;

  /**
   * When the container service was created, as ISO 8601 in UTC.
   *
   * @attribute
   */
  public readonly containerServiceCreatedAt: string;

  /**
   * The public URL of the container service, with a slash at the end. Without a public endpoint it answers 404.
   * `hostName` is its host alone.
   *
   * @attribute
   */
  public readonly url: string;

  /**
   * The host name in the URL of the container service, without a scheme and slashes. CNAME records and CloudFront origins
   * use it. It is known only when the deployment is active, as the URL.
   *
   * @attribute
   */
  public readonly hostName: string;

  /**
   * The ARN of the IAM role of the container service. Resource policies can use it as principal.
   *
   * @attribute
   */
  public readonly principalArn: string;

  /**
   * The domain name of the container service inside the Lightsail network: `<name>.service.local`.
   * The `privateDomainName` of the container service is known earlier.
   *
   * @attribute
   */
  public readonly privateDomainName: string;

  /**
   * The custom domain names of the container service: one sorted list for all its certificates. Empty if it has none.
   * Another stack can use the list only if it is not empty: CloudFormation refuses to export an empty value. Synthesis fails if it is
   * known to be empty, and warns if that is known only at deploy time.
   *
   * @attribute
   */
  public readonly publicDomainNames: string[];

  /**
   * The power of the container service: `nano`, `micro`, `small`, `medium`, `large` or `xlarge`.
   *
   * @attribute
   */
  public readonly power: string;

  /**
   * The id of the power of the container service, for example `nano-1`.
   *
   * @attribute
   */
  public readonly powerId: string;

  /**
   * The number of nodes of the container service, a whole number.
   *
   * @attribute
   */
  public readonly scale: string;

  /**
   * Whether the container service is disabled: `true` or `false`.
   *
   * @attribute
   */
  public readonly isDisabled: string;

  /**
   * The type of the Lightsail resource: `ContainerService`.
   *
   * @attribute
   */
  public readonly resourceType: string;

  /**
   * The Availability Zone of the container service. Lightsail reports `all`.
   *
   * @attribute
   */
  public readonly availabilityZone: string;

  /**
   * The AWS Region of the container service.
   *
   * @attribute
   */
  public readonly regionName: string;

  /**
   * The ARN of the IAM role that pulls images from private Amazon ECR repositories. Empty if the
   * container service does not have that access. Another stack can use the ARN only if it is not empty:
   * CloudFormation refuses to export an empty value. Synthesis fails if it is known to be empty, and warns if that is known only
   * at deploy time.
   *
   * @attribute
   */
  public readonly ecrImagePullerPrincipalArn: string;

  private readonly containers = new Map<string, ContainerResourceProperties>();
  private readonly service: lightsail.IContainerRef;
  private readonly serviceName: string;
  private isSynthesized = false;
  private readonly registryAccess: PrivateRegistryAccess;
  private readonly imageCopies: ImageCopies;
  private readonly triggers: ContainerServiceDeploymentProps['triggers'];

  /**
   * @throws if the Lightsail API refuses a value. One error lists all such values. Synthesis
   *   fails if the containers do not fit together, or if the container service has another deployment
   */
  constructor(scope: Construct, id: string, props: ContainerServiceDeploymentProps) {
    super(scope, id);
    throwIfInvalid(this.node.path, validateProps('props', props, '{ service, containers }, for example { service, containers: { web: { image: '
      + "ContainerImage.fromRegistry('nginx:1.27') } } }"));

    const { service, publicEndpoint, triggers, removalPolicy, waitForUrl } = props;
    const timeout = props.timeout ?? Duration.minutes(30);
    this.triggers = triggers;
    this.imageCopies = new ImageCopies(this, service);

    const errorsOfMap = validateContainers(props.containers);
    const containers = errorsOfMap.length > 0 ? []
      : Object.entries(props.containers).map(([name, container]) => bindContainer(this, service, name, container, triggers));
    throwIfInvalid(this.node.path, [
      // The props of a subclass can have properties of their own.
      ...(this.constructor === ContainerServiceDeployment ? validatePropertyNames('', props, DEPLOYMENT) : []),
      ...validateService(service, this),
      ...DeploymentProvider.validate(this),
      ...errorsOfMap,
      ...containers.flatMap(({ errors }) => errors),
      ...this.imageCopies.validateNext(containers.flatMap(({ copy }) => copy ?? [])),
      ...validatePublicEndpoint(publicEndpoint),
      ...validateTimeout(timeout),
      ...validateTriggers(triggers),
      ...validateRemovalPolicy(removalPolicy),
      ...validateWaitForUrl(waitForUrl, publicEndpoint),
      ...validateSize({ Containers: Object.fromEntries(containers.map(({ name, properties }) => [name, properties])), Triggers: triggers }),
    ], containers.find(({ cause }) => cause)?.cause);

    const { serviceName } = service.containerRef;
    this.service = service;
    this.serviceName = serviceName;
    markDeployment(this, serviceName);
    this.registryAccess = new PrivateRegistryAccess(this, service, timeout, serviceTimeoutOf(timeout));
    const properties = this.render(props, timeout);
    this.node.addValidation({
      validate: () => [
        ...this.endOfChanges(),
        ...validateInlineDeployment(service),
        ...validateEnabled(service, this),
        ...validateOtherDeployment(this),
        ...this.imageCopies.validate([...this.containers.values()].map(({ Image }) => Image)),
        ...this.validatePolicies(),
        ...validateExports(exportsOfDeployment(cfnResource, service, this)),
        ...validateAtSynthesis(this, { serviceName, containers: this.containers, publicEndpoint, timeout, triggers }),
      ],
    });

    const resource = this.defineResource(properties, timeout, removalPolicy);
    const cfnResource = resource.node.defaultChild as CfnResource;
    // Escape hatches find the resource of CloudFormation here, as in the constructs of the CDK.
    this.node.defaultChild = cfnResource;
    this.node.addValidation({
      validate: () => {
        warnOfDeployment(resource, this.containers, publicEndpoint, properties.Triggers, service);
        exportWarnings(exportsOfDeployment(cfnResource, service, this))
          .forEach((message) => Annotations.of(resource).addWarningV2('cdk-lightsail-containers:emptyExport', message));
        return [];
      },
    });
    containers.forEach((container) => this.add(container));

    const attribute = (name: keyof DeploymentResourceAttributes) => resource.getAttString(name);
    this.deploymentId = attribute('DeploymentId');
    this.deploymentVersion = attribute('DeploymentVersion');
    this.deploymentState = attribute('DeploymentState');
    this.deploymentCreatedAt = attribute('DeploymentCreatedAt');
    this.containerServiceName = attribute('ContainerServiceName');
    this.containerServiceArn = attribute('ContainerServiceArn');
    this.containerServiceState = attribute('ContainerServiceState');
    this.containerServiceCreatedAt = attribute('ContainerServiceCreatedAt');
    this.url = attribute('Url');
    this.hostName = hostNameOf(this.url);
    this.principalArn = attribute('PrincipalArn');
    this.privateDomainName = attribute('PrivateDomainName');
    // The hint makes a list of it in other stacks too. CustomResource.getAtt() takes no hint.
    this.publicDomainNames = Token.asList(
      cfnResource.getAtt('PublicDomainNames' satisfies keyof DeploymentResourceAttributes, ResolutionTypeHint.STRING_LIST));
    this.power = attribute('Power');
    this.powerId = attribute('PowerId');
    this.scale = attribute('Scale');
    this.isDisabled = attribute('IsDisabled');
    this.resourceType = attribute('ResourceType');
    this.availabilityZone = attribute('AvailabilityZone');
    this.regionName = attribute('RegionName');
    this.ecrImagePullerPrincipalArn = attribute('EcrImagePullerPrincipalArn');
  }

  /**
   * Adds a container to the deployment. A deployment has at most ten. It fails after synthesis.
   *
   * @param name the name of the container: 1-53 characters, a-z, 0-9 and hyphens, with a letter or a
   *   digit at both ends (Lightsail API: `ContainerName`)
   * @param props the container
   * @returns the container, to add variables to it
   * @throws if the deployment has a container of that name, or if the Lightsail API refuses a value
   */
  public addContainer(name: string, props: ContainerProps): IContainerDefinition {
    if (this.isSynthesized) {
      throwIfInvalid(this.node.path, [`addContainer(): container ${describeValue(name)} was added after synthesis, so it would not be deployed. Add it before app.synth().`]);
    }
    if (this.containers.has(name)) {
      throwIfInvalid(this.node.path, [`containers: there is already a container ${JSON.stringify(name)}. Use another name.`]);
    }
    const container = bindContainer(this, this.service, name, props, this.triggers);
    throwIfInvalid(this.node.path, [...container.errors, ...this.imageCopies.validateNext(container.copy ? [container.copy] : [])], container.cause);
    throwIfInvalid(this.node.path, validateSize({ Containers: Object.fromEntries([...this.containers, [name, container.properties]]) }));

    this.add(container);
    return {
      containerName: name,
      addEnvironment: (variable, value) => this.addEnvironment(name, variable, value),
      addSecret: (variable, secret) => this.addSecret(name, variable, secret),
    };
  }

  /**
   * Adds an environment variable to a container of the deployment, for example in an Aspect. It replaces the value of
   * a variable of that name. It fails after synthesis.
   *
   * @param containerName the name of the container
   * @param name the name of the variable
   * @param value the value of the variable
   * @throws if the deployment has no such container, if a secret has that name, or if the Lightsail API refuses a value
   */
  public addEnvironment(containerName: string, name: string, value: string): void {
    const { Environment, Secrets, ...others } = this.containerToChange('addEnvironment()', containerName);
    const property = `containers.${containerName}`;
    throwIfInvalid(this.node.path, [
      ...validateKnownMap(`${property}.environment`, Environment),
      ...validateEnvironment(`${property}.environment`, { [name]: value }),
      ...(Object.hasOwn(Secrets ?? {}, name) ? validateNoClash(`${property}.secrets.${name}`, name, { [name]: value }) : []),
    ]);

    this.change(containerName, { ...others, Environment: { ...Environment, [name]: value }, Secrets });
  }

  /**
   * Adds an environment variable that holds a secret to a container of the deployment, for example in an Aspect. It replaces
   * a secret of that name. It fails after synthesis.
   *
   * @param containerName the name of the container
   * @param name the name of the variable
   * @param secret where the value comes from
   * @throws if the deployment has no such container, if `environment` has a variable of that name, or if the secret is not valid
   */
  public addSecret(containerName: string, name: string, secret: ContainerSecret): void {
    const { Secrets, ...others } = this.containerToChange('addSecret()', containerName);
    const bound = bindSecrets(this, `containers.${containerName}.secrets`, { secrets: { [name]: secret }, environment: others.Environment });
    throwIfInvalid(this.node.path, bound.errors, bound.cause);

    this.change(containerName, { ...others, Secrets: { ...Secrets, ...bound.properties } });
    if (bound.permissions.length > 0) {
      this.secretsPolicy().addStatements(...bound.permissions);
    }
  }

  private containerToChange(method: string, name: string): ContainerResourceProperties {
    const properties = this.containers.get(name);
    throwIfInvalid(this.node.path, [
      ...(this.isSynthesized ? [`${method}: called after synthesis, so nothing would be deployed. Call it before app.synth().`] : []),
      ...(properties ? [] : [`${method}: there is no container ${describeValue(name)}. Use the name of a container of this deployment.`]),
    ]);
    return properties!;
  }

  private change(name: string, properties: ContainerResourceProperties): void {
    throwIfInvalid(this.node.path, validateSize({ Containers: Object.fromEntries([...this.containers, [name, properties]]) }));
    this.containers.set(name, properties);
  }

  private render(
    { publicEndpoint, triggers, removalPolicy, waitForUrl }: ContainerServiceDeploymentProps, timeout: Duration,
  ): DeploymentResourceProperties {
    return {
      ServiceName: this.serviceName,
      Containers: Lazy.uncachedAny({ produce: () => this.renderContainers(triggers) }) as unknown as DeploymentResourceProperties['Containers'],
      PublicEndpoint: renderPublicEndpoint(publicEndpoint),
      Timeout: timeout.toSeconds(),
      Triggers: renderTriggers(triggers),
      RemovalPolicy: renderRemovalPolicy(removalPolicy),
      WaitForUrl: waitForUrl || undefined,
      ...this.registryAccess.render(),
    };
  }

  private renderContainers(triggers: ContainerServiceDeploymentProps['triggers']): DeploymentResourceProperties['Containers'] {
    throwIfInvalid(this.node.path, validateKeys(this, { containers: this.containers, triggers }));
    return Object.fromEntries(this.containers);
  }

  /** The resource and its permissions. The handler has them before the resource is created and until after it is deleted. */
  private defineResource(properties: DeploymentResourceProperties, timeout: Duration, removalPolicy: RemovalPolicy | undefined): CustomResource {
    const provider = DeploymentProvider.of(this);
    const permissions = provider.permissionsFor(this.service.containerRef.containerArn);
    const resource = new CustomResource(this, 'Resource', {
      resourceType: 'Custom::LightsailContainerServiceDeployment' satisfies ResourceType,
      serviceToken: provider.serviceToken,
      serviceTimeout: serviceTimeoutOf(timeout),
      properties,
    });
    resource.node.addDependency(provider.prerequisites, permissions.toDeploy());
    if (removalPolicy === RemovalPolicy.DESTROY) {
      resource.node.addDependency(permissions.toDisable(cfnContainerOf(this.service)?.serviceName));
    }
    resource.node.addDependency(this.registryAccess.prerequisites);
    return resource;
  }

  private add({ name, properties, repository, copy, permissions }: BoundContainer): void {
    this.containers.set(name, copy ? { ...properties, Image: this.imageCopies.add(copy) } : properties);
    if (permissions.length > 0) {
      this.secretsPolicy().addStatements(...permissions);
    }
    if (repository) {
      this.registryAccess.allowPull(repository, properties.Image);
    }
  }

  /** Allows the handler to read the secrets of this deployment. The first secret creates the policy. */
  private secretsPolicy(): iam.Policy {
    const id = 'SecretsPolicy';
    const present = this.node.tryFindChild(id) as iam.Policy | undefined;
    if (present) return present;

    const policy = new RolePolicy(this, id, DeploymentProvider.of(this).handlerRole, [], new iam.PolicyDocument({ minimize: true }));
    this.node.findChild('Resource').node.addDependency(policy);
    return policy;
  }

  /** The containers are rendered after the validation. */
  private endOfChanges(): string[] {
    this.isSynthesized = true;
    return [];
  }

  /** One deployment reports for all of its stack. */
  private validatePolicies(): string[] {
    const deployments = deploymentsOf(Stack.of(this));
    if (deployments[0] !== this) return [];

    const imageProvider = ImageProvider.find(this);
    return [
      ...validatePolicySize(DeploymentProvider.of(this).handlerRole, this, `the ${deployments.length} deployments of the stack`),
      ...(imageProvider ? validatePolicySize(imageProvider.handlerRole, this, `the copied images of the ${deployments.length} deployments of the stack`) : []),
    ];
  }
}

function validateKnownMap(property: string, map: unknown): string[] {
  return map !== undefined && Token.isUnresolved(map)
    ? [`${property}: it is a token, so nothing can be added to it. Use a map of names to values that is known at synthesis.`] : [];
}
