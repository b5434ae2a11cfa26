import { Token } from 'aws-cdk-lib';
import { given, isMap, isStringOrToken, keyFaults, nameFaults, typeOf } from './validation';
import type { ContainerProps } from '../container-props';
import { ContainerProtocol } from '../container-protocol';

const CONTAINER_NAME_MAX_LENGTH = 53;
const MAX_PORT = 65535;
const PROTOCOLS = Object.values<string>(ContainerProtocol);

/**
 * The faults of a container by itself, whatever else the deployment holds. Its image is checked where it is bound.
 * Of what is no container only the type is told: there may be an environment in it.
 */
export function containerFaults(property: string, name: string, props: ContainerProps): string[] {
  const ofName = nameFaults('containers', name, 'container', CONTAINER_NAME_MAX_LENGTH);
  if (!isMap(props)) {
    return [...ofName, `${property}: ${typeOf(props)} is not a container. Give one, for example { image: ContainerImage.fromRegistry('nginx:1.27') }.`];
  }
  return [
    ...ofName,
    ...commandFaults(`${property}.command`, props.command),
    ...environmentFaults(`${property}.environment`, props.environment),
    ...portsFaults(`${property}.ports`, props.ports),
  ];
}

/** Tells what is given and not its text, as for the environment: some hold secrets in them. */
function commandFaults(property: string, command: string[] | undefined): string[] {
  if (command === undefined || Token.isUnresolved(command)) return [];
  if (!Array.isArray(command)) return [`${property}: ${typeOf(command)} is not a list. Give the program and its arguments as a list of strings.`];

  return command.flatMap((word, index) => isStringOrToken(word) ? []
    : [`${property}[${index}]: ${given(word)} is not a string. Quote it.`]);
}

function environmentFaults(property: string, environment: Record<string, string> | undefined): string[] {
  if (environment === undefined || Token.isUnresolved(environment)) return [];
  if (!isMap(environment)) return [`${property}: ${typeOf(environment)} given. Use a map of names to values, for example { LOG_LEVEL: 'info' }.`];

  return Object.entries(environment).flatMap(([name, value]) => {
    const faults = variableNameFaults(property, name);
    return faults.length > 0 || isStringOrToken(value) ? faults : [`${property}.${name}: ${typeOf(value)} given. Use a string: quote it.`];
  });
}

export function variableNameFaults(property: string, name: string): string[] {
  if (name !== '' && !/[=\0]/.test(name)) return keyFaults(property, name);

  const upToValue = name.replace(/=.+$/s, '=…');
  return [`${property}: ${given(upToValue)} is not the name of an environment variable. It must not be empty, nor hold '='.`];
}

function portsFaults(property: string, ports: Record<string, string> | undefined): string[] {
  if (ports === undefined || Token.isUnresolved(ports)) return [];
  if (!isMap(ports)) return [`${property}: ${given(ports)} is not a map. Write each port with its protocol, for example { '80': ContainerProtocol.HTTP }.`];

  return Object.entries(ports).flatMap(([port, protocol]) => [
    ...(Token.isUnresolved(port) || (/^[1-9][0-9]*$/.test(port) && Number(port) <= MAX_PORT) ? []
      : [`${property}: ${given(port)} is not a port. Use a whole number from 1 to ${MAX_PORT}, written as a string without leading zeros.`]),
    ...(Token.isUnresolved(protocol) || PROTOCOLS.includes(protocol) ? []
      : [`${property}.${port}: ${given(protocol)} is not a protocol. Use one of ${PROTOCOLS.join(', ')}.`]),
  ]);
}
