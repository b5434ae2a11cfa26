import { PLAIN_TYPES, type PlainResource } from './plain-resources';
import { LightsailEmulator, SteppedClock, type EmulatorOptions } from '../../emulator';
import { asStrings, resolve, type Resource, type SynthesizedStack } from '../apps/template';
import { CloudFormationApi } from '../aws/cloudformation-api';
import { FakePublicUrl } from '../aws/fake-public-url';
import { FakeSecretSources } from '../aws/fake-secret-sources';
import { ProviderFramework, type Answer, type Event, type World } from '../cloudformation/provider-framework';
import { StackStatus, type EndedStackState } from '../cloudformation/stack-status';
import { Crashes, type Crash } from '../faults/crashes';

export type Template = Readonly<Record<string, Resource>>;
type Properties = Record<string, unknown>;

/** What CloudFormation believes of a resource. */
export interface Deployed {
  readonly type: string;
  readonly physicalId: string;
  readonly properties: Properties;
  readonly attributes: Readonly<Record<string, unknown>>;
}

export interface DriverEvent {
  readonly logicalId: string;
  readonly action: 'Create' | 'Update' | 'Delete';
  readonly physicalId: string;
  readonly error?: string;
}

export interface DriverOutcome {
  readonly status: EndedStackState;
  readonly reason?: string;
  readonly events: readonly DriverEvent[];
}

export interface Cancellation {
  /** The custom resource that the stack waits for. */
  readonly logicalId: string;
  /** How long after its event came. */
  readonly afterMs: number;
}

interface Change {
  readonly before: ReadonlyMap<string, Deployed>;
  readonly oldOrder: readonly string[];
  readonly order: readonly string[];
  readonly events: DriverEvent[];
  /** What a replacement leaves: the old one, or after a rollback the new one. */
  readonly replaced: Array<[logicalId: string, deployed: Deployed]>;
}

/** A custom resource that answered FAILED, as CloudFormation has it in mind after that. */
class FailedAnswer extends Error {
  constructor(reason: string, public readonly tried: Deployed) {
    super(reason);
  }
}

/** Longer answers than that CloudFormation does not take. */
const MAX_ANSWER_BYTES = 4_096;

/**
 * A stack in which plain resources stand between custom resources: each is created or updated after those that it refers to. Replacements and what the
 * template lacks are deleted at the end, in the opposite order. On a failure the stack goes back.
 */
export class StackDriver {
  public static async start(
    stack: SynthesizedStack,
    options: Pick<EmulatorOptions, 'timings' | 'limits' | 'missingCertificate' | 'validationRecords'> & { transport?: World['transport'] } = {},
  ): Promise<StackDriver> {
    const { transport = 'direct', ...emulatorOptions } = options;
    const clock = new SteppedClock();
    const emulator = await LightsailEmulator.start({ ...emulatorOptions, clock });
    const api = await CloudFormationApi.start(clock);
    const sources = await FakeSecretSources.start(clock);
    const logged: Properties[] = [];
    const log: NonNullable<World['observer']>['log'] = (message, fields) => { logged.push({ message, ...fields }); };
    const nothing = () => undefined;
    const silent = { invoking: async <T>(_: unknown, handle: () => Promise<T>) => handle(), crashed: nothing, begun: nothing, answered: nothing };
    const observer = { log, delivering: () => silent };
    const world: World = { emulator, api, sources, crashes: new Crashes(), publicUrl: new FakePublicUrl(emulator), transport, observer };
    return new StackDriver(world, stack, logged);
  }

  public readonly emulator: LightsailEmulator<SteppedClock>;
  public readonly api: CloudFormationApi;
  /** Every event of a custom resource so far. */
  public readonly delivered: Event[] = [];
  private readonly deployed = new Map<string, Deployed>();
  private order: readonly string[] = [];
  private readonly status: StackStatus;
  private readonly framework: ProviderFramework;
  private requests = 0;

