import type { ContainerServiceDeployment } from '@aws-sdk/client-lightsail';
import { CallFailure } from '../../clients/call-failure';
import type { DesiredDeployment } from '../../clients/lightsail';
import { createMask } from '../masking/secret-detection';
import { matchesAsRewritten } from '../request/desired-deployment';
import type { DesiredState, DeployRequest } from '../request/request';

/** Whether a deployment of the service holds what is desired, regardless of the values of its secrets and of what Lightsail may rewrite. */
export function matchesIgnoringSecrets(deployment: ContainerServiceDeployment, state: DesiredState): boolean {
  return matchesAsRewritten(deployment, withSecretsOf(deployment, state));
}

/** No variable has this value. */
const MISSING = '\0';

/** What is desired, with the values that a deployment holds for its secrets. */
function withSecretsOf({ containers }: ContainerServiceDeployment, { desired, secrets }: DesiredState): DesiredDeployment {
  return {
    ...desired,
    containers: Object.fromEntries(Object.entries(desired.containers).map(([containerName, container]) => {
      const present = containers?.[containerName]?.environment ?? {};
      const values = Object.keys(secrets[containerName] ?? {}).map((name) => [name, present[name] ?? MISSING] as const);
      return [containerName, { ...container, environment: { ...container.environment, ...Object.fromEntries(values) } }];
    })),
  };
}

/** An error of an API may quote the request. */
export function redactSecrets(error: unknown, request: DeployRequest): unknown {
  return error instanceof CallFailure
    ? new CallFailure(error.operation, error.kind, createMask(request)(error.serviceMessage)) : error;
}
