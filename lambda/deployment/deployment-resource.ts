import { DeploymentLifecycle } from './deployment-lifecycle';
import { parseProgress, renderProgress, type ProgressFields } from './progress';
import { parseDeleteRequest, parseDeployRequest } from './request/request';
import { ServiceDisabler } from './service-disabler';
import type { Attributes, CustomResource } from '../shared/custom-resource';
import type { Dependencies } from '../shared/dependencies';
import { parseStartedAt, type OnEventResponse, type ProviderEvent } from '../shared/event';

/** `Custom::LightsailContainerServiceDeployment`: a Create or an Update deploys, a Delete disables the service if it may. */
export class DeploymentResource implements CustomResource {
  private readonly lifecycle: DeploymentLifecycle;
  private readonly disabler: ServiceDisabler;

  /** @param windowMs how long one call of isComplete may take */
  constructor(private readonly dependencies: Dependencies, private readonly windowMs: number) {
    this.lifecycle = new DeploymentLifecycle(dependencies);
    this.disabler = new ServiceDisabler(dependencies);
  }

  public async onEvent(event: ProviderEvent): Promise<OnEventResponse & Partial<ProgressFields>> {
    // CloudFormation may have invented the id of a Delete, and gets it back.
    if (event.RequestType === 'Delete') return { PhysicalResourceId: event.PhysicalResourceId ?? '', StartedAt: this.dependencies.clock.now() };

    const request = parseDeployRequest(event);
    // The id is the service's name. It stays through every update on the same service, so that CloudFormation rolls back with an Update.
    // Another service is a replacement.
    return { PhysicalResourceId: request.serviceName, ...renderProgress(await this.lifecycle.begin(request)) };
  }

  public async isComplete(event: ProviderEvent): Promise<Attributes | undefined> {
    const yieldAt = this.dependencies.clock.now() + this.windowMs;
    if (event.RequestType !== 'Delete') return this.lifecycle.waitUntilActive(parseDeployRequest(event), parseProgress(event), yieldAt);

    const request = parseDeleteRequest(event);
    const isDone = request === undefined || await this.disabler.run(request, parseStartedAt(event), yieldAt);
    return isDone ? {} : undefined;
  }
}