  private constructor(private readonly world: World, stack: SynthesizedStack, public readonly logged: readonly Properties[]) {
    this.emulator = world.emulator;
    this.api = world.api;
    this.status = new StackStatus('Stack', this.emulator.clock);
    this.api.add(this.status);
    this.framework = new ProviderFramework(stack, world);
  }

  /** Called when an event is about to be delivered. */
  public onEvent: (event: Event) => void = () => undefined;
  /** Called when a custom resource has answered FAILED. */
  public onFailed: () => void = () => undefined;

  public async stop(): Promise<void> {
    await this.emulator.stop();
    await this.api.stop();
    await this.world.sources.stop();
  }

  public get resources(): ReadonlyMap<string, Deployed> {
    return this.deployed;
  }

  public planCrash(crash: Crash): void {
    this.world.crashes.plan(crash);
  }

  /** Whether every planned crash has happened. */
  public get hasCrashed(): boolean {
    return this.world.crashes.haveHappened;
  }

  /** What the handler called, of Lightsail and of CloudFormation. */
  public get called(): string[] {
    const requests = [...this.emulator.requests, ...this.api.requests].filter(({ functionTag }) => functionTag !== undefined);
    return [...new Set(requests.map(({ operation }) => operation))].sort();
  }

  /** Delivers an event once more: CloudFormation does not know. */
  public async redeliver(event: Event): Promise<Answer> {
    return this.framework.handle(event);
  }

  /** @param cancellation the user cancels while the stack waits. The waiter goes on, and may be called after that */
  public async deploy(template: Template, cancellation?: Cancellation): Promise<DriverOutcome & { readonly orphan?: () => Promise<Answer> }> {
    const change = { before: new Map(this.deployed), oldOrder: this.order, order: ordered(template), events: [], replaced: [] } satisfies Change;
    const isUpdate = change.before.size > 0;
    this.status.state = isUpdate ? 'UPDATE_IN_PROGRESS' : 'CREATE_IN_PROGRESS';
    for (const logicalId of change.order) {
      const { Type, Properties: given = {} } = template[logicalId];
      try {
        const properties = this.resolved(given);
        if (cancellation?.logicalId === logicalId) return await this.cancel(change, logicalId, Type, properties, cancellation.afterMs);
        await this.put(change, logicalId, Type, properties);
      } catch (error) {
        return this.rollBack(change, `${logicalId}: ${(error as Error).message}`);
      }
    }
    if (isUpdate) this.status.state = 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS';
    const removed = change.oldOrder.filter((logicalId) => !(logicalId in template))
      .map((logicalId): [string, Deployed] => [logicalId, change.before.get(logicalId)!]);
    await this.cleanUp(change, [...change.replaced, ...removed], change.oldOrder);
    removed.forEach(([logicalId]) => this.deployed.delete(logicalId));
    this.order = change.order;
    return this.end(isUpdate ? 'UPDATE_COMPLETE' : 'CREATE_COMPLETE', change);
  }

  public async delete(): Promise<DriverOutcome> {
    const change: Change = { before: new Map(this.deployed), oldOrder: this.order, order: this.order, events: [], replaced: [] };
    this.status.state = 'DELETE_IN_PROGRESS';
    for (const logicalId of [...this.order].reverse()) {
      const deployed = this.deployed.get(logicalId);
      if (!deployed) continue;
      const error = await this.remove(change, logicalId, deployed);
      if (error !== undefined) return this.end('DELETE_FAILED', change, `${logicalId}: ${error}`);
      this.deployed.delete(logicalId);
    }
    this.order = [];
    return this.end('DELETE_COMPLETE', change);
  }

  private async put(change: Change, logicalId: string, type: string, properties: Properties): Promise<void> {
    const old = this.deployed.get(logicalId);
    if (old && isSame(old.properties, properties)) return;

    const action = old ? 'Update' : 'Create';
    try {
      const next = await this.carryOut(logicalId, type, action, properties, old);
      change.events.push({ logicalId, action, physicalId: next.physicalId });
      if (old && old.physicalId !== next.physicalId) change.replaced.push([logicalId, old]);
      this.deployed.set(logicalId, next);
    } catch (error) {
      // CloudFormation also leads back what has just failed.
      if (error instanceof FailedAnswer) this.deployed.set(logicalId, error.tried);
      change.events.push({ logicalId, action, physicalId: old?.physicalId ?? '', error: (error as Error).message });
      throw error;
    }
  }

