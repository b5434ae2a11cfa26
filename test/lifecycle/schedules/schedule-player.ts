import { SECOND_SERVICE, SERVICES, type ManualAction, type Problems, type Schedule, type Step } from './schedules';
import { DEFAULT_TIMINGS, ThrottlePattern } from '../../emulator';
import { deploymentOf, putSources, type AppVariant, type PreparedApps } from '../apps/prepared-apps';
import type { CloudFormation, StackOutcome } from '../cloudformation/cloudformation';
import type { Event } from '../cloudformation/provider-framework';
import { faultsOf, NAMED_FAULTS } from '../faults/named-faults';
import { staleStackState, violations } from '../invariants/invariants';
import { intentOf, isOvertakenUnderWay, resourceOf, serviceNameOf, describeChronicle, Recorder, type Delivery, type RecordedCloud } from '../invariants/recorder';

const MINUTE = 60_000;
const STACK_NAMES = ['One', 'Other'];
const FIRST: AppVariant = { id: 'Deployment', serviceName: 'web', content: 'nginx:1.26', timeoutMinutes: 30, removalPolicy: 'retain' };

/** A stack, as the schedule has it. */
interface PlayedStack {
  cloud: CloudFormation;
  /** The deployments that it is asked to hold; none if there is no stack. */
  wanted: readonly AppVariant[];
  status?: StackOutcome['status'];
}

type Change = Extract<Step, { kind: 'change' }>;
type Delete = Extract<Step, { kind: 'delete' }>;

/** Plays a schedule through, and says after each step what must not be. */
export class SchedulePlayer {
  /** Fails with what must not be, and with what led there. */
  public static async play(schedule: Schedule, apps: PreparedApps): Promise<void> {
    const recorded = await Recorder.start();
    const player = new SchedulePlayer(recorded, apps);
    try {
      await player.from(schedule, 0, false);
      if (player.found.length > 0) throw new Error(['', ...player.found, 'This is what happened:', ...describeChronicle(player.recorder.chronicle)].join('\n'));
    } finally {
      await recorded.stop();
    }
  }

  private readonly found: string[] = [];
  private readonly stacks: PlayedStack[];
  private readonly recorder: Recorder;
  private readonly clock: CloudFormation['emulator']['clock'];
  /** Resources whose real state CloudFormation cannot know: someone else changed the service, or an event failed. */
  private readonly doubts = new Set<string>();
  private rotations = 1;
  /** How much of the chronicle has been looked through. */
  private checked = 0;

  private constructor({ cloud, recorder }: RecordedCloud, private readonly apps: PreparedApps) {
    this.recorder = recorder;
    this.clock = cloud.emulator.clock;
    this.stacks = STACK_NAMES.map((name) => ({ cloud: cloud.anotherStack(name), wanted: [] }));
    for (const serviceName of [...SERVICES, SECOND_SERVICE]) cloud.emulator.createService({ serviceName });
    putSources(cloud);
  }

  private get emulator() {
    return this.stacks[0].cloud.emulator;
  }

  /** Plays a step and all that come after it. */
  private async from(schedule: Schedule, index: number, isBesideAnother: boolean): Promise<void> {
    if (index >= schedule.length || this.found.length > 0) return;
    const step = schedule[index];
    const next = async (isBeside = false) => this.from(schedule, index + 1, isBeside);
    switch (step.kind) {
      case 'rest':
        await this.clock.sleep(step.forMs);
        break;
      case 'action':
        this.do(step.serviceName, step.action);
        break;
      case 'delete':
        await this.delete(step, isBesideAnother);
        break;
      case 'change': {
        const hasGoneOn = await this.change(step, isBesideAnother, next);
        if (hasGoneOn) return;
      }
    }
    if (!isBesideAnother) this.settleAndCheck();
    await next(isBesideAnother);
  }

