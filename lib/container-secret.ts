import { Arn, ArnFormat, Stack, Token, type IResource } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import type * as ssm from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import { describeValue, isStringOrToken, describeType } from './private/validation/validation';

/**
 * Which version of a secret is meant: by its id or by its staging label, not both.
 */
export interface ContainerSecretVersion {
  /**
   * The unique id of the version.
   *
   * @default - the version that `versionStage` tells
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
 * What a `ContainerSecret` is, once it is bound to a deployment: where its value is read when it is
 * deployed. Either `secretId` or `parameterName` is there.
 */
export interface ContainerSecretConfig {
  /**
   * The ARN or the name of a secret in AWS Secrets Manager.
   *
   * @default - the value is that of an SSM parameter
   */
  readonly secretId?: string;

  /**
   * The field of the secret that holds the value, where the secret is a JSON object.
   *
   * @default - the whole secret is the value
   */
  readonly field?: string;

  /**
   * The id of the secret's version.
   *
   * @default - the version that `versionStage` tells
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
   * @default - the value is that of a secret
   */
  readonly parameterName?: string;
}

/**
 * The value of an environment variable that stands neither in the template nor in the events of the stack: it
 * is read when it is deployed.
 *
 * The secret or parameter has to be in the account and Region of the stack.
 */
export abstract class ContainerSecret {
  /**
   * A secret in AWS Secrets Manager, in its current version.
   *
   * A secret that is encrypted with a KMS key of yours and is imported needs the key to be given as
   * `encryptionKey` (`Secret.fromSecretAttributes()`), and the key's policy has to let IAM policies of
   * the account allow its use, as the default key policy does.
   *
   * @param secret the secret. It holds text, not bytes.
   * @param field the field that holds the value, where the secret is a JSON object: a string, a whole
   *   number, `true` or `false`. Without it, the whole secret is the value.
   */
  public static fromSecretsManager(secret: secretsmanager.ISecret, field?: string): ContainerSecret {
    return new SecretsManagerSecret(secret, {}, field);
  }

  /**
   * A certain version of a secret in AWS Secrets Manager.
   *
   * @param secret the secret, as with `fromSecretsManager()`
   * @param version the version
   * @param field the field that holds the value, as with `fromSecretsManager()`
   */
  public static fromSecretsManagerVersion(secret: secretsmanager.ISecret, version: ContainerSecretVersion, field?: string): ContainerSecret {
    return new SecretsManagerSecret(secret, version, field);
  }

  /**
   * A parameter in AWS Systems Manager Parameter Store, in its newest version. The value of a
   * `SecureString` is decrypted.
   *
   * Refer to a `SecureString` with `StringParameter.fromSecureStringParameterAttributes()`; if it is encrypted
   * with a KMS key of yours, give the key as `encryptionKey`. A parameter of type `String` is no secret:
   * `StringParameter.fromStringParameterName()` makes CloudFormation show its value as a parameter of the stack.
   *
   * @param parameter the parameter
   */
  public static fromSsmParameter(parameter: ssm.IParameter): ContainerSecret {
    return new SsmParameterSecret(parameter);
  }

  /**
   * Called when the secret is used in a deployment: once for each environment variable that gets it.
   *
   * A kind of secret checks here what it was given, and grants the grantee to read the value. The
   * message of an error that it throws is told with the names of the container and the variable, together
   * with whatever else is wrong with the deployment.
   *
   * @param scope the deployment that uses the secret
   * @param grantee what reads the value when it is deployed
   * @throws if there is no such secret
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
      throw new Error(`${describeType(secret)} given, and not a secret. Give one, for example Secret.fromSecretNameV2(this, 'Secret', 'name').`);
    }
    requireText('field', field, "for example 'password', or leave it out for the whole secret");
    const { versionId, versionStage } = this.version ?? {};
    requireText('versionId', versionId, 'the id of a version');
    requireText('versionStage', versionStage, "for example 'AWSPREVIOUS'");
    if (versionId !== undefined && versionStage !== undefined) {
      throw new Error('both a versionId and a versionStage given. Give one of them.');
    }
    requireEnvironmentOf(scope, 'secret', secret, secret.secretArn, 'Replicate the secret to that Region and refer to the replica');

    secret.grantRead(grantee);
    if (secret.encryptionKey) {
      // For a key, grantRead() turns to the policy of the key alone, and that of an imported one it cannot write.
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
      throw new Error(`${describeType(parameter)} given, and not a parameter. `
        + "Give one, for example StringParameter.fromSecureStringParameterAttributes(this, 'Parameter', { parameterName: '/name' }).");
    }
    requireEnvironmentOf(scope, 'parameter', parameter, parameter.parameterArn, 'Create the parameter in that Region as well and refer to that one');

    parameter.grantRead(grantee);
    return { parameterName: nameOf(parameter) };
  }
}

function requireText(property: string, value: unknown, allowed: string): void {
  if (value !== undefined && (!isStringOrToken(value) || value === '')) {
    throw new Error(`${describeValue(value)} given as ${property}. Use a string that is not empty: ${allowed}.`);
  }
}

/** The value is read where the deployment is made, and another account's policies cannot be written from here. */
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

/** `StringParameter.fromStringParameterArn()` takes the last part of a path for the name. */
function nameOf({ parameterArn, parameterName }: ssm.IParameter): string {
  const path = Token.isUnresolved(parameterArn) ? undefined : /^arn:[^/]*:parameter((?:\/[^/]+){2,})$/.exec(parameterArn)?.[1];
  return path ?? parameterName;
}
