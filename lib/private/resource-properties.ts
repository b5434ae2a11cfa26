/**
 * The contract between the construct, which writes these properties into the template, and the
 * handler, which reads them at deploy time. The handler imports this file for its types only.
 *
 * CloudFormation keeps the properties of every deployed stack and sends them back as
 * `OldResourceProperties`. Add members, and never change the meaning of one.
 */
export interface DeploymentResourceProperties {
  readonly ServiceName: string;
  readonly Containers: { readonly [containerName: string]: ContainerResourceProperties };
  readonly PublicEndpoint?: PublicEndpointResourceProperties;
  /** The timeout of the deployment, in seconds. */
  readonly Timeout: number;
  /** Values that force a new deployment when they change. */
  readonly Triggers?: { readonly [name: string]: string };
  /** What happens to the running containers when the resource is deleted. Absent: nothing. */
  readonly RemovalPolicy?: 'Destroy';
  /** Whether the deployment succeeds only after the public URL answers. Absent: it does not wait. */
  readonly WaitForUrl?: boolean;
  /** Whether an image is in a private Amazon ECR repository. Absent: none is. */
  readonly PrivateRegistryAccess?: boolean;
  /** The images in such repositories that the handler is allowed to look up, as `Image` names them. */
  readonly EcrImages?: readonly string[];
}

export interface ContainerResourceProperties {
  readonly Image: string;
  readonly Command?: readonly string[];
  readonly Environment?: { readonly [name: string]: string };
  /** Environment variables that hold secrets. The handler reads their values. */
  readonly Secrets?: { readonly [name: string]: SecretResourceProperties };
  readonly Ports?: { readonly [port: string]: string };
}

/** Where the handler reads a value. Exactly one member is present. */
export interface SecretResourceProperties {
  readonly SecretsManager?: SecretsManagerResourceProperties;
  readonly SsmParameter?: SsmParameterResourceProperties;
}

export interface SecretsManagerResourceProperties {
  /** An ARN, with or without its suffix, or a name. */
  readonly SecretId: string;
  /** Absent: the whole secret. */
  readonly Field?: string;
  readonly VersionId?: string;
  readonly VersionStage?: string;
}

export interface SsmParameterResourceProperties {
  readonly Name: string;
  /** Absent: the newest version. */
  readonly Version?: string;
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
 * The attributes that the handler returns after success, for `Fn::GetAtt`. Every attribute is always present:
 * CloudFormation fails a stack that reads a missing one.
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
 * The custom resources of this library. The registry access activates access to private Amazon ECR repositories for a container service
 * that the app does not create. The two of a certificate only read. The domain change detaches
 * certificates that are replaced. The image copies an image to the registry of a container service.
 */
export type ResourceType =
  | 'Custom::LightsailContainerServiceDeployment'
  | 'Custom::LightsailPrivateRegistryAccess'
  | 'Custom::LightsailCertificateRecords'
  | 'Custom::LightsailCertificateValidation'
  | 'Custom::LightsailDomainChange'
  | 'Custom::LightsailContainerImage';

export interface RegistryAccessResourceProperties {
  readonly ServiceName: string;
  /** The timeout, in seconds. */
  readonly Timeout: number;
}

export type RegistryAccessResourceAttributes = Pick<DeploymentResourceAttributes, 'EcrImagePullerPrincipalArn'>;

/** Reads the validation records of a certificate as soon as Lightsail has them. */
export interface CertificateRecordsResourceProperties {
  readonly CertificateName: string;
  readonly DomainNames: readonly string[];
  /** The timeout, in seconds. */
  readonly Timeout: number;
}

/**
 * The CNAME record of each domain, by the domain's place in `DomainNames`: `Name0`, `Value0`, `Name1`, ... without the dot at the end.
 * `Records` holds all of them in one text, for outputs.
 */
export type CertificateRecordsResourceAttributes = {
  readonly CertificateArn: string;
  readonly Records: string;
} & { readonly [attribute: `Name${number}` | `Value${number}`]: string };

/** Waits until the certificate is ISSUED. */
export interface CertificateValidationResourceProperties {
  readonly CertificateName: string;
  readonly DomainNames: readonly string[];
  /** The timeout, in seconds. */
  readonly Timeout: number;
}

export interface CertificateValidationResourceAttributes {
  readonly CertificateName: string;
  readonly CertificateArn: string;
  /** ISSUED. A rollback may return to a certificate that is no longer usable, and then it is another status, or empty. */
  readonly Status: string;
}

/** Where the certificates of a service change, attaches the new ones and detaches the old ones before CloudFormation updates the service. */
export interface DomainChangeResourceProperties {
  readonly ServiceName: string;
  readonly PublicDomainNames: ReadonlyArray<{ readonly CertificateName: string; readonly DomainNames: readonly string[] }>;
  /** The timeout, in seconds. */
  readonly Timeout: number;
}

export interface ImageResourceProperties {
  readonly ServiceName: string;
  /** What Lightsail calls the label of the image. Versions are kept and removed for each label. */
  readonly Label: string;
  /** The full reference of the image: registry, repository, and a tag or a digest. */
  readonly Source: string;
  /** The login of the source registry. Absent: Amazon ECR's own login if it is Amazon ECR, else an anonymous one. */
  readonly Credentials?: RegistryCredentialsResourceProperties;
  /** How many versions of the label stay, the new one included. */
  readonly KeepVersions: number;
  /** Values that copy the image again when they change, so that a tag is looked up again. */
  readonly Triggers?: { readonly [name: string]: string };
  /** The timeout of the copy, in seconds. */
  readonly Timeout: number;
}

export interface RegistryCredentialsResourceProperties {
  /** Absent: the secret is JSON with the fields `username` and `password`. */
  readonly Username?: string;
  /** The password or token. If `Username` is absent: the JSON. */
  readonly Secret: SecretResourceProperties;
}

/** The attributes of an image. Every attribute is always present. */
export interface ImageResourceAttributes {
  /** What a deployment names: `:service.label.N`. */
  readonly Image: string;
  /** The digest that is registered: `sha256:…`. */
  readonly Digest: string;
  /** The number that Lightsail gave to the registered image. */
  readonly Version: string;
}
