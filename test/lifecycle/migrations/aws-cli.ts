import * as lightsail from '@aws-sdk/client-lightsail';
import type { LightsailEmulator, SteppedClock } from '../../emulator';

const PAUSE_MS = 5_000;

/** Runs commands `aws lightsail …` of a script as the AWS CLI does: each option becomes a member of the request. */
export class AwsCli {
  private readonly client: lightsail.LightsailClient;
  private pushed = 0;

  constructor(private readonly emulator: LightsailEmulator<SteppedClock>) {
    this.client = new lightsail.LightsailClient({
      endpoint: emulator.url, region: 'us-east-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' }, maxAttempts: 1,
    });
  }

  /** Runs a command, and does not wait for what it starts. */
  public async run(command: string, files: Readonly<Record<string, unknown>>): Promise<void> {
    const [, , name, ...words] = command.split(' ');
    const options = Object.fromEntries(words.flatMap((word, index) => (word.startsWith('--') ? [[camelCase(word.slice(2)), valueOf(words[index + 1], files)]] : [])));
    if (name === 'push-container-image') {
      const { serviceName, label } = options;
      this.emulator.invoke('RegisterContainerImage', { serviceName, label, digest: `sha256:${String(++this.pushed).padStart(64, '0')}` });
      return;
    }
    const pascal = camelCase(`-${name}`);
    await this.client.send(new (lightsail as any)[`${pascal}Command`](options));
  }

  /** Waits until a service is at rest, as scripts do between two commands. */
  public async wait(serviceName: string): Promise<void> {
    for (let pauses = 0; !['READY', 'RUNNING'].includes(this.emulator.service(serviceName)!.state); pauses++) {
      if (pauses > 360) throw new Error(`${serviceName} is still busy`);
      await this.emulator.clock.sleep(PAUSE_MS);
    }
  }

  public stop(): void {
    this.client.destroy();
  }
}

function camelCase(option: string): string {
  return option.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function valueOf(word: string, files: Readonly<Record<string, unknown>>): unknown {
  if (!word.startsWith('file://')) return /^\d+$/.test(word) ? Number(word) : word;
  const file = word.slice('file://'.length);
  if (!(file in files)) throw new Error(`Unable to load paramfile ${word}`);
  return files[file];
}
