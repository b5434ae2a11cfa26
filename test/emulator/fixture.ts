import {
  CreateContainerServiceDeploymentCommand, CreateContainerServiceDeploymentRequest, GetContainerLogCommand, GetContainerLogRequest,
  GetContainerServicesCommand, ContainerService, LightsailClient, LightsailServiceException,
} from '@aws-sdk/client-lightsail';
import { EmulatorOptions, LightsailEmulator, SteppedClock } from '.';

export const MINUTE = 60_000;

/** Long enough for anything that ends at all. */
export const LONG = 60 * MINUTE;

/** The emulator on a clock that the test moves, with the AWS SDK's client, which speaks to it over HTTP and does not retry. */
export class Fixture {
  public static async start(options: Omit<EmulatorOptions, 'clock'> = {}): Promise<Fixture> {
    return new Fixture(await LightsailEmulator.start({ ...options, clock: new SteppedClock() }));
  }

  public readonly client: LightsailClient;

  private constructor(public readonly emulator: LightsailEmulator<SteppedClock>) {
    this.client = this.newClient();
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

  /** Deploys one container that is the public endpoint, unless told otherwise; gives the immediate answer. */
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
