import { CustomResource, Duration, Lazy, Stack, Token } from 'aws-cdk-lib';
import type * as lightsail from 'aws-cdk-lib/aws-lightsail';
import { Construct } from 'constructs';
import type { ContainerProps } from './container-props';
import { DeploymentProvider } from './private/deployment-provider';
import type {
  ContainerResourceProperties, DeploymentResourceAttributes, DeploymentResourceProperties, PublicEndpointResourceProperties,
} from './private/resource-properties';
import {
  containerFaults, containerServiceNameFaults, deploymentFaults, imageNameFaults, publicEndpointFaults, throwFaults, timeoutFaults,
} from './private/validation';
import type { PublicEndpoint } from './public-endpoint';

/**
 * Properties of a `ContainerServiceDeployment`.
 */
export interface ContainerServiceDeploymentProps {
  /**
   * The container service to deploy to: a `CfnContainer` as it is, or `ContainerService.fromContainerServiceName()`.
   *
   * A `CfnContainer` must not hold a deployment of its own (`containerServiceDeployment`): synthesis
   * fails if it does. The service has to be in the Region and account of the stack.
   */
  readonly service: lightsail.IContainerRef;

  /**
   * The containers of the deployment, 1-10, by name. More can be added with `addContainer()`, up to
   * ten in all.
   *
   * A name has 1-53 characters, a-z, 0-9 and hyphens, with a letter or a digit at both ends
   * (Lightsail API: `ContainerName`).
   */
  readonly containers: { [name: string]: ContainerProps };

  /**
   * The container and port that the public URL of the service forwards to.
   *
   * @default - no public endpoint: the URL of the service answers 404
   */
  readonly publicEndpoint?: PublicEndpoint;

  /**
   * How long the deployment may take until it counts as failed, the wait for a busy container service
   * included: 1-60 minutes, in whole seconds. A deployment usually takes 2 to 10 minutes.
   *
   * @default Duration.minutes(30)
   */
  readonly timeout?: Duration;
}

/**
 * A deployment to an Amazon Lightsail container service: the containers that run on it, and which of
 * them its public URL reaches.
 *
 * On create and on update, a custom resource calls Lightsail's `CreateContainerServiceDeployment` and
 * follows that version until it is `ACTIVE`. If it fails, or is not active in time, the stack operation
 * fails and tells why, while Lightsail keeps the earlier version running. Deleting the construct leaves
 * what runs on the service as it is.
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

  private readonly containers = new Map<string, ContainerProps>();
  private readonly containerProperties: { [name: string]: ContainerResourceProperties } = {};

  /**
   * @throws if a value is given that the Lightsail API refuses; at synthesis, if the containers do not fit together
   */
  constructor(scope: Construct, id: string, props: ContainerServiceDeploymentProps) {
    super(scope, id);

    const { publicEndpoint } = props;
    const { serviceName, containerArn } = props.service.containerRef;
    const timeout = props.timeout ?? Duration.minutes(30);

    throwFaults(this.node.path, [
      ...containerServiceNameFaults('service', serviceName),
      ...this.environmentFaults(props.service),
      ...Object.entries(props.containers).flatMap(([name, container]) => containerFaults(name, container)),
      ...(publicEndpoint ? publicEndpointFaults(publicEndpoint) : []),
      ...timeoutFaults(timeout),
    ]);
    for (const [name, container] of Object.entries(props.containers)) {
      this.addContainer(name, container);
    }
    this.node.addValidation({
      validate: () => [...inlineDeploymentFaults(props.service), ...deploymentFaults(this.containers, publicEndpoint)],
    });

    const provider = DeploymentProvider.of(this);
    provider.grantDeploy(containerArn);

    const properties: DeploymentResourceProperties = {
      ServiceName: serviceName,
      Containers: Lazy.any({ produce: () => this.containerProperties }) as unknown as DeploymentResourceProperties['Containers'],
      PublicEndpoint: publicEndpoint && renderPublicEndpoint(publicEndpoint),
      Timeout: timeout.toSeconds(),
    };
    const resource = new CustomResource(this, 'Resource', {
      resourceType: 'Custom::LightsailContainerServiceDeployment',
      serviceToken: provider.serviceToken,
      serviceTimeout: timeout,
      properties,
    });

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
    throwFaults(this.node.path, [
      ...(this.containers.has(name) ? [`containers: there is a container ${JSON.stringify(name)} already. Give this one another name.`] : []),
      ...containerFaults(name, props),
    ]);
    const { imageName } = props.image.bind(this);
    throwFaults(this.node.path, imageNameFaults(name, imageName));

    this.containers.set(name, props);
    this.containerProperties[name] = {
      Image: imageName,
      Command: props.command,
      Environment: props.environment,
      Ports: props.ports,
    };
  }

  /** The handler speaks to Lightsail in its own account and Region. */
  private environmentFaults(service: lightsail.IContainerRef): string[] {
    const stack = Stack.of(this);
    const differs = (a: string, b: string) => !Token.isUnresolved(a) && !Token.isUnresolved(b) && a !== b;
    return (['account', 'region'] as const).filter((part) => differs(service.env[part], stack[part])).map((part) =>
      `service: it is in ${part} ${JSON.stringify(service.env[part])}, and the stack in ${JSON.stringify(stack[part])}. `
      + `Put the deployment into a stack of the service's ${part}.`);
  }
}

/** Lightsail knows one current deployment: two owners would replace each other's at every update. */
function inlineDeploymentFaults(service: lightsail.IContainerRef): string[] {
  const { containerServiceDeployment } = service as Partial<lightsail.CfnContainer>;
  return containerServiceDeployment === undefined ? []
    : [`service: ${service.node.path} has a containerServiceDeployment of its own. Remove it there: this construct deploys instead.`];
}

function renderPublicEndpoint(endpoint: PublicEndpoint): PublicEndpointResourceProperties {
  const { healthCheck } = endpoint;
  return {
    ContainerName: endpoint.containerName,
    ContainerPort: endpoint.containerPort,
    HealthCheck: healthCheck && {
      HealthyThreshold: healthCheck.healthyThreshold,
      UnhealthyThreshold: healthCheck.unhealthyThreshold,
      TimeoutSeconds: healthCheck.timeout?.toSeconds(),
      IntervalSeconds: healthCheck.interval?.toSeconds(),
      Path: healthCheck.path,
      SuccessCodes: healthCheck.successCodes,
    },
  };
}
