/**
 * The contract between the construct, which writes these properties into the template, and the
 * handler, which reads them at deploy time. The handler imports this file for its types only.
 *
 * CloudFormation keeps the properties of every deployed stack and sends them back as
 * `OldResourceProperties`, so a member is never given another meaning: add, do not change.
 */
export interface DeploymentResourceProperties {
  readonly ServiceName: string;
  readonly Containers: { readonly [containerName: string]: ContainerResourceProperties };
  readonly PublicEndpoint?: PublicEndpointResourceProperties;
  /** How long the deployment may take, in seconds. */
  readonly Timeout: number;
}

export interface ContainerResourceProperties {
  readonly Image: string;
  readonly Command?: readonly string[];
  readonly Environment?: { readonly [name: string]: string };
  readonly Ports?: { readonly [port: string]: string };
}

export interface PublicEndpointResourceProperties {
  readonly ContainerName: string;
  readonly ContainerPort: number;
  readonly HealthCheck?: HealthCheckResourceProperties;
}

export interface HealthCheckResourceProperties {
  readonly HealthyThreshold?: number;
  readonly UnhealthyThreshold?: number;
  readonly TimeoutSeconds?: number;
  readonly IntervalSeconds?: number;
  readonly Path?: string;
  readonly SuccessCodes?: string;
}

/**
 * What the handler answers after success, for `Fn::GetAtt`. Every attribute is always present:
 * CloudFormation fails a stack that asks for one that the answer lacks.
 */
export interface DeploymentResourceAttributes {
  readonly DeploymentId: string;
  readonly DeploymentVersion: string;
  readonly DeploymentState: string;
  readonly DeploymentCreatedAt: string;
  readonly ContainerServiceName: string;
  readonly ContainerServiceArn: string;
  readonly ContainerServiceState: string;
  readonly ContainerServiceCreatedAt: string;
  readonly Url: string;
  readonly PrincipalArn: string;
  readonly PrivateDomainName: string;
  readonly PublicDomainNames: string[];
  readonly Power: string;
  readonly PowerId: string;
  readonly Scale: string;
  readonly IsDisabled: string;
  readonly ResourceType: string;
  readonly AvailabilityZone: string;
  readonly RegionName: string;
  readonly EcrImagePullerPrincipalArn: string;
}
