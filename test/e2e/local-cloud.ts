import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { LightsailEmulator, ScaledClock, type TimingOverrides } from '../emulator';
import { CdkCli, type CdkResult } from './cdk-cli';
import { CloudFormation } from './cloudformation';
import { ProcessGroup } from './process-group';
import { ensureVenv } from './python-venv';
import { ImageRegistries } from './registries/image-registries';

const MINISTACK = join(__dirname, 'ministack');
const ACCOUNT = '000000000000';
const REGION = 'us-east-1';

/** A deployment of three minutes takes nine seconds: the handler, whose pauses are real ones, still sees it go on. */
const CLOCK_SCALE = 20;

/** Shortened waits: twenty minutes of Lightsail would still be a minute here. */
const TIMINGS: TimingOverrides = {
  service: { creatingSystemResources: 20_000, creatingNetworkInfrastructure: 20_000, provisioningCertificate: 20_000, provisioningService: 20_000 },
  nodesGiveUp: 180_000,
  delete: 30_000,
};

const READY_WITHIN = 30_000;

export interface LocalCloudOptions {
  /** Called with what the CDK CLI writes. */
  readonly onCliOutput?: (text: string) => void;
  /** Whether the CDK CLI can build images, and the emulator stores them. Default: false */
  readonly images?: boolean;
}

/** MiniStack, the Lightsail emulator beside it, and a CDK CLI that knows no other cloud. */
export class LocalCloud {
  public static async start(options: LocalCloudOptions = {}): Promise<LocalCloud> {
    const { python } = await ensureVenv('ministack', join(MINISTACK, 'requirements.txt'));
    const directory = await mkdtemp(join(tmpdir(), 'cdk-lightsail-'));
    const port = await freePort();
    const registries = options.images
      ? await ImageRegistries.start({ directory: join(directory, 'registries'), cloudAddress: `127.0.0.1:${port}` }) : undefined;
    const emulator = await LightsailEmulator.start({
      // Far enough behind not to overtake the real time: the handler would take what was deployed earlier for its own deployment.
      clock: new ScaledClock(CLOCK_SCALE, Date.now() - 24 * 3_600_000),
      accountId: ACCOUNT,
      region: REGION,
      timings: TIMINGS,
      registry: registries?.ofLightsail,
    });
    for (const folder of ['tmp', 'home']) {
      await mkdir(join(directory, folder));
    }
    const ministack = new ProcessGroup(python, [join(MINISTACK, 'launcher.py')], {
      cwd: directory,
      env: {
        // Lambda functions inherit all of it, so it contains nothing of the user's own.
        ...basicEnvironment(directory),
        TMPDIR: join(directory, 'tmp'),
        STATE_DIR: join(directory, 'state'),
        S3_DATA_DIR: join(directory, 's3'),
        BIND_HOST: '127.0.0.1',
        GATEWAY_PORT: String(port),
        IOT_MTLS_ENABLED: '0',
        SFN_WAIT_SCALE: '0.02',
        AWS_ENDPOINT_URL_LIGHTSAIL: emulator.url,
        LIGHTSAIL_POLL_SECONDS: '0.2',
        PYTHONDONTWRITEBYTECODE: '1',
        ...registries?.functionEnvironment,
      },
    });
    const cloud = new LocalCloud(`http://127.0.0.1:${port}`, directory, emulator, ministack, options, registries);
    try {
      await cloud.untilReady();
    } catch (error) {
      await cloud.stop();
      throw error;
    }
    return cloud;
  }

  public readonly cloudFormation: CloudFormation;
  private readonly cli: CdkCli;
  private stopped?: Promise<void>;
  private readonly onSignal: (signal: NodeJS.Signals) => void;

  private constructor(
    /** Of every service but Lightsail. */
    public readonly endpoint: string,
    private readonly directory: string,
    public readonly emulator: LightsailEmulator<ScaledClock>,
    private readonly ministack: ProcessGroup,
    options: LocalCloudOptions,
    /** Undefined unless images were asked for. */
    public readonly registries: ImageRegistries | undefined,
  ) {
    this.cloudFormation = new CloudFormation(endpoint);
    this.cli = new CdkCli({
      outputDirectory: this.assemblyDirectory,
      onOutput: options.onCliOutput,
      env: {
        ...basicEnvironment(directory),
        AWS_ENDPOINT_URL: endpoint,
        AWS_ACCESS_KEY_ID: 'test',
        AWS_SECRET_ACCESS_KEY: 'test',
        AWS_REGION: REGION,
        AWS_EC2_METADATA_DISABLED: 'true',
        CDK_DISABLE_CLI_TELEMETRY: 'true',
        CI: 'true',
        ...registries?.cliEnvironment,
      },
    });
    this.onSignal = (signal) => void this.stop().finally(() => process.exit(signal === 'SIGINT' ? 130 : 143));
    process.on('SIGINT', this.onSignal);
    process.on('SIGTERM', this.onSignal);
  }

  /** Where `cdk` leaves what it synthesized. */
  public get assemblyDirectory(): string {
    return join(this.directory, 'cdk.out');
  }

  /** Whether any process of it is there. */
  public get isAlive(): boolean {
    return this.ministack.isAlive;
  }

  /** Runs the CDK CLI in the folder of an app. */
  public async cdk(appDirectory: string, ...args: string[]): Promise<CdkResult> {
    const result = await this.cli.run(appDirectory, args);
    if (this.stopped) {
      throw new Error('Stopped.');
    }
    return result;
  }

  /** Prepares the account for deployments; `appDirectory` is only where the CLI reads its settings. */
  public async bootstrap(appDirectory: string): Promise<CdkResult> {
    return this.cdk(appDirectory, 'bootstrap', `aws://${ACCOUNT}/${REGION}`);
  }

  /** Ends all processes and removes every file. May be called again. */
  public async stop(): Promise<void> {
    this.stopped ??= (async () => {
      await this.cli.stop();
      await this.ministack.stop();
      await this.emulator.stop();
      await this.registries?.stop();
      await rm(this.directory, { recursive: true, force: true, maxRetries: 3 });
      process.off('SIGINT', this.onSignal);
      process.off('SIGTERM', this.onSignal);
    })();
    await this.stopped;
  }

  private async untilReady(): Promise<void> {
    const deadline = Date.now() + READY_WITHIN;
    for (;;) {
      const ready = await fetch(`${this.endpoint}/_ministack/ready`).then(({ status }) => status === 200, () => false);
      if (ready) {
        return;
      }
      if (!this.ministack.isAlive || Date.now() > deadline) {
        throw new Error(`MiniStack did not start:\n${this.ministack.output}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

/** What any program needs, with a home of its own: no profile or setting of the user plays a part. */
function basicEnvironment(directory: string): Record<string, string> {
  return {
    // Of Node first this very one: the functions and the app run in it too.
    PATH: [dirname(process.execPath), process.env.PATH ?? ''].join(':'),
    HOME: join(directory, 'home'),
    NO_COLOR: '1',
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}
