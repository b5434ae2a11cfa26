import type { SecretReference } from './secret-reference';
import type {
  SecretResourceProperties, SecretsManagerResourceProperties, SsmParameterResourceProperties,
} from '../../../lib/private/resource-properties';
import { record, text, type Raw } from '../events/property-values';

/** Reads where a secret value is from the properties of a resource. */
export function parseSecretReference(path: string, value: unknown): SecretReference {
  const { SecretsManager: secret, SsmParameter: parameter }: Raw<SecretResourceProperties> = record(path, value);
  if (parameter !== undefined) {
    const { Name, Version }: Raw<SsmParameterResourceProperties> = record(`${path}.SsmParameter`, parameter);
    return {
      parameterName: text(`${path}.SsmParameter.Name`, Name),
      ...(Version === undefined ? {} : { parameterVersion: text(`${path}.SsmParameter.Version`, Version) }),
    };
  }

  const properties: Raw<SecretsManagerResourceProperties> = record(`${path}.SecretsManager`, secret);
  const optional = (name: keyof SecretsManagerResourceProperties) =>
    properties[name] === undefined ? undefined : text(`${path}.SecretsManager.${name}`, properties[name]);
  return {
    secretId: text(`${path}.SecretsManager.SecretId`, properties.SecretId),
    field: optional('Field'),
    versionId: optional('VersionId'),
    versionStage: optional('VersionStage'),
  };
}
