import { describeCertificate, describeDeployment, describeService } from './api/describe';
import { HttpServer, speak, type ProtocolOptions, type RawAnswer, type RawRequest } from './api/http-server';
import { REGION_NAMES } from './api/model';
import { execute, notPushed } from './api/operations';
import { RequestHandler } from './api/request-handler';
import { RequestRecord } from './api/request-record';
import {
  CertificateDetailShape, CertificateStatus, ContainerImageShape, ContainerServiceShape, DeploymentShape, Power, PowerShape, ServiceState,
} from './api/shapes';
import { createCertificate, findCertificate, remove } from './certificates/certificates';
import { Dns } from './certificates/dns';
import { CertificateFates } from './certificates/fates';
import { issue, reviewAll } from './certificates/validation';
import { Outcomes } from './deployments/outcomes';
import { Faults } from './faults/faults';
import { Throttle, ThrottleOptions } from './faults/throttle';
import { Ids } from './services/ids';
import { type ImageRegistry } from './services/image-registry';
import { DEFAULT_LIMITS, Limits } from './services/limits';
import { DEFAULT_POWERS } from './services/powers';
import { createService, forceState } from './services/services';
import { Account, findService, Normalization } from './services/state';
import { Clock, RealClock } from './time/clock';
import { Scheduled, Timeline } from './time/timeline';
import { resolveTimings, TimingOverrides } from './time/timings';

export interface EmulatorOptions<C extends Clock = Clock> {
  /** Default: the wall clock */
  readonly clock?: C;
  /** Default: us-east-1 */
  readonly region?: string;
  /** Default: 123456789012 */
  readonly accountId?: string;
  /** Default: any that is free */
  readonly port?: number;
  readonly timings?: TimingOverrides;
  readonly limits?: Partial<Limits>;
  readonly powers?: readonly PowerShape[];
  /** The registry that a login names: its host, or more about it. Default: one of ECR's form, of an unused account */
  readonly registry?: string | ImageRegistry;
  /** How a missing service is answered; the sources disagree. Default: NotFoundException */
  readonly missingServiceError?: 'NotFoundException' | 'InvalidInputException';
  /** How a missing certificate is answered if it is asked for by name; not known. Default: NotFoundException */
  readonly missingCertificate?: 'NotFoundException' | 'empty';
  /** Whether two certificates with one domain have two validation records for it, or one as in AWS Certificate Manager; not known. Default: perCertificate */
  readonly validationRecords?: 'perCertificate' | 'perDomain';
  /** Whether a service that is busy has a `stateDetail`. Default: true */
  readonly showsStateDetail?: boolean;
  /** What Lightsail changes in a deployment that it accepts. Default: nothing */
  readonly normalization?: Normalization;
  /** Whether AccessDenied, NotFound and Unauthenticated have statuses of their own; the sources disagree. Default: distinct */
  readonly clientErrorStatus?: 'distinct' | 'always-400';
  /** Called with each request once its outcome is known. */
  readonly onRequest?: (record: RequestRecord) => void;
  /** Called right after each request that is carried out, with or without an answer. */
  readonly onEffect?: (record: RequestRecord) => void;
}

export interface ReadyService {
  readonly serviceName: string;
  /** Default: nano */
  readonly power?: Power;
  /** Default: 1 */
  readonly scale?: number;
  /** Default: none */
  readonly tags?: Readonly<Record<string, string>>;
}

/** An Amazon Lightsail of one account and Region that knows nothing but container services. */
export class LightsailEmulator<C extends Clock = Clock> {
  public static async start<T extends Clock = RealClock>(options: EmulatorOptions<T> = {}): Promise<LightsailEmulator<T>> {
    const { region = 'us-east-1', accountId = '123456789012' } = options;
    if (!REGION_NAMES.includes(region)) {
      throw new Error(`Lightsail has no region ${JSON.stringify(region)}; it has: ${REGION_NAMES.join(', ')}`);
    }
    const clock = options.clock ?? (new RealClock() as Clock as T);
    const ids = new Ids(`${accountId}/${region}`);
    const account: Account = {
      accountId,
      region,
      timeline: new Timeline(clock),
      ids,
      timings: resolveTimings(options.timings),
      limits: { ...DEFAULT_LIMITS, ...options.limits },
      outcomes: new Outcomes(),
      powers: options.powers ?? DEFAULT_POWERS,
      registry: typeof options.registry === 'object' ? options.registry : { host: options.registry ?? `012345678901.dkr.ecr.${region}.amazonaws.com` },
      missingServiceError: options.missingServiceError ?? 'NotFoundException',
      showsStateDetail: options.showsStateDetail ?? true,
      normalization: options.normalization ?? {},
      missingCertificate: options.missingCertificate ?? 'NotFoundException',
      validationRecords: options.validationRecords ?? 'perCertificate',
      services: new Map(),
      certificates: new Map(),
      certificateFates: new CertificateFates(),
      dns: new Dns(() => account.timeline.run(() => reviewAll(account))),
    };
    const faults = new Faults();
    const requestHandler = new RequestHandler({
      clock,
      faults,
      check: async (operation, input) => notPushed(account, operation, input),
      execute: (operation, input) => account.timeline.run(() => execute(account, operation, input)),
      after: (ms, action) => account.timeline.after(ms, action),
      clientErrorStatus: options.clientErrorStatus ?? 'distinct',
      onRequest: options.onRequest,
      onEffect: options.onEffect,
    });
    const protocol: ProtocolOptions = { nextRequestId: () => ids.uuid('request'), answer: async (request) => requestHandler.answer(request) };
    const server = await HttpServer.listen({ port: options.port ?? 0, ...protocol, replaceDns: (records) => account.dns.replaceAll(records) });
    return new LightsailEmulator(clock, account, faults, requestHandler, protocol, server);
  }

