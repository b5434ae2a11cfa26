/** The shapes of the API in JSON: times are epoch seconds. They must agree with `lightsail-model.json`. */

export type ServiceState = 'PENDING' | 'READY' | 'RUNNING' | 'UPDATING' | 'DELETING' | 'DISABLED' | 'DEPLOYING';
export type DeploymentState = 'ACTIVATING' | 'ACTIVE' | 'INACTIVE' | 'FAILED';
export type StateDetailCode =
  | 'CREATING_SYSTEM_RESOURCES'
  | 'CREATING_NETWORK_INFRASTRUCTURE'
  | 'PROVISIONING_CERTIFICATE'
  | 'PROVISIONING_SERVICE'
  | 'CREATING_DEPLOYMENT'
  | 'EVALUATING_HEALTH_CHECK'
  | 'ACTIVATING_DEPLOYMENT'
  | 'CERTIFICATE_LIMIT_EXCEEDED'
  | 'UNKNOWN_ERROR';
export type Power = 'nano' | 'micro' | 'small' | 'medium' | 'large' | 'xlarge';
export type Protocol = 'HTTP' | 'HTTPS' | 'TCP' | 'UDP';

export interface TagShape {
  readonly key?: string;
  readonly value?: string;
}

export interface ContainerShape {
  readonly image?: string;
  readonly command?: string[];
  readonly environment?: Record<string, string>;
  readonly ports?: Record<string, Protocol>;
}

export interface HealthCheckShape {
  readonly healthyThreshold?: number;
  readonly unhealthyThreshold?: number;
  readonly timeoutSeconds?: number;
  readonly intervalSeconds?: number;
  readonly path?: string;
  readonly successCodes?: string;
}

export interface EndpointShape {
  readonly containerName: string;
  readonly containerPort: number;
  readonly healthCheck?: HealthCheckShape;
}

export interface DeploymentRequestShape {
  readonly containers?: Record<string, ContainerShape>;
  readonly publicEndpoint?: EndpointShape;
}

export interface DeploymentShape {
  readonly version: number;
  readonly state: DeploymentState;
  readonly containers: Record<string, ContainerShape>;
  readonly publicEndpoint?: EndpointShape;
  readonly createdAt: number;
}

export interface ContainerServiceShape {
  readonly containerServiceName: string;
  readonly arn: string;
  readonly createdAt: number;
  readonly location: { readonly availabilityZone: string; readonly regionName: string };
  readonly resourceType: 'ContainerService';
  readonly tags: TagShape[];
  readonly power: Power;
  readonly powerId: string;
  readonly state: ServiceState;
  readonly stateDetail?: { readonly code: StateDetailCode; readonly message?: string };
  readonly scale: number;
  readonly currentDeployment?: DeploymentShape;
  readonly nextDeployment?: DeploymentShape;
  readonly isDisabled: boolean;
  readonly principalArn: string;
  readonly privateDomainName: string;
  readonly publicDomainNames?: Record<string, string[]>;
  readonly url: string;
  readonly privateRegistryAccess: { readonly ecrImagePullerRole: { readonly isActive: boolean; readonly principalArn: string } };
}

export interface PrivateRegistryAccessShape {
  readonly ecrImagePullerRole?: { readonly isActive?: boolean };
}

export interface ContainerImageShape {
  readonly image: string;
  readonly digest: string;
  readonly createdAt: number;
}

export interface LogEventShape {
  readonly createdAt: number;
  readonly message: string;
}

export interface PowerShape {
  readonly powerId: string;
  readonly price: number;
  readonly cpuCount: number;
  readonly ramSizeInGb: number;
  readonly name: Power;
  readonly isActive: boolean;
}

export type CertificateStatus = 'PENDING_VALIDATION' | 'ISSUED' | 'INACTIVE' | 'EXPIRED' | 'VALIDATION_TIMED_OUT' | 'REVOKED' | 'FAILED';
export type DomainValidationStatus = 'PENDING_VALIDATION' | 'FAILED' | 'SUCCESS';

export interface DomainValidationShape {
  readonly domainName: string;
  readonly resourceRecord: { readonly name: string; readonly type: 'CNAME'; readonly value: string };
  readonly dnsRecordCreationState: { readonly code: 'SUCCEEDED' | 'STARTED' | 'FAILED'; readonly message: string };
  readonly validationStatus: DomainValidationStatus;
}

export interface CertificateDetailShape {
  readonly arn: string;
  readonly name: string;
  readonly domainName: string;
  readonly status: CertificateStatus;
  readonly subjectAlternativeNames: string[];
  readonly domainValidationRecords?: DomainValidationShape[];
  readonly requestFailureReason?: string;
  readonly inUseResourceCount: number;
  readonly keyAlgorithm: string;
  readonly createdAt: number;
  readonly issuedAt?: number;
  readonly tags: TagShape[];
}

export interface CertificateSummaryShape {
  readonly certificateArn: string;
  readonly certificateName: string;
  readonly domainName: string;
  readonly certificateDetail?: CertificateDetailShape;
  readonly tags: TagShape[];
}

export interface OperationShape {
  readonly id: string;
  readonly resourceName: string;
  readonly resourceType: 'ContainerService' | 'Certificate';
  readonly operationType?: 'CreateCertificate' | 'DeleteCertificate';
  readonly createdAt: number;
  readonly location: { readonly availabilityZone: string; readonly regionName: string };
  readonly isTerminal: boolean;
  readonly operationDetails: string;
  readonly status: 'Succeeded';
  readonly statusChangedAt: number;
}

/** Milliseconds, as the emulator counts, to epoch seconds, as the API answers. */
export function epochSeconds(ms: number): number {
  return Math.round(ms) / 1000;
}
