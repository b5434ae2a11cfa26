import type { IsCompleteResponse, OnEventResponse } from '../../lambda';
import type { LightsailEmulator, SteppedClock } from '../emulator';

/** The exports of the bundled handler, found in the assets of a synthesized app. */
type Bundle = typeof import('../../lambda');

export interface Event {
  readonly RequestType: 'Create' | 'Update' | 'Delete';
  readonly RequestId: string;
  readonly LogicalResourceId: string;
  readonly PhysicalResourceId?: string;
  readonly ResourceProperties: Record<string, unknown>;
  readonly OldResourceProperties?: Record<string, unknown>;
}

export interface Answer {
  readonly status: 'SUCCESS' | 'FAILED';
  readonly physicalResourceId?: string;
  readonly reason?: string;
  readonly data?: Record<string, unknown>;
}

const CREATE_FAILED = 'AWSCDK::CustomResourceProviderFramework::CREATE_FAILED';
const QUERY_INTERVAL_MS = 1000;

/** What the Provider framework of aws-cdk-lib does around the handler: onEvent once, then isComplete until it is. */
export class ProviderFramework {
  private readonly onEvent: Bundle['onEvent'];
  private readonly isComplete: Bundle['isComplete'];

  constructor(handlerFile: string, private readonly emulator: LightsailEmulator<SteppedClock>) {
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    const bundle: Bundle = require(handlerFile);
    const handlers = (userAgentAppId: string) => bundle.createHandlers({
      clock: emulator.clock,
      log: () => undefined,
      lightsail: bundle.sdkLightsail({
        endpoint: emulator.url,
        region: 'us-east-1',
        credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
        userAgentAppId,
      }),
    });
    this.onEvent = handlers('onEvent').onEvent;
    this.isComplete = handlers('isComplete').isComplete;
  }

  /** Carries one event to its answer. */
  public async handle(event: Event): Promise<Answer> {
    if (event.RequestType === 'Delete' && event.PhysicalResourceId === CREATE_FAILED) {
      return { status: 'SUCCESS', physicalResourceId: CREATE_FAILED };
    }
    let begun: OnEventResponse;
    try {
      begun = await this.begin(event);
    } catch (error) {
      return { status: 'FAILED', physicalResourceId: event.PhysicalResourceId ?? CREATE_FAILED, reason: reasonOf(error) };
    }
    return this.finish(event, begun);
  }

  /** The first half: what a function that dies afterwards has done. */
  public begin(event: Event): Promise<OnEventResponse> {
    return this.onEvent(structuredClone(event));
  }

  /** The second half: the waiter. */
  public async finish(event: Event, begun: OnEventResponse): Promise<Answer> {
    const waiterInput = JSON.stringify({ ...event, ...begun });
    for (;;) {
      let outcome: IsCompleteResponse;
      try {
        outcome = await this.isComplete(JSON.parse(waiterInput));
      } catch (error) {
        return { status: 'FAILED', physicalResourceId: begun.PhysicalResourceId, reason: reasonOf(error) };
      }
      if (outcome.IsComplete) {
        return { status: 'SUCCESS', physicalResourceId: begun.PhysicalResourceId, data: outcome.Data && { ...outcome.Data } };
      }
      await this.emulator.clock.sleep(QUERY_INTERVAL_MS);
    }
  }
}

/** Lambda gives the framework the error's message and stack, which become the reason so. */
function reasonOf(error: unknown): string {
  const { message, stack } = error as Error;
  return [message, '', 'Logs: /aws/lambda/handler', '', ...(stack ?? '').split('\n').slice(1)].join('\n').trimEnd();
}
