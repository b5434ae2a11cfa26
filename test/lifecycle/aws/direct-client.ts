import type { RawAnswer, SteppedClock } from '../../emulator';

/** What the handler configures a client of the SDK with. */
interface ClientConfig {
  readonly requestHandler?: unknown;
}

interface Command {
  readonly input: object;
}

/** How a server is asked without a socket, and what its answers mean. */
export interface DirectServer {
  ask(operation: string, input: object): Promise<RawAnswer>;
  read(operation: string, status: number, body: string): unknown;
}

/**
 * Stands in for a client of the SDK where thousands of stack operations are played through: a call is answered in the caller's own turn, so that
 * what runs beside each other does so in the same order each time, and one that nobody answers is given up on the clock that tests
 * step. That the SDK makes the same of the same faults is for the tests of the handler's clients to show.
 */
export class DirectClient {
  private readonly timeoutMs: number;

  constructor(private readonly server: DirectServer, private readonly clock: SteppedClock, { requestHandler }: ClientConfig) {
    this.timeoutMs = (requestHandler as { readonly requestTimeout: number }).requestTimeout;
  }

  public async send(command: Command): Promise<unknown> {
    const operation = command.constructor.name.replace(/Command$/, '');
    const begunAt = this.clock.now();
    const answer = await this.server.ask(operation, command.input);
    switch (answer.kind) {
      case 'reset':
        throw sdkError('TimeoutError', 'read ECONNRESET');
      case 'silence':
        await this.clock.sleep(this.timeoutMs);
        throw sdkError('TimeoutError', `a request has exceeded the configured ${this.timeoutMs} ms requestTimeout.`);
      case 'answer':
        if (this.clock.now() - begunAt > this.timeoutMs) throw new Error('No client waits for an answer that is slower than its timeout: use Fault.lateEffect');
        return this.server.read(operation, answer.status, answer.body);
    }
  }
}

/** An error as the SDK throws it; with the status of the answer, if there was one. */
export function sdkError(name: string, message: string, status?: number, details: object = {}): Error {
  return Object.assign(new Error(message), {
    name,
    ...details,
    ...(status === undefined ? {} : { $fault: status < 500 ? 'client' : 'server', $metadata: { httpStatusCode: status } }),
  });
}
