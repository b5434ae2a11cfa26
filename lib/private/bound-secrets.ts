import { Token } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { variableNameFaults } from './container-validation';
import type { ContainerResourceProperties, SecretResourceProperties } from './resource-properties';
import { SecretReader } from './secret-reader';
import { isMap, isStringOrToken, typeOf } from './validation';
import type { ContainerProps } from '../container-props';
import type { ContainerSecret, ContainerSecretConfig } from '../container-secret';

/** The secrets of a container as they stand in the template, or what keeps them from that. */
export interface BoundSecrets {
  readonly properties?: ContainerResourceProperties['Secrets'];
  /** What the handler needs to read them. */
  readonly permissions: PolicyStatement[];
  readonly faults: string[];
  /** What a secret threw. */
  readonly cause?: unknown;
}

const EXAMPLE = "ContainerSecret.fromSecretsManager(secret, 'password')";

export function bindSecrets(scope: Construct, property: string, { secrets, environment }: ContainerProps): BoundSecrets {
  if (secrets === undefined) return { permissions: [], faults: [] };
  if (Token.isUnresolved(secrets) || !isMap(secrets)) {
    return {
      permissions: [],
      faults: [`${property}: ${typeOf(secrets)} given. Use a map of names to secrets that is known at synthesis, for example { DB_PASSWORD: ${EXAMPLE} }.`],
    };
  }

  const reader = new SecretReader(scope);
  const bound = Object.entries(secrets).map(([name, secret]) => ({ name, ...bindSecret(scope, reader, `${property}.${name}`, secret) }));
  return {
    properties: bound.length === 0 ? undefined : Object.fromEntries(bound.map(({ name, properties }) => [name, properties])),
    permissions: reader.statements,
    faults: bound.flatMap(({ name, faults }) => [...variableNameFaults(property, name), ...clashFaults(`${property}.${name}`, name, environment), ...faults]),
    cause: bound.find(({ cause }) => cause)?.cause,
  };
}

function bindSecret(scope: Construct, reader: SecretReader, property: string, secret: ContainerSecret): {
  properties: SecretResourceProperties; faults: string[]; cause?: unknown;
} {
  const failed = (fault: string, cause?: unknown) => ({ properties: {}, faults: [`${property}: ${fault}`], cause });
  if (typeof secret !== 'object' || typeof secret?.bind !== 'function') {
    // A text may be the secret itself.
    return failed(`${typeOf(secret)} given. Use a ContainerSecret, for example ${EXAMPLE}.`);
  }

  try {
    const properties = rendered(secret.bind(scope, reader));
    return properties ? { properties, faults: [] }
      : failed('its bind() must return either { secretId: … } or { parameterName: … }, and returned something else.');
  } catch (error) {
    return failed(error instanceof Error ? error.message : String(error), error);
  }
}

function rendered(config: ContainerSecretConfig): SecretResourceProperties | undefined {
  const { secretId, field, versionId, versionStage, parameterName } = config ?? {};
  const isGiven = (value: unknown) => isStringOrToken(value) && value !== '';
  if (isGiven(secretId) && parameterName === undefined) {
    return { SecretsManager: { SecretId: secretId!, Field: field, VersionId: versionId, VersionStage: versionStage } };
  }
  return isGiven(parameterName) && secretId === undefined ? { SsmParameter: { Name: parameterName! } } : undefined;
}

export function clashFaults(property: string, name: string, environment: ContainerProps['environment']): string[] {
  return environment !== undefined && !Token.isUnresolved(environment) && isMap(environment) && Object.hasOwn(environment, name)
    ? [`${property}: the environment has a variable of that name as well. Remove it from one of them.`] : [];
}
