import { AsyncLocalStorage } from 'node:async_hooks';
import type { OnEventResponse } from '../../../lambda/shared/events/event';
import type { ContainerImageShape, ContainerServiceShape, DeploymentShape, LightsailEmulator, RequestRecord, SteppedClock } from '../../emulator';
import type { CloudFormationApi } from '../aws/cloudformation-api';
import type { FakeSecretSources, ValueReference } from '../aws/fake-secret-sources';
import { CloudFormation, type CloudFormationOptions } from '../cloudformation/cloudformation';
import type { Answer, DeliveryObserver, Event, Observer } from '../cloudformation/provider-framework';
import type { FunctionName } from '../faults/crashes';

export interface Invocation {
  readonly function: FunctionName;
  readonly at: number;
  endedAt?: number;
  crashed?: 'handler' | 'framework';
}

/** One delivery of an event, and what came of it. */
export interface Delivery {
  readonly event: Event;
  readonly at: number;
  /** Whether the stack was on its way back. */
  readonly isRollBack: boolean;
  /** The service that the event names, before. */
  readonly before?: ContainerServiceShape;
  readonly invocations: Invocation[];
  begun?: OnEventResponse;
  /** The state of the service in the last answer. */
  lastReportedState?: string;
}

export interface Delivered {
  readonly kind: 'delivered';
  readonly delivery: Delivery;
}

/** A request that Lightsail carried out, with or without an answer. */
export interface Effect {
  readonly kind: 'effect';
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly by: Delivery;
  readonly requestedAt: number;
  readonly at: number;
  /** Whether it was carried out when no answer was to come any more. */
  readonly isLate: boolean;
  /** The state of the service in the last answer to the delivery. */
  readonly lastReportedState?: string;
  /** Whether someone else has made a version since the request. */
  readonly isOutrun: boolean;
  /** The service right after that. */
  readonly service?: ContainerServiceShape;
}

export interface Answered {
  readonly kind: 'answered';
  readonly delivery: Delivery;
  readonly answer: Answer;
  readonly at: number;
  /** The service that the event names, and its deployments, when the answer came. */
  readonly service?: ContainerServiceShape;
  readonly deployments: DeploymentShape[];
  /** The images that are registered on it. */
  readonly images: ContainerImageShape[];
}

export type Entry = Delivered | Effect | Answered;

export interface RecordedCloud {
  readonly cloud: CloudFormation;
  readonly recorder: Recorder;
  stop(): Promise<void>;
}

/** One for all: Node.js keeps every storage that was ever used, and asks each of them with every promise. */
const currentDelivery = new AsyncLocalStorage<Delivery>();

/** Records what the handler received, did, answered and logged. */
export class Recorder implements Observer {
  /** A cloud that calls the handler directly, with a recorder beside it. */
  public static async start(options: Omit<CloudFormationOptions, 'transport' | 'observer' | 'onRequest' | 'onEffect'> = {}): Promise<RecordedCloud> {
    const recorder = new Recorder();
    const onRejection = (error: unknown) => recorder.unhandled.push(error);
    process.on('unhandledRejection', onRejection);
    const cloud = await CloudFormation.start({
      ...options,
      transport: 'direct',
      observer: recorder,
      onRequest: (record) => recorder.requested(record),
      onEffect: (record) => recorder.carriedOut(record),
    });
    recorder.emulator = cloud.emulator;
    recorder.api = cloud.api;
    recorder.sources = cloud.sources;
    return {
      cloud,
      recorder,
      stop: async () => {
        await cloud.stop();
        process.off('unhandledRejection', onRejection);
      },
    };
  }

  /** In the order in which it happened. */
  public readonly chronicle: Entry[] = [];
  /** What was logged, as JSON. */
  public readonly lines: string[] = [];
  public readonly unhandled: unknown[] = [];
  /** Called with every answer, before CloudFormation does anything about it. */
  public onAnswer?: (answered: Answered) => void;
  /** Who made a request that is answered, or is not going to be, and the newest version then. */
  private readonly askedBy = new WeakMap<RequestRecord, { readonly delivery: Delivery; readonly newest: number }>();
  private emulator!: LightsailEmulator<SteppedClock>;
  private api!: CloudFormationApi;
  private sources!: FakeSecretSources;

  private constructor() {}

  public readonly log: Observer['log'] = (message, fields) => {
    this.lines.push(JSON.stringify({ message, ...fields }));
  };

  /** The values that there were to read since then. */
  public readonly values = (reference: ValueReference, since: number): readonly string[] => this.sources.valuesSince(reference, since);

