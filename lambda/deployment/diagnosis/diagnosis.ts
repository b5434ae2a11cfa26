import { findingsOf, type ContainerFindings } from './container-findings';
import type { ContainerLogTail } from './container-log/container-log-tail';
import type { Certainty, Diagnosis, FailedDeployment } from './failed-deployment';
import { failingAnswers, listensElsewhere, notPassed, startsTooSlowly } from './health-check-diagnosis';
import { knownSign, neverCameUp, processExits } from './process-diagnosis';
import type { Mask } from '../masking/secret-mask';

/** The first question with an answer decides the diagnosis of a container. */
const QUESTIONS: readonly ((findings: ContainerFindings, deployment: FailedDeployment) => Diagnosis | undefined)[] = [
  // Servers log an error for a missing path, so answers come before errors.
  failingAnswers,
  knownSign,
  listensElsewhere,
  startsTooSlowly,
  processExits,
  neverCameUp,
  notPassed,
];

const CERTAINTIES: readonly Certainty[] = ['certain', 'likely', 'possible'];

/**
 * Why a deployment did not become active, according to the logs: at most one cause for each container, and the container of the
 * public endpoint first. Only the causes of the highest certainty are returned: silence counts only if no log shows an error.
 */
export function diagnose(deployment: FailedDeployment, tails: readonly ContainerLogTail[], mask: Mask): Diagnosis[] {
  if (deployment.end === 'not created') return [];

  const found = tails
    .map((tail) => findingsOf(tail, deployment, mask))
    .map((findings) => firstAnswer(findings, deployment))
    .filter((diagnosis) => diagnosis !== undefined);
  const strongest = CERTAINTIES.find((certainty) => found.some((diagnosis) => diagnosis.certainty === certainty));
  const isEndpoint = ({ containerName }: Diagnosis) => Number(containerName === deployment.publicEndpoint?.containerName);
  return found.filter(({ certainty }) => certainty === strongest).sort((a, b) => isEndpoint(b) - isEndpoint(a));
}

function firstAnswer(findings: ContainerFindings, deployment: FailedDeployment): Diagnosis | undefined {
  for (const question of QUESTIONS) {
    const diagnosis = question(findings, deployment);
    if (diagnosis) return diagnosis;
  }
  return undefined;
}
