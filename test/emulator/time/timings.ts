const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** The phases of a deployment, as `stateDetail` names them. */
export interface DeploymentPhases {
  /** CREATING_DEPLOYMENT */
  readonly creating: number;
  /** EVALUATING_HEALTH_CHECK */
  readonly evaluating: number;
  /** ACTIVATING_DEPLOYMENT */
  readonly activating: number;
}

/** How long things take, in milliseconds of the emulator's clock. */
export interface Timings {
  /** PENDING of a new service, one phase per `stateDetail`. */
  readonly service: {
    readonly creatingSystemResources: number;
    readonly creatingNetworkInfrastructure: number;
    readonly provisioningCertificate: number;
    readonly provisioningService: number;
  };
  readonly deployment: DeploymentPhases;
  /** From the start of the deployment until Lightsail gives up on nodes that never come up. */
  readonly nodesGiveUp: number;
  /** From the start of the health check's evaluation until Lightsail gives up on it. */
  readonly healthCheckGivesUp: number;
  /** A change of power or scale. A deployment, if there is one, is redeployed in the meantime. */
  readonly capacityChange: number;
  /** A change of the domain names. */
  readonly domainChange: number;
  readonly disable: number;
  readonly enable: number;
  /** Until the ECR image puller role has its principal. */
  readonly ecrRoleActivation: number;
  /** From then until images can really be pulled with it; AWS says to wait at least 30 seconds. */
  readonly ecrRolePropagation: number;
  readonly delete: number;
  /** From the creation of a certificate until its validation records are shown. */
  readonly certificateRecords: number;
  /** From a record in the DNS until Lightsail has validated its domain. */
  readonly certificateValidation: number;
  /** From the creation until a certificate that is refused has failed. */
  readonly certificateFails: number;
  /** From the creation until Lightsail gives up on the records. ACM's 72 hours. */
  readonly certificateTimesOut: number;
  /** From a line being written until GetContainerLog shows it. */
  readonly logLag: number;
}

/**
 * All of these are inventions within what is known: a deployment takes about 2 to 10 minutes, an activation of the ECR role
 * "minutes"; the rest is not documented.
 */
export const DEFAULT_TIMINGS: Timings = {
  service: {
    creatingSystemResources: 30 * SECOND,
    creatingNetworkInfrastructure: 40 * SECOND,
    provisioningCertificate: 45 * SECOND,
    provisioningService: 35 * SECOND,
  },
  deployment: { creating: 90 * SECOND, evaluating: 40 * SECOND, activating: 50 * SECOND },
  nodesGiveUp: 8 * MINUTE,
  healthCheckGivesUp: 6 * MINUTE,
  capacityChange: 2 * MINUTE,
  domainChange: 1 * MINUTE,
  disable: 1 * MINUTE,
  enable: 90 * SECOND,
  ecrRoleActivation: 2 * MINUTE,
  ecrRolePropagation: 30 * SECOND,
  delete: 45 * SECOND,
  certificateRecords: 8 * SECOND,
  certificateValidation: 4 * MINUTE,
  certificateFails: 90 * SECOND,
  certificateTimesOut: 72 * 60 * MINUTE,
  logLag: 20 * SECOND,
};

/** The phases of a deployment of some length, by their shares in percent. */
export function phasesOf(ms: number, shares: readonly [creating: number, evaluating: number, activating: number]): DeploymentPhases {
  const [creating, evaluating, activating] = shares;
  const sum = creating + evaluating + activating;
  return { creating: (ms * creating) / sum, evaluating: (ms * evaluating) / sum, activating: (ms * activating) / sum };
}

/** Timings as an option: what is left out keeps its default. */
export type TimingOverrides = Partial<Omit<Timings, 'service' | 'deployment'>> & {
  readonly service?: Partial<Timings['service']>;
  readonly deployment?: Partial<DeploymentPhases>;
};

export function resolveTimings(overrides: TimingOverrides = {}): Timings {
  return {
    ...DEFAULT_TIMINGS,
    ...overrides,
    service: { ...DEFAULT_TIMINGS.service, ...overrides.service },
    deployment: { ...DEFAULT_TIMINGS.deployment, ...overrides.deployment },
  };
}
