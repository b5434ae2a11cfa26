import { CallFailure } from '../../clients/call-failure';
import type { DescribedService } from '../../clients/lightsail';
import type { Dependencies } from '../../shared/dependencies';
import type { RetryPolicy } from '../../shared/polling/retry-policy';
import { oneLine } from '../../shared/reasons/plain-text';
import { ResourceFailure } from '../../shared/reasons/resource-failure';
import { readSecretText, secretRemedy, SecretCallFailure } from '../../shared/secrets/secret-reader';
import { sourceOf, type SecretReference } from '../../shared/secrets/secret-reference';
import { UnusableSecret, valueIn } from '../../shared/secrets/secret-text';
import { serving } from '../../shared/service-state';
import type { DeployRequest } from '../request/request';

/** What the resolver needs besides the request. */
export interface SecretContext {
  readonly retry: RetryPolicy;
  /** The last description of the service, for the reason of a failure. */
  readonly service?: DescribedService;
}

/** Reads the secrets of a request, each secret once. */
export class SecretResolver {
  /** The texts that were read for a request while the handler works on it. */
  private readonly texts = new WeakMap<DeployRequest, Map<string, string | undefined>>();

  constructor(private readonly dependencies: Pick<Dependencies, 'secrets' | 'clock'>) {}

  /**
   * @returns the request with the values in the environment of its containers
   * @throws ResourceFailure if a value cannot be read; CallFailure if another attempt may succeed
   */
  public async resolve(request: DeployRequest, context: SecretContext): Promise<DeployRequest> {
    const containers = { ...request.desired.containers };
    const errors = new Map<string, string[]>();

    for (const [containerName, references] of Object.entries(request.secrets)) {
      const environment = { ...containers[containerName]?.environment };
      for (const [name, reference] of Object.entries(references)) {
        try {
          const field = 'parameterName' in reference ? undefined : reference.field;
          environment[name] = valueIn(await this.textOf(request, reference), field);
        } catch (error) {
          const description = this.describeError(error, reference, context);
          errors.set(description, [...errors.get(description) ?? [], `${oneLine(name)} of container "${containerName}"`]);
        }
      }
      containers[containerName] = { ...containers[containerName], environment };
    }
    if (errors.size > 0) throw notDeployed(request, errors, context);

    return { ...request, desired: { ...request.desired, containers } };
  }

  private async textOf(request: DeployRequest, reference: SecretReference): Promise<string | undefined> {
    const texts = this.texts.get(request) ?? new Map<string, string | undefined>();
    this.texts.set(request, texts);

    const source = sourceOf(reference);
    if (!texts.has(source)) {
      texts.set(source, await readSecretText(this.dependencies.secrets, reference));
    }
    return texts.get(source);
  }

  /** The permanent error and its remedy. Temporary errors are thrown. */
  private describeError(error: unknown, reference: SecretReference, context: SecretContext): string {
    if (error instanceof UnusableSecret) return `${sourceOf(reference)} ${error.message}. ${error.remedy}`;
    if (!(error instanceof CallFailure)) throw error;

    const failure = new SecretCallFailure(error, reference);
    if (context.retry.mayRetry(failure, this.dependencies.clock.now())) throw failure;
    return `${failure.message}. ${secretRemedy(error, reference)}`;
  }
}

function notDeployed({ serviceName }: DeployRequest, errors: ReadonlyMap<string, string[]>, { service }: SecretContext): ResourceFailure {
  const lines = [...errors].map(([error, variables]) => `\n- ${variables.join(', ')}: ${error}`);
  return new ResourceFailure(`Nothing was deployed to container service "${serviceName}": some secrets could not be read.`
    + `${service ? ` ${serving(service.currentDeployment)}` : ''}${lines.join('')}`);
}
