import type {
  CertificateDomainValidationStatus, CertificateStatus, Container, ContainerService, ContainerServiceDeployment,
  ContainerServiceDeploymentState, ContainerServiceState, EndpointRequest,
} from '@aws-sdk/client-lightsail';

/** A deployment with the fields that the handler needs. */
export interface DescribedDeployment extends ContainerServiceDeployment {
  readonly version: number;
  readonly state: ContainerServiceDeploymentState;
}

/** A container service with the fields that the handler needs. */
export interface DescribedService extends ContainerService {
  readonly containerServiceName: string;
  readonly state: ContainerServiceState;
  readonly currentDeployment?: DescribedDeployment;
  readonly nextDeployment?: DescribedDeployment;
}

/** The desired content of a deployment, in the shape of the Lightsail API. */
export interface DesiredDeployment {
  readonly containers: Record<string, Container>;
  readonly publicEndpoint?: EndpointRequest;
}

export interface ContainerLogEvent {
  readonly createdAt?: Date;
  readonly message: string;
}

export interface ContainerLogPage {
  readonly events: ContainerLogEvent[];
  /** Absent on the last page. */
  readonly nextPageToken?: string;
}

/** A certificate with the fields that the handler needs. */
export interface DescribedCertificate {
  readonly arn: string;
  readonly status: CertificateStatus;
  /** All domains that it is for. */
  readonly domainNames: readonly string[];
  /** The CNAME records that validate the domains. Lightsail may not have them in its first answers. */
  readonly records: readonly ValidationRecord[];
  /** Why the request for the certificate failed. */
  readonly requestFailureReason?: string;
}

export interface ValidationRecord {
  readonly domainName: string;
  readonly name: string;
  readonly value: string;
  readonly validationStatus?: CertificateDomainValidationStatus;
}

/**
 * The part of the Lightsail API that the handler uses. Every method sends its call once and throws a `CallFailure`. An incomplete
 * response counts as a transient failure.
 */
export interface Lightsail {
  /** `GetContainerServices` for one service; undefined if it does not exist. */
  getService(serviceName: string): Promise<DescribedService | undefined>;

  /** `GetContainerServiceDeployments`: the versions that Lightsail keeps, in an undefined order. */
  getDeployments(serviceName: string): Promise<DescribedDeployment[]>;

  /** `GetContainerLog`: one page of a container's log since a time, oldest first. Lightsail's own lines are part of it. */
  getContainerLog(serviceName: string, containerName: string, since: Date, pageToken?: string): Promise<ContainerLogPage>;

  /** `GetCertificates` for one certificate with its details; undefined if it does not exist. */
  getCertificate(certificateName: string): Promise<DescribedCertificate | undefined>;

  /** `CreateContainerServiceDeployment`: it is not idempotent. */
  createDeployment(serviceName: string, desired: DesiredDeployment): Promise<ContainerService | undefined>;

  /** `UpdateContainerService`: disables or enables the service. */
  setDisabled(serviceName: string, isDisabled: boolean): Promise<void>;

  /** `UpdateContainerService`: the domain names of certificates. One with an empty list is detached, one that is not named keeps what it has. */
  setDomainNames(serviceName: string, domainNames: Readonly<Record<string, readonly string[]>>): Promise<void>;

  /** `UpdateContainerService`: gives the service a role that pulls images from private Amazon ECR repositories. */
  enableRegistryAccess(serviceName: string): Promise<void>;

  /** `TagResource`: adds tags to the service and overwrites tags with the same keys. */
  tagService(serviceName: string, tags: Record<string, string>): Promise<void>;
}
