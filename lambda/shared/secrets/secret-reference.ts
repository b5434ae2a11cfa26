import type { SecretVersion } from '../../clients/secrets';

/** Where a secret value is read. */
export type SecretReference = SecretField | ParameterReference;

export interface SecretField extends SecretVersion {
  /** Absent: the whole secret. */
  readonly field?: string;
}

export interface ParameterReference {
  readonly parameterName: string;
  /** Absent: the newest version. */
  readonly parameterVersion?: string;
}

/** The secret or parameter without the field, as an error names it. */
export function sourceOf(reference: SecretReference): string {
  if ('parameterName' in reference) {
    const { parameterName, parameterVersion } = reference;
    return `parameter ${JSON.stringify(parameterName)}${parameterVersion === undefined ? '' : `, version ${JSON.stringify(parameterVersion)}`}`;
  }

  const { secretId, versionId, versionStage } = reference;
  const version = versionId !== undefined ? `, version ${JSON.stringify(versionId)}`
    : versionStage !== undefined ? `, version stage ${JSON.stringify(versionStage)}` : '';
  return `secret ${JSON.stringify(secretId)}${version}`;
}

/** The parameter as `GetParameter` takes it: its name, with the version if one is given. */
export function parameterSelector({ parameterName, parameterVersion }: ParameterReference): string {
  return parameterVersion === undefined ? parameterName : `${parameterName}:${parameterVersion}`;
}
