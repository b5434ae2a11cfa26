import { Arn, ArnFormat, Stack, Token, type IResource } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import type * as ssm from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import { dynamicReferencesIn } from './private/tree/known-text';
import { SECRET_VERSION, validatePropertyNames } from './private/validation/property-names';
import { describeValue, isMap, isStringOrToken, describeType } from './private/validation/validation';

/**
 * A version of a secret: its id or its staging label, not both.
 */
export interface ContainerSecretVersion {
  /**
   * The unique id of the version.
   *
   * @default - the version that `versionStage` selects
   */
  readonly versionId?: string;

  /**
   * The staging label of the version, for example `AWSPREVIOUS`.
   *
   * @default AWSCURRENT
   */
  readonly versionStage?: string;
}

/**
 * A `ContainerSecret` that is bound to a deployment: where to read its value at deploy time.
 * Either `secretId` or `parameterName` is set.
 */
export interface ContainerSecretConfig {
  /**
   * The ARN or the name of a secret in AWS Secrets Manager.
   *
   * @default - the value comes from an SSM parameter
   */
  readonly secretId?: string;

  /**
   * The field that holds the value, if the secret is a JSON object.
   *
   * @default - the whole secret is the value
   */
  readonly field?: string;

  /**
   * The id of the secret's version.
   *
   * @default - the version that `versionStage` selects
   */
  readonly versionId?: string;

  /**
   * The staging label of the secret's version.
   *
   * @default AWSCURRENT
   */
  readonly versionStage?: string;

  /**
   * The name of a parameter in AWS Systems Manager Parameter Store.
   *
   * @default - the value comes from a secret
   */
  readonly parameterName?: string;

  /**
   * The version of the parameter, a whole number.
   *
   * @default - the newest version
   */
  readonly parameterVersion?: string;
}

/**
 * A secret value of an environment variable. It is read at deploy time, and is neither in the template nor
 * in the events of the stack.
 *
 * The secret or parameter must be in the account and Region of the stack.
 */
export abstract class ContainerSecret {
  /**
   * A secret in AWS Secrets Manager, in its current version.
   *
   * If the secret is imported and uses a customer managed KMS key, pass the key as `encryptionKey`
   * (`Secret.fromSecretAttributes()`). The policy of the key must allow its use through IAM policies of
   * the account, as the default key policy does.
   *
   * @param secret the secret. It holds text, not bytes.
   * @param field the field that holds the value, if the secret is a JSON object. The field must hold a string, a whole
   *   number, `true` or `false`. Without a field, the whole secret is the value.
   */
  public static fromSecretsManager(secret: secretsmanager.ISecret, field?: string): ContainerSecret {
    return new SecretsManagerSecret(secret, {}, field);
  }

  /**
   * A specific version of a secret in AWS Secrets Manager.
   *
   * @param secret the secret, as with `fromSecretsManager()`
   * @param version the version
   * @param field the field that holds the value, as with `fromSecretsManager()`
   */
  public static fromSecretsManagerVersion(secret: secretsmanager.ISecret, version: ContainerSecretVersion, field?: string): ContainerSecret {
    return new SecretsManagerSecret(secret, version, field);
  }

  /**
   * A parameter in AWS Systems Manager Parameter Store: the version that it was imported with, or else its newest
   * version. The value of a `SecureString` is decrypted.
   *
   * Refer to a `SecureString` with `StringParameter.fromSecureStringParameterAttributes()`. If it uses a customer
   * managed KMS key, pass the key as `encryptionKey`. A parameter of type `String` is not secret:
   * `StringParameter.fromStringParameterName()` makes CloudFormation show its value as a parameter of the stack.
   *
   * @param parameter the parameter
   */
  public static fromSsmParameter(parameter: ssm.IParameter): ContainerSecret {
    return new SsmParameterSecret(parameter);
  }

  /**
   * Called when the secret is used in a deployment: once for each environment variable that uses it.
   *
   * A subclass validates its values here, and grants the grantee permission to read the secret. The
   * message of an error that it throws is shown with the names of the container and the variable, together
   * with all other errors of the deployment.
   *
   * @param scope the deployment that uses the secret
   * @param grantee the reader of the value at deploy time
   * @throws if a value of the secret is not valid
   */
  public abstract bind(scope: Construct, grantee: iam.IGrantable): ContainerSecretConfig;
}

class SecretsManagerSecret extends ContainerSecret {
  constructor(private readonly secret: secretsmanager.ISecret, private readonly version: ContainerSecretVersion, private readonly field?: string) {
    super();
  }

