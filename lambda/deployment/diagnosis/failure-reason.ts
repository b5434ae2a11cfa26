import type { ContainerLogTail } from './container-log/container-log-tail';
import type { Diagnosis, FailedDeployment } from './failed-deployment';
import { logExcerpts } from './log-excerpt';
import { ReasonRoom, shorten } from '../../shared/reasons/reason-limits';
import type { Mask } from '../masking/secret-mask';

/** The facts that a reason is written from. All texts can be shown, except for the log lines: they go through the mask. */
export interface FailureFacts {
  readonly deployment: FailedDeployment;
  /** Absent if no version was created. */
  readonly version?: number;
  readonly timeoutSeconds: number;
  readonly serviceState?: string;
  /** The version that is serving; `none` if there is none, absent if it is not known. */
  readonly activeVersion?: number | 'none';
  readonly diagnoses: readonly Diagnosis[];
  readonly tails: readonly ContainerLogTail[];
  readonly mask: Mask;
  /** The last API call that failed. */
  readonly lastError?: string;
  /** What to do, if that is known without a log. */
  readonly nextStep?: string;
}

const MAX_HEADLINE_LENGTH = 900;
const MAX_CAUSE_LENGTH = 400;
const MAX_SENTENCES_LENGTH = 400;
const MAX_ERROR_LENGTH = 250;

/** Maximum number of further causes. If there are more, only one is shown, to leave room for the logs. */
const MAX_FURTHER_CAUSES = 2;
const MAX_NAMES = 4;

/**
 * Writes the reason. Its first line can be read alone. The most important parts get their room first, and the logs get the rest.
 * The logs come last: if something shortens the reason on its way, it cuts the logs.
 */
export function failureReason(facts: FailureFacts): string {
  const room = new ReasonRoom();
  const part = (text: string | undefined, maxLength: number) => (text === undefined || text === '' ? undefined : room.takePart(text, maxLength));

  const headline = part(headlineOf(facts), MAX_HEADLINE_LENGTH);
  const next = part(nextStepOf(facts), MAX_SENTENCES_LENGTH);
  const situation = part(ended(situationOf(facts)), MAX_SENTENCES_LENGTH);
  const command = part(logCommandOf(facts), MAX_SENTENCES_LENGTH);
  const lastError = facts.version === undefined ? undefined : part(facts.lastError && `Last error: ${facts.lastError}`, MAX_ERROR_LENGTH);
  const remarks = remarksOf(facts).map((remark) => part(remark, MAX_ERROR_LENGTH));
  const further = furtherCausesOf(facts).map((cause) => part(cause, MAX_SENTENCES_LENGTH));

  return [headline, next, ...further, situation, lastError, ...remarks, command, ...logExcerpts(tailsToShow(facts), room, facts.mask)]
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
    const why = lastError ? `no deployment could be created within ${timeoutSeconds} seconds: ${ended(lastError)}`
      : `it was not ready for a deployment within ${timeoutSeconds} seconds${bracketed(situation)}.`;
    return `Nothing was deployed to ${service}: ${why}${serving}`;
  }
  const what = `Deployment version ${version} of ${service} ${end === 'FAILED' ? 'FAILED' : `did not become ACTIVE within ${timeoutSeconds} seconds`}`;
  if (!first) return `${what}${bracketed(situation)}${logsShowNothing(facts) ? '' : ', and the container logs show no known cause'}.${serving}`;

  const same = others.filter(({ cause }) => cause === first.cause).map(({ containerName }) => `"${containerName}"`);
  const also = same.length === 0 ? '' : ` (also ${same.length > MAX_NAMES ? `${same.length} others` : same.join(', ')})`;
  return `${what}: container "${first.containerName}" ${shorten(first.cause, MAX_CAUSE_LENGTH)}${also}.${serving}`;
}

function nextStepOf({ deployment: { end }, version, timeoutSeconds, diagnoses: [first], lastError, nextStep }: FailureFacts): string {
  const increase = `increase \`timeout\` (${timeoutSeconds} s)`;
  const ifSlow = end === 'timed out' ? ` If startup is just slow, ${increase}.` : '';
  if (first) return `Next step: ${startingLower(first.nextStep)}${ifSlow}`;
  if (end === 'not created') return nextStep === undefined ? '' : `Next step: ${nextStep}`;
  if (version === undefined) return `Next step: find out ${lastError ? 'why the call fails' : 'what keeps the service busy'}, or ${increase}.`;
  return `Next step: check the container logs.${ifSlow}`;
}

function furtherCausesOf({ diagnoses: [first, ...others] }: FailureFacts): string[] {
  const different = others.filter(({ cause }) => cause !== first?.cause);
  const shown = different.length > MAX_FURTHER_CAUSES ? 1 : MAX_FURTHER_CAUSES;
  const rest = different.slice(shown).map(({ containerName }) => `"${containerName}"`);
  return [
    ...different.slice(0, shown).map(({ containerName, cause, nextStep }) => `Container "${containerName}" ${cause}. ${nextStep}`),
    ...(rest.length > 0 ? [`The logs of ${rest.join(', ')} also show an error.`] : []),
  ];
}

function situationOf({ deployment: { stateDetail }, serviceState }: FailureFacts): string {
  const known = [serviceState && `service state ${serviceState}`, stateDetail && `last state detail ${stateDetail}`].filter((each) => each);
  const text = known.join(', ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function bracketed(situation: string): string {
  return situation === '' ? '' : ` (${startingLower(situation)})`;
}

/** Why the log lines shown are not all lines of this version, or not only its lines. */
function remarksOf(facts: FailureFacts): string[] {
  const unread = new Map<string, string[]>();
  for (const { containerName, readError, lines } of facts.tails) {
    if (readError === undefined) continue;
    const what = `${lines.length > 0 ? 'is incomplete' : 'could not be read'}: ${readError}`;
    unread.set(what, [...unread.get(what) ?? [], `"${containerName}"`]);
  }
  const shared = tailsToShow(facts).some((tail) => tail.shared && tail.lines.some(({ lightsail }) => lightsail === undefined));
  return [
    ...[...unread].map(([what, names]) => `Log of container${names.length > 1 ? 's' : ''} ${names.join(', ')} ${ended(what)}`),
    ...(shared ? [`Version ${facts.activeVersion} writes to the same log: the lines below may be from either version.`] : []),
  ];
}

function logCommandOf({ deployment: { serviceName, containers }, version }: FailureFacts): string | undefined {
  if (version === undefined) return undefined;
  const [name, ...others] = Object.keys(containers);
  return `Full log: aws lightsail get-container-log --service-name ${serviceName} --container-name ${others.length > 0 ? '<container>' : name}`;
}

/** The logs of the containers with a diagnosis, or all logs if there is none. */
function tailsToShow({ diagnoses, tails }: FailureFacts): ContainerLogTail[] {
  const diagnosed = diagnoses.flatMap(({ containerName }) => tails.filter((tail) => tail.containerName === containerName));
  return diagnosed.length > 0 ? diagnosed : [...tails];
}

function logsShowNothing({ tails }: FailureFacts): boolean {
  return tails.every(({ lines, readError }) => lines.length === 0 || readError !== undefined);
}

function startingLower(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}

function ended(sentence: string): string {
  return sentence === '' || /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
}
