import { attributesOf } from './attributes';
import { CallFailure } from '../clients/call-failure';
import type { Dependencies } from '../shared/dependencies';
import { explainFailure } from './diagnosis/explain-failure';
import type { DeploymentEnd } from './diagnosis/failed-deployment';
import { msUntilFirstLook, msUntilNextLook } from './poll-interval';
import { ResourceFailure } from '../shared/resource-failure';
import { healthCheckOf, isSuccessCode } from './request/health-check';
import type { DescribedDeployment, DescribedService } from '../clients/lightsail';
import { Observation } from '../shared/poll-state';
import { activating, requireDeployable, serving } from '../shared/service-state';
import { createMask } from './masking/secret-detection';
import type { DeployRequest, Progress } from './request/request';
import { secretValues } from './secrets/secret-values';
import { VersionResolver } from './version-resolver';
import type { DeploymentResourceAttributes } from '../../lib/private/resource-properties';

/**
 * The answer must be there before the timeout. The last look may take a while: calls that nobody answers, and what
 * there is to find out about a failure. What is left a while before that is too short for a deployment to begin with.
 */
const ANSWER_RESERVE_MS = 60_000;

/** What is left of that when no further log is asked for. */
const EXPLANATION_RESERVE_MS = 15_000;

/** How long onEvent itself tries again before it leaves that to isComplete. */
const BEGIN_PATIENCE_MS = 60_000;

/**
 * Carries a Create or an Update to its end. It has no store: what a call needs to know of the calls before stands in
 * the event, or is read from the service again.
 */
export class DeploymentLifecycle {
  private readonly versions: VersionResolver;

  constructor(private readonly dependencies: Dependencies) {
    this.versions = new VersionResolver(dependencies);
  }

  /** Deploys, if the service is ready for it; else notes where to go on from. */
  public async begin(request: DeployRequest): Promise<Progress> {
    const { clock, log } = this.dependencies;
    const started: Progress = { StartedAt: clock.now() };
    const patienceEndsAt = started.StartedAt + Math.min(BEGIN_PATIENCE_MS, request.timeoutSeconds * 250);
    const seen = new Observation(started.StartedAt);

    for (;;) {
      try {
        const progress = await this.versions.resolve(request, started, seen, { isLate: seen.troubles > 0, createBefore: Infinity });
        log('begun', { requestId: request.requestId, serviceName: request.serviceName, baselineVersion: progress.BaselineVersion, version: progress.Version });
        return progress;
      } catch (error) {
        await this.bear(request, started, seen, error);
        if (clock.now() >= patienceEndsAt) return started;
        await clock.sleep(Math.min(msUntilNextLook(seen, request.requestId), patienceEndsAt - clock.now()));
      }
    }
  }

  /**
   * Waits for the end of the deployment, but no longer than until `waitUntil`.
   *
   * @returns the attributes if the deployment is active, or undefined if it is neither active nor failed yet
   */
  public async follow(request: DeployRequest, begun: Progress, waitUntil: number): Promise<DeploymentResourceAttributes | undefined> {
    const { clock } = this.dependencies;
    const timeoutMs = request.timeoutSeconds * 1000;
    const reserveMs = Math.min(ANSWER_RESERVE_MS, timeoutMs / 4);
    const deadline = begun.StartedAt + timeoutMs - reserveMs;
    const createBefore = deadline - reserveMs;
    const seen = new Observation(begun.StartedAt);
    let progress = begun;

    await clock.sleep(Math.max(0, Math.min(msUntilFirstLook(progress, clock.now()), deadline - clock.now())));
    for (;;) {
      const troubles = seen.troubles;
      try {
        const isResolved = progress.Version !== undefined;
        if (!isResolved) progress = await this.versions.resolve(request, progress, seen, { isLate: true, createBefore });
        // What was created a moment ago is not worth a look yet.
        const active = progress.Version !== undefined && (isResolved || progress.CreatedAt === undefined)
          ? await this.look(request, progress, progress.Version, seen) : undefined;
        if (active) return active;
        // What kept the deployment from being made is told, even if it is too late now to try once more.
        const isTooLate = progress.Version === undefined && clock.now() >= createBefore;
        if (seen.troubles === troubles && !isTooLate) seen.passed();
      } catch (error) {
        await this.bear(request, progress, seen, error);
      }

      const now = clock.now();
      if (now >= deadline) throw await this.timedOut(request, progress, seen);
      if (now >= waitUntil) return undefined;
      const elapsedMs = progress.Version === undefined ? undefined : now - (progress.CreatedAt ?? progress.StartedAt);
      await clock.sleep(Math.min(msUntilNextLook({ ...seen, elapsedMs }, request.requestId), deadline - now));
    }
  }

