import { Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { validateContainer, validateNoClash } from './container-validation';
import { validateSize } from './deployment-size';
import { validateDeployment, validateTimeout, validateTriggers } from './deployment-validation';
import { validatePublicEndpoint } from './endpoint-validation';
import { validateResolvedKey } from './map-key';
import { validateNoSecretReference } from './secret-reference';
import type { ContainerResourceProperties } from '../resource-properties';
import { validateContainerServiceName, describeValue } from './validation';
import type { ContainerProps } from '../../container-props';
import type { ContainerServiceDeploymentOptions } from '../../container-service-deployment-props';
import type { PublicEndpoint } from '../../public-endpoint';
import { knownDuration, resolveKnown } from '../tree/known-value';

export interface SynthesisValues extends Pick<ContainerServiceDeploymentOptions, 'publicEndpoint' | 'timeout' | 'triggers'> {
  readonly serviceName: string;
  readonly containers: ReadonlyMap<string, ContainerResourceProperties>;
}

/**
 * The errors that can be found only at synthesis: how the containers fit together, and the value of each `Lazy`. Other values
 * were validated before.
 */
export function validateAtSynthesis(deployment: IConstruct, values: SynthesisValues): string[] {
  const { serviceName, containers, publicEndpoint, timeout, triggers } = values;
  const known = Object.entries(resolveKnown(Object.fromEntries(containers), deployment));
  const endpoint = publicEndpoint && knownEndpoint(publicEndpoint, deployment);
  return [
    ...validateContainerServiceName('service', resolveKnown(serviceName, deployment)),
    ...validateUniqueNames([...containers.keys()].map((name) => resolveKnown(name, deployment))),
    ...known.flatMap(([name, properties]) => validateContainerProperties(name, properties)),
    ...validatePublicEndpoint(endpoint),
    ...validateDeployment(new Map(known), endpoint),
    ...validateTimeout(knownDuration(timeout, deployment)),
    ...validateTriggers(resolveKnown(triggers, deployment)),
    ...validateSize({
      Containers: Object.fromEntries(known), Path: endpoint?.healthCheck?.path, Triggers: resolveKnown(triggers, deployment),
    }),
  ];
}

/**
 * The errors of the keys that a `Lazy` produces. The CDK cannot render a key that is known only at deploy time, and does not say where it is. It resolves
 * all keys before the validation, so call this when they are rendered.
 */
export function validateKeys(deployment: IConstruct, { containers, triggers = {} }: Pick<SynthesisValues, 'containers' | 'triggers'>): string[] {
  const validateMap = (property: string, map: object | undefined, what: string) => Token.isUnresolved(map) ? []
    : Object.keys(map ?? {}).flatMap((key) => validateResolvedKey(property, key, what, deployment));
  return [
    ...[...containers].flatMap(([name, { Environment, Secrets, Ports }]) => {
      const property = `containers.${Token.isUnresolved(name) ? '<token>' : name}`;
      return [
        ...validateResolvedKey('containers', name, 'the name of a container', deployment),
        ...validateMap(`${property}.environment`, Environment, 'the name of a variable'),
        ...validateMap(`${property}.secrets`, Secrets, 'the name of a variable'),
        ...validateMap(`${property}.ports`, Ports, 'a port'),
      ];
    }),
    ...validateMap('triggers', triggers, 'the name of a trigger'),
  ];
}

function validateContainerProperties(name: string, { Image, Command, Environment, Ports, Secrets = {} }: ContainerResourceProperties): string[] {
  const property = `containers.${name}`;
  const props = { command: Command, environment: Environment, ports: Ports } as Partial<ContainerProps> as ContainerProps;
  return [
    ...validateContainer(property, name, props),
    ...validateNoSecretReference(`${property}.image`, Image, (factory) => `Use the name of an image. To give a secret to the container, use secrets: { NAME: ${factory} }.`),
    ...Object.keys(Secrets).flatMap((variable) => validateNoClash(`${property}.secrets.${variable}`, variable, props.environment)),
  ];
}

function validateUniqueNames(names: string[]): string[] {
  const duplicates = new Set(names.filter((name, index) => names.indexOf(name) !== index));
  return [...duplicates].map((name) => `containers: there is more than one container ${describeValue(name)}. Use a different name for each.`);
}

function knownEndpoint({ healthCheck, ...target }: PublicEndpoint, scope: IConstruct): PublicEndpoint {
  if (healthCheck === undefined) return resolveKnown(target, scope);

  const { interval, timeout, ...others } = healthCheck;
  return {
    ...resolveKnown(target, scope),
    healthCheck: { ...resolveKnown(others, scope), interval: knownDuration(interval, scope), timeout: knownDuration(timeout, scope) },
  };
}
