import { textsIn } from '../tree/known-text';

const SECRET_REFERENCE = /\{\{resolve:(secretsmanager|ssm-secure):/;

const REMEDIES: Record<string, string> = {
  'secretsmanager': "ContainerSecret.fromSecretsManager(secret, 'field')",
  'ssm-secure': 'ContainerSecret.fromSsmParameter(parameter)',
};

/**
 * The errors of a value that contains a dynamic reference to a secret, for example `SecretValue.unsafeUnwrap()`. CloudFormation does not resolve
 * these in a custom resource: the containers would receive the text of the reference. It resolves `{{resolve:ssm:…}}`.
 *
 * @param remedy what to do, with the factory of the secret
 */
export function validateNoSecretReference(property: string, value: unknown, remedy: (factory: string) => string): string[] {
  const source = textsIn(value).map((text) => SECRET_REFERENCE.exec(text)?.[1]).find((name) => name !== undefined);
  return source === undefined ? []
    : [`${property}: {{resolve:${source}:…}} given. CloudFormation does not resolve such a reference in a custom resource. ${remedy(REMEDIES[source])}`];
}

/** For an environment variable of a container. */
export function validateVariableValue(property: string, name: string, value: unknown): string[] {
  return validateNoSecretReference(property, value, (factory) => `Use secrets: { ${name}: ${factory} }. If the secret is only a part of the value, `
    + 'store the whole value as a secret, or give the secret a variable of its own.');
}

/** For a value that cannot be secret. */
export function validatePlainValue(property: string, value: unknown): string[] {
  return validateNoSecretReference(property, value, (factory) => 'Use a value that is not secret. '
    + `To give the secret to a container, use its secrets: { NAME: ${factory} }.`);
}
