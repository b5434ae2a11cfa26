import type { RegistryAccessResourceAttributes } from '../../lib/private/resource-properties';
import type { CallFailure } from '../clients/call-failure';
import type { DescribedService } from '../clients/lightsail';
import type { Dependencies } from '../shared/dependencies';
import type { Attributes, CustomResource } from '../shared/events/custom-resource';
import { parseResourceRequest, parseStartedAt, type OnEventResponse, type ProviderEvent, type ResourceRequest } from '../shared/events/event';
import { deadlinesOf } from '../shared/polling/deadlines';
import { poll } from '../shared/polling/poll';
import { RequestMemory } from '../shared/polling/request-memory';
import { unlessThrottled } from '../shared/polling/retried-reads';
import { RetryPolicy } from '../shared/polling/retry-policy';
import { ResourceFailure } from '../shared/reasons/resource-failure';
import { isBusy, pullerRoleArn, requireDeployable } from '../shared/service-state';

const NOT_ENABLED = 'Access to private Amazon ECR repositories was not enabled';

/** Gives a container service the role that pulls images from private Amazon ECR repositories. The service keeps it. */
export class RegistryAccess implements CustomResource {
  private readonly retries = new RequestMemory<RetryPolicy>();

  /** @param windowMs how long one call of isComplete may take */
  constructor(private readonly dependencies: Dependencies, private readonly windowMs: number) {}

  public async onEvent(event: ProviderEvent): Promise<OnEventResponse> {
    const StartedAt = this.dependencies.clock.now();
    if (event.RequestType === 'Delete') return { PhysicalResourceId: event.PhysicalResourceId ?? '', StartedAt };
    return { PhysicalResourceId: parseResourceRequest(event).serviceName, StartedAt };
  }

  public async isComplete(event: ProviderEvent): Promise<Attributes | undefined> {
    const yieldAt = this.dependencies.clock.now() + this.windowMs;
    return event.RequestType === 'Delete' ? {} : this.enable(parseResourceRequest(event), parseStartedAt(event), yieldAt);
  }

  /** @returns the role, or undefined if the service does not have it yet: it is to be called again */
  public async enable(request: ResourceRequest, startedAt: number, yieldAt: number): Promise<RegistryAccessResourceAttributes | undefined> {
    const { requestId, serviceName, timeoutSeconds } = request;
    const deadline = deadlinesOf(startedAt, timeoutSeconds).answer;
    let service: DescribedService | undefined;

    const arn = await poll(this.dependencies, {
      requestId,
      retry: this.retries.of(requestId, () => new RetryPolicy(startedAt)),
      deadline,
      yieldAt,
      step: async () => {
        service = await this.dependencies.lightsail.getService(serviceName);
        const done = await this.step(request, service);
        return done === undefined ? 'later' : { done };
      },
      lastStart: () => deadline,
      failed: ({ message }) => new ResourceFailure(`${NOT_ENABLED} for container service "${serviceName}": ${message}`),
      timedOut: (call) => timedOut(request, service, call),
    });
    return arn === undefined ? undefined : { EcrImagePullerPrincipalArn: arn };
  }

  /** @returns the ARN of the role, or undefined while the service does not have it */
  private async step({ requestId, serviceName }: ResourceRequest, service: DescribedService | undefined): Promise<string | undefined> {
    const { lightsail, clock, log } = this.dependencies;
    if (service?.state !== 'DISABLED') requireDeployable(serviceName, service, NOT_ENABLED);

    const arn = pullerRoleArn(service);
    if (isBusy(service) || service.privateRegistryAccess?.ecrImagePullerRole?.isActive) return arn;

    log('enabling access to private repositories', { requestId, serviceName });
    await unlessThrottled(() => lightsail.enableRegistryAccess(serviceName), clock);
    return undefined;
  }
}

function timedOut(
  { serviceName, timeoutSeconds }: ResourceRequest, service: DescribedService | undefined, call: CallFailure | undefined,
): ResourceFailure {
  return new ResourceFailure(`Container service "${serviceName}" has no role that pulls images from private Amazon ECR repositories after ${timeoutSeconds} seconds `
    + `(service state ${service?.state ?? 'unknown'}).${call ? ` Last call: ${call.message}` : ''}\n`
    + 'Find out what keeps the service busy, or increase `timeout` on the ContainerServiceDeployment.');
}
