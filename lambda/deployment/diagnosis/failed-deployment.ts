import type { Container, ContainerServiceHealthCheckConfig } from '@aws-sdk/client-lightsail';

/** How a failed deployment ended: Lightsail gave it up, its time ran out, or it was never made. */
export type DeploymentEnd = 'FAILED' | 'timed out' | 'not created';

/** What is known of a deployment that did not become active. */
export interface FailedDeployment {
  readonly serviceName: string;
  readonly regionName?: string;
  /** The number of nodes. */
  readonly scale?: number;
  readonly end: DeploymentEnd;
  /** The code of the last state detail. */
  readonly stateDetail?: string;
  readonly containers: Record<string, Container>;
  readonly publicEndpoint?: {
    readonly containerName?: string;
    readonly containerPort?: number;
    readonly healthCheck?: ContainerServiceHealthCheckConfig;
  };
}

/** Whether the log says so, hints at it, or is only silent on everything else. */
export type Certainty = 'certain' | 'likely' | 'possible';

/** The likely cause that one container's log shows. */
export interface Diagnosis {
  readonly containerName: string;
  /** Goes on from `container "web"`. */
  readonly cause: string;
  /** A sentence: what to do about it. */
  readonly nextStep: string;
  readonly certainty: Certainty;
}