  /** @returns whether the steps after it have been played */
  private async change(step: Change, isBesideAnother: boolean, next: (isBeside: boolean) => Promise<void>): Promise<boolean> {
    const stack = this.stacks[step.stack];
    // CloudFormation does nothing else with a stack that was not created, or not deleted.
    if (stack.status === 'ROLLBACK_FAILED' || stack.status === 'DELETE_FAILED') await this.delete(step, isBesideAnother);
    if (stack.wanted.length > 0 && stack.status?.endsWith('DELETE_FAILED')) return false;

    const { cancelledAfter } = step;
    const [first = FIRST] = stack.wanted;
    const wanted = [{ ...first, ...step.to }, ...(step.second ? [{ ...FIRST, id: 'Second', serviceName: SECOND_SERVICE, content: step.second }] : [])];
    const mustSucceed = !isBesideAnother && cancelledAfter === undefined && this.mustSucceed(stack, wanted, step.problems);
    const source = this.apps.of(...wanted);
    let hasGoneOn = false;

    await this.withProblems(step.problems, { ...first, ...step.to }.serviceName, async () => {
      if (cancelledAfter === undefined || stack.cloud.changes(source).length !== 1) {
        this.ended(stack, wanted, await stack.cloud.deploy(source), mustSucceed);
        return;
      }
      const prepared = stack.cloud.prepare(source);
      let isAnswered = false;
      await this.clock.concurrently<void>([
        async () => {
          await prepared.answer();
          isAnswered = true;
        },
        async () => {
          await this.clock.sleep(cancelledAfter);
          const isCancelled = !isAnswered;
          this.ended(stack, wanted, isCancelled ? await prepared.cancel().rollBack() : await prepared.finish(), false);
          if (isCancelled && step.isOvertaken) {
            hasGoneOn = true;
            await next(true);
          }
        },
      ]);
    });
    if (hasGoneOn && !isBesideAnother) this.settleAndCheck();
    return hasGoneOn;
  }

  private async delete({ stack: index, problems }: Pick<Delete, 'stack' | 'problems'>, isBesideAnother: boolean): Promise<void> {
    const stack = this.stacks[index];
    if (stack.cloud.assumed.size === 0) return;

    const mustSucceed = !isBesideAnother && this.isHarmless(problems) && stack.wanted.every(({ serviceName }) => this.isAtRest(serviceName));
    await this.withProblems(problems, stack.wanted[0].serviceName, async () => {
      const outcome = await stack.cloud.delete(this.apps.of(...stack.wanted));
      stack.status = outcome.status;
      this.mark(stack, outcome);
      if (outcome.status === 'DELETE_COMPLETE') this.isGone(stack);
      else if (mustSucceed) this.found.push(`a delete without problems ended ${outcome.status}: ${outcome.reason}`);
    });
  }

  /** Takes note of how an operation ended. */
  private ended(stack: PlayedStack, wanted: readonly AppVariant[], outcome: StackOutcome, mustSucceed: boolean): void {
    const before = stack.wanted;
    stack.status = outcome.status;
    this.mark(stack, outcome);
    if (mustSucceed && !/^(CREATE|UPDATE)_COMPLETE$/.test(outcome.status)) {
      this.found.push(`without problems ${JSON.stringify(wanted)} ended ${outcome.status}: ${outcome.reason}`);
    }
    if (outcome.status === 'ROLLBACK_COMPLETE') return this.isGone(stack);
    if (/^(CREATE|UPDATE)_COMPLETE$|^ROLLBACK_FAILED$/.test(outcome.status)) stack.wanted = wanted;

    // A construct was renamed and changed, deployed, and rolled back. CloudFormation sends no event to deploy the old one again.
    const [was] = before;
    const isChanged = was && (was.content !== wanted[0].content || was.reads !== wanted[0].reads);
    if (isChanged && was.id !== wanted[0].id && outcome.status.startsWith('UPDATE_ROLLBACK')) this.doubtAllOn(wanted[0].serviceName);
  }

  /** The next stack of the name is another one. */
  private isGone(stack: PlayedStack): void {
    stack.cloud = stack.cloud.anotherStack(STACK_NAMES[this.stacks.indexOf(stack)]);
    stack.wanted = [];
    stack.status = undefined;
  }

