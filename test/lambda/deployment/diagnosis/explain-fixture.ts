import type { ContainerService, ContainerServiceDeployment } from '@aws-sdk/client-lightsail';
import { deployRequest } from '../deploy-request';
import { attempts, events, sourceOf, START } from './container-log/log-fixture';
import type { ContainerLogSource } from '../../../../lambda/deployment/diagnosis/container-log/container-log-tail';
import { explainFailure, type FailureToExplain } from '../../../../lambda/deployment/diagnosis/explain-failure';
import type { DeployRequest } from '../../../../lambda/deployment/request/request';
import type { LogFields } from '../../../../lambda/shared/log';
import { jsonBytes } from '../../../../lambda/shared/reasons/reason-limits';
import { SteppedClock } from '../../../emulator/time/clock';

const MINUTE = 60_000;

export const SERVING: ContainerServiceDeployment = { version: 7, state: 'ACTIVE', containers: { old: { image: 'nginx:1.26' } } };
export const RUNNING: ContainerService = { containerServiceName: 'web', state: 'RUNNING', scale: 1, currentDeployment: SERVING };

export function request(desired: DeployRequest['desired']): DeployRequest {
  return deployRequest({ timeoutSeconds: 1200, desired });
}

export const NGINX = request({
  containers: { nginx: { image: 'nginx:1.27' } },
  publicEndpoint: { containerName: 'nginx', containerPort: 80, healthCheck: { path: '/healthz', successCodes: '200-299' } },
});

interface Explained {
  readonly reason: string;
  readonly lines: string[];
  readonly logged: (LogFields & { message: string })[];
}

/** The failure of version 8 of `NGINX` beside version 7, which serves, unless told otherwise. */
export async function explain(logs: ContainerLogSource, given: Partial<FailureToExplain> = {}): Promise<Explained> {
  const clock = new SteppedClock(START + 10 * MINUTE);
  const logged: Explained['logged'] = [];
  const failure = await explainFailure({ logs, clock, log: (message, fields) => logged.push({ message, ...fields }) }, {
    request: NGINX,
    version: 8,
    end: 'FAILED',
    deployment: { version: 8, state: 'FAILED', createdAt: new Date(START), ...(given.request ?? NGINX).desired },
    service: RUNNING,
    stateDetail: 'EVALUATING_HEALTH_CHECK',
    deadline: clock.now() + 10 * MINUTE,
    ...given,
  });
  expect(failure.name).toBe('ResourceFailure');
  return { reason: failure.message, lines: failure.message.split('\n'), logged };
}

export const PROBE = '172.26.7.12 - - [01/Jan/2025:12:00:00 +0000] "GET /healthz HTTP/1.1" 404 153 "-" "ELB-HealthChecker/2.0" "-"';

export const NAMES = Array.from({ length: 10 }, (_, index) => `container-${index}`);
export const TEN = request({ containers: Object.fromEntries(NAMES.map((name) => [name, { image: 'shop:1' }])) });

/** Explains a failure of ten containers that write a lot: the reason has all parts, and is as long as may be. */
export async function expectFullReason(_: string, line: (index: number) => string): Promise<void> {
  const written = Array.from({ length: 100 }, (__, at) => line(at));
  const logs = Object.fromEntries(NAMES.map((name, index) => [name, events(attempts(3, [...written, `exit status ${index}`], 8))]));

  const { reason, lines } = await explain(sourceOf(logs), { request: TEN, lastError: line(1).repeat(20) });

  expect(reason.length).toBeLessThanOrEqual(2000);
  expect(jsonBytes(reason)).toBeLessThanOrEqual(2800);
  expect(reason).not.toMatch(/[\p{Cs}\ufffd]/u);
  expect(lines[0]).toContain('FAILED: container "container-0" exits with status 0. Version 7 is still serving.');
  expect(lines[1]).toMatch(/^Next step: /);
  expect(lines).toContain('The logs of "container-2", "container-3", "container-4", "container-5", "container-6", "container-7", "container-8", "container-9" also show an error.');
  expect(lines).toContain('Full log: aws lightsail get-container-log --service-name web --container-name <container>');
  expect(lines.filter((each) => each.startsWith('Last lines of')).length).toBeGreaterThan(5);
  expect(lines.filter((each) => /^\| exit status \d \(2\+ times\)$/.test(each)).length).toBeGreaterThan(5);
}
