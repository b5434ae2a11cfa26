import { Token, type Duration } from 'aws-cdk-lib';
import { referenceOf } from '../tree/known-text';
import { missingValueIn, SET_THE_VALUE } from '../tree/missing-value';

/*
 * The validation at synthesis. Each function returns the errors that it finds. Each error
 * names the property, the given value and the allowed values. Values that are known only at deploy time
 * (tokens) pass. Do not rely on the types of the props: JavaScript, and languages with weaker
 * types, can pass any value.
 */

const NAME_PATTERN = /^(?:[a-z0-9]{1,2}|[a-z0-9][a-z0-9-]+[a-z0-9])$/;
const SERVICE_NAME_MAX_LENGTH = 63;
const GIVEN_MAX_LENGTH = 200;

/** Where jsii keeps the name of a class. */
const JSII_TYPE = Symbol.for('jsii.rtti');

/**
 * Throws one error that lists all errors of one construct.
 *
 * @param path the path of the construct
 * @param cause the error that caused one of them, for its stack trace
 */
export function throwIfInvalid(path: string, errors: string[], cause?: unknown): void {
  if (errors.length > 0) {
    throw new Error(
      errors.length === 1 ? `[${path}] ${errors[0]}` : `[${path}]\n${errors.map((error) => `  - ${error}`).join('\n')}`,
      cause === undefined ? undefined : { cause },
    );
  }
}

export function validateContainerServiceName(property: string, name: string): string[] {
  const attribute = referenceOf(name)?.displayName;
  if (attribute?.endsWith('Arn')) {
    return [`${property}: a token for ${attribute} is not the name of a container service. Use the name, for example container.ref.`];
  }
  return validateName(property, name, 'container service', SERVICE_NAME_MAX_LENGTH);
}

export function validateName(property: string, name: unknown, what: string, maxLength: number): string[] {
  if (Token.isUnresolved(name)) return [];
  const isName = typeof name === 'string' && name.length <= maxLength && NAME_PATTERN.test(name);
  if (isName) {
    const missing = missingValueIn([name]);
    return missing === undefined ? [] : [`${property}: ${describeValue(name)} contains ${missing}. ${SET_THE_VALUE}`];
  }
  if (name === undefined || name === null) {
    return [`${property}: ${name} is not a valid name for a ${what}. ${SET_THE_VALUE} Use 1-${maxLength} characters: a-z, 0-9 and hyphens, with a letter or a digit at both ends.`];
  }

  return [`${property}: ${describeValue(name)} is not a valid name for a ${what}. `
    + `Use 1-${maxLength} characters: a-z, 0-9 and hyphens, with a letter or a digit at both ends.`];
}

/** The errors of an optional duration. */
export function validateDuration(property: string, duration: Duration | undefined, min: number, max: number, why?: string): string[] {
  if (duration === undefined) return [];
  if (typeof duration?.toSeconds !== 'function') {
    const seconds = typeof duration === 'number' && Number.isFinite(duration) && !Token.isUnresolved(duration) ? String(duration) : '…';
    return [`${property}: ${describeValue(duration)} is not a Duration. Write it as Duration.seconds(${seconds}).`];
  }
  if (duration.isUnresolved()) {
    return duration.unitLabel() === 'seconds' ? []
      : [`${property}: Duration.${duration.unitLabel()}(<token>) cannot be converted to seconds before the token is known. Write it as Duration.seconds(<token>).`];
  }

  const seconds = duration.toSeconds({ integral: false });
  if (Number.isInteger(seconds) && seconds >= min && seconds <= max) return [];

  return [`${property}: ${seconds} seconds given. Use ${min} to ${max} seconds, in whole seconds.${why ? ` ${why}.` : ''}`];
}

