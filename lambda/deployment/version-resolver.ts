import { claimOn, claimText, newClaim, OWNER_TAG, ownerId } from './ownership';
import { PrivateImages } from './private-images';
import { StackOperation } from './stack-operation';
import { CallFailure } from '../clients/call-failure';
import type { DescribedDeployment, DescribedService } from '../clients/lightsail';
import type { Dependencies } from '../shared/dependencies';
import { matches } from './request/desired-deployment';
import type { Observation } from '../shared/poll-state';
import { ResourceFailure } from '../shared/resource-failure';
import { activating, isBusy, pullerRoleArn, requireDeployable } from '../shared/service-state';
import type { DeployRequest, Progress } from './request/request';
import { SecretCallFailure, SecretResolver } from './secrets/secret-resolver';
import { matchesIgnoringSecrets, redactSecrets } from './secrets/secret-values';

/** Lightsail may tell the time of a deployment in whole seconds, and its clock is not CloudFormation's. */
const CLOCK_TOLERANCE_MS = 5_000;

/** What a try to find or create the version goes by, beside the request. */
export interface Try {
  /** Whether it is not the first one, so that CloudFormation may wait for something else by now. */
  readonly isLate: boolean;
  /** From then on there is no time left for a deployment, in milliseconds since the epoch. */
  readonly createBefore: number;
}

/** What is known in the course of a try. */
interface Situation {
  readonly request: DeployRequest;
  readonly service: DescribedService;
  readonly progress: Progress;
  readonly operation: StackOperation;
  readonly seen: Observation;
}

/**
 * Finds the version that stands for a request, or creates it: exactly one, however often the request arrives.
 * Lightsail takes no client token, so it goes by what the versions hold and when they were made.
 */
export class VersionResolver {
  private readonly secrets: SecretResolver;
  private readonly privateImages: PrivateImages;

  constructor(private readonly dependencies: Dependencies) {
    this.secrets = new SecretResolver(dependencies);
    this.privateImages = new PrivateImages(dependencies);
  }

  /** @returns the progress, with a version unless the service is busy, the answer was lost or the time is too short */
  public async resolve(asked: DeployRequest, progress: Progress, seen: Observation, { isLate, createBefore }: Try): Promise<Progress> {
    const { lightsail, clock } = this.dependencies;
    const service = await lightsail.getService(asked.serviceName);
    const mayEnable = asked.disablesOnDelete && asked.isNewToService;
    if (!(service?.state === 'DISABLED' && mayEnable)) requireDeployable(asked.serviceName, service, 'Nothing was deployed');
    seen.saw(service);
    const operation = new StackOperation(this.dependencies, asked, seen, isLate ? undefined : progress.StartedAt);
    let request: DeployRequest;
    try {
      request = await this.secrets.resolve(asked, seen);
    } catch (error) {
      // What may pass has not passed by the end.
      const isOver = error instanceof SecretCallFailure && clock.now() >= createBefore;
      if (!isOver && !(error instanceof ResourceFailure)) throw error;
      return this.rolledBack({ request: asked, service, progress, operation, seen }, error);
    }

    const isFirstLook = progress.BaselineVersion === undefined;
    const next = activating(service);
    if (!isFirstLook && isBusy(service) && !(next && matchesIgnoringSecrets(next, request))) return progress;

    const deployments = await this.deployments(service);
    const newest = Math.max(0, ...deployments.map(({ version }) => version));
    const known: Progress = {
      ...progress,
      BaselineVersion: progress.BaselineVersion ?? newest,
      Forced: progress.Forced ?? await this.needsNewVersion(request, service, operation),
      RoleSeenAt: progress.RoleSeenAt ?? (request.pullAccess && pullerRoleArn(service) ? clock.now() : undefined),
    };

    const situation: Situation = { request, service, progress: known, operation, seen };

    const version = await this.existingVersion(situation, deployments, isFirstLook);
    if (version !== undefined) {
      if (lacksClaim(request, service, version)) await operation.assertStillCurrent(known);
      await this.claim(situation, version);
      return { ...known, Version: version };
    }
    if (isBusy(service)) return operation.recordStart(known);

    await operation.assertStillCurrent(known);
    if (clock.now() >= createBefore) return known;
    this.privateImages.requireOwnRegion(request, service);
    await this.privateImages.requirePresent(request, service);
    if (service.state === 'DISABLED') return this.enable(situation, newest + 1);
    if (!this.privateImages.arePullable(request, service, known, seen)) return operation.recordStart(known);
    return this.create(situation, newest + 1);
  }

  /** The current and the next one are always among them, even if the list of versions lags. */
  private async deployments(service: DescribedService): Promise<DescribedDeployment[]> {
    const listed = await this.dependencies.lightsail.getDeployments(service.containerServiceName);
    const others = [service.currentDeployment, service.nextDeployment]
      .filter((deployment) => deployment !== undefined)
      .filter(({ version }) => !listed.some((other) => other.version === version));
    return [...listed, ...others];
  }

  /** Whether what runs does not stand for the request although it holds what is asked. */
  private async needsNewVersion(request: DeployRequest, service: DescribedService, operation: StackOperation): Promise<boolean> {
    // A roll back of the triggers asks for what ran before, and that goes on serving.
    if (request.triggersChanged) return !await operation.isRollingBack();

    // The owner is to see that what runs is no longer its own, and no tag can say so: it is written under DESTROY only.
    const claim = claimOn(service);
    return request.isNewToService && !request.disablesOnDelete && claim !== undefined;
  }