  private async carryOut(
    logicalId: string, type: string, action: 'Create' | 'Update', properties: Properties, old?: Deployed,
  ): Promise<Deployed> {
    const plain: PlainResource | undefined = PLAIN_TYPES[type];
    if (!plain) {
      const answer = await this.framework.handle(this.event(logicalId, type, action, properties, old));
      return this.taken(logicalId, type, properties, answer);
    }
    const isReplacement = old !== undefined && plain.replacing.some((name) => !isSame(old.properties[name], properties[name]));
    const made = await (old && !isReplacement ? plain.update(this.emulator, properties, old.properties) : plain.create(this.emulator, properties));
    return { type, properties, ...made };
  }

  private taken(logicalId: string, type: string, properties: Properties, answer: Answer): Deployed {
    this.status.end(logicalId, answer.status === 'SUCCESS' ? 'COMPLETE' : 'FAILED');
    const tried = { type, physicalId: answer.physicalResourceId!, properties, attributes: answer.data ?? {} };
    if (answer.status === 'FAILED') this.onFailed();
    if (answer.status === 'FAILED') throw new FailedAnswer(answer.reason!, tried);

    const bytes = Buffer.byteLength(JSON.stringify({ ...answer, StackId: this.status.stackId, LogicalResourceId: logicalId }));
    if (bytes > MAX_ANSWER_BYTES) throw new FailedAnswer('Response object is too long.', tried);
    return tried;
  }

  private async cancel(
    change: Change, logicalId: string, type: string, properties: Properties, afterMs: number,
  ): Promise<DriverOutcome & { readonly orphan: () => Promise<Answer> }> {
    const old = this.deployed.get(logicalId);
    const waiter = await this.framework.start(this.event(logicalId, type, old ? 'Update' : 'Create', properties, old));
    await this.emulator.clock.sleep(afterMs);
    this.status.end(logicalId, 'FAILED');
    // Without an answer CloudFormation keeps the physical id that it knows, or invents one for what it cannot know.
    this.deployed.set(logicalId, { type, physicalId: old?.physicalId ?? `Stack-${logicalId}-1ABCDEF2GHIJK`, properties, attributes: {} });
    change.events.push({ logicalId, action: old ? 'Update' : 'Create', physicalId: '', error: 'cancelled' });
    return { ...await this.rollBack(change, `${logicalId}: Resource creation cancelled`), orphan: () => waiter.answer() };
  }

  private async rollBack(change: Change, reason: string): Promise<DriverOutcome> {
    const { before, oldOrder, order } = change;
    const isUpdate = before.size > 0;
    this.status.state = isUpdate ? 'UPDATE_ROLLBACK_IN_PROGRESS' : 'ROLLBACK_IN_PROGRESS';
    const leftOver: Array<[string, Deployed]> = [...this.deployed].filter(([logicalId]) => !before.has(logicalId));
    for (const logicalId of oldOrder) {
      const old = before.get(logicalId)!;
      const now = this.deployed.get(logicalId)!;
      if (now === old) continue;

      try {
        // A plain resource that was replaced is still there. A custom resource gets an Update that leads back.
        const isBack = PLAIN_TYPES[old.type] && now.physicalId !== old.physicalId;
        const next = isBack ? old : await this.carryOut(logicalId, old.type, 'Update', old.properties, now);
        change.events.push({ logicalId, action: 'Update', physicalId: next.physicalId });
        if (next.physicalId !== now.physicalId) leftOver.push([logicalId, now]);
        this.deployed.set(logicalId, next);
      } catch (error) {
        change.events.push({ logicalId, action: 'Update', physicalId: now.physicalId, error: (error as Error).message });
        return this.end('UPDATE_ROLLBACK_FAILED', change, `${reason}; ${(error as Error).message}`);
      }
    }
    if (isUpdate) this.status.state = 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS';
    const failed = await this.cleanUp(change, leftOver, order);
    leftOver.filter(([logicalId]) => !before.has(logicalId)).forEach(([logicalId]) => this.deployed.delete(logicalId));
    return this.end(isUpdate ? 'UPDATE_ROLLBACK_COMPLETE' : failed ? 'ROLLBACK_FAILED' : 'ROLLBACK_COMPLETE', change, reason);
  }

