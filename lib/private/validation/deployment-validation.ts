import { RemovalPolicy, Stack, Token, type Duration } from 'aws-cdk-lib';
import type * as lightsail from 'aws-cdk-lib/aws-lightsail';
import type { IConstruct } from 'constructs';
import { validateEndpointTarget } from './endpoint-validation';
import type { ContainerResourceProperties } from '../resource-properties';
import { validateBoolean, validateContainerServiceName, validateDuration, describeValue, isMap, isStringOrToken, validateKey, describeType } from './validation';
import type { ContainerProps } from '../../container-props';
import type { PublicEndpoint } from '../../public-endpoint';
import { cfnContainerOf } from '../tree/cfn-container';

const MAX_CONTAINERS = 10;

/**
 * The errors of the service that a deployment goes to.
 *
 * @param scope the deployment
 */
export function validateService(service: lightsail.IContainerRef, scope: IConstruct): string[] {
  const { serviceName, containerArn }: Partial<lightsail.ContainerReference> = service?.containerRef ?? {};
  if (typeof service === 'string') {
    return [`service: ${describeValue(service)} is a string. Write it as ContainerService.fromContainerServiceName(this, 'Service', ${describeValue(service)}).`];
  }
  if (!isStringOrToken(serviceName) || !isStringOrToken(containerArn)) {
    return [`service: ${service === undefined ? 'missing' : `${describeValue(service)} is not a container service`}. `
      + "Give a CfnContainer, or ContainerService.fromContainerServiceName(this, 'Service', 'name')."];
  }
  return [...validateContainerServiceName('service', serviceName), ...validateEnvironment(service, Stack.of(scope))];
}

/** Whether there is a map of containers, whatever they are. Only the type of something else is told: there may be an environment in it. */
export function validateContainers(containers: { [name: string]: ContainerProps }): string[] {
  const remedy = "Give a map of names to containers, for example { web: { image: ContainerImage.fromRegistry('nginx:1.27') } }";

  if (containers === undefined) return [`containers: missing. ${remedy}; {} if all are added with addContainer().`];
  if (Token.isUnresolved(containers) || !isMap(containers)) return [`containers: ${describeType(containers)} is not a map that is known at synthesis. ${remedy}.`];
  return [];
}

export function validateTimeout(timeout: Duration | undefined): string[] {
  return validateDuration('timeout', timeout, 60, 3600, 'CloudFormation gives a custom resource one hour at most');
}

export function validateTriggers(triggers: { [name: string]: string } | undefined): string[] {
  if (triggers === undefined || Token.isUnresolved(triggers)) return [];
  if (!isMap(triggers)) return [`triggers: ${describeValue(triggers)} is not a map. Give names and values, for example { build: '42' }.`];

  return Object.entries(triggers).flatMap(([name, value]) => [
    ...validateKey('triggers', name),
    ...(isStringOrToken(value) ? [] : [`triggers.${name}: ${describeValue(value)} is not a string. Quote it.`]),
  ]);
}

export function validateRemovalPolicy(removalPolicy: RemovalPolicy | undefined): string[] {
  if (removalPolicy === undefined || removalPolicy === RemovalPolicy.RETAIN || removalPolicy === RemovalPolicy.DESTROY) return [];

  return [`removalPolicy: ${describeValue(removalPolicy)} given. Use RemovalPolicy.RETAIN, which leaves what runs as it is, `
    + 'or RemovalPolicy.DESTROY, which disables the container service.'];
}

export function validateWaitForUrl(waitForUrl: boolean | undefined, publicEndpoint: PublicEndpoint | undefined): string[] {
  return waitForUrl !== true || publicEndpoint !== undefined ? validateBoolean('waitForUrl', waitForUrl)
    : ['waitForUrl: true given, and there is no publicEndpoint: the URL would answer 404 for ever. Give a publicEndpoint, or leave waitForUrl out.'];
}

/** The errors that only show when all containers are known. */
export function validateDeployment(
  containers: ReadonlyMap<string, Pick<ContainerResourceProperties, 'Ports'>>, endpoint: PublicEndpoint | undefined,
): string[] {
  const errors = [];
  if (containers.size === 0) {
    errors.push('containers: none given. A deployment needs at least one: add it to containers, or call addContainer().');
  }
  if (containers.size > MAX_CONTAINERS) {
    errors.push(`containers: ${containers.size} given (${[...containers.keys()].join(', ')}), and a deployment holds at most ${MAX_CONTAINERS}. `
      + 'Move some to another container service.');
  }
  if (endpoint) {
    errors.push(...validateEndpointTarget(containers, endpoint));
  }
  return errors;
}

/** Lightsail knows one current deployment: two owners would replace each other's at every update. */
export function validateInlineDeployment(service: lightsail.IContainerRef): string[] {
  const container = cfnContainerOf(service);
  return container?.containerServiceDeployment === undefined ? []
    : [`service: ${container.node.path} has a containerServiceDeployment of its own. Remove it there: this construct deploys instead.`];
}

/** The handler speaks to Lightsail in its own account and Region. */
function validateEnvironment(service: lightsail.IContainerRef, stack: Stack): string[] {
  const differs = (a: string, b: string) => !Token.isUnresolved(a) && !Token.isUnresolved(b) && a !== b;
  return (['account', 'region'] as const).filter((part) => differs(service.env[part], stack[part])).map((part) =>
    `service: it is in ${part} ${JSON.stringify(service.env[part])}, and the stack in ${JSON.stringify(stack[part])}. `
    + `Put the deployment into a stack of the service's ${part}.`);
}
