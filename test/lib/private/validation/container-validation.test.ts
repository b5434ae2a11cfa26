import { Lazy, Token } from 'aws-cdk-lib';
import { ContainerImage } from '../../../../lib/container-image';
import type { ContainerProps } from '../../../../lib/container-props';
import { ContainerProtocol } from '../../../../lib/container-protocol';
import { validateContainer } from '../../../../lib/private/validation/container-validation';
import { describeType } from '../../../../lib/private/validation/validation';

const image = ContainerImage.fromRegistry('nginx');
const TOKEN = Lazy.string({ produce: () => 'later' });
const RESOLVABLE = Lazy.any({ produce: () => ({}) });

function errors(props: unknown, name = 'web'): string[] {
  return validateContainer('containers.web', name, props as ContainerProps);
}

test.each<[string, object]>([
  ['nothing but an image', {}],
  ['an empty command', { command: [] }],
  ['a command', { command: ['a', '', TOKEN] }],
  ['a command that is a token', { command: Token.asList(RESOLVABLE) }],
  ['a word that is resolvable', { command: [RESOLVABLE] }],
  ['an environment', { environment: { 'A': '1', 'with.dot': '', '1ST': TOKEN } }],
  ['an environment that is a token', { environment: RESOLVABLE }],
  ['ports', { ports: { 1: ContainerProtocol.HTTP, 80: 'HTTPS', 53: 'UDP', 65535: 'TCP' } }],
  ['ports that are a token', { ports: RESOLVABLE }],
  ['a port and a protocol that are tokens', { ports: { [TOKEN]: TOKEN } }],
])('validateContainer() accepts %s', (_, props) => {
  expect(errors({ image, ...props })).toEqual([]);
});

test.each<[object, string]>([
  [{ command: 'nginx' }, 'containers.web.command: a string is not a list. Write the program and its arguments as a list of strings.'],
  [{ command: ['a', 7] }, 'containers.web.command[1]: a number is not a string. Quote it.'],
  [{ environment: 'A=secret' }, "containers.web.environment: a string given. Use a map of names to values, for example { LOG_LEVEL: 'info' }."],
  [{ environment: { A: 7 } }, 'containers.web.environment.A: a number is not a string. Quote it.'],
  [{ environment: { 'A=B': 7 } }, 'containers.web.environment: "A=…" is not the name of an environment variable. It must not be empty or contain \'=\'.'],
  [{ environment: { '': 'x' } }, 'containers.web.environment: "" is not the name of an environment variable. It must not be empty or contain \'=\'.'],
  [{ environment: { 'A=hunter2\nhunter3': 'x' } },
    'containers.web.environment: "A=…" is not the name of an environment variable. It must not be empty or contain \'=\'.'],
  [{ environment: { 'A\0': 'x' } }, 'containers.web.environment: "A\\u0000" is not the name of an environment variable. It must not be empty or contain \'=\'.'],
  [{ ports: [80] }, "containers.web.ports: [80] is not a map. Write each port with its protocol, for example { '80': ContainerProtocol.HTTP }."],
  [{ ports: { 0: 'HTTP' } }, 'containers.web.ports: "0" is not a port. Use a whole number from 1 to 65535, written as a string without leading zeros.'],
  [{ ports: { 65536: 'HTTP' } }, 'containers.web.ports: "65536" is not a port. Use a whole number from 1 to 65535, written as a string without leading zeros.'],
  [{ ports: { '080': 'HTTP' } }, 'containers.web.ports: "080" is not a port. Use a whole number from 1 to 65535, written as a string without leading zeros.'],
  [{ ports: { x80: 'HTTP' } }, 'containers.web.ports: "x80" is not a port. Use a whole number from 1 to 65535, written as a string without leading zeros.'],
  [{ ports: { '80x': 'HTTP' } }, 'containers.web.ports: "80x" is not a port. Use a whole number from 1 to 65535, written as a string without leading zeros.'],
  [{ ports: { 80.5: 'HTTP' } }, 'containers.web.ports: "80.5" is not a port. Use a whole number from 1 to 65535, written as a string without leading zeros.'],
  [{ ports: { 80: 'http' } }, 'containers.web.ports.80: "http" is not a protocol. Use one of HTTP, HTTPS, TCP, UDP.'],
])('validateContainer() refuses %j', (props, error) => {
  expect(errors({ image, ...props })).toEqual([error]);
});

test.each([undefined, null, 'nginx', []])('validateContainer() refuses %j', (props) => {
  expect(errors(props)).toEqual([
    `containers.web: ${describeType(props)} is not a container. Use one, for example { image: ContainerImage.fromRegistry('nginx:1.27') }.`,
  ]);
});

test('validateContainer() accepts names of up to 53 characters', () => {
  const tooLong = expect.stringMatching(/^containers: "a{54}" is not a valid name for a container\. Use 1-53 characters/);

  expect(errors({ image }, 'a'.repeat(53))).toEqual([]);
  expect(errors({ image }, 'a'.repeat(54))).toEqual([tooLong]);
  expect(errors(undefined, 'a'.repeat(54))).toEqual([tooLong, expect.stringContaining('is not a container')]);
});

test('validateContainer() reports all errors at once', () => {
  expect(errors({ image, command: 7, environment: 7, ports: 7 }, 'A')).toHaveLength(4);
});