  /** Deletes what is no longer needed, in the opposite order of its creation. */
  private async cleanUp(change: Change, leftOver: ReadonlyArray<[string, Deployed]>, order: readonly string[]): Promise<boolean> {
    let hasFailed = false;
    for (const [logicalId, deployed] of [...leftOver].sort(([a], [b]) => order.indexOf(b) - order.indexOf(a))) {
      hasFailed = await this.remove(change, logicalId, deployed) !== undefined || hasFailed;
    }
    return hasFailed;
  }

  private async remove(change: Change, logicalId: string, deployed: Deployed): Promise<string | undefined> {
    const { type, physicalId, properties } = deployed;
    let error: string | undefined;
    const plain: PlainResource | undefined = PLAIN_TYPES[type];
    if (plain) {
      error = await plain.delete(this.emulator, properties).then(() => undefined, (thrown: Error) => thrown.message);
    } else {
      const answer = await this.framework.handle(this.event(logicalId, type, 'Delete', properties, deployed));
      this.status.end(logicalId, answer.status === 'SUCCESS' ? 'COMPLETE' : 'FAILED');
      error = answer.status === 'FAILED' ? answer.reason : undefined;
    }
    change.events.push({ logicalId, action: 'Delete', physicalId, ...(error === undefined ? {} : { error }) });
    return error;
  }

  private event(logicalId: string, type: string, action: Event['RequestType'], properties: Properties, old?: Deployed): Event {
    this.status.begin(logicalId, action);
    const event: Event = {
      RequestType: action,
      RequestId: `request-${++this.requests}`,
      ResponseURL: 'https://cloudformation-custom-resource-response-useast1.s3.amazonaws.com/answer?X-Amz-Signature=presigned',
      StackId: this.status.stackId,
      ResourceType: type,
      LogicalResourceId: logicalId,
      ...(old && { PhysicalResourceId: old.physicalId }),
      ResourceProperties: asStrings(properties) as Properties,
      ...(action === 'Update' && { OldResourceProperties: asStrings(old!.properties) as Properties }),
    };
    this.delivered.push(event);
    this.onEvent(event);
    return event;
  }

  private resolved(properties: Properties): Properties {
    return resolve(properties, (logicalId, attribute) => {
      const deployed = this.deployed.get(logicalId)!;
      if (attribute === undefined) return deployed.physicalId;
      const value = deployed.attributes[attribute];
      if (value === undefined) throw new Error(`CustomResource attribute error: ${logicalId} has no attribute ${attribute}`);
      return value;
    }) as Properties;
  }

  private end(status: EndedStackState, { events }: Change, reason?: string): DriverOutcome {
    this.status.state = status;
    return { status, events, ...(reason === undefined ? {} : { reason }) };
  }
}

/** Each resource after those that it needs. */
function ordered(template: Template): string[] {
  const done: string[] = [];
  const visit = (logicalId: string): void => {
    if (done.includes(logicalId)) return;
    needs(template[logicalId]).filter((other) => other in template).forEach(visit);
    done.push(logicalId);
  };
  Object.keys(template).forEach(visit);
  return done;
}

function needs({ DependsOn = [], Properties: properties = {} }: Resource): string[] {
  const found = [...DependsOn];
  resolve(properties, (logicalId) => found.push(logicalId) && '');
  return found;
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
