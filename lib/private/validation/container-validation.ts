import { Token } from 'aws-cdk-lib';
import { isTokenKey, validateKnownKey } from './map-key';
import { CONTAINER, validatePropertyNames } from './property-names';
import { validateNoSecretReference, validateVariableValue } from './secret-reference';
import { describeValue, isMap, validateKey, validateName, validateString, describeType } from './validation';
import type { ContainerProps } from '../../container-props';
import { ContainerProtocol } from '../../container-protocol';

const CONTAINER_NAME_MAX_LENGTH = 53;
const MAX_PORT = 65535;
const PROTOCOLS = Object.values<string>(ContainerProtocol);

/**
 * The errors of a single container. Its image is validated when it is bound.
 * If the value is not a container, the error shows only its type: it may contain an environment.
 */
export function validateContainer(property: string, name: string, props: ContainerProps): string[] {
  const ofName = [
    ...validateName('containers', name, 'container', CONTAINER_NAME_MAX_LENGTH),
    ...(typeof name === 'string' ? validateKnownKey('containers', name, 'the name of a container') : []),
  ];
  if (!isMap(props)) {
    return [...ofName, `${property}: ${describeType(props)} is not a container. Use one, for example { image: ContainerImage.fromRegistry('nginx:1.27') }.`];
  }
  return [
    ...ofName,
    ...validatePropertyNames(property, props, CONTAINER),
    ...validateCommand(`${property}.command`, props.command),
    ...validateEnvironment(`${property}.environment`, props.environment),
    ...validatePorts(`${property}.ports`, props.ports),
  ];
}

/** The errors show the type of a value and not the value: a command can contain secrets, like the environment. */
function validateCommand(property: string, command: string[] | undefined): string[] {
  if (command === undefined || Token.isUnresolved(command)) return [];
  if (!Array.isArray(command)) return [`${property}: ${describeType(command)} is not a list. Write the program and its arguments as a list of strings.`];

  return command.flatMap((word, index) => [
    ...validateString(`${property}[${index}]`, word, describeType),
    ...validateCommandSecret(`${property}[${index}]`, word),
  ]);
}

export function validateEnvironment(property: string, environment: Record<string, string> | undefined): string[] {
  if (environment === undefined || Token.isUnresolved(environment)) return [];
  if (!isMap(environment)) return [`${property}: ${describeType(environment)} given. Use a map of names to values, for example { LOG_LEVEL: 'info' }.`];

  return Object.entries(environment).flatMap(([name, value]) => {
    const errors = [...validateVariableName(property, name), ...validateKnownKey(property, name, 'the name of a variable')];
    return errors.length > 0 ? errors
      : [...validateString(`${property}.${name}`, value, describeType), ...validateVariableValue(`${property}.${name}`, name, value)];
  });
}

function validateCommandSecret(property: string, word: unknown): string[] {
  return validateNoSecretReference(property, word, (factory) =>
    `Pass the secret in a variable, secrets: { NAME: ${factory} }, and let the command read that variable.`);
}

export function validateVariableName(property: string, name: string): string[] {
  if (name !== '' && !/[=\0]/.test(name)) return validateKey(property, name);

  const upToValue = name.replace(/=.+$/s, '=…');
  return [`${property}: ${describeValue(upToValue)} is not the name of an environment variable. It must not be empty or contain '='.`];
}

/** A variable is either plain text or a secret. */
export function validateNoClash(property: string, name: string, environment: ContainerProps['environment']): string[] {
  return environment !== undefined && !Token.isUnresolved(environment) && isMap(environment) && Object.hasOwn(environment, name)
    ? [`${property}: environment also has a variable of that name. Remove it from one of them.`] : [];
}

function validatePorts(property: string, ports: Record<string, string> | undefined): string[] {
  if (ports === undefined || Token.isUnresolved(ports)) return [];
  if (!isMap(ports)) return [`${property}: ${describeValue(ports)} is not a map. Write each port with its protocol, for example { '80': ContainerProtocol.HTTP }.`];

  return Object.entries(ports).flatMap(([port, protocol]) => [
    ...validateKnownKey(property, port, 'a port'),
    ...(isTokenKey(port) || (/^[1-9][0-9]*$/.test(port) && Number(port) <= MAX_PORT) ? []
      : [`${property}: ${describeValue(port)} is not a port. Use a whole number from 1 to ${MAX_PORT}, written as a string without leading zeros.`]),
    ...(Token.isUnresolved(protocol) || PROTOCOLS.includes(protocol) ? []
      : [`${property}.${port}: ${describeValue(protocol)} is not a protocol. Use one of ${PROTOCOLS.join(', ')}.`]),
  ]);
}
