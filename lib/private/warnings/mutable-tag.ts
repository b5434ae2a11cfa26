import { Token } from 'aws-cdk-lib';

/**
 * Whether an image is named by what is the latest of its repository, today this image and tomorrow that one.
 *
 * Behind a token only a tag at the end is known; what is a token as a whole passes.
 *
 * @param image as Lightsail's API names it: an image in a registry, or `:service.label.version` for one that is stored on the service
 */
export function usesLatestTag(image: string): boolean {
  const isStoredOnService = image.startsWith(':');
  if (image.endsWith(isStoredOnService ? '.latest' : ':latest')) return true;
  if (isStoredOnService || Token.isUnresolved(image) || image.includes('@')) return false;

  // A colon further left is that of the registry's port.
  return !/:[^/]*$/.test(image);
}
