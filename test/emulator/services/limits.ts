/** What the service allows, beyond the ranges in its model. */
export interface Limits {
  /** Documented. */
  readonly containersPerDeployment: number;
  /** Documented: as many versions are kept; which one goes first is an invention (the oldest that does not serve). */
  readonly keptDeployments: number;
  /** Documented: as many images are kept; that a further one is refused is an invention. */
  readonly storedImages: number;
  /** Documented. */
  readonly publicDomainNames: number;
  /** Documented: certificates of one service. */
  readonly certificates: number;
  /** Documented: one primary domain and nine others. */
  readonly domainsPerCertificate: number;
  /** Documented that there is a quota; its number is an invention. */
  readonly certificatesPerAccount: number;
  /** Invention. */
  readonly certificatePageSize: number;
  /** Invention. */
  readonly services: number;
  /** As for every AWS resource. */
  readonly tags: number;
  /** Invention. */
  readonly logPageSize: number;
  /** Documented: three to four days. */
  readonly logRetention: number;
}

export const DEFAULT_LIMITS: Limits = {
  containersPerDeployment: 10,
  keptDeployments: 50,
  storedImages: 150,
  publicDomainNames: 4,
  certificates: 4,
  domainsPerCertificate: 10,
  certificatesPerAccount: 100,
  certificatePageSize: 20,
  services: 200,
  tags: 50,
  logPageSize: 100,
  logRetention: 3 * 24 * 60 * 60 * 1000,
};
