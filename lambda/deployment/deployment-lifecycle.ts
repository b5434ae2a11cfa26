import { attributesOf, restoredAttributesOf } from './attributes';
import { explainFailure } from './diagnosis/explain-failure';
import type { DeploymentEnd } from './diagnosis/failed-deployment';
import { LastSeen } from './last-seen';
import { createMask } from './masking/secret-detection';
import { msUntilFirstLook, nextLook, type PollSituation } from './poll-interval';
import { msUntilRoleSettles } from './private-images';
import type { Following, Progress, Waiting } from './progress';
import { healthCheckOf, isSuccessCode } from './request/health-check';
import type { DeployRequest } from './request/request';
import { VersionResolver } from './version-resolver';
import type { DeploymentResourceAttributes } from '../../lib/private/resource-properties';
import type { CallFailure } from '../clients/call-failure';
import type { DescribedDeployment, DescribedService } from '../clients/lightsail';
import type { Dependencies } from '../shared/dependencies';
import { deadlinesOf } from '../shared/polling/deadlines';
import { poll } from '../shared/polling/poll';
import { RequestMemory } from '../shared/polling/request-memory';
import { RetryPolicy } from '../shared/polling/retry-policy';
import { ResourceFailure } from '../shared/reasons/resource-failure';
import { activating, isBusy, requireDeployable, serving } from '../shared/service-state';

/** How long what should pass at once is looked at before it is final. */
const CONFIRMATION_MS = 65_000;

/** Without success codes of the user, an edge that is not ready must not pass: it answers 404, as the default of the health check allows. */
const DEFAULT_URL_CODES = '200-399';

/** What failed, for its reason. */
interface Ending {
  readonly request: DeployRequest;
  readonly progress: Progress;
  readonly seen: LastSeen;
  readonly lastFailure?: CallFailure;
}

/**
 * Carries a Create or an Update to its end. It needs nothing of its earlier calls: what a call must know is in the event, or is read from
 * the service again. What it remembers makes reasons better and pauses longer.
 */
export class DeploymentLifecycle {
  private readonly versions: VersionResolver;
  private readonly memory = new RequestMemory<{ readonly retry: RetryPolicy; readonly seen: LastSeen }>();

  constructor(private readonly dependencies: Dependencies) {
    this.versions = new VersionResolver(dependencies);
  }

  /** Deploys, if the service is ready for it. If not, the progress says where to continue. */
  public async begin(request: DeployRequest): Promise<Progress> {
    const { clock, log } = this.dependencies;
    const { requestId, serviceName, timeoutSeconds } = request;
    const started: Waiting = { phase: 'waiting', startedAt: clock.now() };
    const { patience, lastCreate } = deadlinesOf(started.startedAt, timeoutSeconds);
    const { retry, seen } = this.memory.restart(requestId, { retry: new RetryPolicy(started.startedAt), seen: new LastSeen() });

    const progress = await poll<Progress>(this.dependencies, {
      requestId,
      retry,
      deadline: Infinity,
      yieldAt: patience,
      step: async () => ({
        done: await this.versions.resolve(request, started, { isRetry: retry.failures > 0, createDeadline: lastCreate, retry, seen }),
      }),
      lastStart: () => lastCreate,
      failed: (failure) => this.callFailed({ request, progress: started, seen }, failure),
      timedOut: (lastFailure) => this.timedOut({ request, progress: started, seen, lastFailure }),
    });
    if (progress === undefined) return started;

    log('started', { requestId, serviceName, baselineVersion: progress.baselineVersion, version: progress.phase === 'following' ? progress.version : undefined });
    return progress;
  }

