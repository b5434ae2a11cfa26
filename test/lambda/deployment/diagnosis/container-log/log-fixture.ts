import type { ContainerLogEvent } from '../../../../../lambda/clients/lightsail';
import type { ContainerLogSource, ContainerLogTail } from '../../../../../lambda/deployment/diagnosis/container-log/container-log-tail';
import { VersionLines } from '../../../../../lambda/deployment/diagnosis/container-log/version-lines';
import { diagnose } from '../../../../../lambda/deployment/diagnosis/diagnosis';
import type { FailedDeployment } from '../../../../../lambda/deployment/diagnosis/failed-deployment';
import { maskOf, type Mask } from '../../../../../lambda/deployment/masking/secret-mask';

/** Of a deployment without secrets. */
export const NO_SECRETS = maskOf([]);

export const START = Date.UTC(2025, 0, 1);

/** What Lightsail writes around what a container does each time that it is started. */
export function attempts(count: number, lines: readonly string[], version = 1): string[] {
  return [
    `[deployment:${version}] Creating your deployment`,
    ...Array.from({ length: count }).flatMap(() => [`[deployment:${version}] Started 1 new node`, ...lines]),
    `[deployment:${version}] Took too long`,
    `[deployment:${version}] Canceled`,
  ];
}

/** One event a second. */
export function events(lines: readonly string[], start = START): ContainerLogEvent[] {
  return lines.map((message, second) => ({ createdAt: new Date(start + second * 1000), message }));
}

/** The tail of a log with these lines, as reading it would have it. */
export function tailOf(
  containerName: string, lines: readonly (string | ContainerLogEvent)[], options: Partial<ContainerLogTail> & { version?: number } = {},
): ContainerLogTail {
  const { version = 1, shared = false, ...others } = options;
  const found = new VersionLines(version, shared, NO_SECRETS);
  lines.forEach((line, second) => found.push(typeof line === 'string' ? { createdAt: new Date(START + second * 1000), message: line } : line));
  return { containerName, lines: found.lines(), shared, complete: found.isComplete, skipped: found.skipped, ...others };
}

/** A deployment of one container, `app`, behind the public endpoint at port 8080. */
export function failed(overrides: Partial<FailedDeployment> = {}): FailedDeployment {
  return {
    serviceName: 'web',
    scale: 1,
    end: 'FAILED',
    containers: { app: { image: 'shop:1' } },
    publicEndpoint: { containerName: 'app', containerPort: 8080, healthCheck: { path: '/healthz', successCodes: '200-299' } },
    ...overrides,
  };
}

/** A source with these events, all on one page. */
export function sourceOf(logs: Record<string, ContainerLogEvent[]>): ContainerLogSource {
  return { getContainerLog: async (_, name, since) => ({ events: (logs[name] ?? []).filter(({ createdAt }) => !createdAt || createdAt >= since) }) };
}

/** A health check that an `app` of `failed()` answers. */
export const probe = (status: number, path = '/healthz') =>
  `172.26.7.12 - - [01/Jan/2025:12:00:00 +0000] "GET ${path} HTTP/1.1" ${status} 54 "-" "ELB-HealthChecker/2.0" "-"`;

/** What is said of the one container of `failed()`, whose node wrote these lines each time that it was started. */
export function said(
  lines: readonly string[], options: { deployment?: Partial<FailedDeployment>; starts?: number; shared?: boolean; mask?: Mask } = {},
) {
  const { deployment = {}, starts = 1, shared = false, mask = NO_SECRETS } = options;
  return diagnose(failed(deployment), [tailOf('app', attempts(starts, lines), { shared })], mask)[0];
}
