import { CustomResource, Duration, Lazy, RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lightsail from 'aws-cdk-lib/aws-lightsail';
import { Construct } from 'constructs';
import type { ContainerProps } from './container-props';
import type { ContainerServiceDeploymentProps } from './container-service-deployment-props';
import { PrivateRegistryAccess } from './private/access/private-registry-access';
import { bindContainer, type BoundContainer } from './private/binding/bound-container';
import { renderPublicEndpoint, renderRemovalPolicy, renderTriggers } from './private/binding/rendering';
import { DeploymentProvider } from './private/provider/deployment-provider';
import type {
  ContainerResourceProperties, DeploymentResourceAttributes, DeploymentResourceProperties, ResourceType,
} from './private/resource-properties';
import { cfnContainerOf } from './private/tree/cfn-container';
import { serviceIdentityOf } from './private/tree/reference-identity';
import {
  validateContainers, validateInlineDeployment, validateRemovalPolicy, validateService, validateTimeout, validateTriggers, validateWaitForUrl,
} from './private/validation/deployment-validation';
import { validatePublicEndpoint } from './private/validation/endpoint-validation';
import { validateAtSynthesis } from './private/validation/synthesis-validation';
import { throwIfInvalid } from './private/validation/validation';
import { warnOfDeployment } from './private/warnings/deployment-warnings';

/** What CloudFormation waits at most for the answer of a custom resource, and what it waits unless told otherwise. */
const MAX_SERVICE_TIMEOUT_SECONDS = 3600;

/** How much later than the deployment's own time-out CloudFormation's is. */
const SERVICE_TIMEOUT_RESERVE_SECONDS = 180;

/**
 * A deployment to an Amazon Lightsail container service: the containers that run on it, and which of
 * them its public URL reaches.
 *
 * On create and on update, a custom resource calls Lightsail's `CreateContainerServiceDeployment` and
 * follows that version until it is `ACTIVE`. If it fails, or is not active in time, the stack operation
 * fails and tells why, while Lightsail keeps the earlier version running. Deleting the construct leaves
 * what runs on the service as it is, unless `removalPolicy` says otherwise.
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
   * The name of the container service. Other than the name of `service`, it is known only when the
   * deployment is active, so that what uses it waits for the deployment.
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
   *
   * @attribute
   */
  public readonly url: string;

  /**
   * The ARN of the IAM role that the container service acts as. Resource policies can name it as principal.
   *
   * @attribute
   */
  public readonly principalArn: string;

  /**
   * The domain name of the container service inside the Lightsail network: `<name>.service.local`.
   *
   * @attribute
   */
  public readonly privateDomainName: string;

  /**
   * The custom domain names of the container service, those of all its certificates in one list, sorted. Empty if it has none.
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
   * The Availability Zone of the container service; Lightsail answers `all`.
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
   * The ARN of the IAM role that pulls images from private Amazon ECR repositories. Empty unless the
   * container service has that access.
   *
   * @attribute
   */
  public readonly ecrImagePullerPrincipalArn: string;

  private readonly containers = new Map<string, ContainerResourceProperties>();
  private readonly service: lightsail.IContainerRef;
  private readonly serviceName: string;
  private readonly registryAccess: PrivateRegistryAccess;

  /**
   * @throws if a value is given that the Lightsail API refuses, with all such values in one error; at
   *   synthesis, if the containers do not fit together or the container service has another deployment
   */
  constructor(scope: Construct, id: string, props: ContainerServiceDeploymentProps) {
    super(scope, id);

    const { service, publicEndpoint, triggers, removalPolicy, waitForUrl } = props;
    const timeout = props.timeout ?? Duration.minutes(30);

    const errorsOfMap = validateContainers(props.containers);
    const containers = errorsOfMap.length > 0 ? []
      : Object.entries(props.containers).map(([name, container]) => bindContainer(this, service, name, container));
    throwIfInvalid(this.node.path, [
      ...validateService(service, this),
      ...errorsOfMap,
      ...containers.flatMap(({ errors }) => errors),
      ...validatePublicEndpoint(publicEndpoint),
      ...validateTimeout(timeout),
      ...validateTriggers(triggers),
      ...validateRemovalPolicy(removalPolicy),
      ...validateWaitForUrl(waitForUrl, publicEndpoint),
    ], containers.find(({ cause }) => cause)?.cause);

    const { serviceName } = service.containerRef;
    this.service = service;
    this.serviceName = serviceName;
    this.registryAccess = new PrivateRegistryAccess(this, service, timeout, serviceTimeoutOf(timeout));
    const properties = this.render(props, timeout);
    this.node.addValidation({
      validate: () => [
        ...validateInlineDeployment(service),
        ...this.validateOtherDeployment(),
        ...validateAtSynthesis(this, { serviceName, containers: this.containers, publicEndpoint, timeout, triggers }),
      ],
    });

    const resource = this.defineResource(properties, timeout, removalPolicy);
    this.node.addValidation({
      validate: () => {
        warnOfDeployment(resource, this.containers, publicEndpoint, properties.Triggers);
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
    this.principalArn = attribute('PrincipalArn');
    this.privateDomainName = attribute('PrivateDomainName');
    this.publicDomainNames = Token.asList(resource.getAtt('PublicDomainNames' satisfies keyof DeploymentResourceAttributes));
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
   * Adds a container to the deployment. Possible until synthesis; a deployment holds at most ten.
   *
   * @param name the name of the container: 1-53 characters, a-z, 0-9 and hyphens, with a letter or a
   *   digit at both ends (Lightsail API: `ContainerName`)
   * @param props the container
   * @throws if the deployment has a container of that name, or if a value is given that the Lightsail API refuses
   */
  public addContainer(name: string, props: ContainerProps): void {
    if (this.containers.has(name)) {
      throwIfInvalid(this.node.path, [`containers: there is a container ${JSON.stringify(name)} already. Give this one another name.`]);
    }
    const container = bindContainer(this, this.service, name, props);
    throwIfInvalid(this.node.path, container.errors, container.cause);

    this.add(container);
  }

  private render(
    { publicEndpoint, triggers, removalPolicy, waitForUrl }: ContainerServiceDeploymentProps, timeout: Duration,
  ): DeploymentResourceProperties {
    return {
      ServiceName: this.serviceName,
      Containers: Lazy.any({ produce: () => Object.fromEntries(this.containers) }) as unknown as DeploymentResourceProperties['Containers'],
      PublicEndpoint: renderPublicEndpoint(publicEndpoint),
      Timeout: timeout.toSeconds(),
      Triggers: renderTriggers(triggers),
      RemovalPolicy: renderRemovalPolicy(removalPolicy),
      WaitForUrl: waitForUrl || undefined,
      ...this.registryAccess.render(),
    };
  }

  /** The resource, and the permissions that the handler needs from before it is created until after it is deleted. */
  private defineResource(properties: DeploymentResourceProperties, timeout: Duration, removalPolicy: RemovalPolicy | undefined): CustomResource {
    const provider = DeploymentProvider.of(this);
    const permissions = provider.permissionsFor(this.service.containerRef.containerArn);
    const resource = new CustomResource(this, 'Resource', {
      resourceType: 'Custom::LightsailContainerServiceDeployment' satisfies ResourceType,
      serviceToken: provider.serviceToken,
      serviceTimeout: serviceTimeoutOf(timeout),
      properties,
    });
    resource.node.addDependency(permissions.toDeploy());
    if (removalPolicy === RemovalPolicy.DESTROY) {
      resource.node.addDependency(permissions.toDisable(cfnContainerOf(this.service)?.serviceName));
    }
    resource.node.addDependency(this.registryAccess.prerequisites);
    return resource;
  }

  private add({ name, properties, repository, permissions }: BoundContainer): void {
    this.containers.set(name, properties);
    if (permissions.length > 0) {
      this.secretsPolicy().addStatements(...permissions);
    }
    if (repository) {
      this.registryAccess.allowPull(repository, properties.Image);
    }
  }

  /** What lets the handler read the secrets of this deployment: made with the first of them. */
  private secretsPolicy(): iam.Policy {
    const id = 'SecretsPolicy';
    const present = this.node.tryFindChild(id) as iam.Policy | undefined;
    if (present) return present;

    const policy = new iam.Policy(this, id, {
      document: new iam.PolicyDocument({ minimize: true }),
      roles: [DeploymentProvider.of(this).handlerRole],
    });
    this.node.findChild('Resource').node.addDependency(policy);
    return policy;
  }

  /** As with an inline deployment, each of two deployments to one service would replace the other's at every update. */
  private validateOtherDeployment(): string[] {
    const stack = Stack.of(this);
    const service = serviceIdentityOf(this.serviceName, this);
    const first = stack.node.findAll().find((construct): construct is ContainerServiceDeployment =>
      construct instanceof ContainerServiceDeployment && Stack.of(construct) === stack
      && serviceIdentityOf(construct.serviceName, construct) === service);
    return !first || first === this ? []
      : [`service: ${first.node.path} and ${this.node.path} both deploy to it, and it runs one deployment at a time. `
        + 'Put all containers into one of them, or give each a container service of its own.'];
  }
}

/**
 * CloudFormation's clock starts before the handler's, and has no reason to tell when it runs out: it has
 * to be the later one, so far as an hour allows. Of a timeout that is a token only the upper bound is known.
 */
function serviceTimeoutOf(timeout: Duration): Duration {
  return Duration.seconds(timeout.isUnresolved() ? MAX_SERVICE_TIMEOUT_SECONDS
    : Math.min(MAX_SERVICE_TIMEOUT_SECONDS, timeout.toSeconds() + SERVICE_TIMEOUT_RESERVE_SECONDS));
}
