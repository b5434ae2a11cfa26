import { SecretStore } from './deployment/secrets/secret-store';
import { FakeLightsail } from './fake-lightsail';
import { CallFailure, type CallFailureKind } from '../../lambda/clients/call-failure';
import type { Dependencies } from '../../lambda/shared/dependencies';
import type { LogFields } from '../../lambda/shared/log';
import { SteppedClock } from '../emulator/time/clock';

export const START = Date.UTC(2025, 0, 1);

/** More than any test needs: what asks on and on without a pause is to end. */
const MAX_CALLS = 1_000;

/** All that the handler knows of the world outside, in memory, on a clock that a sleep moves. */
export class FakeWorld implements Dependencies {
  public readonly clock = new SteppedClock(START);

  /** Every call, with the seconds since the start. */
  public readonly calls: string[] = [];
  public readonly logged: (LogFields & { message: string })[] = [];

  /** How long every call takes. */
  public callMs = 0;

  /** When CloudFormation began the operation, as it answers one time after the other; the last for ever. */
  public began: (number | undefined)[] = [START];
  public rollingBack = false;

  /** When CloudFormation created or updated the resource. */
  public operations: { readonly from: number; readonly until: number }[] = [];

  /** What the public URL answers, one time after the other; the last for ever. */
  public urlAnswers: Awaited<ReturnType<Dependencies['publicUrl']['get']>>[] = [{ status: 200 }];

  public readonly lightsail = new FakeLightsail((method, ...args) => this.take(method, ...args));

  public readonly cloudFormation: Dependencies['cloudFormation'] = {
    beganAt: async (stackId, logicalResourceId) => {
      this.take('beganAt', stackId, logicalResourceId);
      return this.began.length > 1 ? this.began.shift() : this.began[0];
    },
    isRollingBack: async (stackId) => {
      this.take('isRollingBack', stackId);
      return this.rollingBack;
    },
    operationTimes: async (stackId, logicalResourceId) => {
      this.take('operationTimes', stackId, logicalResourceId);
      return this.operations;
    },
  };

  public readonly secrets = new SecretStore();

  public readonly ecr: Dependencies['ecr'] = {
    hasImage: async ({ repositoryName }) => {
      this.take('hasImage', repositoryName);
      return true;
    },
  };

  public readonly publicUrl: Dependencies['publicUrl'] = {
    get: async (url) => {
      this.take('get', url);
      return this.urlAnswers.length > 1 ? this.urlAnswers.shift()! : this.urlAnswers[0];
    },
  };

  private readonly delays = new Map<string, number>();
  private readonly failures = new Map<string, Error[]>();
  private readonly changes: { at: number; change: () => void }[] = [];

  public readonly log: Dependencies['log'] = (message, fields) => {
    this.logged.push({ message, ...fields });
  };

  /** Lets the next calls of a method fail, one error each. */
  public fail(method: string, ...errors: Error[]): void {
    this.failures.set(method, [...this.failures.get(method) ?? [], ...errors]);
  }

  /** Lets each call of a method take so much longer. */
  public slow(method: string, ms: number): void {
    this.delays.set(method, ms);
  }

  /** Changes the world before the first call so many seconds after the start. */
  public after(seconds: number, change: () => void): void {
    this.changes.push({ at: START + seconds * 1000, change });
  }

  /** The calls of one method. */
  public callsOf(method: string): string[] {
    return this.calls.filter((call) => call.split(' ')[1] === method);
  }

  private take(method: string, ...args: unknown[]): void {
    for (const due of this.changes.filter(({ at }) => at <= this.clock.now())) {
      this.changes.splice(this.changes.indexOf(due), 1);
      due.change();
    }
    this.calls.push([(this.clock.now() - START) / 1000, method, ...args].join(' '));
    if (this.calls.length > MAX_CALLS) throw new Error('The handler asks on and on');

    this.clock.advance(this.callMs + (this.delays.get(method) ?? 0));
    const failure = this.failures.get(method)?.shift();
    if (failure) throw failure;
  }
}

export function failing(kind: CallFailureKind, operation = 'Operation'): CallFailure {
  return new CallFailure(operation, kind, `it was ${kind}`);
}

export function times<T>(count: number, what: T): T[] {
  return Array.from({ length: count }, () => what);
}

/** The pause of Step Functions between two calls of the handler. */
export const QUERY_INTERVAL_MS = 7_000;

/** Calls the handler as Step Functions does, until it answers, but not after a number of seconds since the start. */
export async function waitedFor<T>({ clock }: FakeWorld, call: () => Promise<T | undefined>, untilSeconds = Infinity): Promise<T | undefined> {
  for (;;) {
    const answer = await call();
    if (answer !== undefined || clock.now() + QUERY_INTERVAL_MS > START + untilSeconds * 1000) return answer;
    await clock.sleep(QUERY_INTERVAL_MS);
  }
}
