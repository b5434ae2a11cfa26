import type { PublicUrl } from '../../../lambda/clients/public-url';
import type { LightsailEmulator, SteppedClock } from '../../emulator';

type Answer = Awaited<ReturnType<PublicUrl['get']>>;

/** What answers at the public URLs of the emulator's services: 404 without an active endpoint, else 200, unless a test says something else. */
export class FakePublicUrl implements PublicUrl {
  /** Every URL that was asked. */
  public readonly requests: string[] = [];
  private scripted: Array<{ readonly answer: Answer; readonly until: number }> = [];

  constructor(private readonly emulator: LightsailEmulator<SteppedClock>) {}

  /** Answers so for a time from now, or for good. */
  public answers(answer: Answer, forMs = Infinity): void {
    this.scripted.push({ answer, until: this.emulator.clock.now() + forMs });
  }

  public async get(url: string): Promise<Answer> {
    this.requests.push(url);
    const due = this.scripted.find(({ until }) => this.emulator.clock.now() < until);
    if (due) return due.answer;

    const service = this.emulator.service(new URL(url).hostname.split('.')[0]);
    return { status: service?.currentDeployment?.publicEndpoint ? 200 : 404 };
  }
}
