import type { Fault, RawAnswer, SteppedClock } from '../../emulator';

interface Answer {
  readonly status: number;
  readonly body: string;
}

interface Exchange {
  readonly clock: SteppedClock;
  readonly contentType: string;
  readonly fault: Fault | undefined;
  /** What is answered if nothing goes wrong. */
  carryOut(): Answer;
  /** What is answered instead. */
  faulty(fault: Fault): Answer;
}

/** The answer of a read-only service to a client without a socket. */
export async function rawAnswer({ clock, contentType, fault, carryOut, faulty }: Exchange): Promise<RawAnswer> {
  const overTheWire = ({ status, body }: Answer): Extract<RawAnswer, { kind: 'answer' }> => ({ kind: 'answer', status, headers: { 'Content-Type': contentType }, body });
  if (!fault) return overTheWire(carryOut());

  switch (fault.kind) {
    case 'connection-reset':
      return { kind: 'reset' };
    case 'no-answer':
      return { kind: 'silence' };
    case 'unknown-host':
      return { kind: 'unknown-host' };
    case 'stalled-body':
    case 'dripping-body':
      return { ...overTheWire(carryOut()), kind: 'endless' };
    case 'slow':
      await clock.sleep(fault.ms);
      return overTheWire(carryOut());
    default:
      return overTheWire(faulty(fault));
  }
}
