import type {
  Container, ContainerService, ContainerServiceDeployment, ContainerServiceDeploymentState, ContainerServiceState, EndpointRequest,
} from '@aws-sdk/client-lightsail';

/** A deployment as an answer must hold it to be of use. */
export interface DescribedDeployment extends ContainerServiceDeployment {
  readonly version: number;
  readonly state: ContainerServiceDeploymentState;
}

/** A container service as an answer must hold it to be of use. */
export interface DescribedService extends ContainerService {
  readonly containerServiceName: string;
  readonly state: ContainerServiceState;
  readonly currentDeployment?: DescribedDeployment;
  readonly nextDeployment?: DescribedDeployment;
}

/** What a deployment is to hold, in the shape of the Lightsail API. */
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

/**
 * The part of the Lightsail API that the handler uses. Every method sends its call once and throws a
 * `CallFailure`: an answer that lacks what it must hold is a transient one.
 */
export interface Lightsail {
  /** `GetContainerServices` for one service; undefined if there is none of that name. */
  getService(serviceName: string): Promise<DescribedService | undefined>;

  /** `GetContainerServiceDeployments`: the versions that Lightsail keeps, in no order to rely on. */
  getDeployments(serviceName: string): Promise<DescribedDeployment[]>;

  /** `GetContainerLog`: one page of what a container wrote since a time, oldest first, Lightsail's own lines among it. */
  getContainerLog(serviceName: string, containerName: string, since: Date, pageToken?: string): Promise<ContainerLogPage>;

  /** `CreateContainerServiceDeployment`: it is not idempotent. */
  createDeployment(serviceName: string, desired: DesiredDeployment): Promise<ContainerService | undefined>;

  /** `UpdateContainerService`: shuts down what runs on the service, or lets it run again. */
  setDisabled(serviceName: string, isDisabled: boolean): Promise<void>;

  /** `UpdateContainerService`: gives the service a role that pulls images from private Amazon ECR repositories. */
  enableRegistryAccess(serviceName: string): Promise<void>;

  /** `TagResource`: adds tags to the service, and overwrites those that have the same keys. */
  tagService(serviceName: string, tags: Record<string, string>): Promise<void>;
}
