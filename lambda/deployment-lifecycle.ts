import type { ContainerService, ContainerServiceDeployment } from '@aws-sdk/client-lightsail';
import { attributesOf } from './attributes';
import type { Clock } from './clock';
import { holds } from './desired-deployment';
import { DeploymentFailure } from './failure';
import { LightsailCallFailure, type Lightsail } from './lightsail';
import type { Log } from './log';
import type { DeployRequest, Progress } from './request';
import type { DeploymentResourceAttributes } from '../lib/private/resource-properties';

/**
 * CloudFormation must have the answer before its own time-out, which has no reason to tell. The last
 * look may take a while too: three calls, each sent again where it is not answered.
 */
const ANSWER_RESERVE_SECONDS = 60;

/** How long the first look is tried again, so that a moment's trouble does not fail a stack. */
const BEGIN_PATIENCE_MS = 2 * 60_000;

/** IAM may take a moment until a policy that the same stack operation wrote has effect. */
const PERMISSION_GRACE_MS = 30_000;

/** Lightsail spends most of a deployment's time on getting the containers up; what follows is soon done. */
const POLL_INTERVAL_MS = 5_000;
const POLL_INTERVAL_WHILE_ACTIVATING_MS = 2_000;

/** What is remembered while one call waits, for the reason if it ends badly. */
interface Observation {
  service?: ContainerService;
  stateDetail?: string;
  trouble?: LightsailCallFailure;
}

/**
 * Carries a Create or an Update to its end. It has no store: what a call needs to know of the calls
 * before stands in the event, or is read from the service again.
 */
export class DeploymentLifecycle {
  constructor(private readonly lightsail: Lightsail, private readonly clock: Clock, private readonly log: Log) {}

  /** Deploys, if the service is ready for it; else notes where to go on from. */
  public async begin(request: DeployRequest): Promise<Progress> {
    const StartedAt = this.clock.now();
    const BaselineVersion = await this.newestVersion(request, StartedAt);
    const version = await this.deployUnlessBusy(request, BaselineVersion, {}, StartedAt).catch((error: unknown) => {
      if (!this.mayPass(error, StartedAt)) throw error;
      return undefined;
    });
    this.log('begun', { requestId: request.requestId, serviceName: request.serviceName, baselineVersion: BaselineVersion, version });
    return { StartedAt, BaselineVersion, ...(version === undefined ? {} : { Version: version }) };
  }

  /**
   * Waits for the end of the deployment, but no longer than until `waitUntil`.
   *
   * @returns the attributes if the deployment is active, or undefined if it is neither active nor failed yet
   */
  public async follow(request: DeployRequest, progress: Progress, waitUntil: number): Promise<DeploymentResourceAttributes | undefined> {
    const deadline = progress.StartedAt + (request.timeoutSeconds - Math.min(ANSWER_RESERVE_SECONDS, request.timeoutSeconds / 4)) * 1000;
    const seen: Observation = {};
    let version = progress.Version;

    for (;;) {
      try {
        version ??= await this.deployUnlessBusy(request, progress.BaselineVersion, seen, progress.StartedAt);
        const active = version === undefined ? undefined : await this.look(request, version, seen);
        if (active) return active;
        seen.trouble = undefined;
      } catch (error) {
        if (!this.mayPass(error, progress.StartedAt)) throw error;
        this.log('call failed, trying again', { requestId: request.requestId, operation: error.operation, error: error.message });
        seen.trouble = error;
      }

      const now = this.clock.now();
      if (now >= deadline) throw this.timedOut(request, version, seen);
      if (now >= waitUntil) return undefined;
      const interval = seen.stateDetail === 'ACTIVATING_DEPLOYMENT' ? POLL_INTERVAL_WHILE_ACTIVATING_MS : POLL_INTERVAL_MS;
      await this.clock.sleep(Math.max(0, Math.min(interval, deadline - now)));
    }
  }

  /**
   * Finds the version that already stands for the request, or creates it.
   *
   * @returns undefined while the service is busy with something else
   */
  private async deployUnlessBusy(request: DeployRequest, baseline: number, seen: Observation, startedAt: number): Promise<number | undefined> {
    const { serviceName, desired } = request;
    const service = await this.requireService(request, seen);

    const next = service.nextDeployment;
    if (next?.version !== undefined && holds(next, desired)) return next.version;
    if (next !== undefined || service.state === 'PENDING' || service.state === 'UPDATING' || service.state === 'DEPLOYING') return undefined;

    const current = service.currentDeployment;
    if (current?.version !== undefined && current.state === 'ACTIVE' && holds(current, desired)) return current.version;

    // What an earlier delivery of this event created and what has ended already: it was made for this request.
    const ended = (await this.lightsail.getDeployments(serviceName))
      .filter((deployment) => versionOf(deployment) > baseline && holds(deployment, desired));
    if (ended.length > 0) return Math.max(...ended.map(versionOf));

    try {
      const created = await this.lightsail.createDeployment(serviceName, desired);
      const version = created?.nextDeployment?.version;
      this.log('created', { requestId: request.requestId, serviceName, version });
      // Without a version in the answer, the next look finds the deployment by what it holds.
      return version;
    } catch (error) {
      if (!(error instanceof LightsailCallFailure)) throw error;
      if (!this.mayPassAfter(error, startedAt)) throw new DeploymentFailure(`${error.message}\nNothing was deployed to container service "${serviceName}"; ${serving(current)}`);
      this.log('not created yet', { requestId: request.requestId, serviceName, operation: error.operation, error: error.message });
      seen.trouble = error;
      return undefined;
    }
  }

