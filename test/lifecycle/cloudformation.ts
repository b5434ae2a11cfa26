import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import type { Stack } from 'aws-cdk-lib';
import { LightsailEmulator, SteppedClock } from '../emulator';
import { ProviderFramework, type Answer, type Event } from './provider-framework';
import { asStrings, resolve, synthesize, type SynthesizedStack } from './template';

const DEPLOYMENT = 'Custom::LightsailContainerServiceDeployment';
const CONTAINER_SERVICE = 'AWS::Lightsail::Container';

export interface StackEvent extends Answer {
  readonly requestType: Event['RequestType'];
  readonly logicalId: string;
  readonly durationSeconds: number;
}

export interface StackOutcome {
  readonly status: 'CREATE_COMPLETE' | 'ROLLBACK_COMPLETE' | 'UPDATE_COMPLETE' | 'UPDATE_ROLLBACK_COMPLETE' | 'DELETE_COMPLETE';
  readonly events: StackEvent[];
  /** Why the stack operation failed. */
  readonly reason?: string;
}

interface Deployed {
  readonly physicalId: string;
  readonly properties: Record<string, unknown>;
  readonly data: Record<string, unknown>;
}

/**
 * Runs the bundled handler of a synthesized app through the order of events that CloudFormation
 * documents, against the emulator, on a clock that only moves when somebody sleeps.
 */
export class CloudFormation {
  public static async start(): Promise<CloudFormation> {
    return new CloudFormation(await LightsailEmulator.start({ clock: new SteppedClock() }), fs.mkdtempSync(path.join(os.tmpdir(), 'lifecycle-')));
  }

  private readonly deployed = new Map<string, Deployed>();
  private readonly services = new Map<string, string>();
  private framework?: ProviderFramework;
  private requests = 0;

  private constructor(public readonly emulator: LightsailEmulator<SteppedClock>, private readonly folder: string) {}

  public async stop(): Promise<void> {
    await this.emulator.stop();
    fs.rmSync(this.folder, { recursive: true, force: true });
  }

  public synthesize(define: (stack: Stack) => void): SynthesizedStack {
    return synthesize(this.folder, define);
  }

  /** Creates the stack, or updates it; on a failure rolls back. */
  public async deploy(define: (stack: Stack) => void): Promise<StackOutcome> {
    const template = this.synthesize(define);
    const isUpdate = this.deployed.size > 0;
    const before = new Map(this.deployed);
    const events: StackEvent[] = [];
    this.createServices(template);

    const wanted = this.wanted(template);
    for (const [logicalId, properties] of wanted) {
      const old = this.deployed.get(logicalId);
      if (old && JSON.stringify(old.properties) === JSON.stringify(properties)) continue;

      const event = await this.send(template, old ? 'Update' : 'Create', logicalId, properties, old);
      events.push(event);
      if (event.status === 'FAILED') {
        await this.rollBack(template, before, logicalId, event, events);
        return { status: isUpdate ? 'UPDATE_ROLLBACK_COMPLETE' : 'ROLLBACK_COMPLETE', events, reason: event.reason };
      }
    }
    await this.cleanUp(template, before, wanted, events);
    return { status: isUpdate ? 'UPDATE_COMPLETE' : 'CREATE_COMPLETE', events };
  }

  /** Deletes the deployments of the stack. */
  public async delete(define: (stack: Stack) => void): Promise<StackOutcome> {
    const template = this.synthesize(define);
    const events: StackEvent[] = [];
    for (const [logicalId, old] of [...this.deployed].reverse()) {
      events.push(await this.send(template, 'Delete', logicalId, old.properties, old));
      this.deployed.delete(logicalId);
    }
    return { status: 'DELETE_COMPLETE', events };
  }

