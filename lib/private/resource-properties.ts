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
  /** Values whose change asks for a new deployment, where nothing else changed. */
  readonly Triggers?: { readonly [name: string]: string };
  /** What happens to what runs when the resource is deleted. Absent: nothing. */
  readonly RemovalPolicy?: 'Destroy';
  /** Whether success waits for an answer of the public URL. Absent: it does not. */
  readonly WaitForUrl?: boolean;
  /** Whether images are pulled from private Amazon ECR repositories. Absent: none is. */
  readonly PrivateRegistryAccess?: boolean;
  /** Those of their images that the handler may look up, as `Image` names them. */
  readonly EcrImages?: readonly string[];
}

export interface ContainerResourceProperties {
  readonly Image: string;
  readonly Command?: readonly string[];
  readonly Environment?: { readonly [name: string]: string };
  /** Environment variables whose values the handler reads itself. */
  readonly Secrets?: { readonly [name: string]: SecretResourceProperties };
  readonly Ports?: { readonly [port: string]: string };
}

/** Where a value is read: exactly one of the members is there. */
export interface SecretResourceProperties {
  readonly SecretsManager?: SecretsManagerResourceProperties;
  readonly SsmParameter?: SsmParameterResourceProperties;
}

export interface SecretsManagerResourceProperties {
  /** An ARN, whole or without the suffix, or a name. */
  readonly SecretId: string;
  /** Absent: the whole secret. */
  readonly Field?: string;
  readonly VersionId?: string;
  readonly VersionStage?: string;
}

export interface SsmParameterResourceProperties {
  readonly Name: string;
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

/**
 * The custom resources of this library. The registry access lets a container service that no template of the app creates pull from private
 * Amazon ECR repositories.
 */
export type ResourceType = 'Custom::LightsailContainerServiceDeployment' | 'Custom::LightsailPrivateRegistryAccess';

export interface RegistryAccessResourceProperties {
  readonly ServiceName: string;
  /** How long it may take, in seconds. */
  readonly Timeout: number;
}

export type RegistryAccessResourceAttributes = Pick<DeploymentResourceAttributes, 'EcrImagePullerPrincipalArn'>;