  public bind(scope: Construct, grantee: iam.IGrantable): ContainerSecretConfig {
    const { secret, field } = this;
    if (!isStringOrToken(secret?.secretArn) || typeof secret?.grantRead !== 'function') {
      throw new Error(`${describeType(secret)} is not a secret. Use one, for example Secret.fromSecretNameV2(this, 'Secret', 'name').`);
    }
    requireText('field', field, "for example 'password', or leave it out for the whole secret");
    if (!isMap(this.version)) {
      throw new Error(`${describeValue(this.version)} is not a version of a secret. Use { versionId: … } or { versionStage: … }.`);
    }
    const errors = validatePropertyNames('', this.version, SECRET_VERSION);
    if (errors.length > 0) throw new Error(errors.join(' '));
    const { versionId, versionStage } = this.version;
    requireText('versionId', versionId, 'the id of a version');
    requireText('versionStage', versionStage, "for example 'AWSPREVIOUS'");
    if (versionId !== undefined && versionStage !== undefined) {
      throw new Error('both versionId and versionStage are given. Use only one of them.');
    }
    requireEnvironmentOf(scope, 'secret', secret, secret.secretArn, 'Replicate the secret to that Region and refer to the replica');

    secret.grantRead(grantee);
    if (secret.encryptionKey) {
      // grantRead() changes only the policy of the key. It cannot change the policy of an imported key.
      grantee.grantPrincipal.addToPrincipalPolicy(new iam.PolicyStatement({
        actions: ['kms:Decrypt'],
        resources: [secret.encryptionKey.keyArn],
        conditions: { StringEquals: { 'kms:ViaService': `secretsmanager.${Stack.of(scope).region}.amazonaws.com` } },
      }));
    }
    return { secretId: secret.secretArn, field, versionId, versionStage };
  }
}

class SsmParameterSecret extends ContainerSecret {
  constructor(private readonly parameter: ssm.IParameter) {
    super();
  }

  public bind(scope: Construct, grantee: iam.IGrantable): ContainerSecretConfig {
    const { parameter } = this;
    if (!isStringOrToken(parameter?.parameterName) || typeof parameter?.grantRead !== 'function') {
      throw new Error(`${describeType(parameter)} is not a parameter. `
        + "Use one, for example StringParameter.fromSecureStringParameterAttributes(this, 'Parameter', { parameterName: '/name' }).");
    }
    requireEnvironmentOf(scope, 'parameter', parameter, parameter.parameterArn, 'Create the parameter in that Region as well and refer to that one');

    parameter.grantRead(grantee);
    return { parameterName: nameOf(parameter), parameterVersion: versionOf(parameter) };
  }
}

function requireText(property: string, value: unknown, allowed: string): void {
  if (value !== undefined && (!isStringOrToken(value) || value === '')) {
    throw new Error(`${describeValue(value)} is not a valid ${property}. Use a string that is not empty: ${allowed}.`);
  }
}

/** The handler reads the value in its own account and Region. The app cannot change policies of another account. */
function requireEnvironmentOf(scope: Construct, what: string, resource: IResource, arn: string, remedyForRegion: string): void {
  const stack = Stack.of(scope);
  const { account, region } = !Token.isUnresolved(arn) && arn.startsWith('arn:') ? Arn.split(arn, ArnFormat.NO_RESOURCE_NAME) : resource.env;
  const differs = (a: string | undefined, b: string) => a !== undefined && !Token.isUnresolved(a) && !Token.isUnresolved(b) && a !== b;

  if (differs(account, stack.account)) {
    throw new Error(`the ${what} is in account ${JSON.stringify(account)}, and the stack in ${JSON.stringify(stack.account)}. `
      + `Its value is read in the stack's account. Create the ${what} in that account as well and refer to that one.`);
  }
  if (differs(region, stack.region)) {
    throw new Error(`the ${what} is in region ${JSON.stringify(region)}, and the stack in ${JSON.stringify(stack.region)}. `
      + `Its value is read in the stack's Region. ${remedyForRegion}.`);
  }
}

/** A parameter that is imported with a version has the version only in the dynamic reference that is its value. */
function versionOf(parameter: ssm.IParameter): string | undefined {
  const { stringValue, stringListValue } = parameter as Partial<ssm.IStringParameter & ssm.IStringListParameter>;
  const prefix = `${parameter.parameterName}:`;
  const [version] = dynamicReferencesIn(stringValue ?? stringListValue)
    .map((reference) => /^\{\{resolve:ssm(?:-secure)?:(.*)\}\}$/s.exec(reference)?.[1])
    .filter((key) => key?.startsWith(prefix)).map((key) => key!.slice(prefix.length));
  if (version === undefined || Token.isUnresolved(version) || /^[1-9]\d*$/.test(version)) return version;

  throw new Error(`${describeValue(version)} is not a version of a parameter. Use a whole number of at least 1.`);
}

/** `StringParameter.fromStringParameterArn()` uses only the last part of a path as the name. */
function nameOf({ parameterArn, parameterName }: ssm.IParameter): string {
  const path = Token.isUnresolved(parameterArn) ? undefined : /^arn:[^/]*:parameter((?:\/[^/]+){2,})$/.exec(parameterArn)?.[1];
  return path ?? parameterName;
}
