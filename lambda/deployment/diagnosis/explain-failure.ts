import type { ContainerService, ContainerServiceDeployment } from '@aws-sdk/client-lightsail';
import { tailContainerLogs, type ContainerLogSource, type ContainerLogTail } from './container-log/container-log-tail';
import { shownLine } from './container-log/log-line';
import { diagnose } from './diagnosis';
import type { DeploymentEnd, FailedDeployment } from './failed-deployment';
import { failureReason } from './failure-reason';
import type { Clock } from '../../shared/clock';
import type { Log } from '../../shared/log';
import { oneLine } from '../../shared/reasons/plain-text';
import { ResourceFailure } from '../../shared/reasons/resource-failure';
import { createMask } from '../masking/secret-detection';
import type { Mask } from '../masking/secret-mask';
import type { DeployRequest } from '../request/request';

export interface FailureToExplain {
  readonly request: DeployRequest;
  /** Absent if the time ran out before a version was created. */
  readonly version?: number;
  readonly end: DeploymentEnd;
  /** The version as Lightsail describes it, with its defaults. */
  readonly deployment?: ContainerServiceDeployment;
  /** The last description of the service. */
  readonly service?: ContainerService;
  /** The code of the last state detail. */
  readonly stateDetail?: string;
  /** When the reason must be ready, in milliseconds since the epoch. A call that has started may end later. */
  readonly deadline: number;
  /** The last API call that failed. */
  readonly lastError?: string;
  /** What to do, if that is known without a log. */
  readonly nextStep?: string;
}

/** Container log lines in one entry of the handler's log, so that no entry is too long for CloudWatch. */
const LINES_PER_ENTRY = 25;

/** Finds out why a deployment did not become active, and writes the reason for CloudFormation. */
export async function explainFailure(
  { logs, clock, log }: { logs: ContainerLogSource; clock: Clock; log: Log }, failure: FailureToExplain,
): Promise<ResourceFailure> {
  const { request, version, end, service, stateDetail, lastError } = failure;
  const { serviceName, desired, timeoutSeconds } = request;
  const current = service?.currentDeployment;
  const deployed = failure.deployment ?? [service?.nextDeployment, current].find((candidate) => candidate?.version === version);
  const containers = deployed?.containers ?? desired.containers;
  // The version that is still serving writes to the same log.
  const mask = createMask(request, deployed, current, service?.nextDeployment);

  const serving = current?.state === 'ACTIVE' && current.version !== version ? current : undefined;
  const read = version === undefined ? [] : await tailContainerLogs(logs, clock, {
    serviceName,
    version,
    containerNames: Object.keys(containers),
    sharedWith: Object.keys(serving?.containers ?? {}),
    since: deployed?.createdAt ?? new Date(clock.now() - timeoutSeconds * 1000),
    deadline: failure.deadline,
    mask,
  });
  const tails = read.map((tail) => ({ ...tail, containerName: oneLine(tail.containerName) }));
  logTails(log, failure, tails, mask);

  const endpoint = deployed?.publicEndpoint ?? desired.publicEndpoint;
  const deployment: FailedDeployment = {
    serviceName: oneLine(serviceName),
    regionName: shown(service?.location?.regionName),
    scale: service?.scale,
    end,
    stateDetail: shown(stateDetail),
    containers: Object.fromEntries(Object.entries(containers).map(([name, container]) => [oneLine(name), container])),
    publicEndpoint: endpoint && { ...endpoint, containerName: shown(endpoint.containerName) },
  };
  return new ResourceFailure(failureReason({
    deployment,
    version,
    timeoutSeconds,
    serviceState: shown(service?.state),
    activeVersion: serving?.version ?? (service && 'none'),
    diagnoses: diagnose(deployment, tails, mask),
    tails,
    mask,
    nextStep: shown(failure.nextStep),
    lastError: lastError === undefined ? undefined : mask(lastError).replace(/\s+/g, ' '),
  }));
}

function shown(name: string | undefined): string | undefined {
  return name === undefined ? undefined : oneLine(name);
}

function logTails(log: Log, { request, version }: FailureToExplain, tails: readonly ContainerLogTail[], mask: Mask): void {
  const { requestId, serviceName } = request;
  for (const { containerName, lines, readError } of tails) {
    if (readError !== undefined) log('container log is incomplete', { requestId, serviceName, version, containerName, error: readError });
    for (let from = 0; from < lines.length; from += LINES_PER_ENTRY) {
      const containerLog = lines.slice(from, from + LINES_PER_ENTRY).map((line) => shownLine(line, mask));
      log('container log', { requestId, serviceName, version, containerName, containerLog });
    }
  }
}
