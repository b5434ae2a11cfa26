import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { FrameworkRuntime } from './framework-runtime';
import { LambdaAccount, type LambdaOptions } from './lambda-account';
import { handlersOf, ProviderFramework, type Answer, type Event, type Observer, type Provider, type Waiter, type World } from './provider-framework';
import { createService, updateService, type CertificateProperties, type ServiceProperties } from './service-handler';
import { StackStatus, type EndedStackState } from './stack-status';
import type { OnEventResponse } from '../../../lambda/shared/event';
import { DEFAULT_TIMINGS, LightsailEmulator, SteppedClock, type EmulatorOptions, type RequestRecord } from '../../emulator';
import { asStrings, resolve, synthesize, type Resource, type StackSource, type SynthesizedStack } from '../apps/template';
import { CloudFormationApi } from '../aws/cloudformation-api';
import { FakePublicUrl } from '../aws/fake-public-url';
import { FakeSecretSources } from '../aws/fake-secret-sources';
import type { ImageRegistries } from '../aws/image-registries';
import { Crashes, type Crash } from '../faults/crashes';

/** The types that the handlers serve: deployments, access to private repositories, and images. */
const CUSTOM = 'Custom::Lightsail';
const IMAGE_TYPE = 'Custom::LightsailContainerImage';
const CONTAINER_SERVICE = 'AWS::Lightsail::Container';
const CERTIFICATE = 'AWS::Lightsail::Certificate';

export interface StackEvent extends Answer {
  readonly requestType: Event['RequestType'];
  readonly logicalId: string;
  readonly durationSeconds: number;
}

export interface StackOutcome {
  readonly status: EndedStackState;
  readonly events: StackEvent[];
  /** Why the stack operation failed. */
  readonly reason?: string;
}

/** A stack operation of which an event is under way: onEvent has answered, and the waiter stands still. */
export interface UnderWay {
  readonly event: Event;
  /** What onEvent answered; undefined if it failed. */
  readonly begun?: OnEventResponse;
  /** Lets the waiter reach its answer, which CloudFormation ignores: the waiter is an orphan. */
  wait(): Promise<Answer>;
  /** Lets the waiter go on to its answer, and CloudFormation to the end of the stack operation. */
  finish(): Promise<StackOutcome>;
}

export interface CancellableUnderWay extends UnderWay {
  /** CloudFormation stops listening and rolls back. The waiter does not notice. */
  cancel(): Cancelled;
}

/** A stack operation whose first event is not delivered yet. */
export interface Prepared {
  readonly event: Event;
  /** Delivers the event, once, and carries it to its answer. */
  answer(): Promise<Answer>;
  /** Carries the event to its answer, and CloudFormation to the end of the stack operation. */
  finish(): Promise<StackOutcome>;
  /** CloudFormation stops listening and rolls back. The functions that process the event do not notice. */
  cancel(): Cancelled;
}

/** What follows a cancellation, beside the orphan: the rollback, which has not begun. */
export interface Cancelled {
  /** Sends the first event of the rollback. */
  beginRollBack(): Promise<UnderWay>;
  /** Runs the rollback to its end. */
  rollBack(): Promise<StackOutcome>;
}

/** A deployment that CloudFormation believes in. */
export interface Deployed {
  readonly physicalId: string;
  readonly properties: Record<string, unknown>;
  readonly data: Record<string, unknown>;
  /** The properties as the template has them. Absent: they refer to nothing that may change */
  readonly template?: Record<string, unknown>;
}

/** A create or an update of the stack. */
interface StackChange {
  readonly template: SynthesizedStack;
  readonly isUpdate: boolean;
  readonly before: ReadonlyMap<string, Deployed>;
  /** The properties as the template has them, each resource after those that it refers to. */
  readonly wanted: ReadonlyMap<string, Record<string, unknown>>;
  readonly events: StackEvent[];
  /** The services that are updated or replaced first, as they were before, by logical id. */
  readonly changedServices: Map<string, ServiceProperties>;
}

