import { oneLine } from '../reasons/plain-text';
import { ResourceFailure } from '../reasons/resource-failure';

/** The properties of a resource as they arrive: CloudFormation sends every number and boolean as a string, and any may be missing. */
export type Raw<T> = { readonly [K in keyof T]?: unknown };

export function flag(path: string, value: unknown): boolean {
  if (value === true || value === 'true') return true;
  if (value === false || value === 'false') return false;
  throw invalid(path, value, 'true or false');
}

export function record(path: string, value: unknown): Record<string, unknown> {
  if (isRecord(value)) return value;
  throw invalid(path, value, 'a map');
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function list(path: string, value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  throw invalid(path, value, 'a list');
}

export function text(path: string, value: unknown): string {
  if (typeof value === 'string') return value;
  throw invalid(path, value, 'a string');
}

/** A name that reasons and logs quote. Lightsail refuses names with such characters, too. */
export function name(path: string, value: unknown): string {
  const given = text(path, value);
  if (oneLine(given) === given) return given;
  throw invalid(path, value, 'a name without line breaks and control characters');
}

/** A map by names. */
export function namedRecord(path: string, value: unknown): Record<string, unknown> {
  const given = record(path, value);
  Object.keys(given).forEach((key) => name(`${path}.${key}`, key));
  return given;
}

export function wholeNumber(path: string, value: unknown): number {
  const number = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  if (typeof number === 'number' && Number.isSafeInteger(number) && number >= 0) return number;
  throw invalid(path, value, 'a whole number');
}

export function mapValues<V, W>(values: Record<string, V>, change: (value: V, key: string) => W): Record<string, W> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, change(value, key)]));
}

/** The message shows the type of the value, not the value itself: it may be secret. */
export function invalid(path: string, value: unknown, expected: string): ResourceFailure {
  const found = value === undefined ? 'it is missing' : `it is ${value === null ? 'null' : `of type ${Array.isArray(value) ? 'list' : typeof value}`}`;
  return new ResourceFailure(`The resource property ${oneLine(path)} must be ${expected}, but ${found}. `
    + 'It probably comes from another version of cdk-lightsail-containers: synthesize and deploy the app again.');
}
