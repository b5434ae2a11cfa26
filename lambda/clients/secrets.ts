/** A secret in Secrets Manager, in one of its versions; by default, the current one. */
export interface SecretVersion {
  /** An ARN, complete or without the suffix, or a name. */
  readonly secretId: string;
  readonly versionId?: string;
  readonly versionStage?: string;
}

/** Secrets Manager and Parameter Store. Every method sends its call once and throws a `CallFailure`. */
export interface Secrets {
  /** `GetSecretValue`: the text of a secret; undefined if it is binary. */
  getSecretText(secret: SecretVersion): Promise<string | undefined>;

  /** `GetParameter`: the value of a parameter, decrypted. */
  getParameter(name: string): Promise<string>;
}