/** What went wrong: the resource as CloudFormation has it in mind after that. */
interface Failed {
  readonly logicalId: string;
  readonly tried: Deployed;
  readonly reason?: string;
}

export interface CloudFormationOptions extends Pick<EmulatorOptions, 'limits' | 'timings' | 'onRequest' | 'onEffect' | 'showsStateDetail' | 'normalization'> {
  /** Default: sockets */
  readonly transport?: World['transport'];
  /** Where images come from and go to. Default: there are none */
  readonly registries?: ImageRegistries;
  readonly observer?: Observer;
  /** Runs the Provider framework's own code on a Lambda with a quota, instead of the simulation. Then only `deploy` and `delete` work. */
  readonly lambda?: LambdaOptions;
}

interface Sent {
  readonly event: Event;
  readonly properties: Record<string, unknown>;
  /** The properties as the template has them. */
  readonly template?: Record<string, unknown>;
  readonly begunAt: number;
  readonly waiter: Waiter;
}

/**
 * Runs the bundled handler of a synthesized app through the order of events that CloudFormation
 * documents, against the emulator, on a clock that moves only when something sleeps.
 */
export class CloudFormation {
  public static async start({ transport = 'sockets', observer, registries, lambda: lambdaOptions, ...options }: CloudFormationOptions = {}): Promise<CloudFormation> {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'lifecycle-'));
    const clock = new SteppedClock();
    const emulator = await LightsailEmulator.start({ ...options, registry: registries?.ofLightsail, clock });
    const api = await CloudFormationApi.start(clock);
    const sources = await FakeSecretSources.start(clock);
    const lambda = lambdaOptions && new LambdaAccount(clock, lambdaOptions);
    const world = { emulator, api, sources, crashes: new Crashes(), publicUrl: new FakePublicUrl(emulator), registries, transport, observer, lambda };
    return new CloudFormation('Stack', world, folder);
  }

  public readonly emulator: LightsailEmulator<SteppedClock>;
  /** What the handler asks CloudFormation, and what goes wrong with that. */
  public readonly api: CloudFormationApi;
  /** Where the handler reads what it deploys from, and what goes wrong with that. */
  public readonly sources: FakeSecretSources;
  /** Where functions run, if the framework runs with its own code. */
  public readonly lambda?: LambdaAccount;
  /** What answers at the public URLs. */
  public readonly publicUrl: FakePublicUrl;
  private readonly stack: StackStatus;
  private readonly deployed = new Map<string, Deployed>();
  private readonly services = new Map<string, string>();
  /** The services of the template that was deployed last, by logical id. */
  private readonly deployedServices = new Map<string, ServiceProperties>();
  /** Whether the stack held container services before it held deployments. */
  private hadServices = false;
  private framework?: Provider;
  private requests = 0;

  private constructor(stackName: string, private readonly world: World & { readonly publicUrl: FakePublicUrl }, private readonly folder: string) {
    this.emulator = world.emulator;
    this.api = world.api;
    this.sources = world.sources;
    this.lambda = world.lambda;
    this.publicUrl = world.publicUrl;
    this.stack = new StackStatus(stackName, this.emulator.clock);
    this.api.add(this.stack);
  }

  /** A stack of another name beside this one, or of the same name after it, with the same container services in reach. */
  public anotherStack(stackName: string): CloudFormation {
    return new CloudFormation(stackName, this.world, this.folder);
  }

  public async stop(): Promise<void> {
    await this.emulator.stop();
    await this.api.stop();
    await this.sources.stop();
    fs.rmSync(this.folder, { recursive: true, force: true });
  }

  public get stackId(): string {
    return this.stack.stackId;
  }

  public get provider(): ProviderFramework {
    if (!(this.framework instanceof ProviderFramework)) throw new Error('Nothing was synthesized yet, or the framework runs with its own code');
    return this.framework;
  }

  /** How often the state machine of the framework entered a state. */
  public get transitions(): number {
    return this.framework instanceof FrameworkRuntime ? this.framework.stateMachine.transitions : 0;
  }

  /** The deployments that the stack holds, by logical id, as CloudFormation has them in mind. */
  public get assumed(): ReadonlyMap<string, Deployed> {
    return this.deployed;
  }

  /** The versions of a service, with their states. */
  public versions(serviceName = 'web'): Record<number, string> {
    return Object.fromEntries(this.emulator.deployments(serviceName).map(({ version, state }) => [version, state]));
  }

  /** What was requested of Lightsail with an operation. */
  public calls(operation: string): RequestRecord[] {
    return this.emulator.requests.filter((request) => request.operation === operation);
  }

  /** Lets a function end without an answer at a point that is yet to come. */
  public planCrash(crash: Crash): void {
    this.world.crashes.plan(crash);
  }

  /** Cancels the crashes that have not happened. */
  public cancelCrashes(): void {
    this.world.crashes.clear();
  }

  public synthesize(source: StackSource): SynthesizedStack {
    return typeof source === 'function' ? synthesize(this.folder, source) : source;
  }

  /** Creates a stack that has container services and no deployments, as AWS's own handler does. */
  public async createServicesOnly(resources: Readonly<Record<string, Resource>>): Promise<void> {
    for (const [, properties] of servicesOf({ resources })) await createService(this.emulator, properties);
    this.hold(resources);
  }

  /** Updates a stack that has container services and no deployments, as AWS's own handler does. */
  public async updateServicesOnly(resources: Readonly<Record<string, Resource>>): Promise<void> {
    for (const [, properties] of servicesOf({ resources })) await updateService(this.emulator, properties);
    this.hold(resources);
  }

  /**
   * Imports container services into the stack: CloudFormation reads them, and changes nothing.
   *
   * @throws as CloudFormation does, for a resource without a deletion policy, of another type, or that is missing
   */
  public importServices(resources: Readonly<Record<string, Resource>>): void {
    const others = Object.entries(resources).filter(([, { Type }]) => Type !== CONTAINER_SERVICE && Type !== 'AWS::CDK::Metadata');
    if (others.length > 0) throw new Error(`An import creates nothing, but these are new: ${others.map(([logicalId]) => logicalId).join(', ')}`);
    for (const [logicalId, { ServiceName }] of servicesOf({ resources })) {
      if (resources[logicalId].DeletionPolicy === undefined) throw new Error(`${logicalId}: an import needs a DeletionPolicy`);
      if (!this.emulator.service(ServiceName)) throw new Error(`${logicalId}: there is no container service ${ServiceName}`);
    }
    this.hold(resources);
  }

  /** Creates the stack, or updates it; on a failure rolls back. */
  public async deploy(source: StackSource): Promise<StackOutcome> {
    const change = this.plan(source);
    await this.updateServices(change);
    return this.carryOut(change);
  }

  /** The images, deployments, and roles for private images, that a stack operation would create or update. */
  public changes(source: StackSource): string[] {
    return this.changed(this.plan(source)).map(([logicalId]) => logicalId);
  }

  /** Begins to create the stack, or to update it, where one deployment is all that changes, or its image comes first. */
  public async begin(source: StackSource): Promise<CancellableUnderWay> {
    const change = this.plan(source);
    await this.updateServices(change);
    const { template, logicalId, properties, old } = this.firstChange(change);
    const sent = await this.send(template, old ? 'Update' : 'Create', logicalId, properties, old);
    const { finish, cancel } = this.untilCancelled(change, sent);
    return { ...this.underWay(sent, finish), cancel };
  }

  /** Creates the stack, or updates it, where one deployment is all that changes, up to the moment in which the event is delivered. */
  public prepare(source: StackSource): Prepared {
    const change = this.plan(source);
    const { template, logicalId, properties, old } = this.firstChange(change);
    const event = this.event(template, old ? 'Update' : 'Create', logicalId, properties, old);
    let answering: Promise<Answer> | undefined;
    const answer = () => answering ??= this.framework!.handle(event);
    const sent = { event, properties, begunAt: this.emulator.clock.now(), waiter: { answer } };
    return { event, answer, ...this.untilCancelled(change, sent) };
  }

  /** Delivers an event once more. CloudFormation knows nothing of that. */
  public async redeliver(event: Event): Promise<Answer> {
    return this.framework!.handle(event);
  }

  /** Deletes the deployments of the stack, and then its images. */
  public async delete(source: StackSource): Promise<StackOutcome> {
    const template = this.synthesize(source);
    const events: StackEvent[] = [];
    this.stack.state = 'DELETE_IN_PROGRESS';
    for (const [logicalId, old] of imagesLast(template, [...this.deployed].reverse())) {
      const event = await this.conclude(await this.send(template, 'Delete', logicalId, old.properties, old), events);
      if (event.status === 'FAILED') return this.end('DELETE_FAILED', events, event.reason);
      this.deployed.delete(logicalId);
    }
    return this.end('DELETE_COMPLETE', events);
  }

  /** The event that CloudFormation sends for a resource of a template. From now on it waits for the answer. */
  public event(template: SynthesizedStack, requestType: Event['RequestType'], logicalId: string,
    properties: Record<string, unknown>, old?: Pick<Deployed, 'physicalId' | 'properties'>): Event {
    this.framework ??= this.newFramework(template);
    if (!this.stack.isInProgress) this.stack.state = `${requestType === 'Delete' ? 'DELETE' : this.exists ? 'UPDATE' : 'CREATE'}_IN_PROGRESS`;
    this.stack.begin(logicalId, requestType);
    return {
      RequestType: requestType,
      RequestId: `request-${++this.requests}`,
      ResponseURL: 'https://cloudformation-custom-resource-response-useast1.s3.amazonaws.com/answer?X-Amz-Signature=presigned',
      StackId: this.stackId,
      ResourceType: template.resources[logicalId]?.Type ?? (properties.Source === undefined ? `${CUSTOM}ContainerServiceDeployment` : IMAGE_TYPE),
      LogicalResourceId: logicalId,
      ...(old && { PhysicalResourceId: old.physicalId }),
      ResourceProperties: asStrings({ ServiceToken: 'arn:aws:lambda:us-east-1:123456789012:function:framework-onEvent', ...properties }) as Event['ResourceProperties'],
      ...(requestType === 'Update' && { OldResourceProperties: asStrings(old!.properties) as Event['ResourceProperties'] }),
    };
  }

  /** The Create event of the only deployment of a stack. */
  public createEvent(source: StackSource): Event {
    const { template, wanted } = this.plan(source);
    const [[logicalId, properties]] = wanted;
    return this.event(template, 'Create', logicalId, this.resolved(properties));
  }

  private newFramework(template: SynthesizedStack): Provider {
    const { lambda, emulator: { clock } } = this.world;
    if (!lambda) return new ProviderFramework(template, this.world);
    const { waiter, handlerMemoryMb: memoryMb, handlerTimeoutSeconds: timeoutSeconds } = template;
    return new FrameworkRuntime({
      clock, lambda, waiter, stackName: this.stack.stackName, memoryMb, timeoutSeconds, ...handlersOf(template, this.world),
    });
  }

  private plan(source: StackSource): StackChange {
    const template = this.synthesize(source);
    this.createCertificates(template);
    this.createServices(template);
    return {
      template,
      isUpdate: this.exists,
      before: new Map(this.deployed),
      wanted: this.wanted(template),
      events: [],
      changedServices: new Map(),
    };
  }

  private get exists(): boolean {
    return this.deployed.size > 0 || this.hadServices;
  }

  private hold(resources: Readonly<Record<string, Resource>>): void {
    for (const [logicalId, properties] of servicesOf({ resources })) {
      this.services.set(logicalId, properties.ServiceName);
      this.deployedServices.set(logicalId, properties);
    }
    this.hadServices = true;
  }

  private changed({ before, wanted }: StackChange): Array<[logicalId: string, properties: Record<string, unknown>]> {
    return [...wanted].map(([logicalId, properties]): [string, Record<string, unknown>] => [logicalId, this.resolved(properties)])
      .filter(([logicalId, properties]) => !isSame(before.get(logicalId)?.properties, properties));
  }

  private firstChange(change: StackChange) {
    const changed = this.changed(change);
    const isImage = change.template.resources[changed[0]?.[0]]?.Type === IMAGE_TYPE;
    if (changed.length !== 1 && !isImage) throw new Error(`One deployment must change, but these do: ${JSON.stringify(changed.map(([id]) => id))}`);

    const [logicalId, properties] = changed[0];
    return { template: change.template, logicalId, properties, old: change.before.get(logicalId) };
  }

  private untilCancelled(change: StackChange, sent: Sent) {
    let isCancelled = false;
    return {
      finish: async () => {
        if (isCancelled) throw new Error('It was cancelled: only its waiter can go on');
        return this.carryOut(change, sent);
      },
      cancel: () => {
        isCancelled = true;
        return this.cancel(change, sent.event.LogicalResourceId, sent.properties);
      },
    };
  }

  private wanted(template: SynthesizedStack): Map<string, Record<string, unknown>> {
    const custom = Object.entries(template.resources)
      .filter(([, resource]) => resource.Type.startsWith(CUSTOM))
      .sort(([a, { DependsOn: before = [] }], [b, { DependsOn: after = [] }]) => Number(before.includes(b)) - Number(after.includes(a)))
      .map(([logicalId, resource]): [string, Record<string, unknown>] => {
        const { ServiceToken: _, ...properties } = resource.Properties ?? {};
        return [logicalId, properties];
      });
    return new Map(imagesLast(template, custom.reverse()).reverse());
  }

  /** Properties with what they refer to, as it is now. */
  private resolved(properties: Record<string, unknown>): Record<string, unknown> {
    return resolve(properties, (id, attribute) => this.services.get(id) ?? this.deployed.get(id)?.data[attribute ?? '']) as Record<string, unknown>;
  }

  /** CloudFormation updates a service before the deployments that depend on it. */
  private async updateServices({ template, changedServices }: StackChange): Promise<void> {
    for (const [logicalId, properties] of servicesOf(template)) {
      const old = this.deployedServices.get(logicalId)!;
      if (JSON.stringify(old) === JSON.stringify(properties)) continue;
      changedServices.set(logicalId, old);
      this.deployedServices.set(logicalId, properties);
      if (old.ServiceName === properties.ServiceName) await updateService(this.emulator, properties);
    }
  }

  /** They are issued already: test/lifecycle/certificates plays how that comes about. */
  private createCertificates({ resources }: SynthesizedStack): void {
    for (const { Type, Properties } of Object.values(resources)) {
      if (Type !== CERTIFICATE) continue;
      const { CertificateName, DomainName, SubjectAlternativeNames = [] } = Properties as unknown as CertificateProperties;
      if (!this.emulator.certificate(CertificateName)) this.emulator.createCertificate(CertificateName, DomainName, ...SubjectAlternativeNames);
    }
  }

  private createServices(template: SynthesizedStack): void {
    for (const [logicalId, properties] of servicesOf(template)) {
      const { ServiceName: serviceName, Power: power, Scale: scale = 1, PrivateRegistryAccess: access, Tags: tags = [] } = properties;
      this.services.set(logicalId, serviceName);
      if (!this.deployedServices.has(logicalId)) this.deployedServices.set(logicalId, properties);
      if (!this.emulator.service(serviceName)) {
        const liveTags = Object.fromEntries(tags.map(({ Key, Value = '' }) => [Key, Value]));
        this.emulator.createService({ serviceName, power, scale: Number(scale), tags: liveTags });
      }

      if (!access || this.emulator.service(serviceName)!.privateRegistryAccess.ecrImagePullerRole.isActive) continue;
      const { IsActive: isActive } = access.EcrImagePullerRole;
      this.emulator.invoke('UpdateContainerService', { serviceName, privateRegistryAccess: { ecrImagePullerRole: { isActive } } });
      this.emulator.clock.advance(DEFAULT_TIMINGS.ecrRoleActivation);
    }
  }

  private async send(template: SynthesizedStack, requestType: Event['RequestType'], logicalId: string,
    properties: Record<string, unknown>, old?: Deployed): Promise<Sent> {
    const event = this.event(template, requestType, logicalId, properties, old);
    const begunAt = this.emulator.clock.now();
    return { event, properties, begunAt, waiter: await this.framework!.start(event) };
  }

  /** Waits for the answer to an event, and takes it. */
  private async conclude({ event, properties, template, begunAt, waiter }: Sent, events: StackEvent[]): Promise<StackEvent> {
    const { RequestType: requestType, LogicalResourceId: logicalId } = event;
    const answer = await waiter.answer();
    this.stack.end(logicalId, answer.status === 'SUCCESS' ? 'COMPLETE' : 'FAILED');
    if (answer.status === 'SUCCESS' && requestType !== 'Delete') {
      this.deployed.set(logicalId, { physicalId: answer.physicalResourceId!, properties, data: answer.data ?? {}, template });
    }
    const stackEvent = { requestType, logicalId, durationSeconds: (this.emulator.clock.now() - begunAt) / 1000, ...answer };
    events.push(stackEvent);
    return stackEvent;
  }

  private underWay(sent: Sent, finish: () => Promise<StackOutcome>): UnderWay {
    return { event: sent.event, begun: sent.waiter.begun, wait: () => sent.waiter.answer(), finish };
  }

  private end(status: EndedStackState, events: StackEvent[], reason?: string): StackOutcome {
    this.stack.state = status;
    return { status, events, ...(reason === undefined ? {} : { reason }) };
  }

  private async carryOut(change: StackChange, first?: Sent): Promise<StackOutcome> {
    const { template, before, wanted, isUpdate, events } = change;
    for (const [logicalId, unresolved] of wanted) {
      const old = before.get(logicalId);
      const isFirst = first?.event.LogicalResourceId === logicalId;
      const properties = isFirst ? first.properties : this.resolved(unresolved);
      if (!isFirst && isSame(old?.properties, properties)) continue;

      const sent = isFirst ? first : await this.send(template, old ? 'Update' : 'Create', logicalId, properties, old);
      const event = await this.conclude({ ...sent, template: unresolved }, events);
      if (event.status === 'FAILED') {
        return this.rollBack(change, { logicalId, tried: { physicalId: event.physicalResourceId!, properties, data: {} }, reason: event.reason });
      }
    }
    await this.cleanUp(change);
    return this.end(isUpdate ? 'UPDATE_COMPLETE' : 'CREATE_COMPLETE', events);
  }

  private cancel(change: StackChange, logicalId: string, properties: Record<string, unknown>): Cancelled {
    const old = change.before.get(logicalId);
    this.stack.end(logicalId, 'FAILED');
    this.stack.state = rollingBack(change);

    // Without an answer CloudFormation keeps the physical id that it knows, or invents one for what it cannot know.
    const tried = { physicalId: old?.physicalId ?? `${this.stack.stackName}-${logicalId}-1ABCDEF2GHIJK`, properties, data: {} };
    const failed = { logicalId, tried, reason: `Resource ${old ? 'update' : 'creation'} cancelled` };
    return {
      beginRollBack: async () => {
        const sent = old
          ? await this.send(change.template, 'Update', logicalId, old.properties, tried)
          : await this.send(change.template, 'Delete', logicalId, properties, tried);
        return this.underWay(sent, () => this.rollBack(change, failed, sent));
      },
      rollBack: () => this.rollBack(change, failed),
    };
  }

  private async rollBack(change: StackChange, failed: Failed, first?: Sent): Promise<StackOutcome> {
    const { template, before, isUpdate, events } = change;
    const send = async (
      requestType: 'Update' | 'Delete', logicalId: string, properties: Record<string, unknown>, now: Deployed, unresolved?: Record<string, unknown>,
    ) => this.conclude({
      ...(first?.event.LogicalResourceId === logicalId && first.event.RequestType === requestType
        ? first
        : await this.send(template, requestType, logicalId, properties, now)),
      template: unresolved,
    }, events);
    this.stack.state = rollingBack(change);
    for (const [logicalId, old] of change.changedServices) {
      const isReplaced = this.deployedServices.get(logicalId)?.ServiceName !== old.ServiceName;
      this.deployedServices.set(logicalId, old);
      this.services.set(logicalId, old.ServiceName);
      if (!isReplaced) await updateService(this.emulator, old);
    }

    const leftOver: Array<[logicalId: string, deployed: Deployed]> = [];
    for (const [logicalId, old] of before) {
      const now = logicalId === failed.logicalId ? failed.tried : this.deployed.get(logicalId)!;
      if (now === old) continue;

      const event = await send('Update', logicalId, old.template ? this.resolved(old.template) : old.properties, now, old.template);
      if (event.status === 'FAILED') return this.end('UPDATE_ROLLBACK_FAILED', events, failed.reason);
      if (event.physicalResourceId !== now.physicalId) leftOver.push([logicalId, now]);
    }

    if (isUpdate) this.stack.state = 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS';
    if (!before.has(failed.logicalId)) leftOver.push([failed.logicalId, failed.tried]);
    leftOver.push(...[...this.deployed].filter(([logicalId]) => !before.has(logicalId)));
    for (const [logicalId, deployed] of imagesLast(template, leftOver)) {
      const event = await send('Delete', logicalId, deployed.properties, deployed);
      // What cannot be cleaned up after an update that is rolled back is left, and the stack is usable.
      if (event.status === 'FAILED' && !isUpdate) {
        this.deployed.set(logicalId, deployed);
        return this.end('ROLLBACK_FAILED', events, failed.reason);
      }
      if (!before.has(logicalId)) this.deployed.delete(logicalId);
    }
    return this.end(isUpdate ? 'UPDATE_ROLLBACK_COMPLETE' : 'ROLLBACK_COMPLETE', events, failed.reason);
  }

  /** After an update succeeded, CloudFormation deletes what was replaced or is no longer in the template. */
  private async cleanUp({ template, before, wanted, isUpdate, events }: StackChange): Promise<void> {
    if (isUpdate) this.stack.state = 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS';
    for (const [logicalId, old] of imagesLast(template, [...before])) {
      if (wanted.has(logicalId) && this.deployed.get(logicalId)?.physicalId === old.physicalId) continue;
      await this.conclude(await this.send(template, 'Delete', logicalId, old.properties, old), events);
      if (!wanted.has(logicalId)) this.deployed.delete(logicalId);
    }
  }
}

