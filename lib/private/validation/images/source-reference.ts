import { Stack, StringConcat, Token, Tokenization } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { validateImageName } from './image-name';
import { isPrivateEcrImage } from './image-reference';
import { knownText, UNKNOWN } from '../../tree/known-text';
import { describeValue } from '../validation';

const MAX_NAME_LENGTH = 255;
const MAX_PORT = 65535;
const HOST_LABEL = '[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?';
const HOST = new RegExp(`^${HOST_LABEL}(?:\\.${HOST_LABEL})*$`);

/** Stands for one token in a text. No reference contains it. */
const TOKEN = '\x01';
const PART = (pattern: string) => `((?:${pattern}|${TOKEN}\\d+${TOKEN})+)`;
// With what ECR calls its FIPS and dual-stack endpoints. The handler sends the login of Amazon ECR to hosts of AWS only.
const DOMAIN = `(?:amazonaws\\.com(?:\\.cn)?|amazonaws\\.eu|on\\.aws|${TOKEN}\\d+${TOKEN})`;
const PRIVATE_ECR = new RegExp(
  `^${PART('[0-9]')}\\.dkr[.-]ecr(?:-fips)?\\.${PART('[a-z0-9-]')}\\.${DOMAIN}/${PART('[a-z0-9._/-]')}(?::[^/@]*)?(?:@.*)?$`);

/** The errors of the reference of an image that is copied. Of a reference with tokens, its known parts are validated. */
export function validateSourceReference(reference: string): string[] {
  const errors = validateImageName(reference);
  if (errors.length > 0) return errors;

  const name = knownText(reference).replace(/@.*$/s, '').replace(/:[^/]*$/, '');
  const slash = name.indexOf('/');
  const first = name.slice(0, Math.max(slash, 0));
  return [
    ...(/[.:A-Z]/.test(first) ? validateHost(reference, first) : []),
    ...(name.length <= MAX_NAME_LENGTH ? []
      : [`${describeValue(reference)} has a name of ${name.length} characters. Registry and path together have at most ${MAX_NAME_LENGTH}.`]),
  ];
}

/** A host with tokens passes. */
function validateHost(reference: string, registry: string): string[] {
  if (registry.includes(UNKNOWN)) return [];

  const [host, port] = registry.split(':');
  return [
    ...(HOST.test(host) ? [] : [`${describeValue(reference)} has the registry ${describeValue(host)}, which is not the name of a host. Use for example 'ghcr.io'.`]),
    ...(port === undefined || (Number(port) >= 1 && Number(port) <= MAX_PORT) ? []
      : [`${describeValue(reference)} has the port ${port}. Use a port from 1 to ${MAX_PORT}.`]),
  ];
}

/**
 * The ARN of the private Amazon ECR repository of an image. Account, Region and path can be tokens, but not the reference as a whole. Undefined
 * for an image of another registry.
 */
export function ecrRepositoryArnOf(reference: string, scope: IConstruct): string | undefined {
  const fragments = Tokenization.reverseString(reference);
  const tokens = fragments.tokens;
  const marked = fragments.mapTokens({ mapToken: (token) => `${TOKEN}${tokens.indexOf(token)}${TOKEN}` }).join(new StringConcat()) as unknown;
  const [, account, region, path] = PRIVATE_ECR.exec(String(marked)) ?? [];
  if (path === undefined) return undefined;

  const withTokens = (text: string) => text.replace(new RegExp(`${TOKEN}(\\d+)${TOKEN}`, 'g'), (_, index: string) => Token.asString(tokens[Number(index)]));
  return Stack.of(scope).formatArn({
    service: 'ecr', account: withTokens(account), region: withTokens(region), resource: 'repository', resourceName: withTokens(path),
  });
}

/**
 * The errors of a reference whose repository is needed in a policy.
 *
 * @param arn what `ecrRepositoryArnOf` found when the policy was defined
 */
export function validateKnownRepository(reference: string, arn: string | undefined, scope: IConstruct): string[] {
  const isNeeded = Token.isUnresolved(reference) ? isPrivateEcrImage(knownText(reference)) : ecrRepositoryArnOf(reference, scope) !== undefined;
  return arn !== undefined || !isNeeded ? []
    : [`${describeValue(reference)} names an image in a private Amazon ECR repository, but the name of the repository cannot be read from the token. `
      + 'For a DockerImageAsset, use ContainerImage.fromDockerImageAsset(asset). For another image, use repository.repositoryUriForTag(), '
      + "or a text such as '111111111111.dkr.ecr.eu-central-1.amazonaws.com/app:1'."];
}
