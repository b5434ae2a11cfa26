import { decide, type Decision, type Facts, type MissingFact } from './decide';
import type { LastSeen } from './last-seen';
import { claimOn, claimText, newClaim, OWNER_TAG, ownerId } from './ownership';
import { PrivateImages } from './private-images';
import type { Progress, Waiting } from './progress';
import type { DeployRequest } from './request/request';
import { SecretCallFailure, SecretResolver } from './secrets/secret-resolver';
import { redactSecrets } from './secrets/secret-values';
import { StackOperation } from './stack-operation';
import { CallFailure } from '../clients/call-failure';
import type { DescribedDeployment, DescribedService } from '../clients/lightsail';
import type { Dependencies } from '../shared/dependencies';
import { ResourceFailure } from '../shared/resource-failure';
import type { RetryPolicy } from '../shared/retry-policy';
import { requireDeployable } from '../shared/service-state';

/** One attempt to find or create the version. */
export interface Attempt {
  /** Whether it is not the first one. CloudFormation may then wait for something else by now. */
  readonly isRetry: boolean;
  /** From then on there is no time left for a deployment, in milliseconds since the epoch. */
  readonly createDeadline: number;
  readonly retry: RetryPolicy;
  readonly seen: LastSeen;
}

/** What one attempt works with. */
interface ResolveContext extends Attempt {
  readonly request: DeployRequest;
  readonly service: DescribedService;
  readonly operation: StackOperation;
}

/** Finds the version that answers a request, or creates it: it reads, lets `decide` decide, and acts. */
export class VersionResolver {
  private readonly secrets: SecretResolver;
  private readonly privateImages: PrivateImages;

  constructor(private readonly dependencies: Dependencies) {
    this.secrets = new SecretResolver(dependencies);
    this.privateImages = new PrivateImages(dependencies);
  }

  public async resolve(request: DeployRequest, progress: Waiting, attempt: Attempt): Promise<Progress> {
    const { clock } = this.dependencies;
    const service = await this.readService(request, attempt);
    const operation = new StackOperation(this.dependencies, request, attempt.retry, attempt.isRetry ? undefined : progress.startedAt);
    const context: ResolveContext = { ...attempt, request, service, operation };

    let facts: Facts = { request, service, progress, now: clock.now() };
    for (;;) {
      const decision = decide(facts);
      if (decision.do !== 'read') return this.act(decision, { ...context, request: facts.resolved ?? request });
      facts = { ...facts, ...await this.read(decision.what, context), now: clock.now() };
    }
  }

  private async readService(request: DeployRequest, { seen }: Attempt): Promise<DescribedService> {
    const service = await this.dependencies.lightsail.getService(request.serviceName);
    const mayEnable = request.disablesOnDelete && request.isNewToService;
    if (!(service?.state === 'DISABLED' && mayEnable)) requireDeployable(request.serviceName, service, 'Nothing was deployed');
    seen.saw(service);
    return service;
  }

  /** The request with the values of its secrets, or why they cannot be read. A call that may still succeed is thrown on. */
  private async readSecrets({ request, service, retry, createDeadline }: ResolveContext): Promise<Pick<Facts, 'resolved' | 'unreadable'>> {
    try {
      return { resolved: await this.secrets.resolve(request, { retry, service }) };
    } catch (error) {
      const isTooLate = error instanceof SecretCallFailure && this.dependencies.clock.now() >= createDeadline;
      if (isTooLate || error instanceof ResourceFailure) return { unreadable: error };
      throw error;
    }
  }

  private async read(what: MissingFact, context: ResolveContext): Promise<Partial<Facts>> {
    const { service, operation } = context;
    switch (what) {
      case 'secrets':
        return this.readSecrets(context);
      case 'versions':
        return { versions: await this.versionsOf(service) };
      case 'isRollingBack':
        return { isRollingBack: await operation.isRollingBack() ?? 'unknown' };
      case 'operationBeganAt':
        return { operationBeganAt: await operation.beganAt() ?? 'unknown' };
    }
  }

  /** The current and the next version are always included, even if the list lags. */
  private async versionsOf(service: DescribedService): Promise<DescribedDeployment[]> {
    const listed = await this.dependencies.lightsail.getDeployments(service.containerServiceName);
    const others = [service.currentDeployment, service.nextDeployment]
      .filter((deployment) => deployment !== undefined)
      .filter(({ version }) => !listed.some((other) => other.version === version));
    return [...listed, ...others];
  }

