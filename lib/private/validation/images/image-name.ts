import { Token } from 'aws-cdk-lib';
import { isImageReference } from './image-reference';
import { knownText, UNKNOWN } from '../../tree/known-text';
import { missingValueIn, SET_THE_VALUE } from '../../tree/missing-value';
import { describeValue } from '../validation';

/** The errors of the name of an image in a registry. Of a name with tokens, its known parts are validated. */
export function validateImageName(name: string): string[] {
  if (typeof name !== 'string' && !Token.isUnresolved(name)) {
    return [`${describeValue(name)} is not the name of an image in a registry. ${name === undefined || name === null ? SET_THE_VALUE : HOW_TO_WRITE}`];
  }
  const known = knownText(name);
  const shown = describeValue(withoutCredentials(known.replaceAll(UNKNOWN, '<token>')));
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(known)?.[0];
  if (scheme !== undefined) {
    return [`${shown} begins with ${scheme}, but the name of an image has no scheme. Use ${describeValue(withoutCredentials(known).slice(scheme.length).replaceAll(UNKNOWN, '<token>'))}.`];
  }
  const stored = /^:[^.]+\.(.+)\.(\d+|latest)$/.exec(known);
  if (stored) {
    const version = stored[2] === 'latest' ? '' : `, ${stored[2]}`;
    return [`${shown} names an image that is stored on a container service, not in a registry. Use ContainerImage.fromContainerService('${stored[1].replaceAll(UNKNOWN, '<token>')}'${version}).`];
  }
  if (known.startsWith(':')) {
    return [`${shown} does not name an image in a registry. For an image that is stored on the container service, use ContainerImage.fromContainerService('label', 3).`];
  }
  const missing = missingValueIn(componentsOf(known));
  if (missing !== undefined) return [`${shown} contains ${missing}. ${SET_THE_VALUE}`];

  return Token.isUnresolved(name) || isImageReference(name) ? [] : [`${shown} is not the name of an image in a registry. ${HOW_TO_WRITE}`];
}

/** The errors of a tag whose grammar is right. */
export function validateTag(tag: unknown): string[] {
  const missing = missingValueIn(componentsOf(knownText(tag)));
  return missing === undefined ? [] : [`${describeValue(tag)} contains ${missing}. ${SET_THE_VALUE}`];
}

const HOW_TO_WRITE = "Write it as [registry/]path[:tag][@sha256:digest] with a lower-case path, for example 'public.ecr.aws/nginx/nginx:1.27'.";

/** Registry, parts of the path, tag and digest. A registry has parts of its own: <account>.dkr.ecr.<region>.amazonaws.com. */
function componentsOf(name: string): string[] {
  const [first, ...others] = name.split('/');
  const registry = others.length > 0 ? first.split('.') : [];
  return [...registry, ...name.split(/[/:@]/)];
}

/** A URL can hold a password: scheme://user:password@host, or without the scheme. */
function withoutCredentials(name: string): string {
  return name.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/@]*@/i, '$1').replace(/^[^/@:]*:[^/@]*@(?!sha\d+:)/, '***@');
}
