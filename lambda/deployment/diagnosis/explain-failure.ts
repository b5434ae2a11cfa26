import type { ContainerService, ContainerServiceDeployment } from '@aws-sdk/client-lightsail';
import { tailContainerLogs, type ContainerLogSource, type ContainerLogTail } from './container-log/container-log-tail';
import { diagnose } from './diagnosis';
import type { DeploymentEnd, FailedDeployment } from './failed-deployment';
import { failureReason } from './failure-reason';
import type { Clock } from '../../shared/clock';
import type { Log } from '../../shared/log';
import { ResourceFailure } from '../../shared/resource-failure';
import { createMask } from '../masking/secret-detection';
import type { Mask } from '../masking/secret-mask';
import type { DeployRequest } from '../request/request';

export interface FailureToExplain {
  readonly request: DeployRequest;
  /** Absent where the time ran out before a version was made. */
  readonly version?: number;
  readonly end: DeploymentEnd;
  /** The version as Lightsail describes it, with what it filled in. */
  readonly deployment?: ContainerServiceDeployment;
  /** The service as it was seen last. */
  readonly service?: ContainerService;
  /** The code of the last state detail. */
  readonly stateDetail?: string;
  /** The reason is ready by then, but for a call that has begun, in milliseconds since the epoch. */
  readonly deadline: number;
  /** The last call of the API that failed. */
  readonly lastError?: string;
  /** Values that were resolved for this deployment and that nobody may read. */
  readonly secrets?: readonly string[];
}

/** What one entry of the handler's log holds of a container's, so that none is too long for CloudWatch. */
const LINES_PER_ENTRY = 25;

/** Finds out why a deployment did not become active, and says it so that it can be read in CloudFormation. */
export async function explainFailure(
  { logs, clock, log }: { logs: ContainerLogSource; clock: Clock; log: Log }, failure: FailureToExplain,
): Promise<ResourceFailure> {
  const { request, version, end, service, stateDetail, lastError, secrets = [] } = failure;
  const { serviceName, desired, timeoutSeconds } = request;
  const current = service?.currentDeployment;
  const made = failure.deployment ?? [service?.nextDeployment, current].find((candidate) => candidate?.version === version);
  const containers = made?.containers ?? desired.containers;
  const mask = createMask([desired.containers, containers], secrets);

  const serving = current?.state === 'ACTIVE' && current.version !== version ? current : undefined;
  const tails = version === undefined ? [] : await tailContainerLogs(logs, clock, {
    serviceName,
    version,
    containerNames: Object.keys(containers),
    sharedWith: Object.keys(serving?.containers ?? {}),
    since: made?.createdAt ?? new Date(clock.now() - timeoutSeconds * 1000),
    deadline: failure.deadline,
    expectsEnd: end === 'FAILED',
    mask,
  });
  logTails(log, failure, tails);

  const deployment: FailedDeployment = {
    serviceName,
    regionName: service?.location?.regionName,
    scale: service?.scale,
    end,
    stateDetail,
    containers,
    publicEndpoint: maskedEndpoint(made?.publicEndpoint ?? desired.publicEndpoint, mask),
  };
  return new ResourceFailure(failureReason({
    deployment,
    version,
    timeoutSeconds,
    serviceState: service?.state,
    activeVersion: serving?.version ?? (service && 'none'),
    diagnoses: diagnose(deployment, tails),
    tails,
    lastError: lastError === undefined ? undefined : mask(lastError).replace(/\s+/g, ' '),
  }));
}

/** A path may hold a secret, and it stands in the reason; so do those of the health checks in the logs, masked as well. */
function maskedEndpoint(endpoint: FailedDeployment['publicEndpoint'], mask: Mask): FailedDeployment['publicEndpoint'] {
  const { path, ...others } = endpoint?.healthCheck ?? {};
  return endpoint && { ...endpoint, healthCheck: { ...others, ...(path === undefined ? {} : { path: mask(path) }) } };
}

function logTails(log: Log, { request: { requestId, serviceName }, version }: FailureToExplain, tails: readonly ContainerLogTail[]): void {
  for (const { containerName, lines, readError } of tails) {
    if (readError !== undefined) log('container log not read whole', { requestId, serviceName, version, containerName, error: readError });
    for (let from = 0; from < lines.length; from += LINES_PER_ENTRY) {
      const containerLog = lines.slice(from, from + LINES_PER_ENTRY).map(({ text }) => text);
      log('container log', { requestId, serviceName, version, containerName, containerLog });
    }
  }
}