  private async act(decision: Exclude<Decision, { do: 'read' }>, context: ResolveContext): Promise<Progress> {
    switch (decision.do) {
      case 'fail':
        throw decision.error;
      case 'wait':
        return decision.recordsStart ? context.operation.recordStart(decision.progress) : decision.progress;
      case 'use':
        return this.use(decision.version, decision.progress, context);
      case 'settle':
        return this.settle(decision, context);
      case 'enable':
      case 'create':
        return this.deploy(decision.expected, decision.progress, context);
    }
  }

  private async use(version: number, progress: Waiting, context: ResolveContext): Promise<Progress> {
    if (lacksClaim(context, version)) await context.operation.assertStillCurrent(progress);
    await this.claim(version, progress, context);
    return { ...progress, phase: 'following', version };
  }

  private async settle({ version, progress, unreadable }: Extract<Decision, { do: 'settle' }>, context: ResolveContext): Promise<Progress> {
    const { requestId, serviceName } = context.request;
    this.dependencies.log('rolled back to the serving version, without a comparison of secrets', {
      requestId, serviceName, version, error: unreadable.message,
    });
    await this.claim(version, progress, context);
    return { ...progress, phase: 'following', version };
  }

  /** @param expected the number that the version will probably have */
  private async deploy(expected: number, progress: Waiting, context: ResolveContext): Promise<Progress> {
    const { request, service, operation, createDeadline } = context;
    await operation.assertStillCurrent(progress);
    if (this.dependencies.clock.now() >= createDeadline) return progress;

    this.privateImages.requireOwnRegion(request, service);
    await this.privateImages.requirePresent(request, service);
    if (service.state === 'DISABLED') return this.enable(expected, progress, context);

    if (!this.privateImages.canPull(request, service, progress)) return operation.recordStart(progress);
    return this.create(expected, progress, context);
  }

  /** Claims the service first: a create that is rolled back then finds what it has to undo. */
  private async enable(expected: number, progress: Waiting, context: ResolveContext): Promise<Waiting> {
    const { request: { requestId, serviceName }, operation } = context;
    const { lightsail, log } = this.dependencies;
    await this.claim(expected, progress, context);
    await operation.assertStillCurrent(progress);
    log('enabling the service', { requestId, serviceName });
    await lightsail.setDisabled(serviceName, false);
    return operation.recordStart(progress);
  }

  private async create(expected: number, progress: Waiting, context: ResolveContext): Promise<Progress> {
    const { request, operation, retry } = context;
    const { lightsail, clock, log } = this.dependencies;
    const { requestId, serviceName } = request;
    try {
      await this.claim(expected, progress, context);
      await operation.assertStillCurrent(progress);
      const answer = await lightsail.createDeployment(serviceName, request.desired);
      const version = answer?.nextDeployment?.version;
      log('created', { requestId, serviceName, version });
      // Without a version in the answer, the next look finds the deployment by what it holds.
      if (version === undefined) return progress;

      if (version !== expected) await this.claim(version, progress, context);
      return { ...progress, phase: 'following', version, createdAt: clock.now() };
    } catch (thrown) {
      const error = redactSecrets(thrown, request);
      if (!(error instanceof CallFailure) || retry.recordFailure(error, clock.now()) === 'fatal') throw error;
      log('not created yet', { requestId, serviceName, operation: error.operation, error: error.message });
      return operation.recordStart(progress);
    }
  }

  /** Under DESTROY, notes on the service whose deployment runs. */
  private async claim(version: number, { baselineVersion = 0 }: Waiting, context: ResolveContext): Promise<void> {
    const { request, service } = context;
    if (!lacksClaim(context, version)) return;

    const claim = newClaim(service, ownerId(request), version, { baselineVersion, isNewToService: request.isNewToService });
    await this.dependencies.lightsail.tagService(request.serviceName, { [OWNER_TAG]: claimText(claim) });
  }
}

/** Whether the resource is to claim the version, and its claim is not yet on the service. */
function lacksClaim({ request, service }: ResolveContext, version: number): boolean {
  const present = claimOn(service);
  return request.disablesOnDelete && !(present?.owner === ownerId(request) && present.version === version);
}
