import { AsyncLocalStorage } from 'node:async_hooks';
import type { CloudFormation } from '../../../lambda/clients/cloudformation';
import type { Ecr } from '../../../lambda/clients/ecr';
import type { EcrLogin } from '../../../lambda/clients/ecr-login';
import type { Lightsail } from '../../../lambda/clients/lightsail';
import type { LightsailImages } from '../../../lambda/clients/lightsail-images';
import type { Secrets } from '../../../lambda/clients/secrets';
import type { Copier } from '../../../lambda/image-copy/copier';

export type FunctionName = 'onEvent' | 'isComplete';

/** The point at which a function ends without an answer. */
export interface Crash {
  readonly function: FunctionName;
  /** The call that it ends at. */
  readonly call: keyof Lightsail | keyof CloudFormation | keyof Secrets | keyof Ecr | keyof LightsailImages | keyof EcrLogin | keyof Copier;
  /** Whether the call has been made and answered then. */
  readonly when: 'before' | 'after';
  /** Counted over all invocations of the function, once crashes that were planned before for the same call have come. Default: 1 */
  readonly nth?: number;
  /**
   * Whether the handler runs out of time, which the framework's function sees and answers FAILED, or
   * the framework's function crashes together with the handler, without any answer. Default: handler
   */
  readonly victim?: 'handler' | 'framework';
}

/** Not an error that a handler could catch: the invocation is over. */
export class Crashed extends Error {
  constructor(public readonly victim: 'handler' | 'framework') {
    super(`The ${victim} crashed`);
  }
}

interface Invocation {
  readonly function: FunctionName;
  readonly end: (victim: 'handler' | 'framework') => void;
  isOver: boolean;
}

interface PlannedCrash extends Crash {
  calls: number;
}

/** One for all: Node.js keeps every storage that was ever used, and asks each of them with every promise. */
const currentInvocation = new AsyncLocalStorage<Invocation>();

/** Lets functions crash at the points that a test sets, each once. */
export class Crashes {
  private planned: PlannedCrash[] = [];

  public plan(crash: Crash): void {
    this.planned.push({ ...crash, calls: 0 });
  }

  /** Whether every planned crash has happened. */
  public get haveHappened(): boolean {
    return this.planned.length === 0;
  }

  /** Cancels the crashes that have not happened. */
  public clear(): void {
    this.planned = [];
  }

  /** A client whose calls may be the last that a function makes. */
  public crashable<T extends object>(client: T): T {
    return new Proxy(client, {
      get: (target, method: string) => async (...parameters: unknown[]) => {
        const make = async () => (target as Record<string, (...input: unknown[]) => Promise<unknown>>)[method](...parameters);
        const invocation = currentInvocation.getStore();
        if (!invocation) return make();

        if (invocation.isOver) return never();
        const crash = this.dueAt(invocation.function, method);
        if (!crash) return make();

        if (crash.when === 'after') await Promise.allSettled([make()]);
        invocation.isOver = true;
        invocation.end(crash.victim ?? 'handler');
        return never();
      },
    });
  }

  /** Runs an invocation of a function; fails with `Crashed` if it crashes. */
  public async invoke<T>(functionName: FunctionName, handle: () => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const invocation: Invocation = { function: functionName, end: (victim) => reject(new Crashed(victim)), isOver: false };
      currentInvocation.run(invocation, handle).then(resolve, reject);
    });
  }

  private dueAt(functionName: FunctionName, method: string): Crash | undefined {
    const next = this.planned.find((crash) => crash.function === functionName && crash.call === method);
    if (!next) return undefined;
    next.calls += 1;
    if (next.calls < (next.nth ?? 1)) return undefined;
    this.planned = this.planned.filter((crash) => crash !== next);
    return next;
  }
}

/** A call that never ends. Its function runs until Lambda ends it. */
export async function hang(): Promise<never> {
  const invocation = currentInvocation.getStore();
  if (!invocation) throw new Error('Only a call of a function can hang');
  invocation.isOver = true;
  invocation.end('handler');
  return never();
}

async function never(): Promise<never> {
  return new Promise(() => undefined);
}