  /**
   * A roll back whose secrets cannot be read ends on what serves, if that is what it asks for as far as can be told. The
   * update may have failed for just that, and a roll back that fails as well would leave the stack stuck.
   */
  private async rolledBack(situation: Situation, unreadable: Error): Promise<Progress> {
    const { request, service, progress, operation } = situation;
    if (!await operation.isRollingBack()) throw unreadable;
    // What the update began may still fail.
    if (isBusy(service)) return progress;

    const current = service.currentDeployment;
    if (current?.state !== 'ACTIVE' || !matchesIgnoringSecrets(current, request)) throw unreadable;
    const { requestId, serviceName } = request;
    this.dependencies.log('rolled back to what serves, without a comparison of secrets', {
      requestId, serviceName, version: current.version, error: unreadable.message,
    });
    await this.claim(situation, current.version);
    return { ...progress, Version: current.version };
  }

  private async existingVersion(
    situation: Situation, deployments: readonly DescribedDeployment[], isFirstLook: boolean,
  ): Promise<number | undefined> {
    const { request, service, progress: { BaselineVersion = 0, Forced } } = situation;
    // Secrets may have got other values since a version was made for this request.
    const equal = deployments.filter((deployment) => matchesIgnoringSecrets(deployment, request));
    // What is newer than the first look was made for this request.
    const newer = newestOf(equal.filter(({ version }) => version > BaselineVersion));
    if (newer !== undefined) return newer;

    const next = activating(service);
    if (!Forced) {
      const candidate = next ?? (isBusy(service) ? undefined : service.currentDeployment);
      if (candidate && (candidate.state === 'ACTIVE' || candidate === next) && matches(candidate, request.desired)) return candidate.version;
    }
    return isFirstLook && equal.length > 0 ? this.versionOfEarlierTry(situation, equal) : undefined;
  }

  /**
   * What an earlier delivery of this event created, or an earlier call of the same one that could not tell so, however it ended.
   * An equal version of an earlier operation is none.
   */
  private async versionOfEarlierTry({ request, progress, operation }: Situation, equal: readonly DescribedDeployment[]): Promise<number | undefined> {
    const beganAt = await operation.beganAt();
    if (beganAt === 'over') {
      throw new ResourceFailure(`Nothing was deployed to container service "${request.serviceName}": CloudFormation no longer waits for this event, `
        + 'which was delivered late.');
    }
    const since = (beganAt ?? progress.StartedAt) - CLOCK_TOLERANCE_MS;
    return newestOf(equal.filter(({ createdAt }) => createdAt !== undefined && createdAt.getTime() >= since));
  }

  /** The claim comes first, so that a create that is rolled back finds what it has to undo. */
  private async enable(situation: Situation, expected: number): Promise<Progress> {
    const { request: { requestId, serviceName }, progress, operation } = situation;
    const { lightsail, log } = this.dependencies;
    await this.claim(situation, expected);
    await operation.assertStillCurrent(progress);
    log('enabling the service', { requestId, serviceName });
    await lightsail.setDisabled(serviceName, false);
    return operation.recordStart(progress);
  }

  private async create(situation: Situation, expected: number): Promise<Progress> {
    const { request, progress, operation, seen } = situation;
    const { lightsail, clock, log } = this.dependencies;
    const { requestId, serviceName } = request;
    try {
      await this.claim(situation, expected);
      await operation.assertStillCurrent(progress);
      const answer = await lightsail.createDeployment(serviceName, request.desired);
      const version = answer?.nextDeployment?.version;
      log('created', { requestId, serviceName, version });
      // Without a version in the answer, the next look finds the deployment by what it holds.
      if (version === undefined) return progress;

      if (version !== expected) await this.claim(situation, version);
      return { ...progress, Version: version, CreatedAt: clock.now() };
    } catch (thrown) {
      const error = redactSecrets(thrown, request);
      if (!(error instanceof CallFailure) || !seen.bears(error, clock.now())) throw error;
      log('not created yet', { requestId, serviceName, operation: error.operation, error: error.message });
      return operation.recordStart(progress);
    }
  }

  /** Under DESTROY, notes on the service whose deployment runs. */
  private async claim({ request, service, progress: { BaselineVersion = 0 } }: Situation, version: number): Promise<void> {
    if (!lacksClaim(request, service, version)) return;

    const claim = newClaim(service, ownerId(request), version, { baselineVersion: BaselineVersion, isNewToService: request.isNewToService });
    await this.dependencies.lightsail.tagService(request.serviceName, { [OWNER_TAG]: claimText(claim) });
  }
}

/** Under DESTROY, whether the service does not say yet that the resource's deployment runs on it. */
function lacksClaim(request: DeployRequest, service: DescribedService, version: number): boolean {
  const present = claimOn(service);
  return request.disablesOnDelete && !(present?.owner === ownerId(request) && present.version === version);
}

function newestOf(deployments: readonly DescribedDeployment[]): number | undefined {
  return deployments.length === 0 ? undefined : Math.max(...deployments.map(({ version }) => version));
}
