import { Duration } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { clashFaults } from './bound-secrets';
import { containerFaults } from './container-validation';
import { deploymentFaults, timeoutFaults, triggersFaults } from './deployment-validation';
import { publicEndpointFaults } from './endpoint-validation';
import { knownValue } from './known-value';
import type { ContainerResourceProperties } from './resource-properties';
import { containerServiceNameFaults, given } from './validation';
import type { ContainerProps } from '../container-props';
import type { ContainerServiceDeploymentOptions } from '../container-service-deployment-props';
import type { PublicEndpoint } from '../public-endpoint';

export interface LateValues extends Pick<ContainerServiceDeploymentOptions, 'publicEndpoint' | 'timeout' | 'triggers'> {
  readonly serviceName: string;
  readonly containers: ReadonlyMap<string, ContainerResourceProperties>;
}

/**
 * The faults that only show at synthesis: how the containers fit together, and what each `Lazy` has become. What was no token
 * before was checked before.
 */
export function lateFaults(deployment: IConstruct, { serviceName, containers, publicEndpoint, timeout, triggers }: LateValues): string[] {
  const known = Object.entries(knownValue(Object.fromEntries(containers), deployment));
  const endpoint = publicEndpoint && knownEndpoint(publicEndpoint, deployment);
  return [
    ...containerServiceNameFaults('service', knownValue(serviceName, deployment)),
    ...sameNameFaults([...containers.keys()].map((name) => knownValue(name, deployment))),
    ...known.flatMap(([name, properties]) => faultsOfContainer(name, properties)),
    ...publicEndpointFaults(endpoint),
    ...deploymentFaults(new Map(known), endpoint),
    ...timeoutFaults(knownDuration(timeout, deployment)),
    ...triggersFaults(knownValue(triggers, deployment)),
  ];
}

function faultsOfContainer(name: string, { Command, Environment, Ports, Secrets = {} }: ContainerResourceProperties): string[] {
  const property = `containers.${name}`;
  const props = { command: Command, environment: Environment, ports: Ports } as Partial<ContainerProps> as ContainerProps;
  return [
    ...containerFaults(property, name, props),
    ...Object.keys(Secrets).flatMap((variable) => clashFaults(`${property}.secrets.${variable}`, variable, props.environment)),
  ];
}

function sameNameFaults(names: string[]): string[] {
  const twice = new Set(names.filter((name, index) => names.indexOf(name) !== index));
  return [...twice].map((name) => `containers: there is more than one container ${given(name)}. Give each a name of its own.`);
}

function knownEndpoint({ healthCheck, ...target }: PublicEndpoint, scope: IConstruct): PublicEndpoint {
  if (healthCheck === undefined) return knownValue(target, scope);

  const { interval, timeout, ...others } = healthCheck;
  return {
    ...knownValue(target, scope),
    healthCheck: { ...knownValue(others, scope), interval: knownDuration(interval, scope), timeout: knownDuration(timeout, scope) },
  };
}

function knownDuration(duration: Duration | undefined, scope: IConstruct): Duration | undefined {
  if (!duration?.isUnresolved()) return duration;

  const seconds = knownValue(duration.toSeconds(), scope);
  return typeof seconds === 'number' && seconds >= 0 ? Duration.seconds(seconds) : duration;
}
