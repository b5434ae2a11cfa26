import { ECRClient, GetAuthorizationTokenCommand, type ECRClientConfig } from '@aws-sdk/client-ecr';
import type { EcrLogin } from '../ecr-login';
import { ATTEMPTS, call, incompleteResponse, READ_TIMEOUTS } from './call';

/** The login of Amazon ECR through the AWS SDK, or through another client for its commands. */
export function sdkEcrLogin(
  config: ECRClientConfig = {}, newClient: (config: ECRClientConfig) => Pick<ECRClient, 'send'> = (clientConfig) => new ECRClient(clientConfig),
): EcrLogin {
  return {
    logIn: (region) => call('GetAuthorizationToken', async (options) => {
      const client = newClient({ requestHandler: READ_TIMEOUTS, ...config, region, maxAttempts: ATTEMPTS });
      const { authorizationData } = await client.send(new GetAuthorizationTokenCommand({}), options);
      const [username, ...password] = Buffer.from(authorizationData?.[0]?.authorizationToken ?? '', 'base64').toString('utf8').split(':');
      if (!username || password.length === 0) throw incompleteResponse('GetAuthorizationToken', 'a token');
      return { username, password: password.join(':') };
    }),
  };
}
