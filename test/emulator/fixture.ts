import {
  CreateContainerServiceDeploymentCommand, CreateContainerServiceDeploymentRequest, GetContainerLogCommand, GetContainerLogRequest,
  GetContainerServicesCommand, ContainerService, LightsailClient, LightsailServiceException,
} from '@aws-sdk/client-lightsail';
import { EmulatorOptions, LightsailEmulator, SteppedClock } from '.';

export const MINUTE = 60_000;

/** Long enough for anything that ends at all. */
export const LONG = 60 * MINUTE;

export interface FixtureOptions extends Omit<EmulatorOptions, 'clock'> {
  /** Services that are READY from the start. Default: none */
  readonly services?: readonly string[];
}

/** A fixture that starts before each test and stops after it. */
export function useFixture(options: FixtureOptions = {}): Fixture {
  const fixture = new Fixture();
  beforeEach(() => fixture.begin(options));
  afterEach(() => fixture.stop());
  return fixture;
}

/** The emulator on a clock that the test moves, with the AWS SDK's client, which speaks to it over HTTP and does not retry. */
export class Fixture {
  public static async start(options: FixtureOptions = {}): Promise<Fixture> {
    const fixture = new Fixture();
    await fixture.begin(options);
    return fixture;
  }

  public emulator!: LightsailEmulator<SteppedClock>;
  public client!: LightsailClient;

  /** Starts anew, with nothing of an earlier run. */
  public async begin({ services = [], ...options }: FixtureOptions): Promise<void> {
    this.emulator = await LightsailEmulator.start({ ...options, clock: new SteppedClock() });
    this.client = this.newClient();
    for (const serviceName of services) this.emulator.createService({ serviceName });
  }

  public newClient(maxAttempts = 1): LightsailClient {
    return new LightsailClient({
      endpoint: this.emulator.url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
      maxAttempts,
    });
  }

  public advance(ms: number): void {
    this.emulator.clock.advance(ms);
  }

  public async stop(): Promise<void> {
    this.client.destroy();
    await this.emulator.stop();
  }

  /** Deploys one container that is the public endpoint, by default; returns the immediate answer. */
  public async deploy(request: Partial<CreateContainerServiceDeploymentRequest> = {}): Promise<ContainerService> {
    const answer = await this.client.send(new CreateContainerServiceDeploymentCommand({ ...webDeployment(), ...request }));
    return answer.containerService!;
  }

  public async service(serviceName = 'web'): Promise<ContainerService> {
    const answer = await this.client.send(new GetContainerServicesCommand({ serviceName }));
    return answer.containerServices![0];
  }

  public async log(request: Partial<GetContainerLogRequest> = {}): Promise<string[]> {
    const answer = await this.client.send(new GetContainerLogCommand({ serviceName: 'web', containerName: 'app', ...request }));
    return answer.logEvents!.map(({ message }) => message!);
  }
}

export function webDeployment(image = 'nginx:1.27'): CreateContainerServiceDeploymentRequest {
  return {
    serviceName: 'web',
    containers: { app: { image, ports: { 80: 'HTTP' } } },
    publicEndpoint: { containerName: 'app', containerPort: 80 },
  };
}

/** The exception that a call is answered with. */
export async function errorOf(call: Promise<unknown>): Promise<LightsailServiceException> {
  const outcome = await call.then(() => undefined, (error: unknown) => error);
  if (!(outcome instanceof Error)) {
    throw new Error('The call did not fail');
  }
  return outcome as LightsailServiceException;
}