/** The errors of an optional number. */
export function validateWholeNumber(property: string, value: number | undefined, min: number, max?: number): string[] {
  if (value === undefined || Token.isUnresolved(value)) return [];
  if (Number.isInteger(value) && value >= min && (max === undefined || value <= max)) return [];

  return [`${property}: ${describeValue(value)} given. Use a whole number ${max === undefined ? `of at least ${min}` : `from ${min} to ${max}`}.`];
}

/**
 * The errors of a name that is a key in the template. CloudFormation calls one of its functions if such a name
 * is the only key of a map. It is refused beside other keys too, because they can be removed later.
 */
export function validateKey(property: string, name: string): string[] {
  return name !== 'Ref' && !name.startsWith('Fn::') ? []
    : [`${property}: ${describeValue(name)} is reserved by CloudFormation. Use another name.`];
}

/** The errors of an optional boolean. */
export function validateBoolean(property: string, value: boolean | undefined): string[] {
  return value === undefined || typeof value === 'boolean' || Token.isUnresolved(value) ? [] : [`${property}: ${describeValue(value)} given. Use true or false.`];
}

/** A map of names to values. A JavaScript `Map` is iterable and would look empty. */
export function isMap(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !(Symbol.iterator in value);
}

/**
 * The errors of a value that must be a string.
 *
 * @param describe shows the value; `describeType` for one that can be secret
 */
export function validateString(property: string, value: unknown, describe = describeValue): string[] {
  if (isStringOrToken(value)) return [];
  if (value === undefined || value === null) {
    return [`${property}: ${value} given, not a string. If it comes from an environment variable such as process.env.NAME, set that variable before synthesis. `
      + "Otherwise leave it out, or give a default: process.env.NAME ?? 'default'."];
  }
  return [`${property}: ${describe(value)} is not a string. ${typeof value === 'object' ? 'Convert it, for example with JSON.stringify()' : 'Quote it'}.`];
}

export function isStringOrToken(value: unknown): boolean {
  return typeof value === 'string' || Token.isUnresolved(value);
}

/** A value as text for an error. Use `describeType` for a value that can be secret. */
export function describeValue(value: unknown): string {
  if (Token.isUnresolved(value)) return '<token>';
  if (typeof value === 'number') return String(value);
  if (typeof value === 'function' || isInstance(value)) return describeType(value);

  const text = textOf(value);
  return text.length > GIVEN_MAX_LENGTH ? `${text.slice(0, GIVEN_MAX_LENGTH)}…` : text;
}

/** The type of a value, for an error. */
export function describeType(value: unknown): string {
  if (value === undefined || value === null) return String(value);
  if (Token.isUnresolved(value)) return 'a token';
  if (Array.isArray(value)) return 'a list';
  if (isInstance(value)) return `an instance of ${jsiiNameOf(value)?.split('.').at(-1) ?? (value.constructor.name || 'an unnamed class')}`;
  return typeof value === 'object' ? 'a map' : `a ${typeof value}`;
}

function isInstance(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    && typeof value.constructor === 'function' && value.constructor.name !== 'Object';
}

/** Whether a value is an instance of a class of aws-cdk-lib. */
export function isOfCdk(value: object): boolean {
  return /^(?:aws-cdk-lib|@aws-cdk\/[^.]+)\./.test(jsiiNameOf(value) ?? '');
}

/** The full name of a class, or of the next base class that has one. Unlike the name of the function, the bundler of aws-cdk-lib keeps it. */
function jsiiNameOf(value: object): string | undefined {
  for (let prototype: unknown = Object.getPrototypeOf(value); prototype; prototype = Object.getPrototypeOf(prototype)) {
    const info = (prototype as object).constructor as { [JSII_TYPE]?: { fqn?: unknown } } | undefined;
    const name = info && Object.hasOwn(info, JSII_TYPE) ? info[JSII_TYPE]?.fqn : undefined;
    if (typeof name === 'string') return name;
  }
  return undefined;
}

function textOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    // It refers to itself, or contains a value that JSON cannot hold.
    return describeType(value);
  }
}
