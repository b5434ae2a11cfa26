import { domainToASCII } from 'url';
import { Token } from 'aws-cdk-lib';
import { knownText, UNKNOWN } from '../../tree/known-text';
import { missingValueIn, SET_THE_VALUE } from '../../tree/missing-value';
import { describeValue, isStringOrToken } from '../validation';

const LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
const DOMAIN_NAME = new RegExp(`^(?=.{1,253}$)(?:${LABEL}\\.)+${LABEL}$`, 'i');
const WHOLE_LABEL = new RegExp(`^${LABEL}$`, 'i');
/** What the known parts of a label with tokens can contain. */
const KNOWN_PART = /^[a-z0-9-]*$/i;
/** One of any length. */
const LONG_DOMAIN_NAME = /^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.(?!$)|$)){2,}$/i;
// eslint-disable-next-line no-control-regex
const ASCII = /^[\0-\x7f]*$/;
const IP_ADDRESS = /^[\d.]+$/;

const WRITE_IN_FULL = "Write it in full and in ASCII, without scheme, port, path or wildcard, for example 'www.example.com'.";

export function validateDomainName(property: string, name: unknown): string[] {
  const text = knownText(name);
  if (!isStringOrToken(name) || !isDomainName(text)) {
    return [`${property}: ${describeValue(isStringOrToken(name) && text.includes(UNKNOWN) ? readable(text) : name)} is not a domain name. ${remedyFor(text)}`];
  }
  const missing = missingValueIn(text.split('.'));
  return missing === undefined ? [] : [`${property}: ${describeValue(name)} contains ${missing}. ${SET_THE_VALUE}`];
}

/** The errors of a list of domain names. The number of them must be known if there is a record for each. */
export function validateDomainNames(property: string, domainNames: unknown): string[] {
  if (!Array.isArray(domainNames)) return [`${property}: ${describeValue(domainNames)} is not a list. Write the domain names as a list of strings.`];
  return domainNames.flatMap((name, index) => validateDomainName(`${property}[${index}]`, name));
}

/** A domain name as it is compared: upper and lower case are equal. */
export function comparable(name: string): string {
  return Token.isUnresolved(name) || typeof name !== 'string' ? name : name.toLowerCase();
}

/** The domain names that are more than once in a list. */
export function duplicatesIn(names: readonly string[]): string[] {
  const all = names.map(comparable);
  return [...new Set(all.filter((name, index) => all.indexOf(name) !== index))];
}

/**
 * Whether a domain name can be in a domain: equal to it or below it. Of a name with tokens, only the part after the last token is known.
 *
 * @param domain the parent domain, without a dot at the end
 */
export function canBeIn(domain: string, name: string): boolean {
  const [parent, text] = [knownText(domain), knownText(name)].map((one) => one.toLowerCase());
  if (parent.includes(UNKNOWN)) return true;
  if (!text.includes(UNKNOWN)) return text === parent || text.endsWith(`.${parent}`);

  const end = text.slice(text.lastIndexOf(UNKNOWN) + UNKNOWN.length);
  return end.endsWith(`.${parent}`) || `.${parent}`.endsWith(end);
}

function isDomainName(text: string): boolean {
  if (text.includes(UNKNOWN)) return text.split('.').every(isLabel);
  return DOMAIN_NAME.test(text) && !IP_ADDRESS.test(text);
}

function isLabel(label: string): boolean {
  return label.includes(UNKNOWN) ? label.split(UNKNOWN).every((part) => KNOWN_PART.test(part)) : WHOLE_LABEL.test(label);
}

function remedyFor(text: string): string {
  if (text.includes('*')) return 'Lightsail has no certificates for wildcards. Write each domain name in full.';
  if (LONG_DOMAIN_NAME.test(text) && !IP_ADDRESS.test(text)) return 'Use at most 253 characters, and at most 63 between two dots.';

  const isAscii = ASCII.test(text);
  const name = (isAscii ? text : domainToASCII(text)).replace(/\.$/, '');
  const ways = [...(isAscii ? [] : ['in ASCII']), ...(text.endsWith('.') ? ['without the dot at the end'] : [])];
  return !text.includes(UNKNOWN) && isDomainName(name) ? `Write it ${ways.join(' and ')}: ${describeValue(name)}.` : WRITE_IN_FULL;
}

function readable(text: string): string {
  return text.replaceAll(UNKNOWN, '<token>');
}