  /** Looks at one version once. */
  private async look(request: DeployRequest, version: number, seen: Observation): Promise<DeploymentResourceAttributes | undefined> {
    const service = await this.requireService(request, seen, version);
    if (service.nextDeployment?.version === version) return undefined;

    const deployment = service.currentDeployment?.version === version && service.currentDeployment.state === 'ACTIVE'
      ? service.currentDeployment
      : (await this.lightsail.getDeployments(request.serviceName)).find((candidate) => candidate.version === version);
    this.log('looked', {
      requestId: request.requestId, serviceName: request.serviceName, serviceState: service.state, version, deploymentState: deployment?.state,
    });

    switch (deployment?.state) {
      case 'ACTIVE':
        return attributesOf(service, deployment);
      case 'FAILED':
        throw new DeploymentFailure(`${subject(request, version)} FAILED (${situation(seen)}). ${serving(service.currentDeployment, version)}\n`
          + `What the containers wrote: ${logCommands(request)}`);
      case 'INACTIVE':
        throw new DeploymentFailure(`${subject(request, version)} is INACTIVE: another deployment took its place before it was confirmed `
          + `(${situation(seen)}). ${serving(service.currentDeployment, version)}\n`
          + 'Let only one stack or tool deploy to a container service at a time, then deploy again.');
      default:
        // Lightsail does not list the version yet.
        return undefined;
    }
  }

  private async requireService(request: DeployRequest, seen: Observation, version?: number): Promise<ContainerService> {
    const { serviceName } = request;
    const service = await this.lightsail.getService(serviceName);
    const purpose = version === undefined ? 'Nothing was deployed' : `${subject(request, version)} cannot become active`;

    if (!service) {
      throw new DeploymentFailure(`${purpose}: there is no container service "${serviceName}" in this account and Region. `
        + 'Create it first, or give the name of one that exists.');
    }
    if (service.state === 'DELETING') {
      throw new DeploymentFailure(`${purpose}: container service "${serviceName}" is DELETING. Wait until it is gone, create it anew and deploy again.`);
    }
    if (service.state === 'DISABLED') {
      throw new DeploymentFailure(`${purpose}: container service "${serviceName}" is DISABLED. Enable it and deploy again, `
        + `for example with: aws lightsail update-container-service --service-name ${serviceName} --no-is-disabled`);
    }

    seen.service = service;
    seen.stateDetail = service.stateDetail?.code ?? seen.stateDetail;
    this.log('seen', { requestId: request.requestId, serviceName, serviceState: service.state, stateDetail: service.stateDetail?.code, version });
    return service;
  }

  private async newestVersion(request: DeployRequest, startedAt: number): Promise<number> {
    for (;;) {
      try {
        await this.requireService(request, {});
        return Math.max(0, ...(await this.lightsail.getDeployments(request.serviceName)).map(versionOf));
      } catch (error) {
        if (!this.mayPass(error, startedAt) || this.clock.now() - startedAt >= BEGIN_PATIENCE_MS) throw error;
        this.log('call failed, trying again', { requestId: request.requestId, operation: error.operation, error: error.message });
        await this.clock.sleep(POLL_INTERVAL_MS);
      }
    }
  }

  /** Whether a call that failed may succeed later. */
  private mayPass(error: unknown, startedAt: number): error is LightsailCallFailure {
    return error instanceof LightsailCallFailure && this.mayPassAfter(error, startedAt);
  }

  private mayPassAfter({ kind }: LightsailCallFailure, startedAt: number): boolean {
    return kind === 'transient' || kind === 'busy' || (kind === 'denied' && this.clock.now() - startedAt < PERMISSION_GRACE_MS);
  }

  private timedOut(request: DeployRequest, version: number | undefined, seen: Observation): DeploymentFailure {
    const what = version === undefined
      ? `Nothing was deployed to container service "${request.serviceName}": it was not ready for a deployment`
      : `${subject(request, version)} is not ACTIVE`;
    return new DeploymentFailure(`${what} within ${request.timeoutSeconds} seconds (${situation(seen)}). ${serving(seen.service?.currentDeployment, version)}`
      + `${seen.trouble ? `\nThe last call: ${seen.trouble.message}` : ''}`
      + `\n${version === undefined ? 'Find out what keeps it busy' : `What the containers wrote: ${logCommands(request)}\nMend what keeps it from becoming active`}`
      + ', or raise the timeout of the ContainerServiceDeployment.');
  }
}

function subject(request: DeployRequest, version: number): string {
  return `Deployment version ${version} of container service "${request.serviceName}"`;
}

function situation(seen: Observation): string {
  return `service state ${seen.service?.state ?? 'unknown'}, last state detail ${seen.stateDetail ?? 'none'}`;
}

function serving(current: ContainerServiceDeployment | undefined, version?: number): string {
  return current?.version === undefined || current.version === version || current.state !== 'ACTIVE'
    ? 'No deployment is active.'
    : `Version ${current.version} is ACTIVE and goes on serving.`;
}

function logCommands(request: DeployRequest): string {
  return Object.keys(request.desired.containers)
    .map((name) => `aws lightsail get-container-log --service-name ${request.serviceName} --container-name ${name}`)
    .join('; ');
}

function versionOf(deployment: ContainerServiceDeployment): number {
  return deployment.version ?? 0;
}
