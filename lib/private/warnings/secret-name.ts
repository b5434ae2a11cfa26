const WORDS = 'PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|CREDENTIALS?';
const KEYS = '(?:API|PRIVATE|SECRET|ACCESS|SIGNING|ENCRYPTION)_?KEY';

/**
 * Names end with what they name: SECRET_NAME is a name, and TOKEN_TTL a time. PWD alone is the working folder, and
 * MAX_TOKENS a number. A number at the end tells several of a kind apart.
 */
const NAME_OF_SECRET = new RegExp(`(?:${WORDS}|${KEYS}|SECRET_KEY_BASE|_PWD|(?:^|_)PASS)_?\\d*$`);

/** Google's own name for the path of a file. */
const PATHS = ['GOOGLE_APPLICATION_CREDENTIALS'];

/** What says of itself that everybody may know it, as what frontends are built with: NEXT_PUBLIC_API_KEY. */
const PUBLIC = /(?:^|_)PUBLIC_/;

const NOT_SECRET = /^(?:|true|false|yes|no|on|off|0|1|arn:.*|\{\{resolve:.*)$/i;

/** Whether an environment variable is a secret by its name. The value only tells what surely is none: nothing, a switch, a reference. */
export function isSecretByName(name: string, value: string): boolean {
  const words = name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').replace(/[^A-Za-z0-9]+/g, '_').toUpperCase();
  return NAME_OF_SECRET.test(words) && !PATHS.includes(words) && !PUBLIC.test(words) && !NOT_SECRET.test(value);
}