function isSame(properties: Record<string, unknown> | undefined, others: Record<string, unknown>): boolean {
  return JSON.stringify(properties) === JSON.stringify(others);
}

/** Deployments refer to images, so that they are deleted before. What the template lacks is told by its properties. */
function imagesLast<T>({ resources }: SynthesizedStack, all: ReadonlyArray<[logicalId: string, of: T]>): Array<[logicalId: string, of: T]> {
  const isImage = ([logicalId, of]: [string, T]) => resources[logicalId]?.Type === IMAGE_TYPE || isOfImage(of);
  return [...all.filter((each) => !isImage(each)), ...all.filter(isImage)];
}

function isOfImage(of: unknown): boolean {
  const { properties } = of as { properties?: Record<string, unknown> };
  return properties?.Source !== undefined;
}

function servicesOf({ resources }: Pick<SynthesizedStack, 'resources'>): Array<[logicalId: string, properties: ServiceProperties]> {
  return Object.entries(resources).filter(([, { Type }]) => Type === CONTAINER_SERVICE)
    .map(([logicalId, { Properties }]) => [logicalId, Properties as unknown as ServiceProperties]);
}

function rollingBack({ isUpdate }: StackChange) {
  return isUpdate ? 'UPDATE_ROLLBACK_IN_PROGRESS' as const : 'ROLLBACK_IN_PROGRESS' as const;
}
