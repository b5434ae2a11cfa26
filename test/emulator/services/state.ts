import { Ids } from './ids';
import { ImageRegistry } from './image-registry';
import { Limits } from './limits';
import { StoredImages } from './stored-images';
import { errors } from '../api/errors';
import { CertificateStatus, ContainerShape, DeploymentState, DomainValidationStatus, EndpointShape, Power, PowerShape, ServiceState, StateDetailCode } from '../api/shapes';
import { CnameRecord, Dns } from '../certificates/dns';
import { CertificateFate, CertificateFates } from '../certificates/fates';
import { ContainerLogs } from '../deployments/container-logs';
import { Outcomes } from '../deployments/outcomes';
import { Scheduled, Timeline } from '../time/timeline';
import { Timings } from '../time/timings';

/** One version of what runs on a service. */
export interface Deployment {
  readonly version: number;
  readonly containers: Record<string, ContainerShape>;
  readonly publicEndpoint?: EndpointShape;
  readonly createdAt: number;
  /** The stored images that its containers run, `latest` resolved. */
  readonly storedImages: ReadonlySet<string>;
  state: DeploymentState;
}

/** A container service as the emulator keeps it; times are milliseconds. */
export interface Service {
  readonly name: string;
  readonly id: string;
  readonly createdAt: number;
  readonly url: string;
  readonly logs: ContainerLogs;
  readonly images: StoredImages;
  power: Power;
  scale: number;
  tags: Map<string, string>;
  publicDomainNames?: Record<string, string[]>;
  state: ServiceState;
  stateDetail?: StateDetailCode;
  isDisabled: boolean;
  principalArn: string;
  pullerRole: PullerRole;
  /** Oldest first. */
  deployments: Deployment[];
  current?: Deployment;
  next?: Deployment;
  lastVersion: number;
  /** The next step of what the service is going through, if anything. */
  pendingStep?: Scheduled;
}

/** A certificate as the emulator keeps it; times are milliseconds. */
export interface Certificate {
  readonly name: string;
  readonly id: string;
  /** The primary one first. */
  readonly domainNames: readonly string[];
  readonly createdAt: number;
  readonly fate: CertificateFate;
  readonly validations: readonly DomainValidation[];
  /** What is to happen to it. */
  readonly pending: Scheduled[];
  tags: Map<string, string>;
  status: CertificateStatus;
  /** Whether GetCertificates shows the validation records. They lag. */
  hasRecords: boolean;
  issuedAt?: number;
  failureReason?: string;
}

export interface DomainValidation {
  readonly domainName: string;
  readonly record: CnameRecord;
  status: DomainValidationStatus;
  /** The end of Lightsail's look at the record, which is in the DNS. */
  pending?: Scheduled;
}

export interface PullerRole {
  isActive: boolean;
  principalArn: string;
  /** From when on images can be pulled with it. */
  usableAt: number;
}

/** What Lightsail may change in a deployment that it accepts. Not known, so nothing of it is the default. */
export interface Normalization {
  /** `:service.label.latest` becomes the image that it stands for. */
  readonly latestImages?: boolean;
  /** Line breaks at the end of a variable's value go. */
  readonly trailingLineBreaks?: boolean;
  /** Variables with an empty value go. */
  readonly emptyVariables?: boolean;
}

/** What every operation works on: one account in one Region, and what rules it. */
export interface Account {
  readonly accountId: string;
  readonly region: string;
  readonly timeline: Timeline;
  readonly ids: Ids;
  readonly timings: Timings;
  readonly limits: Limits;
  readonly outcomes: Outcomes;
  readonly powers: readonly PowerShape[];
  readonly registry: ImageRegistry;
  readonly missingServiceError: 'NotFoundException' | 'InvalidInputException';
  readonly showsStateDetail: boolean;
  readonly normalization: Normalization;
  readonly missingCertificate: 'NotFoundException' | 'empty';
  readonly validationRecords: 'perCertificate' | 'perDomain';
  readonly services: Map<string, Service>;
  readonly certificates: Map<string, Certificate>;
  readonly certificateFates: CertificateFates;
  readonly dns: Dns;
}

export function findService(account: Account, name: string): Service {
  const service = account.services.get(name);
  if (!service) {
    throw errors.serviceNotFound(name, account.missingServiceError);
  }
  return service;
}

/** Where a service comes to rest. */
export function restingState(service: Service): ServiceState {
  if (service.isDisabled) {
    return 'DISABLED';
  }
  return service.current ? 'RUNNING' : 'READY';
}
