import type { ContainerImageCopyOptions } from '../../../container-image-options';
import { validateTriggers } from '../deployment-validation';
import { COPY, validatePropertyNames } from '../property-names';
import { validateDuration, validateName, validateWholeNumber } from '../validation';

/** Lightsail API: `ContainerLabel`. */
export const LABEL_MAX_LENGTH = 53;

/** The errors of how an image is copied. Its credentials are validated when they are bound. */
export function validateCopy(copy: ContainerImageCopyOptions): string[] {
  return [...validatePropertyNames('', copy, COPY), ...validateCopyValues(copy)];
}

/** The same without the names of the properties. */
export function validateCopyValues({ label, keepVersions, timeout, triggers }: ContainerImageCopyOptions): string[] {
  return [
    ...(label === undefined ? [] : validateName('label', label, 'stored image', LABEL_MAX_LENGTH)),
    ...validateWholeNumber('keepVersions', keepVersions, 1),
    ...validateDuration('timeout', timeout, 60, 3600, 'CloudFormation waits at most one hour for a custom resource'),
    ...validateTriggers(triggers),
  ];
}
