import { DeploymentPhases } from '../time/timings';

interface CommonOptions {
  /** How long each phase of this deployment takes, where it differs from the emulator's timings. */
  readonly phases?: Partial<DeploymentPhases>;
  /** What the container that the outcome is about writes to its log. */
  readonly logLines?: readonly string[];
  /** The container that the outcome is about. Default: the one with the image, else the endpoint's, else the first. */
  readonly containerName?: string;
}

interface FailingOptions extends CommonOptions {
  /** From the start of the deployment until it fails; by default the emulator's timings decide. */
  readonly failsAfter?: number;
}

export interface ProcessExitsOptions extends FailingOptions {
  /** Lightsail has no line for it; a process without `logLines` writes it itself. Default: 1 */
  readonly exitCode?: number;
}

export interface HealthCheckFailsOptions extends FailingOptions {
  /** The status that the probes are answered with. Default: 404 */
  readonly statusCode?: number;
}

export interface NeverEndsOptions extends CommonOptions {
  /** Where the deployment gets stuck. Default: evaluating */
  readonly stuckIn?: keyof DeploymentPhases;
}

/** What becomes of a deployment. */
export type Outcome =
  | { readonly kind: 'succeeds' } & CommonOptions
  | { readonly kind: 'image-cannot-be-pulled' } & FailingOptions
  | { readonly kind: 'wrong-architecture' } & FailingOptions
  | { readonly kind: 'process-exits'; readonly exitCode: number } & FailingOptions
  | { readonly kind: 'health-check-fails'; readonly statusCode: number } & FailingOptions
  | { readonly kind: 'never-ends'; readonly stuckIn: keyof DeploymentPhases } & CommonOptions;

export const Outcome = {
  succeeds: (options: CommonOptions = {}): Outcome => ({ kind: 'succeeds', ...options }),
  /** The nodes start, none comes up, and no line of the application is written. */
  imageCannotBePulled: (options: FailingOptions = {}): Outcome => ({ kind: 'image-cannot-be-pulled', ...options }),
  /** The image is not for linux/amd64. */
  wrongArchitecture: (options: FailingOptions = {}): Outcome => ({ kind: 'wrong-architecture', ...options }),
  /** The process writes its lines and ends, each time it is started. */
  processExits: (options: ProcessExitsOptions = {}): Outcome => ({ kind: 'process-exits', exitCode: 1, ...options }),
  /** The process runs, but the load balancer never finds it healthy. */
  healthCheckFails: (options: HealthCheckFailsOptions = {}): Outcome => ({ kind: 'health-check-fails', statusCode: 404, ...options }),
  /** The service stays in DEPLOYING for good. */
  neverEnds: (options: NeverEndsOptions = {}): Outcome => ({ kind: 'never-ends', stuckIn: 'evaluating', ...options }),
};

/** Which outcome meets which deployment. */
export class Outcomes {
  private readonly byImage = new Map<string, Outcome>();
  private readonly byService = new Map<string, Outcome[]>();
  private fallback: Outcome = Outcome.succeeds();

  /** Every deployment with a container of this image, until the test changes it. */
  public forImage(image: string, outcome: Outcome): void {
    this.byImage.set(image, outcome);
  }

  /** The next deployment of the service, once; several calls queue up. Goes before an image's outcome. */
  public forNextDeployment(serviceName: string, outcome: Outcome): void {
    this.byService.set(serviceName, [...(this.byService.get(serviceName) ?? []), outcome]);
  }

  /** Whatever nothing else was said about. */
  public byDefault(outcome: Outcome): void {
    this.fallback = outcome;
  }

  /** Nothing is said about any deployment any more: it succeeds. */
  public clear(): void {
    this.byImage.clear();
    this.byService.clear();
    this.fallback = Outcome.succeeds();
  }

  /** Takes the outcome of a deployment that starts now; `images` by container name, `inherent` what follows from its nature. */
  public take(serviceName: string, images: ReadonlyMap<string, string>, inherent?: Outcome): Outcome {
    const scripted = this.byService.get(serviceName)?.shift();
    if (scripted) {
      return scripted;
    }
    const ofImages = [...images].flatMap(([containerName, image]): Outcome[] => {
      const outcome = this.byImage.get(image);
      return outcome ? [{ containerName, ...outcome }] : [];
    });
    // One container that fails is enough for the deployment to fail.
    return ofImages.find((outcome) => outcome.kind !== 'succeeds') ?? ofImages[0] ?? inherent ?? this.fallback;
  }
}
