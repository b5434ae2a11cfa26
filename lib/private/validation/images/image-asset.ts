import { statSync } from 'fs';
import * as path from 'path';
import { Token } from 'aws-cdk-lib';
import { Platform } from 'aws-cdk-lib/aws-ecr-assets';
import { validateCopyValues } from './image-copy';
import type { ContainerImageAssetOptions } from '../../../container-image-options';
import { ASSET, validatePropertyNames } from '../property-names';
import { describeValue, isMap } from '../validation';

const LINUX_AMD64 = Platform.LINUX_AMD64.platform;
const ONLY_AMD64 = `Lightsail runs images for ${LINUX_AMD64} only`;

/** The errors of an image that the CDK CLI builds. The files are looked at. */
export function validateAsset(directory: string, options: ContainerImageAssetOptions): string[] {
  if (!isMap(options)) return [`${describeValue(options)} is not a map of options. Use one, for example { file: 'Dockerfile' }.`];

  return [
    ...validatePropertyNames('', options, ASSET),
    ...validateDirectory(directory, options.file),
    ...validatePlatform(options.platform),
    ...validateCopyValues(options),
  ];
}

function validateDirectory(directory: string, file: string | undefined): string[] {
  for (const [name, value] of Object.entries({ directory, ...(file !== undefined && { file }) })) {
    if (Token.isUnresolved(value)) return [`${name}: <token> is known only at deploy time, but the image is built before. Use a path that is known at synthesis.`];
    if (typeof value !== 'string' || value === '') {
      return [`${name}: ${describeValue(value)} is not a path. Use ${name === 'file' ? "the path of the Dockerfile in the directory, for example 'Dockerfile'"
        : "the path of the directory with the Dockerfile, for example path.join(__dirname, 'app')"}.`];
    }
  }
  const folder = path.resolve(directory);
  const isFolder = statSync(folder, { throwIfNoEntry: false })?.isDirectory();
  if (!isFolder) {
    return [`directory: ${describeValue(directory)} ${isFolder === undefined ? 'does not exist' : 'is not a directory'}, looked for at ${folder}. `
      + "Use the path of the directory with the Dockerfile. A relative path begins at the working directory of the app: path.join(__dirname, 'app') does not depend on it."];
  }
  if (statSync(path.join(folder, file ?? 'Dockerfile'), { throwIfNoEntry: false })?.isFile()) return [];
  return [file === undefined
    ? `directory: ${folder} contains no file Dockerfile. Add one, or set file to the path of the Dockerfile in this directory.`
    : `file: ${describeValue(file)} is not a file in ${folder}. Use the path of the Dockerfile, from this directory.`];
}

function validatePlatform(platform: Platform | undefined): string[] {
  if (platform === undefined) return [];
  const name: unknown = typeof platform === 'object' ? platform?.platform : platform;
  return Token.isUnresolved(name) || (typeof platform === 'object' && name === LINUX_AMD64) ? []
    : [`platform: ${describeValue(name)} given. ${ONLY_AMD64}. Remove platform: ContainerImage.fromAsset() sets it. Or use Platform.LINUX_AMD64.`];
}

/**
 * The errors of the platform that a `DockerImageAsset` is built for.
 *
 * @param platform undefined if it has none, or if it is not known
 */
export function validateAssetPlatform(platform: string | undefined): string[] {
  return platform === undefined || Token.isUnresolved(platform) || platform === LINUX_AMD64 ? []
    : [`the DockerImageAsset has the platform ${describeValue(platform)}. ${ONLY_AMD64}. `
      + 'Set platform: Platform.LINUX_AMD64 in the DockerImageAsset, or use ContainerImage.fromAsset(directory), which sets it.'];
}
