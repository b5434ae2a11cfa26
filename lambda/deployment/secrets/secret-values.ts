import type { ContainerServiceDeployment } from '@aws-sdk/client-lightsail';
import { CallFailure } from '../../clients/call-failure';
import type { DesiredDeployment } from '../../clients/lightsail';
import { maskOf } from '../masking/secret-mask';
import { matchesAsRewritten } from '../request/desired-deployment';
import type { DesiredState, DeployRequest } from '../request/request';

/**
 * The values of a request's secrets in deployments of the service, for the mask of reasons and logs. The request's own `desired`
 * contains them once it is resolved.
 */
export function secretValues(
  { secrets }: Pick<DeployRequest, 'secrets'>, ...deployments: (Pick<ContainerServiceDeployment, 'containers'> | undefined)[]
): string[] {
  const values = deployments.flatMap((deployment) => Object.entries(secrets).flatMap(([containerName, references]) =>
    Object.keys(references).map((name) => deployment?.containers?.[containerName]?.environment?.[name])));
  return [...new Set(values)].filter((value) => value !== undefined);
}

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
    ? new CallFailure(error.operation, error.kind, maskOf(secretValues(request, request.desired))(error.serviceMessage)) : error;
}
