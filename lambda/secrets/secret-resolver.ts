import { CallFailure } from '../call-failure';
import type { Dependencies } from '../dependencies';
import { DeploymentFailure } from '../failure';
import type { Observation } from '../observation';
import { serving } from '../readiness';
import type { DeployRequest } from '../request';
import { sourceOf, type SecretReference } from './secret-reference';
import { UnfitSecret, valueIn } from './secret-text';

/** A call for a value of a deployment that failed, with the name of what was to be read. */
export class SecretCallFailure extends CallFailure {
  constructor({ operation, kind, words }: CallFailure, reference: SecretReference) {
    super(operation, kind, `${words} (${sourceOf(reference)})`);
  }
}

/** Reads the secrets of a request, each of them once. */
export class SecretResolver {
  /** What was read so far, for as long as the handler works on a request. */
  private readonly texts = new WeakMap<DeployRequest, Map<string, string | undefined>>();

  constructor(private readonly dependencies: Pick<Dependencies, 'secrets' | 'clock'>) {}

  /**
   * @returns the request with the values in the environment of its containers
   * @throws DeploymentFailure if there are values that cannot be read; CallFailure if the next try may succeed
   */
  public async resolve(request: DeployRequest, seen: Observation): Promise<DeployRequest> {
    const containers = { ...request.desired.containers };
    const faults = new Map<string, string[]>();

    for (const [containerName, references] of Object.entries(request.secrets)) {
      const environment = { ...containers[containerName]?.environment };
      for (const [name, reference] of Object.entries(references)) {
        try {
          environment[name] = await this.valueOf(request, reference);
        } catch (error) {
          const fault = this.faultOf(error, reference, seen);
          faults.set(fault, [...faults.get(fault) ?? [], `${name} of container "${containerName}"`]);
        }
      }
      containers[containerName] = { ...containers[containerName], environment };
    }
    if (faults.size > 0) throw notDeployed(request, faults, seen);

    return { ...request, desired: { ...request.desired, containers } };
  }

  private async valueOf(request: DeployRequest, reference: SecretReference): Promise<string> {
    return valueIn(await this.textOf(request, reference), 'parameterName' in reference ? undefined : reference.field);
  }

  private async textOf(request: DeployRequest, reference: SecretReference): Promise<string | undefined> {
    const { secrets } = this.dependencies;
    const texts = this.texts.get(request) ?? new Map<string, string | undefined>();
    this.texts.set(request, texts);

    const source = sourceOf(reference);
    if (!texts.has(source)) {
      texts.set(source, await ('parameterName' in reference ? secrets.getParameter(reference.parameterName) : secrets.getSecretText(reference)));
    }
    return texts.get(source);
  }

  /** What is wrong for good, and what to do. What may pass is thrown on. */
  private faultOf(error: unknown, reference: SecretReference, seen: Observation): string {
    if (error instanceof UnfitSecret) return `${sourceOf(reference)} ${error.message}. ${error.remedy}`;
    if (!(error instanceof CallFailure)) throw error;

    const failure = new SecretCallFailure(error, reference);
    if (seen.mayPass(failure, this.dependencies.clock.now())) throw failure;
    return `${failure.message}. ${remedyFor(error, reference)}`;
  }
}

function remedyFor({ kind, words }: CallFailure, reference: SecretReference): string {
  const what = 'parameterName' in reference ? 'parameter' : 'secret';
  if (kind === 'missing') return `Create the ${what} in the account and Region of the stack, with a value, or refer to one that is there.`;
  if (kind === 'denied') {
    return `If the ${what} is encrypted with a KMS key of yours, give the key as encryptionKey where the ${what} is imported, and let the policy `
      + `of the key allow it. See also whether ${what === 'secret' ? 'the policy of the secret or ' : ''}a permissions boundary denies it.`;
  }
  return /deletion/i.test(words) ? `Restore the ${what}, or refer to another one.` : `Mend the ${what} or its KMS key, then deploy again.`;
}

function notDeployed({ serviceName }: DeployRequest, faults: ReadonlyMap<string, string[]>, { service }: Observation): DeploymentFailure {
  const lines = [...faults].map(([fault, variables]) => `\n- ${variables.join(', ')}: ${fault}`);
  return new DeploymentFailure(`Nothing was deployed to container service "${serviceName}", for not all of its secrets can be read.`
    + `${service ? ` ${serving(service.currentDeployment)}` : ''}${lines.join('')}`);
}
