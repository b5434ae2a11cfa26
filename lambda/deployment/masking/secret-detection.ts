import type { Container } from '@aws-sdk/client-lightsail';
import { maskOf, type Mask } from './secret-mask';
import type { DeployRequest } from '../request/request';

/** Names of secrets, in capitals with underscores. */
const SECRET_NAME = new RegExp([
  'PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|CREDENTIAL|API_?KEY|PRIVATE_?KEY|ACCESS_?KEY|MASTER_?KEY|ACCOUNT_?KEY',
  'SIGNING_?KEY|ENCRYPTION_?KEY|CONNECTION_?STRING|WEBHOOK',
  '(?:^|_)(?:PASS|PWD|AUTH|JWT|SALT|BEARER|COOKIE|DSN|CREDS?)(?:_|$)',
  '(?:^|_)KEY$',
].join('|'));

/** Names of settings about a secret, and of public keys. */
const SETTING_NAME = new RegExp([
  '_(?:TTL|AGE|LENGTH|ENABLED|EXPIR(?:Y|ES|ES_IN|ATION)|TIMEOUT|ROUNDS|ALGORITHM|TYPE|NAME|HEADER|FILE|PATH|DIR)$',
  '_(?:HOST|PORT|DOMAIN|ISSUER|AUDIENCE|REGION|ARN)$|(?<!SECRET)_ID$',
  '(?:AUTH|TOKEN)_(?:URL|URI|ENDPOINT)$',
  '(?:^|_)(?:PUBLIC|PUBLISHABLE)(?:_|$)',
].join('|'));

/** The shell's working directory. */
const WORKING_DIRECTORY = 'PWD';

const SWITCH = /^(?:true|false|yes|no|on|off|null|none|undefined)$/i;

/** Values that would be found everywhere: switches, ports and other small numbers, and words. */
const COMMON_VALUE = /^(?:\d{1,5}|\p{L}{1,12}|)$/u;

/** `scheme://user:password@host`, up to the first and up to the last `@`: a password may contain an unescaped one. */
const URL_PASSWORDS = [/:\/\/[^\s:@/?#]*:([^\s@/?#]+)@/g, /:\/\/[^\s:@/?#]*:(\S+)@/g];

/** `scheme://token@host`: a short token is the name of a user. */
const URL_TOKEN = /:\/\/([^\s:@/?#]{16,})@/g;

/** `Password=…;`, `&api_key=…`, `--db-password=…`, `export TOKEN=…` inside a longer value. */
const ASSIGNMENT = /(?:^|[?&;,\s"'])([\w.-]+)\s*=\s*("[^"]*"|'[^']*'|[^;&\s,"']+)/g;

type MaskedRequest = Pick<DeployRequest, 'desired' | 'secrets' | 'previousVariables'>;
type Version = { readonly containers?: Record<string, Container> } | undefined;

/**
 * Masks all secrets of a request and of the versions that may write to the same log: resolved values, values that the names or the
 * values themselves show to be secret, and those of versions that another template made.
 */
export function createMask(request: MaskedRequest, ...versions: Version[]): Mask {
  const resolved = secretValues(request, request.desired, ...versions);
  const containers = [request.desired, ...versions].map((version) => version?.containers ?? {});
  return maskOf([...containers.flatMap(detectSecrets), ...resolved, ...resolved.flatMap(secretPartsOf)]);
}

/**
 * The values in versions of variables that are secret in the request or were it before the update, and of variables of unknown origin:
 * neither template has them, so they may be anybody's secrets.
 */
export function secretValues(
  { desired, secrets, previousVariables }: MaskedRequest, ...versions: Version[]
): string[] {
  const previouslySecret = Object.values(previousVariables ?? {}).flatMap(({ secret }) => secret);
  const secretNames = new Set([...Object.values(secrets).flatMap(Object.keys), ...previouslySecret]);
  const isPlain = (containerName: string, name: string, value: string) => Object.hasOwn(desired.containers[containerName]?.environment ?? {}, name)
    || (previousVariables?.[containerName]?.plain ?? []).includes(name) || COMMON_VALUE.test(value);

  const values = versions.flatMap((version) => Object.entries(version?.containers ?? {}))
    .flatMap(([containerName, { environment = {} }]) => Object.entries(environment)
      .filter(([name, value]) => secretNames.has(name) || !isPlain(containerName, name, value))
      .map(([, value]) => value));
  return [...new Set(values)];
}

/**
 * Secrets that are written in the environment or the command: values of variables with the name of a secret, and passwords inside
 * URLs, connection strings and JSON, regardless of the variable's name.
 */
export function detectSecrets(containers: Record<string, Container>): string[] {
  const found = Object.values(containers).flatMap(({ environment = {}, command = [] }) => [
    ...Object.entries(environment)
      .flatMap(([name, value]) => [...(name !== WORKING_DIRECTORY && isSecretName(name) ? [value] : []), ...secretPartsOf(value)]),
    ...command.flatMap((word, index) => [
      ...secretPartsOf(word),
      // The value of an option may be the next word.
      ...(/^-[^=\s]+$/.test(word) && isSecretName(word) ? command.slice(index + 1, index + 2) : []),
    ]),
  ]);
  return [...new Set(found)].filter((value) => value !== '' && !SWITCH.test(value));
}

/** The secret parts of a value. */
export function secretPartsOf(value: string): string[] {
  const groups = (pattern: RegExp) => [...value.matchAll(pattern)].map(([, group]) => group!);
  const assigned = [...value.matchAll(ASSIGNMENT)]
    .filter(([, name]) => isSecretName(name!))
    .map(([, , given]) => given!.replace(/(["'])(.*)\1/, '$2'));
  return [...URL_PASSWORDS.flatMap(groups), ...groups(URL_TOKEN), ...assigned]
    .flatMap((part) => [part, decoded(part)])
    .concat(secretsInJson(value));
}

function isSecretName(name: string): boolean {
  const words = name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').replace(/[^A-Za-z0-9]+/g, '_').toUpperCase();
  return SECRET_NAME.test(words) && !SETTING_NAME.test(words);
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function secretsInJson(value: string): string[] {
  try {
    return leavesOf(JSON.parse(value), false);
  } catch {
    return [];
  }
}

function leavesOf(node: unknown, secret: boolean): string[] {
  if (typeof node === 'object' && node !== null) {
    return Object.entries(node).flatMap(([name, child]) => leavesOf(child, secret || isSecretName(name)));
  }
  return secret && (typeof node === 'string' || typeof node === 'number') ? [String(node)] : [];
}
