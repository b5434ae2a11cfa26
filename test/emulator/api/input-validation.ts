import { ApiError, errors, NAME_PATTERN } from './errors';
import { Shape, shapeOf } from './model';

/** The names whose pattern in the model lacks a group, with what the service answers to a wrong one. */
const NAME_ERRORS: Readonly<Record<string, ((name: string) => ApiError) | undefined>> = {
  ContainerServiceName: errors.serviceName,
  ContainerName: errors.containerName,
  ContainerLabel: errors.imageLabel,
};

/**
 * Checks a JSON value against a shape of the model and gives back what of it the API sees: like AWS's JSON services, it
 * ignores members that it does not know and takes null for absent.
 */
export function validateInput(shapeName: string, value: unknown): unknown {
  return validate(shapeName, value, '', 'ignore');
}

/** Checks an answer of the emulator itself, in which a member that the model does not know is a mistake. */
export function validateOutput(shapeName: string, value: unknown): void {
  validate(shapeName, value, '', 'refuse');
}

type UnknownMembers = 'ignore' | 'refuse';

function validate(shapeName: string, value: unknown, path: string, unknownMembers: UnknownMembers): unknown {
  const shape = shapeOf(shapeName);
  switch (shape.type) {
    case 'structure':
      return validateStructure(shape, value, path, unknownMembers);
    case 'list':
      if (!Array.isArray(value)) {
        throw wrongType(path, 'a list');
      }
      checkRange(shape, value.length, value, path, 'length ');
      return value.map((item, index) => validate(shape.member!, item, join(path, `${index + 1}.member`), unknownMembers));
    case 'map':
      return Object.fromEntries(
        Object.entries(asObject(value, path)).map(([key, item]) => [
          validate(shape.key!, key, path, unknownMembers),
          validate(shape.value!, item, join(path, key), unknownMembers),
        ]),
      );
    case 'string':
      return validateString(shapeName, shape, value, path);
    case 'boolean':
      if (typeof value !== 'boolean') {
        throw wrongType(path, 'a boolean');
      }
      return value;
    case 'integer':
      if (!Number.isInteger(value)) {
        throw wrongType(path, 'an integer');
      }
      checkRange(shape, value as number, value, path, 'value ');
      return value;
    case 'float':
    case 'double':
    case 'timestamp':
      if (typeof value !== 'number' || !Number.isFinite(value)) {
        throw wrongType(path, 'a number');
      }
      return value;
  }
}

function validateStructure(shape: Shape, value: unknown, path: string, unknownMembers: UnknownMembers): unknown {
  const given = asObject(value, path);
  const members = shape.members ?? {};
  const stray = Object.keys(given).find((name) => !Object.hasOwn(members, name));
  if (stray !== undefined && unknownMembers === 'refuse') {
    throw wrongType(join(path, stray), 'a member of the model');
  }
  for (const name of shape.required ?? []) {
    if (given[name] === undefined || given[name] === null) {
      throw errors.constraint(join(path, name), 'null', 'Member must not be null');
    }
  }
  return Object.fromEntries(
    Object.entries(members)
      .filter(([name]) => given[name] !== undefined && given[name] !== null)
      .map(([name, memberShape]) => [name, validate(memberShape, given[name], join(path, name), unknownMembers)]),
  );
}

function validateString(shapeName: string, shape: Shape, value: unknown, path: string): string {
  if (typeof value !== 'string') {
    throw wrongType(path, 'a string');
  }
  if (shape.enum && !shape.enum.includes(value)) {
    throw errors.constraint(path, `'${value}'`, `Member must satisfy enum value set: [${shape.enum.join(', ')}]`);
  }
  checkRange(shape, value.length, value, path, 'length ');
  const nameError = NAME_ERRORS[shapeName];
  if (nameError) {
    if (!new RegExp(NAME_PATTERN).test(value)) {
      throw nameError(value);
    }
  } else if (shape.pattern !== undefined && !new RegExp(`^(?:${shape.pattern})$`, 's').test(value)) {
    throw errors.constraint(path, `'${value}'`, `Member must satisfy regular expression pattern: ${shape.pattern}`);
  }
  return value;
}

function checkRange(shape: Shape, size: number, value: unknown, path: string, what: 'length ' | 'value '): void {
  if (shape.min !== undefined && size < shape.min) {
    throw errors.constraint(path, `'${String(value)}'`, `Member must have ${what}greater than or equal to ${shape.min}`);
  }
  if (shape.max !== undefined && size > shape.max) {
    throw errors.constraint(path, `'${String(value)}'`, `Member must have ${what}less than or equal to ${shape.max}`);
  }
}

function asObject(value: unknown, path: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw wrongType(path, 'an object');
  }
  return value as Record<string, unknown>;
}

function wrongType(path: string, expected: string): ApiError {
  return errors.serialization(`The value at '${path}' is not ${expected}`);
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}
