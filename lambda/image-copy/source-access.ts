import type { Credentials } from './http/authenticator';
import type { ImageDependencies } from './image-dependencies';
import type { ImageRequest, RegistryCredentials } from './image-request';
import { CallFailure } from '../clients/call-failure';
import { regionOfEcrHost } from '../clients/ecr-login';
import type { RetryPolicy } from '../shared/polling/retry-policy';
import { ResourceFailure } from '../shared/reasons/resource-failure';
import { readSecretText, SecretCallFailure, secretRemedy } from '../shared/secrets/secret-reader';
import { sourceOf } from '../shared/secrets/secret-reference';
import { UnusableSecret, valueIn } from '../shared/secrets/secret-text';

/** How the source registry is asked. */
export interface SourceAccess {
  readonly credentials?: Credentials;
  /** Whether the credentials are those of the handler's own role. A new permission takes a moment to have effect. */
  readonly isByOwnRole: boolean;
}

/** Finds the credentials for the source: those that the user gave, Amazon ECR's for its own registries, or none. */
export async function sourceAccess(
  { secrets, ecrLogin, clock }: Pick<ImageDependencies, 'secrets' | 'ecrLogin' | 'clock'>, request: ImageRequest, retry: RetryPolicy,
): Promise<SourceAccess> {
  const { credentials, reference: { registry } } = request;
  if (credentials) return { isByOwnRole: false, credentials: await read(credentials) };

  const region = regionOfEcrHost(registry);
  return region === undefined ? { isByOwnRole: false } : { isByOwnRole: true, credentials: await ecrLogin.logIn(region) };

  async function read({ username, secret }: RegistryCredentials): Promise<Credentials> {
    try {
      const text = valueIn(await readSecretText(secrets, secret), 'parameterName' in secret ? undefined : secret.field);
      return username === undefined
        ? { username: valueIn(text, 'username'), password: valueIn(text, 'password') }
        : { username, password: text };
    } catch (error) {
      throw failureOf(error, secret);
    }
  }

  function failureOf(error: unknown, secret: RegistryCredentials['secret']): unknown {
    const nothingDone = `Image "${request.source}" was not copied to container service "${request.serviceName}": the credentials of ${registry} could not be read`;
    if (error instanceof UnusableSecret) return new ResourceFailure(`${nothingDone}: ${sourceOf(secret)} ${error.message}. ${error.remedy}`);
    if (!(error instanceof CallFailure)) return error;

    const failure = new SecretCallFailure(error, secret);
    return retry.mayRetry(failure, clock.now()) ? failure : new ResourceFailure(`${nothingDone}: ${failure.message}. ${secretRemedy(error, secret)}`);
  }
}
