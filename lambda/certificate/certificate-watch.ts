import { certificateNotRead, foreignDomain, missingCertificate, type CertificateTimeout } from './certificate-failures';
import type { CertificateRequest } from './certificate-request';
import { foreignDomains } from './domain-records';
import type { DescribedCertificate } from '../clients/lightsail';
import type { Dependencies } from '../shared/dependencies';
import { deadlinesOf } from '../shared/polling/deadlines';
import { poll } from '../shared/polling/poll';
import { RequestMemory } from '../shared/polling/request-memory';
import { RetryPolicy } from '../shared/polling/retry-policy';
import { ResourceFailure } from '../shared/reasons/resource-failure';

/** How long a certificate that was created a moment ago may be missing in what Lightsail lists. */
const LISTED_WITHIN_MS = 30_000;

/** How long one call of isComplete makes failed calls again. It looks once at what it waits for: nothing here ends within seconds. */
const RETRY_WINDOW_MS = 60_000;

export interface Watch<T> {
  /** @returns what the request waits for, or undefined if the certificate does not have it yet */
  look(certificate: DescribedCertificate): T | undefined | Promise<T | undefined>;
  /** What the request ends with although the certificate is not usable; undefined if it is to fail. */
  inSpiteOf?(failure: ResourceFailure, certificate: DescribedCertificate | undefined): Promise<T | undefined>;
  timedOut(timeout: CertificateTimeout): ResourceFailure;
}

/** Looks at a certificate, one look in each call, until it has what a request waits for. It changes nothing. */
export class CertificateWatch {
  private readonly memory = new RequestMemory<{ readonly retry: RetryPolicy; lastLogged?: string }>();

  constructor(private readonly dependencies: Dependencies) {}

  /** @returns undefined if the certificate does not have it yet: it is to be called again */
  public async wait<T>(request: CertificateRequest, startedAt: number, watch: Watch<T>): Promise<T | undefined> {
    const { lightsail, clock } = this.dependencies;
    const { requestId, certificateName, timeoutSeconds } = request;
    const deadline = deadlinesOf(startedAt, timeoutSeconds).answer;
    let certificate: DescribedCertificate | undefined;

    return poll<T>(this.dependencies, {
      requestId,
      retry: this.remembered(request, startedAt).retry,
      deadline,
      yieldAt: clock.now() + RETRY_WINDOW_MS,
      step: async () => {
        certificate = await lightsail.getCertificate(certificateName);
        const done = await this.lookAt(request, startedAt, certificate, watch);
        return done === undefined ? 'later' : { done };
      },
      lastStart: () => deadline,
      failed: (failure) => certificateNotRead(request, failure),
      timedOut: (lastCall) => watch.timedOut({ request, certificate, lastCall }),
    });
  }

  /** Logs records once, as soon as they are known: people without a hosted zone add them while the deployment waits. */
  public logRecords(
    message: string, request: CertificateRequest, startedAt: number, { status }: DescribedCertificate, records: readonly string[],
  ): void {
    const memory = this.remembered(request, startedAt);
    const text = records.join('\n');
    if (records.length === 0 || memory.lastLogged === text) return;

    memory.lastLogged = text;
    const { requestId, certificateName } = request;
    this.dependencies.log(message, { requestId, certificateName, certificateStatus: status, records });
  }

  private async lookAt<T>(
    request: CertificateRequest, startedAt: number, certificate: DescribedCertificate | undefined, watch: Watch<T>,
  ): Promise<T | undefined> {
    try {
      if (certificate === undefined) {
        if (this.dependencies.clock.now() - startedAt < LISTED_WITHIN_MS) return undefined;
        throw missingCertificate(request);
      }
      const foreign = foreignDomains(request.domainNames, certificate);
      if (foreign.length > 0) throw foreignDomain(request, foreign, certificate);
      return await watch.look(certificate);
    } catch (error) {
      const result = error instanceof ResourceFailure ? await watch.inSpiteOf?.(error, certificate) : undefined;
      if (result === undefined) throw error;
      return result;
    }
  }

  private remembered({ requestId }: CertificateRequest, startedAt: number) {
    return this.memory.of(requestId, () => ({ retry: new RetryPolicy(startedAt) }));
  }
}
