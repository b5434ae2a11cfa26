import {
  CreateContainerServiceRegistryLoginCommand, DeleteContainerImageCommand, GetContainerImagesCommand, LightsailClient, RegisterContainerImageCommand,
  type ContainerImage, type LightsailClientConfig,
} from '@aws-sdk/client-lightsail';
import type { LightsailImages, StoredImage } from '../lightsail-images';
import { ATTEMPTS, call, incompleteResponse, READ_TIMEOUTS, undefinedIfNotFound, WRITE_TIMEOUTS, writeCall } from './call';
import { serviceReads } from './lightsail-services';

/** The images of the Lightsail API through the AWS SDK, or through another client for its commands. */
export function sdkLightsailImages(
  config: LightsailClientConfig = {}, newClient: (config: LightsailClientConfig) => Pick<LightsailClient, 'send'> = (clientConfig) => new LightsailClient(clientConfig),
): LightsailImages {
  const reader = newClient({ requestHandler: READ_TIMEOUTS, ...config, maxAttempts: ATTEMPTS });
  const writer = newClient({ requestHandler: WRITE_TIMEOUTS, ...config, maxAttempts: ATTEMPTS });

  return {
    ...serviceReads(reader),

    getImages: (serviceName) => undefinedIfNotFound(call('GetContainerImages', async (options) => {
      const { containerImages } = await reader.send(new GetContainerImagesCommand({ serviceName }), options);
      if (!containerImages) throw incompleteResponse('GetContainerImages', 'a list of images');
      return containerImages.map((image) => storedImage('GetContainerImages', image));
    })),

    createRegistryLogin: () => call('CreateContainerServiceRegistryLogin', async (options) => {
      const { registryLogin: { registry, username, password } = {} } = await reader.send(new CreateContainerServiceRegistryLoginCommand({}), options);
      if (!registry || !username || !password) throw incompleteResponse('CreateContainerServiceRegistryLogin', 'the registry or its login');
      return { registry, username, password };
    }),

    registerImage: (serviceName, label, digest) => writeCall('RegisterContainerImage', async (options) => {
      const { containerImage } = await writer.send(new RegisterContainerImageCommand({ serviceName, label, digest }), options);
      if (!containerImage) throw incompleteResponse('RegisterContainerImage', 'the image');
      return storedImage('RegisterContainerImage', containerImage);
    }),

    deleteImage: (serviceName, image) => writeCall('DeleteContainerImage', async (options) => {
      await writer.send(new DeleteContainerImageCommand({ serviceName, image }), options);
    }),
  };
}

function storedImage(operation: string, { image, digest }: ContainerImage): StoredImage {
  if (!image || !digest) throw incompleteResponse(operation, 'the name or the digest of an image');
  return { image, digest };
}
