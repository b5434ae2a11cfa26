import type { ContainerFindings } from './container-findings';
import type { LogLine } from './container-log/log-line';
import type { Diagnosis, FailedDeployment } from './failed-deployment';
import { PROCESS_SIGNS, type ProcessSign, type SignContext } from './process-signs';
import { regionOfEcrImage } from '../../clients/ecr';
import { shorten } from '../../shared/reasons/reason-limits';
import type { Mask } from '../masking/secret-mask';

const MAX_QUOTE_LENGTH = 160;

const EXIT_STATUS = /\bexit(?:ed)?(?: with)?(?: exit)? (?:status|code)[ :=]*(\d{1,3})\b/i;

/** Lines that name an error come before lines that only mention a failure. */
const ERROR_LINES = [/(?:Error|Exception)\b|\b(?:panic|fatal|critical)\b/i, /\b(?:failed|failure|cannot|could not|unable|invalid|denied)\b/i];

/** Frames of a stack trace, and messages of a process that is shutting down. */
const NO_ERROR = /^\s+(?:at |File ")|^Traceback|\bSIGTERM\b|shutting down/i;

type SignFound = Pick<Diagnosis, 'cause' | 'nextStep'> & Pick<ProcessSign, 'fatal'>;

/** The first known sign in the lines. What it quotes of a line is masked. */
export function findSign(lines: readonly LogLine[], context: Pick<SignContext, 'containerName' | 'container'>, mask: Mask): SignFound | undefined {
  for (const { patterns, fatal, cause, nextStep } of PROCESS_SIGNS) {
    for (const pattern of patterns) {
      const line = lines.filter(({ unmasked }) => pattern.test(unmasked)).at(-1)?.unmasked;
      if (line === undefined) continue;

      const [group, place] = detailOf(pattern, line);
      const detail = place && mask.part(line, ...place);
      const inContext = { ...context, isSet: group !== undefined && context.container.environment?.[group] !== undefined };
      return { fatal, cause: cause(detail, inContext), nextStep: nextStep(detail, inContext) };
    }
  }
  return undefined;
}

/** The first group of a pattern that matches, and where it is in the line. */
function detailOf(pattern: RegExp, line: string): [group?: string, place?: [number, number]] {
  const match = new RegExp(pattern.source, `${pattern.flags}d`).exec(line);
  const index = match?.slice(1).findIndex((group) => group !== undefined) ?? -1;
  return index < 0 ? [] : [match![index + 1], match!.indices![index + 1]];
}

/** A known sign in the lines since the process was last up. */
export function knownSign(findings: ContainerFindings, deployment: FailedDeployment): Diagnosis | undefined {
  const { containerName, container, linesSinceUp, mask } = findings;
  const sign = findSign(linesSinceUp, { containerName, container }, mask);
  if (!sign) return undefined;

  const { fatal = false, cause, nextStep } = sign;
  const ends = fatal || exitStatusOf(findings) !== undefined || wasRestarted(findings, deployment);
  return { containerName, certainty: ends ? 'certain' : 'likely', cause, nextStep };
}

/** The process exits, or reports an error that is no known sign. */
export function processExits(findings: ContainerFindings, deployment: FailedDeployment): Diagnosis | undefined {
  const { containerName, linesSinceUp, listening, tail, mask } = findings;
  const last = linesSinceUp.filter(({ isUnclear }) => !isUnclear).at(-1);
  if (!last) return undefined;

  const status = exitStatusOf(findings);
  const candidates = linesSinceUp.filter(({ unmasked }) => !NO_ERROR.test(unmasked));
  const [named, mentioned] = ERROR_LINES.map((pattern) => candidates.filter(({ unmasked }) => pattern.test(unmasked)).at(-1));
  const errorLine = named ?? mentioned;
  const repeated = linesOncePerStart(findings).pop();
  // A process that listens and is restarted failed its health check: it may not have exited by itself.
  const mayRepeat = listening.length === 0 && (repeated !== undefined || !tail.shared);
  const restarted = wasRestarted(findings, deployment) && (errorLine !== undefined || mayRepeat);
  if (status === undefined && !restarted && !named) return undefined;

  const quote = `"${shorten(mask((errorLine ?? repeated ?? last).unmasked).trim(), MAX_QUOTE_LENGTH)}"`;
  const exits = `exits${status === undefined ? '' : ` with status ${status}`}`;
  const hasOtherText = errorLine !== undefined || !EXIT_STATUS.test(last.unmasked);
  return {
    containerName,
    certainty: certaintyOfExit(findings, deployment, { status, restarted, isNamed: named !== undefined }),
    cause: status === undefined && !restarted ? `reports ${quote}` : `${exits}${hasOtherText ? `; its log says ${quote}` : ''}`,
    nextStep: errorLine === undefined
      ? `Find out why it exits, or set containers.${containerName}.command to a command that keeps running: Lightsail restarts a process that exits.`
      : `Fix the error in its log, or correct containers.${containerName}.command or environment.`,
  };
}

/** Lightsail restarts a node with all its containers. Only the log of each container shows whether it caused the restart. */
function certaintyOfExit({ containerName }: ContainerFindings, { publicEndpoint }: FailedDeployment,
  { status, restarted, isNamed }: { status?: string; restarted: boolean; isNamed: boolean }): Diagnosis['certainty'] {
  if (status !== undefined || (restarted && isNamed)) return 'certain';
  return restarted && (publicEndpoint === undefined || publicEndpoint.containerName === containerName) ? 'likely' : 'possible';
}

function exitStatusOf({ linesSinceUp }: ContainerFindings): string | undefined {
  return linesSinceUp.map(({ unmasked }) => EXIT_STATUS.exec(unmasked)?.[1]).filter((status) => status !== undefined).pop();
}

function wasRestarted({ starts }: ContainerFindings, { scale = 1 }: FailedDeployment): boolean {
  return starts.length > scale;
}

/** Lines that appear once for each start of a node. Lines of an older version in the same log rarely do. */
function linesOncePerStart({ linesSinceUp, starts }: ContainerFindings): LogLine[] {
  const counts = new Map<string, number>();
  for (const { unmasked } of linesSinceUp) counts.set(unmasked, (counts.get(unmasked) ?? 0) + 1);
  return linesSinceUp.filter(({ unmasked, isUnclear }) => !isUnclear && counts.get(unmasked) === starts.length);
}

/** Nodes were started, but the container logged nothing. */
export function neverCameUp(findings: ContainerFindings, deployment: FailedDeployment): Diagnosis | undefined {
  const { containerName, container, endpoint, lines, tail, probes, mask } = findings;
  const evaluated = endpoint !== undefined && deployment.stateDetail === 'EVALUATING_HEALTH_CHECK';
  // In a shared log, lines of the older version do not prove that this version started.
  const isSilent = lines.every(({ isUnclear }) => isUnclear) && (probes.length === 0 || tail.shared);
  const mayBeSilent = isSilent || (tail.shared && deployment.stateDetail === 'CREATING_DEPLOYMENT');
  const wasTried = tail.lines.some(({ lightsail }) => lightsail === 'started' || lightsail === 'ended');
  if (!mayBeSilent || evaluated || !wasTried || tail.readError !== undefined) return undefined;

  const image = container.image ?? '';
  const observed = isSilent ? 'logged nothing' : 'shows no error in its log, which it shares with an older version';
  return {
    containerName,
    certainty: 'possible',
    cause: `${observed}: its image "${shorten(mask(image), MAX_QUOTE_LENGTH)}" could not be pulled, or its process did not start`,
    nextStep: imageAdvice(image, deployment),
  };
}

function imageAdvice(image: string, { serviceName, regionName }: FailedDeployment): string {
  const ecrRegion = regionOfEcrImage(image);
  if (ecrRegion !== undefined) {
    return ecrRegion !== regionName && regionName !== undefined
      ? `Push the image to a repository in ${regionName}: Lightsail pulls private images only from its own Region, and this one is in ${ecrRegion}.`
      : 'Check that the tag exists, that the image is built for linux/amd64 and that its command starts. '
        + "The repository policy must allow ecr:BatchGetImage and ecr:GetDownloadUrlForLayer for the service's ECR image puller role.";
  }
  if (image.startsWith(':')) {
    return `Check that the image is stored on the service (aws lightsail get-container-images --service-name ${serviceName}). `
      + 'Also check that it is built for linux/amd64 and that its command starts. A stack that creates the service cannot deploy a stored image: '
      + 'let it build the image with ContainerImage.fromAsset().';
  }
  return 'Check that the image exists under this name and tag, is public and is built for linux/amd64, and that its command starts.';
}