  /** Resources that succeeded are certain. Resources that failed are in doubt, and so are other resources on the same services. */
  private mark({ cloud }: PlayedStack, { status, events }: StackOutcome): void {
    const key = (logicalId: string) => `${cloud.stackId} ${logicalId}`;
    for (const { logicalId, requestType, status: answered } of events) {
      const isCertain = requestType !== 'Delete' && answered === 'SUCCESS' && !(status.startsWith('UPDATE_ROLLBACK') && this.isDown(cloud, logicalId));
      if (isCertain) this.doubts.delete(key(logicalId));
      else this.doubts.add(key(logicalId));
    }
    if (status.endsWith('_FAILED')) for (const [logicalId] of cloud.assumed) this.doubts.add(key(logicalId));

    const touched = new Set(this.deliveries().filter(({ event }) => event.StackId === cloud.stackId).map(({ event }) => serviceNameOf(event)));
    for (const other of this.stacks) {
      if (other.cloud === cloud) continue;
      for (const [logicalId, { properties }] of other.cloud.assumed) {
        if (touched.has(String(properties.ServiceName))) this.doubts.add(`${other.cloud.stackId} ${logicalId}`);
      }
    }
  }

  /** A rollback succeeds on a service that someone else has disabled or deleted: otherwise the stack would be stuck. */
  private isDown(cloud: CloudFormation, logicalId: string): boolean {
    const service = this.emulator.service(String(cloud.assumed.get(logicalId)?.properties.ServiceName));
    return service === undefined || service.state === 'DISABLED';
  }

  private doubtAllOn(serviceName: string): void {
    for (const { cloud } of this.stacks) {
      for (const [logicalId, { properties }] of cloud.assumed) {
        if (properties.ServiceName === serviceName) this.doubts.add(`${cloud.stackId} ${logicalId}`);
      }
    }
  }

  /** Runs a stack operation with all that happens beside it. */
  private async withProblems(problems: Problems, serviceName: string, operate: () => Promise<void>): Promise<void> {
    const { cloud } = this.stacks[0];
    for (const outcome of problems.outcomes) this.emulator.outcomes.forNextDeployment(serviceName, outcome);
    for (const { call, name, skip, times } of problems.faults) {
      const fault = NAMED_FAULTS.find((named) => named.name === name)!.of(call)!;
      faultsOf(cloud, call).add({ operation: call, fault, skip, times });
    }
    if (problems.throttling) {
      const { share, seed, forMs } = problems.throttling;
      const endsAt = this.clock.now() + forMs;
      for (const { faults } of [cloud.emulator, cloud.api, cloud.sources]) {
        faults.throttle(ThrottlePattern.share(share, { seed, during: () => this.clock.now() < endsAt }));
      }
    }
    // With crashes left from an earlier step, the framework could crash at each invocation.
    cloud.cancelCrashes();
    for (const crash of problems.crashes) cloud.planCrash(crash);

    const since = this.recorder.chronicle.length;
    const { meanwhile } = problems;
    await this.clock.concurrently<void>([
      operate,
      ...problems.deliveredAgainAfter.map((afterMs) => async () => this.deliverAgain(since, afterMs)),
      ...(meanwhile ? [async () => {
        await this.clock.sleep(meanwhile.afterMs);
        this.do(serviceName, meanwhile.action);
      }] : []),
    ]);
    if (meanwhile) this.doubtAllOn(serviceName);
  }

  /**
   * Delivers the first event since then once more, unless a newer event has started on the resource: such an event cannot be distinguished from
   * the one that goes before it, see decisions/0009.
   */
  private async deliverAgain(since: number, afterMs: number): Promise<void> {
    await this.clock.sleep(afterMs);
    const [first] = this.deliveries(since);
    if (!first || this.isOvertaken(first.event)) return;
    const { cloud } = this.stacks.find((stack) => stack.cloud.stackId === first.event.StackId) ?? {};
    await cloud?.redeliver(first.event);
  }

  private isOvertaken(event: Event): boolean {
    const own = this.deliveries().filter((delivery) => resourceOf(delivery.event) === resourceOf(event));
    return intentOf(own[own.length - 1].event) !== intentOf(event);
  }

  private do(serviceName: string, action: ManualAction): void {
    this.doubtAllOn(serviceName);
    const { state } = this.emulator.service(serviceName)!;
    const isAtRest = this.isAtRest(serviceName);
    switch (action.kind) {
      case 'deploys':
        if (isAtRest && state !== 'DISABLED') this.emulator.invoke('CreateContainerServiceDeployment', { serviceName, ...deploymentOf(action.content) });
        return;
      case 'disables':
      case 'enables':
        if (isAtRest) this.emulator.invoke('UpdateContainerService', { serviceName, isDisabled: action.kind === 'disables' });
        return;
      case 'rotates the secrets':
        this.rotations += 1;
        putSources(this.stacks[0].cloud, this.rotations);
        return;
      case 'scales it in its own stack':
        if (isAtRest && state !== 'DISABLED') this.scale(serviceName);
        return;
      case 'keeps it busy':
        if (isAtRest && state !== 'DISABLED') this.emulator.setServiceState(serviceName, action.state, action.forMs);
    }
  }