  /** Where clients find it: their endpoint. */
  public readonly url: string;
  /** What becomes of deployments. */
  public readonly outcomes: Outcomes;
  /** What becomes of certificates. */
  public readonly certificateFates: CertificateFates;
  /** Where the records of certificates must be published. It is empty at first. */
  public readonly dns: Dns;

  private constructor(
    public readonly clock: C,
    private readonly account: Account,
    /** What goes wrong on the way. */
    public readonly faults: Faults,
    private readonly requestHandler: RequestHandler,
    private readonly protocol: ProtocolOptions,
    private readonly server: HttpServer,
  ) {
    this.url = server.url;
    this.outcomes = account.outcomes;
    this.certificateFates = account.certificateFates;
    this.dns = account.dns;
  }

  /** Every request so far, in the order in which they came. */
  public get requests(): readonly RequestRecord[] {
    return this.requestHandler.requests;
  }

  /** Answers a request that comes without a socket, in the caller's own turn: the same as over HTTP otherwise. */
  public async answer(request: RawRequest): Promise<RawAnswer> {
    return speak(this.protocol, request);
  }

  /** Breaks all connections and frees the port. May be called again. */
  public async stop(): Promise<void> {
    await this.server.close();
  }

  /** Limits the rate of requests, or no longer. */
  public throttle(options: ThrottleOptions | undefined): void {
    this.requestHandler.throttle = options && new Throttle(this.clock, options);
  }

  /** Makes a service that is READY at once. */
  public createService({ tags = {}, ...request }: ReadyService): ContainerServiceShape {
    return this.account.timeline.run(() => {
      const newService = { power: 'nano' as const, scale: 1, ...request, tags: new Map(Object.entries(tags)) };
      return describeService(this.account, createService(this.account, newService, true));
    });
  }

  /** Deletes a service at once, as if someone else had deleted it long ago. */
  public deleteService(serviceName: string): void {
    this.account.timeline.run(() => {
      findService(this.account, serviceName).pendingStep?.cancel();
      this.account.services.delete(serviceName);
    });
  }

  /** Deletes a service and creates another one with its name. Its versions begin at 1 again. */
  public recreateService(service: ReadyService): ContainerServiceShape {
    this.deleteService(service.serviceName);
    return this.createService(service);
  }

  /** Drops a version from the list of deployments, as Lightsail does with old ones. */
  public forgetVersion(serviceName: string, version: number): void {
    const service = findService(this.account, serviceName);
    this.account.timeline.run(() => {
      service.deployments = service.deployments.filter((deployment) => deployment.version !== version);
    });
  }

  /** Makes a service busy, as if someone else changed it, for a time or for good; READY and RUNNING end that. */
  public setServiceState(serviceName: string, state: ServiceState, forMs?: number): void {
    this.account.timeline.run(() => forceState(this.account, findService(this.account, serviceName), state, forMs));
  }

  /** Makes a certificate that is ISSUED at once. */
  public createCertificate(certificateName: string, domainName: string, ...others: readonly string[]): CertificateDetailShape {
    return this.account.timeline.run(() => {
      const certificate = createCertificate(this.account, { certificateName, domainName, subjectAlternativeNames: others });
      issue(certificate, this.account.timeline.now());
      return describeCertificate(this.account, certificate, true).certificateDetail!;
    });
  }

  /** Puts a certificate into a status, as if it had come to that. */
  public setCertificateStatus(certificateName: string, status: CertificateStatus): void {
    this.account.timeline.run(() => { findCertificate(this.account, certificateName).status = status; });
  }

  /** Deletes a certificate at once, even if it is in use. */
  public deleteCertificate(certificateName: string): void {
    this.account.timeline.run(() => remove(this.account, findCertificate(this.account, certificateName)));
  }

  /** A certificate as the API would answer it now, with its details. */
  public certificate(certificateName: string): CertificateDetailShape | undefined {
    return this.account.timeline.run(() => {
      const certificate = this.account.certificates.get(certificateName);
      return certificate && describeCertificate(this.account, certificate, true).certificateDetail;
    });
  }

  /** Carries an operation out as if someone else had called it: not over HTTP, not recorded, without faults. */
  public invoke(operation: string, input: object): object {
    return this.account.timeline.run(() => execute(this.account, operation, input));
  }

  /** Does something once the clock has gone on by `ms`, before the next request is answered. */
  public after(ms: number, action: () => void): Scheduled {
    return this.account.timeline.run(() => this.account.timeline.after(ms, action));
  }

  /** A service as the API would answer it now. */
  public service(serviceName: string): ContainerServiceShape | undefined {
    return this.account.timeline.run(() => {
      const service = this.account.services.get(serviceName);
      return service && describeService(this.account, service);
    });
  }

  /** The images that are registered on a service, newest first. */
  public images(serviceName: string): ContainerImageShape[] {
    return this.account.timeline.run(() => this.account.services.get(serviceName)?.images.list() ?? []);
  }

  /** The deployments of a service that are kept, newest first. */
  public deployments(serviceName: string): DeploymentShape[] {
    return this.account.timeline.run(
      () => this.account.services.get(serviceName)?.deployments.map(describeDeployment).reverse() ?? [],
    );
  }
}
