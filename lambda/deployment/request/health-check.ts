import type { ContainerServiceDeployment, ContainerServiceHealthCheckConfig } from '@aws-sdk/client-lightsail';

export type HealthCheck = Required<ContainerServiceHealthCheckConfig>;

/** What Lightsail fills in for what a request leaves out. */
const DEFAULTS: HealthCheck = {
  healthyThreshold: 2,
  unhealthyThreshold: 2,
  timeoutSeconds: 2,
  intervalSeconds: 5,
  path: '/',
  successCodes: '200-499',
};

/** The health check of a deployment, defaults filled in. */
export function healthCheckOf({ publicEndpoint }: Pick<ContainerServiceDeployment, 'publicEndpoint'>): HealthCheck {
  return { ...DEFAULTS, ...withoutUndefined(publicEndpoint?.healthCheck ?? {}) };
}

/** Whether a status is among the success codes, which Lightsail writes as `200`, `200,202` or `200-299`. */
export function isSuccessCode(status: number, successCodes: string): boolean {
  return successCodes.split(',').some((codes) => {
    const [from = NaN, to = from] = codes.split('-').map(Number);
    return status >= from && status <= to;
  });
}

function withoutUndefined<T extends object>(values: T): Partial<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<T>;
}
