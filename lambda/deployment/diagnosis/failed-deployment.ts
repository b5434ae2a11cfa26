import type { Container, ContainerServiceHealthCheckConfig } from '@aws-sdk/client-lightsail';

/** How a deployment failed: Lightsail marked it FAILED, its time ran out, or it was not created. */
export type DeploymentEnd = 'FAILED' | 'timed out' | 'not created';

/** A deployment that did not become active. */
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

/** Whether the log proves the cause, hints at it, or shows nothing else. */
export type Certainty = 'certain' | 'likely' | 'possible';

/** The likely cause according to the log of one container. */
export interface Diagnosis {
  readonly containerName: string;
  /** Follows `container "web"` in a sentence. */
  readonly cause: string;
  /** A sentence: what to do about it. */
  readonly nextStep: string;
  readonly certainty: Certainty;
}
