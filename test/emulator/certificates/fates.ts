/** What becomes of a certificate, once it is created. */
export type CertificateFate =
  | { readonly kind: 'issued' }
  | { readonly kind: 'fails'; readonly reason: string; readonly after?: number }
  | { readonly kind: 'times-out'; readonly after?: number };

export const CertificateFate = {
  /** It is ISSUED once its records are in the DNS. */
  issued: (): CertificateFate => ({ kind: 'issued' }),
  /** Lightsail refuses it, whatever is in the DNS. By default the emulator's timings decide when. */
  fails: (reason: string, options: { readonly after?: number } = {}): CertificateFate => ({ kind: 'fails', reason, ...options }),
  /** Lightsail never sees the records, and gives up after 72 hours by default. */
  timesOut: (options: { readonly after?: number } = {}): CertificateFate => ({ kind: 'times-out', ...options }),
};

/** Which fate meets which certificate. */
export class CertificateFates {
  private readonly byDomain = new Map<string, CertificateFate>();
  private fallback: CertificateFate = CertificateFate.issued();

  /** Every certificate for this domain, until the test changes it. */
  public forDomain(domainName: string, fate: CertificateFate): void {
    this.byDomain.set(domainName, fate);
  }

  public byDefault(fate: CertificateFate): void {
    this.fallback = fate;
  }

  public of(domainNames: readonly string[]): CertificateFate {
    return domainNames.map((domainName) => this.byDomain.get(domainName)).find((fate) => fate !== undefined) ?? this.fallback;
  }
}
