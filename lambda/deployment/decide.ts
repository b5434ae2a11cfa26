import { claimOn } from './ownership';
import type { Waiting } from './progress';
import { matches, matchesAsRewritten } from './request/desired-deployment';
import type { DeployRequest } from './request/request';
import { matchesIgnoringSecrets } from './secrets/secret-values';
import type { DescribedDeployment, DescribedService } from '../clients/lightsail';
import { CLOCK_TOLERANCE_MS } from '../shared/clock';
import { ResourceFailure } from '../shared/reasons/resource-failure';
import { activating, isBusy, pullerRoleArn } from '../shared/service-state';

/** What the decision rests on. The optional members are read only if the decision needs them. */
export interface Facts {
  readonly request: DeployRequest;
  readonly service: DescribedService;
  readonly progress: Waiting;
  /** In milliseconds since the epoch. */
  readonly now: number;
  /** The request with the values of its secrets. */
  readonly resolved?: DeployRequest;
  /** Why the secrets cannot be read, and will not be readable in time. */
  readonly unreadable?: Error;
  /** The versions that Lightsail keeps, with the current and the next one. */
  readonly versions?: readonly DescribedDeployment[];
  readonly isRollingBack?: boolean | 'unknown';
  /** When CloudFormation began what it does to the resource. */
  readonly operationBeganAt?: number | 'ended' | 'unknown';
}

/** A fact that the decision needs and lacks. */
export type MissingFact = 'secrets' | 'versions' | 'isRollingBack' | 'operationBeganAt';

/** Which version answers a request, or what to do to get it. */
export type Decision =
  | { readonly do: 'read'; readonly what: MissingFact }
  /** The version answers the request. */
  | { readonly do: 'use'; readonly version: number; readonly progress: Waiting }
  /** The serving version is taken without a comparison of secrets. */
  | { readonly do: 'settle'; readonly version: number; readonly progress: Waiting; readonly unreadable: Error }
  | { readonly do: 'wait'; readonly progress: Waiting; readonly recordsStart: boolean }
  | { readonly do: 'enable' | 'create'; readonly expected: number; readonly progress: Waiting }
  | { readonly do: 'fail'; readonly error: Error };

/**
 * Decides which version answers a request: exactly one, however often the request arrives. Lightsail takes no client token. So the
 * decision goes by what the versions hold and when they were created.
 */
export function decide(facts: Facts): Decision {
  const { request, service, progress, versions, now } = facts;
  const isFirstLook = progress.baselineVersion === undefined;
  // Secrets that cannot be read are reported before anything is waited for.
  if (isFirstLook && !areSecretsKnown(facts)) return { do: 'read', what: 'secrets' };
  if (facts.unreadable) return decideWithoutSecrets(facts, facts.unreadable);

  const next = activating(service);
  const mayAnswer = next !== undefined && matchesIgnoringSecrets(next, request);
  if (!isFirstLook && isBusy(service) && !mayAnswer) return { do: 'wait', progress, recordsStart: false };
  if (!versions) return { do: 'read', what: 'versions' };

  const forced = progress.forced ?? needsNewVersion(facts);
  if (forced === 'unknown') return { do: 'read', what: 'isRollingBack' };

  const newest = Math.max(0, ...versions.map(({ version }) => version));
  const known: Waiting = {
    ...progress,
    baselineVersion: progress.baselineVersion ?? newest,
    forced,
    roleSeenAt: progress.roleSeenAt ?? (request.pullAccess && pullerRoleArn(service) ? now : undefined),
  };

  // The secrets may have other values since a version was made for this request.
  const equal = versions.filter((version) => matchesIgnoringSecrets(version, request));
  // A version newer than the first look was made for this request.
  const newer = newestOf(equal.filter(({ version }) => version > (known.baselineVersion ?? 0)));
  if (newer !== undefined) return { do: 'use', version: newer, progress: known };

  // A later look reads them only now, when a version is compared or created.
  if (!areSecretsKnown(facts) && !isBusy(service)) return { do: 'read', what: 'secrets' };
  const running = forced ? 'none' : runningAnswer(facts);
  if (running === 'unknown') return { do: 'read', what: 'isRollingBack' };
  if (running !== 'none') return { do: 'use', version: running, progress: known };

  if (isFirstLook && equal.length > 0) {
    if (facts.operationBeganAt === undefined) return { do: 'read', what: 'operationBeganAt' };
    if (facts.operationBeganAt === 'ended') return { do: 'fail', error: deliveredLate(request) };

    const earlier = versionOfEarlierAttempt(facts.operationBeganAt, progress, equal);
    if (earlier !== undefined) return { do: 'use', version: earlier, progress: known };
  }
  if (isBusy(service)) return { do: 'wait', progress: known, recordsStart: true };
  return { do: service.state === 'DISABLED' ? 'enable' : 'create', expected: newest + 1, progress: known };
}