  public delivering(event: Event): DeliveryObserver {
    const { clock } = this.emulator;
    const delivery: Delivery = {
      event,
      at: clock.now(),
      isRollBack: /ROLLBACK/.test(this.api.stateOf(event.StackId) ?? ''),
      before: this.emulator.service(serviceNameOf(event)),
      invocations: [],
    };
    this.chronicle.push({ kind: 'delivered', delivery });
    return {
      invoking: async (functionName, handle) => {
        const invocation: Invocation = { function: functionName, at: clock.now() };
        delivery.invocations.push(invocation);
        try {
          return await currentDelivery.run(delivery, handle);
        } finally {
          invocation.endedAt = clock.now();
        }
      },
      crashed: (victim) => {
        delivery.invocations[delivery.invocations.length - 1].crashed = victim;
      },
      begun: (begun) => {
        delivery.begun = begun;
      },
      answered: (answer) => {
        const serviceName = serviceNameOf(event);
        const answered: Answered = {
          kind: 'answered',
          delivery,
          answer,
          at: clock.now(),
          service: this.emulator.service(serviceName),
          deployments: this.emulator.deployments(serviceName),
          images: this.emulator.images(serviceName),
        };
        this.chronicle.push(answered);
        this.onAnswer?.(answered);
      },
    };
  }

  public requested(record: RequestRecord): void {
    const delivery = currentDelivery.getStore();
    if (!delivery) return;
    this.askedBy.set(record, { delivery, newest: this.newestVersion(record) });
    if (record.operation === 'GetContainerServices' && record.outcome?.status === 200) delivery.lastReportedState = this.serviceOf(record)?.state;
  }

  /** A late effect happens during another caller's request. */
  public carriedOut(record: RequestRecord): void {
    const { operation, input } = record;
    const asked = this.askedBy.get(record);
    const by = asked?.delivery ?? currentDelivery.getStore();
    if (operation.startsWith('Get') || !by) return;

    const isMade = operation === 'CreateContainerServiceDeployment';
    this.chronicle.push({
      kind: 'effect',
      operation,
      input,
      by,
      requestedAt: record.at,
      at: this.emulator.clock.now(),
      lastReportedState: by.lastReportedState,
      isLate: asked !== undefined,
      isOutrun: isMade && asked !== undefined && this.newestVersion(record) > asked.newest + 1,
      service: this.serviceOf(record),
    });
  }

  private serviceOf({ input }: RequestRecord): ContainerServiceShape | undefined {
    return this.emulator.service(String(input.serviceName ?? input.resourceName));
  }

  private newestVersion({ input }: RequestRecord): number {
    return Math.max(0, ...this.emulator.deployments(String(input.serviceName ?? input.resourceName)).map(({ version }) => version));
  }
}

/** Whether a newer event of the resource started during a request, which cannot be undone, see decisions/0009. */
export function isOvertakenUnderWay(effect: Effect, chronicle: readonly Entry[]): boolean {
  return chronicle.slice(0, chronicle.indexOf(effect)).some((entry) => entry.kind === 'delivered' && entry.delivery.at >= effect.requestedAt
    && resourceOf(entry.delivery.event) === resourceOf(effect.by.event) && intentOf(entry.delivery.event) !== intentOf(effect.by.event));
}

/** The intent that an event stands for, however often it is delivered. */
export function intentOf({ StackId, RequestId }: Event): string {
  return `${StackId} ${RequestId}`;
}

/** The resource that an event is about. */
export function resourceOf({ StackId, LogicalResourceId }: Event): string {
  return `${StackId} ${LogicalResourceId}`;
}

/** Of an event that may be none. */
export function serviceNameOf({ ResourceProperties }: Partial<Event>): string {
  return String(ResourceProperties?.ServiceName);
}

/** What happened, one line for each entry, to investigate a failure. */
export function describeChronicle(chronicle: readonly Entry[]): string[] {
  const [first] = chronicle;
  const start = first?.kind === 'delivered' ? first.delivery.at : 0;
  const seconds = (at: number) => `${((at - start) / 1000).toFixed(1).padStart(8)} s`;
  const name = ({ event, isRollBack }: Delivery) => `${event.StackId.split('/')[1]}: ${event.RequestType} ${event.RequestId} of ${event.LogicalResourceId}`
    + ` on ${serviceNameOf(event)}${isRollBack ? ', rolling back' : ''}`;
  return chronicle.map((entry) => {
    switch (entry.kind) {
      case 'delivered': {
        const { ServiceName: _, ServiceToken: __, ...properties } = entry.delivery.event.ResourceProperties;
        return `${seconds(entry.delivery.at)}  ${name(entry.delivery)} delivered: ${JSON.stringify(properties)}, while the service is ${described(entry.delivery.before)}`;
      }
      case 'effect':
        return `${seconds(entry.at)}  ${name(entry.by)} does ${entry.operation}: the service is ${described(entry.service)}`;
      case 'answered':
        return `${seconds(entry.at)}  ${name(entry.delivery)} answered ${entry.answer.status} ${entry.answer.reason ?? String(entry.answer.data?.DeploymentVersion ?? '')}`
          + `, while the service is ${described(entry.service)}`;
    }
  });
}

function described(service: ContainerServiceShape | undefined): string {
  if (!service) return 'not there';
  const { state, currentDeployment: current, nextDeployment: next, tags } = service;
  return `${state}${current ? `, current ${current.version} ${current.state}` : ''}${next ? `, next ${next.version} ${next.state}` : ''}${tags.map(({ value }) => `, tag ${value}`).join('')}`;
}
