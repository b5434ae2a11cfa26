import type { ContainerLogTail } from './container-log/container-log-tail';
import type { Diagnosis, FailedDeployment } from './failed-deployment';
import { logExcerpts } from './log-excerpt';
import { ReasonRoom, shorten } from '../../shared/reason-limits';

/** What a reason is written from. All of it is masked. */
export interface FailureFacts {
  readonly deployment: FailedDeployment;
  /** Absent where no version was made. */
  readonly version?: number;
  readonly timeoutSeconds: number;
  readonly serviceState?: string;
  /** The version that serves; `none` if there is none, absent if that is not known. */
  readonly activeVersion?: number | 'none';
  readonly diagnoses: readonly Diagnosis[];
  readonly tails: readonly ContainerLogTail[];
  /** The last call of the API that failed. */
  readonly lastError?: string;
}

const MAX_HEADLINE_LENGTH = 900;
const MAX_CAUSE_LENGTH = 400;
const MAX_SENTENCES_LENGTH = 400;
const MAX_ERROR_LENGTH = 250;

/** So many causes beyond the first are told with their next step; where there are more, one of them, to leave room for the logs. */
const MAX_FURTHER_CAUSES = 2;
const MAX_NAMES = 4;

/**
 * Writes the reason. Its first line can be read alone. What is most important gets its room first; the logs get what is left,
 * and stand last, so that whatever cuts the reason on its way cuts them.
 */
export function failureReason(facts: FailureFacts): string {
  const room = new ReasonRoom();
  const part = (text: string | undefined, maxLength: number) => (text === undefined || text === '' ? undefined : room.takePart(text, maxLength));

  const headline = part(headlineOf(facts), MAX_HEADLINE_LENGTH);
  const next = part(nextStepOf(facts), MAX_SENTENCES_LENGTH);
  const situation = part(ended(situationOf(facts)), MAX_SENTENCES_LENGTH);
  const command = part(logCommandOf(facts), MAX_SENTENCES_LENGTH);
  const lastError = facts.version === undefined ? undefined : part(facts.lastError && `The last call: ${facts.lastError}`, MAX_ERROR_LENGTH);
  const remarks = remarksOf(facts).map((remark) => part(remark, MAX_ERROR_LENGTH));
  const further = furtherCausesOf(facts).map((cause) => part(cause, MAX_SENTENCES_LENGTH));

  return [headline, next, ...further, situation, lastError, ...remarks, command, ...logExcerpts(tailsToShow(facts), room)]
    .filter((text) => text !== undefined)
    .join('\n');
}

function headlineOf(facts: FailureFacts): string {
  const { deployment: { serviceName, end }, version, timeoutSeconds, diagnoses: [first, ...others], lastError } = facts;
  const service = `container service "${serviceName}"`;
  const situation = situationOf(facts);
  const serving = facts.activeVersion === undefined ? ''
    : facts.activeVersion === 'none' ? ' No deployment is active.' : ` Version ${facts.activeVersion} is still serving.`;

  if (end === 'not created') return `Nothing was deployed to ${service}${lastError ? `: ${ended(lastError)}` : '.'}${serving}`;
  if (version === undefined) {
    const why = lastError ? `a deployment could not be made within ${timeoutSeconds} seconds: ${ended(lastError)}`
      : `it was not ready for a deployment within ${timeoutSeconds} seconds${bracketed(situation)}.`;
    return `Nothing was deployed to ${service}: ${why}${serving}`;
  }
  const what = `Deployment version ${version} of ${service} ${end === 'FAILED' ? 'FAILED' : `is not ACTIVE within ${timeoutSeconds} seconds`}`;
  if (!first) return `${what}${bracketed(situation)}${logsTellNothing(facts) ? '' : ', and the container logs show no known cause'}.${serving}`;

  const same = others.filter(({ cause }) => cause === first.cause).map(({ containerName }) => `"${containerName}"`);
  const also = same.length === 0 ? '' : ` (also ${same.length > MAX_NAMES ? `${same.length} others` : same.join(', ')})`;
  return `${what}: container "${first.containerName}" ${shorten(first.cause, MAX_CAUSE_LENGTH)}${also}.${serving}`;
}

function nextStepOf({ deployment: { end }, version, timeoutSeconds, diagnoses: [first], lastError }: FailureFacts): string {
  const longer = `raise the timeout of the ContainerServiceDeployment (${timeoutSeconds} seconds)`;
  if (first) return `Next step: ${first.nextStep}${end === 'timed out' ? ` If it only needs longer, ${longer}.` : ''}`;
  if (end === 'not created') return '';
  if (version === undefined) return `Next step: Find out ${lastError ? 'why the call fails' : 'what keeps the service busy'}, or ${longer}.`;
  return end === 'timed out' ? `Next step: Look at what the containers wrote; if they only need longer, ${longer}.` : 'Next step: Look for the cause in what the containers wrote.';
}

function furtherCausesOf({ diagnoses: [first, ...others] }: FailureFacts): string[] {
  const different = others.filter(({ cause }) => cause !== first?.cause);
  const told = different.length > MAX_FURTHER_CAUSES ? 1 : MAX_FURTHER_CAUSES;
  const rest = different.slice(told).map(({ containerName }) => `"${containerName}"`);
  return [
    ...different.slice(0, told).map(({ containerName, cause, nextStep }) => `Container "${containerName}" ${cause}. ${nextStep}`),
    ...(rest.length > 0 ? [`The logs of ${rest.join(', ')} show a fault as well.`] : []),
  ];
}

function situationOf({ deployment: { stateDetail }, serviceState }: FailureFacts): string {
  const known = [serviceState && `service state ${serviceState}`, stateDetail && `last state detail ${stateDetail}`].filter((each) => each);
  const text = known.join(', ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function bracketed(situation: string): string {
  return situation === '' ? '' : ` (${situation.charAt(0).toLowerCase()}${situation.slice(1)})`;
}

/** Why what is shown of the logs is not all, or not only, what this version wrote. */
function remarksOf(facts: FailureFacts): string[] {
  const unread = new Map<string, string[]>();
  for (const { containerName, readError, lines } of facts.tails) {
    if (readError === undefined) continue;
    const what = `could not be read${lines.length > 0 ? ' whole' : ''}: ${readError}`;
    unread.set(what, [...unread.get(what) ?? [], `"${containerName}"`]);
  }
  const shared = tailsToShow(facts).some((tail) => tail.shared && tail.lines.some(({ lightsail }) => lightsail === undefined));
  return [
    ...[...unread].map(([what, names]) => `The log of container${names.length > 1 ? 's' : ''} ${names.join(', ')} ${ended(what)}`),
    ...(shared ? [`Version ${facts.activeVersion} writes to the same log: lines of both may stand below.`] : []),
  ];
}

function logCommandOf({ deployment: { serviceName, containers }, version }: FailureFacts): string | undefined {
  if (version === undefined) return undefined;
  const [name, ...others] = Object.keys(containers);
  return `The whole log: aws lightsail get-container-log --service-name ${serviceName} --container-name ${others.length > 0 ? '<container>' : name}`;
}

/** The logs of the containers that show a fault, or all where none does. */
function tailsToShow({ diagnoses, tails }: FailureFacts): ContainerLogTail[] {
  const faulty = diagnoses.flatMap(({ containerName }) => tails.filter((tail) => tail.containerName === containerName));
  return faulty.length > 0 ? faulty : [...tails];
}

function logsTellNothing({ tails }: FailureFacts): boolean {
  return tails.every(({ lines, readError }) => lines.length === 0 || readError !== undefined);
}

function ended(sentence: string): string {
  return sentence === '' || /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
}