/**
 * A rollback whose secrets cannot be read ends on the serving version, if that matches in all but the secrets. The update may have failed
 * because of these secrets, and a rollback that fails as well would leave the stack stuck.
 */
function decideWithoutSecrets({ request, service, progress, isRollingBack }: Facts, unreadable: Error): Decision {
  if (isRollingBack === undefined) return { do: 'read', what: 'isRollingBack' };
  if (isRollingBack !== true) return { do: 'fail', error: unreadable };
  // What the update began may still fail.
  if (isBusy(service)) return { do: 'wait', progress, recordsStart: false };

  const current = service.currentDeployment;
  return current?.state === 'ACTIVE' && matchesIgnoringSecrets(current, request)
    ? { do: 'settle', version: current.version, progress, unreadable } : { do: 'fail', error: unreadable };
}

function areSecretsKnown({ request, resolved, unreadable }: Facts): boolean {
  const hasNone = Object.values(request.secrets).every((references) => Object.keys(references).length === 0);
  return hasNone || resolved !== undefined || unreadable !== undefined;
}

/** Whether the request needs a version of its own although the running one matches. */
function needsNewVersion({ request, service, isRollingBack }: Facts): boolean | 'unknown' {
  if (request.triggersChanged) {
    // A rollback of the triggers wants what ran before, and that is still serving.
    return isRollingBack === undefined ? 'unknown' : isRollingBack !== true;
  }
  // The owner must see that the running version is no longer its own. No tag can say so: tags are written under DESTROY only.
  return request.isNewToService && !request.disablesOnDelete && claimOn(service) !== undefined;
}

/**
 * The version that runs, or is about to, if it matches. Where it differs only by what Lightsail may have rewritten, it answers a request that
 * changes nothing, and a rollback. Else the difference may be just what the user changed.
 */
function runningAnswer({ request, resolved = request, service, isRollingBack }: Facts): number | 'none' | 'unknown' {
  const next = activating(service);
  const candidate = next ?? (isBusy(service) ? undefined : service.currentDeployment);
  const isRunning = candidate !== undefined && (candidate === next || candidate.state === 'ACTIVE');
  if (!isRunning) return 'none';
  if (matches(candidate, resolved.desired)) return candidate.version;
  if (request.isNewToService || !matchesAsRewritten(candidate, resolved.desired)) return 'none';
  if (request.isUnchanged || isRollingBack === true) return candidate.version;
  return isRollingBack === undefined ? 'unknown' : 'none';
}

/**
 * The version of an earlier delivery of this event, or of an earlier call that could not report it, in whatever state. An equal version of
 * an earlier operation is not meant.
 */
function versionOfEarlierAttempt(
  operationBeganAt: number | 'unknown', { startedAt }: Waiting, equal: readonly DescribedDeployment[],
): number | undefined {
  const since = (operationBeganAt === 'unknown' ? startedAt : operationBeganAt) - CLOCK_TOLERANCE_MS;
  return newestOf(equal.filter(({ createdAt }) => createdAt !== undefined && createdAt.getTime() >= since));
}

function newestOf(versions: readonly DescribedDeployment[]): number | undefined {
  return versions.length === 0 ? undefined : Math.max(...versions.map(({ version }) => version));
}

function deliveredLate({ serviceName }: DeployRequest): ResourceFailure {
  return new ResourceFailure(`Nothing was deployed to container service "${serviceName}": CloudFormation no longer waits for this event, `
    + 'which was delivered late.');
}
