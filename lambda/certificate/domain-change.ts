import { changeNotMade, changeTimedOut } from './domain-change-failures';
import { parseDomainChange, type DomainChangeRequest } from './domain-change-request';
import type { DescribedService } from '../clients/lightsail';
import type { Attributes, CustomResource } from '../shared/custom-resource';
import { deadlinesOf } from '../shared/deadlines';
import type { Dependencies } from '../shared/dependencies';
import { parseStartedAt, type OnEventResponse, type ProviderEvent } from '../shared/event';
import { poll } from '../shared/poll';
import { RequestMemory } from '../shared/request-memory';
import { ResourceFailure } from '../shared/resource-failure';
import { unlessThrottled } from '../shared/retried-reads';
import { RetryPolicy } from '../shared/retry-policy';
import { isBusy } from '../shared/service-state';
import { StackOperation } from '../shared/stack-operation';

/** How long one call of isComplete makes failed calls again. */
const RETRY_WINDOW_MS = 60_000;

/**
 * `Custom::LightsailDomainChange`: where the certificates of a service change, attaches the new ones and detaches the old ones in one call, before CloudFormation
 * updates the service. CloudFormation's own handler names only the certificates that remain, and one that is not named stays attached: it could not be deleted.
 */
export class DomainChange implements CustomResource {
  private readonly retries = new RequestMemory<RetryPolicy>();

  constructor(private readonly dependencies: Dependencies) {}

  public async onEvent(event: ProviderEvent): Promise<OnEventResponse> {
    const StartedAt = this.dependencies.clock.now();
    if (event.RequestType === 'Delete') return { PhysicalResourceId: event.PhysicalResourceId ?? '', StartedAt };
    return { PhysicalResourceId: `${parseDomainChange(event).serviceName}/domains`, StartedAt };
  }

  public async isComplete(event: ProviderEvent): Promise<Attributes | undefined> {
    // A new service gets its domains when it is created.
    if (event.RequestType !== 'Update') return {};

    const request = parseDomainChange(event);
    const startedAt = parseStartedAt(event);
    const { clock } = this.dependencies;
    const { requestId, timeoutSeconds } = request;
    const deadline = deadlinesOf(startedAt, timeoutSeconds).answer;
    const retry = this.retries.of(requestId, () => new RetryPolicy(startedAt));
    const operation = new StackOperation(this.dependencies, request, retry, startedAt, 'The domain names were not changed on');
    let service: DescribedService | undefined;
    try {
      return await poll<Attributes>(this.dependencies, {
        requestId,
        retry,
        deadline,
        yieldAt: clock.now() + RETRY_WINDOW_MS,
        step: async () => {
          service = await this.dependencies.lightsail.getService(request.serviceName);
          return await this.isChanged(request, service, () => operation.assertStillCurrent({ startedAt })) ? { done: {} } : 'later';
        },
        lastStart: () => deadline,
        failed: (failure) => changeNotMade(request, failure),
        timedOut: (lastCall) => changeTimedOut(request, service, lastCall),
      });
    } catch (error) {
      if (error instanceof ResourceFailure && await this.isRollback(request, error)) return {};
      throw error;
    }
  }

  /** @returns whether there is nothing to wait for */
  private async isChanged(
    request: DomainChangeRequest, service: DescribedService | undefined, assertStillCurrent: () => Promise<void>,
  ): Promise<boolean> {
    if (service === undefined || service.state === 'DELETING') return true;
    const replaced = request.replaced.filter((name) => Object.hasOwn(service.publicDomainNames ?? {}, name));
    if (isBusy(service)) return false;
    if (replaced.length === 0) return true;

    const { requestId, serviceName, wanted } = request;
    const { lightsail, clock, log } = this.dependencies;
    await assertStillCurrent();
    log('replacing certificates', { requestId, serviceName });
    const domainNames = { ...wanted, ...Object.fromEntries(replaced.map((name) => [name, []])) };
    await unlessThrottled(() => lightsail.setDomainNames(serviceName, domainNames), clock);
    return false;
  }

  /** What a rollback would go back to may be gone. A rollback that fails leaves the stack stuck. */
  private async isRollback({ requestId, stackId, serviceName }: DomainChangeRequest, { message }: ResourceFailure): Promise<boolean> {
    const isRollingBack = await this.dependencies.cloudFormation.isRollingBack(stackId);
    if (isRollingBack) this.dependencies.log('rolled back without the domains', { requestId, serviceName, error: message });
    return isRollingBack;
  }
}