  /** As AWS's own handler of AWS::Lightsail::Container does it: at the end it removes the tags that its template lacks. */
  private scale(serviceName: string): void {
    const { scale } = this.emulator.service(serviceName)!;
    this.emulator.invoke('UpdateContainerService', { serviceName, scale: (scale! % 20) + 1 });
    this.emulator.after(DEFAULT_TIMINGS.capacityChange, () => {
      const tagKeys = this.emulator.service(serviceName)!.tags.map(({ key }) => key);
      if (tagKeys.length > 0) this.emulator.invoke('UntagResource', { resourceName: serviceName, tagKeys });
    });
  }

  private isAtRest(serviceName: string): boolean {
    return ['READY', 'RUNNING', 'DISABLED'].includes(this.emulator.service(serviceName)!.state);
  }

  /** Removes the remaining problems, lets everything end, and checks the promises. */
  private settleAndCheck(): void {
    const { cloud } = this.stacks[0];
    this.emulator.faults.clear();
    cloud.api.faults.clear();
    cloud.sources.faults.clear();
    this.emulator.outcomes.clear();
    cloud.cancelCrashes();
    this.clock.advance(15 * MINUTE);
    for (const serviceName of [...SERVICES, SECOND_SERVICE]) {
      // Lightsail gives up some day on what never comes to an end.
      if (this.emulator.service(serviceName)!.state === 'DEPLOYING') this.emulator.setServiceState(serviceName, 'READY');
    }

    const news = this.recorder.chronicle.slice(this.checked);
    this.checked = this.recorder.chronicle.length;
    for (const entry of news) {
      // What Lambda invokes again is delivered again, and the same holds for it.
      const isInvokedAgain = entry.kind === 'delivered' && entry.delivery.invocations.some(({ crashed }) => crashed === 'framework') && this.isOvertaken(entry.delivery.event);
      if (isInvokedAgain) this.doubtAllOn(serviceNameOf(entry.delivery.event));
      if (entry.kind === 'effect' && isOvertakenUnderWay(entry, this.recorder.chronicle)) this.doubtAllOn(serviceNameOf(entry.by.event));
    }
    this.found.push(...violations(this.recorder));
    for (const { cloud: stack } of this.stacks) {
      this.found.push(...staleStackState(stack).filter((belief) => !this.doubts.has(`${stack.stackId} ${belief.split(' ')[0]}`)));
    }
  }

  private mustSucceed(stack: PlayedStack, wanted: readonly AppVariant[], problems: Problems): boolean {
    const changed = wanted.filter((variant) => !stack.wanted.some((other) => JSON.stringify(other) === JSON.stringify(variant)));
    return this.isHarmless(problems) && changed.every(({ serviceName, id, timeoutMinutes, removalPolicy }) => {
      const old = stack.wanted.find((other) => other.id === id);
      const mayEnable = removalPolicy === 'destroy' && old?.serviceName !== serviceName;
      const { state } = this.emulator.service(serviceName)!;
      return timeoutMinutes >= 30 && (state === 'READY' || state === 'RUNNING' || (state === 'DISABLED' && mayEnable));
    });
  }

  private isHarmless({ outcomes, faults, crashes, meanwhile, throttling }: Problems): boolean {
    // Half of all calls throttled, or 90 % for two minutes, costs time and nothing else.
    if (throttling && throttling.share > 0.5 && throttling.forMs > 2 * MINUTE) return false;
    return outcomes.every(({ kind }) => kind === 'succeeds') && crashes.length === 0 && meanwhile === undefined
      && faults.every(({ name, times }) => name !== 'denied' && times <= 3);
  }

  private deliveries(since = 0): Delivery[] {
    return this.recorder.chronicle.slice(since).flatMap((entry) => (entry.kind === 'delivered' ? [entry.delivery] : []));
  }
}
