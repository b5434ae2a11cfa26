import type { CheckedEndpoint, ContainerFindings } from './container-findings';
import type { Diagnosis, FailedDeployment } from './failed-deployment';
import { findSign } from './process-diagnosis';
import { shorten } from '../../shared/reasons/reason-limits';
import { isSuccessCode } from '../request/health-check';

const MAX_IMAGE_LENGTH = 160;

/** Only the last ones count: a process may answer differently while it starts. */
const LAST_PROBES = 10;

const anywhere = (from: number, to: number) => (status: number) => status >= from && status <= to;

/** What to do about an answer: the first entry that matches is used. */
const ANSWERS: readonly { readonly is: (status: number) => boolean; readonly nextStep: (endpoint: CheckedEndpoint, status: number) => string }[] = [
  {
    is: (status) => status === 401 || status === 403,
    nextStep: ({ check }) => `Allow GET ${check.path} without credentials, or set publicEndpoint.healthCheck.path to a path that needs none.`,
  },
  {
    is: (status) => status === 408 || status === 499,
    nextStep: ({ check }) => `Increase publicEndpoint.healthCheck.timeout (${check.timeoutSeconds} s): the answer comes too late.`,
  },
  {
    is: (status) => status === 400 || status === 421,
    nextStep: ({ check }) => `Accept any Host header on GET ${check.path} (Django: ALLOWED_HOSTS), or set publicEndpoint.healthCheck.path to a path that accepts any Host header.`,
  },
  {
    is: anywhere(300, 399),
    nextStep: ({ check }, status) => `Answer GET ${check.path} without a redirect: health checks use HTTP, because Lightsail terminates TLS. `
      + `Or add ${status} to publicEndpoint.healthCheck.successCodes (${check.successCodes}).`,
  },
  {
    is: anywhere(200, 299),
    nextStep: ({ check }, status) => `Add ${status} to publicEndpoint.healthCheck.successCodes (${check.successCodes}).`,
  },
  {
    is: anywhere(500, 599),
    nextStep: ({ check }) => `Fix the error on GET ${check.path}, or set publicEndpoint.healthCheck.path to a path that needs no other service.`,
  },
  {
    is: () => true,
    nextStep: ({ check }, status) => `Set publicEndpoint.healthCheck.path to a path that returns ${isSuccessCode(status, check.successCodes) ? '200' : check.successCodes}, `
      + `or add a handler for ${check.path}.`,
  },
];

/** The container answers the health check, but not with success. */
export function failingAnswers({ containerName, container, endpoint, probes, lines, tail, mask }: ContainerFindings): Diagnosis | undefined {
  const answers = probes.map(({ status }) => status).filter((status) => status !== undefined).slice(-LAST_PROBES);
  if (!endpoint) return undefined;

  const { check, port } = endpoint;
  const refused = answers.filter((status) => !isSuccessCode(status, check.successCodes));
  // The deployment failed, so a status of 400 or more is a hint even if it is a success code.
  const failing = refused.length > 0 ? refused : answers.filter((status) => status >= 400);
  // In a shared log, successful answers may come from the older version, which is still serving.
  const isFailing = failing.length > 0 && (tail.shared || failing.includes(answers.at(-1)!) || failing.length >= answers.length / 2);
  if (!isFailing) return undefined;

  const status = mostFrequent(failing);
  const sign = status >= 500 ? findSign(lines, { containerName, container }, mask) : undefined;
  return {
    containerName,
    certainty: 'certain',
    cause: `answers the health check GET ${check.path} with ${status} (port ${port})${sign ? `; its log shows that it ${sign.cause}` : ''}`,
    nextStep: sign?.nextStep ?? ANSWERS.find(({ is }) => is(status))!.nextStep(endpoint, status),
  };
}

