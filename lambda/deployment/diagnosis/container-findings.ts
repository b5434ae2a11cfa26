import type { Container } from '@aws-sdk/client-lightsail';
import type { ContainerLogTail } from './container-log/container-log-tail';
import { probeOf, type Probe } from './container-log/health-probe';
import { listeningOf, type Listening } from './container-log/listening-line';
import type { LogLine } from './container-log/log-line';
import type { FailedDeployment } from './failed-deployment';
import type { Mask } from '../masking/secret-mask';
import { healthCheckOf, isSuccessCode, type HealthCheck } from '../request/health-check';

/** The port and health check of the public endpoint. The path and the success codes can be shown. */
export interface CheckedEndpoint {
  readonly port: number;
  readonly check: HealthCheck;
}

type At = { readonly at?: number };

/** The log of one container, sorted by what its lines show. */
export interface ContainerFindings {
  readonly containerName: string;
  readonly container: Container;
  /** Whatever is quoted of a line goes through it. Diagnoses are made from the lines as they are: a secret may look like a part of an error. */
  readonly mask: Mask;
  /** Set for the container behind the public endpoint. */
  readonly endpoint?: CheckedEndpoint;
  readonly tail: ContainerLogTail;
  /** Lines of the container itself, without health checks. */
  readonly lines: readonly LogLine[];
  readonly probes: readonly (Probe & At)[];
  readonly listening: readonly (Listening & At)[];
  /** The part of `lines` after the last sign that the process was up; all lines if there is no such sign. */
  readonly linesSinceUp: readonly LogLine[];
  /** When its nodes were started. */
  readonly starts: readonly At[];
}

export function findingsOf(tail: ContainerLogTail, deployment: FailedDeployment, mask: Mask): ContainerFindings {
  const { containerName } = tail;
  const { containers, publicEndpoint } = deployment;
  const endpoint = publicEndpoint?.containerName === containerName && publicEndpoint.containerPort !== undefined
    ? { port: publicEndpoint.containerPort, check: healthCheckOf({ publicEndpoint }) }
    : undefined;
  const shownEndpoint = endpoint && {
    port: endpoint.port, check: { ...endpoint.check, path: mask(endpoint.check.path), successCodes: mask(endpoint.check.successCodes) },
  };

  const lines: LogLine[] = [];
  const probes: (Probe & At)[] = [];
  const listening: (Listening & At)[] = [];
  const starts: At[] = [];
  let linesSinceUp: LogLine[] = [];
  for (const line of tail.lines) {
    const { at, unmasked } = line;
    const probe = endpoint && probeOf(unmasked, endpoint.check.path);
    if (line.lightsail !== undefined) {
      if (line.lightsail === 'started') starts.push({ at });
    } else if (probe) {
      // A health check of another path belongs to the older version.
      if (tail.shared && !probe.samePath) continue;
      probes.push({ ...probe, at });
      if (!tail.shared && probe.status !== undefined && isSuccessCode(probe.status, endpoint.check.successCodes)) linesSinceUp = [];
    } else {
      const found = listeningOf(unmasked, mask);
      listening.push(...found.map((each) => ({ ...each, at })));
      linesSinceUp = found.length > 0 ? [] : [...linesSinceUp, line];
      lines.push(line);
    }
  }
  const container = containers[containerName] ?? {};
  return { containerName, container, mask, ...(shownEndpoint && { endpoint: shownEndpoint }), tail, lines, probes, listening, linesSinceUp, starts };
}
