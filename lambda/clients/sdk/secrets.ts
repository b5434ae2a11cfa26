import { GetSecretValueCommand, SecretsManagerClient, type SecretsManagerClientConfig } from '@aws-sdk/client-secrets-manager';
import { GetParameterCommand, SSMClient, type SSMClientConfig } from '@aws-sdk/client-ssm';
import { ATTEMPTS, call, incompleteResponse, READ_TIMEOUTS } from './call';
import type { Secrets } from '../secrets';

/** Secrets Manager and Parameter Store through the AWS SDK, or through another client for its commands. */
export function sdkSecrets(
  config: SecretsManagerClientConfig & SSMClientConfig = {},
  newSecretsManager: (config: SecretsManagerClientConfig) => Pick<SecretsManagerClient, 'send'> = (given) => new SecretsManagerClient(given),
  newSsm: (config: SSMClientConfig) => Pick<SSMClient, 'send'> = (given) => new SSMClient(given),
): Secrets {
  const clientConfig = { requestHandler: READ_TIMEOUTS, ...config, maxAttempts: ATTEMPTS };
  const secretsManager = newSecretsManager(clientConfig);
  const ssm = newSsm(clientConfig);

  return {
    getSecretText: ({ secretId, versionId, versionStage }) => call('GetSecretValue', async (options) => {
      const { SecretString, SecretBinary } = await secretsManager.send(
        new GetSecretValueCommand({ SecretId: secretId, VersionId: versionId, VersionStage: versionStage }), options);
      if (typeof SecretString !== 'string' && SecretBinary === undefined) throw incompleteResponse('GetSecretValue', 'the value of the secret');
      return SecretString;
    }),

    getParameter: (name) => call('GetParameter', async (options) => {
      const { Parameter: parameter } = await ssm.send(new GetParameterCommand({ Name: name, WithDecryption: true }), options);
      if (typeof parameter?.Value !== 'string') throw incompleteResponse('GetParameter', 'the value of the parameter');
      return parameter.Value;
    }),
  };
}