  /**
   * Waits for the end of the deployment, but no longer than until `yieldAt`.
   *
   * @returns the attributes if the deployment is active, or undefined if it is neither active nor failed yet
   */
  public async waitUntilActive(request: DeployRequest, begun: Progress, yieldAt: number): Promise<DeploymentResourceAttributes | undefined> {
    const { lightsail, clock } = this.dependencies;
    const { serviceName } = request;
    const { answer, lastCreate } = deadlinesOf(begun.startedAt, request.timeoutSeconds);
    const { retry, seen } = this.memory.of(request.requestId, () => ({
      retry: new RetryPolicy(begun.startedAt, begun.baselineVersion !== undefined), seen: new LastSeen(),
    }));
    let progress = begun;

    return poll<DeploymentResourceAttributes>(this.dependencies, {
      requestId: request.requestId,
      retry,
      deadline: answer,
      yieldAt,
      step: async () => {
        if (progress.phase === 'restored') return { done: restoredAttributesOf(serviceName, await lightsail.getService(serviceName)) };
        let service: DescribedService | undefined;
        if (progress.phase === 'waiting') {
          if (this.roleSettles(request, progress, lastCreate)) return 'later';
          progress = await this.versions.resolve(request, progress, { isRetry: true, createDeadline: lastCreate, retry, seen });
          service = seen.service;
          if (progress.phase === 'restored') return { done: restoredAttributesOf(serviceName, await lightsail.getService(serviceName)) };
        }
        if (progress.phase === 'waiting') return this.nextAttempt(progress, begun);
        if (msUntilFirstLook(progress.createdAt, clock.now()) > 0) return 'later';

        const active = await this.checkVersion(request, progress, seen, service);
        return active ? { done: active } : nextLook(situationOf(clock.now(), progress, seen));
      },
      lastStart: () => (progress.phase === 'waiting' ? lastCreate : Infinity),
      failed: (failure) => this.callFailed({ request, progress, seen }, failure),
      timedOut: (lastFailure) => this.timedOut({ request, progress, seen, lastFailure }),
    });
  }

  /** Whether nothing can be created yet: an earlier call saw the new role, and it has no effect so far. No read would change that. */
  private roleSettles({ pullAccess }: DeployRequest, { roleSeenAt }: Waiting, lastCreate: number): boolean {
    const now = this.dependencies.clock.now();
    return pullAccess?.isNew === true && roleSeenAt !== undefined && msUntilRoleSettles(roleSeenAt, now) > 0 && now < lastCreate;
  }

  /** The framework does not keep when this call first saw the role. So the call stays until the role has effect. */
  private nextAttempt({ roleSeenAt }: Waiting, begun: Progress): 'later' | { againInMs: number } {
    if (roleSeenAt === undefined || roleSeenAt === begun.roleSeenAt) return 'later';

    const againInMs = msUntilRoleSettles(roleSeenAt, this.dependencies.clock.now());
    return againInMs > 0 ? { againInMs } : 'later';
  }

  /**
   * @param justRead the service, if it was read a moment ago
   * @returns the attributes if the version is active, or undefined if it is not yet
   */
  private async checkVersion(
    request: DeployRequest, progress: Following, seen: LastSeen, justRead?: DescribedService,
  ): Promise<DeploymentResourceAttributes | undefined> {
    const { lightsail, clock, log } = this.dependencies;
    const { requestId, serviceName } = request;
    const { version } = progress;
    const service = justRead ?? await lightsail.getService(serviceName);
    requireDeployable(serviceName, service, `${subject(request, version)} cannot become active`);
    seen.saw(service, clock.now());
    const { strangeSince } = seen;
    seen.strangeSince = undefined;
    if (activating(service)?.version === version) {
      log('activating', { requestId, serviceName, serviceState: service.state, stateDetail: service.stateDetail?.code, version });
      return undefined;
    }

    const current = service.currentDeployment;
    const deployment = current?.version === version && current.state === 'ACTIVE' ? current
      : (await lightsail.getDeployments(serviceName)).find((candidate) => candidate.version === version);
    log('checked deployment', { requestId, serviceName, serviceState: service.state, version, deploymentState: deployment?.state });

    switch (deployment?.state) {
      case 'ACTIVE':
        return !request.waitForUrl || await this.urlAnswers(request, deployment, service, seen) ? attributesOf(service, deployment) : undefined;
      case 'FAILED':
        throw await this.explain({ request, progress, seen }, 'FAILED', deployment);
      case 'INACTIVE':
        throw new ResourceFailure(`${subject(request, version)} is INACTIVE: another deployment took its place before it was confirmed. `
          + `${serving(current, version)}\nLet only one stack or tool deploy to a container service at a time, then deploy again.`);
      default:
        if (deployment?.state === 'ACTIVATING' || isBusy(service)) return undefined;
        seen.strangeSince = strangeSince ?? clock.now();
        this.confirm(request, version, service, deployment, seen.strangeSince);
        return undefined;
    }
  }

