import { CallFailure } from '../../../../lambda/clients/call-failure';
import type { Secrets, SecretVersion } from '../../../../lambda/clients/secrets';

/** Secrets and parameters in memory. */
export class SecretStore implements Secrets {
  /** By id, or by `id/version`. `undefined` is a secret of bytes, an error is thrown. */
  public readonly secrets: Record<string, string | undefined | Error> = {};
  public readonly parameters: Record<string, string | Error> = {};
  /** What was asked for, in this order. */
  public readonly calls: string[] = [];

  public async getSecretText({ secretId, versionId, versionStage }: SecretVersion): Promise<string | undefined> {
    const key = [secretId, versionId ?? versionStage].filter((part) => part !== undefined).join('/');
    this.calls.push(key);
    if (!(key in this.secrets)) {
      throw new CallFailure('GetSecretValue', 'missing', "ResourceNotFoundException: Secrets Manager can't find the specified secret.");
    }
    return thrownOr(this.secrets[key]);
  }

  public async getParameter(name: string): Promise<string> {
    this.calls.push(name);
    if (!(name in this.parameters)) throw new CallFailure('GetParameter', 'missing', 'ParameterNotFound: UnknownError');
    return thrownOr(this.parameters[name]);
  }
}

function thrownOr<T>(answer: T | Error): T {
  if (answer instanceof Error) throw answer;
  return answer;
}
