import { createRequire } from 'node:module';
import { join } from 'node:path';
import { taskTimedOut, type LambdaAccount } from './lambda-account';
import { MAX_INPUT_BYTES, tooLong, type WaiterRetry } from './step-functions';
import type { PublicUrl } from '../../../lambda/clients/public-url';
import type { OnEventResponse } from '../../../lambda/shared/events/event';
import type { Handlers, IsCompleteResponse } from '../../../lambda/shared/events/event-handlers';
import type { Log } from '../../../lambda/shared/log';
import type { LightsailEmulator, SteppedClock } from '../../emulator';
import type { SynthesizedStack } from '../apps/template';
import type { CloudFormationApi } from '../aws/cloudformation-api';
import { DirectClient, type DirectServer } from '../aws/direct-client';
import { cloudFormationServer, lightsailServer, sourceServer } from '../aws/direct-servers';
import type { FakeSecretSources } from '../aws/fake-secret-sources';
import type { ImageRegistries } from '../aws/image-registries';
import { Crashed, type Crashes, type FunctionName } from '../faults/crashes';

/** The exports of the bundled handler, found in the assets of a synthesized app. */
type Bundle = typeof import('../../../lambda');
type ImageBundle = typeof import('../../../lambda/image-index');

/** The bundled handler of images. */
const IMAGE_HANDLER = join(__dirname, '..', '..', '..', 'assets', 'image-handler', 'index.js');
const IMAGE_TYPE = 'Custom::LightsailContainerImage';
const IMAGE_TIMEOUT_SECONDS = 900;