  /**
   * A version that Lightsail neither starts nor lists may be listed a moment later, and a state may be new to this handler. Neither lasts:
   * after a minute of looks, the version will not come.
   */
  private confirm(
    request: DeployRequest, version: number, service: DescribedService, deployment: DescribedDeployment | undefined, strangeSince: number,
  ): void {
    if (this.dependencies.clock.now() - strangeSince < CONFIRMATION_MS) return;

    const found = deployment === undefined
      ? 'Lightsail does not list it. The service was probably deleted and created again, or Lightsail keeps only newer versions'
      : `its state is ${JSON.stringify(deployment.state)}, which this handler does not know`;
    throw new ResourceFailure(`${subject(request, version)} will not become active: ${found} (service state ${service.state}). `
      + `${serving(service.currentDeployment, version)}\nLook at the deployments of the service, then deploy again.`);
  }

  private async urlAnswers(request: DeployRequest, deployment: DescribedDeployment, service: DescribedService, seen: LastSeen): Promise<boolean> {
    const { publicUrl, log } = this.dependencies;
    const { path } = healthCheckOf(deployment);
    const successCodes = request.desired.publicEndpoint?.healthCheck?.successCodes ?? DEFAULT_URL_CODES;
    const url = urlOf(service, path);
    const answer = await publicUrl.get(url);
    // A path may hold a secret.
    const mask = createMask(request, deployment, service.currentDeployment);
    const answered = 'status' in answer ? String(answer.status) : mask(answer.error);
    log('requested the public URL', { serviceName: service.containerServiceName, url: mask(url), answer: answered });
    if ('status' in answer && isSuccessCode(answer.status, successCodes)) return true;

    seen.urlAnswer = `GET ${mask(url)} ${'status' in answer ? `answers ${answered}, expected ${successCodes}` : `gets no answer (${answered})`}`;
    return false;
  }

  private async timedOut(ending: Ending): Promise<ResourceFailure> {
    const { request, progress, seen } = ending;
    if (progress.phase === 'following' && seen.urlAnswer !== undefined) {
      return new ResourceFailure(`${subject(request, progress.version)} is ACTIVE, but its public URL did not answer within ${request.timeoutSeconds} seconds: `
        + `${seen.urlAnswer}.\nFix the response at that URL, or increase \`timeout\` on the ContainerServiceDeployment.`);
    }
    return this.explain(ending, 'timed out');
  }

  private async callFailed(ending: Ending, failure: CallFailure): Promise<ResourceFailure> {
    const { request, progress } = ending;
    if (progress.phase !== 'following') return this.explain({ ...ending, lastFailure: failure }, 'not created');

    return new ResourceFailure(`Cannot check deployment version ${progress.version} of container service "${request.serviceName}": ${failure.message}\n`
      + 'Lightsail is still deploying it. If the message names a permission, grant it to the role of the handler. Then deploy again.');
  }

  private explain({ request, progress, seen, lastFailure }: Ending, end: DeploymentEnd, deployment?: DescribedDeployment): Promise<ResourceFailure> {
    const { lightsail, clock, log } = this.dependencies;
    const { service, stateDetail } = seen;
    return explainFailure({ logs: lightsail, clock, log }, {
      request,
      version: progress.phase === 'following' ? progress.version : undefined,
      end,
      deployment,
      service,
      stateDetail,
      lastError: lastFailure?.message,
      nextStep: nextStepFor(request, lastFailure),
      deadline: deadlinesOf(progress.startedAt, request.timeoutSeconds).explanation,
    });
  }
}

function situationOf(now: number, { startedAt, createdAt = startedAt }: Following, seen: LastSeen): PollSituation {
  return {
    stateDetail: seen.stateDetail,
    ageMs: now - createdAt,
    ...seen.activating && { activatingAgeMs: seen.activating.since - createdAt, activatingLooks: seen.activating.looks },
    isConfirming: seen.strangeSince !== undefined,
  };
}

function subject(request: DeployRequest, version: number): string {
  return `Deployment version ${version} of container service "${request.serviceName}"`;
}

function urlOf({ url = '' }: DescribedService, path: string): string {
  return `${url.replace(/\/$/, '')}${path.startsWith('/') ? '' : '/'}${path}`;
}

/** An image that is stored on the service must be there before the deployment: the stack that creates the service comes too early. */
function nextStepFor({ desired }: DeployRequest, failure: CallFailure | undefined): string | undefined {
  const isRefused = failure?.operation === 'CreateContainerServiceDeployment' && (failure.kind === 'refused' || failure.kind === 'missing');
  const stored = Object.values(desired.containers).map(({ image = '' }) => image).find((image) => image.startsWith(':'));
  return isRefused && stored !== undefined
    ? `"${stored}" is an image that is stored on the service. A stack that creates the service cannot deploy it. Create the service first, push the image, `
      + 'then deploy. Or let the stack build the image: ContainerImage.fromAsset().' : undefined;
}
