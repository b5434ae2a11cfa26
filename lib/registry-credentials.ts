import { Token } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import type * as ssm from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import { ContainerSecret, type ContainerSecretConfig } from './container-secret';
import { SECRET_CREDENTIALS, validatePropertyNames } from './private/validation/property-names';
import { validatePlainValue } from './private/validation/secret-reference';
import { describeType, describeValue, isMap, isStringOrToken } from './private/validation/validation';

/**
 * Options of `RegistryCredentials.fromSsmParameter()`.
 */
export interface RegistryCredentialsOptions {
  /**
   * The user name. The template contains it as plain text. The secret is then only the password or the token.
   *
   * @default - the secret is a JSON object with the fields `username` and `password`
   */
  readonly username?: string;
}

/**
 * Options of `RegistryCredentials.fromSecretsManager()`.
 */
export interface SecretRegistryCredentialsOptions extends RegistryCredentialsOptions {
  /**
   * The field that holds the password, if the secret is a JSON object. It needs a `username`.
   *
   * @default - the whole secret is the password if there is a `username`. Otherwise, the fields `username` and `password` are used
   */
  readonly field?: string;
}

/**
 * `RegistryCredentials` that are bound to a deployment.
 */
export interface RegistryCredentialsConfig {
  /**
   * The user name.
   *
   * @default - the secret is a JSON object with the fields `username` and `password`
   */
  readonly username?: string;

  /**
   * Where the password or the JSON object is read at deploy time.
   */
  readonly secret: ContainerSecretConfig;
}

/**
 * The login of a container registry. Its password is read at deploy time, and is neither in the template nor in the events of the stack.
 *
 * The secret or parameter must be in the account and Region of the stack. Only the handler that copies images can read it.
 */
export abstract class RegistryCredentials {
  /**
   * A secret in AWS Secrets Manager. Without options, it is a JSON object: `{"username": "…", "password": "…"}`, as Amazon ECS
   * expects it for private registries. The password can be a token, and it usually should be one that can only read.
   *
   * If the secret is imported and uses a customer managed KMS key, pass the key as `encryptionKey`
   * (`Secret.fromSecretAttributes()`).
   *
   * @param secret the secret. It holds text, not bytes.
   * @param options the user name, and the field of the password
   */
  public static fromSecretsManager(secret: secretsmanager.ISecret, options?: SecretRegistryCredentialsOptions): RegistryCredentials {
    return new SecretCredentials((field) => ContainerSecret.fromSecretsManager(secret, field), options);
  }

  /**
   * A parameter in AWS Systems Manager Parameter Store: a `SecureString`. Without options, it is a JSON object:
   * `{"username": "…", "password": "…"}`.
   *
   * Refer to it with `StringParameter.fromSecureStringParameterAttributes()`. If it uses a customer managed KMS key, pass the key as `encryptionKey`.
   *
   * @param parameter the parameter
   * @param options the user name
   */
  public static fromSsmParameter(parameter: ssm.IParameter, options?: RegistryCredentialsOptions): RegistryCredentials {
    return new SecretCredentials(() => ContainerSecret.fromSsmParameter(parameter), options, 'parameter');
  }

  /**
   * Called when the credentials are used for an image.
   *
   * A subclass validates its values here, and grants the grantee permission to read the secret. The
   * message of an error that it throws is shown with the name of the container, together with all other errors of the deployment.
   *
   * @param scope the deployment that uses the image
   * @param grantee the reader of the secret at deploy time
   * @throws if a value of the credentials is not valid
   */
  public abstract bind(scope: Construct, grantee: iam.IGrantable): RegistryCredentialsConfig;
}

class SecretCredentials extends RegistryCredentials {
  constructor(
    private readonly secretOf: (field?: string) => ContainerSecret,
    private readonly options: SecretRegistryCredentialsOptions = {},
    private readonly source: 'secret' | 'parameter' = 'secret',
  ) {
    super();
  }

  public bind(scope: Construct, grantee: iam.IGrantable): RegistryCredentialsConfig {
    const errors = this.validate();
    if (errors.length > 0) throw new Error(errors.join(' '));

    const { username, field } = this.options;
    return { username, secret: this.secretOf(field).bind(scope, grantee) };
  }

  /** The options can hold a password by mistake: an error shows only the type of a value that is not text. */
  private validate(): string[] {
    if (!isMap(this.options)) return [`${describeType(this.options)} is not a map of options. Use one, for example { username: 'robot' }.`];

    const names = validatePropertyNames('', this.options, SECRET_CREDENTIALS);
    if (names.length > 0) return names;
    const { username, field } = this.options;
    if (field !== undefined && this.source === 'parameter') {
      return ['field: a parameter has no fields. Store the password alone and set username, or store a JSON object with username and password.'];
    }
    if (field !== undefined && username === undefined) {
      return [`field: ${describeValue(field)} given without a username. Set username, or remove field: the secret then has the fields username and password.`];
    }
    return username === undefined ? [] : [...validateUsername(username), ...validatePlainValue('username', username)];
  }
}

function validateUsername(username: string): string[] {
  if (!isStringOrToken(username)) return [`username: ${describeType(username)} given. Use the user name as text, or leave it out if the secret has it.`];
  // eslint-disable-next-line no-control-regex
  return Token.isUnresolved(username) || (username !== '' && !/[:\x00-\x1f\x7f]/.test(username)) ? []
    : [`username: ${describeValue(username)} is not a user name. It must not be empty, and must not contain a colon or control characters.`];
}
