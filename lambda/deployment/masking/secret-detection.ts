import type { Container } from '@aws-sdk/client-lightsail';
import { maskOf, type Mask } from './secret-mask';

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

/** `scheme://user:password@host`, up to the first and up to the last `@`: a password may contain an unescaped one. */
const URL_PASSWORDS = [/:\/\/[^\s:@/?#]*:([^\s@/?#]+)@/g, /:\/\/[^\s:@/?#]*:(\S+)@/g];

/** `scheme://token@host`: a short token is the name of a user. */
const URL_TOKEN = /:\/\/([^\s:@/?#]{16,})@/g;

/** `Password=…;`, `&api_key=…`, `--db-password=…`, `export TOKEN=…` inside a longer value. */
const ASSIGNMENT = /(?:^|[?&;,\s"'])([\w.-]+)\s*=\s*("[^"]*"|'[^']*'|[^;&\s,"']+)/g;

/** Masks the secrets that are detected in containers, and resolved secret values. */
export function createMask(containers: readonly Record<string, Container>[], resolved: readonly string[]): Mask {
  return maskOf([...containers.flatMap(detectSecrets), ...resolved, ...resolved.flatMap(secretPartsOf)]);
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