  /** Looks at one version once. */
  private async look(
    request: DeployRequest, progress: Progress, version: number, seen: Observation,
  ): Promise<DeploymentResourceAttributes | undefined> {
    const { lightsail, log } = this.dependencies;
    const { requestId, serviceName } = request;
    const service = await lightsail.getService(serviceName);
    requireDeployable(serviceName, service, `${subject(request, version)} cannot become active`);
    seen.saw(service);
    if (activating(service)?.version === version) {
      log('activating', { requestId, serviceName, serviceState: service.state, stateDetail: service.stateDetail?.code, version });
      return undefined;
    }

    const current = service.currentDeployment;
    const deployment = current?.version === version && current.state === 'ACTIVE' ? current
      : (await lightsail.getDeployments(serviceName)).find((candidate) => candidate.version === version);
    log('looked', { requestId, serviceName, serviceState: service.state, version, deploymentState: deployment?.state });

    switch (deployment?.state) {
      case 'ACTIVE':
        return !request.waitForUrl || await this.urlAnswers(request, deployment, service, seen) ? attributesOf(service, deployment) : undefined;
      case 'FAILED':
        throw await this.explain(request, progress, seen, 'FAILED', deployment);
      case 'INACTIVE':
        throw new ResourceFailure(`${subject(request, version)} is INACTIVE: another deployment took its place before it was confirmed. `
          + `${serving(current, version)}\nLet only one stack or tool deploy to a container service at a time, then deploy again.`);
      default:
        // Lightsail does not list the version yet.
        return undefined;
    }
  }

  private async urlAnswers(request: DeployRequest, deployment: DescribedDeployment, service: DescribedService, seen: Observation): Promise<boolean> {
    const { publicUrl, log } = this.dependencies;
    const { path, successCodes } = healthCheckOf(deployment);
    const url = `${(service.url ?? '').replace(/\/$/, '')}${path.startsWith('/') ? '' : '/'}${path}`;
    const answer = await publicUrl.get(url);
    // A path may hold a secret.
    const mask = createMask([request.desired.containers, deployment.containers ?? {}], secretValues(request, deployment));
    const asked = mask(url);
    const answered = 'status' in answer ? String(answer.status) : mask(answer.trouble);
    log('asked the public URL', { serviceName: service.containerServiceName, url: asked, answer: answered });
    if ('status' in answer && isSuccessCode(answer.status, successCodes)) return true;

    seen.urlAnswer = `GET ${asked} ${'status' in answer ? `answers ${answered}, and ${successCodes} is asked for` : `is not answered (${answered})`}`;
    return false;
  }

  private async timedOut(request: DeployRequest, progress: Progress, seen: Observation): Promise<ResourceFailure> {
    if (progress.Version !== undefined && seen.urlAnswer !== undefined) {
      return new ResourceFailure(`${subject(request, progress.Version)} is ACTIVE, but its public URL did not answer within ${request.timeoutSeconds} seconds: `
        + `${seen.urlAnswer}.\nMend what answers there, or raise the timeout of the ContainerServiceDeployment.`);
    }
    return this.explain(request, progress, seen, 'timed out');
  }

  private explain(
    request: DeployRequest, { StartedAt, Version }: Progress, seen: Observation, end: DeploymentEnd, deployment?: DescribedDeployment,
  ): Promise<ResourceFailure> {
    const { lightsail, clock, log } = this.dependencies;
    const { service, stateDetail, lastTrouble } = seen;
    const timeoutMs = request.timeoutSeconds * 1000;
    return explainFailure({ logs: lightsail, clock, log }, {
      request,
      version: Version,
      end,
      deployment,
      service,
      stateDetail,
      lastError: lastTrouble?.message,
      deadline: StartedAt + timeoutMs - Math.min(EXPLANATION_RESERVE_MS, timeoutMs / 8),
      // What was deployed, and what serves still: the secrets themselves may hold other values by now.
      secrets: secretValues(request, deployment, service?.currentDeployment, service?.nextDeployment),
    });
  }

  /** Takes note of a call that failed and may succeed later; what will not pass ends the deployment. */
  private async bear(request: DeployRequest, progress: Progress, seen: Observation, error: unknown): Promise<void> {
    const { clock, log } = this.dependencies;
    if (!(error instanceof CallFailure)) throw error;

    const { operation, message } = error;
    if (seen.bears(error, clock.now())) {
      log('call failed, trying again', { requestId: request.requestId, operation, error: message });
    } else if (progress.Version === undefined) {
      throw await this.explain(request, progress, seen, 'not created');
    } else {
      throw new ResourceFailure(`${subject(request, progress.Version)} cannot be followed: ${message}\n`
        + 'It goes its way on Lightsail. Let the handler make the call, then deploy again.');
    }
  }
}

function subject(request: DeployRequest, version: number): string {
  return `Deployment version ${version} of container service "${request.serviceName}"`;
}
