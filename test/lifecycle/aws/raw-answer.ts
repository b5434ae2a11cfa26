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

/** What a client gets that asks without a socket, of a service that only tells and changes nothing. */
export async function rawAnswer({ clock, contentType, fault, carryOut, faulty }: Exchange): Promise<RawAnswer> {
  const overTheWire = ({ status, body }: Answer): RawAnswer => ({ kind: 'answer', status, headers: { 'Content-Type': contentType }, body });
  if (!fault) return overTheWire(carryOut());

  switch (fault.kind) {
    case 'connection-reset':
      return { kind: 'reset' };
    case 'no-answer':
      return { kind: 'silence' };
    case 'slow':
      await clock.sleep(fault.ms);
      return overTheWire(carryOut());
    default:
      return overTheWire(faulty(fault));
  }
}
