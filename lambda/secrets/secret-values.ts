import type { ContainerServiceDeployment } from '@aws-sdk/client-lightsail';
import { CallFailure } from '../call-failure';
import { holds, type DesiredDeployment } from '../desired-deployment';
import type { Asked, DeployRequest } from '../request';
import { maskOf } from './secret-mask';

/**
 * The values of a request's secrets, as deployments of the service hold them: nobody may read them in a reason or a log.
 * What the request itself desires holds them once it is resolved.
 */
export function secretValues(
  { secrets }: Pick<DeployRequest, 'secrets'>, ...deployments: (Pick<ContainerServiceDeployment, 'containers'> | undefined)[]
): string[] {
  const values = deployments.flatMap((deployment) => Object.entries(secrets).flatMap(([containerName, references]) =>
    Object.keys(references).map((name) => deployment?.containers?.[containerName]?.environment?.[name])));
  return [...new Set(values)].filter((value) => value !== undefined);
}

/** Whether a deployment of the service holds what is asked for, whatever the values of its secrets are. */
export function holdsButForSecrets(deployment: ContainerServiceDeployment, asked: Asked): boolean {
  return holds(deployment, withSecretsOf(deployment, asked));
}

/** What is asked for, with the values that a deployment holds for its secrets. */
function withSecretsOf({ containers }: ContainerServiceDeployment, { desired, secrets }: Asked): DesiredDeployment {
  return {
    ...desired,
    containers: Object.fromEntries(Object.entries(desired.containers).map(([containerName, container]) => {
      const present = containers?.[containerName]?.environment ?? {};
      const values = Object.keys(secrets[containerName] ?? {}).map((name) => [name, present[name] ?? ''] as const);
      return [containerName, { ...container, environment: { ...container.environment, ...Object.fromEntries(values) } }];
    })),
  };
}

/** An API may quote what it was sent. */
export function withoutSecretValues(error: unknown, request: DeployRequest): unknown {
  return error instanceof CallFailure
    ? new CallFailure(error.operation, error.kind, maskOf(secretValues(request, request.desired))(error.words)) : error;
}
