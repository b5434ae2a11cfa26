import type { RawAnswer, SteppedClock } from '../../emulator';
import { hang } from '../faults/crashes';

const HOST = 'lightsail.us-east-1.amazonaws.com';

/** A signal does not show its time limit, so it is noted here. */
const LIMITS = new WeakMap<AbortSignal, number>();
const timeout = AbortSignal.timeout.bind(AbortSignal);
AbortSignal.timeout = (ms) => {
  const signal = timeout(ms);
  LIMITS.set(signal, ms);
  return signal;
};

interface SendOptions {
  readonly abortSignal?: AbortSignal;
}

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
 * Replaces a client of the SDK where thousands of stack operations are played through: a call is answered in the caller's own turn, so that
 * what runs beside each other does so in the same order each time, and one without an answer times out on the clock that tests
 * step. That the SDK makes the same of the same faults is for the tests of the handler's clients to show.
 */
export class DirectClient {
  private readonly timeoutMs: number;

  constructor(private readonly server: DirectServer, private readonly clock: SteppedClock, { requestHandler }: ClientConfig) {
    this.timeoutMs = (requestHandler as { readonly requestTimeout: number }).requestTimeout;
  }

  public async send(command: Command, { abortSignal }: SendOptions = {}): Promise<unknown> {
    const operation = command.constructor.name.replace(/Command$/, '');
    const begunAt = this.clock.now();
    const answer = await this.server.ask(operation, command.input);
    switch (answer.kind) {
      case 'reset':
        throw sdkError('TimeoutError', 'read ECONNRESET');
      case 'silence':
        await this.clock.sleep(this.timeoutMs);
        throw sdkError('TimeoutError', `a request has exceeded the configured ${this.timeoutMs} ms requestTimeout.`);
      case 'unknown-host':
        throw Object.assign(new Error(`getaddrinfo ENOTFOUND ${HOST}`), { code: 'ENOTFOUND', errno: -3008, syscall: 'getaddrinfo', hostname: HOST });
      case 'endless': {
        // `requestTimeout` ends with the headers. Only a limit on the whole call ends this one, or Lambda does.
        const limitMs = abortSignal && LIMITS.get(abortSignal);
        if (limitMs === undefined) return hang();
        await this.clock.sleep(Math.max(0, begunAt + limitMs - this.clock.now()));
        throw sdkError('AbortError', 'Request aborted');
      }
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
