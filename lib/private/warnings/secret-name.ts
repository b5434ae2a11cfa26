const WORDS = 'PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|CREDENTIALS?';
const KEYS = '(?:API|PRIVATE|SECRET|ACCESS|SIGNING|ENCRYPTION)_?KEY';

/**
 * The last word of a name says what it holds: SECRET_NAME holds a name, and TOKEN_TTL a time. PWD alone is the working folder, and
 * MAX_TOKENS a number. A number at the end is ignored.
 */
const NAME_OF_SECRET = new RegExp(`(?:${WORDS}|${KEYS}|SECRET_KEY_BASE|_PWD|(?:^|_)PASS)_?\\d*$`);

/** Google's name for the path of a file. */
const PATHS = ['GOOGLE_APPLICATION_CREDENTIALS'];

/** Names that are marked as public, for example in frontends: NEXT_PUBLIC_API_KEY. */
const PUBLIC = /(?:^|_)PUBLIC_/;

const NOT_SECRET = /^(?:|true|false|yes|no|on|off|0|1|arn:.*|\{\{resolve:.*)$/i;

/** Whether the name of an environment variable says that it holds a secret. Some values cannot be secrets: nothing, a switch, a reference. */
export function isSecretByName(name: string, value: string): boolean {
  const words = name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').replace(/[^A-Za-z0-9]+/g, '_').toUpperCase();
  return NAME_OF_SECRET.test(words) && !PATHS.includes(words) && !PUBLIC.test(words) && !NOT_SECRET.test(value);
}
