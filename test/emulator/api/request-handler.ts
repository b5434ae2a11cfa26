import { ApiError, errors } from './errors';
import { WireAnswer, WireRequest } from './http-server';
import { functionTagOf, RequestOutcome, RequestRecord, signatureOf } from './request-record';
import { Fault, Faults } from '../faults/faults';
import { Throttle } from '../faults/throttle';
import { Clock } from '../time/clock';

export interface RequestHandlerOptions {
  readonly clock: Clock;
  readonly faults: Faults;
  /** Finds out, before the operation is carried out, whether something beside the services forbids it. */
  readonly check: (operation: string, input: Record<string, unknown>) => Promise<ApiError | undefined>;
  /** Carries the operation out; throws an `ApiError` for what the service refuses. */
  readonly execute: (operation: string, input: Record<string, unknown>) => object;
  /** Does something on the clock's time, before the first request after that is answered. */
  readonly after: (ms: number, action: () => void) => void;
  /** Whether every client error has status 400, as some sources have it, or one of its own, as others do. */
  readonly clientErrorStatus: 'distinct' | 'always-400';
  readonly onRequest?: (record: RequestRecord) => void;
  readonly onEffect?: (record: RequestRecord) => void;
}

interface CheckedRequest extends WireRequest {
  readonly forbidden?: ApiError;
}

/** Receives the requests: writes each down, has it throttled or struck by a fault, or else carried out. */
export class RequestHandler {
  public readonly requests: RequestRecord[] = [];
  public throttle?: Throttle;

  constructor(private readonly options: RequestHandlerOptions) {}

  public async answer(request: WireRequest): Promise<WireAnswer> {
    const userAgent = String(request.headers['user-agent'] ?? '');
    const record: Mutable<RequestRecord> = {
      operation: request.operation,
      input: structuredClone(request.input),
      userAgent,
      functionTag: functionTagOf(userAgent),
      ...signatureOf(request.headers),
      requestId: request.requestId,
      at: this.options.clock.now(),
    };
    this.requests.push(record);
    const fault = request.refusal ? undefined : this.options.faults.take(request.operation);
    const forbidden = request.operation === 'RegisterContainerImage' ? await this.options.check(request.operation, request.input) : undefined;
    const answer = this.withStatus(await this.decide({ ...request, forbidden }, record, fault));
    record.outcome = outcomeOf(answer, fault);
    this.options.onRequest?.(record);
    return answer;
  }

  private async decide(request: CheckedRequest, record: RequestRecord, fault?: Fault): Promise<WireAnswer> {
    if (request.refusal) {
      return { kind: 'error', error: request.refusal };
    }
    if (this.throttle && !this.throttle.admits()) {
      return { kind: 'error', error: errors.throttled() };
    }
    switch (fault?.kind) {
      case undefined:
        return this.carryOut(request, record);
      case 'throttled':
        return { kind: 'error', error: errors.throttled() };
      case 'access-denied':
        return { kind: 'error', error: errors.accessDenied(request.operation) };
      case 'error':
        return { kind: 'error', error: new ApiError(fault.errorName, fault.status, fault.message) };
      case 'slow': {
        await this.options.clock.sleep(fault.ms);
        return this.carryOut(request, record);
      }
      case 'malformed-answer':
        return this.instead(request, record, 'after', { kind: 'malformed', text: fault.text });
      case 'other-answer':
        return this.instead(request, record, 'after', { kind: 'result', body: fault.body });
      case 'server-error':
        return this.instead(request, record, fault.when, { kind: 'error', error: errors.serverError() });
      case 'connection-reset':
        return this.instead(request, record, fault.when, { kind: 'reset' });
      case 'late-effect':
        this.options.after(fault.ms, () => this.carryOut(request, record));
        return { kind: 'silence' };
      case 'unknown-host':
        return { kind: 'unknown-host' };
      case 'stalled-body':
        return this.altered(request, record, (body) => ({ kind: 'endless', body }));
      case 'dripping-body':
        return this.altered(request, record, (body) => ({ kind: 'endless', body, dripEveryMs: fault.everyMs }));
      case 'altered-answer':
        return this.altered(request, record, (body) => ({ kind: 'result', body: fault.change(body) }));
      case 'no-answer':
        return this.instead(request, record, fault.when, { kind: 'silence' });
    }
  }

  private instead(request: CheckedRequest, record: RequestRecord, when: 'before' | 'after', answer: WireAnswer): WireAnswer {
    if (when === 'after') {
      this.carryOut(request, record);
    }
    return answer;
  }

  /** An error stays as it is. */
  private altered(request: CheckedRequest, record: RequestRecord, change: (body: object) => WireAnswer): WireAnswer {
    const answer = this.carryOut(request, record);
    return answer.kind === 'result' ? change(answer.body) : answer;
  }

  private carryOut(request: CheckedRequest, record: RequestRecord): WireAnswer {
    try {
      if (request.forbidden) throw request.forbidden;
      const body = this.options.execute(request.operation, request.input);
      this.options.onEffect?.(record);
      return { kind: 'result', body };
    } catch (error) {
      if (error instanceof ApiError) {
        return { kind: 'error', error };
      }
      throw error;
    }
  }

  private withStatus(answer: WireAnswer): WireAnswer {
    if (answer.kind !== 'error' || answer.error.status >= 500 || this.options.clientErrorStatus === 'distinct') {
      return answer;
    }
    const { errorName, message, details } = answer.error;
    return { kind: 'error', error: new ApiError(errorName, 400, message, details) };
  }
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

function outcomeOf(answer: WireAnswer, fault?: Fault): RequestOutcome {
  const struck = fault ? { fault: fault.kind } : {};
  switch (answer.kind) {
    case 'result':
    case 'malformed':
      return { status: 200, ...struck };
    case 'error':
      return { status: answer.error.status, errorName: answer.error.errorName, ...struck };
    case 'endless':
    case 'reset':
    case 'silence':
    case 'unknown-host':
      return struck;
  }
}