export interface Event {
  readonly RequestType: 'Create' | 'Update' | 'Delete';
  readonly RequestId: string;
  readonly ResponseURL: string;
  readonly StackId: string;
  readonly ResourceType: string;
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

/** An event whose first half is done. */
export interface Waiter {
  /** What onEvent answered; undefined if that was the end of it. */
  readonly begun?: OnEventResponse;
  /** Goes on to the answer. */
  answer(): Promise<Answer>;
}

/** Delivers events to the handler, and brings back the answers. */
export interface Provider {
  /** Carries one event to its answer. */
  handle(event: Event): Promise<Answer>;
  /** Carries one event to where the waiter waits, or to its answer if that comes before. */
  start(event: Event): Promise<Waiter>;
}

/** Sees one delivery of an event from its start to its answer. */
export interface DeliveryObserver {
  invoking<T>(functionName: FunctionName, handle: () => Promise<T>): Promise<T>;
  crashed(victim: Crashed['victim']): void;
  begun(begun: OnEventResponse): void;
  answered(answer: Answer): void;
}

/** Sees all that the framework does. */
export interface Observer {
  readonly log: Log;
  delivering(event: Event): DeliveryObserver;
}

export interface World {
  readonly emulator: LightsailEmulator<SteppedClock>;
  readonly api: CloudFormationApi;
  readonly sources: FakeSecretSources;
  readonly crashes: Crashes;
  readonly publicUrl: PublicUrl;
  /** Where images come from and go to. Default: there are none */
  readonly registries?: ImageRegistries;
  /** Whether the handler calls through the SDK and sockets, or directly, which is quicker and the same each time. */
  readonly transport: 'sockets' | 'direct';
  readonly observer?: Observer;
  /** Where functions run, if the Provider framework runs with its own code. Default: a simulation of the framework, without a quota */
  readonly lambda?: LambdaAccount;
}

const CREATE_FAILED = 'AWSCDK::CustomResourceProviderFramework::CREATE_FAILED';
/** CloudFormation invokes a function without waiting for it, and Lambda repeats an invocation that crashes: twice, after these pauses. */
const INVOCATION_RETRIES_MS = [60_000, 120_000];

/** The handler of a synthesized app, with the services of the test's world. */
export function handlersOf(template: SynthesizedStack, world: World): Handlers {
  const bundle: Bundle = createRequire(__filename)(template.handlerFile);
  const { emulator, publicUrl, observer } = world;
  return forBothEntries((functionName) => {
    const { crashable, config, clientOf, toSources } = clientsOf(world, functionName);
    return bundle.createHandlers({
      clock: emulator.clock,
      log: observer?.log ?? (() => undefined),
      publicUrl,
      lightsail: crashable(bundle.sdkLightsail({ ...config, endpoint: emulator.url }, clientOf(lightsailServer))),
      cloudFormation: crashable(bundle.sdkCloudFormation({ ...config, endpoint: world.api.url }, clientOf(cloudFormationServer))),
      secrets: crashable(bundle.sdkSecrets(toSources, clientOf(sourceServer), clientOf(sourceServer))),
      ecr: crashable(bundle.sdkEcr(toSources, clientOf(sourceServer))),
    });
  });
}

/** The handler of images, with the same services, and registries in memory. */
export function imageHandlersOf(world: World): Handlers {
  const bundle: ImageBundle = createRequire(__filename)(IMAGE_HANDLER);
  const { emulator, observer, registries } = world;
  if (!registries) throw new Error('Start the cloud with registries, so that it can copy images');

  return forBothEntries((functionName) => {
    const { crashable, config, clientOf, toSources } = clientsOf(world, functionName);
    return bundle.createHandlers({
      clock: emulator.clock,
      log: observer?.log ?? (() => undefined),
      images: crashable(bundle.sdkLightsailImages({ ...config, endpoint: emulator.url }, clientOf(lightsailServer))),
      cloudFormation: crashable(bundle.sdkCloudFormation({ ...config, endpoint: world.api.url }, clientOf(cloudFormationServer))),
      secrets: crashable(bundle.sdkSecrets(toSources, clientOf(sourceServer), clientOf(sourceServer))),
      ecrLogin: crashable(bundle.sdkEcrLogin(toSources, clientOf(sourceServer))),
      copier: crashable(registries.copier(bundle, emulator.clock)),
    });
  });
}

function forBothEntries(handlers: (functionName: FunctionName) => Handlers): Handlers {
  return { onEvent: handlers('onEvent').onEvent, isComplete: handlers('isComplete').isComplete };
}

/** What the clients of a function need to call the test's world, through sockets or directly. */
function clientsOf({ emulator, api, sources, crashes, transport }: World, functionName: FunctionName) {
  const config = { region: 'us-east-1', credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' }, userAgentAppId: functionName };
  const servers = new Map<unknown, () => DirectServer>([
    [lightsailServer, () => lightsailServer(emulator, functionName)],
    [cloudFormationServer, () => cloudFormationServer(api, functionName)],
    [sourceServer, () => sourceServer(sources, functionName)],
  ]);
  return {
    config,
    toSources: { ...config, endpoint: sources.url },
    crashable: <T extends object>(client: T) => crashes.crashable(client),
    clientOf: <T>(server: unknown) => (transport === 'direct'
      ? (clientConfig: object) => new DirectClient(servers.get(server)!(), emulator.clock, clientConfig) as T : undefined),
  };
}

/** What the Provider framework of aws-cdk-lib does around the handler: onEvent once, then isComplete until it is. */
export class ProviderFramework implements Provider {
  private readonly handlers: Handlers;
  private imageHandlers?: Handlers;
  private readonly timeoutSeconds: number;
  private readonly waiter: WaiterRetry;

  constructor(template: SynthesizedStack, private readonly world: World) {
    this.handlers = handlersOf(template, world);
    this.timeoutSeconds = template.handlerTimeoutSeconds;
    this.waiter = template.waiter;
  }

  /** Carries one event to its answer. */
  public async handle(event: Event): Promise<Answer> {
    return (await this.start(event)).answer();
  }

  private handlersFor({ ResourceType }: Event): Handlers {
    return ResourceType === IMAGE_TYPE ? this.imageHandlers ??= imageHandlersOf(this.world) : this.handlers;
  }

  /** Carries one event to where the waiter waits, or to its answer if that comes before. */
  public async start(event: Event): Promise<Waiter> {
    const delivery = this.world.observer?.delivering(event);
    const answering = (answer: Answer): Waiter => ({
      answer: async () => {
        delivery?.answered(answer);
        return answer;
      },
    });
    if (event.RequestType === 'Delete' && event.PhysicalResourceId === CREATE_FAILED) {
      return answering({ status: 'SUCCESS', physicalResourceId: CREATE_FAILED });
    }
    for (const pause of [...INVOCATION_RETRIES_MS, undefined]) {
      try {
        const begun = await this.begin(event, delivery);
        if (Buffer.byteLength(JSON.stringify({ ...event, ...begun })) > MAX_INPUT_BYTES) throw tooLong();
        return { begun, answer: () => this.finish(event, begun, delivery) };
      } catch (error) {
        if (!(error instanceof Crashed)) {
          return answering({ status: 'FAILED', physicalResourceId: event.PhysicalResourceId ?? CREATE_FAILED, reason: reasonOf(error) });
        }
        if (pause !== undefined) await this.world.emulator.clock.sleep(pause);
      }
    }
    throw new Error('CloudFormation gets no answer: the framework crashed each time that it was invoked');
  }

  /** The first half, without the waiter. */
  public async begin(event: Event, delivery?: DeliveryObserver): Promise<OnEventResponse> {
    const begun = await this.invoke(event, 'onEvent', () => this.handlersFor(event).onEvent(structuredClone(event)), delivery);
    delivery?.begun(begun);
    return begun;
  }

  /** The second half: the waiter. */
  public async finish(event: Event, begun: OnEventResponse, delivery?: DeliveryObserver): Promise<Answer> {
    const answer = await this.wait(event, begun, delivery);
    delivery?.answered(answer);
    return answer;
  }

  private async wait(event: Event, begun: OnEventResponse, delivery?: DeliveryObserver): Promise<Answer> {
    const waiterInput = JSON.stringify({ ...event, ...begun });
    const { IntervalSeconds, MaxAttempts, BackoffRate } = this.waiter;
    for (let attempt = 0; ; attempt++) {
      try {
        const outcome: IsCompleteResponse = await this.invoke(event, 'isComplete', () => this.handlersFor(event).isComplete(JSON.parse(waiterInput)), delivery);
        if (outcome.IsComplete) {
          return { status: 'SUCCESS', physicalResourceId: begun.PhysicalResourceId, data: outcome.Data && { ...outcome.Data } };
        }
      } catch (error) {
        // The state machine tries again what ends without an answer, with the same input.
        if (!(error instanceof Crashed)) {
          return { status: 'FAILED', physicalResourceId: begun.PhysicalResourceId, reason: reasonOf(error) };
        }
      }
      if (attempt >= MaxAttempts) return { status: 'FAILED', physicalResourceId: begun.PhysicalResourceId, reason: 'Operation timed out' };
      await this.world.emulator.clock.sleep(IntervalSeconds * 1000 * BackoffRate ** attempt);
    }
  }

  private async invoke<T>({ ResourceType }: Event, functionName: FunctionName, handle: () => Promise<T>, delivery?: DeliveryObserver): Promise<T> {
    const { crashes, emulator: { clock } } = this.world;
    const timeoutSeconds = ResourceType === IMAGE_TYPE ? IMAGE_TIMEOUT_SECONDS : this.timeoutSeconds;
    const timesOutAt = clock.now() + timeoutSeconds * 1000;
    const run = () => crashes.invoke(functionName, handle);
    try {
      return await (delivery ? delivery.invoking(functionName, run) : run());
    } catch (error) {
      if (!(error instanceof Crashed)) throw error;
      delivery?.crashed(error.victim);
      if (error.victim === 'framework') throw error;
      await clock.sleep(Math.max(0, timesOutAt - clock.now()));
      throw taskTimedOut(clock.now(), timeoutSeconds);
    }
  }
}

/** Lambda gives the framework the error's message and stack, which become the reason so. */
function reasonOf(error: unknown): string {
  const { message, stack } = error as Error;
  return [message, '', 'Logs: /aws/lambda/handler', '', ...(stack ?? '').split('\n').slice(1)].join('\n').trimEnd();
}
