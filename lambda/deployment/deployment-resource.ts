import { DeploymentLifecycle } from './deployment-lifecycle';
import { parseProgress, renderProgress, type ProgressFields } from './progress';
import { carriedOldProperties, parseDeleteRequest, parseDeployRequest, type CarriedOldProperties } from './request/request';
import { ServiceDisabler } from './service-disabler';
import type { Dependencies } from '../shared/dependencies';
import type { Attributes, CustomResource } from '../shared/events/custom-resource';
import { parseStartedAt, type OnEventResponse, type ProviderEvent } from '../shared/events/event';
import { ResourceFailure } from '../shared/reasons/resource-failure';

/** What the framework puts over the event: the progress, and old properties without containers, so that the input of the waiter is smaller. */
interface BeginResponse extends OnEventResponse, Omit<ProgressFields, 'StartedAt'> {
  readonly OldResourceProperties?: CarriedOldProperties;
}

/** `Custom::LightsailContainerServiceDeployment`: a Create or an Update deploys, a Delete disables the service if it may. */
export class DeploymentResource implements CustomResource {
  private readonly lifecycle: DeploymentLifecycle;
  private readonly disabler: ServiceDisabler;

  /** @param windowMs how long one call of isComplete may take */
  constructor(private readonly dependencies: Dependencies, private readonly windowMs: number) {
    this.lifecycle = new DeploymentLifecycle(dependencies);
    this.disabler = new ServiceDisabler(dependencies);
  }

  public async onEvent(event: ProviderEvent): Promise<BeginResponse> {
    // CloudFormation may have invented the id of a Delete, and gets it back.
    if (event.RequestType === 'Delete') return { PhysicalResourceId: event.PhysicalResourceId ?? '', StartedAt: this.dependencies.clock.now() };

    const request = parseDeployRequest(event);
    // The id is the service's name. It stays through every update on the same service, so that CloudFormation rolls back with an Update.
    // Another service is a replacement.
    const carried = { PhysicalResourceId: request.serviceName, OldResourceProperties: carriedOldProperties(event) };
    requireSize({ ...event, ...carried }, request.serviceName);
    return { ...carried, ...renderProgress(await this.lifecycle.begin(request)) };
  }

  public async isComplete(event: ProviderEvent): Promise<Attributes | undefined> {
    const yieldAt = this.dependencies.clock.now() + this.windowMs;
    if (event.RequestType !== 'Delete') return this.lifecycle.waitUntilActive(parseDeployRequest(event), parseProgress(event), yieldAt);

    const request = parseDeleteRequest(event);
    const isDone = request === undefined || await this.disabler.run(request, parseStartedAt(event), yieldAt);
    return isDone ? {} : undefined;
  }
}

/** Step Functions takes 262,144 bytes of input: the event with what onEvent returns. The rest is for the progress. */
const MAX_EVENT_BYTES = 262_144 - 2_048;

/** Refuses an event that the waiter cannot take, before anything is changed: it would fail after the deployment was made. */
function requireSize(event: object, serviceName: string): void {
  const bytes = Buffer.byteLength(JSON.stringify(event));
  if (bytes <= MAX_EVENT_BYTES) return;

  throw new ResourceFailure(`Nothing was deployed to container service "${serviceName}": its properties make an event of ${bytes} bytes. Step Functions `
    + `accepts at most ${MAX_EVENT_BYTES}. Move large values out of the environment and the commands, for example into the image or a file in Amazon S3.`);
}
