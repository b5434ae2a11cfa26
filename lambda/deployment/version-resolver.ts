import { decide, type Decision, type Facts, type MissingFact } from './decide';
import type { LastSeen } from './last-seen';
import { claimOn, claimText, newClaim, OWNER_TAG, ownerId } from './ownership';
import { PrivateImages } from './private-images';
import type { Progress, Waiting } from './progress';
import type { DeployRequest } from './request/request';
import { unresolvedReferenceIn } from './request/unresolved-reference';
import { SecretResolver } from './secrets/secret-resolver';
import { matchesIgnoringSecrets, redactSecrets } from './secrets/secret-values';
import { MAX_PROPERTIES_BYTES } from '../../lib/private/resource-properties';
import { CallFailure } from '../clients/call-failure';
import type { DescribedDeployment, DescribedService } from '../clients/lightsail';
import type { Dependencies } from '../shared/dependencies';
import { unlessThrottled } from '../shared/polling/retried-reads';
import type { RetryPolicy } from '../shared/polling/retry-policy';
import { ResourceFailure } from '../shared/reasons/resource-failure';
import { SecretCallFailure } from '../shared/secrets/secret-reader';
import { serving, whyNotDeployable } from '../shared/service-state';
import { StackOperation } from '../shared/stack-operation';

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
  private readonly readers: Record<MissingFact, (context: ResolveContext) => Promise<Partial<Facts>>> = {
    secrets: (context) => this.readSecrets(context),
    versions: async ({ service }) => ({ versions: await this.versionsOf(service) }),
    isRollingBack: async ({ operation }) => ({ isRollingBack: await operation.isRollingBack() ?? 'unknown' }),
    operationBeganAt: async ({ operation }) => ({ operationBeganAt: await operation.beganAt() ?? 'unknown' }),
  };

  constructor(private readonly dependencies: Dependencies) {
    this.secrets = new SecretResolver(dependencies);
    this.privateImages = new PrivateImages(dependencies);
  }

  public async resolve(request: DeployRequest, progress: Waiting, attempt: Attempt): Promise<Progress> {
    const { clock } = this.dependencies;
    const operation = new StackOperation(this.dependencies, request, attempt.retry, attempt.isRetry ? undefined : progress.startedAt);
    const found = await this.dependencies.lightsail.getService(request.serviceName);
    const mayEnable = found?.state === 'DISABLED' && request.disablesOnDelete && request.isNewToService;
    const unable = mayEnable ? undefined : whyNotDeployable(request.serviceName, found, 'Nothing was deployed');
    if (unable) return this.restore(unable, request, found, progress, operation);

    const service = found!;
    attempt.seen.saw(service, clock.now());
    const context: ResolveContext = { ...attempt, request, service, operation };

    let facts: Facts = { request, service, progress, now: clock.now() };
    for (;;) {
      const decision = decide(facts);
      if (decision.do !== 'read') return this.act(decision, { ...context, request: facts.resolved ?? request });
      facts = { ...facts, ...await this.readers[decision.what](context), now: clock.now() };
    }
  }

  /**
   * A service that is gone or disabled fails the request, but not a rollback of an update that deployed nothing: the service was no better
   * before, and a rollback that fails leaves the stack stuck.
   */
  private async restore(
    unable: Error, request: DeployRequest, service: DescribedService | undefined, progress: Waiting, operation: StackOperation,
  ): Promise<Progress> {
    if (request.isNewToService || !await operation.isRollingBack()) throw unable;

    const { requestId, serviceName } = request;
    const last = service && newestThatRan(await this.versionsOf(service));
    if (last && !matchesIgnoringSecrets(last, request)) {
      throw new ResourceFailure(`${unable.message}\nThen continue the rollback of the stack: cdk rollback, or aws cloudformation continue-update-rollback.`);
    }
    this.dependencies.log('rolled back: the update had deployed nothing', { requestId, serviceName, serviceState: service?.state, error: unable.message });
    return { ...progress, phase: 'restored' };
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

    requireSize(request, service);
    requireResolved(request, service);
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
      const stillCurrent = () => operation.assertStillCurrent(progress);
      await unlessThrottled(() => this.claim(expected, progress, context), clock, stillCurrent);
      const answer = await unlessThrottled(() => lightsail.createDeployment(serviceName, request.desired), clock, stillCurrent);
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

/** The newest version that ran, or may have. */
function newestThatRan(versions: readonly DescribedDeployment[]): DescribedDeployment | undefined {
  return versions.filter(({ state }) => state !== 'FAILED').sort((a, b) => b.version - a.version)[0];
}

/** Throws if an update could not be handed on: its event holds old and new properties, and Step Functions takes 262,144 bytes. */
function requireSize({ serviceName, propertiesBytes }: DeployRequest, service: DescribedService): void {
  if (propertiesBytes <= MAX_PROPERTIES_BYTES) return;

  throw new ResourceFailure(`Nothing was deployed to container service "${serviceName}": its properties take ${propertiesBytes} bytes, and at most `
    + `${MAX_PROPERTIES_BYTES} are allowed, so that an update can hold the old and the new ones. ${serving(service.currentDeployment)}\n`
    + 'Move large values out of the environment and the commands, for example into the image or a file in Amazon S3.');
}

/** Throws if the deployment would hold the text of a reference instead of a secret. */
function requireResolved({ serviceName, desired }: DeployRequest, service: DescribedService): void {
  const place = unresolvedReferenceIn(desired);
  if (place === undefined) return;

  throw new ResourceFailure(`Nothing was deployed to container service "${serviceName}": ${place} is a reference to a secret, which CloudFormation does not `
    + `resolve in a custom resource. ${serving(service.currentDeployment)}\n`
    + 'Pass the secret in `secrets`: { NAME: ContainerSecret.fromSecretsManager(secret, field) }. Then deploy again.');
}
