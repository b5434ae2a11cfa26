import { randomFrom, type SteppedClock } from '../../emulator';

/** A function that Lambda runs. It fails as a function of Lambda fails: with an error. */
export interface LambdaFunction {
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
  /** The function whose environments it shares, if one function has two entries. Default: its own */
  readonly sameAs?: string;
  handle(payload: string): Promise<unknown>;
}

/** What Lambda answers to an invocation that it waits for. */
export interface InvocationResult {
  readonly FunctionError?: 'Unhandled';
  readonly Payload: Uint8Array;
}

/** What one function has used. */
export interface Usage {
  readonly memoryMb: number;
  invocations: number;
  /** Invocations that found no free slot. */
  throttled: number;
  /** How long slots were held. */
  seconds: number;
}

export interface LambdaOptions {
  /** How many invocations can run at once in the account. New accounts may have 10. Default: no limit */
  readonly quota?: number;
  /** The most that a cold start takes, while the invocation holds its slot already. It takes half of it or more, at random. Default: 0 */
  readonly coldStartMs?: number;
  readonly seed?: number;
}

/** An event may have 1 MB since 2025, and 256 KB before that. */
const ASYNC_PAYLOAD_BYTES = 1_048_576;
/** How long Lambda keeps an event that it cannot run. */
const ASYNC_AGE_MS = 6 * 3_600_000;
const MAX_ASYNC_PAUSE_MS = 300_000;
/** Lambda repeats an event whose function failed: twice, after these pauses. */
const ASYNC_RETRIES_MS = [60_000, 120_000];
/** The SDK's standard retries: three attempts, with a random pause before each next one. */
const SDK_ATTEMPTS = 3;
const SDK_THROTTLING_BASE_MS = 500;
const SDK_MAX_PAUSE_MS = 20_000;

/** Lambda in one account and Region, with its quota of concurrent executions. */
export class LambdaAccount {
  /** What each function has used, by name. */
  public readonly usage = new Map<string, Usage>();
  /** The most invocations that ran at once. */
  public mostAtOnce = 0;
  private readonly functions = new Map<string, LambdaFunction>();
  private readonly quota: number;
  private readonly coldStartMs: number;
  /** Environments of each function that wait for its next invocation. */
  private readonly warm = new Map<string, number>();
  private readonly random: () => number;
  private running = 0;

  constructor(private readonly clock: SteppedClock, { quota = Infinity, coldStartMs = 0, seed = 1 }: LambdaOptions = {}) {
    this.quota = quota;
    this.coldStartMs = coldStartMs;
    this.random = randomFrom(seed);
  }

  public create(name: string, definition: LambdaFunction): void {
    this.functions.set(name, definition);
    this.usage.set(name, { memoryMb: definition.memoryMb, invocations: 0, throttled: 0, seconds: 0 });
  }

  /** Runs a function and waits for its result. Fails with TooManyRequestsException if the quota is used up. */
  public async invoke(name: string, payload: string): Promise<InvocationResult> {
    const { timeoutSeconds, handle } = this.functionOf(name);
    const usage = this.usage.get(name)!;
    if (this.running >= this.quota) {
      usage.throttled += 1;
      throw Object.assign(new Error('Rate Exceeded.'), { name: 'TooManyRequestsException', $fault: 'client', $metadata: { httpStatusCode: 429 } });
    }
    const startedAt = this.clock.now();
    this.running += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.running);
    usage.invocations += 1;
    try {
      await this.startEnvironment(name);
      const result = await handle(payload);
      if (this.clock.now() - startedAt > timeoutSeconds * 1000) throw taskTimedOut(this.clock.now(), timeoutSeconds);
      return { Payload: Buffer.from(JSON.stringify(result ?? null)) };
    } catch (error) {
      const { name: errorType, message: errorMessage, stack = '' } = error as Error;
      return { FunctionError: 'Unhandled', Payload: Buffer.from(JSON.stringify({ errorType, errorMessage, trace: stack.split('\n') })) };
    } finally {
      this.running -= 1;
      this.warm.set(this.environmentOf(name), this.warmOf(name) + 1);
      usage.seconds += Math.min(timeoutSeconds, (this.clock.now() - startedAt) / 1000);
    }
  }

  /** The same through the SDK, which tries again a throttled call. */
  public async invokeThroughSdk(name: string, payload: string): Promise<InvocationResult> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.invoke(name, payload);
      } catch (error) {
        if (attempt >= SDK_ATTEMPTS) throw error;
        await this.clock.sleep(Math.min(SDK_MAX_PAUSE_MS, this.random() * SDK_THROTTLING_BASE_MS * 2 ** (attempt - 1)));
      }
    }
  }

  /**
   * Runs a function for a caller that does not wait, as CloudFormation does: Lambda keeps the event, and tries again if there is no free slot or the
   * function fails. Fails if Lambda gives the event up.
   */
  public async invokeAsynchronously(name: string, payload: string): Promise<void> {
    if (Buffer.byteLength(payload) > ASYNC_PAYLOAD_BYTES) throw new Error(`${Buffer.byteLength(payload)} byte payload is too large for the Event invocation type`);
    const acceptedAt = this.clock.now();
    const retries = [...ASYNC_RETRIES_MS];
    for (let pauseMs = 1000; ; pauseMs = Math.min(MAX_ASYNC_PAUSE_MS, pauseMs * 2)) {
      try {
        const { FunctionError, Payload } = await this.invoke(name, payload);
        if (!FunctionError) return;
        const retryMs = retries.shift();
        if (retryMs === undefined) throw new Error(`Lambda gave up: ${Buffer.from(Payload).toString()}`);
        await this.clock.sleep(retryMs);
      } catch (error) {
        if ((error as Error).name !== 'TooManyRequestsException' || this.clock.now() - acceptedAt > ASYNC_AGE_MS) throw error;
        await this.clock.sleep(pauseMs);
      }
    }
  }

  private async startEnvironment(name: string): Promise<void> {
    const warm = this.warmOf(name);
    if (warm > 0) this.warm.set(this.environmentOf(name), warm - 1);
    else if (this.coldStartMs > 0) await this.clock.sleep(this.coldStartMs * (0.5 + this.random() / 2));
  }

  private warmOf(name: string): number {
    return this.warm.get(this.environmentOf(name)) ?? 0;
  }

  private environmentOf(name: string): string {
    return this.functionOf(name).sameAs ?? name;
  }

  private functionOf(name: string): LambdaFunction {
    const definition = this.functions.get(name);
    if (!definition) throw new Error(`Function not found: ${name}`);
    return definition;
  }
}

/** The error that Lambda reports for a function that timed out. */
export function taskTimedOut(now: number, seconds: number): Error {
  const error = new Error(`${new Date(now).toISOString()} 7f2c6a1e-5d0b-4c39-9a55-3f1d1f7c0001 Task timed out after ${seconds.toFixed(2)} seconds`);
  error.stack = `Error: ${error.message}`;
  return error;
}
