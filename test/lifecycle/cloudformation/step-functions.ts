import type { LambdaAccount } from './lambda-account';
import type { SteppedClock } from '../../emulator';

/** The Retry block of the Provider framework's state machine. */
export interface WaiterRetry {
  readonly IntervalSeconds: number;
  readonly MaxAttempts: number;
  readonly BackoffRate: number;
}

/** The input of an execution, and of each of its states, has at most so many bytes. */
export const MAX_INPUT_BYTES = 262_144;
const START_MS = 50;
/** The cause of an error has at most so many characters. */
const MAX_CAUSE_LENGTH = 32_768;

/** The state machine of the Provider framework: its two states, and what Step Functions does between them. */
export class WaiterStateMachine {
  /** How often a state was entered. Step Functions charges for that. */
  public transitions = 0;

  constructor(
    private readonly clock: SteppedClock,
    private readonly lambda: LambdaAccount,
    private readonly retry: WaiterRetry,
    private readonly functions: { readonly isComplete: string; readonly onTimeout: string },
  ) {}

  /** Starts an execution, and does not wait for its end. */
  public async startExecution(input: string): Promise<void> {
    if (Buffer.byteLength(input) > MAX_INPUT_BYTES) throw tooLong();
    void this.run(input);
  }

  private async run(input: string): Promise<void> {
    // The function that starts an execution ends first.
    await new Promise(setImmediate);
    await this.clock.sleep(START_MS);
    const { IntervalSeconds, MaxAttempts, BackoffRate } = this.retry;
    for (let attempt = 0; ; attempt++) {
      const failure = await this.enter(this.functions.isComplete, input);
      if (failure === undefined) return;
      if (attempt >= MaxAttempts) {
        await this.enter(this.functions.onTimeout, JSON.stringify({ Error: failure.error, Cause: failure.cause.slice(0, MAX_CAUSE_LENGTH) }));
        return;
      }
      await this.clock.sleep(IntervalSeconds * 1000 * BackoffRate ** attempt);
    }
  }

  /** `States.ALL` in the Retry block is every error: of the function, and of Lambda itself. */
  private async enter(functionName: string, input: string): Promise<{ error: string; cause: string } | undefined> {
    this.transitions += 1;
    try {
      const { FunctionError, Payload } = await this.lambda.invoke(functionName, input);
      const text = Buffer.from(Payload).toString();
      return FunctionError && { error: String(JSON.parse(text).errorType), cause: text };
    } catch (error) {
      return { error: `Lambda.${(error as Error).name}`, cause: (error as Error).message };
    }
  }
}

/** How Step Functions refuses an input that is too long. */
export function tooLong(): Error {
  return Object.assign(new Error("1 validation error detected: Value at 'input' failed to satisfy constraint: "
    + `Member must have length less than or equal to ${MAX_INPUT_BYTES}`), { name: 'ValidationException' });
}
