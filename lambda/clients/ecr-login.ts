/** The login of a private Amazon ECR registry: what its API calls an authorization token. */
export interface EcrLogin {
  /** `GetAuthorizationToken` in a Region. It sends its call once and throws a `CallFailure`. */
  logIn(region: string): Promise<{ readonly username: string; readonly password: string }>;
}

/** The domains of AWS in its partitions. The login must not go to anybody else's. */
const DOMAINS = [
  'amazonaws.com', 'amazonaws.com.cn', 'amazonaws.eu', 'on.aws', 'on.amazonwebservices.com.cn', 'on.amazonwebservices.eu',
  'c2s.ic.gov', 'sc2s.sgov.gov', 'cloud.adc-e.uk', 'csp.hci.ic.gov',
].map((domain) => domain.replaceAll('.', '\\.')).join('|');
const HOST = new RegExp(String.raw`^\d{12}\.dkr[.-]ecr(?:-fips)?\.([a-z]+(?:-[a-z]+)+-\d+)\.(?:${DOMAINS})$`);

/** The Region in the host of a private Amazon ECR registry; undefined if it is none. */
export function regionOfEcrHost(host: string): string | undefined {
  return HOST.exec(host)?.[1];
}