/** The process logs that it listens, but not on the address that the health check uses. */
export function listensElsewhere({ containerName, endpoint, probes, listening }: ContainerFindings): Diagnosis | undefined {
  if (!endpoint || probes.length > 0) return undefined;

  const { port } = endpoint;
  const onPort = listening.filter((each) => each.port === port);
  const elsewhere = listening[listening.length - 1];
  if (onPort.length === 0 && elsewhere) {
    return {
      containerName,
      certainty: 'likely',
      cause: `listens on ${elsewhere.address} according to its log, but the health check uses port ${port}`,
      nextStep: `Set publicEndpoint.containerPort to ${elsewhere.shownPort} and open it in containers.${containerName}.ports, or make it listen on port ${port}.`,
    };
  }
  const [loopback] = onPort;
  if (!loopback || onPort.some((each) => !each.loopback)) return undefined;
  return {
    containerName,
    certainty: 'likely',
    cause: `listens only on ${loopback.address} according to its log, which the health check cannot reach (port ${port})`,
    nextStep: `Make it listen on 0.0.0.0:${port}, often through an option or a variable such as HOST in containers.${containerName}.environment.`,
  };
}

/** The process takes longer to start than the health check waits. */
export function startsTooSlowly(findings: ContainerFindings, { end }: FailedDeployment): Diagnosis | undefined {
  const { containerName, endpoint, listening, starts, tail } = findings;
  if (!endpoint || tail.shared || end !== 'FAILED') return undefined;

  const { check, port } = endpoint;
  const ready = listening.find((each) => each.port === port && !each.loopback)?.at ?? -Infinity;
  const started = starts.map(({ at = Infinity }) => at).filter((at) => at <= ready).pop();
  if (started === undefined) return undefined;

  const seconds = Math.round((ready - started) / 1000);
  if (seconds <= check.unhealthyThreshold * check.intervalSeconds + check.timeoutSeconds) return undefined;
  return {
    containerName,
    certainty: 'likely',
    cause: `takes ${seconds} s to start, but the health check gives up after ${check.unhealthyThreshold} checks, one every ${check.intervalSeconds} s`,
    nextStep: `Increase publicEndpoint.healthCheck.unhealthyThreshold (${check.unhealthyThreshold}) or interval (${check.intervalSeconds} s) to give it time to start.`,
  };
}

/** The container did not pass the health check, and its log does not show why. */
export function notPassed(findings: ContainerFindings, { end, stateDetail }: FailedDeployment): Diagnosis | undefined {
  const { containerName, container, endpoint, probes, lines, tail, mask } = findings;
  if (!endpoint || (end !== 'FAILED' && stateDetail !== 'EVALUATING_HEALTH_CHECK')) return undefined;

  const { check, port } = endpoint;
  const probe = `the health check GET ${check.path}`;
  if (!tail.shared && probes.length === 0 && lines.length > 0) {
    return {
      containerName,
      certainty: 'possible',
      cause: `shows no health check GET ${check.path} in its log: probably nothing listens on port ${port}, or only on 127.0.0.1`,
      nextStep: `Make it listen on 0.0.0.0:${port}, or set publicEndpoint.containerPort to its port. `
        + `If it does not log requests, check that it answers GET ${check.path} with ${check.successCodes}.`,
    };
  }
  if (end !== 'FAILED') return undefined;
  if (!tail.shared && probes.length > 0) {
    return {
      containerName,
      certainty: 'possible',
      cause: `answers ${probe} (port ${port}), but not ${check.healthyThreshold} times in a row before the health check gives up`,
      nextStep: `Increase publicEndpoint.healthCheck.unhealthyThreshold (${check.unhealthyThreshold}), interval (${check.intervalSeconds} s) `
        + `or timeout (${check.timeoutSeconds} s): it may start or answer too slowly.`,
    };
  }
  if (stateDetail !== 'EVALUATING_HEALTH_CHECK') return undefined;
  const isSilent = lines.length === 0 && tail.readError === undefined;
  return {
    containerName,
    certainty: 'possible',
    cause: `${isSilent ? 'logged nothing and ' : ''}did not pass ${probe} (port ${port})`,
    nextStep: `Check ${isSilent ? `that its image "${shorten(mask(container.image ?? ''), MAX_IMAGE_LENGTH)}" can be pulled, and ` : ''}that it listens on 0.0.0.0:${port} and answers GET ${check.path} with ${check.successCodes} within ${check.timeoutSeconds} s.`,
  };
}

function mostFrequent(values: readonly number[]): number {
  const count = (value: number) => values.filter((each) => each === value).length;
  return values.reduce((best, value) => (count(value) >= count(best) ? value : best));
}
