import { RemovalPolicy, Stack, Token, type Duration } from 'aws-cdk-lib';
import type * as lightsail from 'aws-cdk-lib/aws-lightsail';
import type { IConstruct } from 'constructs';
import { cfnContainerOf } from './cfn-container';
import { endpointTargetFaults } from './endpoint-validation';
import type { ContainerResourceProperties } from './resource-properties';
import { booleanFaults, containerServiceNameFaults, durationFaults, given, isMap, isStringOrToken, keyFaults, typeOf } from './validation';
import type { ContainerProps } from '../container-props';
import type { PublicEndpoint } from '../public-endpoint';

const MAX_CONTAINERS = 10;

/**
 * The faults of the service that a deployment goes to.
 *
 * @param scope the deployment
 */
export function serviceFaults(service: lightsail.IContainerRef, scope: IConstruct): string[] {
  const { serviceName, containerArn }: Partial<lightsail.ContainerReference> = service?.containerRef ?? {};
  if (typeof service === 'string') {
    return [`service: ${given(service)} is a string. Write it as ContainerService.fromContainerServiceName(this, 'Service', ${given(service)}).`];
  }
  if (!isStringOrToken(serviceName) || !isStringOrToken(containerArn)) {
    return [`service: ${service === undefined ? 'missing' : `${given(service)} is not a container service`}. `
      + "Give a CfnContainer, or ContainerService.fromContainerServiceName(this, 'Service', 'name')."];
  }
  return [...containerServiceNameFaults('service', serviceName), ...environmentFaults(service, Stack.of(scope))];
}

/** Whether there is a map of containers, whatever they are. Only the type of something else is told: there may be an environment in it. */
export function containersFaults(containers: { [name: string]: ContainerProps }): string[] {
  const remedy = "Give a map of names to containers, for example { web: { image: ContainerImage.fromRegistry('nginx:1.27') } }";

  if (containers === undefined) return [`containers: missing. ${remedy}; {} if all are added with addContainer().`];
  if (Token.isUnresolved(containers) || !isMap(containers)) return [`containers: ${typeOf(containers)} is not a map that is known at synthesis. ${remedy}.`];
  return [];
}

export function timeoutFaults(timeout: Duration | undefined): string[] {
  return durationFaults('timeout', timeout, 60, 3600, 'CloudFormation gives a custom resource one hour at most');
}

export function triggersFaults(triggers: { [name: string]: string } | undefined): string[] {
  if (triggers === undefined || Token.isUnresolved(triggers)) return [];
  if (!isMap(triggers)) return [`triggers: ${given(triggers)} is not a map. Give names and values, for example { build: '42' }.`];

  return Object.entries(triggers).flatMap(([name, value]) => [
    ...keyFaults('triggers', name),
    ...(isStringOrToken(value) ? [] : [`triggers.${name}: ${given(value)} is not a string. Quote it.`]),
  ]);
}

export function removalPolicyFaults(removalPolicy: RemovalPolicy | undefined): string[] {
  if (removalPolicy === undefined || removalPolicy === RemovalPolicy.RETAIN || removalPolicy === RemovalPolicy.DESTROY) return [];

  return [`removalPolicy: ${given(removalPolicy)} given. Use RemovalPolicy.RETAIN, which leaves what runs as it is, `
    + 'or RemovalPolicy.DESTROY, which disables the container service.'];
}

export function waitForUrlFaults(waitForUrl: boolean | undefined, publicEndpoint: PublicEndpoint | undefined): string[] {
  return waitForUrl !== true || publicEndpoint !== undefined ? booleanFaults('waitForUrl', waitForUrl)
    : ['waitForUrl: true given, and there is no publicEndpoint: the URL would answer 404 for ever. Give a publicEndpoint, or leave waitForUrl out.'];
}

/** The faults that only show when all containers are known. */
export function deploymentFaults(
  containers: ReadonlyMap<string, Pick<ContainerResourceProperties, 'Ports'>>, endpoint: PublicEndpoint | undefined,
): string[] {
  const faults = [];
  if (containers.size === 0) {
    faults.push('containers: none given. A deployment needs at least one: add it to containers, or call addContainer().');
  }
  if (containers.size > MAX_CONTAINERS) {
    faults.push(`containers: ${containers.size} given (${[...containers.keys()].join(', ')}), and a deployment holds at most ${MAX_CONTAINERS}. `
      + 'Move some to another container service.');
  }
  if (endpoint) {
    faults.push(...endpointTargetFaults(containers, endpoint));
  }
  return faults;
}

/** Lightsail knows one current deployment: two owners would replace each other's at every update. */
export function inlineDeploymentFaults(service: lightsail.IContainerRef): string[] {
  const container = cfnContainerOf(service);
  return container?.containerServiceDeployment === undefined ? []
    : [`service: ${container.node.path} has a containerServiceDeployment of its own. Remove it there: this construct deploys instead.`];
}

/** The handler speaks to Lightsail in its own account and Region. */
function environmentFaults(service: lightsail.IContainerRef, stack: Stack): string[] {
  const differs = (a: string, b: string) => !Token.isUnresolved(a) && !Token.isUnresolved(b) && a !== b;
  return (['account', 'region'] as const).filter((part) => differs(service.env[part], stack[part])).map((part) =>
    `service: it is in ${part} ${JSON.stringify(service.env[part])}, and the stack in ${JSON.stringify(stack[part])}. `
    + `Put the deployment into a stack of the service's ${part}.`);
}
