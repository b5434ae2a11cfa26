import { Token } from 'aws-cdk-lib';
import { MAX_PROPERTIES_BYTES } from '../resource-properties';
import { knownText, UNKNOWN } from '../tree/known-text';

/** The errors of the size of a deployment. A value that is known only at deploy time counts with its known parts. */
export function validateSize(properties: object): string[] {
  const bytes = sizeOf(properties);
  if (bytes <= MAX_PROPERTIES_BYTES) return [];

  const { Containers = {} } = properties as { Containers?: Record<string, unknown> };
  const sizes = Object.entries(Token.isUnresolved(Containers) ? {} : Containers).map(([name, container]) => ({ name: knownText(name).replaceAll(UNKNOWN, '<token>'), bytes: sizeOf(container) }))
    .sort((a, b) => b.bytes - a.bytes).slice(0, 3);
  return [`containers: the deployment has at least ${bytes} bytes (${sizes.map((container) => `${container.name}: ${container.bytes}`).join(', ')}), `
    + `but at most ${MAX_PROPERTIES_BYTES} fit through CloudFormation and Step Functions. Move large values into the image, or let the containers read them at start, for example from Amazon S3.`];
}

function sizeOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(knownPartsOf(value)) ?? '');
}

function knownPartsOf(value: unknown): unknown {
  if (typeof value === 'string') return knownText(value).replaceAll(UNKNOWN, '');
  if (typeof value !== 'object' || value === null) return value;
  if (Token.isUnresolved(value) || isFunction(value)) return knownText(value).replaceAll(UNKNOWN, '');
  if (Array.isArray(value)) return value.map(knownPartsOf);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [knownText(key).replaceAll(UNKNOWN, ''), knownPartsOf(item)]));
}

function isFunction(value: object): boolean {
  const [name, ...others] = Object.keys(value);
  return others.length === 0 && (name === 'Ref' || name?.startsWith('Fn::'));
}
