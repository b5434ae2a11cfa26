import type { ContainerService, ContainerServiceDeployment } from '@aws-sdk/client-lightsail';
import type { DesiredDeployment } from './desired-deployment';

/** The part of the Lightsail API that the handler uses. Every method throws a `LightsailCallFailure`. */
export interface Lightsail {
  /** `GetContainerServices` for one service; undefined if there is none of that name. */
  getService(serviceName: string): Promise<ContainerService | undefined>;

  /** `GetContainerServiceDeployments`: the versions that Lightsail keeps, in no order to rely on. */
  getDeployments(serviceName: string): Promise<ContainerServiceDeployment[]>;

  /** `CreateContainerServiceDeployment`, sent once: it is not idempotent. */
  createDeployment(serviceName: string, desired: DesiredDeployment): Promise<ContainerService | undefined>;
}

/** Why a call failed, as far as the handler acts on it. */
export type CallFailureKind = 'busy' | 'denied' | 'missing' | 'refused' | 'transient';

/** A call of the Lightsail API that failed, with the operation's name and the service's own words. */
export class LightsailCallFailure extends Error {
  constructor(public readonly operation: string, public readonly kind: CallFailureKind, words: string) {
    super(`${operation} failed: ${words}`);
    this.name = 'LightsailCallFailure';
  }
}
