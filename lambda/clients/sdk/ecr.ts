import { DescribeImagesCommand, ECRClient, type ECRClientConfig } from '@aws-sdk/client-ecr';
import type { Ecr } from '../ecr';
import { ATTEMPTS, call, incompleteResponse, READ_TIMEOUTS, undefinedIfNotFound } from './call';

/** Amazon ECR through the AWS SDK, or through another client for its commands. */
export function sdkEcr(
  config: ECRClientConfig = {}, newClient: (config: ECRClientConfig) => Pick<ECRClient, 'send'> = (clientConfig) => new ECRClient(clientConfig),
): Ecr {
  const reader = newClient({ requestHandler: READ_TIMEOUTS, ...config, maxAttempts: ATTEMPTS });

  return {
    async hasImage({ registryId, repositoryName, imageId }) {
      const details = await undefinedIfNotFound(call('DescribeImages', async (options) => {
        const { imageDetails } = await reader.send(new DescribeImagesCommand({ registryId, repositoryName, imageIds: [imageId] }), options);
        if (!imageDetails) throw incompleteResponse('DescribeImages', 'a list of images');
        return imageDetails;
      }));
      return details !== undefined && details.length > 0;
    },
  };
}
