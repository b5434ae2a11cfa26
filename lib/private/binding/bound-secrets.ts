import { Token } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { ContainerProps } from '../../container-props';
import type { ContainerSecret, ContainerSecretConfig } from '../../container-secret';
import { SecretReader } from '../access/secret-reader';
import { DeploymentProvider } from '../provider/deployment-provider';
import type { ContainerResourceProperties, SecretResourceProperties } from '../resource-properties';
import { validateNoClash, validateVariableName } from '../validation/container-validation';
import { validateKnownKey } from '../validation/map-key';
import { SECRET_CONFIG, validatePropertyNames } from '../validation/property-names';
import { isMap, isStringOrToken, describeType } from '../validation/validation';

/** The secrets of a container as resource properties, or their errors. */
export interface BoundSecrets {
  readonly properties?: ContainerResourceProperties['Secrets'];
  /** The permissions that the handler needs to read them. */
  readonly permissions: PolicyStatement[];
  readonly errors: string[];
  /** The error that a secret threw. */
  readonly cause?: unknown;
}

const EXAMPLE = "ContainerSecret.fromSecretsManager(secret, 'password')";

export function bindSecrets(scope: Construct, property: string, { secrets, environment }: Pick<ContainerProps, 'secrets' | 'environment'>): BoundSecrets {
  if (secrets === undefined) return { permissions: [], errors: [] };
  if (Token.isUnresolved(secrets) || !isMap(secrets)) {
    return {
      permissions: [],
      errors: [`${property}: ${describeType(secrets)} given. Use a map of names to secrets that is known at synthesis, for example { DB_PASSWORD: ${EXAMPLE} }.`],
    };
  }

  const reader = new SecretReader(scope, DeploymentProvider);
  const bound = Object.entries(secrets).map(([name, secret]) => ({ name, ...bindSecret(scope, reader, `${property}.${name}`, secret) }));
  return {
    properties: bound.length === 0 ? undefined : Object.fromEntries(bound.map(({ name, properties }) => [name, properties])),
    permissions: reader.statements,
    errors: bound.flatMap(({ name, errors }) => [
      ...validateVariableName(property, name), ...validateKnownKey(property, name, 'the name of a variable'),
      ...validateNoClash(`${property}.${name}`, name, environment), ...errors,
    ]),
    cause: bound.find(({ cause }) => cause)?.cause,
  };
}

function bindSecret(scope: Construct, reader: SecretReader, property: string, secret: ContainerSecret): {
  properties: SecretResourceProperties; errors: string[]; cause?: unknown;
} {
  const failed = (error: string, cause?: unknown) => ({ properties: {}, errors: [`${property}: ${error}`], cause });
  if (typeof secret !== 'object' || typeof secret?.bind !== 'function') {
    // Show only the type: the value may be the secret itself.
    return failed(`${describeType(secret)} given. Use a ContainerSecret, for example ${exampleFor(secret)}.`);
  }

  try {
    const config = secret.bind(scope, reader);
    const errors = config ? validatePropertyNames('', config, SECRET_CONFIG) : [];
    if (errors.length > 0) return { properties: {}, errors: errors.map((error) => `${property}: its bind() returned ${error}`) };
    const properties = renderSecret(config);
    return properties ? { properties, errors: [] }
      : failed('its bind() returned neither { secretId: … } nor { parameterName: … }. It must return exactly one of them.');
  } catch (error) {
    return failed(error instanceof Error ? error.message : String(error), error);
  }
}

function exampleFor(secret: unknown): string {
  const { parameterName, grantRead } = (typeof secret === 'object' ? secret ?? {} : {}) as Record<string, unknown>;
  return parameterName !== undefined && grantRead !== undefined ? 'ContainerSecret.fromSsmParameter(parameter)' : EXAMPLE;
}

/** What a secret returned, as resource properties. Undefined if it does not say where to read the value. */
export function renderSecret(config: ContainerSecretConfig): SecretResourceProperties | undefined {
  const { secretId, field, versionId, versionStage, parameterName, parameterVersion } = config ?? {};
  const isGiven = (value: unknown) => isStringOrToken(value) && value !== '';
  if (isGiven(secretId) && parameterName === undefined) {
    return { SecretsManager: { SecretId: secretId!, Field: field, VersionId: versionId, VersionStage: versionStage } };
  }
  return isGiven(parameterName) && secretId === undefined ? { SsmParameter: { Name: parameterName!, Version: parameterVersion } } : undefined;
}
