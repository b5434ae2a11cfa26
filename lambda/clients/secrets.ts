/** A secret in Secrets Manager, in one of its versions: the current one, unless told otherwise. */
export interface SecretVersion {
  /** An ARN, whole or without the suffix, or a name. */
  readonly secretId: string;
  readonly versionId?: string;
  readonly versionStage?: string;
}

/** Where secret values are kept. Every method sends its call once and throws a `CallFailure`. */
export interface Secrets {
  /** `GetSecretValue`: the text of a secret; undefined if it holds bytes. */
  getSecretText(secret: SecretVersion): Promise<string | undefined>;

  /** `GetParameter`: the value of a parameter, decrypted. */
  getParameter(name: string): Promise<string>;
}
