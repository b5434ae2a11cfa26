import type { LightsailEmulator, SteppedClock } from '../../emulator';

const SECOND = 1000;

/** Looks at a service once in each second, and writes down when nothing answers at its URL. */
export class Watch {
  /** When nothing served, and why. */
  public readonly gaps: string[] = [];
  public looks = 0;
  private readonly startedAt: number;

  constructor(private readonly emulator: LightsailEmulator<SteppedClock>, private readonly serviceName: string) {
    this.startedAt = emulator.clock.now();
    this.look();
  }

  private look(): void {
    this.looks++;
    const reason = this.reason();
    if (reason !== undefined && this.gaps.at(-1) !== reason) this.gaps.push(reason);
    this.emulator.after(SECOND, () => this.look());
  }

  private reason(): string | undefined {
    const service = this.emulator.service(this.serviceName);
    if (!service) return 'there is no service';
    if (service.state === 'DELETING' || service.isDisabled) return `the service is ${service.state}`;
    const { currentDeployment: current } = service;
    if (current?.state !== 'ACTIVE') return 'no deployment is ACTIVE';
    return current.publicEndpoint ? undefined : `version ${current.version} has no public endpoint`;
  }

  /** How many seconds the clock went on; fails if the watch looked less often. */
  public seconds(): number {
    this.emulator.service(this.serviceName);
    return Math.floor((this.emulator.clock.now() - this.startedAt) / SECOND);
  }
}
