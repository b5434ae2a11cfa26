import { Token } from 'aws-cdk-lib';

/**
 * Whether an image uses the latest image of its repository, which can change at any time.
 *
 * Of a name with a token, only a tag after the token is known. A name that is only a token passes.
 *
 * @param image the image in the form of the Lightsail API: a name in a registry, or `:service.label.version` for one that is stored on the service
 */
export function usesLatestTag(image: string): boolean {
  const isStoredOnService = image.startsWith(':');
  if (image.endsWith(isStoredOnService ? '.latest' : ':latest')) return true;
  if (isStoredOnService || Token.isUnresolved(image) || image.includes('@')) return false;

  // A colon before the last slash belongs to the port of the registry.
  return !/:[^/]*$/.test(image);
}