  /** The event that CloudFormation sends for a resource, as it stands in a template. */
  public event(template: SynthesizedStack, requestType: Event['RequestType'], logicalId: string,
    properties: Record<string, unknown>, old?: Deployed): Event {
    this.framework ??= new ProviderFramework(template.handlerFile, this.emulator);
    return {
      RequestType: requestType,
      RequestId: `request-${++this.requests}`,
      LogicalResourceId: logicalId,
      ...(old && { PhysicalResourceId: old.physicalId }),
      ResourceProperties: asStrings({ ServiceToken: 'arn:aws:lambda:us-east-1:123456789012:function:framework-onEvent', ...properties }) as Event['ResourceProperties'],
      ...(requestType === 'Update' && { OldResourceProperties: asStrings(old!.properties) as Event['ResourceProperties'] }),
    };
  }

  /** The Create event of the only deployment of a stack. */
  public createEvent(define: (stack: Stack) => void): Event {
    const template = this.synthesize(define);
    this.createServices(template);
    const [[logicalId, properties]] = this.wanted(template);
    return this.event(template, 'Create', logicalId, properties);
  }

  public get provider(): ProviderFramework {
    if (!this.framework) throw new Error('Nothing was synthesized yet');
    return this.framework;
  }

  private wanted(template: SynthesizedStack): Map<string, Record<string, unknown>> {
    return new Map(Object.entries(template.resources)
      .filter(([, resource]) => resource.Type === DEPLOYMENT)
      .map(([logicalId, resource]) => {
        const { ServiceToken: _, ...properties } = resource.Properties ?? {};
        return [logicalId, resolve(properties, (id) => this.services.get(id)) as Record<string, unknown>];
      }));
  }

  private createServices(template: SynthesizedStack): void {
    for (const [logicalId, resource] of Object.entries(template.resources)) {
      if (resource.Type !== CONTAINER_SERVICE) continue;
      const serviceName = String(resource.Properties?.ServiceName);
      this.services.set(logicalId, serviceName);
      if (!this.emulator.service(serviceName)) this.emulator.createService({ serviceName });
    }
  }

  private async send(template: SynthesizedStack, requestType: Event['RequestType'], logicalId: string,
    properties: Record<string, unknown>, old?: Deployed): Promise<StackEvent> {
    const event = this.event(template, requestType, logicalId, properties, old);
    const begunAt = this.emulator.clock.now();
    const answer = await this.provider.handle(event);
    const durationSeconds = (this.emulator.clock.now() - begunAt) / 1000;
    if (answer.status === 'SUCCESS' && requestType !== 'Delete') {
      this.deployed.set(logicalId, { physicalId: answer.physicalResourceId!, properties, data: answer.data ?? {} });
    }
    return { requestType, logicalId, durationSeconds, ...answer };
  }

  private async rollBack(template: SynthesizedStack, before: Map<string, Deployed>, failedId: string, failed: StackEvent, events: StackEvent[]) {
    for (const [logicalId, old] of before) {
      const now = this.deployed.get(logicalId)!;
      if (logicalId !== failedId && now === old) continue;

      const physicalId = logicalId === failedId ? failed.physicalResourceId! : now.physicalId;
      events.push(await this.send(template, 'Update', logicalId, old.properties, { ...now, physicalId }));
      this.deployed.set(logicalId, old);
      if (physicalId !== old.physicalId) events.push(await this.send(template, 'Delete', logicalId, now.properties, { ...now, physicalId }));
    }
    if (!before.has(failedId)) {
      const properties = this.wanted(template).get(failedId)!;
      events.push(await this.send(template, 'Delete', failedId, properties, { physicalId: failed.physicalResourceId!, properties, data: {} }));
    }
    for (const [logicalId, created] of [...this.deployed].filter(([id]) => !before.has(id))) {
      events.push(await this.send(template, 'Delete', logicalId, created.properties, created));
      this.deployed.delete(logicalId);
    }
  }

  /** After an update succeeded, CloudFormation deletes what was replaced or is no longer in the template. */
  private async cleanUp(template: SynthesizedStack, before: Map<string, Deployed>, wanted: Map<string, unknown>, events: StackEvent[]) {
    for (const [logicalId, old] of before) {
      if (wanted.has(logicalId) && this.deployed.get(logicalId)?.physicalId === old.physicalId) continue;
      events.push(await this.send(template, 'Delete', logicalId, old.properties, old));
      if (!wanted.has(logicalId)) this.deployed.delete(logicalId);
    }
  }
}

